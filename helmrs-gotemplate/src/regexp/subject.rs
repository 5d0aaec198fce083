//! A text as expressions see it: characters, whatever its bytes are.

use std::ops::Range;

/// What stands for a byte that belongs to no character.
const REPLACEMENT: &str = "\u{fffd}";

/// A text to be matched.
// Parity: Go, regexp/regexp.go, inputString.step: a byte that is no UTF-8 is the character U+FFFD, one byte long.
pub(super) struct Subject<'t> {
    text: &'t [u8],
    /// The text with a character for each such byte; empty if it has none.
    repaired: Vec<u8>,
    /// Where these characters begin there.
    repairs: Vec<usize>,
}

impl<'t> Subject<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        let mut subject = Self {
            text,
            repaired: Vec::new(),
            repairs: Vec::new(),
        };
        if std::str::from_utf8(text).is_err() {
            subject.repair();
        }
        subject
    }

    fn repair(&mut self) {
        for chunk in self.text.utf8_chunks() {
            self.repaired.extend_from_slice(chunk.valid().as_bytes());
            for _ in chunk.invalid() {
                self.repairs.push(self.repaired.len());
                self.repaired.extend_from_slice(REPLACEMENT.as_bytes());
            }
        }
    }

    /// The text to match, of nothing but characters.
    pub(super) fn characters(&self) -> &[u8] {
        if self.repairs.is_empty() {
            self.text
        } else {
            &self.repaired
        }
    }

    /// Where a match lies in the text itself.
    pub(super) fn original(&self, found: Range<usize>) -> Range<usize> {
        self.position(found.start)..self.position(found.end)
    }

    fn position(&self, repaired: usize) -> usize {
        let before = self.repairs.partition_point(|start| *start < repaired);
        repaired - before * (REPLACEMENT.len() - 1)
    }

    /// The bytes of the text itself that a match consists of.
    pub(super) fn cut(&self, found: Range<usize>) -> &[u8] {
        &self.text[self.original(found)]
    }
}
