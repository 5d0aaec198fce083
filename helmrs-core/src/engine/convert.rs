//! Values of files into values of templates, and back.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use helmrs_gotemplate::json::{JsonError, to_json};
use helmrs_gotemplate::sprig::{DurationObject, TimeObject};
use helmrs_gotemplate::stack::{deepen, depth_limit};
use helmrs_gotemplate::time::{self, Moment, Zone};
use helmrs_gotemplate::value::is_exported;
use helmrs_gotemplate::{JsonShape, List, Map, Object, Text, Type, Value};

use crate::{toml, yaml};

/// A value of a file as templates see it.
pub(super) fn value(value: &yaml::Value) -> Value {
    match value {
        yaml::Value::Null => Value::Nil,
        yaml::Value::Bool(truth) => Value::Bool(*truth),
        yaml::Value::Integer(number) => Value::int64(*number),
        yaml::Value::Float(number) => Value::Float(*number),
        yaml::Value::String(text) => Value::from(text.as_str()),
        yaml::Value::Raw(text) => Value::String(Text::from(text.as_bytes())),
        yaml::Value::List(items) => deepen(|| Value::list(items.iter().map(self::value).collect())),
        yaml::Value::Map(entries) => Value::Map(map(entries)),
    }
}

/// A map of a file as templates see it; what nobody looks at is not converted.
pub(super) fn map(entries: &yaml::Map) -> Map {
    let entries = entries.clone();
    Map::deferred(Type::MAP, move || {
        let entries = entries.iter();
        entries
            .map(|(key, entry)| (Text::from(key.as_str()), value(entry)))
            .collect()
    })
}

/// A template's value as JSON would hold it.
// Parity: Go, encoding/json: bytes are base64, nil maps and slices null, texts without what is not UTF-8.
pub(super) fn plain(value: &Value) -> Result<yaml::Value, JsonError> {
    match plain_at(value, depth_limit()) {
        // It may be too deep because it holds itself, which the encoder tells apart.
        Err(JsonError::Depth) => Err(to_json(value).err().unwrap_or(JsonError::Depth)),
        outcome => outcome,
    }
}

/// The value at a place that as many levels may lie below as are `left`.
fn plain_at(value: &Value, left: usize) -> Result<yaml::Value, JsonError> {
    if left == 0 && nests(value) {
        return Err(JsonError::Depth);
    }
    deepen(|| plain_step(value, left))
}

/// Whether there are values in a value.
fn nests(value: &Value) -> bool {
    match value {
        Value::List(items) => !items.is_empty(),
        Value::Map(entries) => !entries.is_empty(),
        Value::Object(_) => true,
        _ => false,
    }
}

fn plain_step(value: &Value, left: usize) -> Result<yaml::Value, JsonError> {
    Ok(match value {
        Value::Nil => yaml::Value::Null,
        Value::Bool(truth) => yaml::Value::Bool(*truth),
        Value::Integer(number) => whole(number),
        Value::Float(number) if number.is_finite() => yaml::Value::Float(*number),
        Value::Float(number) => return Err(JsonError::Value(non_finite(*number).to_owned())),
        Value::String(text) => yaml::Value::String(text.to_str().into_owned()),
        Value::Bytes(bytes) => yaml::Value::String(STANDARD.encode(bytes.as_bytes())),
        Value::List(items) if items.is_nil() => yaml::Value::Null,
        Value::List(items) => yaml::Value::List(
            items
                .iter()
                .map(|item| plain_at(item, left.saturating_sub(1)))
                .collect::<Result<_, _>>()?,
        ),
        Value::Map(entries) if entries.is_nil() => yaml::Value::Null,
        Value::Map(entries) => {
            let plain = |(key, entry): (&Text, &Value)| {
                Ok((
                    key.to_str().into_owned(),
                    plain_at(entry, left.saturating_sub(1))?,
                ))
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
            JsonShape::Value(value) => plain_at(&value, left.saturating_sub(1))?,
            JsonShape::Struct(fields) => {
                let plain = |(name, field): (&str, Value)| {
                    Ok((name.to_owned(), plain_at(&field, left.saturating_sub(1))?))
                };
                yaml::Value::Map(fields.into_iter().map(plain).collect::<Result<_, _>>()?)
            }
        },
        Value::Complex(..) | Value::Function(_) => {
            return Err(JsonError::Type(value.type_of().to_string()));
        }
    })
}

/// A template's value as YAML holds it that never was JSON.
// Parity: go-yaml v3, encode.go: nil lists and maps are empty, bytes are numbers, fields in small letters.
pub(super) fn pretty(value: &Value) -> Result<yaml::Node, Unwritable> {
    pretty_at(value, depth_limit())
}

/// Why a value has no YAML that never was JSON.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unwritable {
    /// Go's encoder panics at a value of this type.
    #[error("cannot marshal type: {0}")]
    Type(Type),
    /// It holds itself, and Go's encoder never returns.
    #[error("nests too deeply")]
    Cycle,
}

fn pretty_at(value: &Value, left: usize) -> Result<yaml::Node, Unwritable> {
    if left == 0 && nests(value) {
        return Err(Unwritable::Cycle);
    }
    deepen(|| pretty_step(value, left))
}

