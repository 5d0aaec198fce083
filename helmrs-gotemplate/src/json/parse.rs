//! JSON into trees.

mod place;

use std::ops::Range;

use crate::number::{is_printable, quote, quote_with};
use crate::stack::{deepen, depth_limit};

/// Why a text is not JSON, in the words of Go's library.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum ParseError {
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
    #[error("json: cannot unmarshal number {number} into {place} of type float64")]
    Range { number: String, place: String },
}

/// What JSON is read into.
pub trait Tree: Sized {
    /// Makes a null.
    fn null() -> Self;
    /// Makes a truth value.
    fn bool(truth: bool) -> Self;
    /// Makes a number; Go reads every one as a float64.
    fn number(number: f64) -> Self;
    /// Makes a number of what is written, for trees that keep it (`UseNumber` in Go); none for one out of range.
    fn numeral(text: &str) -> Option<Self> {
        let number = text.parse::<f64>().ok()?;
        number.is_finite().then(|| Self::number(number))
    }
    /// Makes a string.
    fn string(text: String) -> Self;
    /// Makes a list.
    fn list(items: Vec<Self>) -> Self;
    /// Makes an object; of entries with the same key the last one counts.
    fn object(entries: Vec<(String, Self)>) -> Self;
}

/// Reads one JSON value as `json.Unmarshal` does for an untyped target; every number becomes a float.
///
/// Keys given twice are accepted, and the last one counts. Bytes that are not UTF-8 and lone
/// surrogates become U+FFFD.
pub fn parse<T: Tree>(text: &[u8]) -> Result<T, ParseError> {
    match parse_partly(text)? {
        (value, None) => Ok(value),
        (_, Some(error)) => Err(error),
    }
}

/// As [`parse`], but numbers that are too large become 0, and the value comes with the error that tells of the first.
pub fn parse_partly<T: Tree>(text: &[u8]) -> Result<(T, Option<ParseError>), ParseError> {
    let mut reader = Reader::new(text);
    let value = reader.value(0)?;
    match reader.next_token() {
        None => Ok((value, reader.too_large())),
        Some(_) => Err(reader.unexpected("after top-level value")),
    }
}

/// Reads the JSON value at the start of a text; gives its length too, with the blanks before it.
// Parity: Go, encoding/json, Decoder.Decode and InputOffset.
pub fn parse_prefix<T: Tree>(text: &[u8]) -> Result<(T, usize), ParseError> {
    parse_prefix_or_offset(text).map_err(|(error, _)| error)
}

/// As [`parse_prefix`]; an error comes with the number of bytes that were read when it was found.
// Parity: Go, encoding/json, SyntaxError.Offset.
pub fn parse_prefix_or_offset<T: Tree>(text: &[u8]) -> Result<(T, usize), (ParseError, usize)> {
    let mut reader = Reader::new(text);
    let read = reader.value(0);
    let end = reader.at;
    let value = read.map_err(|error| {
        let length = match &error {
            ParseError::Character { .. } => character_length(&text[end.min(text.len())..]),
            // The sequence is told between quotes.
            ParseError::Escape { sequence } => sequence.len().saturating_sub(2),
            _ => 0,
        };
        (error, (end + length).min(text.len()))
    })?;
    match reader.too_large() {
        None => Ok((value, end)),
        Some(error) => Err((error, end)),
    }
}

