//! Values of files into values of templates, and back.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use helmrs_gotemplate::json::JsonError;
use helmrs_gotemplate::sprig::TimeObject;
use helmrs_gotemplate::stack::deepen;
use helmrs_gotemplate::time::{Moment, Zone};
use helmrs_gotemplate::{JsonShape, Map, Text, Value};

use crate::{toml, yaml};

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
        yaml::Value::List(items) => deepen(|| Value::list(items.iter().map(self::value).collect())),
        yaml::Value::Map(entries) => deepen(|| Value::Map(map(entries))),
    }
}

/// A map of a file as templates see it.
pub(super) fn map(entries: &yaml::Map) -> Map {
    entries
        .iter()
        .map(|(key, entry)| (key.as_str(), value(entry)))
        .collect()
}

/// By whose rules a value is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Go's JSON: nil lists and maps are null, and there are only finite numbers.
    Json,
    /// Go's YAML, which is given the value itself.
    Yaml,
}

/// A template's value as JSON would hold it.
// Parity: Go, encoding/json: bytes are base64, nil maps and slices null, texts without what is not UTF-8.
pub(super) fn plain(value: &Value) -> Result<yaml::Value, JsonError> {
    plain_at(value, 0, Form::Json)
}

/// A template's value as YAML holds it that never was JSON.
// Parity: go-yaml v3, encode.go: nil lists and maps are empty ones.
pub(super) fn unconverted(value: &Value) -> Result<yaml::Value, JsonError> {
    plain_at(value, 0, Form::Yaml)
}

fn plain_at(value: &Value, depth: usize, form: Form) -> Result<yaml::Value, JsonError> {
    if depth > DEPTH_LIMIT {
        return Err(JsonError::Value(format!(
            "encountered a cycle via {}",
            value.type_of()
        )));
    }
    deepen(|| plain_step(value, depth, form))
}

