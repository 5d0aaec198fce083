//! The API's description of itself: enough for clients to see which kinds and parameters there are.

use std::collections::BTreeMap;

use http::HeaderMap;
use http::header::ACCEPT;
use serde_json::{Value as Json, json};

use super::path::GroupVersion;
use super::reply::{self, Reply};
use crate::resources::{Kind, Registry};

/// `/openapi/v3`
pub(super) fn index(registry: &Registry) -> Json {
    let mut paths = BTreeMap::new();
    for kind in registry.kinds() {
        let path = group_path(&kind.group, &kind.version);
        if paths.contains_key(&path) {
            continue;
        }
        let of = GroupVersion {
            group: kind.group.clone(),
            version: kind.version.clone(),
        };
        if let Some(document) = document(registry, &of) {
            let hash = reply::digest(&document.to_string());
            let url = format!("/openapi/v3/{path}?hash={hash}");
            paths.insert(path, json!({ "serverRelativeURL": url }));
        }
    }
    json!({ "paths": paths })
}

fn group_path(group: &str, version: &str) -> String {
    if group.is_empty() {
        format!("api/{version}")
    } else {
        format!("apis/{group}/{version}")
    }
}

/// `/openapi/v3/api/v1`, `/openapi/v3/apis/GROUP/VERSION`
pub(super) fn document(registry: &Registry, of: &GroupVersion) -> Option<Json> {
    let mut paths = BTreeMap::new();
    let mut schemas = BTreeMap::new();
    for kind in registry.kinds() {
        if kind.group != of.group || kind.version != of.version {
            continue;
        }
        let place = if kind.namespaced {
            "/namespaces/{namespace}"
        } else {
            ""
        };
        let base = format!(
            "/{}{place}/{}",
            group_path(&of.group, &of.version),
            kind.plural
        );
        paths.insert(base.clone(), json!({"post": operation(kind, "post")}));
        if kind.verbs.contains(&"patch") {
            let one = json!({"put": operation(kind, "put"), "patch": operation(kind, "patch")});
            paths.insert(format!("{base}/{{name}}"), one);
        }
        schemas.insert(schema_name(kind), schema(kind));
    }
    if paths.is_empty() {
        return None;
    }
    Some(json!({
        "openapi": "3.0.0",
        "info": {"title": "Kubernetes", "version": "v1.36.2"},
        "paths": paths,
        "components": {"schemas": schemas},
    }))
}

/// The older document in protobuf.
const PROTOBUF: &str = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

/// `/openapi/v2`
pub(super) fn two(registry: &Registry, headers: &HeaderMap) -> Reply {
    let accept = headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if accept.contains("proto-openapi") {
        // A document that says its version (field 1) and describes nothing: clients go on without it.
        return reply::raw(PROTOBUF, b"\x0a\x032.0");
    }
    reply::cached(headers, "application/json", &two_json(registry))
}

fn two_json(registry: &Registry) -> Json {
    let mut definitions = BTreeMap::new();
    for kind in registry.kinds() {
        definitions.insert(schema_name(kind), schema(kind));
    }
    json!({
        "swagger": "2.0",
        "info": {"title": "Kubernetes", "version": "v1.36.2"},
        "paths": {},
        "definitions": definitions,
    })
}

fn operation(kind: &Kind, action: &str) -> Json {
    let parameter = |name: &str| json!({"name": name, "in": "query", "schema": {"type": "string", "uniqueItems": true}});
    let names = ["dryRun", "fieldManager", "fieldValidation"];
    json!({
        "parameters": names.map(parameter),
        "responses": {"200": {"description": "OK"}},
        "x-kubernetes-action": action,
        "x-kubernetes-group-version-kind": group_version_kind(kind),
    })
}

fn group_version_kind(kind: &Kind) -> Json {
    json!({"group": kind.group, "version": kind.version, "kind": kind.kind})
}

fn schema_name(kind: &Kind) -> String {
    let group = match kind.group.split('.').next() {
        Some("") | None => "core",
        Some(word) => word,
    };
    if kind.custom.is_some() {
        let group: Vec<&str> = kind.group.rsplit('.').collect();
        return format!("{}.{}.{}", group.join("."), kind.version, kind.kind);
    }
    format!("io.k8s.api.{group}.{}.{}", kind.version, kind.kind)
}

fn schema(kind: &Kind) -> Json {
    let own = kind
        .custom
        .as_ref()
        .map(|custom| &custom.schema)
        .filter(|schema| schema.is_object());
    let mut schema = own.cloned().unwrap_or_else(|| {
        json!({"type": "object", "properties": {}, "x-kubernetes-preserve-unknown-fields": true})
    });
    if let Some(properties) = schema["properties"].as_object_mut() {
        for name in ["apiVersion", "kind"] {
            properties
                .entry(name)
                .or_insert_with(|| json!({"type": "string"}));
        }
        properties
            .entry("metadata")
            .or_insert_with(|| json!({"type": "object"}));
    }
    schema["x-kubernetes-group-version-kind"] = json!([group_version_kind(kind)]);
    schema
}
