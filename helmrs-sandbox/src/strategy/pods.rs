//! What the server adds to a new pod.

use serde_json::{Value as Json, json};

use super::{fields_at, set};

/// Prepares a new pod.
pub(super) fn prepare(pod: &mut Json) {
    tolerate_short_outages(pod);
    for (name, value) in [
        ("preemptionPolicy", json!("PreemptLowerPriority")),
        ("priority", json!(0)),
    ] {
        if let Some(spec) = fields_at(pod, &["spec"]) {
            spec.entry(name).or_insert(value);
        }
    }
    let quality = quality(pod);
    set(pod, &["status"], "qosClass", json!(quality));
}

/// A pod stays five minutes on a node that is gone, if it does not say otherwise.
fn tolerate_short_outages(pod: &mut Json) {
    let Some(spec) = fields_at(pod, &["spec"]) else {
        return;
    };
    let tolerations = spec.entry("tolerations").or_insert_with(|| json!([]));
    let Some(tolerations) = tolerations.as_array_mut() else {
        return;
    };
    for key in [
        "node.kubernetes.io/not-ready",
        "node.kubernetes.io/unreachable",
    ] {
        let covered = tolerations.iter().any(|toleration| {
            let word = |name: &str| {
                toleration
                    .get(name)
                    .and_then(Json::as_str)
                    .unwrap_or_default()
            };
            (word("key") == key || word("key").is_empty())
                && matches!(word("effect"), "NoExecute" | "")
        });
        if !covered {
            tolerations.push(json!({
                "key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300,
            }));
        }
    }
}

/// How much a pod may rely on its resources.
fn quality(pod: &Json) -> &'static str {
    let lists = ["/spec/containers", "/spec/initContainers"]
        .iter()
        .filter_map(|path| pod.pointer(path));
    let containers: Vec<&Json> = lists.filter_map(Json::as_array).flatten().collect();
    let amount = |container: &&Json, kind: &str, name: &str| {
        container
            .pointer(&format!("/resources/{kind}/{name}"))
            .cloned()
    };
    let named = |container: &&Json| {
        ["requests", "limits"].iter().any(|kind| {
            ["cpu", "memory"]
                .iter()
                .any(|name| amount(container, kind, name).is_some())
        })
    };
    let guaranteed = |container: &&Json| {
        ["cpu", "memory"].iter().all(|name| {
            let limit = amount(container, "limits", name);
            limit.is_some() && limit == amount(container, "requests", name)
        })
    };
    if !containers.iter().any(named) {
        "BestEffort"
    } else if containers.iter().all(guaranteed) {
        "Guaranteed"
    } else {
        "Burstable"
    }
}
