//! Endpoints and EndpointSlice: the pods behind a service.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::Again;
use super::access::{Access, controller_reference, word};
use super::pods::{is_active, is_ready, selects};
use crate::store::Key;

/// Writes down which pods serve a service.
pub(super) fn reconcile(access: &Access, service: &Arc<Json>) -> Again {
    let selector = service["spec"].get("selector")?;
    let (name, namespace) = (word(service, "name"), word(service, "namespace"));
    let selector = json!({ "matchLabels": selector });
    let mut pods = access.list("/pods", Some(namespace));
    pods.retain(|pod| {
        is_active(pod)
            && pod["status"]["podIP"].is_string()
            && selects(&selector, &pod["metadata"]["labels"])
    });
    let slice = slice(service, &pods);
    match access
        .controlled("discovery.k8s.io/endpointslices", service)
        .first()
    {
        None => {
            access.create(slice);
        }
        Some(known) => {
            if known["endpoints"] != slice["endpoints"] || known["ports"] != slice["ports"] {
                access.modify(known, "", |known| {
                    known["endpoints"] = slice["endpoints"].clone();
                    known["ports"] = slice["ports"].clone();
                });
            }
        }
    }
    let subsets = subsets(service, &pods);
    match access.at(&Access::key("/endpoints", namespace, name)) {
        None => {
            access.create(json!({"apiVersion": "v1", "kind": "Endpoints",
                "metadata": {"name": name, "namespace": namespace, "labels": service["metadata"]["labels"]},
                "subsets": subsets}));
        }
        Some(known) => {
            let held = known.get("subsets").cloned().unwrap_or_else(|| json!([]));
            if held != subsets {
                access.modify(&known, "", |known| known["subsets"] = subsets);
            }
        }
    }
    None
}

/// Deletes what was written down for a service that is gone.
pub(super) fn forget(access: &Access, service: &Key) {
    let key = Access::key("/endpoints", &service.namespace, &service.name);
    if let Some(endpoints) = access.at(&key) {
        access.delete(&endpoints);
    }
}

fn reference(pod: &Json) -> Json {
    let metadata = &pod["metadata"];
    json!({"kind": "Pod", "name": metadata["name"], "namespace": metadata["namespace"], "uid": metadata["uid"]})
}

/// The port of a pod a port of the service leads to.
fn target(port: &Json, pod: Option<&Arc<Json>>) -> Json {
    let name = port["targetPort"].as_str();
    let containers = pod.and_then(|pod| pod["spec"]["containers"].as_array());
    let named = containers
        .into_iter()
        .flatten()
        .filter_map(|container| container["ports"].as_array())
        .flatten()
        .find(|port| name.is_some() && port["name"].as_str() == name);
    match (name, named) {
        (Some(_), Some(named)) => named["containerPort"].clone(),
        (None, _) => port["targetPort"].clone(),
        _ => Json::Null,
    }
}

fn ports(service: &Json, pods: &[Arc<Json>], unnamed: bool) -> Vec<Json> {
    let ports = service["spec"]["ports"].as_array();
    ports
        .into_iter()
        .flatten()
        .filter_map(|port| {
            let number = target(port, pods.first());
            let mut entry = json!({"port": number, "protocol": port["protocol"]});
            match port["name"].as_str() {
                Some(name) => entry["name"] = name.into(),
                None if unnamed => entry["name"] = "".into(),
                None => {}
            }
            (!number.is_null()).then_some(entry)
        })
        .collect()
}

fn slice(service: &Json, pods: &[Arc<Json>]) -> Json {
    let endpoints = pods.iter().map(|pod| {
        let ready = is_ready(pod);
        json!({
            "addresses": [pod["status"]["podIP"]],
            "conditions": {"ready": ready, "serving": ready, "terminating": false},
            "targetRef": reference(pod),
        })
    });
    json!({
        "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
        "metadata": {
            "generateName": format!("{}-", word(service, "name")),
            "namespace": word(service, "namespace"),
            "labels": {
                "kubernetes.io/service-name": word(service, "name"),
                "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
            },
            "ownerReferences": [controller_reference(service)],
        },
        "addressType": "IPv4",
        "endpoints": endpoints.collect::<Vec<_>>(),
        "ports": ports(service, pods, true),
    })
}

fn subsets(service: &Json, pods: &[Arc<Json>]) -> Json {
    let list = |ready: bool| -> Vec<Json> {
        let pods = pods.iter().filter(|pod| is_ready(pod) == ready);
        pods.map(|pod| json!({"ip": pod["status"]["podIP"], "targetRef": reference(pod)}))
            .collect()
    };
    let mut subset = json!({});
    for (name, addresses) in [
        ("addresses", list(true)),
        ("notReadyAddresses", list(false)),
    ] {
        if !addresses.is_empty() {
            subset[name] = addresses.into();
        }
    }
    let ports = ports(service, pods, false);
    if subset == json!({}) || ports.is_empty() {
        return json!([]);
    }
    subset["ports"] = ports.into();
    json!([subset])
}
