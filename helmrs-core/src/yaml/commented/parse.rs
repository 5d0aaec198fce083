//! Tokens into a document, each comment with the node it belongs to.
// Parity: go-yaml v3, parserc.go, whose states are the functions here, and decode.go, parser.

mod collections;

use std::collections::BTreeSet;

use helmrs_gotemplate::stack::deepen;

use super::{Document, Kind, Node, Style};
use crate::yaml::error::ParseError;
use crate::yaml::scanner::{Scanner, Tag, Token, TokenKind};
use crate::yaml::source::Source;

type Parsed<T> = Result<T, Box<ParseError>>;

/// Reads the first document of a text; `None` without one.
pub(crate) fn read(text: &[u8]) -> Result<Option<Document>, ParseError> {
    let source = Source::new(text);
    let parser = Parser {
        scanner: Scanner::with_comments(&source.text, source.fault),
        comments: Held::default(),
        stem: String::new(),
        tag_prefixes: Vec::new(),
        anchors: BTreeSet::new(),
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

impl Held {
    /// A node with these comments.
    fn onto(self, node: Node) -> Node {
        Node {
            head: self.head,
            line: self.line,
            foot: self.foot,
            ..node
        }
    }
}

struct Parser<'t> {
    scanner: Scanner<'t>,
    comments: Held,
    /// The head of a sequence's item, which belongs to the collection that the item is.
    stem: String,
    tag_prefixes: Vec<Tag>,
    /// What aliases can name.
    anchors: BTreeSet<&'t str>,
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
                TokenKind::Version { major: 1, minor: 1 } | TokenKind::TagDirective(_) => {}
                TokenKind::Version { .. } => {
                    return Err(syntax(line, "found incompatible YAML document"));
                }
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
            | TokenKind::StreamEnd => Ok(empty()),
            _ => self.node(Context::Block),
        }
    }

    fn node(&mut self, context: Context) -> Parsed<Node> {
        deepen(|| self.node_here(context))
    }

    fn node_here(&mut self, context: Context) -> Parsed<Node> {
        if let TokenKind::Alias(anchor) = self.peek()?.kind {
            return self.alias(anchor);
        }
        let Properties { anchor, tag } = self.properties()?;
        let has_properties = anchor.is_some() || tag.is_some();
        // A node may well hold an alias of itself here, as none is followed.
        self.anchors.extend(anchor);
        let token = self.peek()?;
        let line = token.line;
        let mut node = match token.kind {
            TokenKind::BlockEntry if context == Context::BlockEntry => self.indentless()?,
            TokenKind::Scalar { .. } => self.scalar()?,
            TokenKind::FlowSequenceStart => self.flow_sequence()?,
            TokenKind::FlowMappingStart => self.flow_mapping()?,
            TokenKind::BlockSequenceStart if context != Context::Flow => self.block_sequence()?,
            TokenKind::BlockMappingStart if context != Context::Flow => self.block_mapping()?,
            _ if has_properties => empty(),
            _ => return Err(syntax(line, "did not find expected node content")),
        };
        node.tag = tag.filter(|tag| tag != "!").or_else(|| {
            // Parity: decode.go, parser.scalar: what asks for a merge is tagged when it is written.
            let merges = node.style == Style::Plain && node.value() == "<<";
            merges.then(|| "tag:yaml.org,2002:merge".to_owned())
        });
        node.anchor = anchor.map(str::to_owned);
        Ok(node)
    }

    fn alias(&mut self, anchor: &'t str) -> Parsed<Node> {
        if !self.anchors.contains(anchor) {
            return Err(meaning(&format!("unknown anchor '{anchor}' referenced")));
        }
        let held = self.held();
        self.take()?;
        Ok(held.onto(Node::new(Kind::Alias(anchor.to_owned()), Style::Plain)))
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
            let full = tag.in_full(&self.tag_prefixes);
            let undefined = || syntax(line, "found undefined tag handle");
            properties.tag = Some(full.ok_or_else(undefined)?);
        }
        Ok(properties)
    }

    fn scalar(&mut self) -> Parsed<Node> {
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
        Ok(held.onto(Node::new(Kind::Scalar(text.into_owned()), style)))
    }
}

/// A node that is not there.
fn empty() -> Node {
    Node::text("", Style::Plain)
}

#[expect(
    clippy::unnecessary_box_returns,
    reason = "a result carries its error boxed, to stay small"
)]
fn meaning(problem: &str) -> Box<ParseError> {
    Box::new(ParseError::Meaning {
        problem: problem.to_owned(),
    })
}

/// A parser's error, whose lines count from zero.
#[expect(
    clippy::unnecessary_box_returns,
    reason = "a result carries its error boxed, to stay small"
)]
fn syntax(line: usize, problem: &str) -> Box<ParseError> {
    Box::new(ParseError::Syntax {
        line: (line != 0).then_some(line as u64),
        problem: problem.to_owned(),
    })
}
