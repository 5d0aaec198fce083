//! Documents into a text, with their comments and styles.
// Parity: go-yaml v3, encode.go, encoder.node, and emitterc.go, with kyaml's settings: two columns a level, sequences flush
// with their keys, lines of any length.

mod text;

use helmrs_gotemplate::stack::deepen;

use super::{Document, Kind, Node, Style};
use crate::yaml::emit::scalar;

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
            Kind::Scalar(_) | Kind::Alias(_) => {
                replace(&mut self.line, &node.line);
                replace(&mut self.foot, &node.foot);
                if !matches!(node.kind, Kind::Alias(_)) {
                    replace(&mut self.tail, tail);
                }
            }
            Kind::Sequence(_) => {}
            Kind::Mapping(_) => replace(&mut self.tail, tail),
        }
    }

    /// Writes what of a node stands on its first line.
    fn start(&mut self, node: &Node, place: Place) {
        self.in_mapping = matches!(place, Place::Entry | Place::SimpleKey);
        if let Some(anchor) = &node.anchor {
            self.indicator(&format!("&{anchor}"), true, false, false);
        }
        match &node.kind {
            Kind::Scalar(text) => self.scalar(node, text, place),
            Kind::Alias(anchor) => self.indicator(&format!("*{anchor}"), true, false, false),
            Kind::Sequence(_) | Kind::Mapping(_) => self.tag(node),
        }
    }

    /// Writes what is in a collection.
    fn inside(&mut self, node: &Node, place: Place) {
        let in_brackets = self.flow_level > 0 || node.style == Style::Flow;
        deepen(|| match &node.kind {
            Kind::Scalar(_) | Kind::Alias(_) => {}
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
    let tag = key.tag.as_deref().unwrap_or_default().len();
    let anchor = key.anchor.as_deref().unwrap_or_default().len();
    match &key.kind {
        Kind::Scalar(text) => {
            !scalar::is_multiline(text) && text.len() + tag + anchor <= LONGEST_KEY
        }
        Kind::Sequence(items) => items.is_empty(),
        Kind::Mapping(entries) => entries.is_empty(),
        Kind::Alias(anchor) => anchor.len() <= LONGEST_KEY,
    }
}
