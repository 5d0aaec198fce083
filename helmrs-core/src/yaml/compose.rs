//! Tokens into a tree of nodes that remember where they stood.

mod collections;

use std::collections::BTreeMap;

use helmrs_gotemplate::stack::deepen;

use super::error::ParseError;
use super::scanner::{Mark, Scanner, TokenKind};
use super::source::Source;

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

impl Document {
    /// Whether a key asks for another mapping's entries.
    // Parity: go-yaml v2, decode.go, isMerge.
    pub(super) fn is_merge(&self, key: NodeId) -> bool {
        match &self.nodes[key].kind {
            NodeKind::Scalar(Scalar { text, tag, plain }) => {
                text == "<<" && (*plain || tag.as_deref() == Some("tag:yaml.org,2002:merge"))
            }
            _ => false,
        }
    }
}

/// Composes the first document of a text; a text without one gives `None`.
// Parity: go-yaml v2, yaml.go, unmarshal: what follows the first document is not looked at.
pub(super) fn compose(text: &[u8]) -> Result<Option<Document>, ParseError> {
    let source = Source::new(text);
    let composer = Composer {
        scanner: Scanner::new(&source.text, source.fault),
        document: Document::default(),
        anchors: BTreeMap::new(),
        tag_prefixes: Vec::new(),
    };
    composer.document()
}

/// Turns tokens into nodes.
// Parity: go-yaml v2, parserc.go, whose states are the functions here, and decode.go, parser.
struct Composer<'t> {
    scanner: Scanner<'t>,
    document: Document,
    anchors: BTreeMap<String, NodeId>,
    /// What the handles of tags stand for.
    tag_prefixes: Vec<(String, String)>,
}

type Composed<T = NodeId> = Result<T, ParseError>;

/// In which surroundings a node stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Flow,
    Block,
    /// In a mapping, where a sequence need not be indented.
    BlockEntry,
}

/// The anchor and the tag before a node.
#[derive(Default)]
struct Properties {
    anchor: Option<String>,
    tag: Option<String>,
}

