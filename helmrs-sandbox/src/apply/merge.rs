//! A configuration laid over an object: what both set is taken from the configuration.

use std::collections::BTreeMap;
use std::mem::discriminant;

use serde_json::Value as Json;

use super::path::PathElement;
use super::typed::identify;
use crate::schema::{Atom, Identity, List, Map, Shape};

/// Merges the right value over the left one; nothing is removed.
// Parity: structured-merge-diff, typed/merge.go.
pub(super) fn merge(shape: &Shape, left: Option<&Json>, right: Option<&Json>) -> Option<Json> {
    let (left_atom, right_atom) = (shape.atom(left), shape.atom(right));
    let atom = match (left, right) {
        (Some(_), None) => left_atom,
        (Some(_), Some(Json::Null)) if discriminant(&left_atom) != discriminant(&right_atom) => {
            left_atom
        }
        _ => right_atom,
    };
    match atom {
        Atom::List(list) if list.identity != Identity::Atomic => {
            let (lower, upper) = (items(left), items(right));
            if !lower.is_empty() || !upper.is_empty() {
                return Some(Json::Array(merge_items(list, lower, upper)));
            }
        }
        Atom::Map(map) if !map.atomic => {
            let empty = serde_json::Map::new();
            let lower = left.and_then(Json::as_object).unwrap_or(&empty);
            let upper = right.and_then(Json::as_object).unwrap_or(&empty);
            if !lower.is_empty() || !upper.is_empty() {
                return Some(Json::Object(merge_fields(map, lower, upper)));
            }
        }
        Atom::List(_) | Atom::Map(_) | Atom::Scalar(_) => {}
    }
    right.or(left).cloned()
}

fn items(side: Option<&Json>) -> &[Json] {
    side.and_then(Json::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

fn merge_fields(
    map: &Map,
    lower: &serde_json::Map<String, Json>,
    upper: &serde_json::Map<String, Json>,
) -> serde_json::Map<String, Json> {
    let mut merged = serde_json::Map::new();
    let only_upper = upper.keys().filter(|name| !lower.contains_key(*name));
    for name in lower.keys().chain(only_upper) {
        let shape = map.shape_of(name).unwrap_or(&Shape::Any);
        if let Some(value) = merge(shape, lower.get(name), upper.get(name)) {
            merged.insert(name.clone(), value);
        }
    }
    merged
}

/// The items of one side, in order and by identity.
struct Side<'a> {
    order: Vec<(PathElement, &'a Json)>,
    by_identity: BTreeMap<PathElement, &'a Json>,
}

/// Stands for an item whose identity several items have: they do not merge.
static AMBIGUOUS: Json = Json::Null;

impl<'a> Side<'a> {
    fn new(list: &List, items: &'a [Json]) -> Self {
        let mut side = Self {
            order: Vec::new(),
            by_identity: BTreeMap::new(),
        };
        for item in items {
            let Ok(element) = identify(list, item) else {
                continue;
            };
            side.by_identity
                .entry(element.clone())
                .and_modify(|known| *known = &AMBIGUOUS)
                .or_insert(item);
            side.order.push((element, item));
        }
        side
    }
}

/// Merges two lists: in the order of the left one while the right one has nothing new, then in
/// the order of the right one.
fn merge_items(list: &List, lower: &[Json], upper: &[Json]) -> Vec<Json> {
    let (lower, upper) = (Side::new(list, lower), Side::new(list, upper));
    let mut shared = upper
        .order
        .iter()
        .map(|(element, _)| element)
        .filter(|element| lower.by_identity.contains_key(element));
    let mut next_shared = shared.next();
    let mut merged = Vec::new();
    let mut done = std::collections::BTreeSet::new();
    let (mut left, mut right) = (0, 0);
    while left < lower.order.len() || right < upper.order.len() {
        if let (Some((here, _)), Some((there, _))) = (lower.order.get(left), upper.order.get(right))
        {
            if here == there {
                merged.extend(merge_item(list, &lower, &upper, there));
                done.insert(there);
                left += 1;
                right += 1;
                next_shared = shared.next();
                continue;
            }
            let shared_later = next_shared.is_some_and(|next| next != here);
            if upper.by_identity.contains_key(here) && shared_later {
                left += 1;
                continue;
            }
        }
        if let Some((here, item)) = lower.order.get(left) {
            if !upper.by_identity.contains_key(here) {
                merged.extend(merge(&list.items, Some(item), None));
                left += 1;
                continue;
            }
            if done.contains(here) {
                left += 1;
            }
        }
        if let Some((there, _)) = upper.order.get(right) {
            merged.extend(merge_item(list, &lower, &upper, there));
            done.insert(there);
            right += 1;
            if next_shared == Some(there) {
                next_shared = shared.next();
            }
        }
    }
    merged
}

fn merge_item(
    list: &List,
    lower: &Side<'_>,
    upper: &Side<'_>,
    element: &PathElement,
) -> Option<Json> {
    let lower = lower.by_identity.get(element).copied();
    let upper = upper.by_identity.get(element).copied();
    merge(&list.items, lower, upper)
}
