//! `|` and `>`: texts that keep or fold their lines.

use std::borrow::Cow;

use super::cursor::Cursor;
use super::{Scanned, error_at};

/// What becomes of the line breaks at a text's end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

/// Reads a block scalar in a block of the indentation given.
// Parity: go-yaml v2, scannerc.go, yaml_parser_scan_block_scalar.
pub(super) fn block_scalar(
    cursor: &mut Cursor<'_>,
    parent: Option<usize>,
    is_literal: bool,
) -> Scanned<Cow<'static, str>> {
    cursor.skip(1);
    let (chomping, increment) = header(cursor)?;
    let mut lines = Lines {
        indent: increment.map(|increment| parent.unwrap_or(0) + increment),
        least_indent: parent.map_or(1, |parent| parent + 1),
        breaks: String::new(),
    };
    lines.take_breaks(cursor)?;
    let mut text = String::new();
    let mut line_break = "";
    let mut blank_before = false;
    while lines.indent == Some(cursor.column()) && !cursor.is_at_end() {
        let blank_here = cursor.is_blank(0);
        if !is_literal && !blank_before && !blank_here && line_break == "\n" {
            if lines.breaks.is_empty() {
                text.push(' ');
            }
        } else {
            text.push_str(line_break);
        }
        text.push_str(&lines.breaks);
        lines.breaks.clear();
        blank_before = blank_here;
        text.push_str(cursor.take_line());
        if !cursor.keeps_lines {
            text.clear();
        }
        line_break = cursor.take_break();
        lines.take_breaks(cursor)?;
    }
    if chomping != Chomping::Strip {
        text.push_str(line_break);
    }
    if chomping == Chomping::Keep {
        text.push_str(&lines.breaks);
    }
    Ok(Cow::Owned(text))
}

/// The signs after `|` or `>` and the rest of their line.
fn header(cursor: &mut Cursor<'_>) -> Scanned<(Chomping, Option<usize>)> {
    let mut sign = chomping(cursor);
    let increment = match cursor.peek(0) {
        b'0' => {
            return Err(error_at(
                cursor.line(),
                "found an indentation indicator equal to 0",
            ));
        }
        digit @ b'1'..=b'9' => {
            cursor.skip(1);
            Some(usize::from(digit - b'0'))
        }
        _ => None,
    };
    if sign.is_none() && increment.is_some() {
        sign = chomping(cursor);
    }
    cursor.skip_blanks();
    cursor.skip_comment();
    if !cursor.is_break_or_end(0) {
        return Err(error_at(
            cursor.line(),
            "did not find expected comment or line break",
        ));
    }
    cursor.take_break();
    Ok((sign.unwrap_or(Chomping::Clip), increment))
}

fn chomping(cursor: &mut Cursor<'_>) -> Option<Chomping> {
    let chomping = match cursor.peek(0) {
        b'+' => Chomping::Keep,
        b'-' => Chomping::Strip,
        _ => return None,
    };
    cursor.skip(1);
    Some(chomping)
}

/// The indentation of a block scalar's lines and the empty lines just read.
struct Lines {
    /// Unknown until the first line that is not empty.
    indent: Option<usize>,
    least_indent: usize,
    breaks: String,
}

impl Lines {
    /// Passes indentation and empty lines; the first time, finds out how deep the text lies.
    fn take_breaks(&mut self, cursor: &mut Cursor<'_>) -> Scanned {
        let mut deepest = 0;
        loop {
            cursor.skip_spaces_before(self.indent.unwrap_or(usize::MAX));
            deepest = deepest.max(cursor.column());
            if self.is_indentation(cursor) && cursor.peek(0) == b'\t' {
                let problem = "found a tab character where an indentation space is expected";
                return Err(error_at(cursor.line(), problem));
            }
            if !cursor.is_break(0) {
                break;
            }
            self.breaks.push_str(cursor.take_break());
        }
        self.indent.get_or_insert(deepest.max(self.least_indent));
        Ok(())
    }

    fn is_indentation(&self, cursor: &Cursor<'_>) -> bool {
        self.indent.is_none_or(|indent| cursor.column() < indent)
    }
}
