//! The form a built-in object has after it was read into its Go type and written again.
//!
//! Optional fields that hold their zero value vanish, structures that are no pointers are always there, and required
//! lists without items are null. The schema does not tell pointers from values; the tables here do.

use serde_json::Value as Json;

use super::{Fields, quantity};
use crate::schema::{Atom, Field, Map, Scalar, Shape};

/// Optional texts that are kept when empty.
const POINTER_TEXTS: &[&str] = &[
    "apiGroup",
    "appProtocol",
    "completionMode",
    "ingressClassName",
    "internalTrafficPolicy",
    "ipFamilyPolicy",
    "loadBalancerClass",
    "podReplacementPolicy",
    "runtimeClassName",
    "storageClassName",
    "trafficDistribution",
    "volumeAttributesClassName",
];

/// Optional booleans that vanish when false.
const VALUE_BOOLEANS: &[&str] = &[
    "deprecated",
    "globalDefault",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "insecureSkipTLSVerify",
    "paused",
    "preserveUnknownFields",
    "publishNotReadyAddresses",
    "readOnly",
    "stdin",
    "stdinOnce",
    "tty",
    "unschedulable",
];

/// Optional numbers that vanish when zero.
const VALUE_NUMBERS: &[&str] = &[
    "active",
    "availableReplicas",
    "currentReplicas",
    "desiredHealthy",
    "failureThreshold",
    "fullyLabeledReplicas",
    "healthCheckNodePort",
    "hostPort",
    "initialDelaySeconds",
    "minReadySeconds",
    "nodePort",
    "number",
    "numberAvailable",
    "numberUnavailable",
    "observedGeneration",
    "periodSeconds",
    "readyReplicas",
    "successThreshold",
    "timeoutSeconds",
    "unavailableReplicas",
    "updatedNumberScheduled",
    "updatedReplicas",
];

/// Fields whose structure is always there, by the structure they are in.
const VALUE_STRUCTURES: &[(&str, &[&str])] = &[
    ("apps.v1.DaemonSetSpec", &["template", "updateStrategy"]),
    ("apps.v1.DeploymentSpec", &["strategy", "template"]),
    ("apps.v1.ReplicaSetSpec", &["template"]),
    ("apps.v1.StatefulSetSpec", &["template", "updateStrategy"]),
    (
        "autoscaling.v1.HorizontalPodAutoscalerSpec",
        &["scaleTargetRef"],
    ),
    (
        "autoscaling.v2.HorizontalPodAutoscalerSpec",
        &["scaleTargetRef"],
    ),
    ("batch.v1.CronJobSpec", &["jobTemplate"]),
    ("batch.v1.JobSpec", &["template"]),
    ("batch.v1.JobTemplateSpec", &["metadata", "spec"]),
    ("core.v1.Container", &["resources"]),
    ("core.v1.ContainerStatus", &["lastState", "state"]),
    ("core.v1.EphemeralContainer", &["resources"]),
    ("core.v1.Event", &["involvedObject", "source"]),
    ("core.v1.NodeStatus", &["daemonEndpoints", "nodeInfo"]),
    (
        "core.v1.PersistentVolumeClaim",
        &["metadata", "spec", "status"],
    ),
    ("core.v1.PersistentVolumeClaimSpec", &["resources"]),
    (
        "core.v1.PersistentVolumeClaimTemplate",
        &["metadata", "spec"],
    ),
    ("core.v1.PodTemplateSpec", &["metadata", "spec"]),
    ("core.v1.ServiceStatus", &["loadBalancer"]),
    ("networking.v1.IngressServiceBackend", &["port"]),
    ("networking.v1.IngressStatus", &["loadBalancer"]),
    ("networking.v1.NetworkPolicySpec", &["podSelector"]),
    ("rbac.v1.ClusterRoleBinding", &["roleRef"]),
    ("rbac.v1.RoleBinding", &["roleRef"]),
];

