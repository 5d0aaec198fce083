//! The tree of values that YAML and JSON texts hold.

pub use super::map::Map;

/// A node of a values file, a manifest or a record.
///
/// Texts give [`Value::Float`] for every number, as Go's `encoding/json` does for untyped
/// targets; [`Value::Integer`] comes from `--set` and from typed data.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number that is known to be one (Go's `int64`).
    Integer(i64),
    /// Any other number (Go's `float64`).
    Float(f64),
    /// A text.
    String(String),
    /// A text that is no UTF-8, which no document holds and `--set-file` may read.
    Raw(RawText),
    /// A sequence.
    List(Vec<Value>),
    /// A mapping.
    Map(Map),
}

/// Bytes that are a text in Go. Templates get them as they are, everything else gets what JSON makes of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawText {
    bytes: Vec<u8>,
    text: String,
}

impl RawText {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The text with U+FFFD for what is no UTF-8.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Value {
    /// Makes a text of bytes, whatever they are.
    pub fn of_bytes(bytes: Vec<u8>) -> Self {
        String::from_utf8(bytes).map_or_else(
            |error| {
                let bytes = error.into_bytes();
                let text = super::json::valid_text(&bytes);
                Self::Raw(RawText { bytes, text })
            },
            Self::String,
        )
    }

    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The truth value, if this is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The whole number, also when it was read as a float without a fraction.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            Self::Float(value) if value.fract() == 0.0 && value.abs() < 9.2e18 => {
                Some(*value as i64)
            }
            _ => None,
        }
    }

    /// The number, whole or not.
    pub fn as_float(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            _ => None,
        }
    }

    /// The text, if this is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(value) => Some(value),
            Self::Raw(value) => Some(value.as_str()),
            _ => None,
        }
    }

    /// The items, if this is a sequence.
    pub fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The entries, if this is a mapping.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The entries for changing, if this is a mapping.
    pub fn as_map_mut(&mut self) -> Option<&mut Map> {
        match self {
            Self::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The entries themselves, if this is a mapping.
    pub fn into_map(self) -> Option<Map> {
        match self {
            Self::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value below `key`, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_map()?.get(key)
    }

    /// The value at the end of a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |value, key| value.get(key))
    }

    /// What JSON calls this value's kind in error texts.
    // Parity: Go, encoding/json/decode.go, UnmarshalTypeError.Value.
    pub fn json_kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Integer(_) | Self::Float(_) => "number",
            Self::String(_) | Self::Raw(_) => "string",
            Self::List(_) => "array",
            Self::Map(_) => "object",
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::String(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::String(value)
    }
}

impl From<Vec<Self>> for Value {
    fn from(items: Vec<Self>) -> Self {
        Self::List(items)
    }
}

impl From<Map> for Value {
    fn from(entries: Map) -> Self {
        Self::Map(entries)
    }
}
