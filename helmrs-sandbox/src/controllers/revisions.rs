//! ControllerRevision: the templates a workload has had, to go back to.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::access::{Access, controller_reference, number, word};
use super::pods::hash;

const RESOURCE: &str = "apps/controllerrevisions";

/// The revision of a workload's present template: its name and its hash.
pub(super) struct Revision {
    pub(super) name: String,
    pub(super) hash: String,
}

/// Finds or makes the revision of the present template; it is the newest from now on.
// Parity: Kubernetes, pkg/controller/history/controller_history.go and statefulset/stateful_set_control.go.
pub(super) fn current(access: &Access, set: &Json, hash_label: &str) -> Revision {
    let template = &set["spec"]["template"];
    let hash = hash(template);
    let name = format!("{}-{hash}", word(set, "name"));
    let mut known = access.controlled(RESOURCE, set);
    known.sort_by_key(|revision| number(revision, "/revision"));
    let newest = known
        .last()
        .map_or(0, |revision| number(revision, "/revision"));
    match known.iter().find(|revision| word(revision, "name") == name) {
        Some(revision) if number(revision, "/revision") < newest => {
            access.modify(revision, "", |revision| {
                revision["revision"] = (newest + 1).into();
            });
        }
        Some(_) => {}
        None => {
            access.create(revision(set, &name, &hash, hash_label, newest + 1));
        }
    }
    Revision { name, hash }
}

fn revision(set: &Json, name: &str, hash: &str, hash_label: &str, number: i64) -> Json {
    let mut template = set["spec"]["template"].clone();
    template["$patch"] = "replace".into();
    let mut labels = set["spec"]["template"]["metadata"]["labels"].clone();
    labels[hash_label] = hash.into();
    json!({
        "apiVersion": "apps/v1", "kind": "ControllerRevision",
        "metadata": {
            "name": name, "namespace": word(set, "namespace"), "labels": labels,
            "annotations": set["metadata"].get("annotations").cloned().unwrap_or_else(|| json!({})),
            "ownerReferences": [controller_reference(set)],
        },
        "data": {"spec": {"template": template}},
        "revision": number,
    })
}

/// Forgets the oldest revisions beyond those to be kept; `live` tells which are in use.
pub(super) fn clean_up(access: &Access, set: &Json, live: impl Fn(&Json) -> bool) {
    let keep = usize::try_from(number(set, "/spec/revisionHistoryLimit")).unwrap_or_default();
    let mut idle: Vec<Arc<Json>> = access.controlled(RESOURCE, set);
    idle.retain(|revision| !live(revision));
    idle.sort_by_key(|revision| number(revision, "/revision"));
    let excess = idle.len().saturating_sub(keep);
    idle.iter()
        .take(excess)
        .for_each(|revision| access.delete(revision));
}
