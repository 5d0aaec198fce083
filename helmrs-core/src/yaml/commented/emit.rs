//! Documents into a text, with their comments and styles.
// Parity: go-yaml v3, encode.go, encoder.node, and emitterc.go, with kyaml's settings: two columns a level, sequences flush
// with their keys, lines of any length.

use helmrs_gotemplate::stack::deepen;

use super::{Document, Kind, Node, Style};
use crate::yaml::emit::scalar::{self, Shape, is_break};
use crate::yaml::emit::writer;
use crate::yaml::resolve::Dialect;

/// How much deeper each level lies.
const STEP: usize = 2;

/// The longest text that can be a key without a `?`.
const LONGEST_KEY: usize = 128;

/// Writes documents one after another.
pub(crate) fn write(documents: &[Document]) -> String {
    let mut emitter = Emitter::new();
    for (number, document) in documents.iter().enumerate() {
        emitter.document(document, number == 0);
    }
    emitter.out
}

/// Where a node stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    /// An item of a sequence in a block.
    Item,
    /// An item of a sequence in brackets.
    FlowItem,
    /// A key that stands on its own line.
    SimpleKey,
    /// A key or a value of a mapping.
    Entry,
}

/// Comments to be written, and where the writing stands.
struct Emitter {
    out: String,
    column: usize,
    whitespace: bool,
    indention: bool,
    /// The indentation; `None` before the first node.
    indent: Option<usize>,
    /// The indentation at which a comment ended that an empty line must follow.
    foot_indent: Option<usize>,
    flow_level: usize,
    in_mapping: bool,
    head: String,
    line: String,
    foot: String,
    tail: String,
    key_line: String,
}

impl Emitter {
    fn new() -> Self {
        Self {
            out: String::new(),
            column: 0,
            whitespace: true,
            indention: true,
            indent: None,
            foot_indent: None,
            flow_level: 0,
            in_mapping: false,
            head: String::new(),
            line: String::new(),
            foot: String::new(),
            tail: String::new(),
            key_line: String::new(),
        }
    }

    fn document(&mut self, document: &Document, is_first: bool) {
        replace(&mut self.head, &document.head);
        if !is_first {
            self.start_line();
            self.indicator("---", true, false, false);
            self.start_line();
        }
        if !self.head.is_empty() {
            self.head_comment();
            self.line_break();
        }
        let root = &document.root;
        self.begin(root, "");
        self.head_comment();
        self.start(root, Place::Root);
        self.line_comment();
        self.foot_comment();
        self.inside(root, Place::Root);
        replace(&mut self.foot, &document.foot);
        self.foot_indent = Some(0);
        self.foot_comment();
        self.foot_indent = None;
        self.start_line();
    }

    /// Takes over the comments that are told when a node begins.
    fn begin(&mut self, node: &Node, tail: &str) {
        replace(&mut self.head, &node.head);
        match node.kind {
            Kind::Scalar(_) => {
                replace(&mut self.line, &node.line);
                replace(&mut self.foot, &node.foot);
                replace(&mut self.tail, tail);
            }
            Kind::Sequence(_) => {}
            Kind::Mapping(_) => replace(&mut self.tail, tail),
        }
    }

    /// Writes what of a node stands on its first line.
    fn start(&mut self, node: &Node, place: Place) {
        self.in_mapping = matches!(place, Place::Entry | Place::SimpleKey);
        if let Kind::Scalar(text) = &node.kind {
            self.scalar(node, text, place);
        } else {
            self.tag(node);
        }
    }

    /// Writes what is in a collection.
    fn inside(&mut self, node: &Node, place: Place) {
        let in_brackets = self.flow_level > 0 || node.style == Style::Flow;
        deepen(|| match &node.kind {
            Kind::Scalar(_) => {}
            Kind::Sequence(items) if in_brackets || items.is_empty() => {
                self.flow_sequence(node, items, place);
            }
            Kind::Sequence(items) => self.block_sequence(node, items, place),
            Kind::Mapping(entries) if in_brackets || entries.is_empty() => {
                self.flow_mapping(node, entries, place);
            }
            Kind::Mapping(entries) => self.block_mapping(node, entries, place),
        });
    }

    /// Takes over the comments that are told when a collection ends.
    fn end(&mut self, node: &Node) {
        replace(&mut self.line, &node.line);
        replace(&mut self.foot, &node.foot);
    }

    fn block_sequence(&mut self, node: &Node, items: &[Node], place: Place) {
        let flush = self.in_mapping && (self.column == 0 || !self.indention);
        let outer = self.deeper(false, place, flush);
        for item in items {
            self.begin(item, "");
            self.head_comment();
            self.start_line();
            self.indicator("-", true, false, true);
            self.start(item, Place::Item);
            self.line_comment();
            self.foot_comment();
            self.inside(item, Place::Item);
        }
        self.end(node);
        self.indent = outer;
    }

    fn block_mapping(&mut self, node: &Node, entries: &[(Node, Node)], place: Place) {
        let outer = self.deeper(false, place, false);
        let mut tail = "";
        for (key, value) in entries {
            self.begin(&without_foot(key), tail);
            tail = &key.foot;
            self.head_comment();
            self.start_line();
            if !self.line.is_empty() {
                self.key_line = std::mem::take(&mut self.line);
            }
            let simple = is_simple_key(key);
            if simple {
                self.start(key, Place::SimpleKey);
                self.inside(key, Place::SimpleKey);
            } else {
                self.indicator("?", true, false, true);
                self.start(key, Place::Entry);
                self.inside(key, Place::Entry);
            }
            self.begin(value, "");
            if simple {
                self.indicator(":", false, false, false);
            } else {
                self.start_line();
                self.indicator(":", true, false, true);
            }
            self.comment_of_key(value);
            self.start(value, Place::Entry);
            self.line_comment();
            self.foot_comment();
            self.inside(value, Place::Entry);
        }
        replace(&mut self.tail, tail);
        self.end(node);
        self.head_comment();
        self.indent = outer;
    }

