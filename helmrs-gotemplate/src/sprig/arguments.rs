//! A function's arguments as what it declared them to be; the executor has checked that they are.

use crate::value::{List, Map, Value};

/// The bytes of a `string`.
pub(super) fn text(arguments: &[Value], index: usize) -> &[u8] {
    match arguments.get(index) {
        Some(Value::String(text)) => text,
        _ => &[],
    }
}

/// A `string` as UTF-8, invalid bytes replaced as Go does when it ranges over a string.
pub(super) fn string(arguments: &[Value], index: usize) -> std::borrow::Cow<'_, str> {
    let bytes = text(arguments, index);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => crate::json::valid_text(bytes).into(),
    }
}

/// The number of an integer of any type.
pub(super) fn integer(arguments: &[Value], index: usize) -> i64 {
    arguments
        .get(index)
        .and_then(Value::as_integer)
        .unwrap_or(0)
}

/// The number of a `float64`.
pub(super) fn float(arguments: &[Value], index: usize) -> f64 {
    match arguments.get(index) {
        Some(Value::Float(number)) => *number,
        _ => 0.0,
    }
}

/// The truth of a `bool`.
pub(super) fn truth(arguments: &[Value], index: usize) -> bool {
    matches!(arguments.get(index), Some(Value::Bool(true)))
}

/// Anything; nil where it is missing.
pub(super) fn any(arguments: &[Value], index: usize) -> &Value {
    arguments.get(index).unwrap_or(&Value::Nil)
}

/// A `map[string]interface {}`.
pub(super) fn map(arguments: &[Value], index: usize) -> Map {
    match arguments.get(index) {
        Some(Value::Map(map)) => map.clone(),
        Some(Value::Object(object)) => match object.underlying() {
            Some(Value::Map(map)) => map,
            _ => Map::new(),
        },
        _ => Map::new(),
    }
}

/// The items of an `[]interface {}`.
pub(super) fn list(arguments: &[Value], index: usize) -> List {
    arguments
        .get(index)
        .and_then(Value::items)
        .unwrap_or_else(|| List::new(Vec::new()))
}
