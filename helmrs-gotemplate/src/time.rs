//! Go's `time` package as far as templates and releases need it: a moment in a zone, layouts, durations.
//!
//! - [`Moment`]: an instant with nanoseconds and the zone it is shown in
//! - [`Zone`]: UTC, a named zone of the time-zone database, or a fixed offset
//! - [`format()`] and [`parse`]: Go's reference layouts (`Mon Jan _2 15:04:05 2006`)
//! - [`Duration`]: a signed count of nanoseconds that prints as `1h30m0s`

mod duration;
mod format;
mod layout;
mod parse;
mod zone;

pub use duration::{Duration, ParseDurationError};
pub use format::{format, month_name, weekday_name};
pub use parse::{ParseError, parse};
pub use zone::Zone;

/// Days from 0000-03-01 to 1970-01-01 in the proleptic Gregorian calendar.
const DAYS_TO_EPOCH: i64 = 719_468;
const SECONDS_PER_DAY: i64 = 86_400;

/// The layout of `2006-01-02T15:04:05.999999999Z07:00`.
pub const RFC3339_NANO: &str = "2006-01-02T15:04:05.999999999Z07:00";

/// The layout that Go's `time.Time` prints itself with.
pub const GO_STRING: &str = "2006-01-02 15:04:05.999999999 -0700 MST";

/// An instant and the zone it is shown in: Go's `time.Time`.
///
/// Two moments are equal when they are the same instant, whatever their zones.
///
/// # Examples
///
/// ```
/// use helmrs_gotemplate::time::{self, Moment, Zone};
///
/// let moment = Moment::new(1_700_000_000, 0, Zone::Utc);
/// assert_eq!(time::format(&moment, "2006-01-02 15:04"), "2023-11-14 22:13");
/// ```
#[derive(Clone, Debug)]
pub struct Moment {
    seconds: i64,
    nanoseconds: u32,
    zone: Zone,
}

/// A moment's date and time of day as its zone's wall clocks show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// The year, astronomically numbered.
    pub year: i64,
    /// The month, 1 to 12.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
    /// The hour, 0 to 23.
    pub hour: u8,
    /// The minute, 0 to 59.
    pub minute: u8,
    /// The second, 0 to 59.
    pub second: u8,
}

impl Moment {
    /// A moment from seconds since 1970 and nanoseconds within the second.
    pub fn new(seconds: i64, nanoseconds: u32, zone: Zone) -> Self {
        Self {
            seconds,
            nanoseconds: nanoseconds % 1_000_000_000,
            zone,
        }
    }

    /// Go's zero time, midnight UTC of the first of January of the year 1.
    pub fn zero() -> Self {
        Self::new(-62_135_596_800, 0, Zone::Utc)
    }

    /// A moment from what a wall clock in `zone` shows.
    ///
    /// A time that a clock change skips or repeats is taken with the offset from before the change.
    pub fn from_civil(civil: Civil, nanoseconds: u32, zone: Zone) -> Self {
        let local = civil.seconds_as_if_utc();
        let seconds = local.wrapping_sub(i64::from(zone.offset_of_local(local)));
        Self::new(seconds, nanoseconds, zone)
    }

    /// Whether this is Go's zero time.
    pub fn is_zero(&self) -> bool {
        *self == Self::zero()
    }

    /// Seconds since 1970.
    pub fn unix(&self) -> i64 {
        self.seconds
    }

    /// Nanoseconds within the second.
    pub fn nanosecond(&self) -> u32 {
        self.nanoseconds
    }

    /// Nanoseconds since 1970.
    pub fn unix_nanoseconds(&self) -> i128 {
        i128::from(self.seconds) * 1_000_000_000 + i128::from(self.nanoseconds)
    }

    /// The zone this moment is shown in.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The same instant shown in another zone.
    #[must_use]
    pub fn in_zone(&self, zone: Zone) -> Self {
        Self {
            seconds: self.seconds,
            nanoseconds: self.nanoseconds,
            zone,
        }
    }

    /// The moment a duration later.
    #[must_use]
    pub fn plus(&self, duration: Duration) -> Self {
        let total = self.unix_nanoseconds() + i128::from(duration.0);
        let seconds = total.div_euclid(1_000_000_000) as i64;
        let nanoseconds = total.rem_euclid(1_000_000_000) as u32;
        Self::new(seconds, nanoseconds, self.zone.clone())
    }

    /// The moment years, months and days later by the calendar; the 31st of a shorter month is in the next one.
    #[must_use]
    pub fn plus_date(&self, years: i64, months: i64, days: i64) -> Self {
        let civil = self.civil();
        let month = i64::from(civil.month).wrapping_sub(1).wrapping_add(months);
        let year = civil
            .year
            .wrapping_add(years)
            .wrapping_add(month.div_euclid(12));
        let first = Civil {
            year,
            month: (month.rem_euclid(12) + 1) as u8,
            day: 1,
            ..civil
        };
        let shift = i64::from(civil.day).wrapping_sub(1).wrapping_add(days);
        let local = first
            .seconds_as_if_utc()
            .wrapping_add(shift.wrapping_mul(SECONDS_PER_DAY));
        Self::from_civil(
            Civil::from_seconds(local),
            self.nanoseconds,
            self.zone.clone(),
        )
    }

