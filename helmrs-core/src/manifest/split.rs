//! A stream of YAML documents into single ones.

use std::ops::Range;

/// What separates documents at the start of a line.
const DASHES: &[u8] = b"---";

/// The documents of a stream, in order, each without the white space before it; blank ones are left out.
///
/// A document ends at a line that begins with three dashes, whatever follows them: `---apiVersion: v1` begins a document
/// at `apiVersion`. The white space at a document's end stays, so that written out again it looks as it did.
///
/// # Examples
///
/// ```
/// use helmrs_core::manifest::split;
///
/// let documents = split::documents("---\na: 1\n\n---\n\n---kind: Pod\n");
/// assert_eq!(documents, ["a: 1\n\n", "kind: Pod\n"]);
/// ```
pub fn documents(stream: &str) -> Vec<&str> {
    ranges(stream.as_bytes())
        .into_iter()
        .map(|range| &stream[range])
        .collect()
}

/// As [`documents`], for a stream that need not be UTF-8.
pub fn documents_in_bytes(stream: &[u8]) -> Vec<&[u8]> {
    ranges(stream)
        .into_iter()
        .map(|range| &stream[range])
        .collect()
}

/// Where the documents of a stream are.
// Parity: Helm, pkg/release/v1/util/manifest.go, SplitManifests.
fn ranges(stream: &[u8]) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut at = skip_space(stream, 0);
    loop {
        let separator = separator(stream, at);
        let end = separator.unwrap_or(stream.len());
        let start = skip_space(&stream[..end], at);
        if start < end {
            ranges.push(start..end);
        }
        let Some(separator) = separator else {
            return ranges;
        };
        at = separator + DASHES.len();
        while matches!(stream.get(at), Some(b' ' | b'\t')) {
            at += 1;
        }
    }
}

/// Where the first separator from a place on is.
fn separator(stream: &[u8], from: usize) -> Option<usize> {
    if stream[from..].starts_with(DASHES) {
        return Some(from);
    }
    memchr::memmem::find(&stream[from..], b"\n---").map(|found| from + found + 1)
}

/// Where the first character from a place on is that is no white space.
fn skip_space(text: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(character) = first_character(&text[at..])
        && character.is_whitespace()
    {
        at += character.len_utf8();
    }
    at
}

/// The first character of a text, if it begins with one.
fn first_character(text: &[u8]) -> Option<char> {
    let longest = &text[..text.len().min(4)];
    longest.utf8_chunks().next()?.valid().chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_the_dashes_belongs_to_the_next_document() {
        assert_eq!(documents("--- # why\na: 1\n"), ["# why\na: 1\n"]);
        assert_eq!(documents("a: 1\n----\nb: 2\n"), ["a: 1\n", "-\nb: 2\n"]);
        assert_eq!(documents("a: 1\n------\nb: 2\n"), ["a: 1\n", "b: 2\n"]);
    }

    #[test]
    fn bytes_that_are_no_utf_8_are_kept() {
        assert_eq!(
            documents_in_bytes(b"\xc2\xa0\xff: 1\n---\n\xc3"),
            [b"\xff: 1\n".as_slice(), b"\xc3"]
        );
    }

    #[test]
    fn indented_dashes_are_text() {
        assert_eq!(
            documents("a: |\n  b\n  ---\n  c\n"),
            ["a: |\n  b\n  ---\n  c\n"]
        );
    }

    #[test]
    fn trailing_blank_lines_and_carriage_returns_stay() {
        assert_eq!(
            documents("\r\n---\r\na: 1\r\n\r\n---\r\nb: 2"),
            ["a: 1\r\n\r\n", "b: 2"]
        );
    }

    #[test]
    fn blank_documents_are_left_out_but_comments_are_not() {
        assert_eq!(documents("---\n---  \n \n---\n# only\n---"), ["# only\n"]);
        assert!(documents(" \n\t").is_empty());
    }
}
