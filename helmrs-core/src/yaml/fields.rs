//! Nodes into structs as go-yaml v3 fills them: everything that does not fit is told, each with its line.

mod general;

use std::collections::{BTreeMap, BTreeSet};

use super::compose::{Document, NodeId, NodeKind, Nodes, Scalar, Stop, compose};
use super::error::ParseError;
use super::resolve::{Dialect, Meaning, plain};
use super::source::Source;

/// How many mismatches are told of one text.
const MOST_PROBLEMS: usize = 1000;

const TAG_PREFIX: &str = "tag:yaml.org,2002:";

/// What becomes of fields that a struct does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    Ignored,
    Refused,
}

/// Fills something from the first document of a text; `None` without one.
// Parity: go-yaml v3, yaml.go, Decoder.Decode.
pub(crate) fn fill<T>(
    text: &[u8],
    unknown: Unknown,
    take: impl FnOnce(&mut Filler<'_>, NodeId) -> T,
) -> Result<Option<T>, ParseError> {
    let source = Source::new(text);
    let mut nodes = Nodes::default();
    let root = match compose(&source, &mut nodes) {
        Ok(Some(root)) => root,
        Ok(None) | Err(Stop::Declined) => return Ok(None),
        Err(Stop::Wrong(error)) => return Err(*error),
    };
    let mut filler = Filler {
        document: nodes.into_document(root),
        unknown,
        problems: Vec::new(),
        failure: None,
        general: general::Budget::default(),
    };
    let filled = take(&mut filler, root);
    if let Some(failure) = filler.failure {
        return Err(failure);
    }
    if filler.problems.is_empty() {
        return Ok(Some(filled));
    }
    Err(ParseError::Strict {
        problems: filler.problems,
    })
}

/// What a struct makes of one of its entries; `false` if it has no such field.
pub(crate) type Field<'f, 't> = &'f mut dyn FnMut(&mut Filler<'t>, &str, NodeId) -> bool;

/// A document that something is filled from.
pub(crate) struct Filler<'t> {
    document: Document<'t>,
    unknown: Unknown,
    problems: Vec<String>,
    /// What ends the reading at once.
    failure: Option<ParseError>,
    general: general::Budget,
}

impl<'t> Filler<'t> {
    /// Fills a struct, whose Go name is `go_type`.
    // Parity: go-yaml v3, decode.go, decoder.mappingStruct.
    pub(crate) fn structure(&mut self, id: NodeId, go_type: &str, take: Field<'_, 't>) {
        let Some(id) = self.mapping(id, go_type) else {
            return;
        };
        let mut done = BTreeSet::new();
        self.entries_of(id, go_type, take, &mut done, 0);
    }

    fn entries_of(
        &mut self,
        id: NodeId,
        go_type: &str,
        take: Field<'_, 't>,
        done: &mut BTreeSet<String>,
        depth: usize,
    ) {
        let entries = match &self.document.nodes[id].kind {
            NodeKind::Mapping(entries) => entries.clone(),
            _ => return,
        };
        let mut merged = Vec::new();
        for (key, value) in entries {
            if self.document.is_merge(key) {
                merged.push(value);
                continue;
            }
            let mut name = String::new();
            let before = self.problems.len();
            self.text(key, &mut name);
            if self.problems.len() > before || done.contains(&name) {
                continue;
            }
            if !take(self, &name, value) && self.unknown == Unknown::Refused {
                let line = self.document.nodes[key].line + 1;
                self.problem(format!(
                    "line {line}: field {name} not found in type {go_type}"
                ));
            }
            done.insert(name);
        }
        // An alias may lead back here; two levels are more than anybody writes.
        for value in merged.into_iter().filter(|_| depth < 8) {
            match self.resolved(value) {
                id if matches!(self.document.nodes[id].kind, NodeKind::Mapping(_)) => {
                    self.entries_of(id, go_type, take, done, depth + 1);
                }
                _ => self.fail("map merge requires map or sequence of maps as the value"),
            }
        }
    }

