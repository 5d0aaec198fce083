//! The shape of objects: which fields there are, of what type, and how they merge.
//!
//! Shapes of built-in kinds come from a data file (see `schema/README.md`), those of custom resources
//! from their definitions. Both end up as the same [`Shape`], so that apply, patch and validation
//! need not know the difference.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use serde_json::Value as Json;

mod custom;
mod data;

pub(crate) use custom::from_definition;

/// What values a place in an object may hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    /// Anything: maps are taken field by field, lists as a whole.
    Any,
    /// One value without parts.
    Scalar(Scalar),
    /// A sequence.
    List(Arc<List>),
    /// Fields, known or free.
    Map(Arc<Map>),
    /// A structure of the data file, which may contain itself.
    Named(&'static str),
}

/// The type of a value without parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    /// A text.
    Text,
    /// A text in base64.
    Bytes,
    /// A point in time in RFC 3339.
    Time,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// An amount such as `500m`, which may also be written as a number.
    Quantity,
    /// A port number or name, a count or a percentage.
    IntOrString,
    /// Any of these.
    Any,
}

/// How a list holds its items.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct List {
    /// The shape of each item.
    pub(crate) items: Shape,
    /// What tells items apart.
    pub(crate) identity: Identity,
}

/// What tells the items of a list apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Identity {
    /// Nothing: the list is one value.
    Atomic,
    /// The item itself.
    Value,
    /// These fields of the item, in the order the schema names them.
    Keys(Vec<String>),
}

/// The fields of a structure or a free map.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Map {
    /// The fields with a shape of their own.
    pub(crate) fields: BTreeMap<String, Field>,
    /// The shape of every other field; `None` if there may be no other.
    pub(crate) others: Option<Shape>,
    /// Whether the map is one value.
    pub(crate) atomic: bool,
}

/// One field of a structure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    /// What it holds.
    pub(crate) shape: Shape,
    /// Whether it must be there.
    pub(crate) required: bool,
    /// What it is when left out.
    pub(crate) default: Option<Json>,
    /// How a strategic merge patch treats it.
    pub(crate) patch: PatchRule,
}

/// How a strategic merge patch treats a field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PatchRule {
    /// Whether a list is merged rather than replaced.
    pub(crate) merge: bool,
    /// The field that tells items apart; none for lists of plain values.
    pub(crate) key: Option<String>,
    /// Whether `$retainKeys` may drop the other fields.
    pub(crate) retain_keys: bool,
}

impl Field {
    fn optional(shape: Shape) -> Self {
        Self {
            shape,
            required: false,
            default: None,
            patch: PatchRule::default(),
        }
    }
}

/// A map in which everything goes.
static ANY_MAP: LazyLock<Map> = LazyLock::new(|| Map {
    others: Some(Shape::Any),
    ..Map::default()
});

/// A list in which everything goes.
static ANY_LIST: LazyLock<List> = LazyLock::new(|| List {
    items: Shape::Any,
    identity: Identity::Atomic,
});

/// What a shape comes down to for one value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Atom<'a> {
    /// A value without parts.
    Scalar(Scalar),
    /// A sequence.
    List(&'a List),
    /// Fields.
    Map(&'a Map),
}

impl Shape {
    /// What this shape is for this value: only [`Shape::Any`] asks the value.
    pub(crate) fn atom(&self, value: Option<&Json>) -> Atom<'_> {
        match self {
            Self::Scalar(scalar) => Atom::Scalar(*scalar),
            Self::List(list) => Atom::List(list),
            Self::Map(map) => Atom::Map(map),
            Self::Named(name) => data::structure(name).map_or(Atom::Map(&ANY_MAP), Atom::Map),
            Self::Any => match value {
                Some(Json::Array(_)) => Atom::List(&ANY_LIST),
                Some(Json::Bool(_) | Json::Number(_) | Json::String(_)) => {
                    Atom::Scalar(Scalar::Any)
                }
                Some(Json::Object(_) | Json::Null) | None => Atom::Map(&ANY_MAP),
            },
        }
    }

    /// The fields, if this is a structure or a map.
    pub(crate) fn map(&self) -> Option<&Map> {
        match self.atom(None) {
            Atom::Map(map) => Some(map),
            Atom::List(_) | Atom::Scalar(_) => None,
        }
    }
}

impl Map {
    /// The shape of a field, if the map may have it.
    pub(crate) fn shape_of(&self, field: &str) -> Option<&Shape> {
        self.fields
            .get(field)
            .map(|field| &field.shape)
            .or(self.others.as_ref())
    }
}

/// The shape of a built-in kind.
pub(crate) fn builtin(api_version: &str, kind: &str) -> Option<Shape> {
    data::kind(api_version, kind).map(Shape::Named)
}

/// The shape of `metadata`.
pub(crate) fn metadata() -> Shape {
    Shape::Named("meta.v1.ObjectMeta")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_tells_its_ports_apart_by_port_and_protocol() {
        let service = builtin("v1", "Service").expect("a built-in kind");
        let spec = service
            .map()
            .and_then(|map| map.shape_of("spec"))
            .expect("a field");
        let ports = spec
            .map()
            .and_then(|map| map.fields.get("ports"))
            .expect("a field");
        let Atom::List(list) = ports.shape.atom(None) else {
            panic!("a list")
        };
        assert_eq!(
            list.identity,
            Identity::Keys(vec!["port".to_owned(), "protocol".to_owned()])
        );
        assert_eq!(ports.patch.key.as_deref(), Some("port"));
        let protocol = list.items.map().and_then(|map| map.fields.get("protocol"));
        assert_eq!(
            protocol.and_then(|field| field.default.clone()),
            Some(Json::from("TCP"))
        );
    }

    #[test]
    fn every_structure_that_is_named_exists() {
        for (name, map) in data::structures() {
            for (field, inner) in &map.fields {
                assert!(names_exist(&inner.shape), "{name}.{field}");
            }
        }
    }

    fn names_exist(shape: &Shape) -> bool {
        match shape {
            Shape::Named(name) => data::structure(name).is_some(),
            Shape::List(list) => names_exist(&list.items),
            Shape::Map(map) => map.others.as_ref().is_none_or(names_exist),
            Shape::Any | Shape::Scalar(_) => true,
        }
    }
}
