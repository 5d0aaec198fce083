//! The rules of `metadata`.

use serde_json::Value as Json;

use super::{Findings, IMMUTABLE, names};
use crate::error::FieldError;
use crate::resources::Kind;

/// How many bytes the annotations of an object may have together.
const MOST_ANNOTATIONS: usize = 256 * 1024;

/// Checks the metadata of a new object.
pub(super) fn check(kind: &Kind, object: &Json, found: &mut Findings) {
    let name = object
        .pointer("/metadata/name")
        .and_then(Json::as_str)
        .unwrap_or_default();
    if name.is_empty() {
        found.push(FieldError::required(
            "metadata.name",
            "name or generateName is required",
        ));
    } else {
        for problem in name_problems(kind, name) {
            found.push(FieldError::invalid("metadata.name", &name.into(), &problem));
        }
    }
    check_values(object, found);
}

fn name_problems(kind: &Kind, name: &str) -> Vec<String> {
    match (kind.group.as_str(), kind.kind.as_str()) {
        ("", "Namespace") => names::label(name),
        ("", "Service") => names::service(name),
        ("rbac.authorization.k8s.io", _) => names::segment(name),
        ("batch", "CronJob") if name.len() > 52 => {
            vec!["must be no more than 52 characters".to_owned()]
        }
        _ => names::subdomain(name),
    }
}

/// Checks labels and annotations.
pub(super) fn check_values(object: &Json, found: &mut Findings) {
    for (key, value) in texts(object, "/metadata/labels") {
        for problem in names::qualified(key) {
            found.push(FieldError::invalid(
                "metadata.labels",
                &key.into(),
                &problem,
            ));
        }
        for problem in names::label_value(value) {
            found.push(FieldError::invalid(
                "metadata.labels",
                &value.into(),
                &problem,
            ));
        }
    }
    let mut size = 0;
    for (key, value) in texts(object, "/metadata/annotations") {
        for problem in names::qualified(&key.to_lowercase()) {
            found.push(FieldError::invalid(
                "metadata.annotations",
                &key.into(),
                &problem,
            ));
        }
        size += key.len() + value.len();
    }
    if size > MOST_ANNOTATIONS {
        found.push(FieldError::too_long(
            "metadata.annotations",
            MOST_ANNOTATIONS,
        ));
    }
}

fn texts<'a>(object: &'a Json, path: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let fields = object
        .pointer(path)
        .and_then(Json::as_object)
        .into_iter()
        .flatten();
    fields.filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
}

/// Checks that what makes an object the one it is stays.
pub(super) fn check_fixed(old: &Json, new: &Json, found: &mut Findings) {
    for field in ["name", "namespace", "uid"] {
        let path = format!("/metadata/{field}");
        let (before, after) = (old.pointer(&path), new.pointer(&path));
        if before.is_some() && after.is_some() && before != after {
            let value = after.cloned().unwrap_or_default();
            found.push(FieldError::invalid(
                format!("metadata.{field}"),
                &value,
                IMMUTABLE,
            ));
        }
    }
}
