//! Points in time as Go keeps them: an instant, and the offset of the zone it was noted in.
//!
//! Core reads no clock: a [`Time`] comes from a file, from a record, or from whoever holds the clock.

use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time, noted in a zone that is so many seconds east of UTC.
///
/// Equal and ordered by the instant alone. Reads and writes itself in Go's `time.RFC3339Nano` layout: nanoseconds without
/// trailing zeros, `Z` where the offset is zero.
///
/// # Examples
///
/// ```
/// use helmrs_core::time::Time;
///
/// let time: Time = "2024-03-05T23:59:59.120+01:00".parse()?;
/// assert_eq!(time.to_string(), "2024-03-05T23:59:59.12+01:00");
/// assert_eq!(Time::ZERO.to_string(), "0001-01-01T00:00:00Z");
/// # Ok::<(), helmrs_core::time::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Time {
    instant: Timestamp,
    offset: Offset,
}

/// Why a text is not a time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "parsing time {text:?} as \"2006-01-02T15:04:05Z07:00\": cannot parse {rest:?} as \"{part}\""
)]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub struct TimeError {
    pub text: String,
    pub rest: String,
    pub part: &'static str,
}

/// Seconds from the year 1 to 1970.
const ZERO_SECONDS: i64 = -62_135_596_800;

impl Time {
    /// Go's zero time, which stands for "never".
    pub const ZERO: Self = Self {
        instant: Timestamp::constant(ZERO_SECONDS, 0),
        offset: Offset::UTC,
    };

    /// The instant so many seconds and nanoseconds after 1970, noted in UTC; [`Time::ZERO`] when out of range.
    pub fn from_unix(seconds: i64, nanoseconds: i32) -> Self {
        Timestamp::new(seconds, nanoseconds).map_or(Self::ZERO, |instant| Self {
            instant,
            offset: Offset::UTC,
        })
    }

    /// The same instant, noted so many seconds east of UTC; unchanged when there is no such zone.
    #[must_use]
    pub fn with_offset(self, seconds_east: i32) -> Self {
        match Offset::from_seconds(seconds_east) {
            Ok(offset) => Self { offset, ..self },
            Err(_) => self,
        }
    }

    /// Whether this is the zero time.
    pub fn is_zero(&self) -> bool {
        self.instant == Self::ZERO.instant
    }

    /// Whole seconds since 1970.
    pub fn unix_seconds(&self) -> i64 {
        self.instant.as_second()
    }

    /// The nanoseconds within the second, 0 to 999 999 999.
    pub fn nanoseconds(&self) -> i32 {
        self.civil().subsec_nanosecond()
    }

    /// Seconds east of UTC of the zone it was noted in.
    pub fn offset(&self) -> i32 {
        self.offset.seconds()
    }

    /// The time so many nanoseconds later (or earlier), in the same zone.
    #[must_use]
    pub fn plus_nanoseconds(self, nanoseconds: i64) -> Self {
        let instant = self.instant.checked_add(nanoseconds.nanoseconds());
        Self {
            instant: instant.unwrap_or(self.instant),
            ..self
        }
    }

    /// What a calendar and a clock in its zone show.
    pub fn civil(&self) -> DateTime {
        self.offset.to_datetime(self.instant)
    }
}

impl Default for Time {
    fn default() -> Self {
        Self::ZERO
    }
}

impl PartialEq for Time {
    fn eq(&self, other: &Self) -> bool {
        self.instant == other.instant
    }
}

impl Eq for Time {}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Time {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.instant.cmp(&other.instant)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.civil();
        let (date, clock) = (shown.date(), shown.time());
        write!(
            f,
            "{:04}-{:02}-{:02}",
            date.year(),
            date.month(),
            date.day()
        )?;
        write!(
            f,
            "T{:02}:{:02}:{:02}",
            clock.hour(),
            clock.minute(),
            clock.second()
        )?;
        if clock.subsec_nanosecond() != 0 {
            let digits = format!("{:09}", clock.subsec_nanosecond());
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        match self.offset() {
            0 => f.write_str("Z"),
            east => {
                let minutes = east.abs() / 60;
                write!(
                    f,
                    "{}{:02}:{:02}",
                    if east < 0 { '-' } else { '+' },
                    minutes / 60,
                    minutes % 60
                )
            }
        }
    }
}

impl FromStr for Time {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let mut reader = Reader { text, rest: text };
        let date = (
            reader.digits(4, "2006")?,
            reader.after("-", "-", "01")?,
            reader.after("-", "-", "02")?,
        );
        let clock = (
            reader.after("T", "T", "15")?,
            reader.after(":", ":", "04")?,
            reader.after(":", ":", "05")?,
        );
        let nanoseconds = reader.fraction();
        let offset = reader.offset()?;
        if !reader.rest.is_empty() {
            return Err(reader.fails(""));
        }
        let shown = (|| {
            let date = jiff::civil::Date::new(
                i16::try_from(date.0).ok()?,
                i8::try_from(date.1).ok()?,
                i8::try_from(date.2).ok()?,
            );
            let (hour, minute, second) = clock;
            let clock = jiff::civil::Time::new(
                i8::try_from(hour).ok()?,
                i8::try_from(minute).ok()?,
                i8::try_from(second).ok()?,
                nanoseconds,
            );
            let offset = Offset::from_seconds(offset).ok()?;
            let instant = offset
                .to_timestamp(date.ok()?.to_datetime(clock.ok()?))
                .ok()?;
            Some(Self { instant, offset })
        })();
        shown.ok_or_else(|| TimeError {
            text: text.to_owned(),
            rest: text.to_owned(),
            part: "2006",
        })
    }
}

