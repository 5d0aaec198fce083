//! What a plain scalar means: YAML 1.1 as go-yaml reads it.

use super::compose::{Scalar, meaning};
use super::error::ParseError;

/// A scalar's meaning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Meaning {
    Null,
    Bool(bool),
    Integer(i64),
    Unsigned(u64),
    Float(f64),
    /// A time, which stays a text in values and is quoted in output.
    Timestamp,
    Text,
    /// Base64 text under `!!binary`.
    Binary,
}

/// Which library's table of words is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// go-yaml v2, behind `toYaml` and all reading.
    V2,
    /// go-yaml v3, behind `toYamlPretty`.
    V3,
}

const TAG_PREFIX: &str = "tag:yaml.org,2002:";

/// The meaning of a scalar as it stands in a document.
// Parity: go-yaml v2, decode.go, decoder.scalar and resolve.go, resolve.
pub(super) fn resolve(scalar: &Scalar<'_>) -> Result<Meaning, ParseError> {
    let text = scalar.text.as_ref();
    let Some(tag) = scalar.tag.as_deref() else {
        return Ok(if scalar.plain {
            plain(text, Dialect::V2)
        } else {
            Meaning::Text
        });
    };
    let Some(wanted) = tag.strip_prefix(TAG_PREFIX) else {
        return Ok(Meaning::Text);
    };
    match wanted {
        "binary" => return Ok(Meaning::Binary),
        "bool" | "int" | "float" | "null" | "timestamp" => {}
        _ => return Ok(Meaning::Text),
    }
    let found = if wanted == "timestamp" || !starts_like_a_timestamp(text) {
        plain(text, Dialect::V2)
    } else {
        number(text, Dialect::V2)
    };
    match (wanted, found) {
        ("float", Meaning::Integer(number)) => Ok(Meaning::Float(number as f64)),
        _ if tag_name(found) == wanted => Ok(found),
        _ => Err(meaning(&format!(
            "cannot decode !!{} `{text}` as a !!{wanted}",
            tag_name(found)
        ))),
    }
}

fn tag_name(meaning: Meaning) -> &'static str {
    match meaning {
        Meaning::Null => "null",
        Meaning::Bool(_) => "bool",
        Meaning::Integer(_) | Meaning::Unsigned(_) => "int",
        Meaning::Float(_) => "float",
        Meaning::Timestamp => "timestamp",
        Meaning::Text => "str",
        Meaning::Binary => "binary",
    }
}

/// The meaning of a plain text without a tag.
pub(super) fn plain(text: &str, dialect: Dialect) -> Meaning {
    match text.as_bytes().first() {
        None => Meaning::Null,
        Some(b'0'..=b'9' | b'+' | b'-') => {
            if let Some(word) = word(text, dialect) {
                word
            } else if is_timestamp(text) {
                Meaning::Timestamp
            } else {
                number(text, dialect)
            }
        }
        // No word is longer than `false`.
        Some(byte) if byte.is_ascii_alphabetic() && text.len() > 5 => Meaning::Text,
        Some(b'.') => word(text, dialect)
            .or_else(|| finite(text).map(Meaning::Float))
            .unwrap_or(Meaning::Text),
        _ => word(text, dialect).unwrap_or(Meaning::Text),
    }
}

/// The words that stand for a value.
fn word(text: &str, dialect: Dialect) -> Option<Meaning> {
    Some(match text {
        "true" | "True" | "TRUE" => Meaning::Bool(true),
        "false" | "False" | "FALSE" => Meaning::Bool(false),
        "~" | "null" | "Null" | "NULL" => Meaning::Null,
        ".nan" | ".NaN" | ".NAN" => Meaning::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Meaning::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Meaning::Float(f64::NEG_INFINITY),
        _ if dialect == Dialect::V2 => return old_bool(text).map(Meaning::Bool),
        _ => return None,
    })
}

/// The words that only YAML 1.1 takes for truth values.
pub(super) fn old_bool(text: &str) -> Option<bool> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

