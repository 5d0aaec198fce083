//! Sequences and mappings, in blocks and in brackets.

use super::{Builder, Composed, Composer, Context, Place, Seat, syntax};
use crate::yaml::bracket::Bracket;
use crate::yaml::scanner::TokenKind;

impl<'t, B: Builder<'t>> Composer<'t, '_, B> {
    pub(super) fn block_sequence(&mut self, place: Place<'t>) -> Composed<B::Node> {
        let mut sequence = self.builder.open_sequence(place)?;
        let seat = Seat::new(Context::Block, place.depth + 1);
        self.scanner.take()?;
        loop {
            let token = self.scanner.take()?;
            match token.kind {
                TokenKind::BlockEntry => {}
                TokenKind::BlockEnd => return Ok(self.builder.close_sequence(sequence)),
                _ => return Err(syntax(token.line, "did not find expected '-' indicator")),
            }
            let item = match self.scanner.peek()?.kind {
                TokenKind::BlockEntry | TokenKind::BlockEnd => self.empty(token.end_line, seat)?,
                _ => self.node(seat)?,
            };
            self.builder.item(&mut sequence, item);
        }
    }

    /// A sequence whose dashes are flush with the keys of the mapping around it.
    pub(super) fn indentless_sequence(&mut self, place: Place<'t>) -> Composed<B::Node> {
        let mut sequence = self.builder.open_sequence(place)?;
        let seat = Seat::new(Context::Block, place.depth + 1);
        while matches!(self.scanner.peek()?.kind, TokenKind::BlockEntry) {
            let line = self.scanner.take()?.end_line;
            let item = match self.scanner.peek()?.kind {
                TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                    self.empty(line, seat)?
                }
                _ => self.node(seat)?,
            };
            self.builder.item(&mut sequence, item);
        }
        Ok(self.builder.close_sequence(sequence))
    }

    pub(super) fn block_mapping(&mut self, place: Place<'t>) -> Composed<B::Node> {
        let mut mapping = self.builder.open_mapping(place)?;
        let seat = Seat::key(Context::BlockEntry, place.depth + 1);
        self.scanner.take()?;
        loop {
            let token = self.scanner.take()?;
            match token.kind {
                TokenKind::Key => {}
                TokenKind::BlockEnd => return Ok(self.builder.close_mapping(mapping)),
                _ => return Err(syntax(token.line, "did not find expected key")),
            }
            let key = match self.scanner.peek()?.kind {
                TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                    self.empty(token.end_line, seat)?
                }
                _ => self.node(seat)?,
            };
            self.builder.key(&mut mapping, key);
            self.scanner.keep_lines(!self.builder.is_skipping());
            let value = self.block_value(place.depth + 1)?;
            self.builder.value(&mut mapping, value);
        }
    }

    fn block_value(&mut self, depth: usize) -> Composed<B::Node> {
        let seat = Seat::new(Context::BlockEntry, depth);
        let next = self.scanner.peek()?;
        if !matches!(next.kind, TokenKind::Value) {
            let line = next.line;
            return self.empty(line, seat);
        }
        let line = self.scanner.take()?.end_line;
        match self.scanner.peek()?.kind {
            TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => self.empty(line, seat),
            _ => self.node(seat),
        }
    }

    pub(super) fn flow_sequence(&mut self, place: Place<'t>) -> Composed<B::Node> {
        let mut sequence = self.builder.open_sequence(place)?;
        let seat = Seat::new(Context::Flow, place.depth + 1);
        self.scanner.take()?;
        let mut is_first = true;
        loop {
            self.flow_separator(is_first, Bracket::Square)?;
            is_first = false;
            let item = match self.scanner.peek()?.kind {
                TokenKind::FlowSequenceEnd => {
                    self.scanner.take()?;
                    return Ok(self.builder.close_sequence(sequence));
                }
                TokenKind::Key => self.single_pair(seat)?,
                _ => self.node(seat)?,
            };
            self.builder.item(&mut sequence, item);
        }
    }

    /// `[key: value]`: a mapping of one entry.
    fn single_pair(&mut self, seat: Seat) -> Composed<B::Node> {
        let line = self.scanner.take()?.line;
        let mut mapping = self.builder.open_mapping(seat.place(line, None))?;
        let key_seat = Seat::key(Context::Flow, seat.depth + 1);
        let key = match self.scanner.peek()?.kind {
            // Parity: go-yaml v2, parserc.go: the token after a missing key is lost.
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd => {
                let line = self.scanner.take()?.end_line;
                self.empty(line, key_seat)?
            }
            _ => self.node(key_seat)?,
        };
        self.builder.key(&mut mapping, key);
        let value = self.flow_value(Bracket::Square, seat.depth + 1)?;
        self.builder.value(&mut mapping, value);
        Ok(self.builder.close_mapping(mapping))
    }

    pub(super) fn flow_mapping(&mut self, place: Place<'t>) -> Composed<B::Node> {
        let mut mapping = self.builder.open_mapping(place)?;
        let depth = place.depth + 1;
        let seat = Seat::key(Context::Flow, depth);
        self.scanner.take()?;
        let mut is_first = true;
        loop {
            self.flow_separator(is_first, Bracket::Curly)?;
            is_first = false;
            match self.scanner.peek()?.kind {
                TokenKind::FlowMappingEnd => {
                    self.scanner.take()?;
                    return Ok(self.builder.close_mapping(mapping));
                }
                TokenKind::Key => {
                    self.scanner.take()?;
                    let next = self.scanner.peek()?;
                    let line = next.line;
                    let key = match next.kind {
                        TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd => {
                            self.empty(line, seat)?
                        }
                        _ => self.node(seat)?,
                    };
                    self.builder.key(&mut mapping, key);
                    let value = self.flow_value(Bracket::Curly, depth)?;
                    self.builder.value(&mut mapping, value);
                }
                _ => {
                    let key = self.node(seat)?;
                    self.builder.key(&mut mapping, key);
                    let line = self.scanner.peek()?.line;
                    let value = self.empty(line, Seat::new(Context::Flow, depth))?;
                    self.builder.value(&mut mapping, value);
                }
            }
        }
    }

    /// The comma before all items but the first.
    fn flow_separator(&mut self, is_first: bool, bracket: Bracket) -> Composed<()> {
        let next = self.scanner.peek()?;
        if is_first || bracket.is_closed_by(&next.kind) {
            return Ok(());
        }
        if !matches!(next.kind, TokenKind::FlowEntry) {
            return Err(syntax(next.line, bracket.problem()));
        }
        self.scanner.take()?;
        Ok(())
    }

    fn flow_value(&mut self, bracket: Bracket, depth: usize) -> Composed<B::Node> {
        let seat = Seat::new(Context::Flow, depth);
        if matches!(self.scanner.peek()?.kind, TokenKind::Value) {
            self.scanner.take()?;
            let next = self.scanner.peek()?;
            if !matches!(next.kind, TokenKind::FlowEntry) && !bracket.is_closed_by(&next.kind) {
                return self.node(seat);
            }
        }
        let line = self.scanner.peek()?.line;
        self.empty(line, seat)
    }
}
