//! Tokens into whatever a [`Builder`] makes of them: YAML's grammar.

mod collections;
mod nodes;

use std::borrow::Cow;

use helmrs_gotemplate::stack::deepen;

use super::error::ParseError;
use super::scanner::{Scanner, Tag, TokenKind};
use super::source::Source;

pub(super) use nodes::{Document, NodeId, NodeKind, Nodes};

/// How many levels are walked between two looks at the stack.
const LEVELS_AT_ONCE: usize = 16;

/// A text and what is known of its meaning.
#[derive(Debug)]
pub(super) struct Scalar<'t> {
    pub(super) text: Cow<'t, str>,
    pub(super) tag: Option<String>,
    /// Whether the text was written plain and without a tag.
    pub(super) plain: bool,
}

impl Scalar<'_> {
    /// What stands where nothing was written.
    fn empty() -> Self {
        Self {
            text: Cow::Borrowed(""),
            tag: None,
            plain: true,
        }
    }

    /// Whether this, as a key, asks for another mapping's entries.
    // Parity: go-yaml v2, decode.go, isMerge.
    pub(super) fn is_merge(&self) -> bool {
        self.text == "<<" && (self.plain || self.tag.as_deref() == Some("tag:yaml.org,2002:merge"))
    }
}

/// Where a node stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'t> {
    /// The line it starts on, from zero.
    pub(super) line: usize,
    /// How many nodes it lies in.
    pub(super) depth: usize,
    pub(super) is_key: bool,
    pub(super) anchor: Option<&'t str>,
}

/// Why nothing was composed.
#[derive(Debug)]
pub(super) enum Stop {
    /// The text is wrong.
    Wrong(Box<ParseError>),
    /// The builder leaves this document to another one.
    Declined,
}

impl From<Box<ParseError>> for Stop {
    fn from(error: Box<ParseError>) -> Self {
        Self::Wrong(error)
    }
}

/// What nodes are made into while they are read, from the first to the last.
pub(super) trait Builder<'t> {
    /// What becomes of a node.
    type Node;
    /// A sequence that is not yet complete.
    type Sequence;
    /// A mapping that is not yet complete.
    type Mapping;

    fn scalar(&mut self, scalar: Scalar<'t>, place: Place<'t>) -> Result<Self::Node, Stop>;
    fn alias(&mut self, anchor: &'t str, place: Place<'t>) -> Result<Self::Node, Stop>;
    fn open_sequence(&mut self, place: Place<'t>) -> Result<Self::Sequence, Stop>;
    fn item(&mut self, sequence: &mut Self::Sequence, item: Self::Node);
    fn close_sequence(&mut self, sequence: Self::Sequence) -> Self::Node;
    fn open_mapping(&mut self, place: Place<'t>) -> Result<Self::Mapping, Stop>;
    /// Adds a key, whose value comes next.
    fn key(&mut self, mapping: &mut Self::Mapping, key: Self::Node);
    fn value(&mut self, mapping: &mut Self::Mapping, value: Self::Node);
    fn close_mapping(&mut self, mapping: Self::Mapping) -> Self::Node;

    /// Whether the texts of what comes now are of no use.
    fn is_skipping(&self) -> bool {
        false
    }
}

/// Composes the first document of a text; a text without one gives `None`.
// Parity: go-yaml v2, yaml.go, unmarshal: what follows the first document is not looked at.
pub(super) fn compose<'t, B: Builder<'t>>(
    source: &'t Source<'_>,
    builder: &mut B,
) -> Result<Option<B::Node>, Stop> {
    let composer = Composer {
        scanner: Scanner::new(&source.text, source.fault),
        builder,
        tag_prefixes: Vec::new(),
    };
    composer.document()
}

/// Reads tokens and tells the builder of nodes.
// Parity: go-yaml v2, parserc.go, whose states are the functions here, and decode.go, parser.
struct Composer<'t, 'b, B> {
    scanner: Scanner<'t>,
    builder: &'b mut B,
    /// What the handles of tags stand for.
    tag_prefixes: Vec<Tag>,
}

type Composed<T> = Result<T, Stop>;

/// In which surroundings a node stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Flow,
    Block,
    /// In a mapping, where a sequence need not be indented.
    BlockEntry,
}

/// What is known of a node before it is read.
#[derive(Clone, Copy)]
struct Seat {
    context: Context,
    depth: usize,
    is_key: bool,
}

impl Seat {
    fn new(context: Context, depth: usize) -> Self {
        Self {
            context,
            depth,
            is_key: false,
        }
    }

    fn key(context: Context, depth: usize) -> Self {
        Self {
            is_key: true,
            ..Self::new(context, depth)
        }
    }

    fn place(self, line: usize, anchor: Option<&str>) -> Place<'_> {
        Place {
            line,
            depth: self.depth,
            is_key: self.is_key,
            anchor,
        }
    }
}

/// The anchor and the tag before a node.
#[derive(Default)]
struct Properties<'t> {
    anchor: Option<&'t str>,
    tag: Option<String>,
}

impl<'t, B: Builder<'t>> Composer<'t, '_, B> {
    fn document(mut self) -> Composed<Option<B::Node>> {
        let is_bare = match self.scanner.peek()?.kind {
            TokenKind::StreamEnd => return Ok(None),
            TokenKind::Version { .. } | TokenKind::TagDirective(_) | TokenKind::DocumentStart => {
                false
            }
            _ => true,
        };
        self.directives()?;
        let root = if is_bare {
            self.node(Seat::new(Context::Block, 0))?
        } else {
            self.marked_root()?
        };
        // Go's parser looks for the document's end before it hands over the document.
        self.scanner.peek()?;
        Ok(Some(root))
    }