fn pretty_step(value: &Value, left: usize) -> Result<yaml::Node, Unwritable> {
    let below = |value: &Value| pretty_at(value, left.saturating_sub(1));
    Ok(match value {
        Value::Nil => yaml::Node::Value(yaml::Value::Null),
        Value::Bool(truth) => yaml::Node::Value(yaml::Value::Bool(*truth)),
        Value::Integer(number) => yaml::Node::Value(whole(number)),
        Value::Float(number) => yaml::Node::Value(yaml::Value::Float(*number)),
        Value::String(text) => match text.as_str() {
            Some(text) => yaml::Node::Value(yaml::Value::String(text.to_owned())),
            None => yaml::Node::Verbatim(format!("!!binary {}", STANDARD.encode(text.as_bytes()))),
        },
        Value::Bytes(_) | Value::List(_) => {
            let items = value.items().unwrap_or_else(|| List::new(Vec::new()));
            yaml::Node::List(items.iter().map(below).collect::<Result<_, _>>()?)
        }
        Value::Map(entries) => {
            let entry =
                |(key, entry): (&Text, &Value)| Ok((key.to_str().into_owned(), below(entry)?));
            let entries = entries.borrow();
            yaml::Node::Map(entries.iter().map(entry).collect::<Result<_, _>>()?)
        }
        Value::Object(object) => {
            if let Some(time) = value.downcast::<TimeObject>() {
                yaml::Node::Verbatim(time::format(&time.moment, time::RFC3339_NANO))
            } else if let Some(text) = spelled(value) {
                yaml::Node::Value(yaml::Value::String(text))
            } else if let Some(value) = object.underlying() {
                below(&value)?
            } else {
                let field = |(name, field): (&'static str, Value)| {
                    Ok((name.to_lowercase(), below(&field)?))
                };
                let fields = exported(object.as_ref());
                yaml::Node::Struct(fields.map(field).collect::<Result<_, _>>()?)
            }
        }
        Value::Complex(..) | Value::Function(_) => {
            return Err(Unwritable::Type(value.type_of()));
        }
    })
}

/// The text that stands for an object in YAML and TOML.
fn spelled(value: &Value) -> Option<String> {
    if let Some(DurationObject(duration)) = value.downcast() {
        return Some(duration.to_string());
    }
    let Value::Object(object) = value else {
        return None;
    };
    Some(object.marshalled()?.to_str().into_owned())
}

fn exported(object: &dyn Object) -> impl Iterator<Item = (&'static str, Value)> {
    let fields = object.fields().into_iter();
    fields.filter(|(name, _)| is_exported(name))
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

/// The type of an array of tables.
const TABLES: Type = Type::List(&Type::Map(&Type::Any));

/// A table of TOML as templates see it.
pub(super) fn table(table: &toml::Table) -> Map {
    let entries = table.iter();
    entries
        .map(|(key, entry)| (key.as_str(), from_toml(entry)))
        .collect()
}

fn from_toml(value: &toml::Value) -> Value {
    match value {
        // No text holds the last two.
        toml::Value::Null | toml::Value::Struct(_) | toml::Value::Unsupported(_) => Value::Nil,
        toml::Value::Bool(truth) => Value::Bool(*truth),
        toml::Value::Integer(number) => Value::int64(*number),
        toml::Value::Float(number) => Value::Float(*number),
        toml::Value::String(text) => Value::String(text.clone()),
        toml::Value::Time(time) => Value::object(TimeObject {
            moment: located(time),
        }),
        toml::Value::List(items) => deepen(|| Value::list(items.iter().map(from_toml).collect())),
        toml::Value::Tables(tables) => {
            let tables = tables.iter().map(|entries| Value::Map(table(entries)));
            deepen(|| List::typed(TABLES, tables.collect()).into())
        }
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

/// A template's value as TOML would hold it; what nests too deep or has no form there is nothing.
pub(super) fn to_toml(value: &Value) -> toml::Value {
    match value {
        Value::Map(map) if map.is_nil() => toml::Value::Table(toml::Table::new()),
        _ => to_toml_at(value, depth_limit()),
    }
}

fn to_toml_at(value: &Value, left: usize) -> toml::Value {
    if left == 0 && nests(value) {
        return toml::Value::Null;
    }
    deepen(|| match value {
        Value::Nil => toml::Value::Null,
        // Parity: BurntSushi/toml, encode.go, encode: a map that is nil is none.
        Value::Map(map) if map.is_nil() => toml::Value::Null,
        Value::Complex(..) | Value::Function(_) => {
            toml::Value::Unsupported(value.type_of().to_string())
        }
        Value::Bool(truth) => toml::Value::Bool(*truth),
        Value::Integer(number) => toml::Value::Integer(number.to_i64()),
        Value::Float(number) => toml::Value::Float(*number),
        Value::String(text) => toml::Value::String(text.clone()),
        Value::Bytes(_) | Value::List(_) => {
            let items = value
                .items()
                .unwrap_or_else(|| Vec::new().into_iter().collect());
            toml::Value::List(
                items
                    .iter()
                    .map(|item| to_toml_at(item, left.saturating_sub(1)))
                    .collect(),
            )
        }
        Value::Map(entries) => {
            let entry = |(key, entry): (&Text, &Value)| {
                (
                    key.to_str().into_owned(),
                    to_toml_at(entry, left.saturating_sub(1)),
                )
            };
            toml::Value::Table(entries.borrow().iter().map(entry).collect())
        }
        Value::Object(object) => {
            if let Some(time) = value.downcast::<TimeObject>() {
                toml::Value::Time(time_of(&time.moment))
            } else if let Some(text) = spelled(value) {
                toml::Value::String(text.into())
            } else if let Some(value) = object.underlying() {
                to_toml_at(&value, left.saturating_sub(1))
            } else {
                let field = |(name, field): (&'static str, Value)| {
                    (name.to_owned(), to_toml_at(&field, left.saturating_sub(1)))
                };
                toml::Value::Struct(exported(object.as_ref()).map(field).collect())
            }
        }
    })
}
