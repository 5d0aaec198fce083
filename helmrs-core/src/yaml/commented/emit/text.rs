//! Texts and comments, and where the next character goes.

use super::{Emitter, Place};
use crate::yaml::commented::{Node, Style};
use crate::yaml::emit::scalar::{Shape, is_break};
use crate::yaml::emit::writer;
use crate::yaml::resolve::Dialect;

impl Emitter {
    pub(super) fn tag(&mut self, node: &Node) {
        let Some(tag) = &node.tag else { return };
        let text = match tag.strip_prefix("tag:yaml.org,2002:") {
            Some(name) => format!("!!{name}"),
            None if tag.starts_with('!') => tag.clone(),
            None => format!("!<{tag}>"),
        };
        self.indicator(&text, true, false, false);
    }

    pub(super) fn scalar(&mut self, node: &Node, text: &str, place: Place) {
        let style = self.style(node, text, place);
        self.tag(node);
        let outer = self.deeper(true, place, false);
        match style {
            Style::SingleQuoted => {
                self.indicator("'", true, false, false);
                self.lines(text, true);
                self.indicator("'", false, false, false);
            }
            Style::DoubleQuoted => {
                let text = writer::double_quoted(text);
                self.indicator(&text, true, false, false);
                self.column -= text.len() - text.chars().count();
            }
            Style::Literal => self.literal(text),
            Style::Folded => self.folded(text),
            Style::Plain | Style::Flow => {
                if !text.is_empty() && !self.whitespace {
                    self.put(' ');
                }
                self.lines(text, false);
                self.whitespace = self.whitespace && text.is_empty();
                self.indention = false;
            }
        }
        self.indent = outer;
    }

    // Parity: encode.go, encoder.node, and yaml_emitter_select_scalar_style.
    fn style(&self, node: &Node, text: &str, place: Place) -> Style {
        let shape = Shape::of(text, Dialect::V3);
        let is_key = place == Place::SimpleKey;
        let mut style = match node.style {
            Style::Plain | Style::Flow if text.contains('\n') => Style::Literal,
            style => style,
        };
        if is_key && shape.multiline {
            style = Style::DoubleQuoted;
        }
        if matches!(style, Style::Plain | Style::Flow) {
            let in_brackets = self.flow_level > 0;
            let allowed =
                shape.plain && !(in_brackets && text.contains([',', '?', '[', ']', '{', '}', ':']));
            let needs_text = text.is_empty() && (in_brackets || is_key);
            if !allowed || needs_text {
                style = Style::SingleQuoted;
            }
        }
        if style == Style::SingleQuoted && !shape.single_quoted {
            style = Style::DoubleQuoted;
        }
        let is_block = matches!(style, Style::Literal | Style::Folded);
        if is_block && (!shape.literal || self.flow_level > 0 || is_key) {
            style = Style::DoubleQuoted;
        }
        style
    }

    /// A plain text, or what is in single quotes.
    fn lines(&mut self, text: &str, quoted: bool) {
        let mut breaks = false;
        for character in text.chars() {
            if is_break(character) {
                if !breaks && character == '\n' {
                    self.line_break();
                }
                self.copy_break(character);
                breaks = true;
                continue;
            }
            if character != ' ' {
                if breaks {
                    self.start_line();
                }
                if quoted && character == '\'' {
                    self.put('\'');
                }
                self.indention = false;
                breaks = false;
            }
            self.put(character);
        }
    }

    fn literal(&mut self, text: &str) {
        self.block_header('|', text);
        let mut breaks = true;
        for character in text.chars() {
            if is_break(character) {
                self.copy_break(character);
                breaks = true;
                continue;
            }
            if breaks {
                self.start_line();
            }
            self.put(character);
            self.indention = false;
            breaks = false;
        }
    }

    // Parity: yaml_emitter_write_folded_scalar: whether a break doubles is looked up at the start of the text.
    fn folded(&mut self, text: &str) {
        self.block_header('>', text);
        let first_words = text.trim_start_matches(is_break);
        let opens_blank = first_words
            .chars()
            .next()
            .is_none_or(|first| matches!(first, ' ' | '\t'));
        let (mut breaks, mut leading_spaces) = (true, true);
        for character in text.chars() {
            if is_break(character) {
                if !breaks && !leading_spaces && character == '\n' && !opens_blank {
                    self.line_break();
                }
                self.copy_break(character);
                breaks = true;
                continue;
            }
            if breaks {
                self.start_line();
                leading_spaces = matches!(character, ' ' | '\t');
            }
            self.put(character);
            self.indention = false;
            breaks = false;
        }
    }

    /// The first line of a text in a block.
    fn block_header(&mut self, mark: char, text: &str) {
        let mut header = String::from(mark);
        header.push_str(&writer::block_hints(text));
        self.indicator(&header, true, false, false);
        if self.line.is_empty() {
            self.line_break();
        } else {
            self.line_comment();
        }
        self.whitespace = true;
    }

    pub(super) fn head_comment(&mut self) {
        if !self.tail.is_empty() {
            self.start_line();
            let tail = std::mem::take(&mut self.tail);
            self.comment(&tail);
            self.foot_indent = Some(self.indent.unwrap_or(0));
        }
        if !self.head.is_empty() {
            self.start_line();
            let head = std::mem::take(&mut self.head);
            self.comment(&head);
        }
    }

    pub(super) fn line_comment(&mut self) {
        if self.line.is_empty() {
            return;
        }
        if !self.whitespace {
            self.put(' ');
        }
        let line = std::mem::take(&mut self.line);
        self.comment(&line);
    }

    pub(super) fn foot_comment(&mut self) {
        if self.foot.is_empty() {
            return;
        }
        self.start_line();
        let foot = std::mem::take(&mut self.foot);
        self.comment(&foot);
        self.foot_indent = Some(self.indent.unwrap_or(0));
    }

    fn comment(&mut self, text: &str) {
        let (mut breaks, mut pound) = (false, false);
        for character in text.chars() {
            if is_break(character) {
                self.copy_break(character);
                breaks = true;
                pound = false;
                continue;
            }
            if breaks {
                self.start_line();
            }
            if !pound {
                if character != '#' {
                    self.put('#');
                    self.put(' ');
                }
                pound = true;
            }
            self.put(character);
            self.indention = false;
            breaks = false;
        }
        if !breaks {
            self.line_break();
        }
        self.whitespace = true;
    }

    /// Moves to the current indentation, on a new line if need be.
    pub(super) fn start_line(&mut self) {
        let indent = self.indent.unwrap_or(0);
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.line_break();
        }
        if self.foot_indent == Some(indent) {
            self.line_break();
        }
        while self.column < indent {
            self.put(' ');
        }
        self.whitespace = true;
        self.foot_indent = None;
    }

    pub(super) fn indicator(
        &mut self,
        mark: &str,
        spaced: bool,
        is_blank: bool,
        is_indention: bool,
    ) {
        if spaced && !self.whitespace {
            self.put(' ');
        }
        self.out.push_str(mark);
        self.column += mark.len();
        self.whitespace = is_blank;
        self.indention = self.indention && is_indention;
    }

    fn put(&mut self, character: char) {
        self.out.push(character);
        self.column += 1;
    }

    pub(super) fn line_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
        self.indention = true;
    }

    fn copy_break(&mut self, character: char) {
        if character == '\n' {
            return self.line_break();
        }
        self.out.push(character);
        self.column = 0;
        self.indention = true;
    }
}