    /// The root node after `---`.
    fn marked_root(&mut self) -> Composed<B::Node> {
        let token = self.scanner.take()?;
        if !matches!(token.kind, TokenKind::DocumentStart) {
            return Err(syntax(token.line, "did not find expected <document start>"));
        }
        let next = self.scanner.peek()?;
        let seat = Seat::new(Context::Block, 0);
        match next.kind {
            TokenKind::Version { .. }
            | TokenKind::TagDirective(_)
            | TokenKind::DocumentStart
            | TokenKind::DocumentEnd
            | TokenKind::StreamEnd => {
                let line = next.line;
                self.empty(line, seat)
            }
            _ => self.node(seat),
        }
    }

    fn directives(&mut self) -> Composed<()> {
        let mut has_version = false;
        loop {
            let token = self.scanner.peek()?;
            let line = token.line;
            match &token.kind {
                TokenKind::Version { .. } if has_version => {
                    return Err(syntax(line, "found duplicate %YAML directive"));
                }
                TokenKind::Version { major: 1, minor: 1 } => has_version = true,
                TokenKind::Version { .. } => {
                    return Err(syntax(line, "found incompatible YAML document"));
                }
                TokenKind::TagDirective(new)
                    if self
                        .tag_prefixes
                        .iter()
                        .any(|known| known.handle == new.handle) =>
                {
                    return Err(syntax(line, "found duplicate %TAG directive"));
                }
                TokenKind::TagDirective(_) => {}
                _ => return Ok(()),
            }
            if let TokenKind::TagDirective(prefix) = self.scanner.take()?.kind {
                self.tag_prefixes.push(*prefix);
            }
        }
    }

    fn node(&mut self, seat: Seat) -> Composed<B::Node> {
        if seat.depth.is_multiple_of(LEVELS_AT_ONCE) {
            deepen(|| self.node_here(seat))
        } else {
            self.node_here(seat)
        }
    }

    fn node_here(&mut self, seat: Seat) -> Composed<B::Node> {
        let token = self.scanner.peek()?;
        let line = token.line;
        let properties = match token.kind {
            TokenKind::Alias(anchor) => {
                self.scanner.take()?;
                return self.builder.alias(anchor, seat.place(line, None));
            }
            TokenKind::Anchor(_) | TokenKind::Tag(_) => self.properties()?,
            _ => Properties::default(),
        };
        let place = seat.place(line, properties.anchor);
        let token = self.scanner.peek()?;
        let here = token.line;
        match token.kind {
            TokenKind::Scalar { .. } => self.scalar(properties, place),
            TokenKind::BlockEntry if seat.context == Context::BlockEntry => {
                self.indentless_sequence(place)
            }
            TokenKind::FlowSequenceStart => self.flow_sequence(place),
            TokenKind::FlowMappingStart => self.flow_mapping(place),
            TokenKind::BlockSequenceStart if seat.context != Context::Flow => {
                self.block_sequence(place)
            }
            TokenKind::BlockMappingStart if seat.context != Context::Flow => {
                self.block_mapping(place)
            }
            _ if properties.anchor.is_some() || properties.tag.is_some() => {
                let scalar = Scalar {
                    plain: properties.tag.is_none(),
                    tag: properties.tag,
                    ..Scalar::empty()
                };
                self.builder.scalar(scalar, place)
            }
            _ => Err(syntax(here, "did not find expected node content")),
        }
    }

    /// An anchor and a tag in either order.
    fn properties(&mut self) -> Composed<Properties<'t>> {
        let mut properties = Properties::default();
        let mut tag = None;
        loop {
            match self.scanner.peek()?.kind {
                TokenKind::Anchor(_) if properties.anchor.is_none() => {}
                TokenKind::Tag(_) if tag.is_none() => {}
                _ => break,
            }
            let token = self.scanner.take()?;
            match token.kind {
                TokenKind::Anchor(anchor) => properties.anchor = Some(anchor),
                TokenKind::Tag(found) => tag = Some((*found, token.line)),
                _ => {}
            }
        }
        if let Some((tag, line)) = tag {
            let full = tag.in_full(&self.tag_prefixes);
            let undefined = || syntax(line, "found undefined tag handle");
            properties.tag = Some(full.ok_or_else(undefined)?);
        }
        Ok(properties)
    }

    fn scalar(&mut self, properties: Properties<'t>, place: Place<'t>) -> Composed<B::Node> {
        let TokenKind::Scalar { text, plain, .. } = self.scanner.take()?.kind else {
            return Err(syntax(place.line, "did not find expected node content"));
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
        self.builder.scalar(scalar, place)
    }

    /// A node that is not there.
    fn empty(&mut self, line: usize, seat: Seat) -> Composed<B::Node> {
        self.builder.scalar(Scalar::empty(), seat.place(line, None))
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
fn syntax(line: usize, problem: &str) -> Stop {
    let line = (line != 0).then_some(line as u64);
    let problem = problem.to_owned();
    Stop::Wrong(Box::new(ParseError::Syntax { line, problem }))
}
