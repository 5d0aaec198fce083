//! A moment written in a Go layout.

use std::fmt::Write as _;

use super::layout::{self, Element};
use super::{Civil, Moment};

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) const WEEKDAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// Writes a moment in a Go layout, as Go's `Time.Format`.
///
/// # Examples
///
/// ```
/// use helmrs_gotemplate::time::{self, Moment, Zone};
///
/// let moment = Moment::new(0, 500_000_000, Zone::Utc);
/// assert_eq!(time::format(&moment, "Mon Jan _2 15:04:05.00 2006"), "Thu Jan  1 00:00:00.50 1970");
/// ```
pub fn format(moment: &Moment, layout: &str) -> String {
    let civil = moment.civil();
    let mut text = String::with_capacity(layout.len() + 10);
    let mut rest = layout;
    loop {
        let chunk = layout::next(rest);
        text.push_str(chunk.prefix);
        let Some((element, _)) = chunk.element else {
            return text;
        };
        write_element(&mut text, element, moment, &civil);
        rest = chunk.rest;
    }
}
/// The name of a month, 1 being January.
pub fn month_name(month: u8) -> &'static str {
    MONTHS[usize::from(month.wrapping_sub(1)) % 12]
}

/// The name of a day of the week, 0 being Sunday.
pub fn weekday_name(weekday: u8) -> &'static str {
    WEEKDAYS[usize::from(weekday) % 7]
}

fn write_element(text: &mut String, element: Element, moment: &Moment, civil: &Civil) {
    let month = month_name(civil.month);
    let weekday = weekday_name(moment.weekday());
    let hour12 = if civil.hour.is_multiple_of(12) {
        12
    } else {
        civil.hour % 12
    };
    // Writing to a string cannot fail.
    let _ = match element {
        Element::LongMonth => write!(text, "{month}"),
        Element::Month => write!(text, "{}", &month[..3]),
        Element::NumericMonth => write!(text, "{}", civil.month),
        Element::ZeroMonth => write!(text, "{:02}", civil.month),
        Element::LongWeekday => write!(text, "{weekday}"),
        Element::Weekday => write!(text, "{}", &weekday[..3]),
        Element::Day => write!(text, "{}", civil.day),
        Element::SpacedDay => write!(text, "{:2}", civil.day),
        Element::ZeroDay => write!(text, "{:02}", civil.day),
        Element::SpacedYearDay => write!(text, "{:3}", civil.year_day()),
        Element::ZeroYearDay => write!(text, "{:03}", civil.year_day()),
        Element::Hour => write!(text, "{:02}", civil.hour),
        Element::Hour12 => write!(text, "{hour12}"),
        Element::ZeroHour12 => write!(text, "{hour12:02}"),
        Element::Minute => write!(text, "{}", civil.minute),
        Element::ZeroMinute => write!(text, "{:02}", civil.minute),
        Element::Second => write!(text, "{}", civil.second),
        Element::ZeroSecond => write!(text, "{:02}", civil.second),
        Element::LongYear => write_padded_year(text, civil.year),
        Element::Year => write!(text, "{:02}", civil.year.rem_euclid(100)),
        Element::UpperNoon => write!(text, "{}", if civil.hour >= 12 { "PM" } else { "AM" }),
        Element::LowerNoon => write!(text, "{}", if civil.hour >= 12 { "pm" } else { "am" }),
        Element::ZoneName => write_zone_name(text, moment),
        Element::Offset {
            zulu,
            colons,
            fields,
        } => write_offset(text, moment.offset().0, zulu, colons, fields),
        Element::Fraction {
            separator,
            digits,
            trimmed,
        } => write_fraction(text, moment.nanosecond(), separator, digits, trimmed),
    };
}

fn write_padded_year(text: &mut String, year: i64) -> std::fmt::Result {
    let sign = if year < 0 { "-" } else { "" };
    write!(text, "{sign}{:04}", year.unsigned_abs())
}

/// The abbreviation, or the offset in hours and minutes where a zone has none.
fn write_zone_name(text: &mut String, moment: &Moment) -> std::fmt::Result {
    let (offset, name) = moment.offset();
    // The time-zone database names some zones only by their offset ("+03"), which Go prints as well.
    if !name.is_empty() {
        return write!(text, "{name}");
    }
    let minutes = (offset / 60).unsigned_abs();
    let sign = if offset / 60 < 0 { '-' } else { '+' };
    write!(text, "{sign}{:02}{:02}", minutes / 60, minutes % 60)
}

fn write_offset(
    text: &mut String,
    offset: i32,
    zulu: bool,
    colons: bool,
    fields: u8,
) -> std::fmt::Result {
    if zulu && offset == 0 {
        return write!(text, "Z");
    }
    // Go takes the sign from the offset in whole minutes.
    let sign = if offset / 60 < 0 { '-' } else { '+' };
    let minutes = (offset / 60).unsigned_abs();
    let colon = if colons { ":" } else { "" };
    write!(text, "{sign}{:02}", minutes / 60)?;
    if fields >= 2 {
        write!(text, "{colon}{:02}", minutes % 60)?;
    }
    if fields >= 3 {
        write!(text, "{colon}{:02}", offset.unsigned_abs() % 60)?;
    }
    Ok(())
}

fn write_fraction(
    text: &mut String,
    nanoseconds: u32,
    separator: u8,
    digits: u8,
    trimmed: bool,
) -> std::fmt::Result {
    let all = format!("{nanoseconds:09}");
    let kept = &all[..usize::from(digits.min(9))];
    let kept = if trimmed {
        kept.trim_end_matches('0')
    } else {
        kept
    };
    if trimmed && kept.is_empty() {
        return Ok(());
    }
    write!(text, "{}{kept}", separator as char)
}

#[cfg(test)]
mod tests {
    use super::super::Zone;
    use super::*;

    #[test]
    fn a_fixed_zone_without_a_name_shows_its_offset_as_name() {
        let moment = Moment::new(
            0,
            0,
            Zone::Fixed {
                name: String::new(),
                offset: -12_600,
            },
        );
        assert_eq!(format(&moment, "15:04 MST -07:00"), "20:30 -0330 -03:30");
    }

    #[test]
    fn a_trimmed_fraction_of_a_whole_second_is_nothing() {
        assert_eq!(format(&Moment::new(0, 0, Zone::Utc), "05.999Z07:00"), "00Z");
    }

    #[test]
    fn noon_and_midnight_are_twelve() {
        assert_eq!(format(&Moment::new(0, 0, Zone::Utc), "3:04PM"), "12:00AM");
        assert_eq!(format(&Moment::new(43_200, 0, Zone::Utc), "03pm"), "12pm");
    }
}
