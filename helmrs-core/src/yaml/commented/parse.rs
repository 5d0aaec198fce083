//! Tokens into a document, each comment with the node it belongs to.
// Parity: go-yaml v3, parserc.go, whose states are the functions here, and decode.go, parser.

use std::collections::BTreeMap;

use helmrs_gotemplate::stack::deepen;

use super::{Document, Kind, Node, Style, merge};
use crate::yaml::error::ParseError;
use crate::yaml::scanner::{Scanner, Tag, Token, TokenKind};
use crate::yaml::source::Source;

/// How many nodes a document may come to, aliases followed.
const MOST_NODES: usize = 1_000_000;

type Parsed<T> = Result<T, Box<ParseError>>;

/// Reads the first document of a text; `None` without one.
pub(crate) fn read(text: &[u8]) -> Result<Option<Document>, ParseError> {
    let source = Source::new(text);
    let parser = Parser {
        scanner: Scanner::with_comments(&source.text, source.fault),
        comments: Held::default(),
        stem: String::new(),
        tag_prefixes: Vec::new(),
        anchors: BTreeMap::new(),
        nodes: 0,
    };
    parser.document().map_err(|error| *error)
}

/// Comments whose tokens have been seen and whose nodes have not.
#[derive(Default)]
struct Held {
    head: String,
    line: String,
    foot: String,
}

struct Parser<'t> {
    scanner: Scanner<'t>,
    comments: Held,
    /// The head of a sequence's item, which belongs to the collection that the item is.
    stem: String,
    tag_prefixes: Vec<Tag>,
    /// What an alias stands for, and of how many nodes that is made.
    anchors: BTreeMap<&'t str, (Node, usize)>,
    nodes: usize,
}

/// What stands before a node.
#[derive(Default)]
struct Properties<'t> {
    anchor: Option<&'t str>,
    tag: Option<String>,
}

/// In which surroundings a node stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Flow,
    Block,
    /// In a mapping, where a sequence need not be indented.
    BlockEntry,
}

