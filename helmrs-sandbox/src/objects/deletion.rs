//! How objects go away: at once, or marked and kept until their finalizers are done.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::{Objects, Request, metadata};
use crate::chance;
use crate::error::ApiError;
use crate::store::Verdict;

/// The finalizer of an object whose dependents go first.
pub(crate) const FOREGROUND: &str = "foregroundDeletion";
/// The finalizer of an object whose dependents stay.
pub(crate) const ORPHAN: &str = "orphan";

/// The namespaces a cluster is not without.
// Parity: Kubernetes, plugin/namespace/lifecycle/admission.go.
const IMMORTAL: &[&str] = &["default", "kube-public", "kube-system"];

/// What becomes of an object's dependents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Propagation {
    /// They go later.
    Background,
    /// They go first.
    Foreground,
    /// They stay.
    Orphan,
}

/// How to delete.
#[derive(Debug, Clone, Default)]
pub(crate) struct DeleteOptions {
    /// What becomes of dependents; unsaid is mostly as in the background.
    pub(crate) propagation: Option<Propagation>,
    /// How long a pod may take to stop.
    pub(crate) grace: Option<i64>,
    /// The identity the object must have.
    pub(crate) uid: Option<String>,
    /// The version the object must have.
    pub(crate) resource_version: Option<String>,
}

impl DeleteOptions {
    /// Reads a `DeleteOptions` object.
    pub(crate) fn read(options: &Json) -> Self {
        let text = |path: &str| {
            options
                .pointer(path)
                .and_then(Json::as_str)
                .map(str::to_owned)
        };
        let propagation = match options["propagationPolicy"].as_str() {
            Some("Foreground") => Some(Propagation::Foreground),
            Some("Orphan") => Some(Propagation::Orphan),
            Some("Background") => Some(Propagation::Background),
            _ => match options["orphanDependents"].as_bool() {
                Some(true) => Some(Propagation::Orphan),
                Some(false) => Some(Propagation::Background),
                None => None,
            },
        };
        Self {
            propagation,
            grace: options["gracePeriodSeconds"].as_i64(),
            uid: text("/preconditions/uid"),
            resource_version: text("/preconditions/resourceVersion"),
        }
    }
}

impl Objects {
    /// Deletes an object, or marks it for deletion; says whether it is gone.
    pub(crate) fn delete(
        &self,
        request: &Request,
        options: &DeleteOptions,
    ) -> Result<(Arc<Json>, bool), ApiError> {
        if request.kind.is("", "Namespace") && IMMORTAL.contains(&request.name.as_str()) {
            let why = format!(
                "namespaces {:?} is forbidden: this namespace may not be deleted",
                request.name
            );
            return Err(ApiError::forbidden(&request.kind, &request.name, &why));
        }
        let _turn = self.turn();
        let live = self.get(request)?;
        check_preconditions(request, options, &live)?;
        let mut object = (*live).clone();
        let grace = grace(request, options, &live);
        let Some(metadata) = metadata(&mut object) else {
            return Err(ApiError::internal("an object without metadata"));
        };
        set_finalizers(metadata, options.propagation);
        let waits = grace > 0 || has_finalizers(&object);
        if !waits {
            if !request.dry_run {
                let verdict = Verdict::Remove(object);
                self.store().write(&request.key(), |_| Ok(verdict))?;
                self.refresh_kinds(&request.kind);
                self.clear_instances(request, &live)?;
            }
            return Ok((live, true));
        }
        mark(&mut object, grace);
        let object = if request.dry_run || object == *live {
            Arc::new(object)
        } else {
            let verdict = Verdict::Put(object);
            let stored = self.store().write(&request.key(), |_| Ok(verdict))?;
            stored.ok_or_else(|| ApiError::internal("a stored object is gone"))?
        };
        Ok((object, false))
    }
}

/// Whether nothing keeps a deleted object any more.
pub(super) fn is_over(object: &Json) -> bool {
    let metadata = &object["metadata"];
    metadata.get("deletionTimestamp").is_some()
        && metadata["deletionGracePeriodSeconds"]
            .as_i64()
            .unwrap_or_default()
            == 0
        && !has_finalizers(object)
}

fn has_finalizers(object: &Json) -> bool {
    let some = |list: &Json| list.as_array().is_some_and(|list| !list.is_empty());
    some(&object["metadata"]["finalizers"])
        || object["kind"] == "Namespace" && some(&object["spec"]["finalizers"])
}

fn check_preconditions(
    request: &Request,
    options: &DeleteOptions,
    live: &Json,
) -> Result<(), ApiError> {
    let checks = [
        ("UID", "uid", &options.uid),
        (
            "ResourceVersion",
            "resourceVersion",
            &options.resource_version,
        ),
    ];
    for (word, field, wanted) in checks {
        let is = live["metadata"][field].as_str().unwrap_or_default();
        if let Some(wanted) = wanted
            && wanted != is
        {
            let why = format!(
                "Precondition failed: {word} in precondition: {wanted}, {word} in object meta: {is}"
            );
            return Err(ApiError::conflict(&request.kind, &request.name, &why));
        }
    }
    Ok(())
}

/// How many seconds the object stays to stop: only pods on a node, and only those still running.
fn grace(request: &Request, options: &DeleteOptions, live: &Json) -> i64 {
    let bound = live["spec"]["nodeName"]
        .as_str()
        .is_some_and(|name| !name.is_empty());
    let over = matches!(
        live["status"]["phase"].as_str(),
        Some("Succeeded" | "Failed")
    );
    if !request.kind.is("", "Pod") || !bound || over {
        return 0;
    }
    let own = live["spec"]["terminationGracePeriodSeconds"].as_i64();
    options.grace.or(own).unwrap_or(30).max(0)
}

fn set_finalizers(metadata: &mut serde_json::Map<String, Json>, propagation: Option<Propagation>) {
    let Some(propagation) = propagation else {
        return;
    };
    let finalizers = metadata.entry("finalizers").or_insert_with(|| json!([]));
    if let Some(list) = finalizers.as_array_mut() {
        list.retain(|name| name != FOREGROUND && name != ORPHAN);
        match propagation {
            Propagation::Foreground => list.push(FOREGROUND.into()),
            Propagation::Orphan => list.push(ORPHAN.into()),
            Propagation::Background => {}
        }
    }
    if finalizers.as_array().is_some_and(Vec::is_empty) {
        metadata.remove("finalizers");
    }
}

/// Marks an object as going away.
fn mark(object: &mut Json, grace: i64) {
    if let Some(metadata) = metadata(object)
        && (metadata.get("deletionTimestamp").is_none()
            || grace
                < metadata
                    .get("deletionGracePeriodSeconds")
                    .and_then(Json::as_i64)
                    .unwrap_or(0))
    {
        metadata.insert("deletionTimestamp".to_owned(), chance::after(grace).into());
        metadata.insert("deletionGracePeriodSeconds".to_owned(), grace.into());
        if let Some(generation) = metadata.get("generation").and_then(Json::as_i64) {
            metadata.insert("generation".to_owned(), generation.saturating_add(1).into());
        }
    }
    if object["kind"] == "Namespace" {
        object["status"]["phase"] = "Terminating".into();
    }
}
