//! Values straight from the parser, without a tree of nodes between.
//!
//! Nearly every document is plain: no aliases, no tags, no merge keys, nothing that JSON has no form for. Whatever is
//! more is left to the [`Decoder`](super::convert), which knows the order in which the reference finds errors.

use helmrs_gotemplate::stack::depth_limit;

use super::compose::{Builder, Place, Scalar, Stop};
use super::convert::{key_of, value_of};
use super::resolve::{Meaning, resolve};
use super::value::Value;

/// Tells the keys of a document's root whose values are wanted.
pub(super) type Wanted = fn(&str) -> bool;

/// Makes values of nodes as they come.
pub(super) struct Direct {
    integers: bool,
    wanted: Option<Wanted>,
    /// Whether what comes belongs to a value that nobody wants.
    is_skipping: bool,
    depth_limit: usize,
}

/// A mapping being read.
pub(super) struct Fields {
    entries: Vec<(String, Value)>,
    /// The key whose value is awaited.
    key: String,
    is_root: bool,
}

impl Direct {
    pub(super) fn new(integers: bool, wanted: Option<Wanted>) -> Self {
        Self {
            integers,
            wanted,
            is_skipping: false,
            depth_limit: depth_limit(),
        }
    }

    fn key_text(&self, scalar: Scalar<'_>) -> Result<Value, Stop> {
        if self.is_skipping && !scalar.plain {
            return Ok(Value::Null);
        }
        if scalar.is_merge() {
            return Err(Stop::Declined);
        }
        match resolve(&scalar) {
            Ok(Meaning::Text) if self.is_skipping => Ok(Value::Null),
            Ok(meaning) => key_of(meaning, scalar.text)
                .ok()
                .map(Value::String)
                .ok_or(Stop::Declined),
            Err(_) => Err(Stop::Declined),
        }
    }
}

impl<'t> Builder<'t> for Direct {
    type Node = Value;
    type Sequence = Vec<Value>;
    type Mapping = Fields;

    fn scalar(&mut self, scalar: Scalar<'t>, place: Place<'t>) -> Result<Value, Stop> {
        if scalar.tag.is_some() {
            return Err(Stop::Declined);
        }
        if place.is_key {
            return self.key_text(scalar);
        }
        if self.is_skipping && !(scalar.plain && may_be_infinite(&scalar.text)) {
            return Ok(Value::Null);
        }
        match resolve(&scalar) {
            Ok(meaning) => value_of(meaning, scalar.text, self.integers).ok_or(Stop::Declined),
            Err(_) => Err(Stop::Declined),
        }
    }

    fn alias(&mut self, _: &'t str, _: Place<'t>) -> Result<Value, Stop> {
        Err(Stop::Declined)
    }

    fn open_sequence(&mut self, place: Place<'t>) -> Result<Vec<Value>, Stop> {
        if place.is_key || place.depth >= self.depth_limit {
            return Err(Stop::Declined);
        }
        Ok(Vec::new())
    }

    fn item(&mut self, sequence: &mut Vec<Value>, item: Value) {
        if !self.is_skipping {
            sequence.push(item);
        }
    }

    fn close_sequence(&mut self, mut sequence: Vec<Value>) -> Value {
        sequence.shrink_to_fit();
        Value::List(sequence)
    }

    fn open_mapping(&mut self, place: Place<'t>) -> Result<Fields, Stop> {
        if place.is_key || place.depth >= self.depth_limit {
            return Err(Stop::Declined);
        }
        Ok(Fields {
            entries: Vec::new(),
            key: String::new(),
            is_root: place.depth == 0,
        })
    }

    fn key(&mut self, mapping: &mut Fields, key: Value) {
        if let Value::String(key) = key {
            mapping.key = key;
        }
        if let Some(wanted) = self.wanted
            && mapping.is_root
        {
            self.is_skipping = !wanted(&mapping.key);
        }
    }

    fn value(&mut self, mapping: &mut Fields, value: Value) {
        if !self.is_skipping {
            let key = std::mem::take(&mut mapping.key);
            mapping.entries.push((key, value));
        } else if mapping.is_root {
            self.is_skipping = false;
        }
    }

    fn close_mapping(&mut self, mapping: Fields) -> Value {
        let mut entries = mapping.entries;
        entries.shrink_to_fit();
        Value::Map(entries.into())
    }

    fn is_skipping(&self) -> bool {
        self.is_skipping
    }
}

/// Whether a plain text may be a number that JSON cannot hold.
pub(super) fn may_be_infinite(plain: &str) -> bool {
    matches!(plain.as_bytes().first(), Some(b'.' | b'+' | b'-'))
}
