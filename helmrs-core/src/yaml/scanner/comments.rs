//! Comments, and the tokens they belong to: the head of what follows, the end of a line, the foot of what went before.
// Parity: go-yaml v3, scannerc.go: names and marks are its own, and columns of comments count from one.

use super::cursor::Mark;
use super::{Scanner, TokenKind};

/// How many bytes of blanks and breaks are looked through for the next comment.
const NEAR: usize = 512;

/// A comment, or several that belong together.
#[derive(Clone, Debug, Default)]
pub(in crate::yaml) struct Comment {
    /// Where the search for it began.
    scan: Mark,
    /// The token it belongs to is the last that starts no later.
    pub(in crate::yaml) token: Mark,
    start: Mark,
    end: Mark,
    pub(in crate::yaml) head: String,
    pub(in crate::yaml) line: String,
    pub(in crate::yaml) foot: String,
}

/// The comments of a text, in their order.
#[derive(Debug, Default)]
pub(in crate::yaml) struct Comments {
    pub(super) list: Vec<Comment>,
    /// How many of them were taken.
    pub(super) taken: usize,
}

/// What is collected while comments are looked for.
struct Search {
    scan: Mark,
    token: Mark,
    start: Mark,
    text: String,
    line: usize,
    column: usize,
    ahead: usize,
    /// The column of the innermost block.
    indent: usize,
    /// The line on which a comment must start to be the foot of what went before.
    foot_line: Option<usize>,
    /// Whether a `:` stands before it.
    behind_value: bool,
    /// Whether there was no empty line yet.
    first_empty: bool,
    /// Whether the line before was empty.
    recent_empty: bool,
    found: Vec<Comment>,
}

impl Search {
    fn end(&self, index: usize) -> Mark {
        Mark {
            index: index + self.ahead,
            line: self.line,
            column: self.column,
        }
    }

    /// Whether what is collected stands further out than the block.
    fn is_dedented(&self) -> bool {
        self.start.column <= self.indent
    }

    /// A line ends, the text does, or brackets close.
    fn line_end(&mut self, closes: bool, ends: bool, index: usize) {
        if self.recent_empty && !closes {
            return;
        }
        let follows = Some(self.start.line) == self.foot_line && !self.behind_value;
        if closes || self.first_empty && (follows || self.is_dedented()) {
            if !self.text.is_empty() {
                if self.is_dedented() {
                    // It has nothing to do with the token before.
                    self.token = self.start;
                }
                self.foot(index);
            }
        } else if !self.text.is_empty() && !ends {
            self.text.push('\n');
        }
    }

    /// Ends what was collected as the foot of what went before.
    fn foot(&mut self, index: usize) {
        let end = self.end(index);
        self.found.push(Comment {
            scan: self.scan,
            token: self.token,
            start: self.start,
            end,
            foot: std::mem::take(&mut self.text),
            ..Comment::default()
        });
        self.scan = end;
        self.token = end;
    }

    /// Ends what was collected as the head of what follows.
    fn head(mut self, index: usize) -> Vec<Comment> {
        if !self.text.is_empty() {
            let end = self.end(index);
            self.found.push(Comment {
                scan: self.scan,
                token: self.start,
                start: self.start,
                end: Mark {
                    index: end.index.saturating_sub(1),
                    ..end
                },
                head: self.text,
                ..Comment::default()
            });
        }
        self.found
    }
}

