//! JSON merge patches: what changes, with null for what goes.

use super::same;
use crate::yaml::{Map, Value};

/// The patch that makes `modified` of `original`.
// Parity: evanphx/json-patch v4, CreateMergePatch.
pub fn two_way(original: &Map, modified: &Map) -> Map {
    let mut patch = Map::new();
    for (key, after) in modified {
        match (original.get(key), after) {
            (Some(Value::Map(before)), Value::Map(after)) => {
                let below = two_way(before, after);
                if !below.is_empty() {
                    patch.insert(key.clone(), Value::Map(below));
                }
            }
            (Some(before), after) if same(before, after) => {}
            _ => {
                patch.insert(key.clone(), after.clone());
            }
        }
    }
    let gone = original.keys().filter(|key| !modified.contains_key(key));
    patch.extend(gone.map(|key| (key.clone(), Value::Null)));
    patch
}

/// The patch that brings `current` to `modified` and takes away what went since `original`; the rest stays.
// Parity: apimachinery, pkg/util/jsonmergepatch/patch.go, CreateThreeWayJSONMergePatch.
pub fn three_way(original: &Map, modified: &Map, current: &Map) -> Map {
    let mut patch = deletions(&two_way(original, modified));
    overlay(&mut patch, additions(&two_way(current, modified)));
    patch
}

/// What `patch` makes of `document`.
// Parity: RFC 7396.
pub fn apply(document: &mut Map, patch: &Map) {
    for (key, value) in patch {
        match value {
            Value::Null => {
                document.remove(key);
            }
            Value::Map(below) => {
                let slot = document.get_or_insert_with(key, Value::default);
                if !matches!(slot, Value::Map(_)) {
                    *slot = Value::Map(Map::new());
                }
                if let Value::Map(slot) = slot {
                    apply(slot, below);
                }
            }
            other => {
                document.insert(key.clone(), other.clone());
            }
        }
    }
}

/// A patch without its nulls.
fn additions(patch: &Map) -> Map {
    let mut kept = Map::new();
    for (key, value) in patch {
        match value {
            Value::Null => {}
            Value::Map(below) if !below.is_empty() => {
                let below = additions(below);
                if !below.is_empty() {
                    kept.insert(key.clone(), Value::Map(below));
                }
            }
            other => {
                kept.insert(key.clone(), other.clone());
            }
        }
    }
    kept
}

/// The nulls of a patch alone.
fn deletions(patch: &Map) -> Map {
    let mut kept = Map::new();
    for (key, value) in patch {
        match value {
            Value::Null => {
                kept.insert(key.clone(), Value::Null);
            }
            Value::Map(below) => {
                let below = deletions(below);
                if !below.is_empty() {
                    kept.insert(key.clone(), Value::Map(below));
                }
            }
            _ => {}
        }
    }
    kept
}

/// Puts one patch over another; the nulls of the lower one stay.
fn overlay(lower: &mut Map, upper: Map) {
    for (key, value) in upper {
        match (lower.get_mut(&key), value) {
            (Some(Value::Map(lower)), Value::Map(upper)) => overlay(lower, upper),
            (_, value) => {
                lower.insert(key, value);
            }
        }
    }
}
