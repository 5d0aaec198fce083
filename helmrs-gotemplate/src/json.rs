//! JSON as Go's `encoding/json` writes and reads it.
// Parity: Go, encoding/json/encode.go.

mod parse;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::number;
use crate::stack::{DEEPEST, deepen};
use crate::types::Type;
use crate::value::{JsonShape, Map, Text, Value};

pub use parse::{
    ParseError, Tree, parse, parse_partly, parse_prefix, parse_prefix_or_offset, valid_text,
};

/// How deep values may nest before they are checked for containing themselves.
const SUSPICIOUS_DEPTH: usize = 1000;

/// How JSON is laid out.
#[derive(Debug, Clone, Copy)]
pub struct Style<'i> {
    /// Whether `<`, `>` and `&` are escaped, as `json.Marshal` does.
    pub escape_html: bool,
    /// What each level is indented by; none for one line.
    pub indent: Option<&'i str>,
}

impl Default for Style<'_> {
    /// The style of `json.Marshal`.
    fn default() -> Self {
        Self {
            escape_html: true,
            indent: None,
        }
    }
}

/// Why a value has no JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// A number JSON cannot write, or a value that contains itself.
    #[error("json: unsupported value: {0}")]
    Value(String),
    /// A list or a map that holds something lies in too many others.
    #[error("exceeded max depth")]
    Depth,
    /// A type JSON has nothing for.
    #[error("json: unsupported type: {0}")]
    Type(String),
}

/// Returns a value's JSON as `json.Marshal` does.
///
/// # Examples
///
/// ```
/// use helmrs_gotemplate::{Value, json::to_json};
///
/// let list = Value::list(vec![Value::Nil, Value::Float(1e21), Value::from("<é>")]);
/// assert_eq!(to_json(&list)?, r#"[null,1e+21,"\u003cé\u003e"]"#.as_bytes());
/// # Ok::<(), helmrs_gotemplate::json::JsonError>(())
/// ```
pub fn to_json(value: &Value) -> Result<Vec<u8>, JsonError> {
    to_json_with(value, Style::default())
}

/// Returns a value's JSON in the given style.
pub fn to_json_with(value: &Value, style: Style<'_>) -> Result<Vec<u8>, JsonError> {
    let mut writer = Writer {
        out: Vec::new(),
        style,
        path: Vec::new(),
        depth: 0,
    };
    writer.value(value)?;
    Ok(writer.out)
}

/// Writes a string with its quotes; each byte that is not UTF-8 becomes U+FFFD.
pub fn write_string(out: &mut Vec<u8>, text: &[u8], escape_html: bool) {
    out.push(b'"');
    for chunk in text.utf8_chunks() {
        write_characters(out, chunk.valid(), escape_html);
        for _ in chunk.invalid() {
            out.extend_from_slice("\u{fffd}".as_bytes());
        }
    }
    out.push(b'"');
}

fn write_characters(out: &mut Vec<u8>, text: &str, escape_html: bool) {
    let mut start = 0;
    for (index, character) in text.char_indices() {
        let escape = match character {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\u{8}' => "\\b",
            '\u{c}' => "\\f",
            '<' if escape_html => "\\u003c",
            '>' if escape_html => "\\u003e",
            '&' if escape_html => "\\u0026",
            '\u{2028}' => "\\u2028",
            '\u{2029}' => "\\u2029",
            '\0'..' ' => "",
            _ => continue,
        };
        out.extend_from_slice(&text.as_bytes()[start..index]);
        if escape.is_empty() {
            out.extend_from_slice(format!("\\u{:04x}", u32::from(character)).as_bytes());
        } else {
            out.extend_from_slice(escape.as_bytes());
        }
        start = index + character.len_utf8();
    }
    out.extend_from_slice(&text.as_bytes()[start..]);
}

