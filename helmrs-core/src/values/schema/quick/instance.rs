//! What is checked: values as they are, nothing copied.

use std::collections::{BTreeMap, BTreeSet};

use super::super::document::Json;
use super::exact::Decimal;
use super::verdict::Verdict;
use crate::yaml::{Map, Value, json};

/// A value, or the name of an entry.
#[derive(Clone, Copy, Debug)]
pub(super) enum Instance<'v> {
    Null,
    Bool(bool),
    Number(Number),
    Text(&'v str),
    List(&'v [Value]),
    Map(&'v Map),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Number {
    Integer(i64),
    Float(f64),
}

impl<'v> From<&'v Value> for Instance<'v> {
    fn from(value: &'v Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(truth) => Self::Bool(*truth),
            Value::Integer(number) => Self::Number(Number::Integer(*number)),
            Value::Float(number) => Self::Number(Number::Float(*number)),
            Value::String(text) => Self::Text(text),
            Value::Raw(text) => Self::Text(text.as_str()),
            Value::List(items) => Self::List(items),
            Value::Map(entries) => Self::Map(entries),
        }
    }
}

impl Instance<'_> {
    /// Whether this is of a type that a schema names.
    pub(super) fn is_of(self, kind: &str) -> bool {
        let is_whole = || matches!(self, Self::Number(number) if number.is_whole());
        self.kind() == kind || (kind == "integer" && is_whole())
    }

    /// The type's name.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::Text(_) => "string",
            Self::List(_) => "array",
            Self::Map(_) => "object",
        }
    }

    /// Whether this is what a schema says.
    pub(super) fn equals(self, wanted: &Json) -> Verdict {
        match (self, wanted) {
            (Self::Null, Json::Null) => Verdict::Yes,
            (Self::Bool(found), Json::Bool(wanted)) => Verdict::from(found == *wanted),
            (Self::Text(found), Json::String(wanted)) => Verdict::from(found == wanted),
            (Self::Number(found), Json::Number(wanted)) => {
                match (Decimal::of(found), Decimal::parse(wanted)) {
                    (Some(found), Some(wanted)) => Verdict::from(found == wanted),
                    _ => Verdict::Unsure,
                }
            }
            (Self::List(found), Json::List(wanted)) if found.len() == wanted.len() => {
                let pairs = found.iter().zip(wanted);
                Verdict::all(pairs, |(found, wanted)| Self::from(found).equals(wanted))
            }
            (Self::Map(found), Json::Object(wanted)) if found.len() == wanted.len() => {
                let pairs = found.iter().zip(wanted);
                Verdict::all(pairs, |((key, found), (name, wanted))| {
                    Verdict::from(key == name).and(|| Self::from(found).equals(wanted))
                })
            }
            _ => Verdict::No,
        }
    }
}

impl Number {
    pub(super) fn is_whole(self) -> bool {
        match self {
            Self::Integer(_) => true,
            Self::Float(number) => number.fract() == 0.0,
        }
    }
}

/// Whether no two items are the same.
pub(super) fn are_unique(items: &[Value]) -> Verdict {
    let mut seen = BTreeSet::new();
    Verdict::all(items, |item| match json::to_json(item) {
        // Zero may be written with a sign.
        Ok(text) if !text.contains("-0") => Verdict::from(seen.insert(text)),
        _ => Verdict::Unsure,
    })
}

/// Which items are the same: the first that equals one before it, and that one first.
pub(super) fn duplicates(items: &[Value]) -> Option<(usize, usize)> {
    let mut seen = BTreeMap::new();
    items.iter().enumerate().find_map(|(index, item)| {
        let text = json::to_json(item).ok()?;
        let before = *seen.entry(text).or_insert(index);
        (before != index).then_some((before, index))
    })
}
