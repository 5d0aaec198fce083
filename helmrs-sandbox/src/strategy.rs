//! What the server itself writes into an object before it stores it, whatever the request says.
//!
//! Nobody is booked as the owner of these fields: they are set after ownership has been settled.

use serde_json::{Value as Json, json};

use crate::defaults::fields_at;

mod addresses;
mod pods;

pub(crate) use addresses::Addresses;

/// The finalizer that keeps claims while a pod uses them.
const CLAIM_PROTECTION: &str = "kubernetes.io/pvc-protection";

/// Kinds without `metadata.generation`.
const WITHOUT_GENERATION: &[&str] = &[
    "Binding",
    "ClusterRole",
    "ClusterRoleBinding",
    "ConfigMap",
    "Endpoints",
    "EndpointSlice",
    "Event",
    "HorizontalPodAutoscaler",
    "IngressClass",
    "Lease",
    "LimitRange",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "PriorityClass",
    "ResourceQuota",
    "Role",
    "RoleBinding",
    "Secret",
    "Service",
    "ServiceAccount",
    "StorageClass",
];

/// Fields of `metadata` a client cannot change.
const FIXED_METADATA: &[&str] = &[
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "uid",
];

/// Prepares a new object, which has its `uid` and `creationTimestamp` already.
///
/// `status` says whether its kind has a `status` of its own endpoint, which a create may not write.
pub(crate) fn prepare_create(object: &mut Json, status: bool, custom: bool) {
    let kind = kind_of(object);
    if custom || !WITHOUT_GENERATION.contains(&kind.as_str()) {
        set(object, &["metadata"], "generation", json!(1));
    }
    if custom && status {
        object.as_object_mut().map(|fields| fields.remove("status"));
    }
    if custom {
        return;
    }
    if status && !matches!(kind.as_str(), "Node" | "Namespace") {
        reset_status(object, &kind);
    }
    match kind.as_str() {
        "Pod" => pods::prepare(object),
        "Job" => select_by_uid(object),
        "DaemonSet" => {
            let annotations = ["metadata", "annotations"];
            set(
                object,
                &annotations,
                "deprecated.daemonset.template.generation",
                json!("1"),
            );
        }
        "Namespace" => {
            set(object, &["spec"], "finalizers", json!(["kubernetes"]));
            set(object, &["status"], "phase", json!("Active"));
        }
        "PersistentVolumeClaim" => add_finalizer(object, CLAIM_PROTECTION),
        _ => {}
    }
}

/// Prepares the new form of an object.
///
/// `subresource` is the path the request wrote to, empty for the object itself.
pub(crate) fn prepare_update(
    old: &Json,
    new: &mut Json,
    subresource: &str,
    status: bool,
    custom: bool,
) {
    if subresource == "status" {
        let (written, managers) = (
            new.get("status").cloned(),
            new.pointer("/metadata/managedFields").cloned(),
        );
        new.clone_from(old);
        put(new, &[], "status", written);
        put(new, &["metadata"], "managedFields", managers);
        return;
    }
    for name in FIXED_METADATA {
        put(
            new,
            &["metadata"],
            name,
            old.pointer(&format!("/metadata/{name}")).cloned(),
        );
    }
    if status {
        put(new, &[], "status", old.get("status").cloned());
    }
    let kind = kind_of(new);
    if !custom {
        match kind.as_str() {
            "Service" => {
                addresses::keep(old, new);
                addresses::drop_what_the_type_has_not(old, new);
            }
            "Namespace" => put(
                new,
                &["spec"],
                "finalizers",
                old.pointer("/spec/finalizers").cloned(),
            ),
            _ => {}
        }
    }
    let asked = matches!(subresource, "" | "scale");
    let counted = asked && (custom || !WITHOUT_GENERATION.contains(&kind.as_str()));
    if counted && desired(old, custom) != desired(new, custom) {
        let generation = old
            .pointer("/metadata/generation")
            .and_then(Json::as_i64)
            .unwrap_or_default();
        set(
            new,
            &["metadata"],
            "generation",
            json!(generation.saturating_add(1)),
        );
    }
}

