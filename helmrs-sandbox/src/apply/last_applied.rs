//! kubectl's way from applying by itself to server-side apply: an annotation that holds what it applied.
//!
//! Fields it says are kubectl's own, whoever is booked for them, as long as they still have the applied value.
// Parity: Kubernetes, apimachinery/pkg/util/managedfields/internal/lastapplied{manager,updater}.go.

use serde_json::Value as Json;

use super::compare::{Comparison, compare};
use super::typed::{field_set, validate};
use super::{FieldSet, Writer};

const ANNOTATION: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// The manager that may take its own fields back.
const KUBECTL: &str = "kubectl";

fn last_applied(object: &Json) -> Option<&str> {
    let text = object["metadata"]["annotations"][ANNOTATION].as_str();
    text.filter(|text| !text.is_empty())
}

/// The fields the writer may take from others without a conflict.
pub(super) fn own_fields(live: Option<&Json>, writer: &Writer<'_>) -> Option<FieldSet> {
    let live = live.filter(|_| writer.manager == KUBECTL)?;
    let applied: Json = serde_json::from_str(last_applied(live)?).ok()?;
    if applied["apiVersion"] != writer.api_version || validate(writer.shape, &applied).is_err() {
        return None;
    }
    let fields = field_set(writer.shape, &applied);
    let Comparison {
        removed,
        modified,
        added,
    } = compare(writer.shape, &applied, live);
    Some(
        fields
            .difference(&modified)
            .difference(&added)
            .difference(&removed),
    )
}

/// Brings the annotation up to date with what was applied just now.
pub(super) fn refresh(object: &mut Json, config: &Json, writer: &Writer<'_>) {
    if writer.manager != KUBECTL || last_applied(object).is_none() {
        return;
    }
    let mut config = config.clone();
    let annotations = config.pointer_mut("/metadata/annotations");
    if let Some(annotations) = annotations.and_then(Json::as_object_mut) {
        annotations.remove(ANNOTATION);
    }
    object["metadata"]["annotations"][ANNOTATION] = format!("{config}\n").into();
}
