//! PersistentVolumeClaim: bound to a volume of its own, and kept while a pod uses it.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::Again;
use super::access::{Access, word};
use super::pods::is_active;

const PROTECTION: &str = "kubernetes.io/pvc-protection";

/// Binds a claim if there are machines to have volumes on, or lets it go if nobody uses it.
pub(super) fn reconcile(access: &Access, claim: &Arc<Json>, machines: bool) -> Again {
    if claim["metadata"].get("deletionTimestamp").is_some() {
        if !is_used(access, claim) {
            let volume = claim["spec"]["volumeName"].as_str().unwrap_or_default();
            if let Some(volume) = access.at(&Access::key("/persistentvolumes", "", volume)) {
                access.delete(&volume);
            }
            access.remove_finalizer(claim, PROTECTION);
            return None;
        }
        return Some(std::time::Duration::from_secs(1));
    }
    if machines && claim["status"]["phase"] != "Bound" {
        bind(access, claim);
    }
    None
}

fn is_used(access: &Access, claim: &Json) -> bool {
    let name = word(claim, "name");
    access
        .list("/pods", Some(word(claim, "namespace")))
        .iter()
        .any(|pod| {
            let volumes = pod["spec"]["volumes"].as_array();
            let uses = volumes
                .into_iter()
                .flatten()
                .any(|volume| volume["persistentVolumeClaim"]["claimName"] == name);
            uses && is_active(pod)
        })
}

fn bind(access: &Access, claim: &Json) {
    let volume = match claim["spec"]["volumeName"].as_str() {
        Some(name) if !name.is_empty() => name.to_owned(),
        _ => provide(access, claim),
    };
    access.set_spec(claim, "volumeName", volume.into());
    access.set_status(
        claim,
        json!({
            "phase": "Bound",
            "accessModes": claim["spec"]["accessModes"],
            "capacity": claim["spec"]["resources"]["requests"],
        }),
    );
}

/// Makes a volume for a claim; returns its name.
fn provide(access: &Access, claim: &Json) -> String {
    let name = format!("pvc-{}", word(claim, "uid"));
    let metadata = &claim["metadata"];
    let volume = access.create(json!({
        "apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": name},
        "spec": {
            "accessModes": claim["spec"]["accessModes"],
            "capacity": claim["spec"]["resources"]["requests"],
            "claimRef": {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "name": metadata["name"],
                "namespace": metadata["namespace"], "uid": metadata["uid"]},
            "hostPath": {"path": format!("/volumes/{name}")},
            "persistentVolumeReclaimPolicy": "Delete",
            "storageClassName": claim["spec"]["storageClassName"],
            "volumeMode": claim["spec"]["volumeMode"],
        },
    }));
    if let Some(volume) = volume {
        access.set_status(&volume, json!({"phase": "Bound"}));
    }
    name
}
