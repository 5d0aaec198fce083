//! Writing: create, replace, patch, delete.

use serde_json::{Value as Json, json};

use super::read::{self, presented, request};
use super::reply::{self, Reply};
use super::{Call, Place, body, success};
use crate::error::ApiError;
use crate::objects::{DeleteOptions, Objects, Propagation, Request, Written};
use crate::patch::Dialect;

/// What a patch may be written in.
const PATCHES: &[&str] = &[
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
    "application/apply-patch+yaml",
    "application/apply-patch+cbor",
];

/// Refuses options that no write has.
// Parity: Kubernetes, apimachinery/pkg/apis/meta/v1/validation/validation.go.
fn check_options(call: &Call, options: &str) -> Result<(), ApiError> {
    let refuse = |field: &str, value: &str, words: &str| {
        Err(ApiError::unprocessable(format!(
            "{options}.meta.k8s.io \"\" is invalid: {field}: Unsupported value: {value:?}: supported values: {words}"
        )))
    };
    match call.query.text("dryRun") {
        "" | "All" => {}
        value => return refuse("dryRun", value, "\"All\""),
    }
    match call.query.text("fieldValidation") {
        "" | "Ignore" | "Strict" | "Warn" => Ok(()),
        value => refuse(
            "fieldValidation",
            value,
            "\"\", \"Ignore\", \"Strict\", \"Warn\"",
        ),
    }
}

fn written(call: &Call, place: &Place, written: &Written) -> Reply {
    let code = if written.created { 201 } else { 200 };
    let object = presented(&place.kind, &written.object);
    reply::with_warnings(read::one(call, place, code, &object), &written.warnings)
}

/// `POST` to a collection.
pub(super) fn create(objects: &Objects, call: &Call, place: &Place) -> Result<Reply, ApiError> {
    check_options(call, "CreateOptions")?;
    let object = body::object(&call.headers, &call.body)?;
    let request = request(call, place);
    Ok(written(call, place, &objects.create(&request, object)?))
}

/// `PUT` of an object.
pub(super) fn replace(objects: &Objects, call: &Call, place: &Place) -> Result<Reply, ApiError> {
    check_options(call, "UpdateOptions")?;
    let object = body::object(&call.headers, &call.body)?;
    Ok(written(
        call,
        place,
        &objects.replace(&request(call, place), object)?,
    ))
}

/// `PATCH` of an object.
pub(super) fn patch(objects: &Objects, call: &Call, place: &Place) -> Result<Reply, ApiError> {
    check_options(call, "PatchOptions")?;
    let request = request(call, place);
    let dialect = match body::media_type(&call.headers) {
        "application/apply-patch+yaml" => {
            if call.query.text("fieldManager").is_empty() {
                return Err(ApiError::bad_request(
                    "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch",
                ));
            }
            let config = body::configuration(&call.body)?;
            let force = call.query.flag("force");
            return Ok(written(
                call,
                place,
                &objects.apply(&request, config, force)?,
            ));
        }
        "application/json-patch+json" => Dialect::Json,
        "application/merge-patch+json" => Dialect::Merge,
        "application/strategic-merge-patch+json" => Dialect::Strategic,
        _ => return Err(ApiError::unsupported_media_type(PATCHES)),
    };
    let change = body::json(&call.body)?;
    Ok(written(
        call,
        place,
        &objects.patch(&request, dialect, &change)?,
    ))
}

fn delete_options(call: &Call) -> Result<DeleteOptions, ApiError> {
    let mut options = body::options(&call.headers, &call.body)?;
    if !options.is_object() {
        options = json!({});
    }
    let policy = call.query.text("propagationPolicy");
    if !policy.is_empty() {
        options["propagationPolicy"] = policy.into();
    }
    if let Some(seconds) = call.query.number("gracePeriodSeconds") {
        options["gracePeriodSeconds"] = seconds.into();
    }
    match options["propagationPolicy"].as_str() {
        None | Some("" | "Background" | "Foreground" | "Orphan") => {
            Ok(DeleteOptions::read(&options))
        }
        Some(policy) => Err(ApiError::unprocessable(format!(
            "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: {policy:?}: supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""
        ))),
    }
}

fn dry_run_of(call: &Call) -> bool {
    let said = |options: &Json| options["dryRun"] == json!(["All"]);
    call.query.dry_run()
        || body::options(&call.headers, &call.body).is_ok_and(|options| said(&options))
}

/// `DELETE` of an object.
pub(super) fn delete(objects: &Objects, call: &Call, place: &Place) -> Result<Reply, ApiError> {
    let mut request = request(call, place);
    request.dry_run = dry_run_of(call);
    let mut options = delete_options(call)?;
    // Parity: Kubernetes, pkg/registry/batch/job/strategy.go: jobs keep their pods unless told otherwise.
    if options.propagation.is_none() && place.kind.is("batch", "Job") {
        options.propagation = Some(Propagation::Orphan);
    }
    let (object, gone) = objects.delete(&request, &options)?;
    // Parity: Kubernetes answers with the object where it takes time to go, and for these kinds always.
    let whole = [
        "Pod",
        "Service",
        "ServiceAccount",
        "PersistentVolume",
        "PersistentVolumeClaim",
        "ResourceQuota",
    ];
    if !gone || whole.contains(&place.kind.kind.as_str()) {
        return Ok(read::one(
            call,
            place,
            200,
            &presented(&place.kind, &object),
        ));
    }
    Ok(reply::json(
        200,
        &success(&place.kind, &request.name, &object["metadata"]["uid"]),
    ))
}

/// `DELETE` of a collection.
pub(super) fn delete_collection(
    objects: &Objects,
    call: &Call,
    place: &Place,
) -> Result<Reply, ApiError> {
    let selector = read::selector(call, place)?;
    let options = delete_options(call)?;
    let (found, revision) = objects
        .store()
        .versions(&place.kind.storage, place.namespace.as_deref());
    let mut items = Vec::new();
    let found = found.iter().map(|version| version.tree());
    for object in found.filter(|object| selector.matches(object)) {
        let word = |name: &str| object["metadata"][name].as_str().unwrap_or_default();
        let mut request = request(call, place);
        request.dry_run = dry_run_of(call);
        word("namespace").clone_into(&mut request.namespace);
        word("name").clone_into(&mut request.name);
        match objects.delete(&request, &options) {
            Ok((object, _)) => items.push(presented(&place.kind, &object)),
            Err(error) if error.code == 404 => {}
            Err(error) => return Err(error),
        }
    }
    let metadata = json!({"resourceVersion": revision.to_string()});
    Ok(reply::json(
        200,
        &json!({"kind": place.kind.list_kind, "apiVersion": place.kind.api_version(), "metadata": metadata, "items": items}),
    ))
}

/// `POST` of an eviction: the pod is deleted.
pub(super) fn evict(objects: &Objects, call: &Call, place: &Place) -> Result<Reply, ApiError> {
    let eviction = body::object(&call.headers, &call.body)?;
    let options = DeleteOptions::read(&eviction["deleteOptions"]);
    let request = Request {
        subresource: String::new(),
        ..request(call, place)
    };
    objects.delete(&request, &options)?;
    Ok(reply::json(
        201,
        &json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}),
    ))
}
