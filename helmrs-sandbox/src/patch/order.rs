//! In which order a merged list stands: as the patch has it, with the rest where it was.

use serde_json::Value as Json;

/// Where an item is in a list, by key or by value.
pub(super) fn position(items: &[Json], item: &Json, key: Option<&str>) -> Option<usize> {
    items.iter().position(|other| match key {
        Some(key) => other.get(key).is_some() && other.get(key) == item.get(key),
        None => other == item,
    })
}

/// Orders items: those that are wanted as wanted, the others put between them as they were `before`.
// Parity: Kubernetes, apimachinery/pkg/util/strategicpatch/patch.go, normalizeElementOrder.
pub(super) fn in_order(
    items: Vec<Json>,
    wanted: &[Json],
    before: &[Json],
    key: Option<&str>,
) -> Vec<Json> {
    let (mut patched, mut kept): (Vec<Json>, Vec<Json>) = items
        .into_iter()
        .partition(|item| position(wanted, item, key).is_some());
    patched.sort_by_key(|item| position(wanted, item, key));
    kept.sort_by_key(|item| position(before, item, key));
    let mut ordered = Vec::with_capacity(patched.len() + kept.len());
    let mut kept = kept.into_iter().peekable();
    for item in patched {
        let place = position(before, &item, key);
        while let Some(other) = kept.next_if(|other| {
            let other = position(before, other, key);
            other.is_some() && place.is_some() && other < place
        }) {
            ordered.push(other);
        }
        ordered.push(item);
    }
    ordered.extend(kept);
    ordered
}
