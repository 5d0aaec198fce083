//! What the controllers of workloads ask of pods, and how they make them.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::access::{Access, controller_reference, word};
use crate::chance;

/// Whether a pod still does, or will do, its work.
pub(super) fn is_active(pod: &Json) -> bool {
    !is_leaving(pod)
        && !matches!(
            pod["status"]["phase"].as_str(),
            Some("Succeeded" | "Failed")
        )
}

/// Whether a pod is being deleted.
pub(super) fn is_leaving(pod: &Json) -> bool {
    pod["metadata"].get("deletionTimestamp").is_some()
}

/// A condition of an object by its type.
pub(super) fn condition<'a>(object: &'a Json, kind: &str) -> Option<&'a Json> {
    let conditions = object["status"]["conditions"].as_array();
    conditions
        .into_iter()
        .flatten()
        .find(|condition| condition["type"] == kind)
}

/// Whether a pod serves.
pub(super) fn is_ready(pod: &Json) -> bool {
    condition(pod, "Ready").is_some_and(|condition| condition["status"] == "True")
}

/// Whether a pod has served for so many seconds.
pub(super) fn is_available(pod: &Json, seconds: i64) -> bool {
    is_ready(pod)
        && (seconds <= 0
            || condition(pod, "Ready")
                .and_then(|condition| condition["lastTransitionTime"].as_str())
                .is_some_and(|since| age(since) >= seconds))
}

/// How many seconds ago a time was; zero if it is none.
pub(super) fn age(time: &str) -> i64 {
    let then: Option<jiff::Timestamp> = time.parse().ok();
    let now: Option<jiff::Timestamp> = chance::now().parse().ok();
    match (now, then) {
        (Some(now), Some(then)) => now.as_second().saturating_sub(then.as_second()),
        _ => 0,
    }
}

/// A pod made from a template; with a name of its own, or one after its owner.
pub(super) fn from_template(
    owner: &Json,
    template: &Json,
    name: Option<&str>,
    labels: &[(&str, &str)],
) -> Json {
    let mut metadata = Map::new();
    for field in ["labels", "annotations", "finalizers"] {
        if let Some(value) = template["metadata"].get(field) {
            metadata.insert(field.to_owned(), value.clone());
        }
    }
    let mut metadata = Json::Object(metadata);
    for (label, value) in labels {
        metadata["labels"][*label] = (*value).into();
    }
    metadata["namespace"] = word(owner, "namespace").into();
    metadata["ownerReferences"] = json!([controller_reference(owner)]);
    match name {
        Some(name) => metadata["name"] = name.into(),
        None => metadata["generateName"] = format!("{}-", word(owner, "name")).into(),
    }
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]})
}

/// Pods in the order in which they may go: those that do least come first.
pub(super) fn expendable_first(pods: &mut [Arc<Json>]) {
    pods.sort_by_key(|pod| {
        let bound = pod["spec"]["nodeName"]
            .as_str()
            .is_some_and(|node| !node.is_empty());
        let running = pod["status"]["phase"] == "Running";
        let created = std::cmp::Reverse(word(pod, "creationTimestamp").to_owned());
        (
            is_ready(pod),
            running,
            bound,
            created,
            word(pod, "name").to_owned(),
        )
    });
}

/// Deletes pods.
pub(super) fn delete_all<'a>(access: &Access, pods: impl IntoIterator<Item = &'a Arc<Json>>) {
    pods.into_iter()
        .filter(|pod| !is_leaving(pod))
        .for_each(|pod| access.delete(pod));
}

/// Whether labels are selected by a `LabelSelector`.
pub(super) fn selects(selector: &Json, labels: &Json) -> bool {
    let exact = selector["matchLabels"].as_object();
    let rules = selector["matchExpressions"].as_array();
    exact
        .into_iter()
        .flatten()
        .all(|(name, value)| labels.get(name) == Some(value))
        && rules
            .into_iter()
            .flatten()
            .all(|rule| rule_selects(rule, labels))
}

fn rule_selects(rule: &Json, labels: &Json) -> bool {
    let value = rule["key"].as_str().and_then(|key| labels.get(key));
    let listed = || {
        let values = rule["values"].as_array();
        value.is_some_and(|value| values.is_some_and(|values| values.contains(value)))
    };
    match rule["operator"].as_str() {
        Some("In") => listed(),
        Some("NotIn") => !listed(),
        Some("Exists") => value.is_some(),
        Some("DoesNotExist") => value.is_none(),
        _ => false,
    }
}

/// A short name for a template: the same for the same template.
pub(super) fn hash(template: &Json) -> String {
    encode(template.to_string().bytes().fold(0x811c_9dc5, |sum, byte| {
        (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    }))
}

/// A number in the letters of generated names.
// Parity: Kubernetes, apimachinery/pkg/util/rand, SafeEncodeString.
pub(super) fn encode(number: u32) -> String {
    const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    let digits = number.to_string();
    digits
        .bytes()
        .map(|digit| char::from(LETTERS[usize::from(digit) % LETTERS.len()]))
        .collect()
}

/// A condition, which keeps its times while it stays as it was.
pub(super) fn kept_condition(
    object: &Json,
    kind: &str,
    status: bool,
    reason: &str,
    message: &str,
) -> Json {
    let status = if status { "True" } else { "False" };
    let now = chance::now();
    let before = condition(object, kind);
    let same = |field: &str, value: &str| before.is_some_and(|before| before[field] == value);
    let time = |field: &str, kept: bool| {
        let time = before
            .and_then(|before| before[field].as_str())
            .filter(|_| kept);
        Json::from(time.unwrap_or(&now))
    };
    let unchanged = same("status", status) && same("reason", reason) && same("message", message);
    json!({
        "type": kind, "status": status, "reason": reason, "message": message,
        "lastTransitionTime": time("lastTransitionTime", same("status", status)),
        "lastUpdateTime": time("lastUpdateTime", unchanged),
    })
}
