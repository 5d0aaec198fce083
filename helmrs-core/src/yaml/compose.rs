//! Events into a tree of nodes that remember where they stood.

use std::collections::BTreeMap;

use libyaml_safer::{Event, EventData, Mark};

use super::error::ParseError;
use super::event::Events;

/// How deep nodes may lie in each other.
///
/// go-yaml stops at 10,000; a tenth of that already is no document anybody wrote, and keeps every
/// recursive walk over a value within a small stack.
pub(super) const MAX_DEPTH: usize = 1000;

/// What go-yaml says to a document that is too deep.
pub(super) const TOO_DEEP: &str = "exceeded max depth of 10000";

/// A node's place in its document.
pub(super) type NodeId = usize;

/// One node of a document.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    /// Where the node starts; lines count from zero.
    pub(super) line: u64,
}

/// What a node is.
#[derive(Debug)]
pub(super) enum NodeKind {
    Scalar(Scalar),
    Sequence(Vec<NodeId>),
    Mapping(Vec<(NodeId, NodeId)>),
    Alias { anchor: String, target: NodeId },
}

/// A text and what is known of its meaning.
#[derive(Debug)]
pub(super) struct Scalar {
    pub(super) text: String,
    pub(super) tag: Option<String>,
    /// Whether the text was written plain and without a tag.
    pub(super) plain: bool,
}

/// The nodes of one document.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) nodes: Vec<Node>,
    pub(super) root: NodeId,
    /// Whether a node may be reached more than once.
    pub(super) has_aliases: bool,
}

/// Composes the first document of a text; a text without one gives `None`.
// Parity: go-yaml v2, yaml.go, unmarshal: what follows the first document is not looked at.
pub(super) fn compose(text: &[u8]) -> Result<Option<Document>, ParseError> {
    let mut composer = Composer {
        events: Events::new(text),
        document: Document::default(),
        anchors: BTreeMap::new(),
    };
    loop {
        let event = composer.events.next()?;
        match event.data {
            EventData::StreamStart { .. } => {}
            EventData::DocumentStart { .. } => {
                let root = composer.events.next()?;
                composer.document.root = composer.node(root, 0)?;
                composer.events.next()?;
                return Ok(Some(composer.document));
            }
            _ => return Ok(None),
        }
    }
}

struct Composer<'t> {
    events: Events<'t>,
    document: Document,
    anchors: BTreeMap<String, NodeId>,
}

impl Composer<'_> {
    fn node(&mut self, event: Event, depth: usize) -> Result<NodeId, ParseError> {
        let start = event.start_mark;
        if depth > MAX_DEPTH {
            return Err(too_deep(start));
        }
        match event.data {
            EventData::Scalar {
                anchor,
                tag,
                value,
                plain_implicit,
                ..
            } => {
                let kind = NodeKind::Scalar(Scalar {
                    text: value,
                    tag,
                    plain: plain_implicit,
                });
                Ok(self.push(kind, start, anchor))
            }
            EventData::Alias { anchor } => self.alias(anchor, start),
            EventData::SequenceStart { anchor, .. } => {
                let id = self.push(NodeKind::Sequence(Vec::new()), start, anchor);
                let items = self.sequence(depth)?;
                self.document.nodes[id].kind = NodeKind::Sequence(items);
                Ok(id)
            }
            EventData::MappingStart { anchor, .. } => {
                let id = self.push(NodeKind::Mapping(Vec::new()), start, anchor);
                let entries = self.mapping(depth)?;
                self.document.nodes[id].kind = NodeKind::Mapping(entries);
                Ok(id)
            }
            _ => Err(meaning("attempted to parse an unknown event")),
        }
    }

    fn sequence(&mut self, depth: usize) -> Result<Vec<NodeId>, ParseError> {
        let mut items = Vec::new();
        loop {
            let event = self.events.next()?;
            if event.data == EventData::SequenceEnd {
                return Ok(items);
            }
            items.push(self.node(event, depth + 1)?);
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Vec<(NodeId, NodeId)>, ParseError> {
        let mut entries = Vec::new();
        loop {
            let event = self.events.next()?;
            if event.data == EventData::MappingEnd {
                return Ok(entries);
            }
            let key = self.node(event, depth + 1)?;
            let event = self.events.next()?;
            entries.push((key, self.node(event, depth + 1)?));
        }
    }

    fn alias(&mut self, anchor: String, start: Mark) -> Result<NodeId, ParseError> {
        let Some(&target) = self.anchors.get(&anchor) else {
            return Err(meaning(&format!("unknown anchor '{anchor}' referenced")));
        };
        self.document.has_aliases = true;
        Ok(self.push(NodeKind::Alias { anchor, target }, start, None))
    }

    fn push(&mut self, kind: NodeKind, start: Mark, anchor: Option<String>) -> NodeId {
        let id = self.document.nodes.len();
        self.document.nodes.push(Node {
            kind,
            line: start.line,
        });
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, id);
        }
        id
    }
}

/// An error that has no place.
pub(super) fn meaning(problem: &str) -> ParseError {
    ParseError::Meaning {
        problem: problem.to_owned(),
    }
}

fn too_deep(start: Mark) -> ParseError {
    let line = (start.line != 0).then_some(start.line + 1);
    ParseError::Syntax {
        line,
        problem: TOO_DEEP.to_owned(),
    }
}
