//! Namespace: what every one holds from the start, and how one goes away.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::Again;
use super::access::{Access, word};

/// The certificate pods trust.
const ROOT: &str = "kube-root-ca.crt";

/// Furnishes a namespace, or empties one that is to go.
pub(super) fn reconcile(access: &Access, namespace: &Arc<Json>) -> Again {
    let name = word(namespace, "name");
    if namespace["metadata"].get("deletionTimestamp").is_none() {
        furnish(access, name);
        return None;
    }
    let mut left = 0;
    for resource in access.namespaced_resources() {
        for object in access.list(&resource, Some(name)) {
            left += 1;
            if object["metadata"].get("deletionTimestamp").is_none() {
                access.delete(&object);
            }
        }
    }
    if left == 0 {
        access.modify(namespace, "finalize", |namespace| {
            namespace["spec"]["finalizers"] = json!([]);
        });
        return None;
    }
    // What was deleted at once has been seen as a change; the rest is looked at again when it goes.
    Some(std::time::Duration::from_secs(1))
}

/// Every namespace has a service account and the cluster's root certificate.
fn furnish(access: &Access, namespace: &str) {
    let account = Access::key("/serviceaccounts", namespace, "default");
    if access.at(&account).is_none() {
        access.create(json!({"apiVersion": "v1", "kind": "ServiceAccount",
            "metadata": {"name": "default", "namespace": namespace}}));
    }
    let certificate = Access::key("/configmaps", namespace, ROOT);
    if access.at(&certificate).is_none() {
        let own = access.at(&Access::key("/configmaps", "kube-system", ROOT));
        let own = own.map_or(Json::Null, |own| own["data"]["ca.crt"].clone());
        access.create(json!({"apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {
                "name": ROOT,
                "namespace": namespace,
                "annotations": {"kubernetes.io/description": "The certificates pods may trust when they talk to the API server."},
            },
            "data": {"ca.crt": own.as_str().unwrap_or_default()}}));
    }
}
