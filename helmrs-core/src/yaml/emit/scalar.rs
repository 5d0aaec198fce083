//! In which style a text is written.

use crate::yaml::resolve::{Dialect, Meaning, old_bool, plain};

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
}

/// Which styles a text's characters allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "one answer for each style")]
pub(in crate::yaml) struct Shape {
    pub(in crate::yaml) plain: bool,
    pub(in crate::yaml) single_quoted: bool,
    pub(in crate::yaml) literal: bool,
    pub(in crate::yaml) multiline: bool,
}

/// Whether a character ends a line in YAML 1.1.
pub(in crate::yaml) fn is_break(character: char) -> bool {
    matches!(character, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether a text has more than one line.
pub(in crate::yaml) fn is_multiline(text: &str) -> bool {
    text.contains(is_break)
}

/// Whether go-yaml writes a character as it is.
// Parity: go-yaml, yamlprivateh.go, is_printable: characters beyond U+FFFF are not.
pub(super) fn is_printable(character: char) -> bool {
    matches!(character, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
        && character != '\u{feff}'
}

impl Shape {
    // Parity: go-yaml, emitterc.go, yaml_emitter_analyze_scalar.
    pub(in crate::yaml) fn of(text: &str, dialect: Dialect) -> Self {
        if text.is_empty() {
            return Self {
                plain: true,
                single_quoted: true,
                literal: false,
                multiline: false,
            };
        }
        if text.bytes().all(is_simple) {
            return Self::of_simple(text);
        }
        Self::by_marks(text, dialect)
    }

    fn by_marks(text: &str, dialect: Dialect) -> Self {
        let mut marks = Marks {
            indicator: text.starts_with("---") || text.starts_with("..."),
            ..Marks::default()
        };
        let mut before = None;
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            let after = characters.peek().copied();
            marks.see(before, character, after, dialect);
            before = Some(character);
        }
        marks.shape()
    }

    /// The shape of a text of simple characters, which matter at its edges and at its line breaks only.
    fn of_simple(text: &str) -> Self {
        let bytes = text.as_bytes();
        let multiline = bytes.contains(&b'\n');
        let broken = multiline && text.contains(" \n");
        let blank_at_edge = text.starts_with(' ') || text.ends_with(' ');
        let indicator = text.starts_with("---")
            || text.starts_with("...")
            || match bytes {
                [b'?' | b'-', rest @ ..] => matches!(rest.first(), None | Some(b' ')),
                [first, ..] => b",[]{}&*!|>'\"%@`".contains(first),
                [] => false,
            };
        Self {
            plain: !multiline && !blank_at_edge && !indicator,
            single_quoted: !(broken || multiline && text.contains("\n ")),
            literal: !broken && !text.ends_with(' '),
            multiline,
        }
    }

    /// The style for a text of this shape.
    pub(super) fn style(self, text: &str, dialect: Dialect, is_simple_key: bool) -> Style {
        let wanted = if text.contains('\n') {
            Style::Literal
        } else if reads_as_text(text, dialect) {
            Style::Plain
        } else {
            Style::DoubleQuoted
        };
        if is_simple_key && self.multiline {
            return Style::DoubleQuoted;
        }
        match wanted {
            Style::Plain if self.plain => Style::Plain,
            Style::Plain | Style::SingleQuoted if self.single_quoted => Style::SingleQuoted,
            Style::Literal if self.literal && !is_simple_key => Style::Literal,
            _ => Style::DoubleQuoted,
        }
    }
}

/// Whether a byte is printed as it is and has no meaning within a text; a line break is the only one with some.
fn is_simple(byte: u8) -> bool {
    matches!(byte, b'\n' | b' '..=b'~') && !matches!(byte, b':' | b'#')
}

/// Whether a text without quotes is read back as a text by every YAML reader.
fn reads_as_text(text: &str, dialect: Dialect) -> bool {
    plain(text, dialect) == Meaning::Text
        && !is_base_60(text)
        && (dialect == Dialect::V2 || old_bool(text).is_none())
}

/// Whether YAML 1.1 takes a text for a number in base 60: `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`.
// Parity: go-yaml, encode.go, isBase60Float.
fn is_base_60(text: &str) -> bool {
    let rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or_default();
    let mut parts = parts.peekable();
    first.starts_with(|c: char| c.is_ascii_digit())
        && first.bytes().all(|b| b.is_ascii_digit() || b == b'_')
        && fraction.bytes().all(|b| b.is_ascii_digit() || b == b'_')
        && parts.peek().is_some()
        && parts.all(|part| match part.as_bytes() {
            [b'0'..=b'9'] => true,
            [tens, ones] => (b'0'..=b'5').contains(tens) && ones.is_ascii_digit(),
            _ => false,
        })
}

/// What was seen in a text.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one mark for each thing that rules out a style"
)]
struct Marks {
    indicator: bool,
    line_break: bool,
    special: bool,
    tab: bool,
    blank_at_edge: bool,
    break_at_edge: bool,
    space_at_end: bool,
    space_after_break: bool,
    break_after_space: bool,
}

