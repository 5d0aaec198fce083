//! What templates ask of the API server while they are rendered.
// Parity: Helm, pkg/engine/lookup_func.go.

use std::sync::Arc;

use helmrs_core::engine::{Lookup, LookupError};
use helmrs_core::manifest::object::GroupVersionKind;
use helmrs_core::yaml::{Map, Value};
use tokio::runtime::Handle;

use super::discovery::{Mapping, root};
use super::request::Request;
use super::{ApiError, Cluster};

/// Answers templates from the API server, from a thread that may block.
pub(crate) struct ClusterLookup {
    pub(crate) cluster: Arc<Cluster>,
    pub(crate) handle: Handle,
}

impl Lookup for ClusterLookup {
    fn lookup(
        &self,
        api_version: &str,
        kind: &str,
        namespace: &str,
        name: &str,
    ) -> Result<Map, LookupError> {
        self.handle
            .block_on(look_up(&self.cluster, api_version, kind, namespace, name))
    }
}

async fn look_up(
    cluster: &Cluster,
    api_version: &str,
    kind: &str,
    namespace: &str,
    name: &str,
) -> Result<Map, LookupError> {
    let mapping = resolve(cluster, api_version, kind).await.map_err(|error| {
        let kind = GroupVersionKind::new(api_version, kind);
        LookupError(format!(
            "unable to get apiresource from unstructured: {kind}: {error}"
        ))
    })?;
    let path = if name.is_empty() {
        mapping.collection(namespace)
    } else {
        mapping.object(namespace, name)
    };
    let connection = cluster
        .api()
        .await
        .map_err(|error| LookupError(error.to_string()))?;
    match connection.json(Request::get(path)).await {
        Ok(found) => Ok(found.into_map().unwrap_or_default()),
        Err(error) if error.is_not_found() => Ok(Map::new()),
        Err(error) => Err(LookupError(error.to_string())),
    }
}

/// Asks one API version which kinds it serves, anew on every call.
async fn resolve(cluster: &Cluster, api_version: &str, kind: &str) -> Result<Mapping, ApiError> {
    let request = Request::get(root(api_version))
        .query("timeout", "32s")
        .accept("application/json, */*")
        .without_account();
    let answer = cluster.api().await?.json(request).await?;
    let resources = answer
        .get("resources")
        .and_then(Value::as_list)
        .unwrap_or_default();
    let text = |resource: &Value, key: &str| {
        resource
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_string()
    };
    // Subresources bear the kinds of others and are no place to look.
    let found = resources
        .iter()
        .find(|one| text(one, "kind") == kind && !text(one, "name").contains('/'));
    match found {
        Some(resource) => {
            let namespaced = resource
                .get("namespaced")
                .and_then(Value::as_bool)
                .unwrap_or_default();
            Ok(Mapping::new(
                api_version,
                kind,
                &text(resource, "name"),
                namespaced,
            ))
        }
        // Parity: a kind its version does not serve is asked for under no name at all, and not found.
        None => Ok(Mapping::new(api_version, kind, "", false)),
    }
}
