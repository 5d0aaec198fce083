//! Quoted and plain texts, which may go over several lines.

use std::borrow::Cow;

use super::cursor::{Bytes, Cursor, ascii_without};
use super::{Scanned, error_at};

/// What stands in a line of single quotes without a meaning of its own.
const SINGLE_QUOTED: Bytes = ascii_without(b"'\r\n");
/// What stands in a line of double quotes without a meaning of its own.
const DOUBLE_QUOTED: Bytes = ascii_without(b"\"\\\r\n");
/// What stands in a line of plain text and cannot end it.
const PLAIN: Bytes = ascii_without(b":#\r\n");
/// The same within brackets.
const PLAIN_IN_FLOW: Bytes = ascii_without(b":#\r\n,?[]{}");

/// A text put together from pieces of the source; borrowed as long as it stands there as a whole.
struct Pieces<'t> {
    start: usize,
    end: usize,
    owned: Option<String>,
    /// Whether what comes is not wanted any more.
    is_over: bool,
    /// The line breaks since the last piece.
    breaks: Breaks<'t>,
}

/// Line breaks between two words.
#[derive(Default)]
struct Breaks<'t> {
    first: Option<&'t str>,
    more: String,
}

impl<'t> Breaks<'t> {
    fn add(&mut self, line_break: &'t str) {
        if self.first.is_some() {
            self.more.push_str(line_break);
        } else {
            self.first = Some(line_break);
        }
    }
}

impl<'t> Pieces<'t> {
    fn new() -> Self {
        Self {
            start: 0,
            end: 0,
            owned: None,
            is_over: false,
            breaks: Breaks::default(),
        }
    }

    /// Adds what stands between two places of the source.
    fn push(&mut self, cursor: &Cursor<'t>, start: usize, end: usize) {
        match &mut self.owned {
            _ if self.is_over => {}
            Some(text) => text.push_str(cursor.between(start, end)),
            None if self.start == self.end => (self.start, self.end) = (start, end),
            None if self.end == start => self.end = end,
            None => self.owned(cursor).push_str(cursor.between(start, end)),
        }
    }

    fn push_character(&mut self, cursor: &Cursor<'t>, character: char) {
        if !self.is_over {
            self.owned(cursor).push(character);
        }
    }

    fn owned(&mut self, cursor: &Cursor<'t>) -> &mut String {
        let borrowed = cursor.between(self.start, self.end);
        self.owned.get_or_insert_with(|| borrowed.to_owned())
    }

    /// Adds what the line breaks stand for: one folds to a blank.
    fn fold(&mut self, cursor: &Cursor<'t>) {
        let Some(first) = self.breaks.first.take() else {
            return;
        };
        let more = std::mem::take(&mut self.breaks.more);
        if !cursor.keeps_lines {
            self.is_over = true;
            return;
        }
        let text = self.owned(cursor);
        text.push_str(match first {
            "\n" if more.is_empty() => " ",
            "\n" => "",
            other => other,
        });
        text.push_str(&more);
    }

    fn finish(self, cursor: &Cursor<'t>) -> Cow<'t, str> {
        match self.owned {
            Some(text) => Cow::Owned(text),
            None => Cow::Borrowed(cursor.between(self.start, self.end)),
        }
    }
}

/// Where a line ends without the blanks at its end.
fn trimmed(cursor: &Cursor<'_>, start: usize) -> usize {
    let line = cursor.between(start, cursor.at);
    start + line.trim_end_matches([' ', '\t']).len()
}

/// Reads a quoted scalar.
// Parity: go-yaml v2, scannerc.go, yaml_parser_scan_flow_scalar.
pub(super) fn quoted<'t>(cursor: &mut Cursor<'t>, quote: u8) -> Scanned<Cow<'t, str>> {
    cursor.skip(1);
    let mut text = Pieces::new();
    loop {
        if cursor.is_document_indicator() {
            return Err(error_at(
                cursor.line(),
                "found unexpected document indicator",
            ));
        }
        if cursor.is_at_end() {
            return Err(error_at(cursor.line(), "found unexpected end of stream"));
        }
        text.fold(cursor);
        match quote {
            b'\'' => single_quoted_line(cursor, &mut text),
            _ => double_quoted_line(cursor, &mut text)?,
        }
        if cursor.peek(0) == quote {
            text.fold(cursor);
            cursor.skip(1);
            return Ok(text.finish(cursor));
        }
        take_breaks(cursor, &mut text.breaks);
    }
}

/// Passes breaks and the blanks between them.
fn take_breaks<'t>(cursor: &mut Cursor<'t>, breaks: &mut Breaks<'t>) {
    loop {
        cursor.skip_blanks();
        if !cursor.is_break(0) {
            return;
        }
        breaks.add(cursor.take_break());
    }
}

/// Reads up to a break or the closing quote.
fn single_quoted_line<'t>(cursor: &mut Cursor<'t>, text: &mut Pieces<'t>) {
    let mut start = cursor.at;
    loop {
        cursor.take_run(&SINGLE_QUOTED);
        match (cursor.peek(0), cursor.peek(1)) {
            (b'\'', b'\'') => {
                text.push(cursor, start, cursor.at + 1);
                cursor.skip(2);
                start = cursor.at;
            }
            (b'\'', _) => return text.push(cursor, start, cursor.at),
            _ if cursor.is_break_or_end(0) => {
                return text.push(cursor, start, trimmed(cursor, start));
            }
            _ => {
                cursor.take_character();
            }
        }
    }
}

