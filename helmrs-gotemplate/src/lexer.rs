//! The lexer: text in, tokens out.
// Parity: Go, text/template/parse/lex.go.

use std::sync::LazyLock;

use regex::Regex;

use crate::token::{LexError, Token, TokenKind, decode};

pub(crate) const LEFT_DELIM: [u8; 2] = *b"{{";
const RIGHT_DELIM: [u8; 2] = *b"}}";
const LEFT_COMMENT: [u8; 2] = *b"/*";
const RIGHT_COMMENT: [u8; 2] = *b"*/";
/// Which bytes are characters of words by themselves; looking them up takes half of what comparing does.
const WORD: [bool; 256] = table(true);
/// Which of them can start one that is no number.
const WORD_START: [bool; 256] = table(false);

const fn table(digits: bool) -> [bool; 256] {
    let mut word = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        let character = byte as u8;
        word[byte] = character.is_ascii_alphabetic()
            || character == b'_'
            || digits && character.is_ascii_digit();
        byte += 1;
    }
    word
}
/// A trim marker is a minus and a space.
const TRIM_MARKER: usize = 2;

/// A template's text, read token by token.
///
/// Tokens follow each other in the text, so that their spans never overlap; what lies between two of them
/// is a comment, trimmed space or a trim marker. After the end, or an error, there is nothing but `Eof`.
#[derive(Debug)]
pub(crate) struct Lexer<'t> {
    text: &'t [u8],
    /// Where the next character is.
    position: usize,
    /// Where the token being read starts.
    start: usize,
    inside_action: bool,
    paren_depth: usize,
    failed: bool,
}

impl<'t> Lexer<'t> {
    pub(crate) fn new(text: &'t [u8]) -> Self {
        Self {
            text,
            position: 0,
            start: 0,
            inside_action: false,
            paren_depth: 0,
            failed: false,
        }
    }

