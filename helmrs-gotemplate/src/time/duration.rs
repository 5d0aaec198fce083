//! Spans of time as Go writes and reads them: `1h2m3.5s`.

use std::fmt::{self, Write as _};

/// A signed count of nanoseconds: Go's `time.Duration`.
///
/// # Examples
///
/// ```
/// use helmrs_gotemplate::time::Duration;
///
/// let duration: Duration = "90m".parse().unwrap();
/// assert_eq!(duration.to_string(), "1h30m0s");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration(pub i64);

impl Duration {
    /// One second.
    pub const SECOND: Self = Self(1_000_000_000);
    /// One minute.
    pub const MINUTE: Self = Self(60 * Self::SECOND.0);
    /// One hour.
    pub const HOUR: Self = Self(60 * Self::MINUTE.0);

    /// How many of `unit` this is, whole ones and the rest divided apart as Go does, so that no digit is lost.
    #[must_use]
    pub fn in_units(self, unit: Self) -> f64 {
        (self.0 / unit.0) as f64 + (self.0 % unit.0) as f64 / unit.0 as f64
    }

    /// The nearest multiple of `unit`, halves away from zero; itself where `unit` is not positive.
    #[must_use]
    pub fn round(self, unit: Self) -> Self {
        if unit.0 <= 0 {
            return self;
        }
        let remainder = self.0 % unit.0;
        let down = self.0 - remainder;
        if remainder.unsigned_abs() < unit.0.unsigned_abs() - remainder.unsigned_abs() {
            return Self(down);
        }
        let step = if self.0 < 0 { -unit.0 } else { unit.0 };
        Self(down.saturating_add(step))
    }

    /// The multiple of `unit` next to it towards zero; itself where `unit` is not positive.
    #[must_use]
    pub fn truncate(self, unit: Self) -> Self {
        if unit.0 <= 0 {
            self
        } else {
            Self(self.0 - self.0 % unit.0)
        }
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self.0.unsigned_abs();
        if total == 0 {
            return f.write_str("0s");
        }
        if self.0 < 0 {
            f.write_str("-")?;
        }
        match total {
            0..1_000 => write!(f, "{total}ns"),
            1_000..1_000_000 => write!(f, "{}µs", decimal(total, 3)),
            1_000_000..1_000_000_000 => write!(f, "{}ms", decimal(total, 6)),
            _ => write_clock(f, total),
        }
    }
}

fn write_clock(f: &mut fmt::Formatter<'_>, total: u64) -> fmt::Result {
    let seconds = total / 1_000_000_000;
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    if hours > 0 {
        write!(f, "{hours}h")?;
    }
    if seconds >= 60 {
        write!(f, "{minutes}m")?;
    }
    write!(f, "{}s", decimal(total % (60 * 1_000_000_000), 9))
}

/// `value` divided by ten to the `digits`, without trailing zeros.
fn decimal(value: u64, digits: u32) -> String {
    let unit = 10_u64.pow(digits);
    let fraction = format!("{:0width$}", value % unit, width = digits as usize);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        (value / unit).to_string()
    } else {
        format!("{}.{fraction}", value / unit)
    }
}

/// Why a text is not a duration, in the words of Go's `time.ParseDuration`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseDurationError {
    /// It is empty, out of range or otherwise not a duration.
    #[error("time: invalid duration {0}")]
    Invalid(String),
    /// A number has no unit after it.
    #[error("time: missing unit in duration {0}")]
    MissingUnit(String),
    /// A unit is not one of ns, us, ms, s, m and h.
    #[error("time: unknown unit {0} in duration {1}")]
    UnknownUnit(String, String),
}

impl std::str::FromStr for Duration {
    type Err = ParseDurationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || ParseDurationError::Invalid(quote(text));
        let (negative, mut rest) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        if rest == "0" {
            return Ok(Self(0));
        }
        if rest.is_empty() {
            return Err(invalid());
        }
        let mut total: u64 = 0;
        while !rest.is_empty() {
            let (part, after) = parse_part(rest, text)?;
            total = total
                .checked_add(part)
                .filter(|total| *total <= 1 << 63)
                .ok_or_else(invalid)?;
            rest = after;
        }
        match (negative, i64::try_from(total)) {
            (true, _) => Ok(Self((total as i64).wrapping_neg())),
            (false, Ok(total)) => Ok(Self(total)),
            (false, Err(_)) => Err(invalid()),
        }
    }
}

