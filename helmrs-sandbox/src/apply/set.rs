//! Sets of fields, as a tree of path elements.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::path::{Path, PathElement};
use crate::schema::{Atom, Shape};

/// A set of fields; a field may be in it without its parts, and the parts without the field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FieldSet {
    nodes: BTreeMap<PathElement, Node>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Node {
    /// Whether the field itself is in the set.
    member: bool,
    /// Those of its parts that are.
    parts: FieldSet,
}

impl Node {
    fn is_empty(&self) -> bool {
        !self.member && self.parts.is_empty()
    }
}

impl FieldSet {
    /// A set of fields named by paths of field names.
    pub(crate) fn of_fields(paths: &[&[&str]]) -> Self {
        let mut set = Self::default();
        for path in paths {
            set.insert(
                path.iter()
                    .map(|name| PathElement::Field((*name).to_owned())),
            );
        }
        set
    }

    /// Whether nothing is in the set.
    pub(crate) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Adds a field; the whole object, which nobody owns, is not one.
    pub(super) fn insert(&mut self, path: impl IntoIterator<Item = PathElement>) {
        let mut path = path.into_iter().peekable();
        let mut set = self;
        while let Some(element) = path.next() {
            let node = set.nodes.entry(element).or_default();
            node.member |= path.peek().is_none();
            set = &mut node.parts;
        }
    }

    /// Adds one part and parts of it.
    pub(super) fn insert_node(&mut self, element: PathElement, member: bool, parts: Self) {
        if member || !parts.is_empty() {
            let node = self.nodes.entry(element).or_default();
            node.member |= member;
            node.parts = node.parts.union(&parts);
        }
    }

    /// Whether this direct part is in the set.
    pub(super) fn has(&self, element: &PathElement) -> bool {
        self.nodes.get(element).is_some_and(|node| node.member)
    }

    /// Whether the field at a path is in the set.
    pub(super) fn contains(&self, path: &Path) -> bool {
        match path.0.split_last() {
            None => false,
            Some((last, above)) => above
                .iter()
                .try_fold(self, |set, element| set.below(element))
                .is_some_and(|set| set.has(last)),
        }
    }

    /// What is in the set below this part.
    pub(super) fn below(&self, element: &PathElement) -> Option<&Self> {
        self.nodes
            .get(element)
            .map(|node| &node.parts)
            .filter(|parts| !parts.is_empty())
    }

    /// What is in either set.
    pub(super) fn union(&self, other: &Self) -> Self {
        let mut union = self.clone();
        for (element, node) in &other.nodes {
            let mine = union.nodes.entry(element.clone()).or_default();
            mine.member |= node.member;
            mine.parts = mine.parts.union(&node.parts);
        }
        union
    }

    /// What is in both sets.
    pub(super) fn intersection(&self, other: &Self) -> Self {
        self.combined(|element, node| {
            let other = other.nodes.get(element);
            Node {
                member: node.member && other.is_some_and(|other| other.member),
                parts: other
                    .map(|other| node.parts.intersection(&other.parts))
                    .unwrap_or_default(),
            }
        })
    }

    /// What is in this set only.
    pub(super) fn difference(&self, other: &Self) -> Self {
        self.combined(|element, node| match other.nodes.get(element) {
            None => node.clone(),
            Some(other) => Node {
                member: node.member && !other.member,
                parts: node.parts.difference(&other.parts),
            },
        })
    }

    /// What is in this set and neither in the other nor part of something in it.
    pub(super) fn without(&self, other: &Self) -> Self {
        self.combined(|element, node| match other.nodes.get(element) {
            None => node.clone(),
            Some(other) if other.member => Node::default(),
            Some(other) => Node {
                member: node.member,
                parts: node.parts.without(&other.parts),
            },
        })
    }

    fn combined(&self, rule: impl Fn(&PathElement, &Node) -> Node) -> Self {
        let nodes = self
            .nodes
            .iter()
            .map(|(element, node)| (element.clone(), rule(element, node)));
        Self {
            nodes: nodes.filter(|(_, node)| !node.is_empty()).collect(),
        }
    }

    /// The set with every structure's field added that has parts in it.
    pub(super) fn with_named_fields(&self, shape: &Shape) -> Self {
        let atom = shape.atom(None);
        self.combined(|element, node| {
            let (inner, named) = match (element, atom) {
                (PathElement::Field(name), Atom::Map(map)) => {
                    (map.shape_of(name), map.fields.contains_key(name))
                }
                (PathElement::Key(_), Atom::List(list)) => (Some(&list.items), false),
                _ => (None, false),
            };
            Node {
                member: node.member || (named && !node.parts.is_empty()),
                parts: node.parts.with_named_fields(inner.unwrap_or(&Shape::Any)),
            }
        })
    }

    /// Every field of the set: those of one level before those below them.
    pub(super) fn paths(&self) -> Vec<Path> {
        let mut paths = Vec::new();
        self.collect_paths(&mut Vec::new(), &mut paths);
        paths
    }

    fn collect_paths(&self, prefix: &mut Vec<PathElement>, paths: &mut Vec<Path>) {
        for (element, _) in self.nodes.iter().filter(|(_, node)| node.member) {
            let path = prefix.iter().chain([element]).cloned().collect();
            paths.push(Path(path));
        }
        for (element, node) in &self.nodes {
            prefix.push(element.clone());
            node.parts.collect_paths(prefix, paths);
            prefix.pop();
        }
    }

    /// The set in the form of `fieldsV1`.
    pub(crate) fn encode(&self) -> Json {
        Json::Object(self.encode_parts(false))
    }

    fn encode_parts(&self, member: bool) -> Map<String, Json> {
        let mut fields = Map::new();
        if member && !self.is_empty() {
            fields.insert(".".to_owned(), Json::Object(Map::new()));
        }
        for (element, node) in &self.nodes {
            fields.insert(
                element.encode(),
                Json::Object(node.parts.encode_parts(node.member)),
            );
        }
        fields
    }

    /// Reads the form of `fieldsV1`; entries nobody understands are left out.
    pub(crate) fn decode(fields: &Json) -> Self {
        let mut set = Self::default();
        for (name, inner) in fields.as_object().into_iter().flatten() {
            let Some(element) = PathElement::decode(name) else {
                continue;
            };
            let parts = Self::decode(inner);
            let member = inner.get(".").is_some() || parts.is_empty();
            set.nodes.insert(element, Node { member, parts });
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_encoded_can_be_decoded() {
        let fields = json!({"f:spec": {".": {}, "f:ports": {"k:{\"port\":80,\"protocol\":\"TCP\"}": {".": {}, "f:port": {}}}},
            "f:metadata": {"f:finalizers": {"v:\"a\"": {}}}});
        assert_eq!(FieldSet::decode(&fields).encode(), fields);
    }

    #[test]
    fn difference_keeps_a_field_whose_parts_are_taken() {
        let whole = FieldSet::decode(&json!({"f:a": {".": {}, "f:b": {}}}));
        let part = FieldSet::decode(&json!({"f:a": {"f:b": {}}}));
        assert_eq!(whole.difference(&part).encode(), json!({"f:a": {}}));
        assert_eq!(
            whole.without(&FieldSet::of_fields(&[&["a"]])).encode(),
            json!({})
        );
    }
}