/// Reads the parts of an RFC 3339 time one after the other.
struct Reader<'t> {
    text: &'t str,
    rest: &'t str,
}

impl Reader<'_> {
    fn fails(&self, part: &'static str) -> TimeError {
        TimeError {
            text: self.text.to_owned(),
            rest: self.rest.to_owned(),
            part,
        }
    }

    fn digits(&mut self, count: usize, part: &'static str) -> Result<i32, TimeError> {
        let head = self
            .rest
            .get(..count)
            .filter(|head| head.bytes().all(|byte| byte.is_ascii_digit()));
        let number = head
            .and_then(|head| head.parse().ok())
            .ok_or_else(|| self.fails(part))?;
        self.rest = &self.rest[count..];
        Ok(number)
    }

    fn after(
        &mut self,
        mark: &str,
        mark_part: &'static str,
        part: &'static str,
    ) -> Result<i32, TimeError> {
        self.rest = self
            .rest
            .strip_prefix(mark)
            .ok_or_else(|| self.fails(mark_part))?;
        self.digits(2, part)
    }

    /// The nanoseconds after a point (or, as Go also reads it, a comma); digits past the ninth are dropped.
    fn fraction(&mut self) -> i32 {
        let Some(rest) = self.rest.strip_prefix(['.', ',']) else {
            return 0;
        };
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 {
            return 0;
        }
        let digits: String = rest[..length]
            .chars()
            .chain("000000000".chars())
            .take(9)
            .collect();
        self.rest = &rest[length..];
        digits.parse().unwrap_or(0)
    }

    fn offset(&mut self) -> Result<i32, TimeError> {
        if let Some(rest) = self.rest.strip_prefix('Z') {
            self.rest = rest;
            return Ok(0);
        }
        let sign = match self.rest.bytes().next() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return Err(self.fails("Z07:00")),
        };
        let start = self.rest;
        let mut read = || {
            self.rest = &self.rest[1..];
            Ok::<_, TimeError>((
                self.digits(2, "Z07:00")?,
                self.after(":", "Z07:00", "Z07:00")?,
            ))
        };
        match read() {
            Ok((hours, minutes)) => Ok(sign * (hours * 3600 + minutes * 60)),
            Err(error) => Err(TimeError {
                rest: start.to_owned(),
                ..error
            }),
        }
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TimeVisitor;

        impl serde::de::Visitor<'_> for TimeVisitor {
            type Value = Time;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("time.Time")
            }

            fn visit_unit<E>(self) -> Result<Time, E> {
                Ok(Time::ZERO)
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Time, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_any(TimeVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(text: &str) -> String {
        text.parse::<Time>().expect("a time").to_string()
    }

    #[test]
    fn trailing_zeros_of_nanoseconds_are_cut() {
        assert_eq!(
            round_trip("2024-03-05T23:59:59.123400000Z"),
            "2024-03-05T23:59:59.1234Z"
        );
        assert_eq!(
            round_trip("2024-03-05T23:59:59.000Z"),
            "2024-03-05T23:59:59Z"
        );
    }

    #[test]
    fn a_zone_is_kept() {
        assert_eq!(
            round_trip("2024-03-05T23:59:59-02:30"),
            "2024-03-05T23:59:59-02:30"
        );
        assert_eq!(
            round_trip("2024-03-05T23:59:59+00:00"),
            "2024-03-05T23:59:59Z"
        );
    }

    #[test]
    fn times_are_equal_when_the_instant_is() {
        let east: Time = "2024-03-05T12:00:00+02:00".parse().unwrap();
        let utc: Time = "2024-03-05T10:00:00Z".parse().unwrap();
        assert_eq!(east, utc);
        assert_eq!(
            utc.with_offset(7200).to_string(),
            "2024-03-05T12:00:00+02:00"
        );
    }

    #[test]
    fn what_is_no_time_is_refused_with_go_s_words() {
        let error = "yesterday".parse::<Time>().unwrap_err().to_string();
        assert_eq!(
            error,
            r#"parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006""#
        );
        assert!("2024-02-30T00:00:00Z".parse::<Time>().is_err());
        assert!("2024-02-03T00:00:00+1".parse::<Time>().is_err());
        assert!("2024-02-03T00:00:00é".parse::<Time>().is_err());
    }

    #[test]
    fn the_zero_time_is_never() {
        assert!(Time::default().is_zero());
        assert!(
            round_trip("0001-01-01T00:00:00Z")
                .parse::<Time>()
                .unwrap()
                .is_zero()
        );
    }
}
