//! Signatures as text: base64 between two marks.
// Parity: ProtonMail/go-crypto, openpgp/armor/{armor,encode}.go, and Go, bufio and encoding/base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::OpenPgpError;
use super::source::Source;

const START: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const MARK: &[u8] = b"-----";
/// How much of a line is read at once.
const BUFFER: usize = 100;
/// The longest line of base64.
const LONGEST_LINE: usize = 96;
/// The width of the lines that are written.
const WIDTH: usize = 64;

/// Wraps a signature packet; neither a checksum nor a line end comes after it.
pub(super) fn encode(packet: &[u8]) -> String {
    let mut text = String::from("-----BEGIN PGP SIGNATURE-----\n\n");
    for line in STANDARD.encode(packet).as_bytes().chunks(WIDTH) {
        text.extend(line.iter().map(|byte| char::from(*byte)));
        text.push('\n');
    }
    text.push_str("-----END PGP SIGNATURE-----");
    text
}

/// The bytes of an armored block, decoded as they are read.
pub(super) struct Armored<'a> {
    /// What the block is said to be.
    pub(super) kind: &'a [u8],
    lines: Lines<'a>,
    /// The rest of a line.
    line: &'a [u8],
    is_over: bool,
    /// Characters that make no group of four yet.
    characters: Vec<u8>,
    /// Decoded bytes nobody has taken yet.
    decoded: Vec<u8>,
    problem: Option<OpenPgpError>,
}

impl<'a> Armored<'a> {
    /// Finds the first block of a text.
    pub(super) fn find(text: &'a [u8]) -> Option<Self> {
        let mut lines = Lines::new(text);
        loop {
            let kind = lines.find_start()?;
            if lines.pass_headers()? {
                return Some(Self {
                    kind,
                    lines,
                    line: &[],
                    is_over: false,
                    characters: Vec::new(),
                    decoded: Vec::new(),
                    problem: None,
                });
            }
        }
    }

    /// What comes after the block, as far as nobody has looked at it yet.
    pub(super) fn after(&self) -> &'a [u8] {
        &self.lines.text[self.lines.end..]
    }

    /// Characters of base64, up to as many as fit; none at the end.
    fn characters(&mut self, most: usize) -> Result<&'a [u8], OpenPgpError> {
        while self.line.is_empty() && !self.is_over {
            let Some((line, is_part)) = self.lines.next() else {
                return Ok(&[]);
            };
            let line = line.trim_ascii();
            let is_checksum = line.len() == 5 && line[0] == b'=';
            if line.len() > LONGEST_LINE || is_part {
                return Err(OpenPgpError::structure("armor invalid"));
            }
            if line.starts_with(END) || is_checksum {
                self.is_over = true;
            } else {
                self.line = line;
            }
        }
        let (characters, rest) = self.line.split_at(most.min(self.line.len()));
        self.line = rest;
        Ok(characters)
    }

    /// Reads and decodes at least one group of four characters, and not many more than are wanted.
    // Parity: Go, encoding/base64, decoder.Read: an illegal character is counted from what was decoded at once.
    fn decode(&mut self, wanted: usize) -> Result<(), OpenPgpError> {
        let most = (wanted / 3 * 4).clamp(4, 1024);
        while self.characters.len() < 4 {
            let characters = self.characters(most - self.characters.len())?;
            if characters.is_empty() {
                return if self.characters.is_empty() {
                    Ok(())
                } else {
                    Err(OpenPgpError::Truncated)
                };
            }
            self.characters.extend_from_slice(characters);
        }
        let whole = self.characters.len() / 4 * 4;
        let (decoded, problem) = decode_groups(&self.characters[..whole]);
        self.characters.drain(..whole);
        self.decoded = decoded;
        self.problem = problem;
        Ok(())
    }
}

impl Source for Armored<'_> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize, OpenPgpError> {
        if self.decoded.is_empty() {
            if let Some(problem) = &self.problem {
                return Err(problem.clone());
            }
            if let Err(problem) = self.decode(into.len()) {
                self.problem = Some(problem);
            }
            if self.decoded.is_empty()
                && let Some(problem) = &self.problem
            {
                return Err(problem.clone());
            }
        }
        let count = into.len().min(self.decoded.len());
        into[..count].copy_from_slice(&self.decoded[..count]);
        self.decoded.drain(..count);
        Ok(count)
    }
}

