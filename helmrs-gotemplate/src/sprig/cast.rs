//! Conversions between kinds, as Sprig makes them through the `cast` library and `fmt`.

use super::dates::CalendarObject;
use crate::number::{parse_float, parse_int as parse_int_of_base};
use crate::print;
use crate::types::Type;
use crate::value::{Text, Value};

/// A value as text: strings and bytes as they are, everything else as `%v` prints it. Sprig's `strval`.
pub fn to_text(value: &Value) -> Text {
    match value {
        Value::String(text) | Value::Bytes(text) => text.clone(),
        Value::List(list) if list.is_nil() && list.type_of() == Type::BYTES => Text::default(),
        Value::Object(object) => object.string().unwrap_or_else(|| formatted(value)),
        _ => formatted(value),
    }
}

/// A value as `%v` prints it.
pub(super) fn formatted(value: &Value) -> Text {
    match value {
        Value::String(text) => text.clone(),
        _ => print::sprint(value).into(),
    }
}

/// The items of a list as texts without nils; anything else as its only item. Sprig's `strslice`.
pub(super) fn strings_of(value: &Value) -> Vec<Text> {
    if value.is_nil() {
        return Vec::new();
    }
    match value.items() {
        Some(items) => items
            .iter()
            .filter(|item| !item.is_nil())
            .map(to_text)
            .collect(),
        None => vec![to_text(value)],
    }
}

/// A value as `int64`; zero where it has none. `cast.ToInt64`.
pub(super) fn to_int64(value: &Value) -> i64 {
    match value {
        Value::Bool(truth) => i64::from(*truth),
        Value::Integer(number) => number.to_i64(),
        Value::Float(number) => float_to_int(*number),
        Value::String(text) => text.as_str().map_or(0, parse_int),
        // Parity: cast, caste.go, toInt: of all named integers these two alone.
        _ => value
            .downcast::<CalendarObject>()
            .map_or(0, CalendarObject::number),
    }
}

/// Go's conversion on amd64: what an `int64` does not hold becomes the smallest one.
pub(super) fn float_to_int(number: f64) -> i64 {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&number) {
        number as i64
    } else {
        i64::MIN
    }
}

/// Parity: cast, `ToInt64E`: a decimal part of zeros is cut off; then Go's base prefixes and underscores count.
fn parse_int(text: &str) -> i64 {
    parse_int_of_base(trim_zero_decimal(text), 0).unwrap_or(0)
}

/// Cuts `.000` off a number; leaves any other text as it is.
fn trim_zero_decimal(text: &str) -> &str {
    match text.rsplit_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => {
            if whole.is_empty() {
                text
            } else {
                whole
            }
        }
        _ => text,
    }
}

/// A value as `float64`; zero where it has none. `cast.ToFloat64`.
pub(super) fn to_float64(value: &Value) -> f64 {
    match value {
        Value::Bool(truth) => f64::from(*truth),
        Value::Integer(number) => number.to_f64(),
        Value::Float(number) => *number,
        Value::String(text) => text.as_str().and_then(parse_float).unwrap_or(0.0),
        _ => value
            .downcast::<CalendarObject>()
            .map_or(0.0, |named| named.number() as f64),
    }
}

/// The type `interface {}` makes of a value in a message: `nil` has none.
pub(super) fn type_name(value: &Value) -> String {
    match value {
        Value::Nil => "nil".to_string(),
        _ => value.type_of().to_string(),
    }
}

/// Whether a value is a `map[string]interface {}` or assignable to one.
pub(super) fn is_plain_map(value: &Value) -> bool {
    matches!(value, Value::Map(map) if map.type_of() == Type::MAP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_integers_by_go_prefixes() {
        for (text, number) in [
            ("3", 3),
            ("-3", -3),
            ("017", 15),
            ("0x1F", 31),
            ("1_000", 1000),
            ("3.0", 3),
            ("3.7", 0),
            ("", 0),
            ("0", 0),
        ] {
            assert_eq!(to_int64(&Value::from(text)), number, "{text}");
        }
    }
}
