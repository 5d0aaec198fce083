//! The three kinds of patch that are not an apply: JSON patch, merge patch, strategic merge patch.

use serde_json::Value as Json;

use crate::schema::Shape;

mod order;
mod strategic;

/// What a patch is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// RFC 6902, `application/json-patch+json`.
    Json,
    /// RFC 7386, `application/merge-patch+json`.
    Merge,
    /// Kubernetes' own, `application/strategic-merge-patch+json`.
    Strategic,
}

/// Why a patch was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PatchError {
    /// The patch is not well formed.
    #[error("{0}")]
    Malformed(String),
    /// The patch does not fit the object.
    // Parity: Kubernetes answers every failed operation of a JSON patch with this text.
    #[error("the server rejected our request due to an error in our request")]
    Rejected,
}

/// How many operations a JSON patch may have.
const MOST_OPERATIONS: usize = 10_000;

/// The object as the patch makes it.
pub(crate) fn patched(
    dialect: Dialect,
    object: &Json,
    patch: &Json,
    shape: &Shape,
) -> Result<Json, PatchError> {
    match dialect {
        Dialect::Json => json_patched(object, patch),
        Dialect::Merge => Ok(merged(object, patch)),
        Dialect::Strategic => {
            let Json::Object(patch) = patch else {
                return Err(PatchError::Malformed(strategic::NOT_AN_OBJECT.to_owned()));
            };
            let object = object.as_object().cloned().unwrap_or_default();
            strategic::merged(object, patch.clone(), shape).map(Json::Object)
        }
    }
}

fn json_patched(object: &Json, patch: &Json) -> Result<Json, PatchError> {
    let operations: json_patch::Patch = serde_json::from_value(patch.clone())
        .map_err(|error| PatchError::Malformed(format!("error decoding patch: {error}")))?;
    if operations.0.len() > MOST_OPERATIONS {
        return Err(PatchError::Malformed(format!(
            "The allowed maximum operations in a JSON patch is {MOST_OPERATIONS}, got {}",
            operations.0.len()
        )));
    }
    let mut object = object.clone();
    json_patch::patch(&mut object, &operations).map_err(|_| PatchError::Rejected)?;
    Ok(object)
}

/// RFC 7386: null removes, objects merge, everything else replaces.
pub(crate) fn merged(object: &Json, patch: &Json) -> Json {
    let Json::Object(changes) = patch else {
        return patch.clone();
    };
    let mut fields = object.as_object().cloned().unwrap_or_default();
    for (name, change) in changes {
        if change.is_null() {
            fields.remove(name);
        } else {
            let before = fields.get(name).unwrap_or(&Json::Null);
            fields.insert(name.clone(), merged(before, change));
        }
    }
    Json::Object(fields)
}

#[cfg(test)]
mod tests;
