//! Is a schema one, in every place?
//!
//! The full validator checks the whole schema against its draft before it looks at a value, so a
//! quick look does as well. What is unusual is refused together with what is wrong.

use std::collections::BTreeSet;

use helmrs_gotemplate::regexp::Regexp;

use super::super::document::Json;
use super::draft::{Draft, Shape};
use super::exact::Decimal;
use super::reference::{self, Target};

/// How deep schemas may lie in each other.
const MAX_DEPTH: usize = 200;

/// The longest pattern that cannot be too large when compiled.
const MAX_PATTERN: usize = 2000;

const TYPES: [&str; 7] = [
    "array", "boolean", "integer", "null", "number", "object", "string",
];

/// Whether a schema is well formed and holds only what a quick look understands.
pub(super) fn is_understood(root: &Json, draft: Draft) -> bool {
    let mut reader = Reader {
        root,
        draft,
        elsewhere: Vec::new(),
        seen: BTreeSet::new(),
    };
    if !reader.is_schema(root, 0) {
        return false;
    }
    while let Some(target) = reader.elsewhere.pop() {
        if reader.seen.insert(std::ptr::from_ref(target).addr()) && !reader.is_schema(target, 1) {
            return false;
        }
    }
    true
}

struct Reader<'s> {
    root: &'s Json,
    draft: Draft,
    /// What is referred to, but does not stand where schemas do.
    elsewhere: Vec<&'s Json>,
    /// The addresses of those that have been looked at.
    seen: BTreeSet<usize>,
}

impl<'s> Reader<'s> {
    fn is_schema(&mut self, schema: &'s Json, depth: usize) -> bool {
        match schema {
            Json::Bool(_) => self.draft > Draft::Four,
            Json::Object(entries) if depth < MAX_DEPTH => entries
                .iter()
                .all(|(keyword, operand)| self.is_shaped(schema, keyword, operand, depth)),
            _ => false,
        }
    }

    fn is_shaped(
        &mut self,
        schema: &'s Json,
        keyword: &str,
        operand: &'s Json,
        depth: usize,
    ) -> bool {
        let is_four = self.draft == Draft::Four;
        match self.draft.shape(keyword) {
            Shape::Anything => true,
            Shape::Unknown => false,
            Shape::Text => operand.text().is_some(),
            Shape::Bool => {
                let goes_with = keyword
                    .strip_prefix("exclusive")
                    .map(str::to_ascii_lowercase);
                matches!(operand, Json::Bool(_))
                    && goes_with.is_none_or(|bound| schema.get(&bound).is_some())
            }
            Shape::Number => decimal(operand).is_some(),
            Shape::Step => decimal(operand).is_some_and(|n| !n.is_zero() && !n.is_negative()),
            Shape::Count => count(operand).is_some(),
            Shape::List => operand.items().is_some(),
            Shape::Schema => self.is_schema(operand, depth + 1),
            Shape::BoolOrSchema => {
                matches!(operand, Json::Bool(_)) || self.is_schema(operand, depth + 1)
            }
            Shape::Schemas => self.are_schemas(operand, depth),
            Shape::SchemaOrSchemas => match operand {
                Json::List(_) => self.are_schemas(operand, depth),
                _ => self.is_schema(operand, depth + 1),
            },
            Shape::SchemaMap => self.is_map(operand, |reader, _, schema| {
                reader.is_schema(schema, depth + 1)
            }),
            Shape::PatternMap => self.is_map(operand, |reader, pattern, schema| {
                is_pattern(pattern) && reader.is_schema(schema, depth + 1)
            }),
            Shape::Dependencies => self.is_map(operand, |reader, _, needs| match needs {
                Json::List(_) => are_names(needs, is_four),
                _ => reader.is_schema(needs, depth + 1),
            }),
            Shape::Names => are_names(operand, is_four),
            Shape::NamesMap => self.is_map(operand, |_, _, names| are_names(names, false)),
            Shape::Types => are_types(operand),
            Shape::Enumeration => self.is_enumeration(operand),
            Shape::Pattern => operand.text().is_some_and(is_pattern),
            Shape::Reference => self.is_reference(operand),
            Shape::Draft => operand.text().is_some_and(|url| Draft::at(url).is_some()),
            Shape::Identity => {
                depth == 0 && operand.text().is_some_and(reference::is_plain_identity)
            }
        }
    }

    fn are_schemas(&mut self, operand: &'s Json, depth: usize) -> bool {
        operand.items().is_some_and(|schemas| {
            let mut schemas = schemas.iter();
            !schemas.as_slice().is_empty() && schemas.all(|one| self.is_schema(one, depth + 1))
        })
    }

    fn is_map(
        &mut self,
        operand: &'s Json,
        mut is_entry: impl FnMut(&mut Self, &'s str, &'s Json) -> bool,
    ) -> bool {
        let entries = operand.entries();
        entries.is_some_and(|entries| entries.iter().all(|(key, one)| is_entry(self, key, one)))
    }

    fn is_enumeration(&self, operand: &Json) -> bool {
        let Some(items) = operand.items() else {
            return false;
        };
        self.draft >= Draft::Of2019 || (!items.is_empty() && are_unique(items))
    }

    /// Whether a reference leads into this very document; its target is looked at later.
    fn is_reference(&mut self, operand: &Json) -> bool {
        let target = operand
            .text()
            .and_then(|text| reference::find(self.root, text, self.draft));
        match target {
            Some(Target::Schema(_)) => true,
            Some(Target::Elsewhere(target)) => {
                self.elsewhere.push(target);
                true
            }
            None => false,
        }
    }
}

pub(super) fn decimal(operand: &Json) -> Option<Decimal> {
    match operand {
        Json::Number(text) => Decimal::parse(text),
        _ => None,
    }
}

/// A bound for lengths.
pub(super) fn count(operand: &Json) -> Option<usize> {
    match operand {
        Json::Number(text) if !text.starts_with('-') => Decimal::parse(text)?.count(),
        _ => None,
    }
}

fn is_pattern(pattern: &str) -> bool {
    pattern.len() <= MAX_PATTERN && Regexp::check(pattern).is_ok()
}

fn are_names(operand: &Json, must_not_be_empty: bool) -> bool {
    let Some(items) = operand.items() else {
        return false;
    };
    let names: Option<BTreeSet<&str>> = items.iter().map(Json::text).collect();
    names.is_some_and(|names| names.len() == items.len())
        && !(must_not_be_empty && items.is_empty())
}

fn are_types(operand: &Json) -> bool {
    let is_type = |one: &Json| one.text().is_some_and(|name| TYPES.contains(&name));
    match operand {
        Json::List(items) => !items.is_empty() && are_unique(items) && items.iter().all(is_type),
        one => is_type(one),
    }
}

/// Whether items are different for certain.
fn are_unique(items: &[Json]) -> bool {
    let mut texts = BTreeSet::new();
    let mut others: Vec<&Json> = Vec::new();
    for item in items {
        let is_new = match item {
            Json::String(text) => texts.insert(text),
            Json::Null | Json::Bool(_) => !others.contains(&item),
            Json::Number(_) => decimal(item).is_some_and(|number| {
                !others
                    .iter()
                    .any(|other| decimal(other).as_ref() == Some(&number))
            }),
            Json::List(_) | Json::Object(_) => false,
        };
        if !is_new || others.len() > 100 {
            return false;
        }
        if item.text().is_none() {
            others.push(item);
        }
    }
    true
}
