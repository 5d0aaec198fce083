//! The rules of secrets and config maps.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::{Findings, immutable, names};
use crate::error::FieldError;
use crate::resources::Kind;

/// How many bytes the values may have together.
const MOST_BYTES: usize = 1024 * 1024;

/// Checks keys and size.
pub(super) fn check(kind: &Kind, object: &Json, found: &mut Findings) {
    let (mut size, mut seen) = (0, BTreeSet::new());
    for field in ["data", "binaryData"] {
        for (key, value) in object
            .get(field)
            .and_then(Json::as_object)
            .into_iter()
            .flatten()
        {
            for problem in names::config_key(key) {
                let path = format!("{field}[{key}]");
                found.push(FieldError::invalid(path, &key.as_str().into(), &problem));
            }
            if !seen.insert(key) {
                let path = format!("{field}[{key}]");
                let rule = "duplicate of key present in data";
                found.push(FieldError::invalid(path, &key.as_str().into(), rule));
            }
            let text = value.as_str().unwrap_or_default();
            let plain = kind.kind == "ConfigMap" && field == "data";
            size += if plain {
                text.len()
            } else {
                decoded_length(text)
            };
        }
    }
    if size > MOST_BYTES {
        // Parity: the field of a config map that is too long has no name.
        let field = if kind.kind == "Secret" { "data" } else { "[]" };
        found.push(FieldError::too_long(field, MOST_BYTES));
    }
    if kind.kind == "Secret" {
        check_type(object, found);
    }
}

fn decoded_length(text: &str) -> usize {
    let padding = text.bytes().rev().take_while(|byte| *byte == b'=').count();
    (text.len() / 4 * 3).saturating_sub(padding)
}

fn check_type(secret: &Json, found: &mut Findings) {
    let required: &[&str] = match secret.get("type").and_then(Json::as_str) {
        Some("kubernetes.io/dockerconfigjson") => &[".dockerconfigjson"],
        Some("kubernetes.io/dockercfg") => &[".dockercfg"],
        Some("kubernetes.io/tls") => &["tls.crt", "tls.key"],
        Some("kubernetes.io/ssh-auth") => &["ssh-privatekey"],
        _ => &[],
    };
    for key in required {
        if secret.pointer(&format!("/data/{key}")).is_none() {
            found.push(FieldError::required(format!("data[{key}]"), ""));
        }
    }
}

/// Checks that an immutable object, and the type of a secret, stay.
pub(super) fn check_update(kind: &Kind, old: &Json, new: &Json, found: &mut Findings) {
    if kind.kind == "Secret" {
        immutable(old, new, "type", found);
    }
    if old.get("immutable") != Some(&Json::Bool(true)) {
        return;
    }
    let rule = "field is immutable when `immutable` is set";
    for field in ["immutable", "data", "binaryData"] {
        if old.get(field) != new.get(field) {
            found.push(FieldError::forbidden(field, rule));
        }
    }
}