impl Marks {
    fn see(&mut self, before: Option<char>, here: char, after: Option<char>, dialect: Dialect) {
        let blank_after = matches!(after, None | Some(' ' | '\t'));
        self.indicator |= match (before, here) {
            (
                None,
                '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%'
                | '@' | '`',
            ) => true,
            (None, '?' | '-') | (_, ':') => blank_after,
            (Some(before), '#') => matches!(before, ' ' | '\t' | '\0') || is_break(before),
            _ => false,
        };
        if dialect == Dialect::V3 && here == '\t' {
            self.tab = true;
        } else if !is_printable(here) {
            self.special = true;
        }
        let at_edge = before.is_none() || after.is_none();
        if here == ' ' {
            self.blank_at_edge |= at_edge;
            self.space_at_end |= after.is_none();
            self.space_after_break |= before.is_some_and(is_break);
        } else if is_break(here) {
            self.line_break = true;
            self.break_at_edge |= at_edge;
            self.break_after_space |= before == Some(' ');
        }
    }

    fn shape(&self) -> Shape {
        let broken = self.break_after_space || self.special;
        let quotable = !self.space_after_break && !broken && !self.tab;
        Shape {
            plain: quotable
                && !self.blank_at_edge
                && !self.break_at_edge
                && !self.line_break
                && !self.indicator,
            single_quoted: quotable,
            literal: !broken && !self.space_at_end,
            multiline: self.line_break,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Shape, Style, is_base_60};
    use crate::yaml::resolve::Dialect;

    fn style(text: &str) -> Style {
        Shape::of(text, Dialect::V2).style(text, Dialect::V2, false)
    }

    #[test]
    fn the_style_is_the_plainest_that_reads_back() {
        assert_eq!(style("plain text"), Style::Plain);
        assert_eq!(style("- x"), Style::SingleQuoted);
        assert_eq!(style("a: b"), Style::SingleQuoted);
        assert_eq!(style("a:b"), Style::Plain);
        assert_eq!(style("a #b"), Style::SingleQuoted);
        assert_eq!(style("yes"), Style::DoubleQuoted);
        assert_eq!(style(""), Style::DoubleQuoted);
        assert_eq!(style("a\tb"), Style::DoubleQuoted);
        assert_eq!(style("a\nb"), Style::Literal);
        assert_eq!(style("a \nb"), Style::DoubleQuoted);
        assert_eq!(style("\u{1f600}"), Style::DoubleQuoted);
    }

    #[test]
    fn the_shortcut_for_simple_texts_tells_the_same() {
        let parts = ["", " ", "\n", "-", "...", "---", "?", "a", "'", "a b", "%"];
        for text in parts.iter().flat_map(|a| {
            parts
                .iter()
                .flat_map(move |b| parts.map(|c| format!("{a}{b}{c}")))
        }) {
            for dialect in [Dialect::V2, Dialect::V3]
                .into_iter()
                .filter(|_| !text.is_empty())
            {
                let (all, short) = (Shape::by_marks(&text, dialect), Shape::of(&text, dialect));
                assert_eq!(all, short, "{text:?}");
            }
        }
    }

    #[test]
    fn numbers_in_base_60_are_quoted() {
        for text in ["1:20", "-1:20:59.5_", "12:5"] {
            assert!(is_base_60(text), "{text}");
        }
        for text in ["1:60", "1:", ":1", "1:2:3a", "12", "1:200"] {
            assert!(!is_base_60(text), "{text}");
        }
    }
}
