//! Objects seen through their shape: do they fit it, which item of a list is which, which fields are set.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value as Json;

use super::path::{Path, PathElement};
use super::set::FieldSet;
use crate::schema::{Atom, Identity, List, Map, Scalar, Shape};

/// What does not fit a shape, with paths.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<(Path, String)>);

impl fmt::Display for Problems {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut texts = self.0.iter().map(|(path, text)| match path.0.as_slice() {
            [] => text.clone(),
            _ => format!("{path}: {text}"),
        });
        match (texts.next(), self.0.len()) {
            (Some(text), 1) => out.write_str(&text),
            (first, _) => {
                out.write_str("errors:")?;
                first
                    .into_iter()
                    .chain(texts)
                    .try_for_each(|text| write!(out, "\n  {text}"))
            }
        }
    }
}

/// Names an object as errors do: `namespace/name; group/version, Kind=Kind`.
pub(super) fn describe(object: &Json) -> String {
    let word = |pointer: &str| {
        object
            .pointer(pointer)
            .and_then(Json::as_str)
            .unwrap_or_default()
    };
    let (group, version) = word("/apiVersion")
        .rsplit_once('/')
        .unwrap_or(("", word("/apiVersion")));
    let (namespace, name) = (word("/metadata/namespace"), word("/metadata/name"));
    format!(
        "{namespace}/{name}; {group}/{version}, Kind={}",
        word("/kind")
    )
}

/// Checks that an object fits its shape and that no list holds an item twice.
pub(super) fn validate(shape: &Shape, object: &Json) -> Result<(), Problems> {
    let mut problems = Problems::default();
    check(shape, object, &mut Vec::new(), &mut problems);
    if problems.0.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

fn check(shape: &Shape, value: &Json, path: &mut Vec<PathElement>, problems: &mut Problems) {
    let text = match (shape.atom(Some(value)), value) {
        (_, Json::Null) => None,
        (Atom::Map(map), Json::Object(fields)) => {
            check_fields(map, fields, path, problems);
            None
        }
        (Atom::List(list), Json::Array(items)) => {
            check_items(list, items, path, problems);
            None
        }
        (Atom::Map(_), _) => Some(format!("expected map, got {}", pointed(value))),
        (Atom::List(_), _) => Some(format!("expected list, got {}", pointed(value))),
        (Atom::Scalar(scalar), value) => scalar_problem(scalar, value),
    };
    if let Some(text) = text {
        problems.0.push((Path(path.clone()), text));
    }
}

fn check_fields(
    map: &Map,
    fields: &serde_json::Map<String, Json>,
    path: &mut Vec<PathElement>,
    problems: &mut Problems,
) {
    for (name, value) in fields {
        path.push(PathElement::Field(name.clone()));
        match map.shape_of(name) {
            Some(shape) => check(shape, value, path, problems),
            None => problems.0.push((
                Path(path.clone()),
                "field not declared in schema".to_owned(),
            )),
        }
        path.pop();
    }
}

fn check_items(list: &List, items: &[Json], path: &mut Vec<PathElement>, problems: &mut Problems) {
    let mut seen = BTreeSet::new();
    for (index, item) in (0..).zip(items) {
        let element = if list.identity == Identity::Atomic {
            PathElement::Index(index)
        } else {
            match identify(list, item) {
                Ok(element) => element,
                Err(text) => {
                    problems
                        .0
                        .push((Path(path.clone()), format!("element {index}: {text}")));
                    return;
                }
            }
        };
        if !seen.insert(element.clone()) {
            problems.0.push((
                Path(path.clone()),
                format!("duplicate entries for key {element}"),
            ));
        }
        path.push(element);
        check(&list.items, item, path, problems);
        path.pop();
    }
}

// Parity: structured-merge-diff, typed/validate.go: values are printed as Go prints its own structures.
fn scalar_problem(scalar: Scalar, value: &Json) -> Option<String> {
    match (scalar, value) {
        (Scalar::Text | Scalar::Bytes | Scalar::Time, Json::String(_))
        | (Scalar::Boolean, Json::Bool(_))
        | (Scalar::Integer | Scalar::Number, Json::Number(_))
        | (
            Scalar::Quantity | Scalar::IntOrString | Scalar::Any,
            Json::String(_) | Json::Number(_) | Json::Bool(_),
        ) => None,
        (Scalar::Text | Scalar::Bytes | Scalar::Time, value) => Some(format!(
            "expected string, got &value.valueUnstructured{{Value:{}}}",
            go_syntax(value)
        )),
        (Scalar::Boolean, value) => Some(format!("expected boolean, got {}", pointed(value))),
        (Scalar::Integer | Scalar::Number, value) => Some(format!(
            "expected numeric (int or float), got {}",
            go_type(value)
        )),
        (Scalar::Quantity | Scalar::IntOrString | Scalar::Any, value) => {
            Some(format!("expected any scalar, got {}", pointed(value)))
        }
    }
}

fn pointed(value: &Json) -> String {
    format!("&{{{}}}", go_print(value))
}

/// What `%v` makes of a value.
fn go_print(value: &Json) -> String {
    match value {
        Json::Null => "<nil>".to_owned(),
        Json::String(text) => text.clone(),
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(go_print).collect();
            format!("[{}]", items.join(" "))
        }
        Json::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{name}:{}", go_print(value)))
                .collect();
            format!("map[{}]", fields.join(" "))
        }
        Json::Bool(_) | Json::Number(_) => value.to_string(),
    }
}

