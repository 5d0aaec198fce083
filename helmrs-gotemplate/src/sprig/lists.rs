//! Lists: building, cutting, searching.

use super::arguments::{any, integer};
use super::cast::{strings_of, to_int64};
use super::defaults::is_empty;
use super::reflection::{deep_equal, kind_of};
use super::{nil_dereference, row, variadic};
use crate::error::CallError;
use crate::functions::Function;
use crate::types::Type;
use crate::value::{List, Value};

const A: &[Type] = &[Type::Any];
const AA: &[Type] = &[Type::Any, Type::Any];
const IA: &[Type] = &[Type::INT, Type::Any];

pub(crate) const FUNCTIONS: &[Function] = &[
    variadic("list", A, list, &[(r#"{{ list 1 "a" }}"#, "[1 a]")]),
    variadic("tuple", A, list, &[("{{ tuple 1 2 }}", "[1 2]")]),
    row("append", AA, push, &[("{{ append (list 1) 2 }}", "[1 2]")]),
    row("push", AA, push, &[("{{ push (list 1) 2 }}", "[1 2]")]),
    row(
        "mustAppend",
        AA,
        push,
        &[("{{ mustAppend (list 1) 2 }}", "[1 2]")],
    ),
    row(
        "mustPush",
        AA,
        push,
        &[("{{ mustPush (list 1) 2 }}", "[1 2]")],
    ),
    row(
        "prepend",
        AA,
        prepend,
        &[("{{ prepend (list 1) 0 }}", "[0 1]")],
    ),
    row(
        "mustPrepend",
        AA,
        prepend,
        &[("{{ mustPrepend (list 1) 0 }}", "[0 1]")],
    ),
    row("first", A, first, &[("{{ first (list 1 2) }}", "1")]),
    row(
        "mustFirst",
        A,
        first,
        &[("{{ mustFirst (list 1 2) }}", "1")],
    ),
    row("last", A, last, &[("{{ last (list 1 2) }}", "2")]),
    row("mustLast", A, last, &[("{{ mustLast (list 1 2) }}", "2")]),
    row("rest", A, rest, &[("{{ rest (list 1 2 3) }}", "[2 3]")]),
    row(
        "mustRest",
        A,
        rest,
        &[("{{ mustRest (list 1 2 3) }}", "[2 3]")],
    ),
    row(
        "initial",
        A,
        initial,
        &[("{{ initial (list 1 2 3) }}", "[1 2]")],
    ),
    row(
        "mustInitial",
        A,
        initial,
        &[("{{ mustInitial (list 1 2 3) }}", "[1 2]")],
    ),
    row(
        "reverse",
        A,
        reverse,
        &[("{{ reverse (list 1 2) }}", "[2 1]")],
    ),
    row(
        "mustReverse",
        A,
        reverse,
        &[("{{ mustReverse (list 1 2) }}", "[2 1]")],
    ),
    row(
        "compact",
        A,
        compact,
        &[(r#"{{ compact (list 0 1 "") }}"#, "[1]")],
    ),
    row(
        "mustCompact",
        A,
        compact,
        &[(r#"{{ mustCompact (list 0 1 "") }}"#, "[1]")],
    ),
    row("uniq", A, uniq, &[("{{ uniq (list 1 1 2) }}", "[1 2]")]),
    row(
        "mustUniq",
        A,
        uniq,
        &[("{{ mustUniq (list 1 1 2) }}", "[1 2]")],
    ),
    variadic(
        "without",
        AA,
        without,
        &[("{{ without (list 1 2 3) 2 }}", "[1 3]")],
    ),
    variadic(
        "mustWithout",
        AA,
        without,
        &[("{{ mustWithout (list 1 2 3) 2 }}", "[1 3]")],
    ),
    row("has", AA, has, &[("{{ has 2 (list 1 2) }}", "true")]),
    row(
        "mustHas",
        AA,
        has,
        &[("{{ mustHas 2 (list 1 2) }}", "true")],
    ),
    variadic(
        "slice",
        AA,
        slice,
        &[("{{ slice (list 1 2 3) 1 }}", "[2 3]")],
    ),
    variadic(
        "mustSlice",
        AA,
        slice,
        &[("{{ mustSlice (list 1 2 3) 0 1 }}", "[1]")],
    ),
    variadic(
        "concat",
        A,
        concat,
        &[("{{ concat (list 1) (list 2) }}", "[1 2]")],
    ),
    row(
        "chunk",
        IA,
        chunk,
        &[("{{ chunk 2 (list 1 2 3) }}", "[[1 2] [3]]")],
    ),
    row(
        "mustChunk",
        IA,
        chunk,
        &[("{{ mustChunk 2 (list 1 2 3) }}", "[[1 2] [3]]")],
    ),
    row(
        "sortAlpha",
        A,
        sort_alpha,
        &[(r#"{{ sortAlpha (list "b" 10 "a") }}"#, "[10 a b]")],
    ),
];

/// The items of a list, or the words that Sprig refuses anything else with, ending in its kind.
fn items_of(value: &Value, refusal: &str) -> Result<List, CallError> {
    if value.is_nil() {
        return Err(nil_dereference());
    }
    value
        .items()
        .ok_or_else(|| CallError::new(format!("{refusal} {}", kind_of(value))))
}

fn list(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::list(arguments.to_vec()))
}

fn push(arguments: &[Value]) -> Result<Value, CallError> {
    let mut items = items_of(any(arguments, 0), "Cannot push on type")?.to_vec();
    items.push(any(arguments, 1).clone());
    Ok(Value::list(items))
}

fn prepend(arguments: &[Value]) -> Result<Value, CallError> {
    let items = items_of(any(arguments, 0), "Cannot prepend on type")?;
    Ok(Value::list(
        std::iter::once(any(arguments, 1))
            .chain(items.iter())
            .cloned()
            .collect(),
    ))
}

fn first(arguments: &[Value]) -> Result<Value, CallError> {
    let items = items_of(any(arguments, 0), "Cannot find first on type")?;
    Ok(items.first().cloned().unwrap_or(Value::Nil))
}

fn last(arguments: &[Value]) -> Result<Value, CallError> {
    let items = items_of(any(arguments, 0), "Cannot find last on type")?;
    Ok(items.last().cloned().unwrap_or(Value::Nil))
}

fn rest(arguments: &[Value]) -> Result<Value, CallError> {
    let items = items_of(any(arguments, 0), "Cannot find rest on type")?;
    Ok(items
        .split_first()
        .map_or_else(nil_list, |(_, rest)| Value::list(rest.to_vec())))
}

fn initial(arguments: &[Value]) -> Result<Value, CallError> {
    let items = items_of(any(arguments, 0), "Cannot find initial on type")?;
    Ok(items
        .split_last()
        .map_or_else(nil_list, |(_, initial)| Value::list(initial.to_vec())))
}

fn nil_list() -> Value {
    List::nil(Type::LIST).into()
}

fn reverse(arguments: &[Value]) -> Result<Value, CallError> {
    let items = items_of(any(arguments, 0), "Cannot find reverse on type")?;
    Ok(Value::list(items.iter().rev().cloned().collect()))
}

fn compact(arguments: &[Value]) -> Result<Value, CallError> {
    let items = items_of(any(arguments, 0), "Cannot compact on type")?;
    Ok(Value::list(
        items
            .iter()
            .filter(|item| !is_empty(item))
            .cloned()
            .collect(),
    ))
}

fn uniq(arguments: &[Value]) -> Result<Value, CallError> {
    let items = items_of(any(arguments, 0), "Cannot find uniq on type")?;
    let mut kept: Vec<Value> = Vec::new();
    for item in items.iter() {
        if !contains(&kept, item) {
            kept.push(item.clone());
        }
    }
    Ok(Value::list(kept))
}

fn contains(items: &[Value], wanted: &Value) -> bool {
    items.iter().any(|item| deep_equal(wanted, item))
}

fn without(arguments: &[Value]) -> Result<Value, CallError> {
    let items = items_of(any(arguments, 0), "Cannot find without on type")?;
    let omitted = arguments.get(1..).unwrap_or_default();
    Ok(Value::list(
        items
            .iter()
            .filter(|item| !contains(omitted, item))
            .cloned()
            .collect(),
    ))
}

fn has(arguments: &[Value]) -> Result<Value, CallError> {
    let haystack = any(arguments, 1);
    if haystack.is_nil() {
        return Ok(false.into());
    }
    let items = items_of(haystack, "Cannot find has on type")?;
    Ok(contains(&items, any(arguments, 0)).into())
}

fn slice(arguments: &[Value]) -> Result<Value, CallError> {
    let whole = any(arguments, 0);
    let items = items_of(whole, "list should be type of slice or array but")?;
    if items.is_empty() {
        return Ok(Value::Nil);
    }
    let length = items.len() as i64;
    let start = arguments.get(1).map_or(0, to_int64);
    let end = arguments.get(2).map_or(length, to_int64);
    if start < 0 || start > end || end > length {
        return Err(CallError::new(
            "reflect.Value.Slice: slice index out of bounds",
        ));
    }
    Ok(List::typed(
        items.type_of(),
        items[start as usize..end as usize].to_vec(),
    )
    .into())
}

fn concat(arguments: &[Value]) -> Result<Value, CallError> {
    let mut joined = Vec::new();
    for argument in arguments {
        if argument.is_nil() {
            return Err(nil_dereference());
        }
        let items = argument.items().ok_or_else(|| {
            CallError::new(format!("Cannot concat type {} as list", kind_of(argument)))
        })?;
        joined.extend(items.iter().cloned());
    }
    Ok(if joined.is_empty() {
        nil_list()
    } else {
        Value::list(joined)
    })
}

fn chunk(arguments: &[Value]) -> Result<Value, CallError> {
    const LISTS: Type = Type::List(&Type::LIST);
    let items = items_of(any(arguments, 1), "Cannot chunk type")?;
    let size = integer(arguments, 0);
    let Some(size) = usize::try_from(size).ok().filter(|size| *size > 0) else {
        return negative_chunk(size, &items);
    };
    let chunks = items
        .chunks(size)
        .map(|part| Value::list(part.to_vec()))
        .collect();
    Ok(List::typed(LISTS, chunks).into())
}

/// What Go's arithmetic makes of a chunk size that is not positive.
fn negative_chunk(size: i64, items: &List) -> Result<Value, CallError> {
    let count = ((items.len() as f64 - 1.0) / size as f64).floor() + 1.0;
    if size == 0 || count < 0.0 {
        return Err(CallError::new("runtime error: makeslice: len out of range"));
    }
    let chunks = match (count, items.first()) {
        (0.0, _) => Vec::new(),
        // The last chunk has what the division leaves, of one item by anything but one: one.
        (1.0, Some(only)) if size < -1 => vec![Value::list(vec![only.clone()])],
        _ => return Err(CallError::new("runtime error: makeslice: len out of range")),
    };
    Ok(List::typed(Type::List(&Type::LIST), chunks).into())
}

// Parity: Sprig, list.go, `sortAlpha`: a `[]string` is sorted where it is.
fn sort_alpha(arguments: &[Value]) -> Result<Value, CallError> {
    let value = any(arguments, 0);
    if let Value::List(list) = value
        && list.type_of() == Type::STRINGS
    {
        list.sort_texts();
        return Ok(value.clone());
    }
    if value.items().is_none() {
        return Ok(Value::strings([super::cast::to_text(value)]));
    }
    let mut texts = strings_of(value);
    texts.sort();
    Ok(Value::strings(texts))
}