    /// How much later this moment is than another, within what a [`Duration`] holds.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Duration {
        let difference = self.unix_nanoseconds() - earlier.unix_nanoseconds();
        Duration(difference.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64)
    }

    /// Seconds east of UTC at this moment, and the zone's abbreviation then (may be empty).
    pub fn offset(&self) -> (i32, String) {
        self.zone.offset_at(self.seconds)
    }

    /// Whether clocks in this moment's zone are put forward for the summer then.
    pub fn is_daylight_saving(&self) -> bool {
        self.zone.is_daylight_saving(self.seconds)
    }

    /// The last multiple of `unit` since the year one that is not later; itself where `unit` is not positive.
    #[must_use]
    pub fn truncate(&self, unit: Duration) -> Self {
        match self.past_multiple(unit) {
            Some(past) => self.plus(Duration(past.wrapping_neg())),
            None => self.clone(),
        }
    }

    /// The nearest multiple of `unit` since the year one, halves up; itself where `unit` is not positive.
    #[must_use]
    pub fn round(&self, unit: Duration) -> Self {
        match self.past_multiple(unit) {
            Some(past) if past < unit.0 - past => self.plus(Duration(-past)),
            Some(past) => self.plus(Duration(unit.0 - past)),
            None => self.clone(),
        }
    }

    /// How long the last multiple of `unit` since the year one is over.
    fn past_multiple(&self, unit: Duration) -> Option<i64> {
        let since_year_one = self.unix_nanoseconds() - Self::zero().unix_nanoseconds();
        (unit.0 > 0).then(|| since_year_one.rem_euclid(i128::from(unit.0)) as i64)
    }

    /// What a wall clock in this moment's zone shows.
    pub fn civil(&self) -> Civil {
        Civil::from_seconds(self.seconds.wrapping_add(i64::from(self.offset().0)))
    }

    /// The day of the week, Sunday being 0.
    pub fn weekday(&self) -> u8 {
        let local = self.seconds.wrapping_add(i64::from(self.offset().0));
        ((local.div_euclid(SECONDS_PER_DAY) + 4).rem_euclid(7)) as u8
    }
}

impl PartialEq for Moment {
    fn eq(&self, other: &Self) -> bool {
        (self.seconds, self.nanoseconds) == (other.seconds, other.nanoseconds)
    }
}

impl Eq for Moment {}

impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Moment {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.seconds, self.nanoseconds).cmp(&(other.seconds, other.nanoseconds))
    }
}

/// As Go prints a time: `2024-03-05 23:59:59.123456789 +0000 UTC`.
impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&format(self, GO_STRING))
    }
}

impl Civil {
    /// The day of the year, from 1.
    pub fn year_day(&self) -> u16 {
        let days_before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
        let leap = u16::from(self.month > 2 && is_leap(self.year));
        days_before[usize::from(self.month - 1) % 12] + leap + u16::from(self.day)
    }

    /// Seconds since 1970 of this date and time on a clock set to UTC.
    fn seconds_as_if_utc(&self) -> i64 {
        let year = if self.month <= 2 {
            self.year - 1
        } else {
            self.year
        };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let shifted_month = (i64::from(self.month) + 9) % 12;
        let day_of_year = (153 * shifted_month + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let days = era
            .wrapping_mul(146_097)
            .wrapping_add(day_of_era)
            .wrapping_sub(DAYS_TO_EPOCH);
        let time =
            i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second);
        days.wrapping_mul(SECONDS_PER_DAY).wrapping_add(time)
    }

    fn from_seconds(seconds: i64) -> Self {
        let days = seconds
            .div_euclid(SECONDS_PER_DAY)
            .wrapping_add(DAYS_TO_EPOCH);
        let time = seconds.rem_euclid(SECONDS_PER_DAY);
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month: month as u8,
            day: (day_of_year - (153 * shifted_month + 2) / 5 + 1) as u8,
            hour: (time / 3600) as u8,
            minute: (time / 60 % 60) as u8,
            second: (time % 60) as u8,
        }
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(month: u8, year: i64) -> u8 {
    match month {
        2 => 28 + u8::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn civil_and_seconds_are_inverse() {
        for seconds in (-80_000_000_000..80_000_000_000).step_by(987_654_321) {
            assert_eq!(Civil::from_seconds(seconds).seconds_as_if_utc(), seconds);
        }
    }

    #[test]
    fn the_zero_time_is_the_first_of_january_of_year_one() {
        assert_eq!(Moment::zero().to_string(), "0001-01-01 00:00:00 +0000 UTC");
        assert_eq!(Moment::zero().weekday(), 1);
    }

    #[test]
    fn a_leap_day_has_its_day_of_the_year() {
        let civil = Civil {
            year: 2024,
            month: 12,
            day: 31,
            hour: 0,
            minute: 0,
            second: 0,
        };
        assert_eq!(civil.year_day(), 366);
    }
}