fn plain_step(value: &Value, depth: usize, form: Form) -> Result<yaml::Value, JsonError> {
    Ok(match value {
        Value::Nil => yaml::Value::Null,
        Value::Bool(truth) => yaml::Value::Bool(*truth),
        Value::Integer(number) => whole(number),
        Value::Float(number) if number.is_finite() || form == Form::Yaml => {
            yaml::Value::Float(*number)
        }
        Value::Float(number) => return Err(JsonError::Value(non_finite(*number).to_owned())),
        Value::String(text) => yaml::Value::String(text.to_str().into_owned()),
        Value::Bytes(bytes) => yaml::Value::String(STANDARD.encode(bytes.as_bytes())),
        Value::List(items) if items.is_nil() && form == Form::Json => yaml::Value::Null,
        Value::List(items) => yaml::Value::List(
            items
                .iter()
                .map(|item| plain_at(item, depth + 1, form))
                .collect::<Result<_, _>>()?,
        ),
        Value::Map(entries) if entries.is_nil() && form == Form::Json => yaml::Value::Null,
        Value::Map(entries) => {
            let plain = |(key, entry): (&Text, &Value)| {
                Ok((key.to_str().into_owned(), plain_at(entry, depth + 1, form)?))
            };
            yaml::Value::Map(
                entries
                    .borrow()
                    .iter()
                    .map(plain)
                    .collect::<Result<_, _>>()?,
            )
        }
        Value::Object(object) if form == Form::Yaml && is_duration(value) => {
            yaml::Value::String(object.string().unwrap_or_default().to_str().into_owned())
        }
        Value::Object(object) => match object.json() {
            JsonShape::Value(value) => plain_at(&value, depth + 1, form)?,
            JsonShape::Struct(fields) => {
                let plain = |(name, field): (&str, Value)| {
                    Ok((name.to_owned(), plain_at(&field, depth + 1, form)?))
                };
                yaml::Value::Map(fields.into_iter().map(plain).collect::<Result<_, _>>()?)
            }
        },
        Value::Complex(..) | Value::Function(_) => {
            return Err(JsonError::Type(value.type_of().to_string()));
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

/// A table of TOML as templates see it.
pub(super) fn table(table: &toml::Table) -> Map {
    let entries = table.iter();
    entries
        .map(|(key, entry)| (key.as_str(), from_toml(entry)))
        .collect()
}

fn from_toml(value: &toml::Value) -> Value {
    match value {
        toml::Value::Null => Value::Nil,
        toml::Value::Bool(truth) => Value::Bool(*truth),
        toml::Value::Integer(number) => Value::int64(*number),
        toml::Value::Float(number) => Value::Float(*number),
        toml::Value::String(text) => Value::from(text.as_str()),
        toml::Value::Time(time) => Value::object(TimeObject {
            moment: located(time),
        }),
        toml::Value::List(items) => deepen(|| Value::list(items.iter().map(from_toml).collect())),
        toml::Value::Table(entries) => deepen(|| Value::Map(table(entries))),
    }
}

/// The zones that stand for a time whose zone was not given.
// Parity: BurntSushi/toml, internal/tz.go.
const LOCAL: [(toml::TimeKind, &str); 3] = [
    (toml::TimeKind::LocalDateTime, "datetime-local"),
    (toml::TimeKind::LocalDate, "date-local"),
    (toml::TimeKind::LocalTime, "time-local"),
];

fn located(time: &toml::Time) -> Moment {
    match LOCAL.iter().find(|(kind, _)| *kind == time.kind) {
        Some((_, name)) => time.moment.in_zone(Zone::Fixed {
            name: (*name).to_owned(),
            offset: 0,
        }),
        None => time.moment.clone(),
    }
}

fn time_of(moment: &Moment) -> toml::Time {
    let local = match moment.zone() {
        Zone::Fixed { name, .. } => LOCAL.iter().find(|(_, zone)| zone == name),
        _ => None,
    };
    let kind = local.map_or(toml::TimeKind::Moment, |(kind, _)| *kind);
    toml::Time {
        moment: moment.clone(),
        kind,
    }
}

fn is_duration(value: &Value) -> bool {
    value.type_of().to_string() == "time.Duration"
}

/// Whether a value's text stands for it in TOML.
fn has_text(value: &Value) -> bool {
    is_duration(value) || value.type_of().to_string() == "*semver.Version"
}

/// A template's value as TOML would hold it; what nests too deep or has no form there is nothing.
pub(super) fn to_toml(value: &Value) -> toml::Value {
    to_toml_at(value, 0)
}

fn to_toml_at(value: &Value, depth: usize) -> toml::Value {
    if depth > DEPTH_LIMIT {
        return toml::Value::Null;
    }
    deepen(|| match value {
        Value::Nil | Value::Complex(..) | Value::Function(_) => toml::Value::Null,
        Value::Bool(truth) => toml::Value::Bool(*truth),
        Value::Integer(number) => toml::Value::Integer(number.to_i64()),
        Value::Float(number) => toml::Value::Float(*number),
        Value::String(text) => toml::Value::String(text.to_str().into_owned()),
        Value::Bytes(_) | Value::List(_) => {
            let items = value
                .items()
                .unwrap_or_else(|| Vec::new().into_iter().collect());
            toml::Value::List(
                items
                    .iter()
                    .map(|item| to_toml_at(item, depth + 1))
                    .collect(),
            )
        }
        Value::Map(entries) => {
            let entry = |(key, entry): (&Text, &Value)| {
                (key.to_str().into_owned(), to_toml_at(entry, depth + 1))
            };
            toml::Value::Table(entries.borrow().iter().map(entry).collect())
        }
        Value::Object(object) => {
            if let Some(time) = value.downcast::<TimeObject>() {
                toml::Value::Time(time_of(&time.moment))
            } else if let Some(text) = object.string().filter(|_| has_text(value)) {
                toml::Value::String(text.to_str().into_owned())
            } else if let Some(value) = object.underlying() {
                to_toml_at(&value, depth + 1)
            } else {
                let entry =
                    |(name, field): (&str, Value)| (name.to_owned(), to_toml_at(&field, depth + 1));
                toml::Value::Table(object.fields().into_iter().map(entry).collect())
            }
        }
    })
}
