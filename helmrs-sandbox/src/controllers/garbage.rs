//! Garbage: objects whose owners are gone, and owners that wait for what they own.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::access::{Access, word};
use crate::objects::Propagation;
use crate::store::Key;

const FOREGROUND: &str = "foregroundDeletion";
const ORPHAN: &str = "orphan";

/// Follows the deletion of an object to what depends on it, and of its owners to the object.
pub(super) fn reconcile(
    access: &Access,
    key: &Key,
    object: &Json,
    dependents: impl Fn(&str) -> BTreeSet<Key>,
) {
    if object["metadata"].get("deletionTimestamp").is_none() {
        collect(access, key, object);
        return;
    }
    let uid = word(object, "uid");
    let has = |name: &str| {
        let finalizers = object["metadata"]["finalizers"].as_array();
        finalizers.is_some_and(|list| list.iter().any(|other| other == name))
    };
    if has(ORPHAN) {
        for dependent in dependents(uid).iter().filter_map(|key| access.at(key)) {
            disown(access, &dependent, uid);
        }
        access.remove_finalizer(object, ORPHAN);
    }
    if has(FOREGROUND) {
        let mut blocked = false;
        for dependent in dependents(uid).iter().filter_map(|key| access.at(key)) {
            blocked |= blocks(&dependent, uid);
            if dependent["metadata"].get("deletionTimestamp").is_none() {
                access.delete_with(&dependent, Propagation::Foreground, None);
            }
        }
        if !blocked || dependents(uid).iter().all(|key| access.at(key).is_none()) {
            access.remove_finalizer(object, FOREGROUND);
        }
    }
}

fn blocks(dependent: &Json, owner: &str) -> bool {
    let references = dependent["metadata"]["ownerReferences"].as_array();
    references
        .into_iter()
        .flatten()
        .any(|reference| reference["uid"] == owner && reference["blockOwnerDeletion"] == true)
}

/// Looks at everything that named an object as its owner, now that the object is gone.
pub(super) fn collect_dependents(access: &Access, _uid: &str, keys: BTreeSet<Key>) {
    for key in keys {
        if let Some(object) = access.at(&key) {
            collect(access, &key, &object);
        }
    }
}

/// Deletes an object none of whose owners is left, and strikes those that are gone.
fn collect(access: &Access, key: &Key, object: &Json) {
    let references = object["metadata"]["ownerReferences"].as_array();
    let references = references.map(Vec::as_slice).unwrap_or_default();
    let exists = |reference: &&Json| {
        let Some(owner) = access.owner_key(reference, &key.namespace) else {
            return true;
        };
        access
            .at(&owner)
            .is_some_and(|owner| owner["metadata"]["uid"] == reference["uid"])
    };
    let (living, gone): (Vec<&Json>, Vec<&Json>) = references.iter().partition(exists);
    if gone.is_empty() {
        return;
    }
    if living.is_empty() {
        access.delete(object);
        return;
    }
    for reference in gone {
        disown(
            access,
            object,
            reference["uid"].as_str().unwrap_or_default(),
        );
    }
}

/// Strikes an owner from an object.
fn disown(access: &Access, object: &Json, owner: &str) {
    access.modify(object, "", |object| {
        if let Some(references) = object
            .pointer_mut("/metadata/ownerReferences")
            .and_then(Json::as_array_mut)
        {
            references.retain(|reference| reference["uid"] != owner);
        }
    });
}
