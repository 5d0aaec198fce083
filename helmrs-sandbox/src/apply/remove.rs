//! An object without some of its fields.

use serde_json::Value as Json;

use super::path::PathElement;
use super::set::FieldSet;
use super::typed::identify;
use crate::schema::{Atom, Identity, Shape};

/// Removes fields and items from a value; a container left empty becomes null.
// Parity: structured-merge-diff, typed/remove.go.
pub(super) fn remove(shape: &Shape, value: &Json, fields: &FieldSet) -> Json {
    match (shape.atom(Some(value)), value) {
        (Atom::Scalar(_), value) => value.clone(),
        (Atom::List(list), Json::Array(items)) if list.identity != Identity::Atomic => {
            let kept = items.iter().filter_map(|item| {
                let Ok(element) = identify(list, item) else {
                    return Some(item.clone());
                };
                remove_part(&list.items, item, &element, fields)
            });
            let kept: Vec<Json> = kept.collect();
            if kept.is_empty() {
                Json::Null
            } else {
                Json::Array(kept)
            }
        }
        (Atom::Map(map), Json::Object(parts)) if !map.atomic => {
            let kept = parts.iter().filter_map(|(name, part)| {
                let shape = map.shape_of(name).unwrap_or(&Shape::Any);
                let element = PathElement::Field(name.clone());
                Some((name.clone(), remove_part(shape, part, &element, fields)?))
            });
            let kept: serde_json::Map<String, Json> = kept.collect();
            if kept.is_empty() {
                Json::Null
            } else {
                Json::Object(kept)
            }
        }
        _ => Json::Null,
    }
}

fn remove_part(
    shape: &Shape,
    part: &Json,
    element: &PathElement,
    fields: &FieldSet,
) -> Option<Json> {
    if fields.has(element) {
        return None;
    }
    Some(match fields.below(element) {
        Some(below) => remove(shape, part, below),
        None => part.clone(),
    })
}
