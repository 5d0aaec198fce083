//! The characters of a `--set` argument.

/// Reads an argument from the front.
pub(super) struct Scanner<'t> {
    rest: &'t str,
    /// Whether a backslash takes the next character as it is.
    escapes: bool,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str, escapes: bool) -> Self {
        Self {
            rest: text,
            escapes,
        }
    }

    /// What stands before any of the characters, and which one it was; `None` at the end.
    pub(super) fn until(&mut self, stops: &[char]) -> (String, Option<char>) {
        let mut text = String::new();
        while let Some(character) = self.next() {
            if stops.contains(&character) {
                return (text, Some(character));
            }
            if character == '\\' && self.escapes {
                text.extend(self.next());
            } else {
                text.push(character);
            }
        }
        (text, None)
    }

    /// Skips blanks up to a comma or the end; gives whether nothing else was there.
    pub(super) fn skip_blanks_and_comma(&mut self) -> bool {
        self.rest = self.rest.trim_start();
        self.is_at_end() || self.skip(',')
    }

    /// Skips a character if it comes next.
    pub(super) fn skip(&mut self, wanted: char) -> bool {
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Takes all that is left.
    pub(super) fn rest(&mut self) -> &'t str {
        std::mem::take(&mut self.rest)
    }

    /// Looks at all that is left.
    pub(super) fn rest_to_read(&self) -> &'t str {
        self.rest
    }

    /// Skips that many bytes.
    pub(super) fn advance(&mut self, length: usize) {
        self.rest = self.rest.get(length..).unwrap_or_default();
    }

    fn next(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let character = characters.next();
        self.rest = characters.as_str();
        character
    }
}