/// One number with its unit, in nanoseconds, and the text after it.
fn parse_part<'a>(rest: &'a str, text: &str) -> Result<(u64, &'a str), ParseDurationError> {
    let invalid = || ParseDurationError::Invalid(quote(text));
    let whole_length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, after) = rest.split_at(whole_length);
    let fraction_length = match after.strip_prefix('.') {
        Some(digits) => 1 + digits.bytes().take_while(u8::is_ascii_digit).count(),
        None => 0,
    };
    let (fraction, after) = after.split_at(fraction_length);
    if whole.is_empty() && fraction.len() < 2 {
        return Err(invalid());
    }
    let unit_length = after
        .bytes()
        .take_while(|byte| *byte != b'.' && !byte.is_ascii_digit())
        .count();
    let (unit, after) = after.split_at(unit_length);
    if unit.is_empty() {
        return Err(ParseDurationError::MissingUnit(quote(text)));
    }
    let scale =
        scale_of(unit).ok_or_else(|| ParseDurationError::UnknownUnit(quote(unit), quote(text)))?;
    let whole: u64 = if whole.is_empty() {
        0
    } else {
        whole.parse().map_err(|_| invalid())?
    };
    let nanoseconds = whole
        .checked_mul(scale)
        .filter(|total| *total <= 1 << 63)
        .ok_or_else(invalid)?;
    Ok((
        nanoseconds
            .checked_add(fraction_of(fraction, scale))
            .ok_or_else(invalid)?,
        after,
    ))
}

/// `.25` of a unit in nanoseconds, with as many digits as an integer of Go's holds.
fn fraction_of(fraction: &str, scale: u64) -> u64 {
    let mut digits: u64 = 0;
    let mut divisor: f64 = 1.0;
    for byte in fraction.bytes().skip(1) {
        if digits > i64::MAX as u64 / 10 {
            break;
        }
        digits = digits * 10 + u64::from(byte - b'0');
        divisor *= 10.0;
    }
    (digits as f64 * (scale as f64 / divisor)) as u64
}

fn scale_of(unit: &str) -> Option<u64> {
    Some(match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

/// Quotes as Go's time package does: other than ASCII and control characters as their bytes.
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(character);
            }
            ' '..='~' => quoted.push(character),
            _ => {
                let mut buffer = [0; 4];
                for byte in character.encode_utf8(&mut buffer).bytes() {
                    let _ = write!(quoted, "\\x{byte:02x}");
                }
            }
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_print_as_go_prints_them() {
        for (nanoseconds, text) in [
            (0, "0s"),
            (1, "1ns"),
            (1_100, "1.1µs"),
            (2_200_000, "2.2ms"),
            (3_300_000_000, "3.3s"),
            (245_000_000_000, "4m5s"),
            (3_600_000_000_000, "1h0m0s"),
            (-5_400_000_000_000, "-1h30m0s"),
            (i64::MIN, "-2562047h47m16.854775808s"),
        ] {
            assert_eq!(Duration(nanoseconds).to_string(), text);
        }
    }

    #[test]
    fn durations_are_read_in_parts() {
        assert_eq!("1h15m30.918s".parse(), Ok(Duration(4_530_918_000_000)));
        assert_eq!("-.5s".parse(), Ok(Duration(-500_000_000)));
        assert_eq!("0".parse(), Ok(Duration(0)));
    }

    #[test]
    fn a_text_that_is_no_duration_is_named_in_the_error() {
        let error = |text: &str| text.parse::<Duration>().unwrap_err().to_string();
        assert_eq!(error(""), r#"time: invalid duration """#);
        assert_eq!(error("3"), r#"time: missing unit in duration "3""#);
        assert_eq!(error("3x"), r#"time: unknown unit "x" in duration "3x""#);
        assert_eq!(
            error("9223372036854775808ns"),
            r#"time: invalid duration "9223372036854775808ns""#
        );
    }

    #[test]
    fn rounding_goes_away_from_zero_at_the_half() {
        assert_eq!(
            Duration(1_500_000_000).round(Duration::SECOND),
            Duration(2_000_000_000)
        );
        assert_eq!(
            Duration(-1_500_000_000).round(Duration::SECOND),
            Duration(-2_000_000_000)
        );
    }
}