impl Composer<'_> {
    fn document(mut self) -> Composed<Option<Document>> {
        let first = self.scanner.peek()?;
        let is_bare = match first.kind {
            TokenKind::StreamEnd => return Ok(None),
            TokenKind::Version { .. }
            | TokenKind::TagDirective { .. }
            | TokenKind::DocumentStart => false,
            _ => true,
        };
        self.directives()?;
        self.document.root = if is_bare {
            self.node(Context::Block, 0)?
        } else {
            self.marked_root()?
        };
        // Go's parser looks for the document's end before it hands over the document.
        self.scanner.peek()?;
        Ok(Some(self.document))
    }

    /// The root node after `---`.
    fn marked_root(&mut self) -> Composed {
        let token = self.scanner.take()?;
        if token.kind != TokenKind::DocumentStart {
            return Err(syntax(
                token.start,
                "did not find expected <document start>",
            ));
        }
        let next = self.scanner.peek()?;
        match next.kind {
            TokenKind::Version { .. }
            | TokenKind::TagDirective { .. }
            | TokenKind::DocumentStart
            | TokenKind::DocumentEnd
            | TokenKind::StreamEnd => {
                let mark = next.start;
                Ok(self.empty(mark))
            }
            _ => self.node(Context::Block, 0),
        }
    }

    fn directives(&mut self) -> Composed<()> {
        let mut has_version = false;
        loop {
            let start = self.scanner.peek()?.start;
            match &self.scanner.peek()?.kind {
                TokenKind::Version { .. } if has_version => {
                    return Err(syntax(start, "found duplicate %YAML directive"));
                }
                TokenKind::Version { major: 1, minor: 1 } => has_version = true,
                TokenKind::Version { .. } => {
                    return Err(syntax(start, "found incompatible YAML document"));
                }
                TokenKind::TagDirective { handle, .. }
                    if self.tag_prefixes.iter().any(|(known, _)| known == handle) =>
                {
                    return Err(syntax(start, "found duplicate %TAG directive"));
                }
                TokenKind::TagDirective { .. } => {}
                _ => break,
            }
            if let TokenKind::TagDirective { handle, prefix } = self.scanner.take()?.kind {
                self.tag_prefixes.push((handle, prefix));
            }
        }
        self.tag_prefixes.push(("!".to_owned(), "!".to_owned()));
        self.tag_prefixes
            .push(("!!".to_owned(), "tag:yaml.org,2002:".to_owned()));
        Ok(())
    }

    fn node(&mut self, context: Context, depth: usize) -> Composed {
        deepen(|| self.node_here(context, depth))
    }

    fn node_here(&mut self, context: Context, depth: usize) -> Composed {
        let start = self.scanner.peek()?.start;
        if depth > MAX_DEPTH {
            let line = (start.line != 0).then_some(start.line as u64 + 1);
            return Err(ParseError::Syntax {
                line,
                problem: TOO_DEEP.to_owned(),
            });
        }
        if let TokenKind::Alias(_) = self.scanner.peek()?.kind {
            return self.alias();
        }
        let properties = self.properties()?;
        let token = self.scanner.peek()?;
        let here = token.start;
        match token.kind {
            TokenKind::Scalar { .. } => self.scalar(properties, start),
            TokenKind::BlockEntry if context == Context::BlockEntry => {
                let id = self.push(NodeKind::Sequence(Vec::new()), start, properties.anchor);
                self.indentless_sequence(id, depth)
            }
            TokenKind::FlowSequenceStart => {
                let id = self.push(NodeKind::Sequence(Vec::new()), start, properties.anchor);
                self.flow_sequence(id, depth)
            }
            TokenKind::FlowMappingStart => {
                let id = self.push(NodeKind::Mapping(Vec::new()), start, properties.anchor);
                self.flow_mapping(id, depth)
            }
            TokenKind::BlockSequenceStart if context != Context::Flow => {
                let id = self.push(NodeKind::Sequence(Vec::new()), start, properties.anchor);
                self.block_sequence(id, depth)
            }
            TokenKind::BlockMappingStart if context != Context::Flow => {
                let id = self.push(NodeKind::Mapping(Vec::new()), start, properties.anchor);
                self.block_mapping(id, depth)
            }
            _ if properties.anchor.is_some() || properties.tag.is_some() => {
                let plain = properties.tag.is_none();
                let scalar = Scalar {
                    text: String::new(),
                    tag: properties.tag,
                    plain,
                };
                Ok(self.push(NodeKind::Scalar(scalar), start, properties.anchor))
            }
            _ => Err(syntax(here, "did not find expected node content")),
        }
    }

    /// An anchor and a tag in either order.
    fn properties(&mut self) -> Composed<Properties> {
        let mut properties = Properties::default();
        let mut tag = None;
        loop {
            match self.scanner.peek()?.kind {
                TokenKind::Anchor(_) if properties.anchor.is_none() => {}
                TokenKind::Tag { .. } if tag.is_none() => {}
                _ => break,
            }
            let token = self.scanner.take()?;
            match token.kind {
                TokenKind::Anchor(anchor) => properties.anchor = Some(anchor),
                TokenKind::Tag { handle, suffix } => tag = Some((handle, suffix, token.start)),
                _ => {}
            }
        }
        if let Some((handle, suffix, start)) = tag {
            properties.tag = Some(self.full_tag(&handle, suffix, start)?);
        }
        Ok(properties)
    }

    fn full_tag(&self, handle: &str, suffix: String, start: Mark) -> Composed<String> {
        if handle.is_empty() {
            return Ok(suffix);
        }
        match self.tag_prefixes.iter().find(|(known, _)| known == handle) {
            Some((_, prefix)) => Ok(format!("{prefix}{suffix}")),
            None => Err(syntax(start, "found undefined tag handle")),
        }
    }

    fn scalar(&mut self, properties: Properties, start: Mark) -> Composed {
        let TokenKind::Scalar { text, plain } = self.scanner.take()?.kind else {
            return Err(syntax(start, "did not find expected node content"));
        };
        let plain = match properties.tag.as_deref() {
            None => plain,
            Some(tag) => tag == "!",
        };
        let scalar = Scalar {
            text,
            tag: properties.tag,
            plain,
        };
        Ok(self.push(NodeKind::Scalar(scalar), start, properties.anchor))
    }

    fn alias(&mut self) -> Composed {
        let token = self.scanner.take()?;
        let TokenKind::Alias(anchor) = token.kind else {
            return Err(syntax(token.start, "did not find expected node content"));
        };
        let Some(&target) = self.anchors.get(&anchor) else {
            return Err(meaning(&format!("unknown anchor '{anchor}' referenced")));
        };
        self.document.has_aliases = true;
        Ok(self.push(NodeKind::Alias { anchor, target }, token.start, None))
    }

    /// A node that is not there.
    fn empty(&mut self, mark: Mark) -> NodeId {
        let scalar = Scalar {
            text: String::new(),
            tag: None,
            plain: true,
        };
        self.push(NodeKind::Scalar(scalar), mark, None)
    }

    fn push(&mut self, kind: NodeKind, start: Mark, anchor: Option<String>) -> NodeId {
        let id = self.document.nodes.len();
        self.document.nodes.push(Node {
            kind,
            line: start.line as u64,
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

/// A parser's error.
// Parity: go-yaml v2, decode.go, parser.fail: unlike the scanner's, its lines count from zero.
fn syntax(mark: Mark, problem: &str) -> ParseError {
    let line = (mark.line != 0).then_some(mark.line as u64);
    ParseError::Syntax {
        line,
        problem: problem.to_owned(),
    }
}
