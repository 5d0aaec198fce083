//! Points in time as lists and blocks of text show them.

use helmrs_core::time::Time;
use helmrs_gotemplate::time::{self, GO_STRING, Moment, Zone};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::zone;

/// The layout of `Mon Jan  2 15:04:05 2006`.
const ANSIC: &str = "Mon Jan _2 15:04:05 2006";

/// The time as `Mon Jan  2 15:04:05 2006`.
pub(crate) fn ansic(time: Time) -> String {
    time::format(&moment(time), ANSIC)
}

/// When a release was last touched, in a layout of Go's or, without one, as Go prints times; `-` for never.
pub(crate) fn updated(time: Time, layout: &str) -> String {
    match (time.is_zero(), layout) {
        (true, _) => "-".to_owned(),
        (false, "") => time::format(&moment(time), GO_STRING),
        (false, layout) => time::format(&moment(time), layout),
    }
}

/// The time to the second, as RFC 3339 has it.
pub(crate) fn rfc3339(time: Time) -> String {
    time::format(&moment(time), "2006-01-02T15:04:05Z07:00")
}

/// The time with the zone it was noted in: the local one if its clocks showed the same.
// Parity: Go, time.Parse: an offset that is the local zone's at that time is taken for the local zone.
pub(crate) fn moment(time: Time) -> Moment {
    let seconds = time.unix_seconds();
    let nanoseconds = u32::try_from(time.nanoseconds()).unwrap_or_default();
    let zone = match time.offset() {
        0 => Zone::Utc,
        offset => match zone::local() {
            Zone::Local(Some(local)) if offset_at(&local, seconds) == Some(offset) => {
                Zone::Local(Some(local))
            }
            _ => Zone::Fixed {
                name: String::new(),
                offset,
            },
        },
    };
    Moment::new(seconds, nanoseconds, zone)
}

fn offset_at(zone: &TimeZone, seconds: i64) -> Option<i32> {
    let instant = Timestamp::from_second(seconds).ok()?;
    Some(zone.to_offset(instant).seconds())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_keeps_the_offset_it_was_noted_with() {
        let time: Time = "2024-01-09T00:00:09+05:45".parse().unwrap();
        assert_eq!(updated(time, ""), "2024-01-09 00:00:09 +0545 +0545");
        assert_eq!(ansic(time), "Tue Jan  9 00:00:09 2024");
    }

    #[test]
    fn the_zero_time_is_never() {
        assert_eq!(updated(Time::ZERO, ""), "-");
    }
}