/// A number, with underscores anywhere, or a text.
fn number(text: &str, dialect: Dialect) -> Meaning {
    let without_underscores;
    let digits = if text.contains('_') {
        without_underscores = text.replace('_', "");
        without_underscores.as_str()
    } else {
        text
    };
    if let Some(integer) = integer(digits) {
        return integer;
    }
    if is_float(digits)
        && let Some(float) = finite(digits)
    {
        return Meaning::Float(float);
    }
    // Go's base prefixes are read above; what is left is go-yaml's own second look at `0b` and `0o`.
    let prefix = if dialect == Dialect::V3 {
        &["0b", "0o"][..]
    } else {
        &["0b"][..]
    };
    let (sign, rest) = match digits.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", digits),
    };
    for (name, radix) in prefix.iter().zip([2, 8]) {
        if let Some(rest) = rest.strip_prefix(name)
            && let Ok(integer) = i64::from_str_radix(&format!("{sign}{rest}"), radix)
        {
            return Meaning::Integer(integer);
        }
    }
    Meaning::Text
}

/// A whole number with Go's base prefixes.
// Parity: Go, strconv/atoi.go, ParseInt and ParseUint with base 0.
fn integer(text: &str) -> Option<Meaning> {
    let (negative, signed, rest) = match text.as_bytes().first()? {
        b'-' => (true, true, &text[1..]),
        b'+' => (false, true, &text[1..]),
        _ => (false, false, text),
    };
    let (radix, digits) = match rest.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &rest[2..]),
        [b'0', b'b' | b'B', ..] => (2, &rest[2..]),
        [b'0', b'o' | b'O', ..] => (8, &rest[2..]),
        [b'0', _, ..] => (8, &rest[1..]),
        _ => (10, rest),
    };
    if !digits.starts_with(|first: char| first.is_ascii_alphanumeric()) {
        return None;
    }
    let size = u64::from_str_radix(digits, radix).ok()?;
    match (negative, i64::try_from(size)) {
        (false, Ok(integer)) => Some(Meaning::Integer(integer)),
        (true, Ok(integer)) => Some(Meaning::Integer(-integer)),
        (true, Err(_)) if size == i64::MIN.unsigned_abs() => Some(Meaning::Integer(i64::MIN)),
        (false, Err(_)) if !signed => Some(Meaning::Unsigned(size)),
        _ => None,
    }
}

/// Whether the text is `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
fn is_float(text: &str) -> bool {
    let rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    let whole = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let has_whole = whole.len() < rest.len();
    let rest = match whole.strip_prefix('.') {
        Some(fraction) => {
            let after = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if !has_whole && after.len() == fraction.len() {
                return false;
            }
            after
        }
        None if has_whole => whole,
        None => return false,
    };
    let Some(exponent) = rest.strip_prefix(['e', 'E']) else {
        return rest.is_empty();
    };
    let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// A float in range; Go refuses what would be infinite.
fn finite(text: &str) -> Option<f64> {
    if !is_float(text) {
        return None;
    }
    text.parse().ok().filter(|float: &f64| float.is_finite())
}

/// Whether the text starts with four digits and a dash.
fn starts_like_a_timestamp(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits == 4 && text.as_bytes().get(4) == Some(&b'-')
}

/// Whether go-yaml takes the text for a time.
// Parity: go-yaml v2, resolve.go, parseTimestamp, and Go, time/format.go, Parse.
fn is_timestamp(text: &str) -> bool {
    if !starts_like_a_timestamp(text) {
        return false;
    }
    let mut clock = Clock {
        rest: &text.as_bytes()[5..],
    };
    let year: u32 = text[..4].parse().unwrap_or(0);
    clock.date(year).is_some_and(|()| clock.time_of_day())
}

/// Reads a time's fields off the front of a text.
struct Clock<'t> {
    rest: &'t [u8],
}