/// Returns a float as JSON has it; none if it is infinite or no number.
pub fn format_float(float: f64) -> Option<String> {
    if !float.is_finite() {
        return None;
    }
    let magnitude = float.abs();
    if magnitude == 0.0 || (1e-6..1e21).contains(&magnitude) {
        return Some(number::format_float(float, 'f', None));
    }
    // e-09 is written e-9.
    let text = number::format_float(float, 'e', None);
    Some(match text.split_once("e-0") {
        Some((mantissa, exponent)) => format!("{mantissa}e-{exponent}"),
        None => text,
    })
}

struct Writer<'i> {
    out: Vec<u8>,
    style: Style<'i>,
    /// The maps being written, once values nest suspiciously deep.
    path: Vec<Map>,
    depth: usize,
}

impl Writer<'_> {
    fn value(&mut self, value: &Value) -> Result<(), JsonError> {
        match value {
            Value::Nil => self.write("null"),
            Value::Bool(truth) => self.write(if *truth { "true" } else { "false" }),
            Value::Integer(integer) => self.write(&integer.to_string()),
            Value::Float(float) => match format_float(*float) {
                Some(text) => self.write(&text),
                None => return Err(JsonError::Value(number::format_float(*float, 'g', None))),
            },
            Value::Complex(..) | Value::Function(_) => {
                return Err(JsonError::Type(value.type_of().to_string()));
            }
            Value::String(text) => write_string(&mut self.out, text, self.style.escape_html),
            Value::Bytes(bytes) => self.write(&format!("\"{}\"", STANDARD.encode(bytes))),
            Value::List(list) if list.is_nil() => self.write("null"),
            Value::List(list) if list.element() == Type::BYTE => {
                let bytes: Vec<u8> = list
                    .iter()
                    .filter_map(Value::as_integer)
                    .map(|byte| byte as u8)
                    .collect();
                self.write(&format!("\"{}\"", STANDARD.encode(bytes)));
            }
            Value::List(list) => return self.nested(|writer| writer.list(list)),
            Value::Map(map) if map.is_nil() => self.write("null"),
            Value::Map(map) => return self.nested(|writer| writer.map(map)),
            Value::Object(object) => {
                return self.nested(|writer| match object.json() {
                    JsonShape::Value(value) => writer.value(&value),
                    JsonShape::Struct(fields) => {
                        writer.fields(fields.iter().map(|(name, value)| (name.as_bytes(), value)))
                    }
                });
            }
        }
        Ok(())
    }

    fn write(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn nested(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<(), JsonError>,
    ) -> Result<(), JsonError> {
        self.depth += 1;
        let result = deepen(|| write(self));
        self.depth -= 1;
        result
    }

    /// Refuses what lies too deep, unless there is nothing in it.
    fn check_depth(&self, is_empty: bool) -> Result<(), JsonError> {
        if is_empty || self.depth <= DEEPEST {
            Ok(())
        } else {
            Err(JsonError::Depth)
        }
    }

    fn list(&mut self, list: &[Value]) -> Result<(), JsonError> {
        self.check_depth(list.is_empty())?;
        self.write("[");
        for (index, item) in list.iter().enumerate() {
            self.separate(index);
            self.value(item)?;
        }
        self.close(list.is_empty(), "]");
        Ok(())
    }

    fn map(&mut self, map: &Map) -> Result<(), JsonError> {
        if self.depth > SUSPICIOUS_DEPTH {
            if self.path.iter().any(|outer| outer.is_same(map)) {
                return Err(JsonError::Value(format!(
                    "encountered a cycle via {}",
                    map.type_of()
                )));
            }
            self.path.push(map.clone());
        }
        self.check_depth(map.is_empty())?;
        self.fields(
            map.borrow()
                .iter()
                .map(|(key, value)| (key.as_bytes(), value)),
        )?;
        self.path
            .truncate(self.depth.saturating_sub(SUSPICIOUS_DEPTH + 1));
        Ok(())
    }

    fn fields<'v>(
        &mut self,
        fields: impl Iterator<Item = (&'v [u8], &'v Value)>,
    ) -> Result<(), JsonError> {
        self.write("{");
        let mut count = 0;
        for (name, value) in fields {
            self.separate(count);
            write_string(&mut self.out, name, self.style.escape_html);
            self.write(if self.style.indent.is_some() {
                ": "
            } else {
                ":"
            });
            self.value(value)?;
            count += 1;
        }
        self.close(count == 0, "}");
        Ok(())
    }

    fn separate(&mut self, index: usize) {
        if index > 0 {
            self.write(",");
        }
        self.new_line(self.depth);
    }

    fn close(&mut self, empty: bool, bracket: &str) {
        if !empty {
            self.new_line(self.depth - 1);
        }
        self.write(bracket);
    }

    fn new_line(&mut self, depth: usize) {
        if let Some(indent) = self.style.indent {
            self.out.push(b'\n');
            for _ in 0..depth {
                self.out.extend_from_slice(indent.as_bytes());
            }
        }
    }
}

