//! A YAML text into tokens, the way libyaml and its Go port do it.
//!
//! Whether a text is a mapping's key shows only at the `:` behind it. So tokens wait in a queue
//! until no *simple key* can begin at its head any more; the key and the mapping it opens are then
//! put in front of what has been queued since.

mod comments;
mod cursor;
mod directive;
mod flow;
mod literal;
mod token;

use std::borrow::Cow;
use std::collections::VecDeque;

use comments::Comments;
use cursor::{Cursor, Mark};
use helmrs_gotemplate::stack::depth_limit;

pub(super) use token::{Tag, Token, TokenKind};

use super::error::ParseError;
use super::source::Fault;

/// How far behind the start of a simple key its `:` may stand, in characters.
const MAX_KEY_LENGTH: usize = 1024;

/// How far past its first character it shows what a token is: `--- `.
const LOOK_AHEAD: usize = 3;

/// A place where a simple key may have begun.
#[derive(Clone, Copy, Debug, Default)]
struct SimpleKey {
    possible: bool,
    /// Whether nothing but a key can stand there.
    required: bool,
    token_number: usize,
    mark: Mark,
}

/// Reads tokens.
// Parity: go-yaml v2, scannerc.go.
pub(super) struct Scanner<'t> {
    cursor: Cursor<'t>,
    fault: Option<Fault>,
    /// The last byte looked at before the kind of a token is known.
    reach: usize,
    tokens: VecDeque<Token<'t>>,
    tokens_taken: usize,
    /// The column of the innermost block; `None` outside of any.
    indent: Option<usize>,
    outer_indents: Vec<Option<usize>>,
    flow_level: usize,
    /// How many blocks may be open, and how many flow collections.
    depth_limit: usize,
    simple_key_allowed: bool,
    /// One for each flow level and one for the block around them.
    simple_keys: Vec<SimpleKey>,
    /// The number of the token that each simple key begins with, and the key's level; in order.
    simple_keys_by_token: VecDeque<(usize, usize)>,
    /// Whether the token at the queue's head is sure to be the next one.
    is_filled: bool,
    /// The comments, where they are wanted.
    comments: Option<Comments>,
}

/// What go-yaml says to a document that is too deep.
// Parity: go-yaml v2, scannerc.go, max_flow_level and max_indents, which count apart from each other.
const TOO_DEEP: &str = "exceeded max depth of 10000";