/// How many bytes the first character of a text has; one that is no UTF-8 has one.
fn character_length(text: &[u8]) -> usize {
    let start = text.utf8_chunks().next();
    start
        .and_then(|chunk| chunk.valid().chars().next())
        .map_or(1, char::len_utf8)
}

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    /// How deep values may lie in each other.
    depth_limit: usize,
    /// Where the first number is that is too large for a float.
    too_large: Option<Range<usize>>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t [u8]) -> Self {
        Self {
            text,
            at: 0,
            depth_limit: depth_limit(),
            too_large: None,
        }
    }

    /// The error that tells of a number that is too large.
    fn too_large(&self) -> Option<ParseError> {
        let range = self.too_large.clone()?;
        Some(ParseError::Range {
            place: place::place(self.text, range.start),
            number: String::from_utf8_lossy(&self.text[range]).into_owned(),
        })
    }
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

    fn value<T: Tree>(&mut self, depth: usize) -> Result<T, ParseError> {
        match self.next_token() {
            None => Err(ParseError::UnexpectedEnd),
            Some(b'{') => deepen(|| self.map(depth)),
            Some(b'[') => deepen(|| self.list(depth)),
            Some(b'"') => self.string().map(T::string),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal("true", T::bool(true)),
            Some(b'f') => self.literal("false", T::bool(false)),
            Some(b'n') => self.literal("null", T::null()),
            Some(_) => Err(self.unexpected("looking for beginning of value")),
        }
    }

    fn literal<T: Tree>(&mut self, word: &str, value: T) -> Result<T, ParseError> {
        for (index, expected) in word.bytes().enumerate() {
            match self.peek() {
                None => return Err(ParseError::UnexpectedEnd),
                Some(byte) if byte == expected => self.at += 1,
                Some(_) => return Err(self.unexpected(literal_place(word, index))),
            }
        }
        Ok(value)
    }

    fn map<T: Tree>(&mut self, depth: usize) -> Result<T, ParseError> {
        if depth >= self.depth_limit {
            return Err(ParseError::Depth);
        }
        self.at += 1;
        let mut entries = Vec::new();
        if self.next_token() == Some(b'}') {
            self.at += 1;
            return Ok(T::object(entries));
        }
        loop {
            match self.next_token() {
                None => return Err(ParseError::UnexpectedEnd),
                Some(b'"') => {}
                Some(_) => {
                    return Err(self.unexpected("looking for beginning of object key string"));
                }
            }
            let key = self.string()?;
            match self.next_token() {
                None => return Err(ParseError::UnexpectedEnd),
                Some(b':') => self.at += 1,
                Some(_) => return Err(self.unexpected("after object key")),
            }
            let value = self.value(depth + 1)?;
            entries.push((key, value));
            match self.next_token() {
                None => return Err(ParseError::UnexpectedEnd),
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(T::object(entries));
                }
                Some(_) => return Err(self.unexpected("after object key:value pair")),
            }
        }
    }

    fn list<T: Tree>(&mut self, depth: usize) -> Result<T, ParseError> {
        if depth >= self.depth_limit {
            return Err(ParseError::Depth);
        }
        self.at += 1;
        let mut items = Vec::new();
        if self.next_token() == Some(b']') {
            self.at += 1;
            return Ok(T::list(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            match self.next_token() {
                None => return Err(ParseError::UnexpectedEnd),
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(T::list(items));
                }
                Some(_) => return Err(self.unexpected("after array element")),
            }
        }
    }

    fn number<T: Tree>(&mut self) -> Result<T, ParseError> {
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
        Ok(T::numeral(&text).unwrap_or_else(|| {
            self.too_large.get_or_insert(start..self.at);
            T::number(0.0)
        }))
    }

    fn digits(&mut self) -> Result<(), ParseError> {
        match self.peek() {
            None => return Err(ParseError::UnexpectedEnd),
            Some(b'0'..=b'9') => {}
            Some(_) => return Err(self.unexpected("in numeric literal")),
        }
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        Ok(())
    }

    fn string(&mut self) -> Result<String, ParseError> {
        self.at += 1;
        let plain = self.plain_length();
        let mut bytes = self.text[self.at..self.at + plain].to_vec();
        self.at += plain;
        loop {
            match self.peek() {
                None => return Err(ParseError::UnexpectedEnd),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(String::from_utf8(bytes)
                        .unwrap_or_else(|error| valid_text(error.as_bytes())));
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

    /// How many bytes from here on stand for themselves in a string.
    fn plain_length(&self) -> usize {
        let rest = &self.text[self.at..];
        let is_plain = |byte: &u8| !matches!(byte, b'"' | b'\\' | 0..=0x1f);
        rest.iter()
            .position(|byte| !is_plain(byte))
            .unwrap_or(rest.len())
    }

    fn escape(&mut self, bytes: &mut Vec<u8>) -> Result<(), ParseError> {
        let Some(&letter) = self.text.get(self.at + 1) else {
            return Err(ParseError::UnexpectedEnd);
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
    fn unicode(&mut self, bytes: &mut Vec<u8>) -> Result<(), ParseError> {
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

    fn unit(&mut self) -> Result<u16, ParseError> {
        let mut unit = 0;
        for index in 2..6 {
            let Some(&digit) = self.text.get(self.at + index) else {
                return Err(ParseError::UnexpectedEnd);
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
    fn bad_escape(&self, length: usize) -> ParseError {
        let end = (self.at + length).min(self.text.len());
        let bytes = &self.text[self.at..end];
        let plain = |c: char| is_printable(c) && !matches!(c, '`' | ' ' | '\u{fffd}');
        let sequence = match std::str::from_utf8(bytes) {
            Ok(text) if text.chars().all(plain) => format!("`{text}`"),
            _ => quote(bytes),
        };
        ParseError::Escape { sequence }
    }

    /// The character at hand, which should not be there.
    fn unexpected(&self, place: &'static str) -> ParseError {
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
        ParseError::Character { character, place }
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

/// The text that bytes hold, each byte that is not UTF-8 replaced by U+FFFD as Go's JSON does.
pub fn valid_text(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    out
}
