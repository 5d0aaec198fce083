//! PEM: DER in its armour of base64.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::encoding::base64_go;

/// One block: what it says it is, and its bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) label: Vec<u8>,
    pub(super) der: Vec<u8>,
}

const START: &[u8] = b"\n-----BEGIN ";
const END: &[u8] = b"\n-----END ";
const DASHES: &[u8] = b"-----";

/// The first block of a text that is whole, if there is one.
///
/// Parity: Go, encoding/pem, Decode.
pub(super) fn decode(text: &[u8]) -> Option<Block> {
    let mut rest = text;
    loop {
        rest = match rest.strip_prefix(&START[1..]) {
            Some(after) => after,
            None => &rest[find(rest, START)? + START.len()..],
        };
        let (line, after) = first_line(rest);
        rest = after;
        let Some(label) = line.strip_suffix(DASHES) else {
            continue;
        };
        let mut headers = false;
        loop {
            if rest.is_empty() {
                return None;
            }
            let (line, after) = first_line(rest);
            if !line.contains(&b':') {
                break;
            }
            headers = true;
            rest = after;
        }
        if let Some(der) = body(rest, label, headers) {
            let label = label.to_vec();
            return Some(Block { label, der });
        }
    }
}

/// The bytes of a block from behind its headers, if it ends as it began.
fn body(text: &[u8], label: &[u8], headers: bool) -> Option<Vec<u8>> {
    let (encoded, trailer) = match text.strip_prefix(&END[1..]) {
        Some(trailer) if !headers => (&[][..], trailer),
        _ => {
            let end = find(text, END)?;
            (&text[..end], &text[end + END.len()..])
        }
    };
    let trailer = trailer.strip_prefix(label)?.strip_prefix(DASHES)?;
    if !first_line(trailer).0.is_empty() {
        return None;
    }
    let encoded: Vec<u8> = encoded
        .iter()
        .copied()
        .filter(|byte| !matches!(byte, b' ' | b'\t'))
        .collect();
    base64_go::decode(&encoded).ok()
}

/// A line without its end and the spaces before that, and what follows it.
fn first_line(text: &[u8]) -> (&[u8], &[u8]) {
    let (mut line, rest) = match text.iter().position(|byte| *byte == b'\n') {
        Some(end) => {
            let line = &text[..end];
            (line.strip_suffix(b"\r").unwrap_or(line), &text[end + 1..])
        }
        None => (text, &[][..]),
    };
    while let [before @ .., b' ' | b'\t'] = line {
        line = before;
    }
    (line, rest)
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, what)
}

/// A block as text.
pub(super) fn encode(label: &str, der: &[u8]) -> String {
    let mut output = format!("-----BEGIN {label}-----\n");
    for line in STANDARD.encode(der).as_bytes().chunks(64) {
        output.extend(line.iter().map(|byte| char::from(*byte)));
        output.push('\n');
    }
    let _ = writeln!(output, "-----END {label}-----");
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(label: &str, der: &[u8]) -> Option<Block> {
        Some(Block {
            label: label.as_bytes().to_vec(),
            der: der.to_vec(),
        })
    }

    #[test]
    fn what_was_written_is_read() {
        let text = encode("A KEY", &[7; 100]);
        assert_eq!(decode(text.as_bytes()), block("A KEY", &[7; 100]));
        assert_eq!(decode(encode("A", &[]).as_bytes()), block("A", &[]));
    }

    #[test]
    fn text_around_a_block_and_headers_in_it_are_passed_over() {
        let text = b"words\r\n-----BEGIN A-----\r\nx: y\r\n\r\nAA ==\r\n-----END A----- \r\nmore";
        assert_eq!(decode(text), block("A", &[0]));
    }

    #[test]
    fn a_block_that_is_broken_gives_way_to_the_next() {
        let text =
            b"-----BEGIN A-----\nA*==\n-----END A-----\n-----BEGIN B-----\nAA==\n-----END B-----";
        assert_eq!(decode(text), block("B", &[0]));
        assert_eq!(decode(b" -----BEGIN A-----\nAA==\n-----END A-----"), None);
        assert_eq!(decode(b"-----BEGIN A-----\nAA==\n-----END B-----"), None);
        assert_eq!(decode(b"-----BEGIN A-----"), None);
    }
}
