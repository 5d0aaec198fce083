//! Sequences and mappings, in blocks and in brackets.

use super::{Context, Held, Parsed, Parser, empty, syntax};
use crate::yaml::bracket::Bracket;
use crate::yaml::commented::{Kind, Node, Style};
use crate::yaml::scanner::TokenKind;

impl Parser<'_> {
    /// A collection in a block, with the head that its first item was given.
    fn opened(&mut self, kind: Kind) -> Parsed<Node> {
        let head = std::mem::take(&mut self.stem);
        let node = Node::new(kind, Style::Plain);
        Ok(Node { head, ..node })
    }

    pub(super) fn block_sequence(&mut self) -> Parsed<Node> {
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
                TokenKind::BlockEntry | TokenKind::BlockEnd => empty(),
                _ => self.node(Context::Block)?,
            });
        }
        self.take()?;
        let kind = Kind::Sequence(items);
        Ok(Node { kind, ..sequence })
    }

    /// A sequence whose dashes are flush with the keys of the mapping around it.
    pub(super) fn indentless(&mut self) -> Parsed<Node> {
        let mut items = Vec::new();
        while matches!(self.peek()?.kind, TokenKind::BlockEntry) {
            self.entry()?;
            items.push(match self.peek()?.kind {
                TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                    empty()
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

    pub(super) fn block_mapping(&mut self) -> Parsed<Node> {
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
                TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => empty(),
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
            return Ok(empty());
        }
        self.take()?;
        match self.peek()?.kind {
            TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => Ok(empty()),
            _ => self.node(Context::BlockEntry),
        }
    }

    /// A collection in brackets, with the comments before it.
    fn bracketed(&mut self) -> Parsed<Held> {
        let held = self.held();
        self.take()?;
        Ok(held)
    }

    pub(super) fn flow_sequence(&mut self) -> Parsed<Node> {
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
        self.take()?;
        let key = match self.peek()?.kind {
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd => {
                // Parity: the token after a missing key is lost.
                self.take()?;
                empty()
            }
            _ => self.node(Context::Flow)?,
        };
        let value = self.flow_value(Bracket::Square)?;
        let entries = Kind::Mapping(vec![flow_entry(key, value)]);
        Ok(Node::new(entries, Style::Flow))
    }

    pub(super) fn flow_mapping(&mut self) -> Parsed<Node> {
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
                            empty()
                        }
                        _ => self.node(Context::Flow)?,
                    };
                    (key, self.flow_value(Bracket::Curly)?)
                }
                _ => {
                    let key = self.node(Context::Flow)?;
                    self.peek()?;
                    (key, empty())
                }
            };
            entries.push(flow_entry(key, value));
        }
        self.closed(before, Kind::Mapping(entries))
    }

    fn flow_value(&mut self, bracket: Bracket) -> Parsed<Node> {
        if !matches!(self.peek()?.kind, TokenKind::Value) {
            return Ok(empty());
        }
        self.take()?;
        let next = &self.peek()?.kind;
        if matches!(next, TokenKind::FlowEntry) || bracket.is_closed_by(next) {
            return Ok(empty());
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
