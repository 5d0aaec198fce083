//! A CustomResourceDefinition is served as soon as it is stored, and its objects go with it.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::{Objects, Request, is_definition};
use crate::chance;
use crate::error::ApiError;
use crate::store::Verdict;

/// Accepts the names of a definition and establishes it.
pub(super) fn accept(request: &Request, object: &mut Json) {
    if !request
        .kind
        .is("apiextensions.k8s.io", "CustomResourceDefinition")
    {
        return;
    }
    let names = object["spec"]["names"].clone();
    let stored: Vec<Json> = object["spec"]["versions"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|version| version["storage"] == true)
        .map(|version| version["name"].clone())
        .collect();
    let before = object["status"]["conditions"].clone();
    object["status"] = json!({
        "conditions": [
            condition(&before, "NamesAccepted", "NoConflicts", "no conflicts found"),
            condition(&before, "Established", "InitialNamesAccepted", "the initial names have been accepted"),
        ],
        "acceptedNames": names,
        "storedVersions": stored,
    });
}

impl Objects {
    /// The objects of a kind that is no longer defined go with it, whatever their finalizers say.
    pub(super) fn clear_instances(
        &self,
        request: &Request,
        definition: &Json,
    ) -> Result<(), ApiError> {
        if !is_definition(&request.kind) {
            return Ok(());
        }
        let word = |value: &Json| value.as_str().unwrap_or_default().to_owned();
        let (group, plural) = (
            word(&definition["spec"]["group"]),
            word(&definition["spec"]["names"]["plural"]),
        );
        let resource: Arc<str> = format!("{group}/{plural}").into();
        for key in self.store().keys(&resource, None) {
            self.store().write(&key, |live| match live {
                Some(object) => Ok(Verdict::Remove((**object).clone())),
                None => Err(ApiError::internal(
                    "an object of a kind without a definition is gone",
                )),
            })?;
        }
        Ok(())
    }
}

fn condition(before: &Json, kind: &str, reason: &str, message: &str) -> Json {
    let since = before
        .as_array()
        .into_iter()
        .flatten()
        .find(|condition| condition["type"] == kind)
        .and_then(|condition| condition["lastTransitionTime"].as_str())
        .map_or_else(chance::now, str::to_owned);
    json!({"type": kind, "status": "True", "lastTransitionTime": since, "reason": reason, "message": message})
}
