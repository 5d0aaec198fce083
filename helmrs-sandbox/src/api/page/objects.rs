//! The objects of a release, and how they fare.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::super::table::pod_status;
use crate::objects::Objects;

/// What marks the objects of a release.
const NAME: &str = "meta.helm.sh/release-name";
const NAMESPACE: &str = "meta.helm.sh/release-namespace";

/// How far an object has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    /// It will not get there by itself.
    Failed,
    /// It is on its way.
    Waiting,
    /// It is as it should be.
    Ready,
}

/// One object of a release, or a pod below one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) kind: String,
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) state: State,
    /// What there is to say, such as `2/3`.
    pub(super) detail: String,
    /// How many owners are above it.
    pub(super) depth: usize,
}

/// The objects of every release, by the release's namespace and name.
pub(super) fn all(objects: &Objects) -> BTreeMap<(String, String), Vec<Part>> {
    let mut children: BTreeMap<String, Vec<Json>> = BTreeMap::new();
    let mut roots = Vec::new();
    for (key, version) in objects.store().all() {
        let text = version.text();
        if !text.contains(NAME) && !text.contains("\"ownerReferences\"") {
            continue;
        }
        let object = version.tree();
        let annotations = &object["metadata"]["annotations"];
        let owner = object.pointer("/metadata/ownerReferences/0/uid");
        if let Some(owner) = owner.and_then(Json::as_str) {
            let shown = matches!(&*key.resource, "/pods" | "apps/replicasets" | "batch/jobs");
            if shown {
                let siblings = children.entry(owner.to_owned()).or_default();
                siblings.push((*object).clone());
            }
        } else if let (Some(name), Some(namespace)) =
            (annotations[NAME].as_str(), annotations[NAMESPACE].as_str())
        {
            let release = (namespace.to_owned(), name.to_owned());
            roots.push((release, object));
        }
    }
    let mut parts: BTreeMap<(String, String), Vec<Part>> = BTreeMap::new();
    for (release, object) in roots {
        add(&object, 0, &children, parts.entry(release).or_default());
    }
    parts
}

/// Adds an object and the pods below it; what is in between has nothing to say.
fn add(object: &Json, depth: usize, children: &BTreeMap<String, Vec<Json>>, parts: &mut Vec<Part>) {
    let word = |name: &str| {
        object["metadata"][name]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let kind = object["kind"].as_str().unwrap_or_default().to_owned();
    let between = kind == "ReplicaSet" && depth > 0;
    if !between {
        let (state, detail) = state(object);
        let (namespace, name) = (word("namespace"), word("name"));
        parts.push(Part {
            kind,
            namespace,
            name,
            state,
            detail,
            depth: depth.min(1),
        });
    }
    // Owners may be deep, but not without end: each level is of another kind.
    if depth < 4 {
        for child in children.get(&word("uid")).into_iter().flatten() {
            add(child, depth + 1, children, parts);
        }
    }
}

fn state(object: &Json) -> (State, String) {
    let number = |path: &str| {
        object
            .pointer(path)
            .and_then(Json::as_i64)
            .unwrap_or_default()
    };
    let reached = |ready: i64, wanted: i64, more: &str| {
        let state = if ready >= wanted {
            State::Ready
        } else {
            State::Waiting
        };
        (state, format!("{ready}/{wanted}{more}"))
    };
    if object["metadata"].get("deletionTimestamp").is_some() {
        return (State::Waiting, "Terminating".to_owned());
    }
    match object["kind"].as_str().unwrap_or_default() {
        "Deployment" if has(object, "Progressing", "False") => {
            (State::Failed, "not progressing".to_owned())
        }
        "Deployment" => {
            let updated = number("/status/updatedReplicas") >= number("/spec/replicas");
            let more = if updated { "" } else { ", updating" };
            let ready = number("/status/readyReplicas").min(if updated {
                i64::MAX
            } else {
                number("/spec/replicas") - 1
            });
            reached(ready, number("/spec/replicas"), more)
        }
        "StatefulSet" | "ReplicaSet" | "ReplicationController" => reached(
            number("/status/readyReplicas"),
            number("/spec/replicas"),
            "",
        ),
        "DaemonSet" => reached(
            number("/status/numberReady"),
            number("/status/desiredNumberScheduled"),
            "",
        ),
        "Job" if has(object, "Failed", "True") => (State::Failed, "Failed".to_owned()),
        "Job" if has(object, "Complete", "True") => (State::Ready, "Complete".to_owned()),
        "Job" => reached(
            number("/status/succeeded"),
            number("/spec/completions").max(1),
            "",
        ),
        "Pod" => pod(object),
        "PersistentVolumeClaim" => {
            let phase = object["status"]["phase"].as_str().unwrap_or("Pending");
            let state = if phase == "Bound" {
                State::Ready
            } else {
                State::Waiting
            };
            (state, phase.to_owned())
        }
        _ => (State::Ready, String::new()),
    }
}

fn pod(object: &Json) -> (State, String) {
    let word = pod_status(object);
    let state = match word.as_str() {
        "Completed" | "Succeeded" => State::Ready,
        "Running" if has(object, "Ready", "True") => State::Ready,
        "Running" => return (State::Waiting, "Running, not ready".to_owned()),
        "CrashLoopBackOff" | "Error" | "Failed" => State::Failed,
        _ => State::Waiting,
    };
    (state, word)
}

fn has(object: &Json, kind: &str, status: &str) -> bool {
    let conditions = object["status"]["conditions"].as_array();
    let mut conditions = conditions.into_iter().flatten();
    conditions.any(|condition| condition["type"] == kind && condition["status"] == status)
}
