//! Documents with all that is not their meaning: comments, the styles of texts, the order of entries.
// Parity: go-yaml v3, yaml.go, Node, as sigs.k8s.io/kustomize/kyaml uses it.

mod emit;
mod parse;

pub(crate) use emit::write;
pub(crate) use parse::read;

use super::resolve::{Dialect, Meaning, plain};

/// How a text or a collection is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Style {
    /// Plain texts, and collections in blocks.
    #[default]
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
    Folded,
    /// Collections in brackets.
    Flow,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Scalar(String),
    Sequence(Vec<Node>),
    Mapping(Vec<(Node, Node)>),
    /// The node with this anchor.
    Alias(String),
}

/// A node of a document.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) style: Style,
    /// The tag, if one was written.
    tag: Option<String>,
    /// What aliases call it.
    anchor: Option<String>,
    /// Lines before it.
    head: String,
    /// The end of its line.
    line: String,
    /// Lines behind it.
    foot: String,
}

/// A document.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) root: Node,
    head: String,
    foot: String,
}

impl Document {
    /// A document of a node, without comments of its own.
    pub(crate) fn of(root: Node) -> Self {
        Self {
            root,
            head: String::new(),
            foot: String::new(),
        }
    }
}

impl Node {
    fn new(kind: Kind, style: Style) -> Self {
        Self {
            kind,
            style,
            tag: None,
            anchor: None,
            head: String::new(),
            line: String::new(),
            foot: String::new(),
        }
    }

    /// A text.
    pub(crate) fn text(text: &str, style: Style) -> Self {
        Self::new(Kind::Scalar(text.to_owned()), style)
    }

    /// A mapping without entries.
    pub(crate) fn mapping() -> Self {
        Self::new(Kind::Mapping(Vec::new()), Style::Plain)
    }

    /// Whether it stands for nothing.
    pub(crate) fn is_null(&self) -> bool {
        let Kind::Scalar(text) = &self.kind else {
            return false;
        };
        match self.tag.as_deref() {
            Some(tag) => tag == "tag:yaml.org,2002:null",
            None => self.style == Style::Plain && plain(text, Dialect::V3) == Meaning::Null,
        }
    }

    /// Whether it stands for nothing or has nothing in it.
    pub(crate) fn is_empty(&self) -> bool {
        match &self.kind {
            Kind::Scalar(text) => text.is_empty() || self.is_null(),
            Kind::Sequence(items) => items.is_empty(),
            Kind::Mapping(entries) => entries.is_empty(),
            Kind::Alias(_) => false,
        }
    }

    /// The text of a scalar; empty for anything else.
    pub(crate) fn value(&self) -> &str {
        match &self.kind {
            Kind::Scalar(text) => text,
            _ => "",
        }
    }

    /// The entries, if this is a mapping.
    pub(crate) fn entries(&self) -> Option<&[(Self, Self)]> {
        match &self.kind {
            Kind::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The entries for changing, if this is a mapping.
    pub(crate) fn entries_mut(&mut self) -> Option<&mut Vec<(Self, Self)>> {
        match &mut self.kind {
            Kind::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The last value of a key, if this is a mapping.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        let mut entries = self.entries()?.iter().rev();
        entries
            .find(|(name, _)| name.value() == key)
            .map(|(_, value)| value)
    }

    /// The last value of a key for changing, if this is a mapping.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        let mut entries = self.entries_mut()?.iter_mut().rev();
        entries
            .find(|(name, _)| name.value() == key)
            .map(|(_, value)| value)
    }
}