impl Scanner<'_> {
    /// The next comment, if it belongs to a token that starts at `start` or to one before.
    pub(in crate::yaml) fn next_comment(&mut self, start: usize) -> Option<&mut Comment> {
        let comments = self.comments.as_mut()?;
        let comment = comments.list.get_mut(comments.taken)?;
        (start >= comment.token.index).then_some(comment)
    }

    /// Forgets the next comment.
    pub(in crate::yaml) fn drop_comment(&mut self) {
        if let Some(comments) = &mut self.comments {
            comments.list[comments.taken] = Comment::default();
            comments.taken += 1;
        }
    }

    /// A comment at the end of the line belongs to the token that starts at `token`.
    // Parity: yaml_parser_scan_line_comment.
    pub(super) fn line_comment(&mut self, token: Mark) {
        let Some(comments) = &mut self.comments else {
            return;
        };
        if self.cursor.newlines() > 0 {
            return;
        }
        let mut ahead = 0;
        while ahead < NEAR && self.cursor.is_blank(ahead) {
            ahead += 1;
        }
        if ahead == NEAR || self.cursor.peek(ahead) != b'#' {
            return;
        }
        self.cursor.at += ahead;
        let start = self.cursor.mark();
        let line = self.cursor.take_line().to_owned();
        comments.list.push(Comment {
            token,
            start,
            line,
            ..Comment::default()
        });
    }

    /// A comment behind the `|` or `>` of a text in a block, which is looked at before the text is read.
    // Parity: yaml_parser_scan_block_scalar.
    pub(super) fn header_comment(&mut self, token: Mark) {
        let mut ahead = 1;
        while matches!(self.cursor.peek(ahead), b'+' | b'-' | b'0'..=b'9') {
            ahead += 1;
        }
        while self.cursor.is_blank(ahead) {
            ahead += 1;
        }
        if self.cursor.peek(ahead) != b'#' {
            return;
        }
        let start = self.cursor.mark();
        let line = self.cursor.line_from(ahead).to_owned();
        if let Some(comments) = &mut self.comments {
            comments.list.push(Comment {
                token,
                start,
                line,
                ..Comment::default()
            });
        }
    }

    /// Turns a comment behind the dash of a sequence's first item into the head of what follows.
    // Parity: yaml_parser_scan_to_next_token.
    pub(super) fn lift_line_comment(&mut self) {
        let is_break = self.cursor.is_break(0);
        let mark = self.cursor.mark();
        let mut last = self.tokens.iter().rev();
        let (Some(last), Some(before)) = (last.next(), last.next()) else {
            return;
        };
        let opens = matches!(before.kind, TokenKind::BlockSequenceStart)
            && matches!(last.kind, TokenKind::BlockEntry);
        let comments = self.comments.as_mut();
        let Some(comment) = comments.and_then(|comments| comments.list.last_mut()) else {
            return;
        };
        if opens && !comment.line.is_empty() && !is_break {
            comment.head = std::mem::take(&mut comment.line);
            if comment.start.line + 1 == mark.line {
                comment.token = mark;
            }
        }
    }

    /// Reads the comments from here to the next token.
    // Parity: yaml_parser_scan_comments.
    pub(super) fn scan_comments(&mut self, scan: Mark) {
        let mut search = self.search(scan);
        while search.ahead < NEAR {
            let (ahead, index) = (search.ahead, self.cursor.index());
            search.column += 1;
            if self.cursor.is_blank(ahead) {
                search.ahead += 1;
                continue;
            }
            let byte = self.cursor.peek(ahead);
            let closes = self.flow_level > 0 && matches!(byte, b']' | b'}');
            if closes || self.cursor.is_break_or_end(ahead) {
                search.line_end(closes, byte == 0, index);
                if !self.cursor.is_break(ahead) {
                    break;
                }
                search.first_empty = false;
                search.recent_empty = true;
                search.column = 0;
                search.line += 1;
                search.ahead += 1;
                continue;
            }
            let moved = search.column <= search.indent && search.column != search.start.column;
            if !search.text.is_empty() && moved {
                search.foot(index);
            }
            if byte != b'#' {
                break;
            }
            if search.text.is_empty() {
                search.start = search.end(index);
            } else {
                search.text.push('\n');
            }
            search.recent_empty = false;
            self.pass_to(ahead);
            search.text.push_str(self.cursor.take_line());
            // The loop goes on behind the break that ends the comment.
            search.ahead = 1;
            search.column = 0;
            search.line = self.cursor.line();
        }
        let found = search.head(self.cursor.index());
        if let Some(comments) = &mut self.comments {
            comments.list.extend(found);
        }
    }

    fn search(&self, scan: Mark) -> Search {
        let mut last = self.tokens.iter().rev();
        let mut token = last.next();
        if token.is_some_and(|token| matches!(token.kind, TokenKind::FlowEntry)) {
            token = last.next().or(token);
        }
        let newlines = self.cursor.newlines();
        let mark = self.cursor.mark();
        let below = usize::from(newlines == 0 && mark.column > 1);
        let foot_line = (mark.line + 1 + below).saturating_sub(newlines);
        Search {
            scan,
            token: Mark {
                index: token.map_or(0, |token| token.start),
                ..Mark::default()
            },
            start: Mark::default(),
            text: String::new(),
            line: mark.line,
            column: mark.column,
            ahead: 0,
            indent: self.indent.unwrap_or(0),
            foot_line: (scan.line > 0).then_some(foot_line),
            behind_value: token.is_some_and(|token| matches!(token.kind, TokenKind::Value)),
            first_empty: newlines <= 1,
            recent_empty: false,
            found: Vec::new(),
        }
    }

    /// Passes blanks and breaks up to that many bytes ahead.
    fn pass_to(&mut self, ahead: usize) {
        let goal = self.cursor.at + ahead;
        while self.cursor.at < goal {
            if self.cursor.is_break(0) {
                self.cursor.take_break();
            } else {
                self.cursor.at += 1;
            }
        }
    }

    /// Where a block ended: before comments at its own indentation that follow it directly.
    // Parity: yaml_parser_unroll_indent.
    pub(super) fn block_end(&self, mut block: Mark, indent: usize) -> Mark {
        let mut stop = block.index;
        let list = self
            .comments
            .as_ref()
            .map(|comments| comments.list.as_slice());
        for comment in list.unwrap_or_default().iter().rev() {
            if comment.end.index < stop {
                break;
            }
            if comment.start.column == indent + 1 {
                block = comment.start;
            }
            stop = comment.scan.index;
        }
        block
    }
}
