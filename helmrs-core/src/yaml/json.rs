//! JSON as Go's `encoding/json` reads and writes it.

mod print;
mod typed;

use helmrs_gotemplate::json::{self, Tree};

use super::value::Value;

pub(crate) use helmrs_gotemplate::json::valid_text;
pub use print::{to_json, to_json_pretty, to_json_raw};
pub(crate) use typed::indented;
pub use typed::{to_json_typed, to_json_typed_pretty};

/// Why JSON could not be read or written, in the words of Go's library.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum JsonError {
    /// The text is not JSON.
    #[error(transparent)]
    Parse(#[from] json::ParseError),
    /// A float has no JSON form.
    #[error("json: unsupported value: {number}")]
    Unsupported { number: String },
}

/// Reads one JSON value as `json.Unmarshal` does for an untyped target; every number becomes a float.
///
/// Keys given twice are accepted, and the last one counts. Bytes that are not UTF-8 and lone
/// surrogates become U+FFFD.
pub fn parse(text: &[u8]) -> Result<Value, JsonError> {
    Ok(json::parse(text)?)
}

/// As [`parse`], but numbers that are too large become 0, and the value comes with the error that tells of the first.
pub(crate) fn parse_partly(text: &[u8]) -> Result<(Value, Option<JsonError>), JsonError> {
    let (value, error) = json::parse_partly(text)?;
    Ok((value, error.map(JsonError::Parse)))
}

/// Reads the JSON value at the start of a text; gives its length too, with the blanks before it.
pub(crate) fn parse_prefix(text: &[u8]) -> Result<(Value, usize), JsonError> {
    Ok(json::parse_prefix(text)?)
}

impl Tree for Value {
    fn null() -> Self {
        Self::Null
    }

    fn bool(truth: bool) -> Self {
        Self::Bool(truth)
    }

    fn number(number: f64) -> Self {
        Self::Float(number)
    }

    fn string(text: String) -> Self {
        Self::String(text)
    }

    fn list(items: Vec<Self>) -> Self {
        Self::List(items)
    }

    fn object(entries: Vec<(String, Self)>) -> Self {
        Self::Map(entries.into())
    }
}