    /// Returns the next token.
    pub(crate) fn next_token(&mut self) -> Token<'t> {
        if self.failed {
            return Token {
                kind: TokenKind::Eof,
                start: self.text.len(),
                text: &[],
            };
        }
        if self.inside_action {
            self.action()
        } else {
            self.text()
        }
    }

    fn rest(&self) -> &'t [u8] {
        &self.text[self.position..]
    }

    fn peek(&self) -> Option<char> {
        decode(self.rest()).map(|(character, _)| character)
    }

    fn next(&mut self) -> Option<char> {
        let (character, width) = decode(self.rest())?;
        self.position += width;
        Some(character)
    }

    fn token(&mut self, kind: TokenKind) -> Token<'t> {
        let token = Token {
            kind,
            start: self.start,
            text: &self.text[self.start..self.position],
        };
        self.start = self.position;
        token
    }

    fn ignore(&mut self) {
        self.start = self.position;
    }

    fn error(&mut self, error: LexError) -> Token<'t> {
        self.failed = true;
        self.token(TokenKind::Error(error))
    }

    /// Reads text up to the next action, comments skipped.
    fn text(&mut self) -> Token<'t> {
        loop {
            let Some(length) = find(self.rest(), LEFT_DELIM) else {
                self.position = self.text.len();
                let kind = if self.position > self.start {
                    TokenKind::Text
                } else {
                    TokenKind::Eof
                };
                return self.token(kind);
            };
            let delimiter = self.position + length;
            let trimmed = has_left_trim_marker(&self.text[delimiter + LEFT_DELIM.len()..]);
            let text = &self.text[self.start..delimiter];
            self.position = self.start
                + if trimmed {
                    trim_end(text).len()
                } else {
                    text.len()
                };
            if self.position > self.start {
                return self.token(TokenKind::Text);
            }
            self.position = delimiter;
            self.ignore();
            if let Some(token) = self.left_delimiter(trimmed) {
                return token;
            }
        }
    }

    /// Reads a left delimiter; a comment after it is skipped and gives no token.
    fn left_delimiter(&mut self, trimmed: bool) -> Option<Token<'t>> {
        let after = self.position + LEFT_DELIM.len() + if trimmed { TRIM_MARKER } else { 0 };
        if self.text[after..].starts_with(&LEFT_COMMENT) {
            self.position = after;
            self.ignore();
            return self.comment();
        }
        self.position += LEFT_DELIM.len();
        let token = self.token(TokenKind::LeftDelim);
        self.position = after;
        self.ignore();
        self.inside_action = true;
        self.paren_depth = 0;
        Some(token)
    }

    fn comment(&mut self) -> Option<Token<'t>> {
        let Some(length) = find(&self.rest()[LEFT_COMMENT.len()..], RIGHT_COMMENT) else {
            return Some(self.error(LexError::UnclosedComment));
        };
        self.position += LEFT_COMMENT.len() + length + RIGHT_COMMENT.len();
        let Some(trimmed) = at_right_delim(self.rest()) else {
            return Some(self.error(LexError::CommentEndsEarly));
        };
        self.close(trimmed);
        None
    }

    /// Goes past a right delimiter and the space it trims.
    fn close(&mut self, trimmed: bool) {
        if trimmed {
            self.position += TRIM_MARKER + RIGHT_DELIM.len();
            self.position = self.text.len() - trim_start(self.rest()).len();
        } else {
            self.position += RIGHT_DELIM.len();
        }
        self.ignore();
    }

    fn right_delimiter(&mut self, trimmed: bool) -> Token<'t> {
        if self.paren_depth > 0 {
            return self.error(LexError::UnclosedLeftParen);
        }
        let start = self.position + if trimmed { TRIM_MARKER } else { 0 };
        let text = &self.text[start..start + RIGHT_DELIM.len()];
        self.close(trimmed);
        self.inside_action = false;
        Token {
            kind: TokenKind::RightDelim,
            start,
            text,
        }
    }

    /// Reads one token between delimiters.
    fn action(&mut self) -> Token<'t> {
        let [first, after @ ..] = self.rest() else {
            return self.error(LexError::UnclosedAction);
        };
        self.position += 1;
        match first {
            b' ' | b'\t' | b'\r' | b'\n' => self.space(),
            _ if WORD_START[usize::from(*first)] => self.identifier(),
            b'.' if after.first().is_some_and(|next| !next.is_ascii_digit()) => {
                self.field_or_variable(TokenKind::Field, TokenKind::Dot)
            }
            b'$' => self.field_or_variable(TokenKind::Variable, TokenKind::Variable),
            b'}' if after.first() == Some(&b'}') => {
                self.position -= 1;
                self.right_delimiter(false)
            }
            b'"' => self.quoted(b'"', TokenKind::String, LexError::UnterminatedString),
            b'|' => self.token(TokenKind::Pipe),
            b'(' => {
                self.paren_depth += 1;
                self.token(TokenKind::LeftParen)
            }
            b')' if self.paren_depth == 0 => self.error(LexError::UnexpectedRightParen),
            b')' => {
                self.paren_depth -= 1;
                self.token(TokenKind::RightParen)
            }
            b':' if self.next() == Some('=') => self.token(TokenKind::Declare),
            b':' => self.error(LexError::ExpectedDeclare),
            b'=' => self.token(TokenKind::Assign),
            b'.' | b'+' | b'-' | b'0'..=b'9' => self.number(),
            b'\'' => self.quoted(b'\'', TokenKind::CharConstant, LexError::UnterminatedChar),
            b'`' => self.raw_string(),
            b' '..=b'~' => self.token(TokenKind::Char),
            _ => self.other(),
        }
    }

    /// Reads what starts with no printable character of ASCII, of which one byte was read: only a word can.
    fn other(&mut self) -> Token<'t> {
        self.position -= 1;
        match self.next() {
            Some(letter) if is_alphanumeric(letter) => self.identifier(),
            Some(character) => self.error(LexError::Unrecognized(character)),
            None => self.error(LexError::UnclosedAction),
        }
    }

    /// Reads a run of spaces, the first of which was read, but not the one before a trim marker.
    fn space(&mut self) -> Token<'t> {
        let first = self.position - 1;
        while self.text.get(self.position).copied().is_some_and(is_space) {
            self.position += 1;
        }
        if self.rest().starts_with(b"-}}") {
            self.position -= 1;
            if self.position == first {
                return self.right_delimiter(true);
            }
        }
        self.token(TokenKind::Space)
    }

    /// Goes to the end of a word; returns the next character if it cannot follow one.
    fn word(&mut self) -> Option<char> {
        loop {
            while let Some(byte) = self.text.get(self.position)
                && WORD[usize::from(*byte)]
            {
                self.position += 1;
            }
            let next = self.intruder()?;
            if next.is_ascii() || !is_alphanumeric(next) {
                return Some(next);
            }
            self.next();
        }
    }

    fn identifier(&mut self) -> Token<'t> {
        if let Some(character) = self.word() {
            return self.error(LexError::BadCharacter(character));
        }
        let kind = match &self.text[self.start..self.position] {
            b"true" | b"false" => TokenKind::Bool,
            word => TokenKind::keyword(word).unwrap_or(TokenKind::Identifier),
        };
        self.token(kind)
    }

    /// Reads a field or variable after its first character; that alone is of the kind `bare`.
    fn field_or_variable(&mut self, kind: TokenKind, bare: TokenKind) -> Token<'t> {
        let start = self.position;
        match self.word() {
            Some(character) => self.error(LexError::BadCharacter(character)),
            None if self.position == start => self.token(bare),
            None => self.token(kind),
        }
    }

    /// Returns the next character if it cannot follow a word.
    fn intruder(&self) -> Option<char> {
        match self.rest() {
            [
                b' ' | b'\t' | b'\r' | b'\n' | b'.' | b',' | b'|' | b':' | b')' | b'(',
                ..,
            ]
            | [b'}', b'}', ..] => None,
            _ => self.peek(),
        }
    }

    fn quoted(&mut self, quote: u8, kind: TokenKind, error: LexError) -> Token<'t> {
        loop {
            let Some(length) = memchr::memchr3(quote, b'\\', b'\n', self.rest()) else {
                self.position = self.text.len();
                return self.unterminated(error);
            };
            self.position += length + 1;
            let found = self.text[self.position - 1];
            if found == quote {
                return self.token(kind);
            }
            let escapes = found == b'\\' && self.next().is_some_and(|escaped| escaped != '\n');
            if !escapes {
                return self.unterminated(error);
            }
        }
    }

    fn raw_string(&mut self) -> Token<'t> {
        match memchr::memchr(b'`', self.rest()) {
            Some(length) => {
                self.position += length + 1;
                self.token(TokenKind::RawString)
            }
            None => self.unterminated(LexError::UnterminatedRawString),
        }
    }

    fn unterminated(&mut self, error: LexError) -> Token<'t> {
        self.error(error)
    }

    /// Reads a number. What is wrong here and there, such as `0x0.2` or `089`, is for the parser to notice.
    fn number(&mut self) -> Token<'t> {
        self.position = self.start;
        if !self.scan_number() {
            return self.error(LexError::BadNumber);
        }
        if !matches!(self.peek(), Some('+' | '-')) {
            return self.token(TokenKind::Number);
        }
        if !self.scan_number() || self.text[self.position - 1] != b'i' {
            return self.error(LexError::BadNumber);
        }
        self.token(TokenKind::Complex)
    }

    fn scan_number(&mut self) -> bool {
        self.accept(b"+-");
        let mut digits: &[u8] = b"0123456789_";
        let mut exponents: &[u8] = b"eE";
        if self.accept(b"0") {
            if self.accept(b"xX") {
                (digits, exponents) = (b"0123456789abcdefABCDEF_", b"pP");
            } else if self.accept(b"oO") {
                (digits, exponents) = (b"01234567_", b"");
            } else if self.accept(b"bB") {
                (digits, exponents) = (b"01_", b"");
            }
        }
        while self.accept(digits) {}
        if self.accept(b".") {
            while self.accept(digits) {}
        }
        if self.accept(exponents) {
            self.accept(b"+-");
            while self.accept(b"0123456789_") {}
        }
        self.accept(b"i");
        if self.peek().is_some_and(is_alphanumeric) {
            self.next();
            return false;
        }
        true
    }

    fn accept(&mut self, valid: &[u8]) -> bool {
        let accepted = self.rest().first().is_some_and(|byte| valid.contains(byte));
        self.position += usize::from(accepted);
        accepted
    }
}

