//! A place in a text.

/// Where something stands; all three count from zero, and all but the line count characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::yaml) struct Mark {
    pub(in crate::yaml) index: usize,
    pub(in crate::yaml) line: usize,
    pub(in crate::yaml) column: usize,
}

/// Reads a text from the front; behind its end stand zeros.
pub(super) struct Cursor<'t> {
    text: &'t str,
    pub(super) at: usize,
    pub(super) mark: Mark,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            mark: Mark::default(),
        }
    }

    /// The byte that many bytes ahead.
    pub(super) fn peek(&self, ahead: usize) -> u8 {
        self.text
            .as_bytes()
            .get(self.at + ahead)
            .copied()
            .unwrap_or(0)
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    /// The length of the line break that many bytes ahead; zero if there is none.
    fn break_length(&self, ahead: usize) -> usize {
        match (self.peek(ahead), self.peek(ahead + 1), self.peek(ahead + 2)) {
            (b'\r', b'\n', _) | (0xc2, 0x85, _) => 2,
            (b'\r' | b'\n', _, _) => 1,
            (0xe2, 0x80, 0xa8 | 0xa9) => 3,
            _ => 0,
        }
    }

    pub(super) fn is_break(&self, ahead: usize) -> bool {
        self.break_length(ahead) > 0
    }

    pub(super) fn is_blank(&self, ahead: usize) -> bool {
        matches!(self.peek(ahead), b' ' | b'\t')
    }

    /// Whether a line break or the end is that many bytes ahead.
    pub(super) fn is_break_or_end(&self, ahead: usize) -> bool {
        self.peek(ahead) == 0 || self.is_break(ahead)
    }

    /// Whether a blank, a line break or the end is that many bytes ahead.
    pub(super) fn is_gap(&self, ahead: usize) -> bool {
        self.is_blank(ahead) || self.is_break_or_end(ahead)
    }

    /// Whether `---` or `...` stands alone at the start of a line.
    pub(super) fn is_document_indicator(&self) -> bool {
        self.mark.column == 0
            && matches!(
                (self.peek(0), self.peek(1), self.peek(2)),
                (b'-', b'-', b'-') | (b'.', b'.', b'.')
            )
            && self.is_gap(3)
    }

    /// Passes that many characters; none of them is a line break.
    pub(super) fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.take_character();
        }
    }

    /// Passes one character, which is no line break.
    pub(super) fn take_character(&mut self) -> Option<char> {
        let character = self.text[self.at..].chars().next()?;
        self.advance(character.len_utf8(), 1);
        Some(character)
    }

    /// Passes the rest of the line.
    pub(super) fn take_line(&mut self) -> &'t str {
        let rest = &self.text[self.at..];
        let end = memchr::memchr2(b'\r', b'\n', rest.as_bytes()).unwrap_or(rest.len());
        let mut line = &rest[..end];
        if line.is_ascii() {
            self.advance(line.len(), line.len());
            return line;
        }
        if let Some(end) = line.find(['\u{85}', '\u{2028}', '\u{2029}']) {
            line = &line[..end];
        }
        self.advance(line.len(), line.chars().count());
        line
    }

    fn advance(&mut self, bytes: usize, characters: usize) {
        self.at += bytes;
        self.mark.index += characters;
        self.mark.column += characters;
    }

    /// Passes all plain ASCII that the function accepts, quickly.
    pub(super) fn take_ascii(&mut self, accept: impl Fn(u8) -> bool) -> &'t str {
        let rest = &self.text.as_bytes()[self.at..];
        let length = rest
            .iter()
            .take_while(|&&byte| byte.is_ascii() && accept(byte))
            .count();
        let start = self.at;
        self.advance(length, length);
        &self.text[start..self.at]
    }

    /// Passes a comment up to the end of its line.
    pub(super) fn skip_comment(&mut self) {
        if self.peek(0) == b'#' {
            self.take_line();
        }
    }

    pub(super) fn skip_blanks(&mut self) {
        self.take_ascii(|byte| matches!(byte, b' ' | b'\t'));
    }

    /// Passes a line break, if there is one, and gives what it stands for.
    pub(super) fn take_break(&mut self) -> &'t str {
        let length = self.break_length(0);
        let text = &self.text[self.at..self.at + length];
        if length > 0 {
            self.at += length;
            self.mark.index += text.chars().count();
            self.mark.column = 0;
            self.mark.line += 1;
        }
        // The separators of lines and paragraphs stand for themselves.
        if length == 3 || length == 0 {
            text
        } else {
            "\n"
        }
    }
}
