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

impl Tag {
    /// The whole tag, with what its handle stands for in these directives or by itself; none if that is unknown.
    pub(in crate::yaml) fn in_full(self, directives: &[Self]) -> Option<String> {
        let Self { handle, suffix } = self;
        if handle.is_empty() {
            return Some(suffix);
        }
        let declared = directives.iter().find(|known| known.handle == handle);
        let prefix = match (declared, handle.as_str()) {
            (Some(declared), _) => declared.suffix.as_str(),
            (None, "!") => "!",
            (None, "!!") => "tag:yaml.org,2002:",
            _ => return None,
        };
        Some(format!("{prefix}{suffix}"))
    }
}
