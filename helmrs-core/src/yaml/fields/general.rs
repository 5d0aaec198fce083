//! Nodes into values of any shape.

use helmrs_gotemplate::stack::deepen;

use super::{Filler, meaning_of};
use crate::yaml::compose::{NodeId, NodeKind};
use crate::yaml::resolve::Meaning;
use crate::yaml::{Map, Value};

/// How many nodes one text may come to, aliases followed.
const MOST_NODES: usize = 1_000_000;

/// How many nodes have been made into values.
#[derive(Debug, Default)]
pub(super) struct Budget {
    nodes: usize,
}

impl Filler<'_> {
    /// The entries of a mapping of anything, as Go's `map[string]interface {}` takes them.
    pub(crate) fn anything(&mut self, id: NodeId) -> Map {
        let entries = self.map(id, "map[string]interface {}", |filler, id| {
            filler.value(id, 0)
        });
        Map::from(entries.into_iter().collect::<Vec<_>>())
    }

    fn value(&mut self, id: NodeId, depth: usize) -> Value {
        self.general.nodes += 1;
        if self.failure.is_some() {
            return Value::Null;
        }
        if self.general.nodes > MOST_NODES || depth > DEEPEST {
            self.fail("document contains excessive aliasing");
            return Value::Null;
        }
        deepen(|| self.value_here(id, depth))
    }

    fn value_here(&mut self, id: NodeId, depth: usize) -> Value {
        match &self.document.nodes[id].kind {
            NodeKind::Scalar(scalar) => match meaning_of(scalar) {
                Meaning::Null => Value::Null,
                Meaning::Bool(truth) => Value::Bool(truth),
                Meaning::Integer(number) => Value::Integer(number),
                Meaning::Unsigned(number) => Value::Float(number as f64),
                Meaning::Float(number) => Value::Float(number),
                Meaning::Timestamp | Meaning::Text | Meaning::Binary => {
                    Value::String(scalar.text.clone().into_owned())
                }
            },
            NodeKind::Alias { target, .. } => {
                let target = *target;
                self.value(target, depth + 1)
            }
            NodeKind::Sequence(items) => {
                let items = items.clone();
                let items = items.into_iter().map(|item| self.value(item, depth + 1));
                Value::List(items.collect())
            }
            NodeKind::Mapping(entries) => {
                let entries = entries.clone();
                if !self.has_unique_keys(id) {
                    return Value::Null;
                }
                let mut map = Vec::new();
                for (key, value) in entries {
                    let mut name = String::new();
                    self.text(key, &mut name);
                    let value = self.value(value, depth + 1);
                    map.push((name, value));
                }
                Value::Map(Map::from(map))
            }
        }
    }
}

/// How deep values may lie in each other.
const DEEPEST: usize = 10_000;
