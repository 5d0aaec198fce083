//! Quoted and plain texts, which may go over several lines.

use super::cursor::{Cursor, Mark};
use super::{Scanned, error_at};

/// Blanks and line breaks between two words.
#[derive(Default)]
struct Gap<'t> {
    blanks: String,
    /// The first line break; blanks before it are lost.
    first_break: Option<&'t str>,
    more_breaks: String,
}

impl<'t> Gap<'t> {
    /// Passes blanks and breaks.
    fn take(&mut self, cursor: &mut Cursor<'t>) {
        loop {
            if cursor.is_blank(0) {
                let blank = cursor.take_ascii(|byte| matches!(byte, b' ' | b'\t'));
                if self.first_break.is_none() {
                    self.blanks.push_str(blank);
                }
            } else if cursor.is_break(0) {
                self.add_break(cursor.take_break());
            } else {
                return;
            }
        }
    }

    fn add_break(&mut self, line_break: &'t str) {
        if self.first_break.is_some() {
            self.more_breaks.push_str(line_break);
        } else {
            self.blanks.clear();
            self.first_break = Some(line_break);
        }
    }

    /// Writes what the gap stands for and empties it: one break folds to a blank.
    fn fold(&mut self, out: &mut String) {
        match self.first_break.take() {
            None => out.push_str(&self.blanks),
            Some("\n") if self.more_breaks.is_empty() => out.push(' '),
            Some("\n") => out.push_str(&self.more_breaks),
            Some(first) => {
                out.push_str(first);
                out.push_str(&self.more_breaks);
            }
        }
        self.blanks.clear();
        self.more_breaks.clear();
    }
}

/// Reads a quoted scalar.
// Parity: go-yaml v2, scannerc.go, yaml_parser_scan_flow_scalar.
pub(super) fn quoted(cursor: &mut Cursor<'_>, quote: u8) -> Scanned<String> {
    cursor.skip(1);
    let mut text = String::new();
    let mut gap = Gap::default();
    loop {
        if cursor.is_document_indicator() {
            return Err(error_at(cursor.mark, "found unexpected document indicator"));
        }
        if cursor.is_at_end() {
            return Err(error_at(cursor.mark, "found unexpected end of stream"));
        }
        let joined = match quote {
            b'\'' => single_quoted_word(cursor, &mut text),
            _ => double_quoted_word(cursor, &mut text)?,
        };
        if cursor.peek(0) == quote {
            cursor.skip(1);
            return Ok(text);
        }
        if joined {
            // After an escaped line break, a further one counts and blanks do not.
            gap.first_break = Some("");
        }
        gap.take(cursor);
        gap.fold(&mut text);
    }
}

/// Reads up to a blank, a break or the closing quote.
fn single_quoted_word(cursor: &mut Cursor<'_>, text: &mut String) -> bool {
    loop {
        text.push_str(
            cursor.take_ascii(|byte| !matches!(byte, b'\'' | b' ' | b'\t' | b'\r' | b'\n')),
        );
        if cursor.is_gap(0) {
            return false;
        }
        match (cursor.peek(0), cursor.peek(1)) {
            (b'\'', b'\'') => {
                text.push('\'');
                cursor.skip(2);
            }
            (b'\'', _) => return false,
            _ => push_character(cursor, text),
        }
    }
}

/// Reads up to a blank, a break or the closing quote; gives whether an escaped break was passed.
fn double_quoted_word(cursor: &mut Cursor<'_>, text: &mut String) -> Scanned<bool> {
    loop {
        text.push_str(
            cursor.take_ascii(|byte| !matches!(byte, b'"' | b'\\' | b' ' | b'\t' | b'\r' | b'\n')),
        );
        if cursor.is_gap(0) {
            return Ok(false);
        }
        match cursor.peek(0) {
            b'"' => return Ok(false),
            b'\\' if cursor.is_break(1) => {
                cursor.skip(1);
                cursor.take_break();
                return Ok(true);
            }
            b'\\' => text.push(escape(cursor)?),
            _ => push_character(cursor, text),
        }
    }
}

fn push_character(cursor: &mut Cursor<'_>, text: &mut String) {
    text.extend(cursor.take_character());
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
        _ => return Err(error_at(cursor.mark, "found unknown escape character")),
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
                cursor.mark,
                "did not find expected hexdecimal number",
            ));
        };
        code = code << 4 | digit;
    }
    let Some(character) = char::from_u32(code) else {
        return Err(error_at(
            cursor.mark,
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
pub(super) struct Plain {
    pub(super) text: String,
    pub(super) end: Mark,
    /// Whether the next token is on a later line.
    pub(super) ends_with_break: bool,
}

/// Reads a plain scalar.
// Parity: go-yaml v2, scannerc.go, yaml_parser_scan_plain_scalar.
pub(super) fn plain(cursor: &mut Cursor<'_>, context: Context) -> Scanned<Plain> {
    let least_column = context.indent.map_or(0, |indent| indent + 1);
    let mut plain = Plain {
        text: String::new(),
        end: cursor.mark,
        ends_with_break: false,
    };
    let mut gap = Gap::default();
    while !cursor.is_document_indicator() && cursor.peek(0) != b'#' {
        if !ends_plain(cursor, context) && !cursor.is_gap(0) {
            gap.fold(&mut plain.text);
            plain_word(cursor, context, &mut plain.text);
            plain.end = cursor.mark;
        }
        if !cursor.is_blank(0) && !cursor.is_break(0) {
            break;
        }
        take_plain_gap(cursor, &mut gap, least_column)?;
        if !context.in_flow && cursor.mark.column < least_column {
            break;
        }
    }
    plain.ends_with_break = gap.first_break.is_some();
    Ok(plain)
}

/// Reads up to a blank, a break or what ends a plain text.
fn plain_word(cursor: &mut Cursor<'_>, context: Context, text: &mut String) {
    loop {
        text.push_str(cursor.take_ascii(|byte| {
            let ends = matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b':');
            !(ends || context.in_flow && is_flow_indicator(byte))
        }));
        if cursor.is_gap(0) || ends_plain(cursor, context) {
            return;
        }
        push_character(cursor, text);
    }
}

fn ends_plain(cursor: &Cursor<'_>, context: Context) -> bool {
    let byte = cursor.peek(0);
    byte == b':' && cursor.is_gap(1) || context.in_flow && is_flow_indicator(byte)
}

fn is_flow_indicator(byte: u8) -> bool {
    matches!(byte, b',' | b'?' | b'[' | b']' | b'{' | b'}')
}

/// Passes blanks and breaks; a tab must not stand in the indentation of a further line.
fn take_plain_gap<'t>(cursor: &mut Cursor<'t>, gap: &mut Gap<'t>, least_column: usize) -> Scanned {
    while cursor.is_blank(0) || cursor.is_break(0) {
        if cursor.is_break(0) {
            gap.add_break(cursor.take_break());
            continue;
        }
        if gap.first_break.is_some() && cursor.mark.column < least_column && cursor.peek(0) == b'\t'
        {
            return Err(error_at(
                cursor.mark,
                "found a tab character that violates indentation",
            ));
        }
        if gap.first_break.is_none() {
            gap.blanks.push(char::from(cursor.peek(0)));
        }
        cursor.skip(1);
    }
    Ok(())
}
