//! The older form of the description, OpenAPI 2.0: one document for everything, made of the newer ones.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

/// The document in which these newer ones are put together.
pub(super) fn document<'a>(newer: impl Iterator<Item = &'a Json>) -> Json {
    let mut paths = BTreeMap::new();
    let mut definitions = BTreeMap::new();
    for document in newer {
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            paths.insert(path.clone(), path_item(item));
        }
        let schemas = document["components"]["schemas"].as_object();
        for (name, schema) in schemas.into_iter().flatten() {
            definitions
                .entry(name.clone())
                .or_insert_with(|| of_schema(schema));
        }
    }
    json!({
        "swagger": "2.0",
        "info": {"title": "Kubernetes", "version": "v1.36.2"},
        "paths": paths,
        "definitions": definitions,
    })
}

fn path_item(item: &Json) -> Json {
    let operations = item.as_object().into_iter().flatten();
    operations
        .map(|(verb, newer)| (verb.clone(), operation(verb, newer)))
        .collect()
}

fn operation(verb: &str, newer: &Json) -> Json {
    let content = &newer["responses"]["200"]["content"]["application/json"]["schema"];
    let schema = of_schema(content);
    let mut parameters: Vec<Json> = newer["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|parameter| json!({"name": parameter["name"], "in": "query", "type": "string", "uniqueItems": true}))
        .collect();
    if verb != "get" {
        parameters.push(json!({"name": "body", "in": "body", "required": true, "schema": schema}));
    }
    json!({
        "consumes": ["application/json", "application/yaml"],
        "produces": ["application/json"],
        "parameters": parameters,
        "responses": {"200": {"description": "OK", "schema": schema}},
        "x-kubernetes-action": newer["x-kubernetes-action"],
        "x-kubernetes-group-version-kind": newer["x-kubernetes-group-version-kind"],
    })
}

/// A schema without what the older form has no word for.
fn of_schema(newer: &Json) -> Json {
    let Json::Object(fields) = newer else {
        return newer.clone();
    };
    if let Some(target) = fields.get("$ref").and_then(Json::as_str) {
        let target = target.replace("#/components/schemas/", "#/definitions/");
        return json!({ "$ref": target });
    }
    if let Some(Json::Array(one)) = fields.get("allOf")
        && let [only] = one.as_slice()
    {
        return with_extensions(of_schema(only), fields);
    }
    let mut schema = Map::new();
    for (name, value) in fields {
        match name.as_str() {
            "properties" => {
                let inner = value.as_object().into_iter().flatten();
                let inner: Map<String, Json> = inner
                    .map(|(name, inner)| (name.clone(), of_schema(inner)))
                    .collect();
                schema.insert(name.clone(), inner.into());
            }
            "items" | "additionalProperties" => {
                schema.insert(name.clone(), of_schema(value));
            }
            // What may be one of several is a text, which clients know how to read.
            "oneOf" => {
                schema.insert("type".to_owned(), "string".into());
            }
            "anyOf" | "allOf" | "not" | "nullable" => {}
            _ => {
                schema.insert(name.clone(), value.clone());
            }
        }
    }
    schema.into()
}

fn with_extensions(mut schema: Json, fields: &Map<String, Json>) -> Json {
    for (name, value) in fields.iter().filter(|(name, _)| name.starts_with("x-")) {
        schema[name.as_str()] = value.clone();
    }
    schema
}
