//! Text that is signed and stays readable.
// Parity: ProtonMail/go-crypto, openpgp/clearsign/clearsign.go.

use super::armor::Armored;

const START: &[u8] = b"-----BEGIN PGP SIGNED MESSAGE-----";
const SIGNATURE: &[u8] = b"-----BEGIN PGP SIGNATURE-----";
const END: &[u8] = b"\n-----END PGP SIGNATURE-----";
/// Put before lines that begin with a dash.
const ESCAPE: &[u8] = b"- ";
/// What the one header may name.
const HASHES: [&str; 9] = [
    "MD5",
    "SHA1",
    "RIPEMD160",
    "SHA224",
    "SHA256",
    "SHA384",
    "SHA512",
    "SHA3-256",
    "SHA3-512",
];

/// A text and the signature below it.
pub(super) struct SignedText<'a> {
    /// The text, with `\n` between its lines.
    pub(super) plain: Vec<u8>,
    /// The text, with `\r\n` between its lines: what is signed.
    pub(super) signed: Vec<u8>,
    pub(super) signature: Armored<'a>,
}

impl<'a> SignedText<'a> {
    /// Finds the first signed text, if it is complete.
    pub(super) fn find(data: &'a [u8]) -> Option<Self> {
        let start = if data.starts_with(START) {
            START.len()
        } else {
            let before = [b"\n", START].concat();
            memchr::memmem::find(data, &before)? + before.len()
        };
        let (suffix, mut rest) = split_line(&data[start..]);
        if !suffix.is_empty() {
            return None;
        }
        loop {
            if rest.is_empty() {
                return None;
            }
            let line;
            (line, rest) = split_line(rest);
            if line.trim_ascii().is_empty() {
                break;
            }
            check_header(line)?;
        }
        let (lines, armored) = split_text(rest)?;
        Some(Self {
            plain: lines.join(&b'\n'),
            signed: lines.join(&b"\r\n"[..]),
            signature: Armored::find(armored)?,
        })
    }
}

/// Splits the lines of the text from the armored signature.
fn split_text(mut rest: &[u8]) -> Option<(Vec<&[u8]>, &[u8])> {
    let mut lines = Vec::new();
    loop {
        let start = rest;
        let line;
        (line, rest) = split_line(rest);
        if line.is_empty() && rest.is_empty() {
            return None;
        }
        if line == SIGNATURE {
            // Parity: a message without a single line makes the reference panic.
            let end = memchr::memmem::find(start, END)? + END.len();
            let ends = start[end..]
                .iter()
                .take_while(|byte| matches!(byte, b'\r' | b'\n'));
            return Some((lines, &start[..end + ends.count()]));
        }
        let line = line.strip_prefix(ESCAPE).unwrap_or(line);
        lines.push(trim_end(line, b" \t"));
    }
}

/// The first line without its end, and what comes after it.
fn split_line(data: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memchr(b'\n', data) {
        None => (data, &[]),
        Some(end) => {
            let line = &data[..end];
            (line.strip_suffix(b"\r").unwrap_or(line), &data[end + 1..])
        }
    }
}

/// Only hashes may be named before the text, and only known ones.
fn check_header(line: &[u8]) -> Option<()> {
    let line = std::str::from_utf8(line).ok()?;
    if !line.bytes().all(|byte| (0x20..=0x7e).contains(&byte)) {
        return None;
    }
    let (key, value) = line.split_once(':')?;
    let is_known = |name: &str| HASHES.contains(&name.trim().to_ascii_uppercase().as_str());
    (key.trim() == "Hash" && value.split(',').all(is_known)).then_some(())
}

fn trim_end<'a>(line: &'a [u8], blanks: &[u8]) -> &'a [u8] {
    let is_text = |byte: &u8| !blanks.contains(byte);
    let length = line.iter().rposition(is_text).map_or(0, |last| last + 1);
    &line[..length]
}

/// The lines of a text as they are signed: without blanks at their ends.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n')
        .map(|line| trim_end(line, b" \t\r"))
}

/// The bytes that a signature over a text is made of.
pub(super) fn to_sign(text: &[u8]) -> Vec<u8> {
    lines(text).collect::<Vec<_>>().join(&b"\r\n"[..])
}

/// Puts a text and its armored signature together.
pub(super) fn encode(text: &[u8], hash: Option<&str>, signature: &str) -> Vec<u8> {
    let mut encoded = [START, b"\n"].concat();
    if let Some(hash) = hash {
        encoded.extend([b"Hash: ", hash.as_bytes(), b"\n"].concat());
    }
    encoded.push(b'\n');
    for line in lines(text) {
        if line.starts_with(b"-") {
            encoded.extend_from_slice(ESCAPE);
        }
        encoded.extend_from_slice(line);
        encoded.push(b'\n');
    }
    encoded.extend_from_slice(signature.as_bytes());
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provenance::armor;
    use crate::provenance::source::Source;

    #[test]
    fn what_was_put_together_comes_apart() {
        let text = b"- a \n\n\tb\t\r\n-----BEGIN PGP SIGNATURE-----\n";
        let encoded = encode(text, Some("SHA512"), &armor::encode(b"sig"));
        assert!(encoded.starts_with(
            b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n- - a\n\n\tb\n- -----BEGIN"
        ));
        let mut found = SignedText::find(&encoded).unwrap();
        assert_eq!(found.plain, b"- a\n\n\tb\n-----BEGIN PGP SIGNATURE-----\n");
        assert_eq!(found.signed, to_sign(text));
        assert_eq!(found.signature.rest().unwrap(), b"sig");
    }

    #[test]
    fn other_headers_and_missing_ends_are_refused() {
        let encoded = encode(b"a", Some("SHA512"), &armor::encode(b"sig"));
        let text = String::from_utf8(encoded.clone()).unwrap();
        for (from, to) in [
            ("Hash: SHA512", "Comment: x"),
            ("Hash: SHA512", "Hash: SHA512, WHIRLPOOL"),
            ("Hash: SHA512", "Hash\u{e9}: SHA512"),
            ("MESSAGE-----", "MESSAGE----- "),
            ("-----END", "----END"),
        ] {
            let broken = text.replace(from, to);
            assert!(SignedText::find(broken.as_bytes()).is_none(), "{broken}");
        }
        for length in 0..encoded.len() {
            assert!(SignedText::find(&encoded[..length]).is_none());
        }
    }
}