/// What `%#v` makes of a value.
fn go_syntax(value: &Json) -> String {
    match value {
        Json::Null => "interface {}(nil)".to_owned(),
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(go_syntax).collect();
            format!("[]interface {{}}{{{}}}", items.join(", "))
        }
        Json::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{name:?}:{}", go_syntax(value)))
                .collect();
            format!("map[string]interface {{}}{{{}}}", fields.join(", "))
        }
        Json::String(_) | Json::Bool(_) | Json::Number(_) => value.to_string(),
    }
}

fn go_type(value: &Json) -> &'static str {
    match value {
        Json::Null => "<nil>",
        Json::String(_) => "string",
        Json::Bool(_) => "bool",
        Json::Number(number) if number.is_f64() => "float64",
        Json::Number(_) => "int64",
        Json::Array(_) => "[]interface {}",
        Json::Object(_) => "map[string]interface {}",
    }
}

/// Which item of its list this is.
pub(super) fn identify(list: &List, item: &Json) -> Result<PathElement, String> {
    match &list.identity {
        Identity::Atomic => Err("invalid indexing of non-associative list".to_owned()),
        Identity::Value => match item {
            Json::Object(_) => {
                Err("associative list without keys has an element that's a map type".to_owned())
            }
            Json::Array(_) => {
                Err("not supported: associative list with lists as elements".to_owned())
            }
            Json::Null => Err(
                "associative list without keys has an element that's an explicit null".to_owned(),
            ),
            _ => Ok(PathElement::Value(item.clone())),
        },
        Identity::Keys(keys) => identify_by_keys(list, keys, item),
    }
}

fn identify_by_keys(list: &List, keys: &[String], item: &Json) -> Result<PathElement, String> {
    let fields = match item {
        Json::Object(fields) => fields,
        Json::Null => {
            return Err("associative list with keys may not have a null element".to_owned());
        }
        _ => return Err("associative list with keys may not have non-map elements".to_owned()),
    };
    let map = list.items.map();
    let default = |key: &String| map.and_then(|map| map.fields.get(key)?.default.clone());
    let mut values: Vec<(String, Json)> = keys
        .iter()
        .filter_map(|key| {
            Some((
                key.clone(),
                fields.get(key).cloned().or_else(|| default(key))?,
            ))
        })
        .collect();
    if values.is_empty() {
        let names: Vec<String> = keys.iter().map(|key| format!("{key:?}")).collect();
        return Err(format!(
            "associative list with keys has an element that omits all key fields [{}] (and doesn't have default values for any key fields)",
            names.join(" ")
        ));
    }
    values.sort_by(|left, right| left.0.cmp(&right.0));
    Ok(PathElement::Key(values))
}

/// The fields an object sets.
pub(super) fn field_set(shape: &Shape, object: &Json) -> FieldSet {
    parts_of(shape, object).parts
}

struct Parts {
    /// Whether the value is one field without parts.
    leaf: bool,
    parts: FieldSet,
}

impl Parts {
    fn leaf() -> Self {
        Self {
            leaf: true,
            parts: FieldSet::default(),
        }
    }

    fn of(parts: FieldSet) -> Self {
        Self { leaf: false, parts }
    }
}

fn parts_of(shape: &Shape, value: &Json) -> Parts {
    match (shape.atom(Some(value)), value) {
        (Atom::Scalar(_), _) => Parts::leaf(),
        (Atom::Map(map), _) if map.atomic => Parts::leaf(),
        (Atom::List(list), _) if list.identity == Identity::Atomic => Parts::leaf(),
        (Atom::Map(map), Json::Object(fields)) => Parts::of(parts_of_fields(map, fields)),
        (Atom::List(list), Json::Array(items)) => Parts::of(parts_of_items(list, items)),
        _ => Parts::of(FieldSet::default()),
    }
}

fn parts_of_fields(map: &Map, fields: &serde_json::Map<String, Json>) -> FieldSet {
    let mut set = FieldSet::default();
    for (name, value) in fields {
        let inner = parts_of(map.shape_of(name).unwrap_or(&Shape::Any), value);
        let empty = value.is_null() || value.as_object().is_some_and(serde_json::Map::is_empty);
        let member = inner.leaf || empty || !map.fields.contains_key(name);
        set.insert_node(PathElement::Field(name.clone()), member, inner.parts);
    }
    set
}

fn parts_of_items(list: &List, items: &[Json]) -> FieldSet {
    let (mut set, mut seen, mut twice) = (FieldSet::default(), BTreeSet::new(), BTreeSet::new());
    for element in items.iter().filter_map(|item| identify(list, item).ok()) {
        if !seen.insert(element.clone()) {
            twice.insert(element);
        }
    }
    for item in items {
        let Ok(element) = identify(list, item) else {
            continue;
        };
        let parts = if twice.contains(&element) {
            FieldSet::default()
        } else {
            parts_of(&list.items, item).parts
        };
        set.insert_node(element, true, parts);
    }
    set
}
