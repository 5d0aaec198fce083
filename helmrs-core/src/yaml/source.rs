//! Bytes into the text that the scanner reads.

use std::borrow::Cow;

/// A text as far as it is one.
pub(super) struct Source<'t> {
    pub(super) text: Cow<'t, str>,
    /// What is wrong with the byte after the text.
    pub(super) fault: Option<Fault>,
}

/// A byte that cannot be read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault {
    /// How far a scanner can look before it meets the fault.
    pub(super) from: usize,
    pub(super) problem: &'static str,
}

/// How many bytes go-yaml decodes at a time; a fault shows when its block is reached.
const BLOCK: usize = 512;

impl<'t> Source<'t> {
    /// Decodes UTF-8, or UTF-16 with a byte order mark.
    // Parity: go-yaml v2, readerc.go, yaml_parser_update_buffer.
    pub(super) fn new(bytes: &'t [u8]) -> Self {
        match bytes {
            [0xff, 0xfe, rest @ ..] => Self::from_utf16(rest, u16::from_le_bytes),
            [0xfe, 0xff, rest @ ..] => Self::from_utf16(rest, u16::from_be_bytes),
            [0xef, 0xbb, 0xbf, rest @ ..] => Self::from_utf8(rest),
            _ => Self::from_utf8(bytes),
        }
    }

    fn from_utf8(bytes: &'t [u8]) -> Self {
        let (valid, problem) = match std::str::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let (valid, rest) = bytes.split_at(error.valid_up_to());
                (
                    std::str::from_utf8(valid).unwrap_or_default(),
                    Some(utf8_problem(rest)),
                )
            }
        };
        let (text, problem) = match first_control(valid) {
            Some(at) => (&valid[..at], Some(CONTROL)),
            None => (valid, problem),
        };
        let fault = problem.map(|problem| Fault {
            // A sequence cut off shows only when more is asked for.
            from: if problem == INCOMPLETE {
                text.len()
            } else {
                block_start(text)
            },
            problem,
        });
        Self {
            text: Cow::Borrowed(text),
            fault,
        }
    }

    fn from_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Self {
        let mut text = String::new();
        let mut problem = None;
        let units = bytes.chunks(2).map(|pair| match pair {
            [a, b] => Some(unit([*a, *b])),
            _ => None,
        });
        if !bytes.len().is_multiple_of(2) {
            problem = Some("incomplete UTF-16 character");
        }
        for character in char::decode_utf16(units.flatten()) {
            match character {
                Ok(character) if is_allowed(character) => text.push(character),
                Ok(_) => problem = Some(CONTROL),
                Err(error) if error.unpaired_surrogate() >= 0xdc00 => {
                    problem = Some("unexpected low surrogate area");
                }
                Err(_) => problem = Some("expected low surrogate area"),
            }
        }
        let fault = problem.map(|problem| Fault { from: 0, problem });
        Self {
            text: Cow::Owned(text),
            fault,
        }
    }
}

const INCOMPLETE: &str = "incomplete UTF-8 octet sequence";
const CONTROL: &str = "control characters are not allowed";

/// Where the first character stands that YAML 1.1 does not know.
fn first_control(text: &str) -> Option<usize> {
    let plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r');
    // Without an early end in the inner loop many bytes are looked at together.
    let all_plain = |block: &[u8]| block.iter().fold(true, |all, byte| all & plain(byte));
    let blocks = text.as_bytes().chunks(BLOCK);
    let passed = blocks.take_while(|block| all_plain(block)).count() * BLOCK;
    let rest = text.as_bytes().get(passed..)?;
    let start = passed + rest.iter().position(|byte| !plain(byte))?;
    let mut characters = text[start..].char_indices();
    let (at, _) = characters.find(|&(_, character)| !is_allowed(character))?;
    Some(start + at)
}

/// The characters that YAML 1.1 knows.
fn is_allowed(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' => true,
        _ => character >= '\u{a0}' && !matches!(character, '\u{fffe}' | '\u{ffff}'),
    }
}

/// Go's words for what is wrong with the first bytes.
fn utf8_problem(bytes: &[u8]) -> &'static str {
    let width = match bytes.first() {
        Some(0xc0..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf7) => 4,
        _ => return "invalid leading UTF-8 octet",
    };
    let Some(sequence) = bytes.get(..width) else {
        return INCOMPLETE;
    };
    if sequence[1..].iter().any(|byte| byte & 0xc0 != 0x80) {
        return "invalid trailing UTF-8 octet";
    }
    match (sequence[0], sequence[1]) {
        (0xc0 | 0xc1, _) | (0xe0, 0x80..=0x9f) | (0xf0, 0x80..=0x8f) => {
            "invalid length of a UTF-8 sequence"
        }
        _ => "invalid Unicode character",
    }
}

/// Where the block starts that holds the end of a text.
fn block_start(text: &str) -> usize {
    let mut start = 0;
    for (at, character) in text.char_indices() {
        if at + character.len_utf8() > start + BLOCK {
            start = at;
        }
    }
    if text.len() >= start + BLOCK {
        text.len()
    } else {
        start
    }
}