type Scanned<T = ()> = Result<T, Box<ParseError>>;

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str, fault: Option<Fault>) -> Self {
        Self {
            cursor: Cursor::new(text),
            fault,
            reach: 0,
            tokens: VecDeque::new(),
            tokens_taken: 0,
            indent: None,
            outer_indents: Vec::new(),
            flow_level: 0,
            depth_limit: depth_limit(),
            simple_key_allowed: true,
            simple_keys: vec![SimpleKey::default()],
            simple_keys_by_token: VecDeque::new(),
            is_filled: false,
            comments: None,
        }
    }

    /// A scanner that keeps comments, too.
    pub(super) fn with_comments(text: &'t str, fault: Option<Fault>) -> Self {
        Self {
            comments: Some(Comments::default()),
            ..Self::new(text, fault)
        }
    }

    /// Says whether the lines behind the first of a text are wanted; a simple key has but one.
    pub(super) fn keep_lines(&mut self, keeps: bool) {
        self.cursor.keeps_lines = keeps;
    }

    /// The next token, which stays.
    pub(super) fn peek(&mut self) -> Scanned<&Token<'t>> {
        self.fill()?;
        Ok(&self.tokens[0])
    }

    /// Takes the next token.
    pub(super) fn take(&mut self) -> Scanned<Token<'t>> {
        self.fill()?;
        self.tokens_taken += 1;
        self.is_filled = false;
        Ok(self.tokens.pop_front().expect("the queue was just filled"))
    }

    /// Scans on until the token at the queue's head is sure to be the next one.
    fn fill(&mut self) -> Scanned {
        while !self.is_filled {
            if self.tokens.len() > self.least_ahead() && !self.may_head_be_a_key()? {
                self.is_filled = true;
                break;
            }
            let fetched = self.fetch();
            match self.fault {
                Some(fault) if self.cursor.at.max(self.reach) >= fault.from => {
                    return Err(Box::new(ParseError::Syntax {
                        line: None,
                        problem: fault.problem.to_owned(),
                    }));
                }
                _ => fetched?,
            }
        }
        Ok(())
    }

    /// How many tokens must follow the one at the head: comments may belong to a token before.
    fn least_ahead(&self) -> usize {
        if self.comments.is_some() { 2 } else { 0 }
    }

    fn may_head_be_a_key(&mut self) -> Scanned<bool> {
        let number = self.tokens_taken;
        let keys = &self.simple_keys_by_token;
        let Ok(place) = keys.binary_search_by_key(&number, |&(token, _)| token) else {
            return Ok(false);
        };
        let (_, key) = keys[place];
        if key < self.simple_keys.len() {
            self.is_key_still_possible(key)
        } else {
            Ok(false)
        }
    }

    /// Forgets that a simple key may begin with a token.
    fn forget_key_of_token(&mut self, number: usize) {
        let keys = &mut self.simple_keys_by_token;
        if let Ok(place) = keys.binary_search_by_key(&number, |&(token, _)| token) {
            keys.remove(place);
        }
    }

    fn fetch(&mut self) -> Scanned {
        let scan = self.cursor.mark();
        self.skip_to_next_token();
        self.reach = self.cursor.at + LOOK_AHEAD;
        self.close_blocks(Some(self.cursor.column()), scan);
        if self.cursor.is_at_end() {
            return self.stream_end();
        }
        let cursor = &self.cursor;
        match cursor.peek(0) {
            b'%' if cursor.column() == 0 => self.directive(),
            b'-' if cursor.is_document_indicator() => {
                self.document_indicator(TokenKind::DocumentStart)
            }
            b'.' if cursor.is_document_indicator() => {
                self.document_indicator(TokenKind::DocumentEnd)
            }
            byte if self.comments.is_some() => self.commented(byte),
            byte => self.token(byte),
        }
    }

    /// A token and the comment behind it.
    fn commented(&mut self, byte: u8) -> Scanned {
        let mut owner = self.cursor.mark();
        let separates = if self.flow_level == 0 { b':' } else { b',' };
        if let (Some(last), true) = (self.tokens.back(), byte == separates) {
            owner = Mark {
                index: last.start,
                ..Mark::default()
            };
        }
        self.token(byte)?;
        let last = self.tokens.back();
        // A dash alone has no comment: it is the head of what follows.
        if last.is_none_or(|last| !matches!(last.kind, TokenKind::BlockEntry)) {
            self.line_comment(owner);
        }
        Ok(())
    }

    fn token(&mut self, byte: u8) -> Scanned {
        let cursor = &self.cursor;
        let in_flow = self.flow_level > 0;
        match byte {
            b'[' => self.open_flow(TokenKind::FlowSequenceStart),
            b'{' => self.open_flow(TokenKind::FlowMappingStart),
            b']' => self.close_flow(TokenKind::FlowSequenceEnd),
            b'}' => self.close_flow(TokenKind::FlowMappingEnd),
            b',' => self.flow_entry(),
            b'-' if cursor.is_gap(1) => self.block_entry(),
            b'?' if in_flow || cursor.is_gap(1) => self.key(),
            b':' if in_flow || cursor.is_gap(1) => self.value(),
            b'*' | b'&' | b'!' => self.node_property(byte),
            b'|' | b'>' if !in_flow => self.block_scalar(byte == b'|'),
            // Parity: go-yaml v2, scannerc.go: what is left of these starts no plain text.
            b'#' | b'|' | b'>' | b'%' | b'@' | b'`' | b'\t' => {
                Err(self.error("found character that cannot start any token"))
            }
            _ => self.text(byte),
        }
    }

    fn skip_to_next_token(&mut self) {
        let scan = self.cursor.mark();
        loop {
            // A tab must not stand where a block's indentation could.
            let tabs = self.flow_level > 0 || !self.simple_key_allowed;
            self.cursor
                .take_ascii(|byte| byte == b' ' || tabs && byte == b'\t');
            if self.comments.is_some() {
                self.lift_line_comment();
                if self.cursor.peek(0) == b'#' {
                    self.scan_comments(scan);
                }
            } else {
                self.cursor.skip_comment();
            }
            if !self.cursor.is_break(0) {
                return;
            }
            self.cursor.take_break();
            if self.flow_level == 0 {
                self.simple_key_allowed = true;
            }
        }
    }

    /// Whether a simple key can still begin where one was thought to.
    fn is_key_still_possible(&mut self, key: usize) -> Scanned<bool> {
        let SimpleKey {
            possible,
            required,
            mark,
            ..
        } = self.simple_keys[key];
        if !possible {
            return Ok(false);
        }
        let cursor = &self.cursor;
        if mark.line == cursor.line() && mark.index + MAX_KEY_LENGTH >= cursor.index() {
            return Ok(true);
        }
        if required {
            return Err(self.error("could not find expected ':'"));
        }
        self.simple_keys[key].possible = false;
        Ok(false)
    }

    /// Remembers that a simple key may begin here.
    fn save_simple_key(&mut self) -> Scanned {
        if !self.simple_key_allowed {
            return Ok(());
        }
        self.drop_simple_key()?;
        let mark = self.cursor.mark();
        let token_number = self.tokens_taken + self.tokens.len();
        let required = self.flow_level == 0 && self.indent == Some(mark.column);
        *self.current_key() = SimpleKey {
            possible: true,
            required,
            token_number,
            mark,
        };
        self.forget_key_of_token(token_number);
        let keys = &mut self.simple_keys_by_token;
        // The keys of tokens that were taken are of no use any more.
        while keys
            .front()
            .is_some_and(|&(token, _)| token < self.tokens_taken)
        {
            keys.pop_front();
        }
        keys.push_back((token_number, self.flow_level));
        Ok(())
    }

    /// Gives up the simple key of this level.
    fn drop_simple_key(&mut self) -> Scanned {
        let key = *self.current_key();
        if !key.possible {
            return Ok(());
        }
        if key.required {
            return Err(self.error("could not find expected ':'"));
        }
        self.current_key().possible = false;
        self.forget_key_of_token(key.token_number);
        Ok(())
    }

    fn current_key(&mut self) -> &mut SimpleKey {
        self.simple_keys
            .last_mut()
            .expect("the block around all flows has a key")
    }

    /// Opens a block at a place, if that is further in; its token goes where it is told to in the queue.
    fn open_block(&mut self, at: Mark, place: Option<usize>, kind: TokenKind<'t>) -> Scanned {
        if self.flow_level > 0 || self.indent.is_some_and(|indent| indent >= at.column) {
            return Ok(());
        }
        self.outer_indents.push(self.indent);
        self.indent = Some(at.column);
        if self.outer_indents.len() > self.depth_limit {
            return Err(self.error(TOO_DEEP));
        }
        self.insert(place, kind, at);
        Ok(())
    }

    /// Queues a token at a place, or at the end.
    fn insert(&mut self, place: Option<usize>, kind: TokenKind<'t>, at: Mark) {
        let (line, start) = (at.line, at.index);
        let token = Token {
            kind,
            line,
            end_line: line,
            start,
        };
        match place {
            Some(place) if place < self.tokens.len() => self.tokens.insert(place, token),
            _ => self.tokens.push_back(token),
        }
    }

    /// Closes the blocks further in than a column, or all of them.
    fn close_blocks(&mut self, column: Option<usize>, scan: Mark) {
        let mut end = Mark {
            index: scan.index.saturating_sub(1),
            ..scan
        };
        while self.flow_level == 0 && self.indent > column {
            if let (Some(_), Some(indent)) = (&self.comments, self.indent) {
                end = self.block_end(end, indent);
            }
            let line = self.cursor.line();
            self.push(TokenKind::BlockEnd, line, end.index);
            self.indent = self.outer_indents.pop().flatten();
        }
    }

    /// Queues a token that ends here.
    fn push(&mut self, kind: TokenKind<'t>, line: usize, start: usize) {
        self.tokens.push_back(Token {
            kind,
            line,
            end_line: self.cursor.line(),
            start,
        });
    }

    /// Passes an indicator, which is ASCII, and queues its token.
    fn indicator(&mut self, kind: TokenKind<'t>, length: usize) {
        let (line, start) = (self.cursor.line(), self.cursor.index());
        self.cursor.at += length;
        self.push(kind, line, start);
    }

    fn stream_end(&mut self) -> Scanned {
        if self.cursor.column() != 0 {
            self.cursor.start_line();
        }
        self.end_blocks()?;
        self.push(
            TokenKind::StreamEnd,
            self.cursor.line(),
            self.cursor.index(),
        );
        Ok(())
    }

    /// Ends all blocks and the line of keys, as documents and directives do.
    fn end_blocks(&mut self) -> Scanned {
        self.close_blocks(None, self.cursor.mark());
        self.drop_simple_key()?;
        self.simple_key_allowed = false;
        Ok(())
    }

    fn directive(&mut self) -> Scanned {
        self.end_blocks()?;
        let (line, start) = (self.cursor.line(), self.cursor.index());
        let kind = directive::directive(&mut self.cursor)?;
        self.push(kind, line, start);
        Ok(())
    }

    fn document_indicator(&mut self, kind: TokenKind<'t>) -> Scanned {
        self.end_blocks()?;
        self.indicator(kind, 3);
        Ok(())
    }

    fn open_flow(&mut self, kind: TokenKind<'t>) -> Scanned {
        self.save_simple_key()?;
        let token_number = self.tokens_taken + self.tokens.len();
        self.simple_keys.push(SimpleKey {
            token_number,
            ..SimpleKey::default()
        });
        self.flow_level += 1;
        if self.flow_level > self.depth_limit {
            return Err(self.error(TOO_DEEP));
        }
        self.simple_key_allowed = true;
        self.indicator(kind, 1);
        Ok(())
    }

    fn close_flow(&mut self, kind: TokenKind<'t>) -> Scanned {
        self.drop_simple_key()?;
        if self.flow_level > 0 {
            self.flow_level -= 1;
            // Parity: go-yaml v2, yaml_parser_decrease_flow_level: for an empty collection this is
            // the number of its own first token.
            if let Some(key) = self.simple_keys.pop() {
                self.forget_key_of_token(key.token_number);
            }
        }
        self.simple_key_allowed = false;
        self.indicator(kind, 1);
        Ok(())
    }

    fn flow_entry(&mut self) -> Scanned {
        self.drop_simple_key()?;
        self.simple_key_allowed = true;
        self.indicator(TokenKind::FlowEntry, 1);
        Ok(())
    }

    fn block_entry(&mut self) -> Scanned {
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return Err(self.error("block sequence entries are not allowed in this context"));
            }
            self.open_block(self.cursor.mark(), None, TokenKind::BlockSequenceStart)?;
        }
        self.drop_simple_key()?;
        self.simple_key_allowed = true;
        self.indicator(TokenKind::BlockEntry, 1);
        Ok(())
    }

    fn key(&mut self) -> Scanned {
        self.complex("mapping keys are not allowed in this context")?;
        self.drop_simple_key()?;
        self.indicator(TokenKind::Key, 1);
        Ok(())
    }

    fn value(&mut self) -> Scanned {
        if self.is_key_still_possible(self.flow_level)? {
            let SimpleKey {
                token_number, mark, ..
            } = *self.current_key();
            let place = token_number.checked_sub(self.tokens_taken);
            self.insert(place, TokenKind::Key, mark);
            self.open_block(mark, place, TokenKind::BlockMappingStart)?;
            self.current_key().possible = false;
            self.forget_key_of_token(token_number);
            self.simple_key_allowed = false;
        } else {
            self.complex("mapping values are not allowed in this context")?;
        }
        self.indicator(TokenKind::Value, 1);
        Ok(())
    }

    /// Makes ready for a `?`, or for a `:` without a simple key before it.
    fn complex(&mut self, problem: &str) -> Scanned {
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return Err(self.error(problem));
            }
            self.open_block(self.cursor.mark(), None, TokenKind::BlockMappingStart)?;
        }
        self.simple_key_allowed = self.flow_level == 0;
        Ok(())
    }

    /// An alias, an anchor or a tag.
    fn node_property(&mut self, indicator: u8) -> Scanned {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        let (line, start) = (self.cursor.line(), self.cursor.index());
        let kind = match indicator {
            b'*' => TokenKind::Alias(directive::anchor(&mut self.cursor)?),
            b'&' => TokenKind::Anchor(directive::anchor(&mut self.cursor)?),
            _ => directive::tag(&mut self.cursor)?,
        };
        self.push(kind, line, start);
        Ok(())
    }

    fn block_scalar(&mut self, is_literal: bool) -> Scanned {
        self.drop_simple_key()?;
        self.simple_key_allowed = true;
        let mark = self.cursor.mark();
        if self.comments.is_some() {
            self.header_comment(mark);
        }
        let text = literal::block_scalar(&mut self.cursor, self.indent, is_literal)?;
        let scalar = TokenKind::Scalar {
            text,
            plain: false,
            first: if is_literal { b'|' } else { b'>' },
        };
        self.push(scalar, mark.line, mark.index);
        Ok(())
    }

    /// A plain or quoted text.
    fn text(&mut self, first: u8) -> Scanned {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        let (line, start) = (self.cursor.line(), self.cursor.index());
        if matches!(first, b'\'' | b'"') {
            let text = flow::quoted(&mut self.cursor, first)?;
            let scalar = TokenKind::Scalar {
                text,
                plain: false,
                first,
            };
            self.push(scalar, line, start);
            return Ok(());
        }
        let context = flow::Context {
            in_flow: self.flow_level > 0,
            indent: self.indent,
        };
        let plain = flow::plain(&mut self.cursor, context)?;
        self.simple_key_allowed = plain.ends_with_break;
        self.tokens.push_back(Token {
            kind: TokenKind::Scalar {
                text: plain.text,
                plain: true,
                first,
            },
            line,
            end_line: plain.end_line,
            start,
        });
        Ok(())
    }

    #[expect(
        clippy::unnecessary_box_returns,
        reason = "a result carries its error boxed, to stay small"
    )]
    fn error(&self, problem: &str) -> Box<ParseError> {
        error_at(self.cursor.line(), problem)
    }
}

/// Reads a block scalar that a text begins with: what it holds, and how many bytes its lines have.
pub(super) fn leading_block_scalar(
    text: &str,
    parent: Option<usize>,
    is_literal: bool,
    keeps_lines: bool,
) -> Option<(Cow<'static, str>, usize)> {
    let mut cursor = Cursor::new(text);
    cursor.keeps_lines = keeps_lines;
    let scalar = literal::block_scalar(&mut cursor, parent, is_literal).ok()?;
    // The indentation of the line behind it has been passed already, if there is one.
    let indentation = if cursor.is_at_end() {
        0
    } else {
        cursor.column()
    };
    Some((scalar, cursor.at - indentation))
}

/// A scanner's error.
// Parity: go-yaml v2, decode.go, parser.fail: the first line has no number.
#[expect(
    clippy::unnecessary_box_returns,
    reason = "a result carries its error boxed, to stay small"
)]
fn error_at(line: usize, problem: &str) -> Box<ParseError> {
    Box::new(ParseError::Syntax {
        line: (line != 0).then_some(line as u64 + 1),
        problem: problem.to_owned(),
    })
}
