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

/// Writes data on several lines as `json.MarshalIndent(data, "", indent)` does, fields in their order.
///
/// # Examples
///
/// ```
/// use helmrs_core::yaml::json;
///
/// let text = json::to_json_typed_pretty(&(["a,{\"b"], [0; 0]), "  ")?;
/// assert_eq!(text, b"[\n  [\n    \"a,{\\\"b\"\n  ],\n  []\n]");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
///
/// If the data refuses to be serialized.
pub fn to_json_typed_pretty<T: Serialize + ?Sized>(
    data: &T,
    indent: &str,
) -> Result<Vec<u8>, serde_json::Error> {
    Ok(indented(&to_json_typed(data)?, indent))
}

/// Puts every element of compact JSON on a line of its own.
// Parity: Go, encoding/json/indent.go: what is empty stays on its line.
pub(crate) fn indented(json: &[u8], indent: &str) -> Vec<u8> {
    let mut text = Vec::with_capacity(json.len() * 2);
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    let mut before = 0;
    let new_line = |text: &mut Vec<u8>, depth: usize| {
        text.push(b'\n');
        text.extend(indent.repeat(depth).as_bytes());
    };
    for &byte in json {
        if in_string {
            text.push(byte);
            in_string = escaped || byte != b'"';
            escaped = byte == b'\\' && !escaped;
            before = byte;
            continue;
        }
        let closes = matches!(byte, b'}' | b']');
        let opened = matches!(before, b'{' | b'[');
        if closes {
            depth = depth.saturating_sub(1);
        }
        if before == b',' || closes != opened {
            new_line(&mut text, depth);
        }
        text.push(byte);
        match byte {
            b'{' | b'[' => depth += 1,
            b':' => text.push(b' '),
            b'"' => in_string = true,
            _ => {}
        }
        before = byte;
    }
    text
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