/// Reads up to a break or the closing quote.
fn double_quoted_line<'t>(cursor: &mut Cursor<'t>, text: &mut Pieces<'t>) -> Scanned {
    let mut start = cursor.at;
    loop {
        cursor.take_run(&DOUBLE_QUOTED);
        match cursor.peek(0) {
            b'"' => {
                text.push(cursor, start, cursor.at);
                return Ok(());
            }
            b'\\' if cursor.is_break(1) => {
                text.push(cursor, start, cursor.at);
                cursor.skip(1);
                cursor.take_break();
                // After an escaped line break, a further one counts and blanks do not.
                text.breaks.first = Some("");
                return Ok(());
            }
            b'\\' => {
                text.push(cursor, start, cursor.at);
                let character = escape(cursor)?;
                text.push_character(cursor, character);
                start = cursor.at;
            }
            _ if cursor.is_break_or_end(0) => {
                text.push(cursor, start, trimmed(cursor, start));
                return Ok(());
            }
            _ => {
                cursor.take_character();
            }
        }
    }
}

/// Reads `\n` and its like.
fn escape(cursor: &mut Cursor<'_>) -> Scanned<char> {
    let character = match cursor.peek(1) {
        b'0' => '\0',
        b'a' => '\u{7}',
        b'b' => '\u{8}',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\u{b}',
        b'f' => '\u{c}',
        b'r' => '\r',
        b'e' => '\u{1b}',
        b' ' => ' ',
        b'"' => '"',
        b'\'' => '\'',
        b'\\' => '\\',
        b'N' => '\u{85}',
        b'_' => '\u{a0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        b'x' => return numeric_escape(cursor, 2),
        b'u' => return numeric_escape(cursor, 4),
        b'U' => return numeric_escape(cursor, 8),
        _ => return Err(error_at(cursor.line(), "found unknown escape character")),
    };
    cursor.skip(2);
    Ok(character)
}

fn numeric_escape(cursor: &mut Cursor<'_>, length: usize) -> Scanned<char> {
    cursor.skip(2);
    let mut code: u32 = 0;
    for ahead in 0..length {
        let Some(digit) = char::from(cursor.peek(ahead)).to_digit(16) else {
            return Err(error_at(
                cursor.line(),
                "did not find expected hexdecimal number",
            ));
        };
        code = code << 4 | digit;
    }
    let Some(character) = char::from_u32(code) else {
        return Err(error_at(
            cursor.line(),
            "found invalid Unicode character escape code",
        ));
    };
    cursor.skip(length);
    Ok(character)
}

/// Where a plain text stands.
#[derive(Clone, Copy)]
pub(super) struct Context {
    pub(super) in_flow: bool,
    pub(super) indent: Option<usize>,
}

/// A plain text.
pub(super) struct Plain<'t> {
    pub(super) text: Cow<'t, str>,
    pub(super) end_line: usize,
    /// Whether the next token is on a later line.
    pub(super) ends_with_break: bool,
}

/// Reads a plain scalar.
// Parity: go-yaml v2, scannerc.go, yaml_parser_scan_plain_scalar.
pub(super) fn plain<'t>(cursor: &mut Cursor<'t>, context: Context) -> Scanned<Plain<'t>> {
    let least_column = context.indent.map_or(0, |indent| indent + 1);
    let mut end_line = cursor.line();
    let mut text = Pieces::new();
    while !cursor.is_document_indicator() && cursor.peek(0) != b'#' {
        let start = cursor.at;
        take_plain_line(cursor, context);
        if cursor.at > start {
            text.fold(cursor);
            text.push(cursor, start, trimmed(cursor, start));
            end_line = cursor.line();
        }
        if !cursor.is_break(0) {
            break;
        }
        take_plain_breaks(cursor, &mut text.breaks, least_column)?;
        if !context.in_flow && cursor.column() < least_column {
            break;
        }
    }
    Ok(Plain {
        end_line,
        ends_with_break: text.breaks.first.is_some(),
        text: text.finish(cursor),
    })
}

/// Passes what belongs to a plain text on this line, and blanks behind it.
fn take_plain_line(cursor: &mut Cursor<'_>, context: Context) {
    let run = if context.in_flow {
        &PLAIN_IN_FLOW
    } else {
        &PLAIN
    };
    let start = cursor.at;
    loop {
        cursor.take_run(run);
        let ends = match cursor.peek(0) {
            b':' => cursor.is_gap(1),
            b'#' => cursor.between(start, cursor.at).ends_with([' ', '\t']),
            byte if byte.is_ascii() => true,
            _ => cursor.is_break(0),
        };
        if ends {
            return;
        }
        cursor.take_character();
    }
}

/// Passes breaks and blanks; a tab must not stand in the indentation of a further line.
fn take_plain_breaks<'t>(
    cursor: &mut Cursor<'t>,
    breaks: &mut Breaks<'t>,
    least_column: usize,
) -> Scanned {
    loop {
        if cursor.is_break(0) {
            breaks.add(cursor.take_break());
        } else if !cursor.is_blank(0) {
            return Ok(());
        } else if cursor.column() < least_column && cursor.peek(0) == b'\t' {
            return Err(error_at(
                cursor.line(),
                "found a tab character that violates indentation",
            ));
        } else if cursor.peek(0) == b' ' {
            cursor.skip_spaces_before(usize::MAX);
        } else {
            cursor.skip(1);
        }
    }
}
