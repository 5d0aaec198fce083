//! Percent-encoding, each part of a URL by its own rules.

use std::fmt::Write as _;

use crate::number::quote;

/// A part of a URL; each lets other characters stand as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The path.
    Path,
    /// One segment of a path.
    PathSegment,
    /// Host and port.
    Host,
    /// The zone of an IPv6 address.
    Zone,
    /// A user's name or password.
    User,
    /// A key or value of the query.
    Query,
    /// The fragment.
    Fragment,
}

/// Why a part of a URL cannot be decoded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EscapeError {
    /// A percent sign without two hexadecimal digits, or one that may not be used there.
    #[error("invalid URL escape {}", quote(.0))]
    Escape(Vec<u8>),
    /// A character that no host has.
    #[error("invalid character {} in host name", quote(&[*.0]))]
    Host(u8),
}

/// Whether a byte must be encoded in a part. Parity: Go, net/url, `shouldEscape`.
fn must_escape(byte: u8, part: Part) -> bool {
    if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
        return false;
    }
    if matches!(part, Part::Host | Part::Zone) && b"!$&'()*+,;=:[]<>\"".contains(&byte) {
        return false;
    }
    if b"$&+,/:;=?@".contains(&byte) {
        return match part {
            Part::Path => byte == b'?',
            Part::PathSegment => b"/;,?".contains(&byte),
            Part::User => b"@/?:".contains(&byte),
            Part::Fragment => false,
            Part::Query | Part::Host | Part::Zone => true,
        };
    }
    !(part == Part::Fragment && b"!()*".contains(&byte))
}

/// Encodes a part of a URL.
pub fn escape(text: &[u8], part: Part) -> Vec<u8> {
    let mut output = String::with_capacity(text.len());
    for byte in text {
        if *byte == b' ' && part == Part::Query {
            output.push('+');
        } else if must_escape(*byte, part) {
            let _ = write!(output, "%{byte:02X}");
        } else {
            output.push(char::from(*byte));
        }
    }
    output.into_bytes()
}

/// Decodes a part of a URL.
pub fn unescape(text: &[u8], part: Part) -> Result<Vec<u8>, EscapeError> {
    let mut output = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        match byte {
            b'%' => {
                output.push(decode(rest, part)?);
                rest = &rest[3..];
                continue;
            }
            b'+' if part == Part::Query => output.push(b' '),
            other
                if matches!(part, Part::Host | Part::Zone)
                    && other.is_ascii()
                    && must_escape(*other, part) =>
            {
                return Err(EscapeError::Host(*other));
            }
            other => output.push(*other),
        }
        rest = after;
    }
    Ok(output)
}

/// The byte that an escape at the start of a text stands for.
fn decode(text: &[u8], part: Part) -> Result<u8, EscapeError> {
    let escaped = &text[..text.len().min(3)];
    let error = || EscapeError::Escape(escaped.to_vec());
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let [_, high, low] = escaped else {
        return Err(error());
    };
    let value = digit(*high)
        .zip(digit(*low))
        .map(|(high, low)| high << 4 | low)
        .ok_or_else(error)?;
    let percent = escaped == b"%25";
    let refused = match part {
        Part::Host => value.is_ascii() && !percent,
        Part::Zone => !percent && value != b' ' && must_escape(value, Part::Host),
        _ => false,
    };
    if refused { Err(error()) } else { Ok(value) }
}
