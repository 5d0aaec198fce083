//! Tables of values that are shared while they are merged, as maps are in Go.
//!
//! The merging rules write through what they merge: a global that a subchart adds to shows up in its parent too. Shared
//! tables keep that; what comes out is a plain tree again.

use std::borrow::Cow;
use std::cell::{RefCell, RefMut};
use std::collections::BTreeMap;
use std::rc::Rc;

use helmrs_gotemplate::number::format_float;

use crate::yaml::{Map, Value};

/// A node of the tree: a table, or anything else.
#[derive(Debug, Clone)]
pub(in crate::chart) enum Node<'v> {
    Table(Table<'v>),
    Leaf(&'v Value),
}

/// A table that may have several owners.
///
/// Most tables are only moved as a whole: one is taken apart when somebody looks into it, and not before.
#[derive(Debug, Clone)]
pub(in crate::chart) struct Table<'v>(Rc<RefCell<Content<'v>>>);

#[derive(Debug)]
enum Content<'v> {
    Untouched(&'v Map),
    Nodes(Nodes<'v>),
}

type Nodes<'v> = BTreeMap<Cow<'v, str>, Node<'v>>;

impl<'v> Node<'v> {
    pub(in crate::chart) fn new(value: &'v Value) -> Self {
        match value {
            Value::Map(map) => Self::Table(Table::new(map)),
            leaf => Self::Leaf(leaf),
        }
    }

    pub(in crate::chart) fn is_null(&self) -> bool {
        matches!(self, Self::Leaf(Value::Null))
    }

    pub(in crate::chart) fn as_table(&self) -> Option<&Table<'v>> {
        match self {
            Self::Table(table) => Some(table),
            Self::Leaf(_) => None,
        }
    }

    pub(in crate::chart) fn to_value(&self) -> Value {
        match self {
            Self::Table(table) => Value::Map(table.to_map()),
            Self::Leaf(value) => (*value).clone(),
        }
    }
}

impl Default for Table<'_> {
    fn default() -> Self {
        Self::of_nodes(Nodes::new())
    }
}

impl<'v> Table<'v> {
    /// A table of what a map holds; the map itself stays as it is.
    pub(in crate::chart) fn new(map: &'v Map) -> Self {
        Self(Rc::new(RefCell::new(Content::Untouched(map))))
    }

    /// A table of one entry.
    pub(in crate::chart) fn of(key: &str, node: Node<'v>) -> Self {
        Self::of_nodes(Nodes::from([(Cow::Owned(key.to_owned()), node)]))
    }

    fn of_nodes(nodes: Nodes<'v>) -> Self {
        Self(Rc::new(RefCell::new(Content::Nodes(nodes))))
    }

    /// The plain tree.
    pub(in crate::chart) fn to_map(&self) -> Map {
        match &*self.0.borrow() {
            Content::Untouched(map) => (*map).clone(),
            Content::Nodes(nodes) => {
                let entries = nodes.iter();
                entries
                    .map(|(key, node)| (key.clone().into_owned(), node.to_value()))
                    .collect()
            }
        }
    }

    /// The entries, for looking and changing.
    fn nodes(&self) -> RefMut<'_, Nodes<'v>> {
        RefMut::map(self.0.borrow_mut(), Content::nodes)
    }

    /// Another table with the same entries; tables within stay shared.
    pub(in crate::chart) fn shallow_copy(&self) -> Self {
        Self::of_nodes(self.nodes().clone())
    }

    /// The entry of a key; a table comes out shared.
    pub(in crate::chart) fn get(&self, key: &str) -> Option<Node<'v>> {
        self.nodes().get(key).cloned()
    }

    pub(in crate::chart) fn insert(&self, key: impl Into<Cow<'v, str>>, node: Node<'v>) {
        self.nodes().insert(key.into(), node);
    }

    pub(in crate::chart) fn remove(&self, key: &str) {
        self.nodes().remove(key);
    }

    pub(in crate::chart) fn is_empty(&self) -> bool {
        self.nodes().is_empty()
    }

    /// The entries as they are now.
    pub(in crate::chart) fn entries(&self) -> Vec<(Cow<'v, str>, Node<'v>)> {
        self.nodes()
            .iter()
            .map(|(key, node)| (key.clone(), node.clone()))
            .collect()
    }

    /// Removes every null, in tables within too.
    pub(in crate::chart) fn clean_nulls(&self) {
        if let Content::Untouched(map) = &*self.0.borrow()
            && !has_nulls(map)
        {
            return;
        }
        self.nodes().retain(|_, node| !node.is_null());
        for (_, node) in self.entries() {
            if let Node::Table(table) = node {
                table.clean_nulls();
            }
        }
    }
}

impl<'v> Content<'v> {
    fn nodes(&mut self) -> &mut Nodes<'v> {
        if let Self::Untouched(map) = self {
            let entries = map.iter();
            let nodes = entries.map(|(key, value)| (Cow::Borrowed(key.as_str()), Node::new(value)));
            *self = Self::Nodes(nodes.collect());
        }
        match self {
            Self::Nodes(nodes) => nodes,
            Self::Untouched(_) => unreachable!("it was taken apart above"),
        }
    }
}

/// Whether there is a null in a map or in a map within it.
fn has_nulls(map: &Map) -> bool {
    map.values().any(|value| match value {
        Value::Null => true,
        Value::Map(map) => has_nulls(map),
        _ => false,
    })
}

/// A value as Go's `%v` prints it.
pub(in crate::chart) fn printed(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Float(value) => format_float(*value, 'g', None),
        Value::String(value) => value.clone(),
        Value::Raw(value) => value.as_str().to_owned(),
        Value::List(items) => {
            let items: Vec<_> = items.iter().map(printed).collect();
            format!("[{}]", items.join(" "))
        }
        Value::Map(entries) => {
            let entries: Vec<_> = entries
                .iter()
                .map(|(key, value)| format!("{key}:{}", printed(value)))
                .collect();
            format!("map[{}]", entries.join(" "))
        }
    }
}

/// A value as Go's `%t` prints it, which is a complaint unless it is a truth value.
pub(in crate::chart) fn printed_as_truth(value: &Value) -> String {
    match value {
        Value::Null => "%!t(<nil>)".to_string(),
        inner => printed_inside_as_truth(inner),
    }
}

/// As [`printed_as_truth`], but inside of another value a null is no complaint.
fn printed_inside_as_truth(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Integer(_) => format!("%!t(int64={})", printed(value)),
        Value::Float(_) => format!("%!t(float64={})", printed(value)),
        Value::String(_) | Value::Raw(_) => format!("%!t(string={})", printed(value)),
        Value::List(items) => {
            let items: Vec<_> = items.iter().map(printed_inside_as_truth).collect();
            format!("[{}]", items.join(" "))
        }
        Value::Map(entries) => {
            let entry =
                |(key, value)| format!("%!t(string={key}):{}", printed_inside_as_truth(value));
            format!(
                "map[{}]",
                entries.iter().map(entry).collect::<Vec<_>>().join(" ")
            )
        }
    }
}
