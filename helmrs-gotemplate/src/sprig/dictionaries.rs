//! Dictionaries: maps that are shared, so that `set` changes what everybody sees.

use super::arguments::{any, map, text};
use super::cast::{is_plain_map, to_text, type_name};
use super::merge::{Policy, destination, merge_into};
use super::{row, variadic};
use crate::error::CallError;
use crate::functions::Function;
use crate::types::Type;
use crate::value::{Map, Text, Value};

const A: &[Type] = &[Type::Any];
const M: &[Type] = &[Type::MAP];
const MM: &[Type] = &[Type::MAP, Type::MAP];
const MS: &[Type] = &[Type::MAP, Type::String];

pub(crate) const FUNCTIONS: &[Function] = &[
    variadic(
        "dict",
        A,
        dict,
        &[(r#"{{ dict "a" 1 "b" }}"#, "map[a:1 b:]")],
    ),
    row("get", MS, get, &[(r#"{{ get (dict "a" 1) "a" }}"#, "1")]),
    row(
        "set",
        &[Type::MAP, Type::String, Type::Any],
        set,
        &[(r#"{{ set (dict) "a" 1 }}"#, "map[a:1]")],
    ),
    row(
        "unset",
        MS,
        unset,
        &[(r#"{{ unset (dict "a" 1) "a" }}"#, "map[]")],
    ),
    row(
        "hasKey",
        MS,
        has_key,
        &[(r#"{{ hasKey (dict "a" nil) "a" }}"#, "true")],
    ),
    variadic(
        "pluck",
        &[Type::String, Type::MAP],
        pluck,
        &[(r#"{{ pluck "a" (dict "a" 1) (dict) }}"#, "[1]")],
    ),
    variadic(
        "keys",
        M,
        keys,
        &[(r#"{{ keys (dict "b" 1 "a" 2) | sortAlpha }}"#, "[a b]")],
    ),
    row(
        "values",
        M,
        values,
        &[(r#"{{ values (dict "a" 1) }}"#, "[1]")],
    ),
    variadic(
        "pick",
        MS,
        pick,
        &[(r#"{{ pick (dict "a" 1 "b" 2) "a" }}"#, "map[a:1]")],
    ),
    variadic(
        "omit",
        MS,
        omit,
        &[(r#"{{ omit (dict "a" 1 "b" 2) "a" }}"#, "map[b:2]")],
    ),
    variadic(
        "merge",
        MM,
        merge,
        &[(
            r#"{{ merge (dict "a" 1) (dict "a" 2 "b" 3) }}"#,
            "map[a:1 b:3]",
        )],
    ),
    variadic(
        "mustMerge",
        MM,
        merge,
        &[(r#"{{ mustMerge (dict) (dict "b" 3) }}"#, "map[b:3]")],
    ),
    variadic(
        "mergeOverwrite",
        MM,
        merge_overwrite,
        &[(
            r#"{{ mergeOverwrite (dict "a" 1) (dict "a" 2) }}"#,
            "map[a:2]",
        )],
    ),
    variadic(
        "mustMergeOverwrite",
        MM,
        merge_overwrite,
        &[(
            r#"{{ mustMergeOverwrite (dict "a" 1) (dict "a" 2) }}"#,
            "map[a:2]",
        )],
    ),
    variadic(
        "dig",
        A,
        dig,
        &[(r#"{{ dig "a" "b" "none" (dict "a" (dict "b" 1)) }}"#, "1")],
    ),
];

fn dict(arguments: &[Value]) -> Result<Value, CallError> {
    let map = Map::new();
    for pair in arguments.chunks(2) {
        let value = pair.get(1).cloned().unwrap_or_else(|| Value::from(""));
        map.insert(to_text(any(pair, 0)), value);
    }
    Ok(map.into())
}

fn get(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(map(arguments, 0)
        .get(text(arguments, 1))
        .unwrap_or_else(|| Value::from("")))
}

fn set(arguments: &[Value]) -> Result<Value, CallError> {
    let target = map(arguments, 0);
    if target.is_nil() {
        return Err(CallError::new("assignment to entry in nil map"));
    }
    target.insert(Text::from(text(arguments, 1)), any(arguments, 2).clone());
    Ok(target.into())
}

fn unset(arguments: &[Value]) -> Result<Value, CallError> {
    let target = map(arguments, 0);
    target.remove(text(arguments, 1));
    Ok(target.into())
}

fn has_key(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(map(arguments, 0).contains(text(arguments, 1)).into())
}

fn pluck(arguments: &[Value]) -> Result<Value, CallError> {
    let key = text(arguments, 0);
    Ok(Value::list(
        (1..arguments.len())
            .filter_map(|index| map(arguments, index).get(key))
            .collect(),
    ))
}

/// Sorted, where Go's order is any.
fn keys(arguments: &[Value]) -> Result<Value, CallError> {
    let all = (0..arguments.len()).flat_map(|index| map(arguments, index).keys());
    Ok(Value::strings(all))
}

/// In the order of the keys, where Go's order is any.
fn values(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::list(
        map(arguments, 0)
            .entries()
            .into_iter()
            .map(|(_, value)| value)
            .collect(),
    ))
}

fn pick(arguments: &[Value]) -> Result<Value, CallError> {
    let source = map(arguments, 0);
    let picked = Map::new();
    for index in 1..arguments.len() {
        let key = text(arguments, index);
        if let Some(value) = source.get(key) {
            picked.insert(Text::from(key), value);
        }
    }
    Ok(picked.into())
}

fn omit(arguments: &[Value]) -> Result<Value, CallError> {
    let kept = Map::new();
    for (key, value) in map(arguments, 0).entries() {
        if !(1..arguments.len()).any(|index| text(arguments, index) == key.as_bytes()) {
            kept.insert(key, value);
        }
    }
    Ok(kept.into())
}

fn merged(arguments: &[Value], policy: Policy) -> Result<Value, CallError> {
    let target = destination(map(arguments, 0));
    for index in 1..arguments.len() {
        merge_into(&target, &map(arguments, index), policy)?;
    }
    Ok(target.into())
}

fn merge(arguments: &[Value]) -> Result<Value, CallError> {
    merged(arguments, Policy::Fill)
}

fn merge_overwrite(arguments: &[Value]) -> Result<Value, CallError> {
    merged(arguments, Policy::Overwrite)
}

/// What Go says of a value that is not what an assertion takes it for.
fn conversion_error(value: &Value, wanted: &str) -> CallError {
    CallError::new(format!(
        "interface conversion: interface {{}} is {}, not {wanted}",
        type_name(value)
    ))
}

fn dig(arguments: &[Value]) -> Result<Value, CallError> {
    let [keys @ .., default, dictionary] = arguments else {
        return Err(CallError::new("dig needs at least three arguments"));
    };
    if keys.is_empty() {
        return Err(CallError::new("dig needs at least three arguments"));
    }
    let mut current = dictionary.clone();
    if !is_plain_map(&current) {
        return Err(conversion_error(&current, "map[string]interface {}"));
    }
    if let Some(key) = keys.iter().find(|key| key.as_string().is_none()) {
        return Err(conversion_error(key, "string"));
    }
    for key in keys {
        let Value::Map(map) = &current else {
            return Err(conversion_error(&current, "map[string]interface {}"));
        };
        if !is_plain_map(&current) {
            return Err(conversion_error(&current, "map[string]interface {}"));
        }
        let Some(step) = key.as_string().and_then(|key| map.get(key)) else {
            return Ok(default.clone());
        };
        current = step;
    }
    Ok(current)
}
