//! Values into JSON.

use std::fmt::Write as _;

use crate::yaml::number;
use crate::yaml::value::Value;

use super::JsonError;

/// Writes a value as `json.Marshal` does: keys sorted, `<`, `>` and `&` escaped.
///
/// ```
/// use helmrs_core::yaml::{Value, json};
/// let list = Value::List(vec![Value::Float(1e6), Value::from("<b>")]);
/// assert_eq!(json::to_json(&list)?, r#"[1000000,"\u003cb\u003e"]"#);
/// # Ok::<(), json::JsonError>(())
/// ```
pub fn to_json(value: &Value) -> Result<String, JsonError> {
    Printer {
        escape_html: true,
        indent: None,
    }
    .print(value)
}

/// Writes a value on several lines as `json.MarshalIndent(value, "", indent)` does.
pub fn to_json_pretty(value: &Value, indent: &str) -> Result<String, JsonError> {
    Printer {
        escape_html: true,
        indent: Some(indent),
    }
    .print(value)
}

/// Writes a value as `json.Encoder` does with HTML escaping off, without the final line break.
pub fn to_json_raw(value: &Value) -> Result<String, JsonError> {
    Printer {
        escape_html: false,
        indent: None,
    }
    .print(value)
}

struct Printer<'i> {
    escape_html: bool,
    indent: Option<&'i str>,
}

impl Printer<'_> {
    fn print(&self, value: &Value) -> Result<String, JsonError> {
        let mut out = String::new();
        self.value(value, 0, &mut out)?;
        Ok(out)
    }

    fn value(&self, value: &Value, depth: usize, out: &mut String) -> Result<(), JsonError> {
        match value {
            Value::Null => out.push_str("null"),
            Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Value::Integer(value) => out.push_str(&value.to_string()),
            Value::Float(value) if value.is_finite() => out.push_str(&number::json(*value)),
            Value::Float(value) => {
                return Err(JsonError::Unsupported {
                    number: number::general(*value),
                });
            }
            Value::String(text) => write_string(text, self.escape_html, out),
            Value::Raw(text) => write_string(text.as_str(), self.escape_html, out),
            Value::List(items) => {
                let mut brackets = Brackets::open('[', depth, out);
                for item in items {
                    brackets.item(self.indent, out);
                    self.value(item, depth + 1, out)?;
                }
                brackets.close(']', self.indent, out);
            }
            Value::Map(entries) => {
                let mut brackets = Brackets::open('{', depth, out);
                for (key, entry) in entries {
                    brackets.item(self.indent, out);
                    write_string(key, self.escape_html, out);
                    out.push_str(if self.indent.is_some() { ": " } else { ":" });
                    self.value(entry, depth + 1, out)?;
                }
                brackets.close('}', self.indent, out);
            }
        }
        Ok(())
    }
}

/// The separators of one list or map.
struct Brackets {
    depth: usize,
    empty: bool,
}

impl Brackets {
    fn open(bracket: char, depth: usize, out: &mut String) -> Self {
        out.push(bracket);
        Self { depth, empty: true }
    }

    fn item(&mut self, indent: Option<&str>, out: &mut String) {
        if !self.empty {
            out.push(',');
        }
        self.empty = false;
        new_line(indent, self.depth + 1, out);
    }

    fn close(&self, bracket: char, indent: Option<&str>, out: &mut String) {
        if !self.empty {
            new_line(indent, self.depth, out);
        }
        out.push(bracket);
    }
}

fn new_line(indent: Option<&str>, depth: usize, out: &mut String) {
    if let Some(indent) = indent {
        out.push('\n');
        for _ in 0..depth {
            out.push_str(indent);
        }
    }
}

/// Writes a JSON string.
// Parity: Go, encoding/json: U+2028 and U+2029 are escaped always, the HTML characters on demand.
fn write_string(text: &str, escape_html: bool, out: &mut String) {
    out.push('"');
    let mut plain = 0;
    for (at, character) in text.char_indices() {
        let escaped = match character {
            '"' | '\\' | '\u{0}'..='\u{1f}' | '\u{2028}' | '\u{2029}' => true,
            '<' | '>' | '&' => escape_html,
            _ => false,
        };
        if escaped {
            out.push_str(&text[plain..at]);
            plain = at + character.len_utf8();
            write_escape(character, out);
        }
    }
    out.push_str(&text[plain..]);
    out.push('"');
}

fn write_escape(character: char, out: &mut String) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        other => {
            let _ = write!(out, "\\u{:04x}", u32::from(other));
        }
    }
}
