//! Numbers and truth values as Go's flag package reads them.

use std::str::FromStr;

/// Why a flag's value was refused, in Go's words.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NumberError {
    /// The text is no such number.
    #[error("strconv.{function}: parsing {}: invalid syntax", quoted(text))]
    Syntax {
        function: &'static str,
        text: String,
    },
    /// The number does not fit.
    #[error("strconv.{function}: parsing {}: value out of range", quoted(text))]
    Range {
        function: &'static str,
        text: String,
    },
}

fn quoted(text: &str) -> String {
    crate::quote::quote(text)
}

/// `true` or `false`, in any of Go's spellings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Boolean(pub(crate) bool);

impl FromStr for Boolean {
    type Err = NumberError;

    // Parity: Go, strconv.ParseBool.
    fn from_str(text: &str) -> Result<Self, NumberError> {
        match text {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(Self(true)),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(Self(false)),
            _ => Err(NumberError::Syntax {
                function: "ParseBool",
                text: text.to_owned(),
            }),
        }
    }
}

/// A whole number: decimal, or with one of the prefixes `0x`, `0o`, `0b` and `0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Integer(pub(crate) i64);

impl FromStr for Integer {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        let function = "ParseInt";
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let magnitude = magnitude(digits, function, text)?;
        let value = if negative {
            -i128::from(magnitude)
        } else {
            i128::from(magnitude)
        };
        match i64::try_from(value) {
            Ok(value) => Ok(Self(value)),
            Err(_) => Err(NumberError::Range {
                function,
                text: text.to_owned(),
            }),
        }
    }
}

/// A whole number that is not negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Unsigned(pub(crate) u64);

impl FromStr for Unsigned {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        magnitude(text, "ParseUint", text).map(Self)
    }
}

/// A number with a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Float(pub(crate) f32);

impl FromStr for Float {
    type Err = NumberError;

    // Parity: Go, strconv.ParseFloat of 32 bits: hexadecimal floats and underscores are read too.
    fn from_str(text: &str) -> Result<Self, NumberError> {
        let function = "ParseFloat";
        let wide = helmrs_gotemplate::number::parse_float(text);
        match wide {
            Some(wide) if wide.is_finite() && (wide as f32).is_infinite() => {}
            Some(wide) => return Ok(Self(wide as f32)),
            None if text.parse::<f64>().is_ok_and(f64::is_infinite) => {}
            None => {
                return Err(NumberError::Syntax {
                    function,
                    text: text.to_owned(),
                });
            }
        }
        Err(NumberError::Range {
            function,
            text: text.to_owned(),
        })
    }
}

/// Reads a decimal number of 32 bits, without prefixes and underscores.
// Parity: Go, strconv.ParseInt with base 10 and 32 bits.
pub(crate) fn decimal(text: &str) -> Result<i32, NumberError> {
    let (function, whole) = ("ParseInt", text.to_owned());
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(NumberError::Syntax {
            function,
            text: whole,
        });
    }
    text.parse().map_err(|_| NumberError::Range {
        function,
        text: whole,
    })
}

/// Reads digits, with a prefix for another base than ten; `whole` is what an error cites.
// Parity: Go, strconv.ParseUint with base 0: underscores may separate digits after a prefix.
fn magnitude(digits: &str, function: &'static str, whole: &str) -> Result<u64, NumberError> {
    let lower = digits.to_ascii_lowercase();
    let (radix, digits, prefixed) = if let Some(rest) = lower.strip_prefix("0x") {
        (16, rest, true)
    } else if let Some(rest) = lower.strip_prefix("0b") {
        (2, rest, true)
    } else if let Some(rest) = lower.strip_prefix("0o") {
        (8, rest, true)
    } else if lower.len() > 1 && lower.starts_with('0') {
        (8, &lower[1..], true)
    } else {
        (10, lower.as_str(), false)
    };
    let misplaced =
        digits.contains("__") || digits.ends_with('_') || (!prefixed && digits.starts_with('_'));
    let digits = digits.replace('_', "");
    let syntax = || NumberError::Syntax {
        function,
        text: whole.to_owned(),
    };
    if misplaced || digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Err(syntax());
    }
    u64::from_str_radix(&digits, radix).map_err(|_| NumberError::Range {
        function,
        text: whole.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_may_have_a_base_prefix() {
        for (text, value) in [
            ("12", 12),
            ("-0x1F", -31),
            ("010", 8),
            ("0b11", 3),
            ("0x_ff", 255),
            ("1_000", 1000),
        ] {
            assert_eq!(text.parse::<Integer>().unwrap(), Integer(value), "{text}");
        }
    }

    #[test]
    fn floats_are_of_32_bits() {
        for (text, value) in [("0x1p-2", 0.25), ("1_0", 10.0), ("-.5", -0.5)] {
            assert_eq!(text.parse::<Float>().unwrap(), Float(value), "{text}");
        }
        for text in ["1e39", "1e400"] {
            let refused = text.parse::<Float>().unwrap_err().to_string();
            assert_eq!(
                refused,
                format!("strconv.ParseFloat: parsing {text:?}: value out of range")
            );
        }
        assert!("".parse::<Float>().is_err());
    }

    #[test]
    fn refusals_are_worded_as_go_words_them() {
        let text = "abc".parse::<Integer>().unwrap_err().to_string();
        assert_eq!(text, r#"strconv.ParseInt: parsing "abc": invalid syntax"#);
        let text = "9223372036854775808"
            .parse::<Integer>()
            .unwrap_err()
            .to_string();
        assert_eq!(
            text,
            r#"strconv.ParseInt: parsing "9223372036854775808": value out of range"#
        );
        let text = "maybe".parse::<Boolean>().unwrap_err().to_string();
        assert_eq!(
            text,
            r#"strconv.ParseBool: parsing "maybe": invalid syntax"#
        );
    }
}
