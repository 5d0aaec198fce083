//! Fields owned since they were written by the client become fields owned by applying.
// Parity: client-go, util/csaupgrade/upgrade.go, UpgradeManagedFieldsPatch.

use helmrs_core::yaml::{Map, Value, json};
use http::Method;

use super::super::request::Request;
use super::super::resource::Resource;
use super::super::{ApiError, Cluster};
use super::{ATTEMPTS, MANAGER, ResourceError};

const JSON_PATCH: &str = "application/json-patch+json";

impl Cluster {
    /// Rewrites who owns what, if we own fields as a client; whether we did.
    pub(super) async fn adopt_fields(&self, resource: &Resource) -> Result<bool, ResourceError> {
        let connection = self.api().await?;
        let mut attempt = 1;
        loop {
            let live = self
                .get(resource)
                .await
                .map_err(|source| ResourceError::Read {
                    object: resource.address(),
                    source,
                })?;
            let Some(patch) = patch(&live) else {
                return Ok(false);
            };
            let body = json::to_json(&patch).map_err(|error| ApiError::Impossible {
                message: error.to_string(),
            })?;
            let request = Request::new(Method::PATCH, resource.path())
                .query("fieldManager", MANAGER)
                .query("fieldValidation", "Strict")
                .body(JSON_PATCH, body.into());
            match connection.send(request).await {
                Ok(_) => return Ok(true),
                Err(error) if error.is_conflict() && attempt < ATTEMPTS => attempt += 1,
                Err(error) if error.is_conflict() => return Err(error.into()),
                Err(source) => {
                    return Err(ResourceError::Manager {
                        object: resource.address(),
                        source,
                    });
                }
            }
        }
    }
}

/// The change that turns our client entries into one entry of an applier; none if there are none.
fn patch(live: &Value) -> Option<Value> {
    let entries = live.at(&["metadata", "managedFields"])?.as_list()?;
    let first = entries.iter().position(is_ours_as_client)?;
    let mut merged = match entries.iter().find(|entry| is_ours_as_applier(entry)) {
        Some(applier) => applier.clone(),
        None => entries[first].clone(),
    };
    let mut fields = Map::new();
    for entry in entries
        .iter()
        .filter(|entry| is_ours_as_client(entry) || is_ours_as_applier(entry))
    {
        if let Some(Value::Map(owned)) = entry.get("fieldsV1") {
            union(&mut fields, owned);
        }
    }
    let merged_entry = merged.as_map_mut()?;
    merged_entry.insert("operation".to_string(), "Apply".into());
    merged_entry.insert("fieldsV1".to_string(), fields.into());
    let place = entries.iter().position(is_ours_as_applier).unwrap_or(first);
    let rewritten = entries
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| match index {
            index if index == place => Some(merged.clone()),
            _ if is_ours_as_client(entry) || is_ours_as_applier(entry) => None,
            _ => Some(entry.clone()),
        })
        .collect::<Vec<_>>();
    let version = live
        .at(&["metadata", "resourceVersion"])
        .cloned()
        .unwrap_or(Value::Null);
    let replacement = |path: &str, value: Value| {
        Value::from(Map::from([
            ("op".to_string(), "replace".into()),
            ("path".to_string(), path.into()),
            ("value".to_string(), value),
        ]))
    };
    Some(Value::from(vec![
        replacement("/metadata/managedFields", rewritten.into()),
        replacement("/metadata/resourceVersion", version),
    ]))
}

fn is_ours(entry: &Value, operation: &str) -> bool {
    let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
    text("manager") == MANAGER && text("operation") == operation && text("subresource").is_empty()
}

fn is_ours_as_client(entry: &Value) -> bool {
    is_ours(entry, "Update")
}

fn is_ours_as_applier(entry: &Value) -> bool {
    is_ours(entry, "Apply")
}

fn union(fields: &mut Map, more: &Map) {
    for (name, value) in more {
        match (fields.get_mut(name), value) {
            (Some(Value::Map(known)), Value::Map(new)) => union(known, new),
            (Some(_), _) => {}
            (None, _) => {
                fields.insert(name.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn client_entries_become_one_applied_entry() {
        let live = helmrs_core::yaml::parse(
            b"metadata:\n  resourceVersion: '7'\n  managedFields:\n  - {manager: helm, operation: Update, fieldsV1: \
              {'f:data': {'f:a': {}}}}\n  - {manager: other, operation: Update}\n",
        )
        .unwrap();
        let patch = json::to_json(&patch(&live).unwrap()).unwrap();
        assert_eq!(
            String::from_utf8(patch.into()).unwrap(),
            r#"[{"op":"replace","path":"/metadata/managedFields","value":[{"fieldsV1":{"f:data":{"f:a":{}}},"manager":"helm","operation":"Apply"},{"manager":"other","operation":"Update"}]},{"op":"replace","path":"/metadata/resourceVersion","value":"7"}]"#
        );
    }

    #[test]
    fn nothing_is_rewritten_where_we_own_nothing_as_a_client() {
        let live = helmrs_core::yaml::parse(
            b"metadata: {managedFields: [{manager: helm, operation: Apply}]}",
        )
        .unwrap();
        assert_eq!(patch(&live), None);
    }
}
