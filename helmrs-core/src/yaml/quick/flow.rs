//! `[a, b]` and `{a: b}` on one line.

use std::borrow::Cow;

use super::line::{Line, Word};
use crate::yaml::resolve::Dialect;
use crate::yaml::value::{Map, Value};
use crate::yaml::{convert, resolve};

/// How deep brackets may lie in each other.
const MAX_DEPTH: usize = 20;

/// Whether a byte may stand within a plain text in brackets without meaning anything.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'_' | b'/' | b'.' | b'-' | b'$' | b'=' | b'+' | b'~')
}

impl<'t> Line<'t> {
    /// A list or a mapping that ends on the line it begins on.
    pub(super) fn flow(&mut self, integers: bool) -> Option<Value> {
        self.flow_value(integers, 0)
    }

    fn flow_value(&mut self, integers: bool, depth: usize) -> Option<Value> {
        if depth == MAX_DEPTH {
            return None;
        }
        match self.peek()? {
            b'[' => self.flow_list(integers, depth),
            b'{' => self.flow_mapping(integers, depth),
            _ => match self.flow_word()? {
                Word::Quoted(text) => Some(Value::String(text.into_owned())),
                Word::Plain(text) => {
                    let meaning = resolve::plain(text, Dialect::V2);
                    convert::value_of(meaning, Cow::Borrowed(text), integers)
                }
                Word::Other => None,
            },
        }
    }

    fn flow_list(&mut self, integers: bool, depth: usize) -> Option<Value> {
        let mut items = Vec::new();
        self.open_bracket();
        if self.pass_if(b']') {
            return Some(Value::List(items));
        }
        loop {
            items.push(self.flow_value(integers, depth + 1)?);
            if self.separator(b']')? {
                return Some(Value::List(items));
            }
        }
    }

    fn flow_mapping(&mut self, integers: bool, depth: usize) -> Option<Value> {
        let mut entries = Vec::new();
        self.open_bracket();
        if self.pass_if(b'}') {
            return Some(Value::Map(Map::new()));
        }
        loop {
            let start = self.at();
            let key = match self.flow_word()? {
                Word::Quoted(text) => text.into_owned(),
                Word::Plain(text) => {
                    let meaning = resolve::plain(text, Dialect::V2);
                    convert::key_of(meaning, Cow::Borrowed(text)).ok()?
                }
                Word::Other => return None,
            };
            if self.has_breaks_since(start) || !self.pass_colon() || self.skip_spaces() == 0 {
                return None;
            }
            entries.push((key, self.flow_value(integers, depth + 1)?));
            if self.separator(b'}')? {
                return Map::of_distinct(entries).map(Value::Map);
            }
        }
    }

    fn open_bracket(&mut self) {
        self.pass(1);
        self.skip_spaces();
    }

    fn pass_if(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.pass(usize::from(is_next));
        is_next
    }

    /// Passes a comma, or the bracket that ends the collection; tells whether it was the bracket.
    fn separator(&mut self, bracket: u8) -> Option<bool> {
        self.skip_spaces();
        if self.pass_if(bracket) {
            return Some(true);
        }
        let is_comma = self.pass_if(b',');
        self.skip_spaces();
        is_comma.then_some(false)
    }

    fn flow_word(&mut self) -> Option<Word<'t>> {
        match self.peek()? {
            b'"' | b'\'' => self.word(),
            byte if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'/' | b'$') => {
                Some(Word::Plain(self.run(is_plain)))
            }
            _ => None,
        }
    }
}