impl Tree for Value {
    fn null() -> Self {
        Self::Nil
    }

    fn bool(truth: bool) -> Self {
        Self::Bool(truth)
    }

    fn number(number: f64) -> Self {
        Self::Float(number)
    }

    fn string(text: String) -> Self {
        Self::from(text)
    }

    fn list(items: Vec<Self>) -> Self {
        Self::list(items)
    }

    fn object(entries: Vec<(String, Self)>) -> Self {
        let entries = entries
            .into_iter()
            .map(|(key, value)| (Text::from(key), value));
        entries.collect::<Map>().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &Value) -> String {
        String::from_utf8(to_json(value).unwrap()).unwrap()
    }

    #[test]
    fn floats_take_an_exponent_only_when_very_large_or_small() {
        for (float, want) in [
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1e-7, "1e-7"),
            (0.000_001, "0.000001"),
            (-0.0, "-0"),
        ] {
            assert_eq!(text(&Value::Float(float)), want);
        }
        assert_eq!(
            to_json(&Value::Float(f64::NAN)).unwrap_err().to_string(),
            "json: unsupported value: NaN"
        );
    }

    #[test]
    fn strings_are_escaped_as_go_does() {
        assert_eq!(
            text(&Value::from(b"\x01\x08\"\\\xff\x7f<".to_vec())),
            "\"\\u0001\\b\\\"\\\\\u{fffd}\u{7f}\\u003c\""
        );
    }

    #[test]
    fn bytes_are_base64_and_nil_lists_null() {
        assert_eq!(text(&Value::Bytes("hi".into())), "\"aGk=\"");
        assert_eq!(text(&Value::zero(Type::LIST)), "null");
    }

    #[test]
    fn a_number_that_is_too_large_is_told_of_with_its_place() {
        for (json, place) in [
            ("1e400", "Go value"),
            (r#"{"a/b":{"c~":-1e400}}"#, "Go struct field .a~1b.c~0"),
            (r#"[0,{"a":[1,1e400]},1e500]"#, ".1.a.1"),
            (r#"{"a":["b,{",{"c":1}],"d":1e400}"#, "Go struct field .d"),
        ] {
            let error = parse::<Value>(json.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(&format!("into {place} of type")), "{error}");
        }
        let (value, error) = parse_partly::<Value>(br#"{"a":[1,1e400]}"#).unwrap();
        assert_eq!(text(&value), r#"{"a":[1,0]}"#);
        assert!(error.is_some());
    }

    #[test]
    fn a_map_that_contains_itself_is_refused() {
        let map = Map::new();
        map.insert("self", map.clone());
        let error = to_json(&Value::Map(map.clone())).unwrap_err();
        assert_eq!(
            error.to_string(),
            "json: unsupported value: encountered a cycle via map[string]interface {}"
        );
        map.remove("self");
    }

    #[test]
    fn indented_json_keeps_empty_brackets_together() {
        let value: Map = [
            ("a", Value::list(vec![])),
            ("b", Value::list(vec![Value::int(1)])),
        ]
        .into_iter()
        .collect();
        let style = Style {
            escape_html: true,
            indent: Some("  "),
        };
        let json = to_json_with(&Value::Map(value), style).unwrap();
        assert_eq!(
            String::from_utf8(json).unwrap(),
            "{\n  \"a\": [],\n  \"b\": [\n    1\n  ]\n}"
        );
    }
}
