//! What stands on one line: words, quoted texts that may go on over several, comments.

use std::borrow::Cow;

use memchr::memchr;

/// A key, or a value on its key's line.
#[derive(Debug)]
pub(super) enum Word<'t> {
    Plain(&'t str),
    Quoted(Cow<'t, str>),
    /// Brackets or a block text, of which nothing is passed.
    Other,
}

/// The bytes at which a plain text may end, and those that no reader of lines should see.
const STOPS: [bool; 256] = {
    let mut stops = [false; 256];
    stops[b'\n' as usize] = true;
    stops[b'\r' as usize] = true;
    stops[b'\t' as usize] = true;
    stops[b':' as usize] = true;
    stops[b'#' as usize] = true;
    let mut byte = 128;
    while byte < stops.len() {
        stops[byte] = true;
        byte += 1;
    }
    stops
};

/// Reads a text from the front.
pub(super) struct Line<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Line<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// How many bytes have been passed.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn has_more(&self) -> bool {
        self.at < self.text.len()
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.byte(self.at)
    }

    /// Passes that many bytes, which end between characters.
    pub(super) fn pass(&mut self, count: usize) {
        self.at += count;
    }

    /// Passes spaces and tells how many.
    pub(super) fn skip_spaces(&mut self) -> usize {
        let start = self.at;
        let (eights, _) = self.text.as_bytes()[start..].as_chunks();
        self.at += 8 * eights
            .iter()
            .take_while(|eight| **eight == [b' '; 8])
            .count();
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
        self.at - start
    }

    /// Whether a space, a line break or the end is at a place.
    fn is_gap(&self, at: usize) -> bool {
        matches!(self.byte(at), None | Some(b' ' | b'\n'))
    }

    /// Whether the dash of an item is next.
    pub(super) fn is_entry(&self) -> bool {
        self.peek() == Some(b'-') && self.is_gap(self.at + 1)
    }

    /// Whether three dashes or dots are next, which mean something at the start of a line.
    pub(super) fn is_marker(&self) -> bool {
        let rest = &self.text.as_bytes()[self.at..];
        rest.starts_with(b"---") || rest.starts_with(b"...")
    }

    /// Passes the bytes that the function accepts, which are ASCII.
    pub(super) fn run(&mut self, accepts: fn(u8) -> bool) -> &'t str {
        let rest = &self.text[self.at..];
        let length = rest.bytes().take_while(|&byte| accepts(byte)).count();
        self.at += length;
        &rest[..length]
    }

    /// Passes the colon behind a key.
    pub(super) fn pass_colon(&mut self) -> bool {
        let blanks = self.skip_spaces();
        if self.peek() == Some(b':') && self.is_gap(self.at + 1) {
            self.at += 1;
            return true;
        }
        self.at -= blanks;
        false
    }

    /// Passes the end of a line, if it is next.
    pub(super) fn pass_break(&mut self) -> bool {
        match self.peek() {
            None => true,
            Some(b'\n') => {
                self.at += 1;
                true
            }
            Some(_) => false,
        }
    }

    /// Passes what may stand behind everything on a line: spaces, a comment, the line's end; tells whether that was all.
    pub(super) fn end(&mut self) -> Option<bool> {
        self.skip_spaces();
        if self.peek() != Some(b'#') {
            return Some(self.pass_break());
        }
        if self.text.as_bytes()[..self.at].last() != Some(&b' ') {
            return None;
        }
        self.comment()?;
        Some(true)
    }

    /// Passes a comment and its line's end.
    pub(super) fn comment(&mut self) -> Option<()> {
        let rest = &self.text[self.at..];
        let length = memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        let comment = &rest[..length];
        if !comment.is_ascii() && comment.contains(['\u{85}', '\u{2028}', '\u{2029}'])
            || memchr(b'\r', comment.as_bytes()).is_some()
        {
            return None;
        }
        self.at += length;
        self.pass_break();
        Some(())
    }

    /// A plain or quoted text, or what else may begin a value.
    pub(super) fn word(&mut self) -> Option<Word<'t>> {
        match self.peek()? {
            b'"' => self.double_quoted().map(Word::Quoted),
            b'\'' => self.single_quoted().map(Word::Quoted),
            b'[' | b'{' | b'|' | b'>' => Some(Word::Other),
            byte if self.may_begin_plain(byte) => self.plain().map(Word::Plain),
            _ => None,
        }
    }

    fn may_begin_plain(&self, byte: u8) -> bool {
        match byte {
            b'-' => !matches!(
                self.byte(self.at + 1),
                None | Some(b' ' | b'\n' | b'\t' | b'\r')
            ),
            b'_' | b'/' | b'.' | b'$' | b'(' | b')' | b'+' | b'~' | b'<' | b'=' | b'^' | b'\\'
            | b';' => true,
            _ => byte.is_ascii_alphanumeric() || !byte.is_ascii(),
        }
    }

    /// A plain text up to a colon, a comment or the line's end.
    pub(super) fn plain(&mut self) -> Option<&'t str> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut at = start;
        loop {
            at += without_stop(&bytes[at..]);
            let rest = bytes[at..].iter();
            at += rest.take_while(|&&byte| !STOPS[usize::from(byte)]).count();
            match bytes.get(at) {
                None | Some(b'\n') => break,
                Some(b':') if self.is_gap(at + 1) => break,
                Some(b'#') if at > start && bytes[at - 1] == b' ' => break,
                Some(b'\r' | b'\t') => return None,
                Some(byte) if !byte.is_ascii() && is_odd(&bytes[at..]) => return None,
                Some(_) => at += 1,
            }
        }
        self.at = at;
        Some(self.text[start..at].trim_end_matches(' '))
    }

    /// Whether a line ended between a place and here.
    pub(super) fn has_breaks_since(&self, start: usize) -> bool {
        memchr(b'\n', &self.text.as_bytes()[start..self.at]).is_some()
    }

    fn single_quoted(&mut self) -> Option<Cow<'t, str>> {
        self.at += 1;
        let mut text = Cow::Borrowed("");
        loop {
            text += self.up_to(b'\'', b'\'')?;
            if self.peek() == Some(b'\n') {
                self.fold(&mut text, 0)?;
                continue;
            }
            self.at += 1;
            if self.peek() != Some(b'\'') {
                return Some(text);
            }
            // Two quotes are one.
            self.at += 1;
            text += "'";
        }
    }

    fn double_quoted(&mut self) -> Option<Cow<'t, str>> {
        self.at += 1;
        let mut text = Cow::Borrowed("");
        // How much of the text ends in what was escaped, and stays whatever follows.
        let mut escaped = 0;
        loop {
            text += self.up_to(b'"', b'\\')?;
            match self.peek() {
                Some(b'\n') => self.fold(&mut text, escaped)?,
                Some(b'"') => {
                    self.at += 1;
                    return Some(text);
                }
                _ => {
                    self.at += 1;
                    self.escape(&mut text)?;
                    escaped = text.len();
                }
            }
        }
    }

    /// Passes what follows a backslash.
    fn escape(&mut self, text: &mut Cow<'t, str>) -> Option<()> {
        let digits = match self.peek()? {
            b'\n' => {
                self.at += 1;
                return self.next_line();
            }
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            byte => {
                *text += match byte {
                    b'n' => "\n",
                    b't' => "\t",
                    b'r' => "\r",
                    b' ' => " ",
                    b'"' => "\"",
                    b'\\' => "\\",
                    _ => return None,
                };
                self.at += 1;
                return Some(());
            }
        };
        let start = self.at + 1;
        let code = self.text.get(start..start + digits)?;
        if !code.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let character = char::from_u32(u32::from_str_radix(code, 16).ok()?)?;
        text.to_mut().push(character);
        self.at = start + digits;
        Some(())
    }

    /// Passes the lines' ends within quotes: one is a space, of several the first counts for nothing.
    fn fold(&mut self, text: &mut Cow<'t, str>, escaped: usize) -> Option<()> {
        let kept = text[escaped..].trim_end_matches(' ').len() + escaped;
        let text = text.to_mut();
        text.truncate(kept);
        let mut breaks = 0;
        while self.peek() == Some(b'\n') {
            self.at += 1;
            breaks += 1;
            self.skip_spaces();
        }
        match breaks {
            1 => text.push(' '),
            _ => text.extend(std::iter::repeat_n('\n', breaks - 1)),
        }
        self.within_line()
    }

    /// Passes the blanks of a line that goes on where one was broken.
    fn next_line(&mut self) -> Option<()> {
        self.skip_spaces();
        if self.peek() == Some(b'\n') {
            return None;
        }
        self.within_line()
    }

    /// Whether what comes may stand within quotes: no end of the text, and nothing that ends a document.
    fn within_line(&self) -> Option<()> {
        let starts_line = self.text.as_bytes().get(self.at.checked_sub(1)?) == Some(&b'\n');
        (self.has_more() && !(starts_line && self.is_marker())).then_some(())
    }

    /// What stands on the line before the first of two bytes, or before its end.
    fn up_to(&mut self, quote: u8, escape: u8) -> Option<&'t str> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        loop {
            match *bytes.get(self.at)? {
                b'\r' | b'\t' => return None,
                byte if byte == quote || byte == escape || byte == b'\n' => {
                    return Some(&self.text[start..self.at]);
                }
                byte if !byte.is_ascii() && is_odd(&bytes[self.at..]) => return None,
                _ => self.at += 1,
            }
        }
    }
}

/// How many bytes, in steps of eight, are none at which a plain text may end.
fn without_stop(bytes: &[u8]) -> usize {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let is_plain = |eight: &&[u8; 8]| {
        let eight = u64::from_le_bytes(**eight);
        // Of bytes of ASCII, those below a limit have their high bit set by the subtraction, and so has zero.
        let is_zero = |eight: u64| eight.wrapping_sub(LOW) & !eight;
        let controls = eight.wrapping_sub(LOW * 0x20) & !eight;
        let (colons, hashes) = (LOW * u64::from(b':'), LOW * u64::from(b'#'));
        (eight | controls | is_zero(eight ^ colons) | is_zero(eight ^ hashes)) & HIGH == 0
    };
    let (eights, _) = bytes.as_chunks();
    8 * eights.iter().take_while(is_plain).count()
}

/// Whether a text begins with a line break that is no ASCII, or with a byte order mark.
fn is_odd(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [0xc2, 0x85, ..] | [0xe2, 0x80, 0xa8 | 0xa9, ..] | [0xef, 0xbb, 0xbf, ..]
    )
}
