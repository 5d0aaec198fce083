//! What a YAML text is made of.

use std::borrow::Cow;

/// One token and the lines it stands on.
#[derive(Debug)]
pub(in crate::yaml) struct Token<'t> {
    pub(in crate::yaml) kind: TokenKind<'t>,
    /// The line of its first character.
    pub(in crate::yaml) line: usize,
    /// The line of the character behind it.
    pub(in crate::yaml) end_line: usize,
    /// The index of its first character.
    pub(in crate::yaml) start: usize,
}

/// What a token is.
#[derive(Debug)]
pub(in crate::yaml) enum TokenKind<'t> {
    StreamEnd,
    Version {
        major: u8,
        minor: u8,
    },
    TagDirective(Box<Tag>),
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(&'t str),
    Anchor(&'t str),
    Tag(Box<Tag>),
    Scalar {
        text: Cow<'t, str>,
        plain: bool,
        /// What it begins with: a quote, `|`, `>`, or the first character of a plain text.
        first: u8,
    },
}

/// The two parts of a tag; in a directive the second is what the first stands for.
#[derive(Debug)]
pub(in crate::yaml) struct Tag {
    pub(in crate::yaml) handle: String,
    pub(in crate::yaml) suffix: String,
}
