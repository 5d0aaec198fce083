//! Where the next character goes: columns, indentation and the four scalar styles.

use super::scalar::{is_break, is_printable};

/// The text being written, with go-yaml's notions of where it stands.
// Parity: go-yaml v2, emitterc.go: the names are those of yaml_emitter_t.
pub(super) struct Writer {
    out: String,
    column: usize,
    width: usize,
    /// Whether the last thing written was a blank.
    whitespace: bool,
    /// Whether only indentation stands on this line.
    pub(super) indention: bool,
    /// The indentation of what is written now; `None` before the first node.
    pub(super) indent: Option<usize>,
}

/// How much deeper each level lies.
const STEP: usize = 2;

impl Writer {
    pub(super) fn new(width: usize) -> Self {
        Self {
            out: String::new(),
            column: 0,
            width,
            whitespace: true,
            indention: true,
            indent: None,
        }
    }

    /// Ends the document.
    pub(super) fn finish(mut self) -> String {
        self.indent = None;
        self.start_line();
        self.out
    }

    /// Indents for a block, unless it is flush with its parent; gives the indentation to restore.
    pub(super) fn indent_block(&mut self, flush: bool) -> Option<usize> {
        let outer = self.indent;
        self.indent = Some(match outer {
            None => 0,
            Some(indent) if flush => indent,
            Some(indent) => indent + STEP,
        });
        outer
    }

    /// Indents for the lines of a scalar; gives the indentation to restore.
    pub(super) fn indent_scalar(&mut self) -> Option<usize> {
        let outer = self.indent;
        self.indent = Some(outer.unwrap_or(0) + STEP);
        outer
    }