/// Finds two characters.
pub(crate) fn find(text: &[u8], [first, second]: [u8; 2]) -> Option<usize> {
    memchr::memchr_iter(first, text).find(|at| text.get(at + 1) == Some(&second))
}

/// Tells whether a right delimiter comes next; `Some(true)` if a trim marker is before it.
fn at_right_delim(text: &[u8]) -> Option<bool> {
    match text {
        [b'}', b'}', ..] => Some(false),
        [b' ' | b'\t' | b'\r' | b'\n', b'-', b'}', b'}', ..] => Some(true),
        _ => None,
    }
}

fn has_left_trim_marker(text: &[u8]) -> bool {
    text.len() >= TRIM_MARKER && text[0] == b'-' && is_space(text[1])
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn trim_end(text: &[u8]) -> &[u8] {
    let end = text
        .iter()
        .rposition(|byte| !is_space(*byte))
        .map_or(0, |last| last + 1);
    &text[..end]
}

fn trim_start(text: &[u8]) -> &[u8] {
    let start = text
        .iter()
        .position(|byte| !is_space(*byte))
        .unwrap_or(text.len());
    &text[start..]
}

fn is_alphanumeric(character: char) -> bool {
    static LETTER_OR_DIGIT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^[\p{L}\p{Nd}]").expect("the pattern is constant"));
    if character.is_ascii() {
        return character == '_' || character.is_ascii_alphanumeric();
    }
    LETTER_OR_DIGIT.is_match(character.encode_utf8(&mut [0; 4]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind> {
        let mut lexer = Lexer::new(text.as_bytes());
        let mut kinds = Vec::new();
        loop {
            let kind = lexer.next_token().kind;
            kinds.push(kind);
            if matches!(kind, TokenKind::Eof | TokenKind::Error(_)) {
                return kinds;
            }
        }
    }

    #[test]
    fn a_trim_marker_takes_the_space_before_it() {
        let mut lexer = Lexer::new(b"a \n {{- 1 -}} \n b");
        let texts: Vec<&[u8]> = std::iter::repeat_with(|| lexer.next_token().text)
            .take(5)
            .collect();
        assert_eq!(texts, [&b"a"[..], b"{{", b"1", b"}}", b"b"]);
    }

    #[test]
    fn a_minus_without_a_space_is_a_number() {
        assert_eq!(
            kinds("{{-3}}"),
            [
                TokenKind::LeftDelim,
                TokenKind::Number,
                TokenKind::RightDelim,
                TokenKind::Eof
            ]
        );
    }

    #[test]
    fn comments_give_no_token() {
        assert_eq!(
            kinds("a{{/* x */}}{{- /* y */ -}} b"),
            [TokenKind::Text, TokenKind::Text, TokenKind::Eof]
        );
    }

    #[test]
    fn a_word_ends_where_go_says() {
        assert_eq!(
            kinds("{{a-b}}").last(),
            Some(&TokenKind::Error(LexError::BadCharacter('-')))
        );
        assert_eq!(kinds("{{é}}")[1], TokenKind::Identifier);
        assert_eq!(
            kinds("{{.a.b}}")[1..3],
            [TokenKind::Field, TokenKind::Field]
        );
    }
}
