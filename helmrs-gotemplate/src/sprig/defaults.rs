//! Defaults: what counts as empty, and JSON.

use super::arguments::{any, text, truth};
use super::{row, variadic};
use crate::error::CallError;
use crate::functions::Function;
use crate::json::{self, Style};
use crate::types::Type;
use crate::value::{List, Map, Value};

const ANYS: &[Type] = &[Type::Any];
const S: &[Type] = &[Type::String];

pub(crate) const FUNCTIONS: &[Function] = &[
    variadic(
        "default",
        &[Type::Any, Type::Any],
        default,
        &[(r#"{{ default "foo" "" }}"#, "foo")],
    ),
    row("empty", ANYS, empty, &[("{{ empty 0 }}", "true")]),
    variadic(
        "coalesce",
        ANYS,
        coalesce,
        &[(r#"{{ coalesce 0 "" "a" "b" }}"#, "a")],
    ),
    variadic("all", ANYS, all, &[(r#"{{ all 1 "" }}"#, "false")]),
    variadic("any", ANYS, any_of, &[(r#"{{ any 0 "a" }}"#, "true")]),
    row(
        "ternary",
        &[Type::Any, Type::Any, Type::Bool],
        ternary,
        &[(r#"{{ ternary "yes" "no" true }}"#, "yes")],
    ),
    row(
        "fromJson",
        S,
        from_json,
        &[(r#"{{ (fromJson "{\"a\":1}").a }}"#, "1")],
    ),
    row(
        "mustFromJson",
        S,
        must_from_json,
        &[(r#"{{ mustFromJson "[1]" }}"#, "[1]")],
    ),
    row(
        "toJson",
        ANYS,
        to_json,
        &[(r#"{{ toJson (dict "a" "<") }}"#, r#"{"a":"\u003c"}"#)],
    ),
    row(
        "mustToJson",
        ANYS,
        must_to_json,
        &[("{{ mustToJson (list 1) }}", "[1]")],
    ),
    row(
        "toPrettyJson",
        ANYS,
        to_pretty_json,
        &[("{{ toPrettyJson (list 1) }}", "[\n  1\n]")],
    ),
    row(
        "mustToPrettyJson",
        ANYS,
        must_to_pretty_json,
        &[("{{ mustToPrettyJson (list 1) }}", "[\n  1\n]")],
    ),
    row(
        "toRawJson",
        ANYS,
        must_to_raw_json,
        &[(r#"{{ toRawJson "<" }}"#, r#""<""#)],
    ),
    row(
        "mustToRawJson",
        ANYS,
        must_to_raw_json,
        &[(r#"{{ mustToRawJson "<" }}"#, r#""<""#)],
    ),
    row(
        "deepCopy",
        ANYS,
        deep_copy,
        &[(r#"{{ deepCopy (dict "a" 1) }}"#, "map[a:1]")],
    ),
    row(
        "mustDeepCopy",
        ANYS,
        must_deep_copy,
        &[("{{ mustDeepCopy (list 1) }}", "[1]")],
    ),
];

const PRETTY: Style<'_> = Style {
    escape_html: true,
    indent: Some("  "),
};
const RAW: Style<'_> = Style {
    escape_html: false,
    indent: None,
};

/// Parity: Sprig, defaults.go, `empty`: as truth, but that a struct is never empty.
pub(super) fn is_empty(value: &Value) -> bool {
    !value.is_true()
}

fn default(arguments: &[Value]) -> Result<Value, CallError> {
    let given = any(arguments, 1);
    Ok(if is_empty(given) {
        any(arguments, 0).clone()
    } else {
        given.clone()
    })
}

fn empty(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(is_empty(any(arguments, 0)).into())
}

fn coalesce(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(arguments
        .iter()
        .find(|argument| !is_empty(argument))
        .cloned()
        .unwrap_or(Value::Nil))
}

fn all(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(arguments.iter().all(|argument| !is_empty(argument)).into())
}

fn any_of(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(arguments.iter().any(|argument| !is_empty(argument)).into())
}

fn ternary(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(any(arguments, usize::from(!truth(arguments, 2))).clone())
}

fn from_json(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(json::parse(text(arguments, 0)).unwrap_or(Value::Nil))
}

fn must_from_json(arguments: &[Value]) -> Result<Value, CallError> {
    json::parse(text(arguments, 0)).map_err(|error| CallError::new(error.to_string()))
}

fn to_json(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(json::to_json(any(arguments, 0)).unwrap_or_default().into())
}

fn must_to_json(arguments: &[Value]) -> Result<Value, CallError> {
    json::to_json(any(arguments, 0))
        .map(Value::from)
        .map_err(|error| CallError::new(error.to_string()))
}

fn to_pretty_json(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(json::to_json_with(any(arguments, 0), PRETTY)
        .unwrap_or_default()
        .into())
}

fn must_to_pretty_json(arguments: &[Value]) -> Result<Value, CallError> {
    json::to_json_with(any(arguments, 0), PRETTY)
        .map(Value::from)
        .map_err(|error| CallError::new(error.to_string()))
}

fn must_to_raw_json(arguments: &[Value]) -> Result<Value, CallError> {
    json::to_json_with(any(arguments, 0), RAW)
        .map(Value::from)
        .map_err(|error| CallError::new(error.to_string()))
}

/// How deep a copied value may nest.
const MOST_NESTING: usize = 10_000;

fn must_deep_copy(arguments: &[Value]) -> Result<Value, CallError> {
    let value = any(arguments, 0);
    if value.is_nil() {
        return Err(CallError::new(
            "reflect: call of reflect.Value.Type on zero Value",
        ));
    }
    copied(value, 0)
}

fn deep_copy(arguments: &[Value]) -> Result<Value, CallError> {
    must_deep_copy(arguments)
}

fn copied(value: &Value, depth: usize) -> Result<Value, CallError> {
    if depth > MOST_NESTING {
        return Err(CallError::new("deepCopy error: nests too deeply"));
    }
    Ok(match value {
        Value::List(list) if !list.is_nil() => {
            let items = list
                .iter()
                .map(|item| copied(item, depth + 1))
                .collect::<Result<_, _>>()?;
            List::typed(list.type_of(), items).into()
        }
        Value::Map(map) if !map.is_nil() => {
            let copy = Map::typed(map.type_of());
            for (key, item) in map.entries() {
                copy.insert(key, copied(&item, depth + 1)?);
            }
            copy.into()
        }
        Value::Object(object) => object.deep_copy().unwrap_or_else(|| value.clone()),
        other => other.clone(),
    })
}
