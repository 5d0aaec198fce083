//! Tokens: what the lexer makes of a text.

use std::fmt;

use crate::number::{is_printable, quote};

/// A piece of a template's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'t> {
    pub(crate) kind: TokenKind,
    /// Bytes from the start of the text.
    pub(crate) start: usize,
    /// The text of the token itself.
    pub(crate) text: &'t [u8],
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Error(LexError),
    Bool,
    /// A printable ASCII character with no meaning of its own, such as the comma.
    Char,
    CharConstant,
    Complex,
    Assign,
    Declare,
    Eof,
    Field,
    Identifier,
    LeftDelim,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelim,
    RightParen,
    Space,
    String,
    Text,
    Variable,
    Dot,
    Block,
    Break,
    Continue,
    Define,
    Else,
    End,
    If,
    Nil,
    Range,
    Template,
    With,
}

impl TokenKind {
    /// Returns the keyword spelled so.
    pub(crate) fn keyword(word: &[u8]) -> Option<Self> {
        Some(match word {
            b"block" => Self::Block,
            b"break" => Self::Break,
            b"continue" => Self::Continue,
            b"define" => Self::Define,
            b"else" => Self::Else,
            b"end" => Self::End,
            b"if" => Self::If,
            b"nil" => Self::Nil,
            b"range" => Self::Range,
            b"template" => Self::Template,
            b"with" => Self::With,
            _ => return None,
        })
    }

    fn is_keyword(self) -> bool {
        matches!(
            self,
            Self::Dot
                | Self::Block
                | Self::Break
                | Self::Continue
                | Self::Define
                | Self::Else
                | Self::End
                | Self::If
                | Self::Nil
                | Self::Range
                | Self::Template
                | Self::With
        )
    }
}

/// Why the lexer could not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LexError {
    UnclosedComment,
    CommentEndsEarly,
    UnclosedAction,
    UnclosedLeftParen,
    UnexpectedRightParen,
    ExpectedDeclare,
    BadCharacter(char),
    Unrecognized(char),
    /// The token's text is the number.
    BadNumber,
    UnterminatedString,
    UnterminatedRawString,
    UnterminatedChar,
}

impl fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TokenKind::Eof => f.write_str("EOF"),
            TokenKind::Error(error) => self.write_error(error, f),
            kind if kind.is_keyword() => write!(f, "<{}>", String::from_utf8_lossy(self.text)),
            _ if self.text.len() > 10 => write!(f, "{}...", quote(first_characters(self.text, 10))),
            _ => f.write_str(&quote(self.text)),
        }
    }
}

impl Token<'_> {
    fn write_error(&self, error: LexError, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match error {
            LexError::UnclosedComment => f.write_str("unclosed comment"),
            LexError::CommentEndsEarly => f.write_str("comment ends before closing delimiter"),
            LexError::UnclosedAction => f.write_str("unclosed action"),
            LexError::UnclosedLeftParen => f.write_str("unclosed left paren"),
            LexError::UnexpectedRightParen => f.write_str("unexpected right paren"),
            LexError::ExpectedDeclare => f.write_str("expected :="),
            LexError::BadCharacter(character) => {
                write!(f, "bad character {}", code_point(character))
            }
            LexError::Unrecognized(character) => {
                write!(
                    f,
                    "unrecognized character in action: {}",
                    code_point(character)
                )
            }
            LexError::BadNumber => write!(f, "bad number syntax: {}", quote(self.text)),
            LexError::UnterminatedString => f.write_str("unterminated quoted string"),
            LexError::UnterminatedRawString => f.write_str("unterminated raw quoted string"),
            LexError::UnterminatedChar => f.write_str("unterminated character constant"),
        }
    }
}

/// Writes a character as Go's `%#U` does: `U+0040 '@'`.
pub(crate) fn code_point(character: char) -> String {
    let number = u32::from(character);
    if is_printable(character) {
        format!("U+{number:04X} '{character}'")
    } else {
        format!("U+{number:04X}")
    }
}

/// Returns the first characters of a text, counting an invalid byte as one.
fn first_characters(text: &[u8], count: usize) -> &[u8] {
    let mut end = 0;
    for _ in 0..count {
        end += decode(&text[end..]).map_or(0, |(_, width)| width);
    }
    &text[..end]
}

/// Decodes the first character of a text and its width; an invalid byte is U+FFFD of width one.
pub(crate) fn decode(text: &[u8]) -> Option<(char, usize)> {
    let first = *text.first()?;
    if first.is_ascii() {
        return Some((char::from(first), 1));
    }
    let chunk = text[..text.len().min(4)].utf8_chunks().next()?;
    Some(
        chunk
            .valid()
            .chars()
            .next()
            .map_or(('\u{fffd}', 1), |character| {
                (character, character.len_utf8())
            }),
    )
}
