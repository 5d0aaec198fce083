//! Shapes in the terms of OpenAPI.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::schema::{Field, Identity, List, Map, Scalar, Shape};

/// Where a document keeps a schema.
pub(super) fn reference(name: &str) -> String {
    format!("#/components/schemas/{name}")
}

/// The schema of the objects of a kind, spelled out.
pub(super) fn of_kind(shape: &Shape, components: &mut BTreeMap<String, Json>) -> Json {
    match shape.map() {
        Some(map) if !map.fields.is_empty() => of_map(map, components),
        _ => json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true}),
    }
}

/// The schema of a shape; structures become references, and are added to `components`.
pub(super) fn of(shape: &Shape, components: &mut BTreeMap<String, Json>) -> Json {
    match shape {
        Shape::Any => json!({"x-kubernetes-preserve-unknown-fields": true}),
        Shape::Scalar(scalar) => of_scalar(*scalar),
        Shape::List(list) => of_list(list, components),
        Shape::Map(map) => of_map(map, components),
        Shape::Named(name) => {
            if !components.contains_key(*name)
                && let Some(map) = shape.map()
            {
                // First a place, so that a structure may contain itself.
                components.insert((*name).to_owned(), Json::Null);
                let schema = of_map(map, components);
                components.insert((*name).to_owned(), schema);
            }
            json!({ "$ref": reference(name) })
        }
    }
}

fn of_scalar(scalar: Scalar) -> Json {
    match scalar {
        Scalar::Text => json!({"type": "string"}),
        Scalar::Bytes => json!({"type": "string", "format": "byte"}),
        Scalar::Time => json!({"type": "string", "format": "date-time"}),
        Scalar::Boolean => json!({"type": "boolean"}),
        Scalar::Integer => json!({"type": "integer", "format": "int64"}),
        Scalar::Number | Scalar::Any => json!({"type": "number", "format": "double"}),
        Scalar::Quantity => json!({"oneOf": [{"type": "string"}, {"type": "number"}]}),
        Scalar::IntOrString => {
            json!({"format": "int-or-string", "oneOf": [{"type": "integer"}, {"type": "string"}]})
        }
    }
}

fn of_list(list: &List, components: &mut BTreeMap<String, Json>) -> Json {
    let mut schema = json!({"type": "array", "items": of(&list.items, components)});
    match &list.identity {
        Identity::Atomic => schema["x-kubernetes-list-type"] = "atomic".into(),
        Identity::Value => schema["x-kubernetes-list-type"] = "set".into(),
        Identity::Keys(keys) => {
            schema["x-kubernetes-list-type"] = "map".into();
            schema["x-kubernetes-list-map-keys"] = json!(keys);
        }
    }
    schema
}

fn of_map(map: &Map, components: &mut BTreeMap<String, Json>) -> Json {
    let mut schema = json!({"type": "object"});
    if !map.fields.is_empty() {
        let properties = map
            .fields
            .iter()
            .map(|(name, field)| (name, of_field(field, components)));
        schema["properties"] = json!(properties.collect::<BTreeMap<_, _>>());
        let required = map.fields.iter().filter(|(_, field)| field.required);
        let required: Vec<&String> = required.map(|(name, _)| name).collect();
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
    }
    if let Some(others) = &map.others {
        schema["additionalProperties"] = of(others, components);
    }
    if map.atomic {
        schema["x-kubernetes-map-type"] = "atomic".into();
    }
    schema
}

/// A field, with what a strategic merge patch must know of it.
fn of_field(field: &Field, components: &mut BTreeMap<String, Json>) -> Json {
    let mut schema = of(&field.shape, components);
    if schema.get("$ref").is_some() {
        schema = json!({"allOf": [schema], "default": {}});
    }
    if let Some(default) = &field.default {
        schema["default"] = default.clone();
    }
    let mut strategies = Vec::new();
    if field.patch.merge {
        strategies.push("merge");
    }
    if field.patch.retain_keys {
        strategies.push("retainKeys");
    }
    if !strategies.is_empty() {
        schema["x-kubernetes-patch-strategy"] = strategies.join(",").into();
    }
    if let Some(key) = &field.patch.key {
        schema["x-kubernetes-patch-merge-key"] = key.clone().into();
    }
    schema
}