    /// Moves to the current indentation, on a new line if need be.
    pub(super) fn start_line(&mut self) {
        let indent = self.indent.unwrap_or(0);
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.line_break();
        }
        let blanks = indent.saturating_sub(self.column);
        self.out.extend(std::iter::repeat_n(' ', blanks));
        self.column += blanks;
        self.whitespace = true;
        self.indention = true;
    }

    pub(super) fn indicator(
        &mut self,
        mark: &str,
        spaced: bool,
        is_blank: bool,
        is_indention: bool,
    ) {
        if spaced && !self.whitespace {
            self.put(' ');
        }
        self.out.push_str(mark);
        self.column += mark.len();
        self.whitespace = is_blank;
        self.indention = self.indention && is_indention;
    }

    pub(super) fn plain(&mut self, text: &str, may_fold: bool) {
        if !self.whitespace {
            self.put(' ');
        }
        self.folding(text, may_fold, false);
        self.whitespace = false;
        self.indention = false;
    }

    pub(super) fn single_quoted(&mut self, text: &str, may_fold: bool) {
        self.indicator("'", true, false, false);
        self.folding(text, may_fold, true);
        self.indicator("'", false, false, false);
        self.whitespace = false;
        self.indention = false;
    }

    /// Writes a text as it is, if it is of plain ASCII characters and need not be folded.
    fn verbatim(&mut self, text: &str, may_fold: bool, escaped: [u8; 2]) -> bool {
        let bytes = text.as_bytes();
        let folds = may_fold && self.column + text.len() > self.width && bytes.contains(&b' ');
        let stands = |byte| matches!(byte, b' '..=b'~') && !escaped.contains(&byte);
        if folds || !bytes.iter().all(|&byte| stands(byte)) {
            return false;
        }
        self.out.push_str(text);
        self.column += text.len();
        true
    }

    /// The lines of a plain or single-quoted scalar.
    fn folding(&mut self, text: &str, may_fold: bool, is_quoted: bool) {
        let escaped = if is_quoted { b'\'' } else { 0 };
        if self.verbatim(text, may_fold, [escaped; 2]) {
            return;
        }
        let (mut spaces, mut breaks) = (false, false);
        let mut characters = text.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let after = characters.peek().map(|&(_, character)| character);
            if character == ' ' {
                let inside = !is_quoted || at > 0 && after.is_some();
                if may_fold && !spaces && self.column > self.width && inside && after != Some(' ') {
                    self.start_line();
                } else {
                    self.put(' ');
                }
                spaces = true;
            } else if is_break(character) {
                if !breaks && character == '\n' {
                    self.line_break();
                }
                self.copy_break(character);
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.start_line();
                }
                if is_quoted && character == '\'' {
                    self.put('\'');
                }
                self.put(character);
                self.indention = false;
                (spaces, breaks) = (false, false);
            }
        }
    }

    pub(super) fn double_quoted(&mut self, text: &str, may_fold: bool) {
        self.indicator("\"", true, false, false);
        if self.verbatim(text, may_fold, [b'"', b'\\']) {
            return self.close_double_quotes();
        }
        // Parity: go-yaml, yamlprivateh.go, is_bom looks at the text's start only.
        let escape_all = text.starts_with('\u{feff}');
        let mut spaces = false;
        let mut characters = text.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let after = characters.peek().map(|&(_, character)| character);
            if escape_all || needs_escape(character) {
                self.escape(character);
                spaces = false;
            } else if character == ' ' {
                if may_fold && !spaces && self.column > self.width && at > 0 && after.is_some() {
                    self.start_line();
                    if after == Some(' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(' ');
                }
                spaces = true;
            } else {
                self.put(character);
                spaces = false;
            }
        }
        self.close_double_quotes();
    }

    fn close_double_quotes(&mut self) {
        self.indicator("\"", false, false, false);
        self.whitespace = false;
        self.indention = false;
    }

    fn escape(&mut self, character: char) {
        let letter = match character {
            '\0' => '0',
            '\u{7}' => 'a',
            '\u{8}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{b}' => 'v',
            '\u{c}' => 'f',
            '\r' => 'r',
            '\u{1b}' => 'e',
            '"' => '"',
            '\\' => '\\',
            '\u{85}' => 'N',
            '\u{a0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => return self.numeric_escape(u32::from(character)),
        };
        self.put('\\');
        self.put(letter);
    }

    fn numeric_escape(&mut self, code: u32) {
        let text = match code {
            0..=0xff => format!("\\x{code:02X}"),
            0x100..=0xffff => format!("\\u{code:04X}"),
            _ => format!("\\U{code:08X}"),
        };
        for character in text.chars() {
            self.put(character);
        }
    }

    pub(super) fn literal(&mut self, text: &str) {
        self.indicator("|", true, false, false);
        self.literal_hints(text);
        self.line_break();
        self.indention = true;
        self.whitespace = true;
        for line in text.split_inclusive(is_break) {
            let (words, line_break) = match line.chars().next_back() {
                Some(last) if is_break(last) => (&line[..line.len() - last.len_utf8()], Some(last)),
                _ => (line, None),
            };
            if !words.is_empty() {
                self.start_line();
                self.out.push_str(words);
                self.column += words.chars().count();
                self.indention = false;
            }
            if let Some(line_break) = line_break {
                self.copy_break(line_break);
                self.indention = true;
            }
        }
    }

    /// The digit for a first line that starts with a blank, and what becomes of the last breaks.
    fn literal_hints(&mut self, text: &str) {
        if text.starts_with(|first| first == ' ' || is_break(first)) {
            self.indicator(&STEP.to_string(), false, false, false);
        }
        let mut from_end = text.chars().rev();
        match (from_end.next(), from_end.next()) {
            (Some(last), _) if !is_break(last) => self.indicator("-", false, false, false),
            (Some(_), Some(before)) if !is_break(before) => {}
            _ => self.indicator("+", false, false, false),
        }
    }

    fn put(&mut self, character: char) {
        self.out.push(character);
        self.column += 1;
    }

    fn line_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
    }

    fn copy_break(&mut self, character: char) {
        self.out.push(character);
        self.column = 0;
    }
}

/// A text in double quotes, on one line.
pub(in crate::yaml) fn double_quoted(text: &str) -> String {
    let mut writer = Writer::new(usize::MAX);
    writer.double_quoted(text, false);
    writer.out
}

/// What follows the `|` or `>` of a text.
pub(in crate::yaml) fn block_hints(text: &str) -> String {
    if text.is_empty() {
        return "-".to_owned();
    }
    let mut writer = Writer::new(usize::MAX);
    writer.literal_hints(text);
    writer.out
}

/// Whether a character cannot stand for itself in double quotes.
fn needs_escape(character: char) -> bool {
    !is_printable(character) || is_break(character) || matches!(character, '"' | '\\')
}
