//! TOML as `BurntSushi/toml` reads and writes it.
//!
//! TOML tells whole numbers, floats and four kinds of times apart, so it has a [`Value`] of its own.

mod cursor;
mod emit;
mod parse;
mod scalar;

use std::collections::BTreeMap;

use helmrs_gotemplate::Text;
use helmrs_gotemplate::time::Moment;

pub use emit::{EmitError, to_toml};
pub use parse::{ParseError, parse};

use crate::yaml;

/// A table with its keys in byte order.
pub type Table = BTreeMap<String, Value>;

/// A node of a TOML document; `Null` has no text and is left out of tables.
#[derive(Clone, Debug)]
pub enum Value {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// A text.
    String(Text),
    /// A time.
    Time(Time),
    /// An array.
    List(Vec<Value>),
    /// An array of tables that was written as such.
    Tables(Vec<Table>),
    /// A table.
    Table(Table),
    /// A table whose keys keep their order: a struct.
    Struct(Vec<(String, Value)>),
    /// A value of a type that TOML has no form for.
    Unsupported(String),
}

/// A time and how much of it was given.
#[derive(Clone, Debug)]
pub struct Time {
    /// The moment; what was not given is zero, and in UTC.
    pub moment: Moment,
    /// Which parts were given.
    pub kind: TimeKind,
}

/// Which parts of a time were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeKind {
    /// Date, time and offset: a moment.
    Moment,
    /// Date and time, wherever that is.
    LocalDateTime,
    /// A date only.
    LocalDate,
    /// A time of day only.
    LocalTime,
}

impl TimeKind {
    /// The Go layout that such a time is written in.
    // Parity: BurntSushi/toml, encode.go, eElement.
    pub fn layout(self) -> &'static str {
        match self {
            Self::Moment => "2006-01-02T15:04:05.999999999Z07:00",
            Self::LocalDateTime => "2006-01-02T15:04:05.999999999",
            Self::LocalDate => "2006-01-02",
            Self::LocalTime => "15:04:05.999999999",
        }
    }
}

impl From<&yaml::Value> for Value {
    fn from(value: &yaml::Value) -> Self {
        match value {
            yaml::Value::Null => Self::Null,
            yaml::Value::Bool(value) => Self::Bool(*value),
            yaml::Value::Integer(value) => Self::Integer(*value),
            yaml::Value::Float(value) => Self::Float(*value),
            yaml::Value::String(value) => Self::String(value.as_str().into()),
            yaml::Value::Raw(value) => Self::String(value.as_bytes().into()),
            yaml::Value::List(items) => Self::List(items.iter().map(Self::from).collect()),
            yaml::Value::Map(entries) => {
                let entries = entries
                    .iter()
                    .map(|(key, entry)| (key.clone(), Self::from(entry)));
                Self::Table(entries.collect())
            }
        }
    }
}
