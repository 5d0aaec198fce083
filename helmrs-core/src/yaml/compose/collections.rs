//! Sequences and mappings, in blocks and in brackets.

use super::{Composed, Composer, Context, NodeId, NodeKind, syntax};
use crate::yaml::scanner::TokenKind;

impl Composer<'_> {
    pub(super) fn block_sequence(&mut self, id: NodeId, depth: usize) -> Composed {
        self.scanner.take()?;
        loop {
            let token = self.scanner.take()?;
            match token.kind {
                TokenKind::BlockEntry => {}
                TokenKind::BlockEnd => return Ok(id),
                _ => return Err(syntax(token.start, "did not find expected '-' indicator")),
            }
            let item = match self.scanner.peek()?.kind {
                TokenKind::BlockEntry | TokenKind::BlockEnd => self.empty(token.end),
                _ => self.node(Context::Block, depth + 1)?,
            };
            self.add_item(id, item);
        }
    }

    /// A sequence whose dashes are flush with the keys of the mapping around it.
    pub(super) fn indentless_sequence(&mut self, id: NodeId, depth: usize) -> Composed {
        while self.scanner.peek()?.kind == TokenKind::BlockEntry {
            let mark = self.scanner.take()?.end;
            let item = match self.scanner.peek()?.kind {
                TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                    self.empty(mark)
                }
                _ => self.node(Context::Block, depth + 1)?,
            };
            self.add_item(id, item);
        }
        Ok(id)
    }

    pub(super) fn block_mapping(&mut self, id: NodeId, depth: usize) -> Composed {
        self.scanner.take()?;
        loop {
            let token = self.scanner.take()?;
            match token.kind {
                TokenKind::Key => {}
                TokenKind::BlockEnd => return Ok(id),
                _ => return Err(syntax(token.start, "did not find expected key")),
            }
            let key = match self.scanner.peek()?.kind {
                TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => self.empty(token.end),
                _ => self.node(Context::BlockEntry, depth + 1)?,
            };
            let value = self.block_value(depth)?;
            self.add_entry(id, key, value);
        }
    }

    fn block_value(&mut self, depth: usize) -> Composed {
        let next = self.scanner.peek()?;
        if next.kind != TokenKind::Value {
            let mark = next.start;
            return Ok(self.empty(mark));
        }
        let mark = self.scanner.take()?.end;
        match self.scanner.peek()?.kind {
            TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => Ok(self.empty(mark)),
            _ => self.node(Context::BlockEntry, depth + 1),
        }
    }

    pub(super) fn flow_sequence(&mut self, id: NodeId, depth: usize) -> Composed {
        self.scanner.take()?;
        let mut is_first = true;
        loop {
            self.flow_separator(
                is_first,
                &TokenKind::FlowSequenceEnd,
                "did not find expected ',' or ']'",
            )?;
            is_first = false;
            let item = match self.scanner.peek()?.kind {
                TokenKind::FlowSequenceEnd => {
                    self.scanner.take()?;
                    return Ok(id);
                }
                TokenKind::Key => self.single_pair(depth + 1)?,
                _ => self.node(Context::Flow, depth + 1)?,
            };
            self.add_item(id, item);
        }
    }

    /// `[key: value]`: a mapping of one entry.
    fn single_pair(&mut self, depth: usize) -> Composed {
        let start = self.scanner.take()?.start;
        let id = self.push(NodeKind::Mapping(Vec::new()), start, None);
        let key = match self.scanner.peek()?.kind {
            // Parity: go-yaml v2, parserc.go: the token after a missing key is lost.
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd => {
                let mark = self.scanner.take()?.end;
                self.empty(mark)
            }
            _ => self.node(Context::Flow, depth + 1)?,
        };
        let value = self.flow_value(&TokenKind::FlowSequenceEnd, depth)?;
        self.add_entry(id, key, value);
        Ok(id)
    }

    pub(super) fn flow_mapping(&mut self, id: NodeId, depth: usize) -> Composed {
        self.scanner.take()?;
        let mut is_first = true;
        loop {
            self.flow_separator(
                is_first,
                &TokenKind::FlowMappingEnd,
                "did not find expected ',' or '}'",
            )?;
            is_first = false;
            let (key, value) = match self.scanner.peek()?.kind {
                TokenKind::FlowMappingEnd => {
                    self.scanner.take()?;
                    return Ok(id);
                }
                TokenKind::Key => {
                    self.scanner.take()?;
                    let next = self.scanner.peek()?;
                    let mark = next.start;
                    let key = match next.kind {
                        TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd => {
                            self.empty(mark)
                        }
                        _ => self.node(Context::Flow, depth + 1)?,
                    };
                    (key, self.flow_value(&TokenKind::FlowMappingEnd, depth)?)
                }
                _ => {
                    let key = self.node(Context::Flow, depth + 1)?;
                    let mark = self.scanner.peek()?.start;
                    (key, self.empty(mark))
                }
            };
            self.add_entry(id, key, value);
        }
    }

    /// The comma before all items but the first.
    fn flow_separator(&mut self, is_first: bool, end: &TokenKind, problem: &str) -> Composed<()> {
        let next = self.scanner.peek()?;
        if is_first || next.kind == *end {
            return Ok(());
        }
        if next.kind != TokenKind::FlowEntry {
            return Err(syntax(next.start, problem));
        }
        self.scanner.take().map(drop)
    }

    fn flow_value(&mut self, end: &TokenKind, depth: usize) -> Composed {
        if self.scanner.peek()?.kind == TokenKind::Value {
            self.scanner.take()?;
            let next = self.scanner.peek()?;
            if next.kind != TokenKind::FlowEntry && next.kind != *end {
                return self.node(Context::Flow, depth + 1);
            }
        }
        let mark = self.scanner.peek()?.start;
        Ok(self.empty(mark))
    }

    fn add_item(&mut self, id: NodeId, item: NodeId) {
        if let NodeKind::Sequence(items) = &mut self.document.nodes[id].kind {
            items.push(item);
        }
    }

    fn add_entry(&mut self, id: NodeId, key: NodeId, value: NodeId) {
        if let NodeKind::Mapping(entries) = &mut self.document.nodes[id].kind {
            entries.push((key, value));
        }
    }
}
