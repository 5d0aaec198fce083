//! The `scale` of workloads: their number of replicas, alone.

use http::Method;
use serde_json::{Value as Json, json};

use super::read::request;
use super::reply::{self, Reply};
use super::{Call, Place, body};
use crate::error::ApiError;
use crate::objects::Objects;
use crate::patch::{self, Dialect};
use crate::resources::Kind;
use crate::schema::Shape;

/// Reads or writes a scale.
pub(super) fn answer(objects: &Objects, call: &Call, place: &Place) -> Result<Reply, ApiError> {
    let request = request(call, place);
    let live = objects.get(&request)?;
    let paths = Paths::of(&place.kind);
    let current = paths.scale(&live);
    let wanted = match call.method {
        Method::GET | Method::HEAD => return Ok(reply::json(200, &current)),
        Method::PUT => body::object(&call.headers, &call.body)?,
        Method::PATCH => {
            let dialect = match body::media_type(&call.headers) {
                "application/json-patch+json" => Dialect::Json,
                _ => Dialect::Merge,
            };
            let change = body::json(&call.body)?;
            patch::patched(dialect, &current, &change, &Shape::Any)
                .map_err(|error| ApiError::bad_request(error.to_string()))?
        }
        _ => return Err(ApiError::method_not_allowed()),
    };
    let version = wanted["metadata"]["resourceVersion"]
        .as_str()
        .unwrap_or_default();
    if !version.is_empty() && Some(version) != live["metadata"]["resourceVersion"].as_str() {
        let why = "the object has been modified; please apply your changes to the latest version and try again";
        return Err(ApiError::conflict(&place.kind, &request.name, why));
    }
    let replicas = wanted["spec"]["replicas"].as_i64().unwrap_or_default();
    let written = objects.modify(&request, |object| {
        set(object, &paths.replicas, replicas.into());
    })?;
    Ok(reply::json(200, &paths.scale(&written.object)))
}

/// Where a kind keeps the parts of its scale, as JSON pointers.
struct Paths {
    replicas: String,
    status: String,
    selector: String,
}

impl Paths {
    fn of(kind: &Kind) -> Self {
        let custom = kind.custom.as_ref().map(|custom| &custom.scale);
        let path = |name: &str, default: &str| {
            let said = custom.and_then(|scale| scale[name].as_str());
            said.map_or_else(|| default.to_owned(), |path| path.replace('.', "/"))
        };
        Self {
            replicas: path("specReplicasPath", "/spec/replicas"),
            status: path("statusReplicasPath", "/status/replicas"),
            selector: path("labelSelectorPath", "/spec/selector"),
        }
    }

    fn scale(&self, object: &Json) -> Json {
        let number = |path: &str| {
            object
                .pointer(path)
                .and_then(Json::as_i64)
                .unwrap_or_default()
        };
        let metadata = &object["metadata"];
        let mut scale = json!({
            "kind": "Scale", "apiVersion": "autoscaling/v1",
            "metadata": {
                "name": metadata["name"], "namespace": metadata["namespace"], "uid": metadata["uid"],
                "resourceVersion": metadata["resourceVersion"], "creationTimestamp": metadata["creationTimestamp"],
            },
            "spec": {"replicas": number(&self.replicas)},
            "status": {"replicas": number(&self.status)},
        });
        let selector = object
            .pointer(&self.selector)
            .map(selector_text)
            .unwrap_or_default();
        if !selector.is_empty() {
            scale["status"]["selector"] = selector.into();
        }
        scale
    }
}

/// A label selector as one text.
fn selector_text(selector: &Json) -> String {
    if let Some(text) = selector.as_str() {
        return text.to_owned();
    }
    let labels = selector.get("matchLabels").unwrap_or(selector).as_object();
    let pairs = labels.into_iter().flatten();
    let pairs: Vec<String> = pairs
        .filter_map(|(name, value)| Some(format!("{name}={}", value.as_str()?)))
        .collect();
    pairs.join(",")
}

fn set(object: &mut Json, pointer: &str, value: Json) {
    let mut here = object;
    for name in pointer.split('/').filter(|name| !name.is_empty()) {
        if !here.is_object() {
            *here = json!({});
        }
        here = &mut here[name];
    }
    *here = value;
}
