//! IP addresses as Go's `net/netip` reads them.

use crate::number::quote;

/// Why a text is not an address, in Go's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("ParseAddr({}): {problem}{}", quote(.text.as_bytes()), place(.rest))]
pub struct AddressError {
    text: String,
    problem: &'static str,
    rest: String,
}

/// The two kinds of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Four decimals.
    V4,
    /// Eight groups of hexadecimal digits, perhaps with a zone.
    V6,
}

/// Reads an address: `netip.ParseAddr`.
pub fn parse(text: &str) -> Result<Family, AddressError> {
    let (address, zone) = match text.split_once('%') {
        Some((address, zone)) => (address, Some(zone)),
        None => (text, None),
    };
    // The first of these characters decides what an address is.
    let parsed = match text.chars().find(|c| ".:%".contains(*c)) {
        Some('.') => dotted(text).map(|()| Family::V4),
        Some('%') => Err(("missing IPv6 address", "")),
        None => Err(("unable to parse IP", "")),
        Some(_) if zone == Some("") => Err(("zone must be a non-empty string", "")),
        Some(_) => groups(address).map(|()| Family::V6),
    };
    parsed.map_err(|(problem, rest)| AddressError {
        text: text.to_owned(),
        problem,
        rest: rest.to_owned(),
    })
}

fn place(rest: &str) -> String {
    if rest.is_empty() {
        return String::new();
    }
    format!(" (at {})", quote(rest.as_bytes()))
}

/// Groups of hexadecimal digits between colons; what is wrong, and where.
// Parity: Go, net/netip, parseIPv6.
fn groups(address: &str) -> Result<(), (&'static str, &str)> {
    let mut rest = address;
    let (mut bytes, mut has_ellipsis) = (0, false);
    if let Some(after) = rest.strip_prefix("::") {
        (rest, has_ellipsis) = (after, true);
        if rest.is_empty() {
            return Ok(());
        }
    }
    while bytes < 16 {
        let hexadecimal = rest.bytes().take_while(u8::is_ascii_hexdigit).count();
        if hexadecimal > 4 {
            return Err(("each group must have 4 or less digits", rest));
        }
        if hexadecimal == 0 {
            return Err((
                "each colon-separated field must have at least one digit",
                rest,
            ));
        }
        if rest[hexadecimal..].starts_with('.') {
            if !has_ellipsis && bytes != 12 {
                let problem =
                    "embedded IPv4 address must replace the final 2 fields of the address";
                return Err((problem, rest));
            }
            if bytes + 4 > 16 {
                let problem =
                    "too many hex fields to fit an embedded IPv4 at the end of the address";
                return Err((problem, rest));
            }
            dotted(rest)?;
            (rest, bytes) = ("", bytes + 4);
            break;
        }
        bytes += 2;
        rest = &rest[hexadecimal..];
        if rest.is_empty() {
            break;
        }
        let Some(after) = rest.strip_prefix(':') else {
            return Err(("unexpected character, want colon", rest));
        };
        if after.is_empty() {
            return Err(("colon must be followed by more characters", rest));
        }
        rest = after;
        if let Some(after) = rest.strip_prefix(':') {
            if has_ellipsis {
                return Err(("multiple :: in address", rest));
            }
            (rest, has_ellipsis) = (after, true);
            if rest.is_empty() {
                break;
            }
        }
    }
    match (rest, bytes, has_ellipsis) {
        ("", 16, true) => Err(("the :: must expand to at least one field of zeros", "")),
        ("", 16, false) | ("", _, true) => Ok(()),
        ("", _, false) => Err(("address string too short", "")),
        (rest, ..) => Err(("trailing garbage after address", rest)),
    }
}

/// Four decimals between dots.
// Parity: Go, net/netip, parseIPv4Fields.
fn dotted(text: &str) -> Result<(), (&'static str, &str)> {
    let (mut value, mut length, mut position) = (0_u32, 0, 0);
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'0'..=b'9' => {
                if length == 1 && value == 0 {
                    return Err(("IPv4 field has octet with leading zero", ""));
                }
                value = value * 10 + u32::from(byte - b'0');
                length += 1;
                if value > 255 {
                    return Err(("IPv4 field has value >255", ""));
                }
            }
            b'.' if length == 0 || index + 1 == text.len() => {
                return Err(("IPv4 field must have at least one digit", &text[index..]));
            }
            b'.' if position == 3 => return Err(("IPv4 address too long", "")),
            b'.' => (value, length, position) = (0, 0, position + 1),
            _ => {
                return Err((
                    "unexpected character",
                    text.get(index..).unwrap_or_default(),
                ));
            }
        }
    }
    if position < 3 {
        return Err(("IPv4 address too short", ""));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Family, parse};

    #[test]
    fn addresses_are_told_apart() {
        assert_eq!(parse("10.0.0.1"), Ok(Family::V4));
        for text in [
            "::",
            "::1",
            "1:2:3:4:5:6:7:8",
            "::ffff:1.2.3.4",
            "fe80::1%eth0",
        ] {
            assert_eq!(parse(text), Ok(Family::V6), "{text}");
        }
    }

    #[test]
    fn problems_are_worded_as_go_words_them() {
        for (text, problem) in [
            ("", r#"ParseAddr(""): unable to parse IP"#),
            ("zz", r#"ParseAddr("zz"): unable to parse IP"#),
            ("1:2", r#"ParseAddr("1:2"): address string too short"#),
            (
                "1::2::3",
                r#"ParseAddr("1::2::3"): multiple :: in address (at ":3")"#,
            ),
            (
                "::%",
                r#"ParseAddr("::%"): zone must be a non-empty string"#,
            ),
            (
                "1.2.3.400",
                r#"ParseAddr("1.2.3.400"): IPv4 field has value >255"#,
            ),
            (
                "12345::",
                r#"ParseAddr("12345::"): each group must have 4 or less digits (at "12345::")"#,
            ),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), problem);
        }
    }
}