/// The fields an endpoint resets, as paths: the object itself does not write `status`, and `status` nothing else.
pub(crate) fn reset_fields(subresource: &str, status: bool) -> &'static [&'static [&'static str]] {
    match (subresource, status) {
        ("status", _) => &[
            &["spec"],
            &["metadata", "labels"],
            &["metadata", "annotations"],
        ],
        ("", true) => &[&["status"]],
        _ => &[],
    }
}

/// The part of an object whose change makes a new generation.
fn desired(object: &Json, custom: bool) -> Json {
    if !custom && object.get("spec").is_some() {
        return object.get("spec").cloned().unwrap_or_default();
    }
    let mut object = object.clone();
    if let Some(fields) = object.as_object_mut() {
        fields.remove("metadata");
        fields.remove("status");
    }
    object
}

/// A new object has the status of one nothing has happened to.
fn reset_status(object: &mut Json, kind: &str) {
    let status = match kind {
        "Pod" | "PersistentVolumeClaim" | "PersistentVolume" => json!({"phase": "Pending"}),
        "ReplicaSet" | "ReplicationController" | "StatefulSet" => json!({"replicas": 0}),
        "DaemonSet" => json!({"currentNumberScheduled": 0, "desiredNumberScheduled": 0,
            "numberMisscheduled": 0, "numberReady": 0}),
        "Service" | "Ingress" => json!({"loadBalancer": {}}),
        "HorizontalPodAutoscaler" => json!({"desiredReplicas": 0, "currentMetrics": null}),
        "PodDisruptionBudget" => json!({"currentHealthy": 0, "desiredHealthy": 0,
            "disruptionsAllowed": 0, "expectedPods": 0}),
        _ => json!({}),
    };
    put(object, &[], "status", Some(status));
}

/// A job finds its pods by its own `uid`.
// Parity: Kubernetes, pkg/registry/batch/job/strategy.go, generateSelector.
fn select_by_uid(job: &mut Json) {
    if job.pointer("/spec/manualSelector") == Some(&json!(true)) {
        return;
    }
    let word = |path: &str| job.pointer(path).cloned().unwrap_or_default();
    let (uid, name) = (word("/metadata/uid"), word("/metadata/name"));
    set(
        job,
        &["spec", "selector", "matchLabels"],
        "batch.kubernetes.io/controller-uid",
        uid.clone(),
    );
    if let Some(labels) = fields_at(job, &["spec", "template", "metadata", "labels"]) {
        for (label, value) in [
            ("batch.kubernetes.io/controller-uid", &uid),
            ("batch.kubernetes.io/job-name", &name),
            ("controller-uid", &uid),
            ("job-name", &name),
        ] {
            labels.insert(label.to_owned(), value.clone());
        }
    }
    // Parity: the label default runs again when the stored job is read, and finds these labels.
    let labels = job["spec"]["template"]["metadata"]["labels"].clone();
    if let Some(metadata) = fields_at(job, &["metadata"]) {
        metadata.entry("labels").or_insert(labels);
    }
}

fn add_finalizer(object: &mut Json, finalizer: &str) {
    let Some(metadata) = fields_at(object, &["metadata"]) else {
        return;
    };
    let finalizers = metadata.entry("finalizers").or_insert_with(|| json!([]));
    if let Some(finalizers) = finalizers.as_array_mut()
        && !finalizers.iter().any(|other| other == finalizer)
    {
        finalizers.push(finalizer.into());
    }
}

fn kind_of(object: &Json) -> String {
    object
        .get("kind")
        .and_then(Json::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn set(object: &mut Json, path: &[&str], name: &str, value: Json) {
    if let Some(fields) = fields_at(object, path) {
        fields.insert(name.to_owned(), value);
    }
}

/// Sets a field, or removes it.
fn put(object: &mut Json, path: &[&str], name: &str, value: Option<Json>) {
    let Some(fields) = fields_at(object, path) else {
        return;
    };
    match value {
        Some(value) => fields.insert(name.to_owned(), value),
        None => fields.remove(name),
    };
}

#[cfg(test)]
mod tests;
