//! What a body holds that its kind has no place for: refused, warned of, or dropped.

use serde_json::Value as Json;

use super::Request;
use crate::error::ApiError;
use crate::schema;
use crate::validation::{mistyped_field, unknown_fields};

/// What becomes of fields a kind does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Strictness {
    /// They are dropped.
    Ignore,
    /// They are dropped with a warning.
    #[default]
    Warn,
    /// The request is refused.
    Strict,
}

/// Checks the object of a create or replace; returns warnings.
pub(super) fn check_object(request: &Request, object: &Json) -> Result<Vec<String>, ApiError> {
    let kind = &request.kind;
    let refuse = |why: String| {
        let (name, version) = (&kind.kind, kind.api_version());
        let version = version.rsplit('/').next().unwrap_or_default().to_owned();
        ApiError::bad_request(format!(
            "{name} in version \"{version}\" cannot be handled as a {name}: {why}"
        ))
    };
    if let Some(why) = mistyped(request, object) {
        return Err(refuse(why));
    }
    warnings_or(request, object, |unknown| {
        refuse(format!("strict decoding error: {unknown}"))
    })
}

/// Checks what a patch made of an object; returns warnings.
// Parity: Kubernetes, apiserver/pkg/endpoints/handlers/patch.go: the error names no kind.
pub(super) fn check_patched(request: &Request, object: &Json) -> Result<Vec<String>, ApiError> {
    let refuse = |why: String| {
        let text = Json::from(object.to_string());
        ApiError::unprocessable(format!(
            " \"\" is invalid: patch: Invalid value: {text}: {why}"
        ))
    };
    if let Some(why) = mistyped(request, object) {
        return Err(refuse(why));
    }
    warnings_or(request, object, |unknown| {
        refuse(format!("strict decoding error: {unknown}"))
    })
}

/// What cannot be read into the kind; the definition of a custom resource checks all but its metadata.
fn mistyped(request: &Request, object: &Json) -> Option<String> {
    let kind = &request.kind;
    match kind.custom {
        None => mistyped_field(&kind.kind, &kind.shape, object),
        Some(_) => mistyped_field("ObjectMeta", &schema::metadata(), object.get("metadata")?),
    }
}

fn warnings_or(
    request: &Request,
    object: &Json,
    refuse: impl FnOnce(String) -> ApiError,
) -> Result<Vec<String>, ApiError> {
    if request.strictness == Strictness::Ignore {
        return Ok(Vec::new());
    }
    let unknown: Vec<String> = unknown_fields(&request.kind.shape, object)
        .into_iter()
        .map(|path| format!("unknown field \"{path}\""))
        .collect();
    if request.strictness == Strictness::Strict && !unknown.is_empty() {
        return Err(refuse(unknown.join(", ")));
    }
    Ok(unknown)
}
