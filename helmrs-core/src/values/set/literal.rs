//! `--set-literal`: all after the first `=` is the value.

use super::{Manner, Parser, SetError};
use crate::yaml::Map;

/// Applies a `--set-literal` argument: no escapes, no commas, always a text.
///
/// ```
/// use helmrs_core::{values::set, yaml::Map};
/// let mut values = Map::new();
/// set::parse_literal_into(&mut values, r"a.b=1,c=\d{2}")?;
/// assert_eq!(values["a"].get("b").and_then(|b| b.as_str()), Some(r"1,c=\d{2}"));
/// # Ok::<(), set::SetError>(())
/// ```
// Parity: Helm, pkg/strvals/literal_parser.go.
pub fn parse_literal_into(values: &mut Map, text: &str) -> Result<(), SetError> {
    Parser::new(text, Manner::Literal).run(values)
}
