//! Tables of values that are shared while they are merged, as maps are in Go.
//!
//! The merging rules write through what they merge: a global that a subchart adds to shows up in its parent too. Shared
//! tables keep that; what comes out is a plain tree again.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use helmrs_gotemplate::number::format_float;

use crate::yaml::{Map, Value};

/// A node of the tree: a table, or anything else.
#[derive(Debug, Clone)]
pub(in crate::chart) enum Node {
    Table(Table),
    Leaf(Rc<Value>),
}

/// A table that may have several owners.
#[derive(Debug, Clone, Default)]
pub(in crate::chart) struct Table(Rc<RefCell<Nodes>>);

/// Keys and leaves are shared by all copies of a table.
type Nodes = BTreeMap<Rc<str>, Node>;

impl Node {
    pub(in crate::chart) fn new(value: &Value) -> Self {
        match value {
            Value::Map(map) => Self::Table(Table::new(map)),
            leaf => Self::Leaf(Rc::new(leaf.clone())),
        }
    }

    pub(in crate::chart) fn is_null(&self) -> bool {
        matches!(self, Self::Leaf(leaf) if **leaf == Value::Null)
    }

    pub(in crate::chart) fn as_table(&self) -> Option<&Table> {
        match self {
            Self::Table(table) => Some(table),
            Self::Leaf(_) => None,
        }
    }

    pub(in crate::chart) fn to_value(&self) -> Value {
        match self {
            Self::Table(table) => Value::Map(table.to_map()),
            Self::Leaf(value) => Value::clone(value),
        }
    }

    fn into_value(self) -> Value {
        match self {
            Self::Table(table) => Value::Map(table.into_map()),
            Self::Leaf(value) => Rc::unwrap_or_clone(value),
        }
    }

    /// Whether the node is this truth value.
    pub(in crate::chart) fn is(&self, truth: bool) -> bool {
        matches!(self, Self::Leaf(leaf) if **leaf == Value::Bool(truth))
    }

    fn deep_copy(&self) -> Self {
        match self {
            Self::Table(table) => Self::Table(table.deep_copy()),
            Self::Leaf(value) => Self::Leaf(Rc::clone(value)),
        }
    }
}

impl Table {
    /// A copy of a map, tables within included.
    pub(in crate::chart) fn new(map: &Map) -> Self {
        let nodes = map
            .iter()
            .map(|(key, value)| (Rc::from(key.as_str()), Node::new(value)));
        Self::from_nodes(nodes.collect())
    }

    fn from_nodes(nodes: Nodes) -> Self {
        Self(Rc::new(RefCell::new(nodes)))
    }

    /// A table of one entry.
    pub(in crate::chart) fn of(key: &str, node: Node) -> Self {
        Self::from_nodes(BTreeMap::from([(Rc::from(key), node)]))
    }

    /// The plain tree.
    pub(in crate::chart) fn to_map(&self) -> Map {
        self.0
            .borrow()
            .iter()
            .map(|(key, node)| (key.to_string(), node.to_value()))
            .collect()
    }

    /// The plain tree, copied only where it is still shared.
    pub(in crate::chart) fn into_map(self) -> Map {
        match Rc::try_unwrap(self.0) {
            Ok(nodes) => nodes
                .into_inner()
                .into_iter()
                .map(|(key, node)| (key.to_string(), node.into_value()))
                .collect(),
            Err(shared) => Self(shared).to_map(),
        }
    }

    /// Another table with the same entries; tables within stay shared.
    pub(in crate::chart) fn shallow_copy(&self) -> Self {
        Self::from_nodes(self.0.borrow().clone())
    }

    /// Another table that shares no table.
    pub(in crate::chart) fn deep_copy(&self) -> Self {
        let nodes = self.0.borrow();
        let copy = |(key, node): (&Rc<str>, &Node)| (Rc::clone(key), node.deep_copy());
        Self::from_nodes(nodes.iter().map(copy).collect())
    }

    /// The entry of a key; a table comes out shared.
    pub(in crate::chart) fn get(&self, key: &str) -> Option<Node> {
        self.0.borrow().get(key).cloned()
    }

    pub(in crate::chart) fn insert(&self, key: impl Into<Rc<str>>, node: Node) {
        self.0.borrow_mut().insert(key.into(), node);
    }

    pub(in crate::chart) fn remove(&self, key: &str) {
        self.0.borrow_mut().remove(key);
    }

    /// The entries as they are now.
    pub(in crate::chart) fn entries(&self) -> Vec<(Rc<str>, Node)> {
        self.0
            .borrow()
            .iter()
            .map(|(key, node)| (key.clone(), node.clone()))
            .collect()
    }

    /// Removes every null, in tables within too.
    pub(in crate::chart) fn clean_nulls(&self) {
        self.0.borrow_mut().retain(|_, node| !node.is_null());
        for (_, node) in self.entries() {
            if let Node::Table(table) = node {
                table.clean_nulls();
            }
        }
    }
}

/// A value as Go's `%v` prints it.
pub(in crate::chart) fn printed(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Float(value) => format_float(*value, 'g', None),
        Value::String(value) => value.clone(),
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
        Value::Bool(value) => value.to_string(),
        Value::Integer(_) => format!("%!t(int64={})", printed(value)),
        Value::Float(_) => format!("%!t(float64={})", printed(value)),
        Value::String(_) => format!("%!t(string={})", printed(value)),
        Value::List(items) => {
            let items: Vec<_> = items.iter().map(printed_as_truth).collect();
            format!("[{}]", items.join(" "))
        }
        Value::Map(entries) => {
            let entry = |(key, value)| format!("%!t(string={key}):{}", printed_as_truth(value));
            format!(
                "map[{}]",
                entries.iter().map(entry).collect::<Vec<_>>().join(" ")
            )
        }
    }
}
