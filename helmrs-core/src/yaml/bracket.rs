//! Brackets around collections in flow style.

use super::scanner::TokenKind;

/// The brackets around a collection.
#[derive(Clone, Copy)]
pub(super) enum Bracket {
    Square,
    Curly,
}

impl Bracket {
    pub(super) fn is_closed_by(self, kind: &TokenKind<'_>) -> bool {
        match self {
            Self::Square => matches!(kind, TokenKind::FlowSequenceEnd),
            Self::Curly => matches!(kind, TokenKind::FlowMappingEnd),
        }
    }

    pub(super) fn problem(self) -> &'static str {
        match self {
            Self::Square => "did not find expected ',' or ']'",
            Self::Curly => "did not find expected ',' or '}'",
        }
    }
}
