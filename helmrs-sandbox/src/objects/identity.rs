//! Which object a body speaks of: its kind, its name, its version, checked against the request.

use serde_json::{Value as Json, json};

use super::{MODIFIED, Request, metadata};
use crate::chance;
use crate::error::{ApiError, FieldError};

fn word<'a>(object: &'a Json, name: &str) -> &'a str {
    object["metadata"][name].as_str().unwrap_or_default()
}

/// The body must be of the request's kind, namespace and name, where it names them.
pub(super) fn check(request: &Request, object: &Json) -> Result<(), ApiError> {
    if !object.is_object() {
        return Err(ApiError::bad_request("the body is not an object"));
    }
    let said = |name: &str| object[name].as_str().unwrap_or_default();
    let expected = request.kind.api_version();
    if !said("apiVersion").is_empty() && said("apiVersion") != expected {
        return Err(ApiError::bad_request(format!(
            "the API version in the data ({}) does not match the expected API version ({expected})",
            said("apiVersion")
        )));
    }
    if !said("kind").is_empty() && said("kind") != request.kind.kind {
        return Err(ApiError::bad_request(format!(
            "the kind in the data ({}) does not match the expected kind ({})",
            said("kind"),
            request.kind.kind
        )));
    }
    let namespace = word(object, "namespace");
    if request.kind.namespaced && !namespace.is_empty() && namespace != request.namespace {
        return Err(ApiError::bad_request(
            "the namespace of the provided object does not match the namespace sent on the request",
        ));
    }
    let name = word(object, "name");
    if !request.name.is_empty() && !name.is_empty() && name != request.name {
        return Err(ApiError::bad_request(format!(
            "the name of the object ({name}) does not match the name on the URL ({})",
            request.name
        )));
    }
    Ok(())
}

/// Gives the body what the request says and it left out.
pub(super) fn fill(request: &Request, object: &mut Json) {
    object["apiVersion"] = request.kind.api_version().into();
    object["kind"] = request.kind.kind.clone().into();
    let Some(metadata) = metadata(object) else {
        return;
    };
    if request.kind.namespaced {
        metadata.insert("namespace".to_owned(), request.namespace.clone().into());
    } else {
        metadata.remove("namespace");
    }
    if !request.name.is_empty() {
        metadata.insert("name".to_owned(), request.name.clone().into());
    }
}

/// The name of a new object, generated if it asks for that.
pub(super) fn name(request: &Request, object: &mut Json) -> Result<String, ApiError> {
    let (name, prefix) = (
        word(object, "name").to_owned(),
        word(object, "generateName").to_owned(),
    );
    if !name.is_empty() {
        return Ok(name);
    }
    if prefix.is_empty() {
        let error = FieldError::required("metadata.name", "name or generateName is required");
        return Err(ApiError::invalid(&request.kind, "", &[error]));
    }
    let name = chance::name(&prefix);
    object["metadata"]["name"] = name.clone().into();
    Ok(name)
}

/// Gives a new object what only the server knows.
pub(super) fn stamp(object: &mut Json) {
    let Some(metadata) = metadata(object) else {
        return;
    };
    for name in [
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "resourceVersion",
        "selfLink",
    ] {
        metadata.remove(name);
    }
    metadata.insert("uid".to_owned(), chance::uuid().into());
    metadata.insert("creationTimestamp".to_owned(), chance::now().into());
}

/// An update that names a version or an identity must mean the live one.
pub(super) fn check_version(request: &Request, new: &Json, live: &Json) -> Result<(), ApiError> {
    let version = word(new, "resourceVersion");
    if !version.is_empty() && version != "0" && version != word(live, "resourceVersion") {
        return Err(ApiError::conflict(&request.kind, &request.name, MODIFIED));
    }
    check_uid(request, new, live)
}

/// An update that names an identity must mean the live object.
pub(super) fn check_uid(request: &Request, new: &Json, live: &Json) -> Result<(), ApiError> {
    let (said, is) = (word(new, "uid"), word(live, "uid"));
    if said.is_empty() || said == is {
        return Ok(());
    }
    let why = format!("Precondition failed: UID in precondition: {said}, UID in object meta: {is}");
    Err(ApiError::conflict(&request.kind, &request.name, &why))
}

/// An unchanged object must look unchanged: the version is the store's to set.
pub(super) fn keep_version(live: &Json, object: &mut Json) {
    let version = live["metadata"]
        .get("resourceVersion")
        .cloned()
        .unwrap_or_else(|| json!(""));
    if let Some(metadata) = metadata(object) {
        metadata.insert("resourceVersion".to_owned(), version);
    }
}
