//! The data file of built-in kinds, read once when first asked for.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::{Field, Identity, List, Map, Scalar, Shape};

/// What the file says.
#[derive(Debug, Default)]
struct Facts {
    kinds: BTreeMap<(&'static str, &'static str), &'static str>,
    structures: BTreeMap<&'static str, Map>,
}

static FACTS: LazyLock<Facts> = LazyLock::new(|| read(include_str!("../../schema/builtin.txt")));

/// The name of the structure of a kind.
pub(super) fn kind(api_version: &str, kind: &str) -> Option<&'static str> {
    FACTS.kinds.get(&(api_version, kind)).copied()
}

/// A structure by name.
pub(super) fn structure(name: &str) -> Option<&'static Map> {
    FACTS.structures.get(name)
}

/// Every structure.
#[cfg(test)]
pub(super) fn structures() -> &'static BTreeMap<&'static str, Map> {
    &FACTS.structures
}

fn read(text: &'static str) -> Facts {
    let mut facts = Facts::default();
    let mut structure = "";
    for line in text.lines() {
        let mut words = line.split_ascii_whitespace();
        match (line.starts_with(' '), words.next()) {
            (true, Some(name)) => {
                let (name, field) = read_field(name, words);
                facts
                    .structures
                    .entry(structure)
                    .or_default()
                    .fields
                    .insert(name, field);
            }
            (false, Some("kind")) => {
                if let (Some(version), Some(kind), Some(name)) =
                    (words.next(), words.next(), words.next())
                {
                    facts.kinds.insert((version, kind), name);
                }
            }
            (false, Some("type")) => {
                structure = words.next().unwrap_or_default();
                facts.structures.entry(structure).or_default().atomic = words.next().is_some();
            }
            _ => {}
        }
    }
    facts
}

fn read_field(
    name: &'static str,
    mut words: std::str::SplitAsciiWhitespace<'static>,
) -> (String, Field) {
    let shape = words.next().unwrap_or("any");
    let mut field = Field::optional(Shape::Any);
    field.required = name.ends_with('!');
    let (mut identity, mut atomic) = (Identity::Atomic, false);
    for rule in words {
        match rule.split_once('=').unwrap_or((rule, "")) {
            ("keys", keys) => {
                identity = Identity::Keys(keys.split(',').map(str::to_owned).collect());
            }
            ("set", _) => identity = Identity::Value,
            ("atomic", _) => atomic = true,
            ("merge", key) => {
                field.patch.merge = true;
                field.patch.key = (!key.is_empty()).then(|| key.to_owned());
            }
            ("retain", _) => field.patch.retain_keys = true,
            ("default", value) => field.default = Some(value.into()),
            _ => {}
        }
    }
    field.shape = read_shape(shape, identity, atomic);
    (name.trim_end_matches('!').to_owned(), field)
}

fn read_shape(word: &'static str, identity: Identity, atomic: bool) -> Shape {
    if let Some(name) = word.strip_prefix('@') {
        return Shape::Named(name);
    }
    if let Some(items) = word
        .strip_prefix('[')
        .and_then(|word| word.strip_suffix(']'))
    {
        let items = read_shape(items, Identity::Atomic, false);
        return Shape::List(Arc::new(List { items, identity }));
    }
    if let Some(values) = word
        .strip_prefix('{')
        .and_then(|word| word.strip_suffix('}'))
    {
        let others = Some(read_shape(values, Identity::Atomic, false));
        return Shape::Map(Arc::new(Map {
            others,
            atomic,
            ..Map::default()
        }));
    }
    match word {
        "str" => Shape::Scalar(Scalar::Text),
        "bytes" => Shape::Scalar(Scalar::Bytes),
        "time" => Shape::Scalar(Scalar::Time),
        "bool" => Shape::Scalar(Scalar::Boolean),
        "int" => Shape::Scalar(Scalar::Integer),
        "num" => Shape::Scalar(Scalar::Number),
        "quantity" => Shape::Scalar(Scalar::Quantity),
        "intstr" => Shape::Scalar(Scalar::IntOrString),
        _ => Shape::Any,
    }
}
