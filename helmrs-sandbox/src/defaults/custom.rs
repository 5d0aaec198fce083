//! Defaults of custom resources, as their definition gives them; fields it does not know are dropped.

use serde_json::Value as Json;

use super::canonical;
use crate::schema::{Atom, Shape, metadata};

/// Prunes an object to its schema and fills in the schema's defaults.
pub(super) fn complete(object: &mut Json, shape: &Shape) {
    visit(object, shape);
    if let Some(meta) = object.get_mut("metadata") {
        canonical::make(meta, &metadata());
    }
}

fn visit(value: &mut Json, shape: &Shape) {
    if *shape == Shape::Any {
        return;
    }
    match (shape.atom(Some(value)), value) {
        (Atom::Map(map), Json::Object(fields)) => {
            fields.retain(|name, _| map.shape_of(name).is_some());
            for (name, field) in &map.fields {
                if let Some(default) = &field.default {
                    let value = fields
                        .entry(name.as_str())
                        .or_insert_with(|| default.clone());
                    if value.is_null() {
                        *value = default.clone();
                    }
                }
            }
            for (name, value) in fields.iter_mut().filter(|(name, _)| *name != "metadata") {
                if let Some(shape) = map.shape_of(name) {
                    visit(value, shape);
                }
            }
        }
        (Atom::List(list), Json::Array(items)) => {
            for item in items {
                visit(item, &list.items);
            }
        }
        _ => {}
    }
}
