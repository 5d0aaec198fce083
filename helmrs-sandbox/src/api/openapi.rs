//! The API's description of itself: which kinds, fields and parameters there are.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use http::HeaderMap;
use http::header::ACCEPT;
use serde_json::{Value as Json, json};

use super::path::GroupVersion;
use super::reply::{self, Reply};
use crate::error::ApiError;
use crate::resources::{Kind, Registry};

mod binary;
mod schema;
mod two;

const JSON: &str = "application/json";
/// The older document in protobuf.
const PROTOBUF: &str = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

/// The documents of the newest registry that was described; they are large and change rarely.
#[derive(Default)]
pub(super) struct Documents {
    newest: Mutex<Option<Described>>,
}

/// A registry and its documents.
#[derive(Clone)]
struct Described {
    registry: Arc<Registry>,
    by_path: Arc<BTreeMap<String, Document>>,
}

/// A document as it is sent, and the name of this form of it.
struct Document {
    text: String,
    digest: String,
}

impl Documents {
    /// `/openapi/v3`
    pub(super) fn index(&self, registry: &Arc<Registry>, headers: &HeaderMap) -> Reply {
        let documents = self.of(registry);
        let paths: BTreeMap<&String, Json> = documents
            .iter()
            .map(|(path, document)| {
                let url = format!("/openapi/v3/{path}?hash={}", document.digest);
                (path, json!({ "serverRelativeURL": url }))
            })
            .collect();
        reply::cached(headers, JSON, &json!({ "paths": paths }))
    }

    /// `/openapi/v3/api/v1`, `/openapi/v3/apis/GROUP/VERSION`
    pub(super) fn document(
        &self,
        registry: &Arc<Registry>,
        of: &GroupVersion,
        headers: &HeaderMap,
    ) -> Result<Reply, ApiError> {
        let documents = self.of(registry);
        let document = documents.get(&group_path(&of.group, &of.version));
        let document = document.ok_or_else(ApiError::no_such_resource)?;
        Ok(reply::cached_text(
            headers,
            JSON,
            &document.text,
            &document.digest,
        ))
    }

    /// `/openapi/v2`
    pub(super) fn two(&self, registry: &Arc<Registry>, headers: &HeaderMap) -> Reply {
        let documents = self.of(registry);
        // Asked for by few, and rarely: it is made each time.
        let newer: Vec<Json> = documents
            .values()
            .filter_map(|document| serde_json::from_str(&document.text).ok())
            .collect();
        let document = two::document(newer.iter());
        let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
        if accept.is_some_and(|accept| accept.contains("proto-openapi")) {
            return reply::raw(PROTOBUF, &binary::document(&document));
        }
        reply::cached(headers, JSON, &document)
    }

    fn of(&self, registry: &Arc<Registry>) -> Arc<BTreeMap<String, Document>> {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        match &*newest {
            Some(described) if Arc::ptr_eq(&described.registry, registry) => {
                described.by_path.clone()
            }
            _ => {
                let described = Described {
                    registry: registry.clone(),
                    by_path: Arc::new(describe(registry)),
                };
                newest.insert(described).by_path.clone()
            }
        }
    }
}

fn describe(registry: &Registry) -> BTreeMap<String, Document> {
    let mut groups: BTreeMap<String, Vec<&Kind>> = BTreeMap::new();
    for kind in registry.kinds() {
        groups
            .entry(group_path(&kind.group, &kind.version))
            .or_default()
            .push(kind);
    }
    groups
        .into_iter()
        .map(|(path, kinds)| {
            let text = document(&path, &kinds).to_string();
            let digest = reply::digest(&text);
            (path, Document { text, digest })
        })
        .collect()
}

fn group_path(group: &str, version: &str) -> String {
    if group.is_empty() {
        format!("api/{version}")
    } else {
        format!("apis/{group}/{version}")
    }
}

fn document(path: &str, kinds: &[&Kind]) -> Json {
    let mut paths = BTreeMap::new();
    let mut schemas = BTreeMap::new();
    for kind in kinds {
        let place = if kind.namespaced {
            "/namespaces/{namespace}"
        } else {
            ""
        };
        let base = format!("/{path}{place}/{}", kind.plural);
        let name = schema_name(kind);
        if kind.verbs.contains(&"patch") {
            let one = json!({
                "get": operation(kind, "get", &name),
                "put": operation(kind, "put", &name),
                "patch": operation(kind, "patch", &name),
            });
            paths.insert(format!("{base}/{{name}}"), one);
        }
        paths.insert(base, json!({"post": operation(kind, "post", &name)}));
        let own = schema(kind, &mut schemas);
        schemas.insert(name, own);
    }
    json!({
        "openapi": "3.0.0",
        "info": {"title": "Kubernetes", "version": "v1.36.2"},
        "paths": paths,
        "components": {"schemas": schemas},
    })
}

fn operation(kind: &Kind, action: &str, schema: &str) -> Json {
    let parameter = |name: &str| json!({"name": name, "in": "query", "schema": {"type": "string", "uniqueItems": true}});
    let names: &[&str] = if action == "get" {
        &["pretty"]
    } else {
        &["dryRun", "fieldManager", "fieldValidation"]
    };
    json!({
        "parameters": names.iter().map(|name| parameter(name)).collect::<Vec<_>>(),
        "responses": {"200": {
            "description": "OK",
            "content": {"application/json": {"schema": {"$ref": schema::reference(schema)}}},
        }},
        "x-kubernetes-action": action,
        "x-kubernetes-group-version-kind": group_version_kind(kind),
    })
}

fn group_version_kind(kind: &Kind) -> Json {
    json!({"group": kind.group, "version": kind.version, "kind": kind.kind})
}

fn schema_name(kind: &Kind) -> String {
    if kind.custom.is_some() {
        let group: Vec<&str> = kind.group.rsplit('.').collect();
        return format!("{}.{}.{}", group.join("."), kind.version, kind.kind);
    }
    let group = match kind.group.split('.').next() {
        Some("") | None => "core",
        Some(word) => word,
    };
    format!("io.k8s.api.{group}.{}.{}", kind.version, kind.kind)
}

/// The schema of a kind; structures it names are added to `components`.
fn schema(kind: &Kind, components: &mut BTreeMap<String, Json>) -> Json {
    let own = kind
        .custom
        .as_ref()
        .map(|custom| &custom.schema)
        .filter(|schema| schema.is_object());
    let mut schema = match own {
        Some(own) => own.clone(),
        None => schema::of_kind(&kind.shape, components),
    };
    if own.is_some()
        && let Some(fields) = schema.as_object_mut()
    {
        let properties = fields.entry("properties").or_insert_with(|| json!({}));
        for name in ["apiVersion", "kind"] {
            properties[name] = json!({"type": "string"});
        }
        properties["metadata"] = schema::of(&crate::schema::metadata(), components);
    }
    schema["x-kubernetes-group-version-kind"] = json!([group_version_kind(kind)]);
    schema
}