    /// A comment at the end of a key's line goes to a text that follows, or stands before a block.
    fn comment_of_key(&mut self, value: &Node) {
        if self.key_line.is_empty() {
            return;
        }
        match value.kind {
            Kind::Scalar(_) if self.line.is_empty() => {
                self.line = std::mem::take(&mut self.key_line);
            }
            Kind::Scalar(_) => {}
            Kind::Sequence(_) | Kind::Mapping(_) if value.style != Style::Flow => {
                std::mem::swap(&mut self.line, &mut self.key_line);
                self.line_comment();
                std::mem::swap(&mut self.line, &mut self.key_line);
            }
            _ => {}
        }
    }

    fn flow_sequence(&mut self, node: &Node, items: &[Node], place: Place) {
        self.indicator("[", true, true, false);
        let outer = self.deeper(true, place, false);
        self.flow_level += 1;
        let mut trail = true;
        for item in items {
            self.begin(item, "");
            if !trail {
                self.indicator(",", false, false, false);
            }
            self.head_comment();
            if self.column == 0 {
                self.start_line();
            }
            trail = self.has_comments();
            self.start(item, Place::FlowItem);
            if self.has_comments() {
                self.indicator(",", false, false, false);
            }
            self.line_comment();
            self.foot_comment();
            self.inside(item, Place::FlowItem);
        }
        self.end(node);
        self.flow_level -= 1;
        self.indent = outer;
        if self.column == 0 {
            self.start_line();
        }
        self.indicator("]", false, false, false);
        self.line_comment();
        self.foot_comment();
    }

    fn flow_mapping(&mut self, node: &Node, entries: &[(Node, Node)], place: Place) {
        self.indicator("{", true, true, false);
        let outer = self.deeper(true, place, false);
        self.flow_level += 1;
        let (mut trail, mut tail) = (true, "");
        for (key, value) in entries {
            self.begin(&without_foot(key), tail);
            tail = &key.foot;
            if !trail {
                self.indicator(",", false, false, false);
            }
            self.head_comment();
            if self.column == 0 {
                self.start_line();
            }
            let simple = is_simple_key(key);
            if !simple {
                self.indicator("?", true, false, false);
            }
            let place = if simple {
                Place::SimpleKey
            } else {
                Place::Entry
            };
            self.start(key, place);
            self.inside(key, place);
            self.begin(value, "");
            self.indicator(":", !simple, false, false);
            trail = self.has_comments();
            self.start(value, Place::Entry);
            if self.has_comments() {
                self.indicator(",", false, false, false);
            }
            self.line_comment();
            self.foot_comment();
            self.inside(value, Place::Entry);
        }
        replace(&mut self.tail, tail);
        self.end(node);
        let has_comments = !(self.head.is_empty() && self.foot.is_empty() && self.tail.is_empty());
        if has_comments && !entries.is_empty() && !trail {
            self.indicator(",", false, false, false);
        }
        self.head_comment();
        self.flow_level -= 1;
        self.indent = outer;
        self.indicator("}", false, false, false);
        self.line_comment();
        self.foot_comment();
    }

    fn has_comments(&self) -> bool {
        !(self.line.is_empty() && self.foot.is_empty() && self.tail.is_empty())
    }

    /// Indents for what is in a node; gives the indentation to restore.
    // Parity: yaml_emitter_increase_indent_compact.
    fn deeper(&mut self, in_brackets: bool, place: Place, flush: bool) -> Option<usize> {
        let outer = self.indent;
        self.indent = Some(match outer {
            None if in_brackets => STEP,
            None => 0,
            Some(indent) if place == Place::Item => indent + STEP,
            Some(indent) => {
                let next = STEP * ((indent + STEP) / STEP);
                if flush { next - STEP } else { next }
            }
        });
        outer
    }

    fn tag(&mut self, node: &Node) {
        let Some(tag) = &node.tag else { return };
        let text = match tag.strip_prefix("tag:yaml.org,2002:") {
            Some(name) => format!("!!{name}"),
            None if tag.starts_with('!') => tag.clone(),
            None => format!("!<{tag}>"),
        };
        self.indicator(&text, true, false, false);
    }

    fn scalar(&mut self, node: &Node, text: &str, place: Place) {
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

    fn head_comment(&mut self) {
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

    fn line_comment(&mut self) {
        if self.line.is_empty() {
            return;
        }
        if !self.whitespace {
            self.put(' ');
        }
        let line = std::mem::take(&mut self.line);
        self.comment(&line);
    }

    fn foot_comment(&mut self) {
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
    fn start_line(&mut self) {
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

    fn indicator(&mut self, mark: &str, spaced: bool, is_blank: bool, is_indention: bool) {
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

    fn line_break(&mut self) {
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

/// A comment that is told takes the place of one that was not written yet.
fn replace(held: &mut String, told: &str) {
    if !told.is_empty() {
        told.clone_into(held);
    }
}

fn without_foot(key: &Node) -> Node {
    Node {
        foot: String::new(),
        ..key.clone()
    }
}

/// Whether a key needs no `?`.
// Parity: yaml_emitter_check_simple_key.
fn is_simple_key(key: &Node) -> bool {
    let tag = key.tag.as_deref().unwrap_or_default();
    match &key.kind {
        Kind::Scalar(text) => !scalar::is_multiline(text) && text.len() + tag.len() <= LONGEST_KEY,
        Kind::Sequence(items) => items.is_empty(),
        Kind::Mapping(entries) => entries.is_empty(),
    }
}