    /// The entries of a mapping with texts for keys, whose Go name is `go_type`.
    pub(crate) fn map<V>(
        &mut self,
        id: NodeId,
        go_type: &str,
        mut take: impl FnMut(&mut Self, NodeId) -> V,
    ) -> BTreeMap<String, V> {
        let mut map = BTreeMap::new();
        let Some(id) = self.mapping(id, go_type) else {
            return map;
        };
        let NodeKind::Mapping(entries) = &self.document.nodes[id].kind else {
            return map;
        };
        for (key, value) in entries.clone() {
            let mut name = String::new();
            self.text(key, &mut name);
            let value = take(self, value);
            map.insert(name, value);
        }
        map
    }

    /// The items of a sequence, whose Go name is `go_type`.
    pub(crate) fn list<V>(
        &mut self,
        id: NodeId,
        go_type: &str,
        mut take: impl FnMut(&mut Self, NodeId) -> V,
    ) -> Vec<V> {
        let id = self.resolved(id);
        match &self.document.nodes[id].kind {
            NodeKind::Sequence(items) => {
                let items = items.clone();
                items.into_iter().map(|item| take(self, item)).collect()
            }
            NodeKind::Scalar(scalar) if meaning_of(scalar) == Meaning::Null => Vec::new(),
            _ => {
                self.mismatch(id, go_type);
                Vec::new()
            }
        }
    }

    /// A list of texts.
    pub(crate) fn texts(&mut self, id: NodeId) -> Vec<String> {
        self.list(id, "[]string", |filler, item| {
            let mut text = String::new();
            filler.text(item, &mut text);
            text
        })
    }

    /// A text; any scalar is one, as it was written.
    pub(crate) fn text(&mut self, id: NodeId, out: &mut String) {
        let id = self.resolved(id);
        match &self.document.nodes[id].kind {
            NodeKind::Scalar(scalar) if meaning_of(scalar) == Meaning::Null => {}
            NodeKind::Scalar(scalar) => scalar.text.as_ref().clone_into(out),
            _ => self.mismatch(id, "string"),
        }
    }

