//! The rules of the kinds: what an object may hold, and what may not change.
//!
//! Wording is Kubernetes'; clients print it as it is.

use serde_json::Value as Json;

use crate::error::FieldError;
use crate::resources::Kind;
use crate::schema::{Atom, Scalar, Shape};

mod custom;
mod data;
mod definitions;
mod metadata;
mod names;
mod pods;
mod services;
mod workloads;

/// What is wrong with an object; collected, not thrown at the first.
pub(crate) type Findings = Vec<FieldError>;

const IMMUTABLE: &str = "field is immutable";

/// What is wrong with a new object.
pub(crate) fn validate_create(kind: &Kind, object: &Json) -> Findings {
    let mut found = Findings::new();
    metadata::check(kind, object, &mut found);
    check_kind(kind, object, &mut found);
    found
}

/// What is wrong with the new form of an object.
pub(crate) fn validate_update(kind: &Kind, old: &Json, new: &Json) -> Findings {
    let mut found = Findings::new();
    metadata::check_values(new, &mut found);
    metadata::check_fixed(old, new, &mut found);
    check_kind(kind, new, &mut found);
    match (kind.group.as_str(), kind.kind.as_str()) {
        ("", "Secret" | "ConfigMap") => data::check_update(kind, old, new, &mut found),
        ("", "Service") => services::check_update(old, new, &mut found),
        ("", "Pod") => pods::check_pod_update(old, new, &mut found),
        ("", "PersistentVolumeClaim") => workloads::check_claim_update(old, new, &mut found),
        ("apps", "Deployment" | "DaemonSet" | "ReplicaSet") => {
            immutable(old, new, "spec.selector", &mut found);
        }
        ("apps", "StatefulSet") => workloads::check_stateful_set_update(old, new, &mut found),
        ("batch", "Job") => workloads::check_job_update(old, new, &mut found),
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding")
            if old.get("roleRef") != new.get("roleRef") =>
        {
            found.push(FieldError::invalid(
                "roleRef",
                &new["roleRef"],
                "cannot change roleRef",
            ));
        }
        ("storage.k8s.io", "StorageClass") => {
            for field in [
                "provisioner",
                "parameters",
                "reclaimPolicy",
                "volumeBindingMode",
            ] {
                if old.get(field) != new.get(field) {
                    found.push(FieldError::forbidden(
                        field,
                        &format!("updates to {field} are forbidden."),
                    ));
                }
            }
        }
        _ => {}
    }
    found
}

fn check_kind(kind: &Kind, object: &Json, found: &mut Findings) {
    if let Some(custom) = &kind.custom {
        custom::check(&custom.schema, object, found);
        return;
    }
    match (kind.group.as_str(), kind.kind.as_str()) {
        ("", "Secret" | "ConfigMap") => data::check(kind, object, found),
        ("", "Service") => services::check(object, found),
        ("", "Pod") => pods::check_pod(object, found),
        ("apps", "Deployment" | "DaemonSet" | "ReplicaSet" | "StatefulSet") => {
            workloads::check(object, found);
        }
        ("batch", "Job") => workloads::check_job(object, found),
        ("batch", "CronJob") => workloads::check_cron_job(object, found),
        ("autoscaling", "HorizontalPodAutoscaler") => workloads::check_autoscaler(object, found),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => {
            definitions::check(object, found);
        }
        _ => {}
    }
}

fn immutable(old: &Json, new: &Json, field: &str, found: &mut Findings) {
    let path = format!("/{}", field.replace('.', "/"));
    let (old, new) = (old.pointer(&path), new.pointer(&path));
    if old != new {
        let value = new.cloned().unwrap_or_default();
        found.push(FieldError::invalid(field, &value, IMMUTABLE));
    }
}

/// The fields of an object its kind does not have, such as `spec.foo` or `spec.ports[0].bar`.
pub(crate) fn unknown_fields(shape: &Shape, object: &Json) -> Vec<String> {
    let mut unknown = Vec::new();
    collect_unknown(shape, object, "", &mut unknown);
    unknown
}

fn collect_unknown(shape: &Shape, value: &Json, path: &str, unknown: &mut Vec<String>) {
    match (shape.atom(Some(value)), value) {
        (Atom::Map(map), Json::Object(fields)) => {
            for (name, value) in fields {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                match map.shape_of(name) {
                    Some(shape) => collect_unknown(shape, value, &path, unknown),
                    None => unknown.push(path),
                }
            }
        }
        (Atom::List(list), Json::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                collect_unknown(&list.items, item, &format!("{path}[{index}]"), unknown);
            }
        }
        _ => {}
    }
}

/// The first field that holds a value of another type than its kind has, as Go's decoder words it.
pub(crate) fn mistyped_field(kind: &str, shape: &Shape, object: &Json) -> Option<String> {
    mistyped(kind, shape, object, "")
}

// Parity: Go names the innermost structure and the whole path to the field.
fn mistyped(structure: &str, shape: &Shape, value: &Json, path: &str) -> Option<String> {
    let structure = match shape {
        Shape::Named(name) => name.rsplit('.').next().unwrap_or(name),
        _ => structure,
    };
    match (shape.atom(Some(value)), value) {
        (_, Json::Null) => None,
        (Atom::Map(map), Json::Object(fields)) => fields.iter().find_map(|(name, value)| {
            let path = match (map.fields.contains_key(name), path) {
                (false, path) => path.to_owned(),
                (true, "") => name.clone(),
                (true, path) => format!("{path}.{name}"),
            };
            mistyped(structure, map.shape_of(name)?, value, &path)
        }),
        (Atom::List(list), Json::Array(items)) => items
            .iter()
            .find_map(|item| mistyped(structure, &list.items, item, path)),
        (Atom::Scalar(scalar), value) => {
            let wanted = wrong_type(scalar, value)?;
            Some(cannot_unmarshal(structure, value, path, wanted))
        }
        (Atom::Map(_), value) => {
            let wanted = "map[string]interface {}";
            Some(cannot_unmarshal(structure, value, path, wanted))
        }
        (Atom::List(_), value) => Some(cannot_unmarshal(structure, value, path, "[]interface {}")),
    }
}

fn cannot_unmarshal(structure: &str, value: &Json, path: &str, wanted: &str) -> String {
    let given = match value {
        Json::Null => "null",
        Json::Bool(_) => "bool",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    };
    format!(
        "json: cannot unmarshal {given} into Go struct field {structure}.{path} of type {wanted}"
    )
}

fn wrong_type(scalar: Scalar, value: &Json) -> Option<&'static str> {
    match (scalar, value) {
        (Scalar::Text | Scalar::Bytes | Scalar::Time, Json::String(_))
        | (Scalar::Boolean, Json::Bool(_))
        | (Scalar::Integer | Scalar::Number, Json::Number(_))
        | (Scalar::Quantity | Scalar::IntOrString, Json::String(_) | Json::Number(_))
        | (Scalar::Any, _) => None,
        (Scalar::Text | Scalar::Quantity | Scalar::IntOrString, _) => Some("string"),
        (Scalar::Bytes, _) => Some("[]uint8"),
        (Scalar::Time, _) => Some("time.Time"),
        (Scalar::Boolean, _) => Some("bool"),
        (Scalar::Integer, _) => Some("int32"),
        (Scalar::Number, _) => Some("float64"),
    }
}

#[cfg(test)]
mod tests;
