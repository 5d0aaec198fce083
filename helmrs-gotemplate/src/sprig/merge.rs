//! Two maps into one, as the mergo library does it: the quirks of `merge` and `mergeOverwrite`.

use super::defaults::is_empty;
use crate::error::CallError;
use crate::types::Type;
use crate::value::{Map, Value};

/// What to do with a key that both maps have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Policy {
    /// Keep what the destination has unless that is empty.
    Fill,
    /// Take what the source has, nil, false and zero included.
    Overwrite,
}

/// Merges `source` into `destination` in place; maps inside are merged likewise, and shared, not copied.
///
/// Parity: mergo, merge.go, `deepMerge` for `map[string]interface {}`.
pub(super) fn merge_into(destination: &Map, source: &Map, policy: Policy) -> Result<(), CallError> {
    if destination.is_same(source) {
        return Ok(());
    }
    let assignable = source.element().is_assignable_to(destination.element());
    let insert = |key, item| {
        if !assignable {
            let (from, to) = (source.element(), destination.element());
            return Err(CallError::new(format!(
                "reflect.Value.SetMapIndex: value of type {from} is not assignable to type {to}"
            )));
        }
        destination.insert(key, item);
        Ok(())
    };
    for (key, item) in source.entries() {
        let present = destination.get(&key);
        if item.is_nil() {
            if policy == Policy::Overwrite {
                insert(key, Value::Nil)?;
            }
            continue;
        }
        if let (Value::Map(inner), Some(Value::Map(existing))) = (&item, &present) {
            merge_into(existing, inner, policy)?;
            if !existing.is_empty() && !is_empty(present.as_ref().unwrap_or(&Value::Nil)) {
                continue;
            }
        }
        let taken = policy == Policy::Overwrite || present.as_ref().is_none_or(is_empty);
        if taken {
            insert(key, item)?;
        }
    }
    Ok(())
}

/// The map that merging starts from: a nil map is replaced by a new one.
pub(super) fn destination(map: Map) -> Map {
    if map.is_nil() {
        Map::typed(Type::MAP)
    } else {
        map
    }
}
