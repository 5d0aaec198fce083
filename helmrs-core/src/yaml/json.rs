//! JSON as Go's `encoding/json` reads and writes it.

mod parse;
mod print;
mod typed;

pub use parse::parse;
pub(crate) use parse::parse_prefix;
pub(crate) use print::valid_text;
pub use print::{to_json, to_json_pretty, to_json_raw};
pub use typed::to_json_typed;

/// Why JSON could not be read or written, in the words of Go's library.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum JsonError {
    /// The text ends too early.
    #[error("unexpected end of JSON input")]
    UnexpectedEnd,
    /// A character does not belong where it stands.
    #[error("invalid character {character} {place}")]
    Character {
        character: String,
        place: &'static str,
    },
    /// A backslash is followed by something unknown.
    #[error("invalid escape sequence {sequence} in string")]
    Escape { sequence: String },
    /// Values lie too deep in each other.
    #[error("exceeded max depth")]
    Depth,
    /// A number is too large for a float.
    #[error("json: cannot unmarshal number {number} into Go value of type float64")]
    Range { number: String },
    /// A float has no JSON form.
    #[error("json: unsupported value: {number}")]
    Unsupported { number: String },
}