    /// A truth value; the words of YAML 1.1 are taken for one.
    pub(crate) fn truth(&mut self, id: NodeId, out: &mut bool) {
        let id = self.resolved(id);
        let read = match &self.document.nodes[id].kind {
            NodeKind::Scalar(scalar) => match meaning_of(scalar) {
                Meaning::Null => return,
                Meaning::Bool(truth) => Some(truth),
                Meaning::Text => match scalar.text.as_ref() {
                    "y" | "Y" | "yes" | "on" => Some(true),
                    "n" | "N" | "no" | "off" => Some(false),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        };
        match read {
            Some(truth) => *out = truth,
            None => self.mismatch(id, "bool"),
        }
    }

    /// A whole number of the Go type `go_type`.
    pub(crate) fn whole<N: TryFrom<i64>>(&mut self, id: NodeId, go_type: &str, out: &mut N) {
        let id = self.resolved(id);
        let read = match &self.document.nodes[id].kind {
            NodeKind::Scalar(scalar) => match meaning_of(scalar) {
                Meaning::Null => return,
                Meaning::Integer(number) => N::try_from(number).ok(),
                Meaning::Float(number) if number.abs() < 9.2e18 => N::try_from(number as i64).ok(),
                _ => None,
            },
            _ => None,
        };
        match read {
            Some(number) => *out = number,
            None => self.mismatch(id, go_type),
        }
    }

    /// A mapping without keys given twice; a null is none, and anything else does not fit.
    fn mapping(&mut self, id: NodeId, go_type: &str) -> Option<NodeId> {
        let id = self.resolved(id);
        match &self.document.nodes[id].kind {
            NodeKind::Mapping(_) => self.has_unique_keys(id).then_some(id),
            NodeKind::Scalar(scalar) if meaning_of(scalar) == Meaning::Null => None,
            _ => {
                self.mismatch(id, go_type);
                None
            }
        }
    }

    // Parity: go-yaml v3, decode.go, decoder.mapping: every pair is told.
    fn has_unique_keys(&mut self, id: NodeId) -> bool {
        let NodeKind::Mapping(entries) = &self.document.nodes[id].kind else {
            return true;
        };
        let mut lines: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut firsts = Vec::new();
        for &(key, _) in entries {
            let node = &self.document.nodes[key];
            if let NodeKind::Scalar(scalar) = &node.kind {
                let known = lines.entry(&scalar.text).or_default();
                firsts.push((scalar.text.as_ref(), known.len(), node.line + 1));
                known.push(node.line + 1);
            }
        }
        let mut problems = Vec::new();
        for (key, at, first) in firsts {
            let later = lines.get(key).map_or(&[][..], |lines| &lines[at + 1..]);
            for line in later.iter().take(MOST_PROBLEMS - problems.len()) {
                let key = helmrs_gotemplate::number::quote(key.as_bytes());
                problems.push(format!(
                    "line {line}: mapping key {key} already defined at line {first}"
                ));
            }
        }
        let is_unique = problems.is_empty();
        for problem in problems {
            self.problem(problem);
        }
        is_unique
    }

    /// The node itself, where an alias stands for it.
    fn resolved(&self, id: NodeId) -> NodeId {
        match self.document.nodes[id].kind {
            NodeKind::Alias { target, .. } => target,
            _ => id,
        }
    }

    // Parity: go-yaml v3, decode.go, decoder.terror.
    fn mismatch(&mut self, id: NodeId, go_type: &str) {
        let node = &self.document.nodes[id];
        let found = match &node.kind {
            NodeKind::Scalar(scalar) => {
                let text = match scalar.text.as_bytes() {
                    text if text.len() > 10 => {
                        format!("{}...", String::from_utf8_lossy(&text[..7]))
                    }
                    _ => scalar.text.clone().into_owned(),
                };
                format!("{} `{text}`", tag_of(scalar))
            }
            NodeKind::Sequence(_) => "!!seq".to_owned(),
            NodeKind::Mapping(_) | NodeKind::Alias { .. } => "!!map".to_owned(),
        };
        let line = node.line + 1;
        self.problem(format!(
            "line {line}: cannot unmarshal {found} into {go_type}"
        ));
    }

    fn problem(&mut self, problem: String) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(problem);
        }
    }

    fn fail(&mut self, problem: &str) {
        self.failure
            .get_or_insert_with(|| super::compose::meaning(problem));
    }
}

/// What a scalar means to go-yaml v3.
fn meaning_of(scalar: &Scalar<'_>) -> Meaning {
    match scalar.tag.as_deref() {
        None | Some("!") if scalar.plain => plain(&scalar.text, Dialect::V3),
        None => Meaning::Text,
        Some(tag) => match tag.strip_prefix(TAG_PREFIX) {
            Some("null") => Meaning::Null,
            Some("bool" | "int" | "float" | "timestamp") => plain(&scalar.text, Dialect::V3),
            Some("binary") => Meaning::Binary,
            _ => Meaning::Text,
        },
    }
}

/// The short form of a scalar's tag.
fn tag_of(scalar: &Scalar<'_>) -> String {
    if let Some(tag) = scalar.tag.as_deref().filter(|tag| *tag != "!") {
        return match tag.strip_prefix(TAG_PREFIX) {
            Some(name) => format!("!!{name}"),
            None => tag.to_owned(),
        };
    }
    let name = match meaning_of(scalar) {
        Meaning::Null => "!!null",
        Meaning::Bool(_) => "!!bool",
        Meaning::Integer(_) | Meaning::Unsigned(_) => "!!int",
        Meaning::Float(_) => "!!float",
        Meaning::Timestamp => "!!timestamp",
        Meaning::Text | Meaning::Binary => "!!str",
    };
    name.to_owned()
}
