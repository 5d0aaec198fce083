//! Writes we work out ourselves.

use helmrs_core::manifest::patch;
use helmrs_core::yaml::{Map, Value, json};
use http::Method;

use super::super::request::{JSON, Request};
use super::super::resource::Resource;
use super::super::{ApiError, Cluster};
use super::{MANAGER, ResourceError, retry_on_conflict};

const STRATEGIC: &str = "application/strategic-merge-patch+json";
const MERGE: &str = "application/merge-patch+json";

impl Cluster {
    /// Creates the object; the server refuses if it is there.
    pub(super) async fn create_by_client(&self, resource: &Resource) -> Result<(), ResourceError> {
        let connection = self.api().await?;
        let body = encode(&resource.object)?;
        retry_on_conflict(|| {
            let request = Request::new(Method::POST, resource.collection())
                .query("fieldManager", MANAGER)
                .body(JSON, body.clone());
            connection.send(request)
        })
        .await?;
        Ok(())
    }

    /// Changes what differs between the earlier object, the one wanted and the live one.
    pub(super) async fn patch_by_client(
        &self,
        original: &Resource,
        target: &Resource,
        three_way_always: bool,
    ) -> Result<(), ResourceError> {
        let live = match self.get(target).await {
            Ok(live) => Some(live),
            Err(error) if error.is_not_found() => None,
            Err(source) => {
                let object = format!("{}/{}", target.namespace, target.name);
                return Err(ResourceError::Live { object, source });
            }
        };
        let (content_type, change) = difference(original, target, live.as_ref(), three_way_always)?;
        let body = encode(&change)?;
        if body == b"{}" {
            let kind = target.kind();
            self.step(
                "no changes detected",
                [("kind", kind), ("name", &target.name)],
            );
            // What labels the object bears is asked again, as anybody after us expects to know.
            return match self.get_or_its_namespace(target).await {
                Ok(_) => Ok(()),
                Err(source) => Err(ResourceError::Refresh { source }),
            };
        }
        let [namespace, name, kind] = target.attributes();
        self.step("patching resource", [kind, name, namespace]);
        let request = Request::new(Method::PATCH, target.path())
            .query("fieldManager", MANAGER)
            .body(content_type, body);
        match self.api().await?.send(request).await {
            Ok(_) => Ok(()),
            Err(source) => {
                let (name, kind) = (target.name.clone(), target.kind().to_string());
                Err(ResourceError::Refused { name, kind, source })
            }
        }
    }

    /// Puts the object in place of the live one.
    pub(super) async fn replace(&self, target: &Resource) -> Result<(), ResourceError> {
        let mut object = target.object.clone();
        if let Some(metadata) = object
            .as_map_mut()
            .and_then(|map| map.get_mut("metadata"))
            .and_then(Value::as_map_mut)
            && metadata
                .get("resourceVersion")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .is_empty()
        {
            let live = self
                .get(target)
                .await
                .map_err(|source| ResourceError::Replace { source })?;
            if let Some(version) = live.at(&["metadata", "resourceVersion"]) {
                metadata.insert("resourceVersion".to_string(), version.clone());
            }
        }
        let request = Request::new(Method::PUT, target.path())
            .query("fieldManager", MANAGER)
            .query("fieldValidation", "Strict")
            .body(JSON, encode(&object)?);
        self.api()
            .await?
            .send(request)
            .await
            .map_err(|source| ResourceError::Replace { source })?;
        Ok(())
    }
}

fn encode(object: &Value) -> Result<Vec<u8>, ApiError> {
    let text = json::to_json(object).map_err(|error| ApiError::Impossible {
        message: error.to_string(),
    })?;
    Ok(text.into())
}

/// The change and the dialect it is written in.
// Parity: Helm, pkg/kube/client.go, createPatch: kinds that are not built in are compared by two states, unless told
// otherwise, so that what others changed in between stays.
fn difference(
    original: &Resource,
    target: &Resource,
    live: Option<&Value>,
    three_way_always: bool,
) -> Result<(&'static str, Value), ResourceError> {
    let empty = Map::new();
    let original = original.object.as_map().unwrap_or(&empty);
    let modified = target.object.as_map().unwrap_or(&empty);
    let current = live.and_then(Value::as_map).unwrap_or(&empty);
    if patch::is_built_in(&target.mapping.kind) {
        let change = patch::strategic(original, modified, current, &target.mapping.kind).map_err(
            |error| ResourceError::Patch {
                problem: crate::error::chain(&error),
            },
        )?;
        return Ok((STRATEGIC, change.into()));
    }
    let change = if three_way_always {
        patch::merge::three_way(original, modified, current)
    } else {
        patch::merge::two_way(original, modified)
    };
    Ok((MERGE, change.into()))
}
