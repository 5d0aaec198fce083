//! A tree of nodes that remember where they stood, for documents that refer to themselves.

use std::collections::BTreeMap;

use super::{Builder, Place, Scalar, Stop, meaning};

/// A node's place in its document.
pub(in crate::yaml) type NodeId = usize;

/// One node of a document.
#[derive(Debug)]
pub(in crate::yaml) struct Node<'t> {
    pub(in crate::yaml) kind: NodeKind<'t>,
    /// Where the node starts; lines count from zero.
    pub(in crate::yaml) line: usize,
}

/// What a node is.
#[derive(Debug)]
pub(in crate::yaml) enum NodeKind<'t> {
    Scalar(Scalar<'t>),
    Sequence(Vec<NodeId>),
    Mapping(Vec<(NodeId, NodeId)>),
    Alias { anchor: &'t str, target: NodeId },
}

/// The nodes of one document.
#[derive(Debug, Default)]
pub(in crate::yaml) struct Document<'t> {
    pub(in crate::yaml) nodes: Vec<Node<'t>>,
    pub(in crate::yaml) root: NodeId,
    /// Whether a node may be reached more than once.
    pub(in crate::yaml) has_aliases: bool,
}

impl Document<'_> {
    /// Whether a key asks for another mapping's entries.
    pub(in crate::yaml) fn is_merge(&self, key: NodeId) -> bool {
        match &self.nodes[key].kind {
            NodeKind::Scalar(scalar) => scalar.is_merge(),
            _ => false,
        }
    }
}

/// Keeps every node.
#[derive(Default)]
pub(in crate::yaml) struct Nodes<'t> {
    document: Document<'t>,
    anchors: BTreeMap<&'t str, NodeId>,
}

impl<'t> Nodes<'t> {
    /// The document below a root.
    pub(in crate::yaml) fn into_document(mut self, root: NodeId) -> Document<'t> {
        self.document.root = root;
        self.document
    }

    fn push(&mut self, kind: NodeKind<'t>, place: Place<'t>) -> NodeId {
        let id = self.document.nodes.len();
        let line = place.line;
        self.document.nodes.push(Node { kind, line });
        if let Some(anchor) = place.anchor {
            self.anchors.insert(anchor, id);
        }
        id
    }
}

impl<'t> Builder<'t> for Nodes<'t> {
    type Node = NodeId;
    type Sequence = NodeId;
    /// The mapping and the key whose value is awaited.
    type Mapping = (NodeId, NodeId);

    fn scalar(&mut self, scalar: Scalar<'t>, place: Place<'t>) -> Result<NodeId, Stop> {
        Ok(self.push(NodeKind::Scalar(scalar), place))
    }

    fn alias(&mut self, anchor: &'t str, place: Place<'t>) -> Result<NodeId, Stop> {
        let Some(&target) = self.anchors.get(anchor) else {
            let problem = format!("unknown anchor '{anchor}' referenced");
            return Err(Stop::Wrong(Box::new(meaning(&problem))));
        };
        self.document.has_aliases = true;
        Ok(self.push(NodeKind::Alias { anchor, target }, place))
    }

    fn open_sequence(&mut self, place: Place<'t>) -> Result<NodeId, Stop> {
        Ok(self.push(NodeKind::Sequence(Vec::new()), place))
    }

    fn item(&mut self, sequence: &mut NodeId, item: NodeId) {
        if let NodeKind::Sequence(items) = &mut self.document.nodes[*sequence].kind {
            items.push(item);
        }
    }

    fn close_sequence(&mut self, sequence: NodeId) -> NodeId {
        sequence
    }

    fn open_mapping(&mut self, place: Place<'t>) -> Result<(NodeId, NodeId), Stop> {
        let id = self.push(NodeKind::Mapping(Vec::new()), place);
        Ok((id, id))
    }

    fn key(&mut self, mapping: &mut (NodeId, NodeId), key: NodeId) {
        mapping.1 = key;
    }

    fn value(&mut self, mapping: &mut (NodeId, NodeId), value: NodeId) {
        let (id, key) = *mapping;
        if let NodeKind::Mapping(entries) = &mut self.document.nodes[id].kind {
            entries.push((key, value));
        }
    }

    fn close_mapping(&mut self, mapping: (NodeId, NodeId)) -> NodeId {
        mapping.0
    }
}
