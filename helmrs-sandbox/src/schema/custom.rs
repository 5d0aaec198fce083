//! The shape of custom resources, read from the `openAPIV3Schema` of their definition.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{Field, Identity, List, Map, Scalar, Shape, metadata};

/// The shape of the objects of a custom resource, from the schema of one version.
pub(crate) fn from_definition(schema: &Json) -> Shape {
    match read(schema) {
        Shape::Map(map) => {
            let mut map = Arc::unwrap_or_clone(map);
            with_object_fields(&mut map);
            Shape::Map(Arc::new(map))
        }
        other => other,
    }
}

/// Adds what every object has, whatever its schema says.
fn with_object_fields(map: &mut Map) {
    for name in ["apiVersion", "kind"] {
        map.fields.insert(
            name.to_owned(),
            Field::optional(Shape::Scalar(Scalar::Text)),
        );
    }
    map.fields
        .insert("metadata".to_owned(), Field::optional(metadata()));
}

fn read(schema: &Json) -> Shape {
    let flag = |name: &str| schema.get(name).and_then(Json::as_bool).unwrap_or_default();
    if flag("x-kubernetes-int-or-string") {
        return Shape::Scalar(Scalar::IntOrString);
    }
    let word = |name: &str| schema.get(name).and_then(Json::as_str).unwrap_or_default();
    match word("type") {
        "string" if word("format") == "byte" => Shape::Scalar(Scalar::Bytes),
        "string" => Shape::Scalar(Scalar::Text),
        "boolean" => Shape::Scalar(Scalar::Boolean),
        "integer" => Shape::Scalar(Scalar::Integer),
        "number" => Shape::Scalar(Scalar::Number),
        "array" => Shape::List(Arc::new(read_list(schema))),
        "object" => {
            let mut map = read_map(schema);
            if flag("x-kubernetes-embedded-resource") {
                with_object_fields(&mut map);
            }
            Shape::Map(Arc::new(map))
        }
        _ => Shape::Any,
    }
}

fn read_list(schema: &Json) -> List {
    let items = schema.get("items").map_or(Shape::Any, read);
    let identity = match schema.get("x-kubernetes-list-type").and_then(Json::as_str) {
        Some("set") => Identity::Value,
        Some("map") => {
            let keys = schema
                .get("x-kubernetes-list-map-keys")
                .and_then(Json::as_array);
            let keys = keys
                .into_iter()
                .flatten()
                .filter_map(Json::as_str)
                .map(str::to_owned);
            Identity::Keys(keys.collect())
        }
        _ => Identity::Atomic,
    };
    List { items, identity }
}

fn read_map(schema: &Json) -> Map {
    let preserved = schema
        .get("x-kubernetes-preserve-unknown-fields")
        .and_then(Json::as_bool)
        .unwrap_or_default();
    let required = schema.get("required").and_then(Json::as_array);
    let fields = schema
        .get("properties")
        .and_then(Json::as_object)
        .into_iter()
        .flatten()
        .map(|(name, inner)| {
            let mut field = Field::optional(read(inner));
            field.required = required.is_some_and(|names| names.iter().any(|other| other == name));
            field.default = inner.get("default").cloned();
            (name.clone(), field)
        });
    Map {
        fields: fields.collect(),
        others: match schema.get("additionalProperties") {
            Some(Json::Bool(true)) => Some(Shape::Any),
            Some(inner @ Json::Object(_)) => Some(read(inner)),
            _ => preserved.then_some(Shape::Any),
        },
        atomic: schema.get("x-kubernetes-map-type").and_then(Json::as_str) == Some("atomic"),
    }
}