impl Clock<'_> {
    fn date(&mut self, year: u32) -> Option<()> {
        let month = self.field(1, 12)?;
        self.byte(b"-")?;
        let leap =
            year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        self.field(1, days).map(drop)
    }

    /// Nothing, a time with a zone after `T` or `t`, or one without after a blank.
    fn time_of_day(&mut self) -> bool {
        let Some((&separator, rest)) = self.rest.split_first() else {
            return true;
        };
        self.rest = rest;
        if !matches!(separator, b'T' | b't' | b' ') || self.seconds().is_none() {
            return false;
        }
        if separator != b' ' && self.zone().is_none() {
            return false;
        }
        self.rest.is_empty()
    }

    fn seconds(&mut self) -> Option<()> {
        self.field(0, 23)?;
        self.byte(b":")?;
        self.field(0, 59)?;
        self.byte(b":")?;
        self.field(0, 59)?;
        if let [b'.' | b',', b'0'..=b'9', ..] = self.rest {
            let digits = self.rest[1..]
                .iter()
                .take_while(|b| b.is_ascii_digit())
                .count();
            self.rest = &self.rest[1 + digits..];
        }
        Some(())
    }

    fn zone(&mut self) -> Option<()> {
        if self.byte(b"Z").is_some() {
            return Some(());
        }
        self.byte(b"+-")?;
        let [h1, h2, b':', m1, m2, rest @ ..] = self.rest else {
            return None;
        };
        let hours = two_digits(*h1, *h2)?;
        let minutes = two_digits(*m1, *m2)?;
        self.rest = rest;
        (hours <= 24 && minutes < 60).then_some(())
    }

    /// One or two digits within bounds.
    fn field(&mut self, least: u32, most: u32) -> Option<u32> {
        let (number, rest) = match self.rest {
            [a @ b'0'..=b'9', b @ b'0'..=b'9', rest @ ..] => (two_digits(*a, *b)?, rest),
            [a @ b'0'..=b'9', rest @ ..] => (u32::from(a - b'0'), rest),
            _ => return None,
        };
        self.rest = rest;
        (least..=most).contains(&number).then_some(number)
    }

    fn byte(&mut self, any_of: &[u8]) -> Option<()> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = any_of.contains(first).then_some(rest)?;
        Some(())
    }
}

fn two_digits(tens: u8, ones: u8) -> Option<u32> {
    (tens.is_ascii_digit() && ones.is_ascii_digit())
        .then(|| u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
}

#[cfg(test)]
mod tests {
    use super::{Dialect, Meaning, plain};

    fn v2(text: &str) -> Meaning {
        plain(text, Dialect::V2)
    }

    #[test]
    fn whole_numbers_have_go_prefixes_and_underscores() {
        assert_eq!(v2("014"), Meaning::Integer(12));
        assert_eq!(v2("0o14"), Meaning::Integer(12));
        assert_eq!(v2("0X1f"), Meaning::Integer(31));
        assert_eq!(v2("-0b101"), Meaning::Integer(-5));
        assert_eq!(v2("1_000"), Meaning::Integer(1000));
        assert_eq!(v2("18446744073709551615"), Meaning::Unsigned(u64::MAX));
        assert_eq!(v2("-9223372036854775808"), Meaning::Integer(i64::MIN));
    }

    #[test]
    fn what_is_no_octal_number_may_be_a_float() {
        assert_eq!(v2("089"), Meaning::Float(89.0));
        assert_eq!(v2("0o08"), Meaning::Text);
        assert_eq!(v2("1e999"), Meaning::Text);
        assert_eq!(v2("1_0.5"), Meaning::Float(10.5));
        assert_eq!(v2("1."), Meaning::Float(1.0));
        assert_eq!(v2("."), Meaning::Text);
        assert_eq!(v2("--1"), Meaning::Text);
    }

    #[test]
    fn times_are_seen_with_short_fields() {
        for text in [
            "2001-1-2",
            "2001-12-14t21:59:43.10-05:00",
            "2001-12-14 21:59:43",
            "2024-02-29",
        ] {
            assert_eq!(v2(text), Meaning::Timestamp, "{text}");
        }
        for text in [
            "2001-13-01",
            "2023-02-29",
            "2001-12-14 21:59:43Z",
            "2001-1-2x",
            "20011-1-2",
        ] {
            assert_eq!(v2(text), Meaning::Text, "{text}");
        }
    }

    #[test]
    fn only_the_older_dialect_takes_yes_for_true() {
        assert_eq!(v2("Yes"), Meaning::Bool(true));
        assert_eq!(plain("Yes", Dialect::V3), Meaning::Text);
    }
}
