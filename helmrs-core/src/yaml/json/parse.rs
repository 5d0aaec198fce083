//! JSON into values.

use helmrs_gotemplate::number::{is_printable, quote, quote_with};

use crate::yaml::value::{Map, Value};

use super::JsonError;

/// How deep values may lie in each other.
const MAX_DEPTH: usize = 1000;

/// Reads one JSON value as `json.Unmarshal` does for an untyped target; every number becomes a float.
///
/// Keys given twice are accepted, and the last one counts. Bytes that are not UTF-8 and lone
/// surrogates become U+FFFD.
pub fn parse(text: &[u8]) -> Result<Value, JsonError> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    match reader.next_token() {
        None => Ok(value),
        Some(_) => Err(reader.unexpected("after top-level value")),
    }
}

/// Reads the JSON value at the start of a text; gives its length too, with the blanks before it.
// Parity: Go, encoding/json, Decoder.Decode and InputOffset.
pub(crate) fn parse_prefix(text: &[u8]) -> Result<(Value, usize), JsonError> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    Ok((value, reader.at))
}

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// The first byte after blanks.
    fn next_token(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
            self.at += 1;
        }
        self.peek()
    }

    fn value(&mut self, depth: usize) -> Result<Value, JsonError> {
        if depth > MAX_DEPTH {
            return Err(JsonError::Depth);
        }
        match self.next_token() {
            None => Err(JsonError::UnexpectedEnd),
            Some(b'{') => self.map(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal("true", Value::Bool(true)),
            Some(b'f') => self.literal("false", Value::Bool(false)),
            Some(b'n') => self.literal("null", Value::Null),
            Some(_) => Err(self.unexpected("looking for beginning of value")),
        }
    }

    fn literal(&mut self, word: &str, value: Value) -> Result<Value, JsonError> {
        for (index, expected) in word.bytes().enumerate() {
            match self.peek() {
                None => return Err(JsonError::UnexpectedEnd),
                Some(byte) if byte == expected => self.at += 1,
                Some(_) => return Err(self.unexpected(literal_place(word, index))),
            }
        }
        Ok(value)
    }

    fn map(&mut self, depth: usize) -> Result<Value, JsonError> {
        self.at += 1;
        let mut entries = Map::new();
        if self.next_token() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Map(entries));
        }
        loop {
            match self.next_token() {
                None => return Err(JsonError::UnexpectedEnd),
                Some(b'"') => {}
                Some(_) => {
                    return Err(self.unexpected("looking for beginning of object key string"));
                }
            }
            let key = self.string()?;
            match self.next_token() {
                None => return Err(JsonError::UnexpectedEnd),
                Some(b':') => self.at += 1,
                Some(_) => return Err(self.unexpected("after object key")),
            }
            let value = self.value(depth + 1)?;
            entries.insert(key, value);
            match self.next_token() {
                None => return Err(JsonError::UnexpectedEnd),
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Value::Map(entries));
                }
                Some(_) => return Err(self.unexpected("after object key:value pair")),
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, JsonError> {
        self.at += 1;
        let mut items = Vec::new();
        if self.next_token() == Some(b']') {
            self.at += 1;
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            match self.next_token() {
                None => return Err(JsonError::UnexpectedEnd),
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Value::List(items));
                }
                Some(_) => return Err(self.unexpected("after array element")),
            }
        }
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        let text = String::from_utf8_lossy(&self.text[start..self.at]);
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Value::Float(number)),
            _ => Err(JsonError::Range {
                number: text.into_owned(),
            }),
        }
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        match self.peek() {
            None => return Err(JsonError::UnexpectedEnd),
            Some(b'0'..=b'9') => {}
            Some(_) => return Err(self.unexpected("in numeric literal")),
        }
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        Ok(())
    }

    fn string(&mut self) -> Result<String, JsonError> {
        self.at += 1;
        let mut bytes = Vec::new();
        loop {
            match self.peek() {
                None => return Err(JsonError::UnexpectedEnd),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(super::valid_text(&bytes));
                }
                Some(b'\\') => self.escape(&mut bytes)?,
                Some(0..=0x1f) => return Err(self.unexpected("in string")),
                Some(byte) => {
                    bytes.push(byte);
                    self.at += 1;
                }
            }
        }
    }

    fn escape(&mut self, bytes: &mut Vec<u8>) -> Result<(), JsonError> {
        let Some(&letter) = self.text.get(self.at + 1) else {
            return Err(JsonError::UnexpectedEnd);
        };
        bytes.push(match letter {
            b'"' | b'\\' | b'/' => letter,
            b'b' => 0x8,
            b'f' => 0xc,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => return self.unicode(bytes),
            _ => return Err(self.bad_escape(2)),
        });
        self.at += 2;
        Ok(())
    }

    /// `\uXXXX`, alone or as a pair of surrogates.
    fn unicode(&mut self, bytes: &mut Vec<u8>) -> Result<(), JsonError> {
        let unit = self.unit()?;
        let mut character = char::from_u32(u32::from(unit));
        if (0xd800..0xdc00).contains(&unit) && self.text[self.at..].starts_with(br"\u") {
            let here = self.at;
            let next = self.unit()?;
            character = char::decode_utf16([unit, next]).next().and_then(Result::ok);
            if character.is_none() {
                self.at = here;
            }
        }
        let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
        bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        Ok(())
    }

    fn unit(&mut self) -> Result<u16, JsonError> {
        let mut unit = 0;
        for index in 2..6 {
            let Some(&digit) = self.text.get(self.at + index) else {
                return Err(JsonError::UnexpectedEnd);
            };
            let Some(digit) = char::from(digit).to_digit(16) else {
                return Err(self.bad_escape(6));
            };
            unit = unit << 4 | u16::try_from(digit).unwrap_or(0);
        }
        self.at += 6;
        Ok(unit)
    }

    // Parity: Go, encoding/json/internal/jsonwire, NewInvalidEscapeSequenceError.
    fn bad_escape(&self, length: usize) -> JsonError {
        let end = (self.at + length).min(self.text.len());
        let sequence = &self.text[self.at..end];
        let sequence = match std::str::from_utf8(sequence) {
            Ok(text)
                if text
                    .chars()
                    .all(|c| is_printable(c) && !matches!(c, '`' | ' ' | '\u{fffd}')) =>
            {
                format!("`{text}`")
            }
            _ => quote(sequence),
        };
        JsonError::Escape { sequence }
    }

    /// The character at hand, which should not be there.
    fn unexpected(&self, place: &'static str) -> JsonError {
        let rest = &self.text[self.at..(self.at + 4).min(self.text.len())];
        let length = match rest
            .utf8_chunks()
            .next()
            .and_then(|chunk| chunk.valid().chars().next())
        {
            Some(character) => character.len_utf8(),
            None => rest.len().min(1),
        };
        let character = quote_with(&rest[..length], '\'', false);
        JsonError::Character { character, place }
    }
}

/// Where in a literal a character is wrong.
fn literal_place(word: &str, index: usize) -> &'static str {
    match (word, index) {
        ("true", 1) => "in literal true (expecting 'r')",
        ("true", 2) => "in literal true (expecting 'u')",
        ("true", _) => "in literal true (expecting 'e')",
        ("false", 1) => "in literal false (expecting 'a')",
        ("false", 2) => "in literal false (expecting 'l')",
        ("false", 3) => "in literal false (expecting 's')",
        ("false", _) => "in literal false (expecting 'e')",
        (_, 1) => "in literal null (expecting 'u')",
        _ => "in literal null (expecting 'l')",
    }
}
