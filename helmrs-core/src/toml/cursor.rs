//! The characters of a TOML text.

use helmrs_gotemplate::number::quote_with;

use super::ParseError;

/// Reads a text from the front and counts lines.
pub(super) struct Cursor<'t> {
    text: &'t str,
    /// The byte after the text, if that is not UTF-8.
    broken: Option<u8>,
    pub(super) at: usize,
    pub(super) line: usize,
}

type Read<T> = Result<T, ParseError>;

impl<'t> Cursor<'t> {
    pub(super) fn new(bytes: &'t [u8]) -> Self {
        let (text, broken) = match std::str::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let (valid, rest) = bytes.split_at(error.valid_up_to());
                (
                    std::str::from_utf8(valid).unwrap_or_default(),
                    rest.first().copied(),
                )
            }
        };
        Self {
            text,
            broken,
            at: 0,
            line: 1,
        }
    }

    /// The next character; control characters are refused.
    // Parity: BurntSushi/toml, lex.go, lexer.next.
    pub(super) fn peek(&self) -> Read<Option<char>> {
        let rest = &self.text[self.at..];
        let Some(character) = rest.chars().next() else {
            return match self.broken {
                Some(byte) => Err(self.error(format!("invalid UTF-8 byte: 0x{byte:02x}"))),
                None => Ok(None),
            };
        };
        let is_control = match character {
            '\t' | '\n' => false,
            '\r' => !rest.starts_with("\r\n"),
            _ => character.is_ascii_control(),
        };
        if is_control {
            let code = u32::from(character);
            return Err(self.error(format!(
                "TOML files cannot contain control characters: '0x{code:02x}'"
            )));
        }
        Ok(Some(character))
    }

    pub(super) fn next(&mut self) -> Read<Option<char>> {
        let character = self.peek()?;
        if let Some(character) = character {
            self.at += character.len_utf8();
            self.line += usize::from(character == '\n');
        }
        Ok(character)
    }

    /// Passes a text if it comes next.
    pub(super) fn accept(&mut self, wanted: &str) -> bool {
        let found = self.text[self.at..].starts_with(wanted);
        if found {
            self.at += wanted.len();
            self.line += wanted.matches('\n').count();
        }
        found
    }

    pub(super) fn take_while(&mut self, accept: impl Fn(char) -> bool) -> Read<&'t str> {
        let start = self.at;
        while self.peek()?.is_some_and(&accept) {
            self.next()?;
        }
        Ok(&self.text[start..self.at])
    }

    /// What stands between a place and here.
    pub(super) fn since(&self, start: usize) -> &'t str {
        &self.text[start..self.at]
    }

    pub(super) fn skip_blanks(&mut self) -> Read<()> {
        self.take_while(|c| matches!(c, ' ' | '\t')).map(drop)
    }

    /// Passes blanks, line breaks and comments.
    pub(super) fn skip_gap(&mut self) -> Read<()> {
        loop {
            self.take_while(|c| matches!(c, ' ' | '\t' | '\n' | '\r'))?;
            if self.peek()? != Some('#') {
                return Ok(());
            }
            self.take_while(|c| !matches!(c, '\n' | '\r'))?;
        }
    }

    /// An error here; at the end, the last line is meant.
    pub(super) fn error(&self, message: String) -> ParseError {
        let is_after_break = self.at >= self.text.len() && self.text.ends_with('\n');
        Self::error_on(
            self.line - usize::from(is_after_break && self.line > 1),
            message,
        )
    }

    pub(super) fn error_on(line: usize, message: String) -> ParseError {
        ParseError {
            line,
            last_key: String::new(),
            message,
        }
    }

    /// An error about a character just passed, on the line that has been reached with it.
    pub(super) fn after(
        &self,
        found: Option<char>,
        message: impl Fn(String) -> String,
    ) -> ParseError {
        match found {
            Some('\n') => Self::error_on(self.line, message(shown(found))),
            _ => self.error(message(shown(found))),
        }
    }

    /// An error about a character just passed; a line break belongs to the line it ends.
    pub(super) fn unexpected(
        &self,
        found: Option<char>,
        message: impl Fn(String) -> String,
    ) -> ParseError {
        let shown = shown(found);
        match found {
            Some('\n') => Self::error_on(self.line - 1, message(shown)),
            _ => self.error(message(shown)),
        }
    }
}

fn shown(found: Option<char>) -> String {
    quote_with(found.unwrap_or('\0').to_string().as_bytes(), '\'', false)
}
