//! A place in a text.

/// Where something stands; all three count from zero, and all but the line count characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::yaml) struct Mark {
    pub(in crate::yaml) index: usize,
    pub(in crate::yaml) line: usize,
    pub(in crate::yaml) column: usize,
}

/// Which bytes belong to a run.
pub(super) type Bytes = [bool; 256];

/// The ASCII characters but those listed; what is no ASCII may be a line break, so it ends a run too.
pub(super) const fn ascii_without(stops: &[u8]) -> Bytes {
    let mut bytes = [true; 256];
    let mut byte = 128;
    while byte < bytes.len() {
        bytes[byte] = false;
        byte += 1;
    }
    let mut stop = 0;
    while stop < stops.len() {
        bytes[stops[stop] as usize] = false;
        stop += 1;
    }
    bytes
}

/// Reads a text from the front; behind its end stand zeros.
pub(super) struct Cursor<'t> {
    text: &'t str,
    pub(super) at: usize,
    line: usize,
    /// The index of the line's first character.
    line_index: usize,
    /// How many of the bytes passed only continue a character.
    continued: usize,
    /// Whether anybody wants the further lines of texts that have several.
    pub(super) keeps_lines: bool,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            line: 0,
            line_index: 0,
            continued: 0,
            keeps_lines: true,
        }
    }

    /// Where the next character stands.
    #[inline]
    pub(super) fn mark(&self) -> Mark {
        Mark {
            index: self.index(),
            line: self.line,
            column: self.column(),
        }
    }

    #[inline]
    pub(super) fn index(&self) -> usize {
        self.at - self.continued
    }

    #[inline]
    pub(super) fn line(&self) -> usize {
        self.line
    }

    #[inline]
    pub(super) fn column(&self) -> usize {
        self.index() - self.line_index
    }

    /// How many line breaks stand before this place, with nothing but blanks between.
    // Parity: go-yaml v3, yamlprivateh.go: newlines, which is counted on the way there.
    pub(super) fn newlines(&self) -> usize {
        let before = self.text[..self.at].chars().rev();
        before
            .take_while(|character| {
                matches!(
                    character,
                    ' ' | '\t' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}'
                )
            })
            .filter(|character| !matches!(character, ' ' | '\t'))
            .count()
    }

    /// Takes what comes next for the start of a line.
    pub(super) fn start_line(&mut self) {
        self.line_index = self.index();
        self.line += 1;
    }

    /// The text between two places.
    #[inline]
    pub(super) fn between(&self, start: usize, end: usize) -> &'t str {
        &self.text[start..end]
    }

    /// The byte that many bytes ahead.
    #[inline]
    pub(super) fn peek(&self, ahead: usize) -> u8 {
        self.text
            .as_bytes()
            .get(self.at + ahead)
            .copied()
            .unwrap_or(0)
    }

    #[inline]
    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    /// The length of the line break that many bytes ahead; zero if there is none.
    #[inline]
    fn break_length(&self, ahead: usize) -> usize {
        match self.peek(ahead) {
            b'\r' if self.peek(ahead + 1) == b'\n' => 2,
            b'\n' | b'\r' => 1,
            0xc2 if self.peek(ahead + 1) == 0x85 => 2,
            0xe2 if self.peek(ahead + 1) == 0x80 && matches!(self.peek(ahead + 2), 0xa8 | 0xa9) => {
                3
            }
            _ => 0,
        }
    }

    #[inline]
    pub(super) fn is_break(&self, ahead: usize) -> bool {
        self.break_length(ahead) > 0
    }

    #[inline]
    pub(super) fn is_blank(&self, ahead: usize) -> bool {
        matches!(self.peek(ahead), b' ' | b'\t')
    }

    /// Whether a line break or the end is that many bytes ahead.
    #[inline]
    pub(super) fn is_break_or_end(&self, ahead: usize) -> bool {
        self.peek(ahead) == 0 || self.is_break(ahead)
    }

    /// Whether a blank, a line break or the end is that many bytes ahead.
    #[inline]
    pub(super) fn is_gap(&self, ahead: usize) -> bool {
        self.is_blank(ahead) || self.is_break_or_end(ahead)
    }

    /// Whether `---` or `...` stands alone at the start of a line.
    #[inline]
    pub(super) fn is_document_indicator(&self) -> bool {
        matches!(self.peek(0), b'-' | b'.')
            && self.column() == 0
            && matches!(
                (self.peek(0), self.peek(1), self.peek(2)),
                (b'-', b'-', b'-') | (b'.', b'.', b'.')
            )
            && self.is_gap(3)
    }

    /// Passes that many characters; none of them is a line break.
    pub(super) fn skip(&mut self, count: usize) {
        for _ in 0..count {
            if self.peek(0).is_ascii() && !self.is_at_end() {
                self.at += 1;
            } else {
                self.take_character();
            }
        }
    }

    /// Passes one character, which is no line break.
    pub(super) fn take_character(&mut self) -> Option<char> {
        let character = self.text[self.at..].chars().next()?;
        self.at += character.len_utf8();
        self.continued += character.len_utf8() - 1;
        Some(character)
    }

    /// The rest of the line from that many bytes ahead.
    pub(super) fn line_from(&self, ahead: usize) -> &'t str {
        let mut cursor = Self::new(&self.text[self.at + ahead..]);
        cursor.take_line()
    }

    /// Passes the rest of the line.
    pub(super) fn take_line(&mut self) -> &'t str {
        let rest = &self.text[self.at..];
        let end = memchr::memchr2(b'\r', b'\n', rest.as_bytes()).unwrap_or(rest.len());
        let mut line = &rest[..end];
        if !line.is_ascii() {
            if let Some(end) = line.find(['\u{85}', '\u{2028}', '\u{2029}']) {
                line = &line[..end];
            }
            self.continued += line.len() - line.chars().count();
        }
        self.at += line.len();
        line
    }

    /// Passes all bytes of a set, which has nothing but ASCII in it.
    pub(super) fn take_run(&mut self, of: &Bytes) -> &'t str {
        let start = self.at;
        let rest = &self.text.as_bytes()[start..];
        let stop = rest.iter().position(|&byte| !of[usize::from(byte)]);
        self.at += stop.unwrap_or(rest.len());
        &self.text[start..self.at]
    }

    /// Passes the ASCII characters that the function accepts.
    pub(super) fn take_ascii(&mut self, accept: impl Fn(u8) -> bool) -> &'t str {
        let start = self.at;
        let rest = &self.text.as_bytes()[start..];
        let stop = rest
            .iter()
            .position(|&byte| !byte.is_ascii() || !accept(byte));
        self.at += stop.unwrap_or(rest.len());
        &self.text[start..self.at]
    }

    /// Passes a comment up to the end of its line.
    #[inline]
    pub(super) fn skip_comment(&mut self) {
        if self.peek(0) == b'#' {
            self.take_line();
        }
    }

    #[inline]
    pub(super) fn skip_blanks(&mut self) {
        self.take_ascii(|byte| matches!(byte, b' ' | b'\t'));
    }

    /// Passes spaces, but none from a column on.
    pub(super) fn skip_spaces_before(&mut self, column: usize) {
        let most = column.saturating_sub(self.column());
        let rest = self.text.as_bytes()[self.at..].iter();
        self.at += rest.take(most).take_while(|&&byte| byte == b' ').count();
    }

    /// Passes a line break, if there is one, and gives what it stands for.
    pub(super) fn take_break(&mut self) -> &'t str {
        let length = self.break_length(0);
        let text = &self.text[self.at..self.at + length];
        if length > 0 {
            self.at += length;
            self.continued += match text {
                "\u{85}" => 1,
                "\u{2028}" | "\u{2029}" => 2,
                _ => 0,
            };
            self.start_line();
        }
        // The separators of lines and paragraphs stand for themselves.
        if length == 3 || length == 0 {
            text
        } else {
            "\n"
        }
    }
}