/// Optional lists that are written even when there is none, by the structure they are in.
const WRITTEN_LISTS: &[(&str, &str)] = &[
    (
        "autoscaling.v2.HorizontalPodAutoscalerStatus",
        "currentMetrics",
    ),
    ("rbac.v1.ClusterRole", "rules"),
    ("rbac.v1.Role", "rules"),
];

/// Puts an object of a built-in kind in its canonical form.
pub(super) fn make(object: &mut Json, shape: &Shape) {
    if let Json::Object(fields) = object {
        for name in ["metadata", "spec", "status"] {
            let known = shape.map().and_then(|map| map.fields.get(name));
            if known.is_some_and(|field| matches!(field.shape, Shape::Named(_))) {
                fields
                    .entry(name)
                    .or_insert_with(|| Json::Object(Fields::new()));
            }
        }
    }
    visit(object, shape);
}

fn visit(value: &mut Json, shape: &Shape) {
    match (shape.atom(Some(value)), &mut *value) {
        (Atom::Map(map), Json::Object(fields)) if *shape != Shape::Any => {
            visit_fields(fields, map, shape);
        }
        (Atom::List(list), Json::Array(items)) => {
            for item in items {
                visit(item, &list.items);
            }
        }
        (Atom::Scalar(Scalar::Quantity), _) => quantity::make_canonical(value),
        _ => {}
    }
}

fn visit_fields(fields: &mut Fields, map: &Map, shape: &Shape) {
    if let Shape::Named(structure) = shape {
        let always = VALUE_STRUCTURES.iter().find(|(name, _)| name == structure);
        for name in always.into_iter().flat_map(|(_, names)| *names) {
            let value = fields.entry(*name).or_insert(Json::Null);
            if value.is_null() {
                *value = Json::Object(Fields::new());
            }
        }
        for (name, field) in &map.fields {
            if is_written_list(shape, name, field) {
                fields.entry(name.as_str()).or_insert(Json::Null);
            }
        }
    }
    let values = std::mem::take(fields);
    for (name, mut value) in values {
        match map.fields.get(&name) {
            Some(field) => {
                visit(&mut value, &field.shape);
                if is_written_list(shape, &name, field) {
                    let empty = value.as_array().is_none_or(Vec::is_empty);
                    fields.insert(name, if empty { Json::Null } else { value });
                } else if let Some(value) = kept(&name, field, value) {
                    fields.insert(name, value);
                }
            }
            None => {
                if let Some(shape) = &map.others {
                    if value.is_null()
                        && matches!(shape, Shape::Scalar(Scalar::Text | Scalar::Bytes))
                    {
                        value = Json::String(String::new());
                    }
                    visit(&mut value, shape);
                    fields.insert(name, value);
                }
            }
        }
    }
}

/// Whether a structure's field is a list that is written even when there is none.
fn is_written_list(structure: &Shape, name: &str, field: &Field) -> bool {
    let Shape::Named(structure) = structure else {
        return false;
    };
    matches!(field.shape, Shape::List(_))
        && (field.required || WRITTEN_LISTS.contains(&(*structure, name)))
}

/// What is left of the value of a structure's field.
fn kept(name: &str, field: &Field, value: Json) -> Option<Json> {
    let free_map = matches!(&field.shape, Shape::Map(_));
    match &value {
        Json::Null => None,
        Json::Array(items) if items.is_empty() => None,
        Json::Object(fields) if fields.is_empty() && free_map => None,
        Json::String(text) if text.is_empty() && !field.required => (POINTER_TEXTS.contains(&name)
            || field.shape != Shape::Scalar(Scalar::Text))
        .then_some(value),
        Json::Bool(false) if !field.required && VALUE_BOOLEANS.contains(&name) => None,
        Json::Number(number) if !field.required && number.as_i64() == Some(0) => {
            (!VALUE_NUMBERS.contains(&name)).then_some(value)
        }
        _ => Some(value),
    }
}
