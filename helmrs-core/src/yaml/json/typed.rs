//! Typed data into JSON, its fields in the order they are declared.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

use crate::yaml::number;

/// Writes typed data as `json.Marshal` does: `<`, `>` and `&` escaped, floats as short as they can be.
///
/// ```
/// use helmrs_core::yaml::json;
/// assert_eq!(json::to_json_typed(&[("<b>", 1e6)])?, br#"[["\u003cb\u003e",1000000]]"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn to_json_typed<T: Serialize + ?Sized>(data: &T) -> Result<Vec<u8>, serde_json::Error> {
    let mut json = Vec::new();
    data.serialize(&mut Serializer::with_formatter(&mut json, GoFormatter))?;
    Ok(json)
}

/// Texts and numbers as Go writes them.
struct GoFormatter;

impl Formatter for GoFormatter {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(number::json(value).as_bytes())
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(['<', '>', '&', '\u{2028}', '\u{2029}']) {
            let (before, from) = rest.split_at(at);
            CompactFormatter.write_string_fragment(writer, before)?;
            let mut characters = from.chars();
            let code = characters.next().map_or(0, u32::from);
            write!(writer, "\\u{code:04x}")?;
            rest = characters.as_str();
        }
        CompactFormatter.write_string_fragment(writer, rest)
    }
}