/// Decodes groups of four characters, up to the first that is none.
fn decode_groups(characters: &[u8]) -> (Vec<u8>, Option<OpenPgpError>) {
    let mut decoded = Vec::new();
    let mut groups = characters.chunks(4).enumerate().peekable();
    while let Some((number, group)) = groups.next() {
        let start = number * 4;
        let Ok(bytes) = STANDARD.decode(group) else {
            let place = start + illegal_character(group);
            return (decoded, Some(OpenPgpError::Base64(place)));
        };
        decoded.extend(bytes);
        if group.ends_with(b"=") && groups.peek().is_some() {
            return (decoded, Some(OpenPgpError::Base64(start + 4)));
        }
    }
    (decoded, None)
}

/// Where the first character is that makes a group none.
fn illegal_character(group: &[u8]) -> usize {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    match group.iter().position(|byte| !is_digit(byte)) {
        // One character of padding where two belong.
        Some(2) if group[2] == b'=' => 3,
        Some(place) => place,
        None => 0,
    }
}

/// The lines of a text, the long ones in pieces, through a small buffer.
///
/// What the buffer has taken up is lost to whoever looks for the next block, so its edges are kept.
// Parity: Go, bufio/bufio.go, ReadLine over a buffer of so many bytes.
struct Lines<'a> {
    text: &'a [u8],
    /// Where the next line begins.
    start: usize,
    /// Where the buffer ends.
    end: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            start: 0,
            end: 0,
        }
    }

    /// The next line or piece of one, and whether more of it comes.
    fn next(&mut self) -> Option<(&'a [u8], bool)> {
        loop {
            let buffer = &self.text[self.start..self.end];
            if let Some(length) = memchr::memchr(b'\n', buffer) {
                self.start += length + 1;
                let line = &buffer[..length];
                return Some((line.strip_suffix(b"\r").unwrap_or(line), false));
            }
            if buffer.len() == BUFFER {
                // A line end that is cut in two stays together.
                let length = BUFFER - usize::from(buffer.ends_with(b"\r"));
                self.start += length;
                return Some((&buffer[..length], true));
            }
            let free = BUFFER - buffer.len();
            let more = free.min(self.text.len() - self.end);
            if more == 0 {
                self.start = self.end;
                return (!buffer.is_empty()).then_some((buffer, false));
            }
            self.end += more;
        }
    }

    /// Passes over everything up to the mark at which a block starts; gives the block's type.
    fn find_start(&mut self) -> Option<&'a [u8]> {
        let mut is_piece = false;
        loop {
            let was_piece = is_piece;
            let line;
            (line, is_piece) = self.next()?;
            let line = line.trim_ascii();
            if !was_piece
                && !is_piece
                && line.len() > START.len() + MARK.len()
                && line.starts_with(START)
            {
                return Some(&line[START.len()..line.len() - MARK.len()]);
            }
        }
    }

    /// Passes over headers; says whether the empty line came after them.
    fn pass_headers(&mut self) -> Option<bool> {
        let mut is_piece = false;
        loop {
            let was_piece = is_piece;
            let line;
            (line, is_piece) = self.next()?;
            let line = line.trim_ascii();
            if was_piece {
                continue;
            }
            if line.is_empty() {
                return Some(true);
            }
            if !line.contains(&b':') {
                return Some(false);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<u8>, OpenPgpError> {
        Armored::find(text.as_bytes()).unwrap().rest()
    }

    #[test]
    fn what_was_encoded_is_decoded() {
        for length in [0, 1, 47, 48, 49, 300] {
            let bytes = vec![7; length];
            assert_eq!(read(&encode(&bytes)).unwrap(), bytes);
        }
    }

    #[test]
    fn headers_and_what_comes_before_are_passed_over() {
        let text =
            "x\n-----BEGIN A-----\nno header\n-----BEGIN A-----\nVersion: 1\n\nAQID\n=aaaa\n!\n";
        assert_eq!(read(text).unwrap(), [1, 2, 3]);
        assert!(Armored::find(b"-----BEGIN A-----\nVersion: 1\n").is_none());
    }

    #[test]
    fn broken_lines_are_named_as_the_reference_names_them() {
        let broken = |line: &str| read(&format!("-----BEGIN A-----\n\n{line}\n")).unwrap_err();
        assert_eq!(
            broken("AQ*D").to_string(),
            "illegal base64 data at input byte 2"
        );
        assert_eq!(broken("AQI").to_string(), "unexpected EOF");
        assert_eq!(
            broken(&"A".repeat(97)).to_string(),
            "openpgp: invalid data: armor invalid"
        );
    }
}
