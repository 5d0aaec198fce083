//! What `toYamlPretty` writes, which never was JSON.

use std::collections::BTreeMap;

use helmrs_gotemplate::stack::deepen;

use super::super::sort::natural;
use super::super::value::Value;
use super::{Emitter, Place};

/// A node of a document, as far as it is more than a [`Value`].
#[derive(Clone, Debug)]
pub enum Node {
    /// A value.
    Value(Value),
    /// Text that is written as it is: a time, or bytes with their tag.
    Verbatim(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping.
    Map(BTreeMap<String, Node>),
    /// A mapping whose keys keep their order: a struct.
    Struct(Vec<(String, Node)>),
}

impl From<&Value> for Node {
    fn from(value: &Value) -> Self {
        Self::Value(value.clone())
    }
}

impl Emitter {
    pub(super) fn pretty_document(mut self, node: &Node) -> String {
        self.pretty(node, Place::Root);
        self.writer.finish()
    }

    fn pretty(&mut self, node: &Node, place: Place) {
        deepen(|| match node {
            Node::Value(value) => self.node(value, place),
            Node::Verbatim(text) => self.plain(text),
            Node::List(items) => self.list(items, place, Self::pretty),
            Node::Map(entries) => {
                let keys: Vec<&String> = entries.keys().collect();
                let sorted = natural(&keys, self.dialect);
                let entries = sorted.into_iter().map(|key| (key.as_str(), &entries[key]));
                self.map(entries, Self::pretty);
            }
            Node::Struct(fields) => {
                let fields = fields.iter().map(|(name, field)| (name.as_str(), field));
                self.map(fields, Self::pretty);
            }
        });
    }
}
