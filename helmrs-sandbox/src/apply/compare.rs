//! In which fields two objects of one shape differ.

use std::collections::BTreeMap;
use std::mem::discriminant;

use serde_json::Value as Json;

use super::path::{PathElement, compare_values};
use super::set::FieldSet;
use super::typed::identify;
use crate::schema::{Atom, Identity, List, Map, Shape};

/// The fields in which two objects differ; none is in two of the sets.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    /// In the first object only.
    pub(super) removed: FieldSet,
    /// In both, with different values.
    pub(super) modified: FieldSet,
    /// In the second object only.
    pub(super) added: FieldSet,
}

impl Comparison {
    /// The comparison with these fields and their parts left out.
    pub(super) fn without(self, fields: &FieldSet) -> Self {
        if fields.is_empty() {
            return self;
        }
        Self {
            removed: self.removed.without(fields),
            modified: self.modified.without(fields),
            added: self.added.without(fields),
        }
    }
}

/// Compares two objects of one shape.
// Parity: structured-merge-diff, typed/compare.go.
pub(super) fn compare(shape: &Shape, left: &Json, right: &Json) -> Comparison {
    let mut walk = Walk::default();
    walk.visit(shape, Some(left), Some(right));
    walk.found
}

#[derive(Default)]
struct Walk {
    path: Vec<PathElement>,
    found: Comparison,
}

type Side<'a> = Option<&'a Json>;

impl Walk {
    fn visit(&mut self, shape: &Shape, left: Side<'_>, right: Side<'_>) {
        let (left_atom, right_atom) = (shape.atom(left), shape.atom(right));
        let leaf = match (left, right) {
            (Some(_), None) => self.visit_atom(left_atom, left, right),
            (Some(_), Some(_)) if discriminant(&left_atom) != discriminant(&right_atom) => {
                self.visit_atom(left_atom, left, right);
                self.visit_atom(right_atom, left, right)
            }
            _ => self.visit_atom(right_atom, left, right),
        };
        if !leaf {
            match (left, right) {
                (None, _) => self.found.added.insert(self.path.iter().cloned()),
                (_, None) => self.found.removed.insert(self.path.iter().cloned()),
                _ => {}
            }
        }
    }

    /// Returns whether the values were compared as a whole.
    fn visit_atom(&mut self, atom: Atom<'_>, left: Side<'_>, right: Side<'_>) -> bool {
        let (parts, whole) = match atom {
            Atom::Scalar(_) => (None, true),
            Atom::List(list) => (Some(atom), list.identity == Identity::Atomic),
            Atom::Map(map) => (Some(atom), map.atomic),
        };
        match parts {
            Some(Atom::List(list)) if !whole => {
                let (left, right) = (items(left), items(right));
                if !left.is_empty() || !right.is_empty() {
                    self.visit_items(list, left, right);
                    return false;
                }
            }
            Some(Atom::Map(map)) if !whole => {
                let (left, right) = (
                    left.and_then(Json::as_object),
                    right.and_then(Json::as_object),
                );
                let empty = |side: Option<&serde_json::Map<_, _>>| {
                    side.is_none_or(serde_json::Map::is_empty)
                };
                if !empty(left) || !empty(right) {
                    self.visit_fields(map, left, right);
                    return false;
                }
            }
            _ => {}
        }
        self.compare_leaf(left, right);
        true
    }

    fn compare_leaf(&mut self, left: Side<'_>, right: Side<'_>) {
        let set = match (left, right) {
            (None, _) => &mut self.found.added,
            (_, None) => &mut self.found.removed,
            (Some(left), Some(right)) if compare_values(left, right).is_ne() => {
                &mut self.found.modified
            }
            _ => return,
        };
        set.insert(self.path.iter().cloned());
    }

    fn visit_fields(
        &mut self,
        map: &Map,
        left: Option<&serde_json::Map<String, Json>>,
        right: Option<&serde_json::Map<String, Json>>,
    ) {
        let mut names: BTreeMap<&String, (Side<'_>, Side<'_>)> = BTreeMap::new();
        for (name, value) in left.into_iter().flatten() {
            names.entry(name).or_default().0 = Some(value);
        }
        for (name, value) in right.into_iter().flatten() {
            names.entry(name).or_default().1 = Some(value);
        }
        for (name, (left, right)) in names {
            let shape = map.shape_of(name).unwrap_or(&Shape::Any);
            self.descend(PathElement::Field(name.clone()), shape, left, right);
        }
    }

    fn descend(&mut self, element: PathElement, shape: &Shape, left: Side<'_>, right: Side<'_>) {
        self.path.push(element);
        self.visit(shape, left, right);
        self.path.pop();
    }

    fn visit_items(&mut self, list: &List, left: &[Json], right: &[Json]) {
        let mut found: BTreeMap<PathElement, (Vec<&Json>, Vec<&Json>)> = BTreeMap::new();
        for item in left {
            if let Ok(element) = identify(list, item) {
                found.entry(element).or_default().0.push(item);
            }
        }
        for item in right {
            if let Ok(element) = identify(list, item) {
                found.entry(element).or_default().1.push(item);
            }
        }
        for (element, (left, right)) in found {
            self.visit_item(list, element, &left, &right);
        }
    }

    /// Compares the items that share an identity; several of them count as one value.
    fn visit_item(&mut self, list: &List, element: PathElement, left: &[&Json], right: &[&Json]) {
        let same = |left: &[&Json], right: &[&Json]| {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| compare_values(left, right).is_eq())
        };
        let here: Vec<PathElement> = self.path.iter().cloned().chain([element.clone()]).collect();
        match (left, right) {
            ([] | [_], [] | [_]) => {
                self.descend(
                    element,
                    &list.items,
                    left.first().copied(),
                    right.first().copied(),
                );
            }
            ([_, _, ..], [_, _, ..]) => {
                if !same(left, right) {
                    self.found.modified.insert(here);
                }
            }
            ([_, _, ..], _) => {
                if let [only] = right {
                    self.descend(element, &list.items, None, Some(only));
                }
                self.found.removed.insert(here);
            }
            (_, [_, _, ..]) => {
                if let [only] = left {
                    self.descend(element, &list.items, Some(only), None);
                }
                self.found.added.insert(here);
            }
        }
    }
}

fn items(side: Side<'_>) -> &[Json] {
    side.and_then(Json::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}