impl<'t> Parser<'t> {
    /// The next token, with the comments up to it taken over.
    fn peek(&mut self) -> Parsed<&Token<'t>> {
        let token = self.scanner.peek()?;
        let start = token.start;
        let ends = matches!(token.kind, TokenKind::BlockEnd);
        while let Some(comment) = self.scanner.next_comment(start) {
            // An end has no head: that belongs to what follows.
            if ends && !comment.head.is_empty() {
                break;
            }
            let held = &mut self.comments;
            for (held, text) in [
                (&mut held.head, &comment.head),
                (&mut held.foot, &comment.foot),
                (&mut held.line, &comment.line),
            ] {
                if !text.is_empty() {
                    if !held.is_empty() {
                        held.push('\n');
                    }
                    held.push_str(text);
                }
            }
            self.scanner.drop_comment();
        }
        self.scanner.peek()
    }

    fn take(&mut self) -> Parsed<Token<'t>> {
        self.scanner.take()
    }

    fn held(&mut self) -> Held {
        self.stem.clear();
        std::mem::take(&mut self.comments)
    }

    fn document(mut self) -> Parsed<Option<Document>> {
        let mut head = String::new();
        let root = match self.peek()?.kind {
            TokenKind::StreamEnd => return Ok(None),
            TokenKind::Version { .. } | TokenKind::TagDirective(_) | TokenKind::DocumentStart => {
                self.marked_root()?
            }
            _ => {
                head = self.document_head();
                self.node(Context::Block)?
            }
        };
        if matches!(self.peek()?.kind, TokenKind::DocumentEnd) {
            self.take()?;
        }
        let held = self.held();
        let foot = if held.foot.is_empty() {
            held.head
        } else {
            held.foot
        };
        Ok(Some(Document { root, head, foot }))
    }

    /// The part of a first comment before its last empty line is the document's own.
    fn document_head(&mut self) -> String {
        let comment = &mut self.comments.head;
        let bytes = comment.as_bytes();
        let last = bytes.len().saturating_sub(1);
        let cut = (1..bytes.len())
            .rev()
            .filter(|&at| bytes[at] == b'\n')
            .find_map(|at| match at {
                at if at == last => Some(at),
                at if bytes[at - 1] == b'\n' => Some(at - 1),
                _ => None,
            });
        let Some(cut) = cut else {
            return String::new();
        };
        let after = if cut == last { cut + 1 } else { cut + 2 };
        let rest = comment.split_off(after);
        let mut head = std::mem::replace(comment, rest);
        head.truncate(cut);
        head
    }

    fn marked_root(&mut self) -> Parsed<Node> {
        loop {
            let token = self.peek()?;
            let line = token.line;
            match token.kind {
                TokenKind::DocumentStart => break,
                TokenKind::Version { major: 1, minor } if minor == 1 => {}
                TokenKind::Version { .. } => {
                    return Err(syntax(line, "found incompatible YAML document"));
                }
                TokenKind::TagDirective(_) => {}
                _ => return Err(syntax(line, "did not find expected <document start>")),
            }
            if let TokenKind::TagDirective(prefix) = self.take()?.kind {
                self.tag_prefixes.push(*prefix);
            }
        }
        self.take()?;
        match self.peek()?.kind {
            TokenKind::Version { .. }
            | TokenKind::TagDirective(_)
            | TokenKind::DocumentStart
            | TokenKind::DocumentEnd
            | TokenKind::StreamEnd => self.empty(),
            _ => self.node(Context::Block),
        }
    }

    /// A node that is not there.
    fn empty(&mut self) -> Parsed<Node> {
        self.count(1)?;
        Ok(Node::text("", Style::Plain))
    }

    fn count(&mut self, nodes: usize) -> Parsed<()> {
        self.nodes += nodes;
        if self.nodes > MOST_NODES {
            return Err(meaning("document contains excessive aliasing"));
        }
        Ok(())
    }

    fn node(&mut self, context: Context) -> Parsed<Node> {
        deepen(|| self.node_here(context))
    }

    fn node_here(&mut self, context: Context) -> Parsed<Node> {
        if let TokenKind::Alias(anchor) = self.peek()?.kind {
            return self.alias(anchor);
        }
        let before = self.nodes;
        let Properties { anchor, tag } = self.properties()?;
        let has_properties = anchor.is_some() || tag.is_some();
        let token = self.peek()?;
        let line = token.line;
        let mut node = match token.kind {
            TokenKind::BlockEntry if context == Context::BlockEntry => self.indentless()?,
            TokenKind::Scalar { .. } => self.scalar()?,
            TokenKind::FlowSequenceStart => self.flow_sequence()?,
            TokenKind::FlowMappingStart => self.flow_mapping()?,
            TokenKind::BlockSequenceStart if context != Context::Flow => self.block_sequence()?,
            TokenKind::BlockMappingStart if context != Context::Flow => self.block_mapping()?,
            _ if has_properties => self.empty()?,
            _ => return Err(syntax(line, "did not find expected node content")),
        };
        node.tag = tag.filter(|tag| tag != "!");
        if let Kind::Mapping(entries) = &mut node.kind {
            merge::resolve(entries).map_err(meaning)?;
        }
        if let Some(anchor) = anchor {
            let nodes = self.nodes - before;
            self.count(nodes)?;
            self.anchors.insert(anchor, (node.clone(), nodes));
        }
        Ok(node)
    }

    /// What an alias stands for, in its place.
    fn alias(&mut self, anchor: &'t str) -> Parsed<Node> {
        let Some((node, nodes)) = self.anchors.get(anchor) else {
            return Err(meaning(&format!("unknown anchor '{anchor}' referenced")));
        };
        let (node, nodes) = (node.clone(), *nodes);
        self.count(nodes)?;
        self.held();
        self.take()?;
        Ok(node)
    }

    fn properties(&mut self) -> Parsed<Properties<'t>> {
        let mut properties = Properties::default();
        let mut tag = None;
        loop {
            match self.peek()?.kind {
                TokenKind::Anchor(_) if properties.anchor.is_none() => {}
                TokenKind::Tag(_) if tag.is_none() => {}
                _ => break,
            }
            let token = self.take()?;
            match token.kind {
                TokenKind::Anchor(anchor) => properties.anchor = Some(anchor),
                TokenKind::Tag(found) => tag = Some((*found, token.line)),
                _ => {}
            }
        }
        if let Some((tag, line)) = tag {
            properties.tag = Some(self.full_tag(tag, line)?);
        }
        Ok(properties)
    }

    fn full_tag(&self, tag: Tag, line: usize) -> Parsed<String> {
        let Tag { handle, suffix } = tag;
        if handle.is_empty() {
            return Ok(suffix);
        }
        let mut prefixes = self.tag_prefixes.iter();
        let declared = prefixes.find(|known| known.handle == handle);
        let prefix = match (declared, handle.as_str()) {
            (Some(declared), _) => declared.suffix.as_str(),
            (None, "!") => "!",
            (None, "!!") => "tag:yaml.org,2002:",
            _ => return Err(syntax(line, "found undefined tag handle")),
        };
        Ok(format!("{prefix}{suffix}"))
    }

    fn scalar(&mut self) -> Parsed<Node> {
        self.count(1)?;
        let held = self.held();
        let token = self.take()?;
        let TokenKind::Scalar { text, plain, first } = token.kind else {
            return Err(syntax(token.line, "did not find expected node content"));
        };
        let style = match first {
            _ if plain => Style::Plain,
            b'\'' => Style::SingleQuoted,
            b'"' => Style::DoubleQuoted,
            b'|' => Style::Literal,
            _ => Style::Folded,
        };
        let node = Node::new(Kind::Scalar(text.into_owned()), style);
        Ok(Node {
            head: held.head,
            line: held.line,
            foot: held.foot,
            ..node
        })
    }

    /// A collection in a block, with the head that its first item was given.
    fn opened(&mut self, kind: Kind) -> Parsed<Node> {
        self.count(1)?;
        let head = std::mem::take(&mut self.stem);
        let node = Node::new(kind, Style::Plain);
        Ok(Node { head, ..node })
    }

    fn block_sequence(&mut self) -> Parsed<Node> {
        let sequence = self.opened(Kind::Sequence(Vec::new()))?;
        self.take()?;
        let mut items = Vec::new();
        loop {
            let token = self.peek()?;
            let line = token.line;
            match token.kind {
                TokenKind::BlockEntry => {}
                TokenKind::BlockEnd => break,
                _ => return Err(syntax(line, "did not find expected '-' indicator")),
            }
            self.entry()?;
            items.push(match self.peek()?.kind {
                TokenKind::BlockEntry | TokenKind::BlockEnd => self.empty()?,
                _ => self.node(Context::Block)?,
            });
        }
        self.take()?;
        let kind = Kind::Sequence(items);
        Ok(Node { kind, ..sequence })
    }

    /// A sequence whose dashes are flush with the keys of the mapping around it.
    fn indentless(&mut self) -> Parsed<Node> {
        self.count(1)?;
        let mut items = Vec::new();
        while matches!(self.peek()?.kind, TokenKind::BlockEntry) {
            self.entry()?;
            items.push(match self.peek()?.kind {
                TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                    self.empty()?
                }
                _ => self.node(Context::Block)?,
            });
        }
        Ok(Node::new(Kind::Sequence(items), Style::Plain))
    }

    /// A dash; what stands before it belongs to the collection behind it, if there is one.
    // Parity: yaml_parser_split_stem_comment.
    fn entry(&mut self) -> Parsed<()> {
        let length = self.comments.head.len();
        self.take()?;
        if length == 0 {
            return Ok(());
        }
        let opens = matches!(
            self.peek()?.kind,
            TokenKind::BlockSequenceStart | TokenKind::BlockMappingStart
        );
        if opens {
            let head = &mut self.comments.head;
            let rest = head.get(length + 1..).unwrap_or_default().to_owned();
            head.truncate(length);
            self.stem = std::mem::replace(head, rest);
        }
        Ok(())
    }

    fn block_mapping(&mut self) -> Parsed<Node> {
        let mapping = self.opened(Kind::Mapping(Vec::new()))?;
        self.take()?;
        let mut entries: Vec<(Node, Node)> = Vec::new();
        loop {
            let token = self.peek()?;
            let line = token.line;
            match token.kind {
                TokenKind::Key => {}
                TokenKind::BlockEnd => break,
                _ => return Err(syntax(line, "did not find expected key")),
            }
            self.take()?;
            let mut key = match self.peek()?.kind {
                TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => self.empty()?,
                _ => self.node(Context::BlockEntry)?,
            };
            if !key.foot.is_empty()
                && let Some((before, _)) = entries.last_mut()
            {
                before.foot = std::mem::take(&mut key.foot);
            }
            let mut value = self.block_value()?;
            if key.foot.is_empty() {
                key.foot = std::mem::take(&mut value.foot);
            }
            entries.push((key, value));
        }
        let held = self.held();
        self.take()?;
        let mut foot = held.foot;
        if let (false, Some((last, _))) = (foot.is_empty(), entries.last_mut()) {
            last.foot = std::mem::take(&mut foot);
        }
        Ok(Node {
            kind: Kind::Mapping(entries),
            line: held.line,
            foot,
            ..mapping
        })
    }

    fn block_value(&mut self) -> Parsed<Node> {
        if !matches!(self.peek()?.kind, TokenKind::Value) {
            return self.empty();
        }
        self.take()?;
        match self.peek()?.kind {
            TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => self.empty(),
            _ => self.node(Context::BlockEntry),
        }
    }

    /// A collection in brackets, with the comments before it.
    fn bracketed(&mut self) -> Parsed<Held> {
        self.count(1)?;
        let held = self.held();
        self.take()?;
        Ok(held)
    }

    fn flow_sequence(&mut self) -> Parsed<Node> {
        let before = self.bracketed()?;
        let mut items = Vec::new();
        loop {
            self.separator(items.is_empty(), Bracket::Square)?;
            match self.peek()?.kind {
                TokenKind::FlowSequenceEnd => break,
                TokenKind::Key => items.push(self.single_pair()?),
                _ => items.push(self.node(Context::Flow)?),
            }
        }
        self.closed(before, Kind::Sequence(items))
    }

    /// `[key: value]`: a mapping of one entry.
    fn single_pair(&mut self) -> Parsed<Node> {
        self.count(1)?;
        self.take()?;
        let key = match self.peek()?.kind {
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd => {
                // Parity: the token after a missing key is lost.
                self.take()?;
                self.empty()?
            }
            _ => self.node(Context::Flow)?,
        };
        let value = self.flow_value(Bracket::Square)?;
        let entries = Kind::Mapping(vec![flow_entry(key, value)]);
        Ok(Node::new(entries, Style::Flow))
    }

    fn flow_mapping(&mut self) -> Parsed<Node> {
        let before = self.bracketed()?;
        let mut entries = Vec::new();
        loop {
            self.separator(entries.is_empty(), Bracket::Curly)?;
            let (key, value) = match self.peek()?.kind {
                TokenKind::FlowMappingEnd => break,
                TokenKind::Key => {
                    self.take()?;
                    let key = match self.peek()?.kind {
                        TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd => {
                            self.empty()?
                        }
                        _ => self.node(Context::Flow)?,
                    };
                    (key, self.flow_value(Bracket::Curly)?)
                }
                _ => {
                    let key = self.node(Context::Flow)?;
                    self.peek()?;
                    (key, self.empty()?)
                }
            };
            entries.push(flow_entry(key, value));
        }
        self.closed(before, Kind::Mapping(entries))
    }

    fn flow_value(&mut self, bracket: Bracket) -> Parsed<Node> {
        if !matches!(self.peek()?.kind, TokenKind::Value) {
            return self.empty();
        }
        self.take()?;
        let next = &self.peek()?.kind;
        if matches!(next, TokenKind::FlowEntry) || bracket.is_closed_by(next) {
            return self.empty();
        }
        self.node(Context::Flow)
    }

    fn separator(&mut self, is_first: bool, bracket: Bracket) -> Parsed<()> {
        let next = self.peek()?;
        if is_first || bracket.is_closed_by(&next.kind) {
            return Ok(());
        }
        if !matches!(next.kind, TokenKind::FlowEntry) {
            return Err(syntax(next.line, bracket.problem()));
        }
        self.take()?;
        self.peek()?;
        Ok(())
    }

    /// The end of a collection in brackets, with the comments behind it.
    fn closed(&mut self, before: Held, kind: Kind) -> Parsed<Node> {
        let held = self.held();
        self.take()?;
        Ok(Node {
            head: before.head,
            line: held.line,
            foot: held.foot,
            ..Node::new(kind, Style::Flow)
        })
    }
}

/// An entry in brackets, with the foot of its value.
fn flow_entry(mut key: Node, mut value: Node) -> (Node, Node) {
    if key.foot.is_empty() {
        key.foot = std::mem::take(&mut value.foot);
    }
    (key, value)
}

#[derive(Clone, Copy)]
enum Bracket {
    Square,
    Curly,
}

impl Bracket {
    fn is_closed_by(self, kind: &TokenKind<'_>) -> bool {
        match self {
            Self::Square => matches!(kind, TokenKind::FlowSequenceEnd),
            Self::Curly => matches!(kind, TokenKind::FlowMappingEnd),
        }
    }

    fn problem(self) -> &'static str {
        match self {
            Self::Square => "did not find expected ',' or ']'",
            Self::Curly => "did not find expected ',' or '}'",
        }
    }
}

fn meaning(problem: &str) -> Box<ParseError> {
    Box::new(ParseError::Meaning {
        problem: problem.to_owned(),
    })
}

/// A parser's error, whose lines count from zero.
fn syntax(line: usize, problem: &str) -> Box<ParseError> {
    Box::new(ParseError::Syntax {
        line: (line != 0).then_some(line as u64),
        problem: problem.to_owned(),
    })
}
