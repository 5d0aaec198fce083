//! What follows from ownership: which fields go away, and which nobody owns.

use serde_json::Value as Json;

use super::remove::remove;
use super::set::FieldSet;
use super::typed::field_set;
use crate::schema::Shape;

/// Removes what a manager applied last and leaves out now, unless somebody else owns it.
///
/// `owned` is what all managers own, the new configuration of this one included.
// Parity: structured-merge-diff, merge/update.go, prune.
pub(super) fn prune(shape: &Shape, merged: Json, last: &FieldSet, owned: FieldSet) -> Json {
    if last.is_empty() {
        return merged;
    }
    let last = last.with_named_fields(shape);
    let all = field_set(shape, &merged).with_named_fields(shape);
    let kept = |pruned: &Json| field_set(shape, pruned).with_named_fields(shape);
    let pruned = remove(shape, &merged, &last);
    let wanted = kept(&pruned).union(&owned.with_named_fields(shape));
    let pruned = remove(shape, &merged, &all.difference(&wanted));
    let gone = all.difference(&kept(&pruned)).intersection(&last);
    remove(shape, &merged, &gone)
}

/// The fields the server itself keeps, which nobody owns.
pub(super) fn system_fields() -> FieldSet {
    FieldSet::of_fields(&[
        &["apiVersion"],
        &["kind"],
        &["metadata"],
        &["metadata", "name"],
        &["metadata", "namespace"],
        &["metadata", "creationTimestamp"],
        &["metadata", "selfLink"],
        &["metadata", "uid"],
        &["metadata", "clusterName"],
        &["metadata", "generation"],
        &["metadata", "managedFields"],
        &["metadata", "resourceVersion"],
    ])
}

/// Whether two objects differ at most in the times of their `managedFields`.
pub(crate) fn same_but_for_times(left: &Json, right: &Json) -> bool {
    timeless(left) == timeless(right)
}

fn timeless(object: &Json) -> Json {
    let mut object = object.clone();
    let entries = object
        .pointer_mut("/metadata/managedFields")
        .and_then(Json::as_array_mut);
    for entry in entries
        .into_iter()
        .flatten()
        .filter_map(Json::as_object_mut)
    {
        entry.remove("time");
    }
    object
}
