//! Values of files into values of templates, and back.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use helmrs_gotemplate::{JsonShape, Map, Value};

use crate::yaml;

/// How deep a value may nest before it is taken for one that holds itself.
const DEPTH_LIMIT: usize = 1000;

/// A value of a file as templates see it.
pub(super) fn value(value: &yaml::Value) -> Value {
    match value {
        yaml::Value::Null => Value::Nil,
        yaml::Value::Bool(truth) => Value::Bool(*truth),
        yaml::Value::Integer(number) => Value::int64(*number),
        yaml::Value::Float(number) => Value::Float(*number),
        yaml::Value::String(text) => Value::from(text.as_str()),
        yaml::Value::List(items) => Value::list(items.iter().map(self::value).collect()),
        yaml::Value::Map(entries) => Value::Map(map(entries)),
    }
}

/// A map of a file as templates see it.
pub(super) fn map(entries: &yaml::Map) -> Map {
    entries
        .iter()
        .map(|(key, entry)| (key.as_str(), value(entry)))
        .collect()
}

/// Why a template's value has no form outside of templates.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConvertError {
    /// JSON has no such numbers.
    #[error("json: unsupported value: {0}")]
    Number(String),
    /// JSON has no such type.
    #[error("json: unsupported type: {0}")]
    Type(String),
    /// The value holds itself.
    #[error("json: unsupported value: encountered a cycle via {0}")]
    Cycle(String),
}

/// A template's value as JSON would hold it.
// Parity: Go, encoding/json: bytes are base64, nil maps and slices null, texts without what is not UTF-8.
pub(super) fn plain(value: &Value) -> Result<yaml::Value, ConvertError> {
    plain_at(value, 0)
}

fn plain_at(value: &Value, depth: usize) -> Result<yaml::Value, ConvertError> {
    if depth > DEPTH_LIMIT {
        return Err(ConvertError::Cycle(value.type_of().to_string()));
    }
    Ok(match value {
        Value::Nil => yaml::Value::Null,
        Value::Bool(truth) => yaml::Value::Bool(*truth),
        Value::Integer(number) => whole(number),
        Value::Float(number) if number.is_finite() => yaml::Value::Float(*number),
        Value::Float(number) => return Err(ConvertError::Number(non_finite(*number).to_owned())),
        Value::String(text) => yaml::Value::String(text.to_str().into_owned()),
        Value::Bytes(bytes) => yaml::Value::String(STANDARD.encode(bytes.as_bytes())),
        Value::List(items) if items.is_nil() => yaml::Value::Null,
        Value::List(items) => yaml::Value::List(
            items
                .iter()
                .map(|item| plain_at(item, depth + 1))
                .collect::<Result<_, _>>()?,
        ),
        Value::Map(entries) if entries.is_nil() => yaml::Value::Null,
        Value::Map(entries) => {
            let plain = |(key, entry): (&helmrs_gotemplate::Text, &Value)| {
                Ok((key.to_str().into_owned(), plain_at(entry, depth + 1)?))
            };
            yaml::Value::Map(
                entries
                    .borrow()
                    .iter()
                    .map(plain)
                    .collect::<Result<_, _>>()?,
            )
        }
        Value::Object(object) => match object.json() {
            JsonShape::Value(value) => plain_at(&value, depth + 1)?,
            JsonShape::Struct(fields) => {
                let plain = |(name, field): (&str, Value)| {
                    Ok((name.to_owned(), plain_at(&field, depth + 1)?))
                };
                yaml::Value::Map(fields.into_iter().map(plain).collect::<Result<_, _>>()?)
            }
        },
        Value::Complex(..) | Value::Function(_) => {
            return Err(ConvertError::Type(value.type_of().to_string()));
        }
    })
}

fn whole(number: &helmrs_gotemplate::Integer) -> yaml::Value {
    let text = number.to_string();
    text.parse().map_or_else(
        |_| yaml::Value::Float(text.parse().unwrap_or(f64::MAX)),
        yaml::Value::Integer,
    )
}

fn non_finite(number: f64) -> &'static str {
    if number.is_nan() {
        "NaN"
    } else if number > 0.0 {
        "+Inf"
    } else {
        "-Inf"
    }
}

/// What `toYaml` makes of a value: its YAML without the last line break.
pub(super) fn to_yaml(value: &Value) -> Result<String, String> {
    let plain = plain(value).map_err(|error| format!("error marshaling into JSON: {error}"))?;
    let mut text = yaml::to_yaml(&plain).map_err(|error| error.to_string())?;
    if text.ends_with('\n') {
        text.pop();
    }
    Ok(text)
}
