//! A CustomResourceDefinition is served as soon as it is stored: its status says so at once.

use serde_json::{Value as Json, json};

use super::Request;
use crate::chance;

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
