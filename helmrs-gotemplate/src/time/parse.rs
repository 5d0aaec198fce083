//! A text read by a Go layout: `time.ParseInLocation`.

use super::duration::quote;
use super::format::{MONTHS, WEEKDAYS};
use super::layout::{self, Element};
use super::{Civil, Moment, Zone, days_in_month, is_leap};

/// Why a text does not fit a layout, in the words of Go's `time.ParseError`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("parsing time {value}{}", self.detail())]
pub struct ParseError {
    value: String,
    layout: String,
    element: String,
    rest: String,
    message: String,
}

impl ParseError {
    fn detail(&self) -> String {
        if self.message.is_empty() {
            format!(
                " as {}: cannot parse {} as {}",
                self.layout, self.rest, self.element
            )
        } else {
            self.message.clone()
        }
    }
}

/// What has been read so far; a field that was not seen has Go's default.
#[derive(Default)]
struct Fields {
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    year_day: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanosecond: u32,
    afternoon: Option<bool>,
    utc: bool,
    offset: Option<i32>,
    zone_name: String,
}

/// What stops an element: it does not fit, or its number is out of range.
enum Stop {
    Bad,
    Range(&'static str),
}

/// Reads a text by a Go layout, as `time.ParseInLocation` with `zone` as the location.
pub fn parse(layout: &str, value: &str, zone: &Zone) -> Result<Moment, ParseError> {
    let error = |element: &str, rest: &str, message: &str| ParseError {
        value: quote(value),
        layout: quote(layout),
        element: quote(element),
        rest: quote(rest),
        message: message.to_string(),
    };
    let mut fields = Fields::default();
    let (mut layout_rest, mut rest) = (layout, value);
    loop {
        let chunk = layout::next(layout_rest);
        rest = skip(rest, chunk.prefix).map_err(|at| error(chunk.prefix, at, ""))?;
        let Some((element, text)) = chunk.element else {
            break;
        };
        layout_rest = chunk.rest;
        let before = rest;
        fields
            .read(element, &mut rest, layout_rest)
            .map_err(|stop| match stop {
                Stop::Bad => error(text, before, ""),
                Stop::Range(what) => error(text, rest, &format!(": {what} out of range")),
            })?;
    }
    if !rest.is_empty() {
        return Err(error("", rest, &format!(": extra text: {}", quote(rest))));
    }
    fields
        .finish(zone)
        .map_err(|message| error("", rest, &format!(": {message}")))
}

/// Passes the layout's own text; a blank in it stands for any number of blanks.
fn skip<'a>(mut value: &'a str, mut prefix: &str) -> Result<&'a str, &'a str> {
    while let Some(expected) = prefix.chars().next() {
        if expected == ' ' {
            if value.chars().next().is_some_and(|first| first != ' ') {
                return Err(value);
            }
            prefix = prefix.trim_start_matches(' ');
            value = value.trim_start_matches(' ');
            continue;
        }
        value = value.strip_prefix(expected).ok_or(value)?;
        prefix = &prefix[expected.len_utf8()..];
    }
    Ok(value)
}

impl Fields {
    fn read(&mut self, element: Element, rest: &mut &str, layout_rest: &str) -> Result<(), Stop> {
        match element {
            Element::Year => {
                let year = digits(rest, 2, 2)?;
                self.year = if year >= 69 { year + 1900 } else { year + 2000 };
            }
            Element::LongYear => self.year = digits(rest, 4, 4)?,
            Element::Month => self.month = Some(name_of(rest, &MONTHS, 3)?),
            Element::LongMonth => self.month = Some(name_of(rest, &MONTHS, usize::MAX)?),
            Element::NumericMonth => {
                self.month = Some(ranged(digits(rest, 1, 2)?, 1, 12, "month")?);
            }
            Element::ZeroMonth => self.month = Some(ranged(digits(rest, 2, 2)?, 1, 12, "month")?),
            Element::Weekday => {
                name_of(rest, &WEEKDAYS, 3)?;
            }
            Element::LongWeekday => {
                name_of(rest, &WEEKDAYS, usize::MAX)?;
            }
            Element::Day => self.day = Some(digits(rest, 1, 2)?),
            Element::SpacedDay => {
                *rest = rest.strip_prefix(' ').unwrap_or(rest);
                self.day = Some(digits(rest, 1, 2)?);
            }
            Element::ZeroDay => self.day = Some(digits(rest, 2, 2)?),
            Element::SpacedYearDay => {
                for _ in 0..2 {
                    *rest = rest.strip_prefix(' ').unwrap_or(rest);
                }
                self.year_day = Some(digits(rest, 1, 3)?);
            }
            Element::ZeroYearDay => self.year_day = Some(digits(rest, 3, 3)?),
            Element::Hour => self.hour = ranged(digits(rest, 1, 2)?, 0, 23, "hour")?,
            Element::Hour12 => self.hour = ranged(digits(rest, 1, 2)?, 0, 12, "hour")?,
            Element::ZeroHour12 => self.hour = ranged(digits(rest, 2, 2)?, 0, 12, "hour")?,
            Element::Minute => self.minute = ranged(digits(rest, 1, 2)?, 0, 59, "minute")?,
            Element::ZeroMinute => self.minute = ranged(digits(rest, 2, 2)?, 0, 59, "minute")?,
            Element::Second => self.read_second(rest, 1, layout_rest)?,
            Element::ZeroSecond => self.read_second(rest, 2, layout_rest)?,
            Element::UpperNoon => self.afternoon = Some(noon(rest, "AM", "PM")?),
            Element::LowerNoon => self.afternoon = Some(noon(rest, "am", "pm")?),
            Element::ZoneName => self.read_zone_name(rest)?,
            Element::Offset {
                zulu,
                colons,
                fields,
            } => self.read_offset(rest, zulu, colons, fields)?,
            Element::Fraction {
                digits,
                trimmed: false,
                ..
            } => {
                self.nanosecond = fraction(rest, usize::from(digits))?;
            }
            Element::Fraction { trimmed: true, .. } => {
                if let Some(count) = fraction_length(rest) {
                    self.nanosecond = fraction(rest, count)?;
                }
            }
        }
        Ok(())
    }

    /// Seconds, with a fraction that the layout does not mention but the text has.
    fn read_second(
        &mut self,
        rest: &mut &str,
        least: usize,
        layout_rest: &str,
    ) -> Result<(), Stop> {
        self.second = ranged(digits(rest, least, 2)?, 0, 59, "second")?;
        let next = layout::next(layout_rest).element;
        if let (Some(count), false) = (
            fraction_length(rest),
            matches!(next, Some((Element::Fraction { .. }, _))),
        ) {
            self.nanosecond = fraction(rest, count)?;
        }
        Ok(())
    }

    fn read_offset(
        &mut self,
        rest: &mut &str,
        zulu: bool,
        colons: bool,
        fields: u8,
    ) -> Result<(), Stop> {
        if zulu && rest.starts_with('Z') {
            *rest = &rest[1..];
            self.utc = true;
            return Ok(());
        }
        let mut characters = rest.chars();
        let sign = characters.next().ok_or(Stop::Bad)?;
        let mut text = characters.as_str();
        let mut seconds = 0;
        for (field, (scale, most, what)) in [
            (3600, 24, "time zone offset hour"),
            (60, 60, "time zone offset minute"),
            (1, 60, "time zone offset second"),
        ]
        .into_iter()
        .take(usize::from(fields))
        .enumerate()
        {
            if colons && field > 0 {
                text = text.strip_prefix(':').ok_or(Stop::Bad)?;
            }
            seconds += ranged(digits(&mut text, 2, 2)?, 0, most, what)? * scale;
        }
        // Parity: Go, time/format.go, parse: numbers out of range are told before a sign that is none.
        let seconds = seconds as i32;
        self.offset = Some(match sign {
            '+' => seconds,
            '-' => -seconds,
            _ => return Err(Stop::Bad),
        });
        *rest = text;
        Ok(())
    }

    fn read_zone_name(&mut self, rest: &mut &str) -> Result<(), Stop> {
        if let Some(after) = rest.strip_prefix("UTC") {
            self.utc = true;
            *rest = after;
            return Ok(());
        }
        let length = zone_name_length(rest).ok_or(Stop::Bad)?;
        self.zone_name = rest[..length].to_string();
        *rest = &rest[length..];
        Ok(())
    }

    fn finish(mut self, zone: &Zone) -> Result<Moment, &'static str> {
        self.hour = match self.afternoon {
            Some(true) if self.hour < 12 => self.hour + 12,
            Some(false) if self.hour == 12 => 0,
            _ => self.hour,
        };
        let (month, day) = self.month_and_day()?;
        let civil = Civil {
            year: self.year,
            month: month as u8,
            day: day as u8,
            hour: self.hour as u8,
            minute: self.minute as u8,
            second: self.second as u8,
        };
        let utc = Moment::from_civil(civil, self.nanosecond, Zone::Utc);
        if self.utc {
            return Ok(utc);
        }
        if let Some(offset) = self.offset {
            return Ok(at_offset(&utc, offset, self.zone_name, zone));
        }
        if self.zone_name.is_empty() {
            return Ok(Moment::from_civil(civil, self.nanosecond, zone.clone()));
        }
        if let Some(offset) = zone.offset_named(&self.zone_name, utc.unix()) {
            return Ok(Moment::new(
                utc.unix() - i64::from(offset),
                self.nanosecond,
                zone.clone(),
            ));
        }
        let offset = self
            .zone_name
            .strip_prefix("GMT")
            .and_then(|hours| hours.parse::<i32>().ok())
            .unwrap_or(0)
            * 3600;
        Ok(Moment::new(
            utc.unix() - i64::from(offset),
            self.nanosecond,
            Zone::Fixed {
                name: self.zone_name,
                offset,
            },
        ))
    }

    fn month_and_day(&self) -> Result<(i64, i64), &'static str> {
        let (mut month, mut day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
        if let Some(year_day) = self.year_day {
            if year_day < 1 || year_day > 365 + i64::from(is_leap(self.year)) {
                return Err("day-of-year out of range");
            }
            let (mut found_month, mut found_day) = (1_u8, year_day);
            while found_day > i64::from(days_in_month(found_month, self.year)) {
                found_day -= i64::from(days_in_month(found_month, self.year));
                found_month += 1;
            }
            if self
                .month
                .is_some_and(|month| month != i64::from(found_month))
            {
                return Err("day-of-year does not match month");
            }
            if self.day.is_some_and(|day| day != found_day) {
                return Err("day-of-year does not match day");
            }
            (month, day) = (i64::from(found_month), found_day);
        }
        if day < 1 || day > i64::from(days_in_month(month as u8, self.year)) {
            return Err("day out of range");
        }
        Ok((month, day))
    }
}

/// The instant at a numeric offset, in `zone` itself where that has this offset then.
fn at_offset(utc: &Moment, offset: i32, name: String, zone: &Zone) -> Moment {
    let seconds = utc.unix() - i64::from(offset);
    let (zone_offset, zone_name) = zone.offset_at(seconds);
    if zone_offset == offset && (name.is_empty() || name == zone_name) {
        return Moment::new(seconds, utc.nanosecond(), zone.clone());
    }
    Moment::new(seconds, utc.nanosecond(), Zone::Fixed { name, offset })
}

/// Between `least` and `most` digits as a number.
fn digits(rest: &mut &str, least: usize, most: usize) -> Result<i64, Stop> {
    let count = rest
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    if count < least {
        return Err(Stop::Bad);
    }
    let (number, after) = rest.split_at(count);
    *rest = after;
    number.parse().map_err(|_| Stop::Bad)
}

fn ranged(number: i64, least: i64, most: i64, what: &'static str) -> Result<i64, Stop> {
    if (least..=most).contains(&number) {
        Ok(number)
    } else {
        Err(Stop::Range(what))
    }
}

/// The number, from one, of the name that the text starts with, whatever its case.
fn name_of(rest: &mut &str, names: &[&str], length: usize) -> Result<i64, Stop> {
    for (index, name) in names.iter().enumerate() {
        let name = &name[..length.min(name.len())];
        if rest
            .get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name))
        {
            *rest = &rest[name.len()..];
            return Ok(index as i64 + 1);
        }
    }
    Err(Stop::Bad)
}

fn noon(rest: &mut &str, before: &str, after: &str) -> Result<bool, Stop> {
    for (text, afternoon) in [(before, false), (after, true)] {
        if let Some(remaining) = rest.strip_prefix(text) {
            *rest = remaining;
            return Ok(afternoon);
        }
    }
    Err(Stop::Bad)
}

/// How many digits follow a point or comma at the start, if any do.
fn fraction_length(rest: &str) -> Option<usize> {
    let digits = rest
        .strip_prefix(['.', ','])?
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    (digits > 0).then_some(digits)
}

/// A separator and `count` digits as nanoseconds; what stands past the ninth is passed over, whatever it is.
// Parity: Go, time/format.go, parseNanoseconds.
fn fraction(rest: &mut &str, count: usize) -> Result<u32, Stop> {
    let (field, after) = rest.split_at_checked(count + 1).ok_or(Stop::Bad)?;
    let kept = field.strip_prefix(['.', ',']).ok_or(Stop::Bad)?;
    let kept = kept.get(..count.min(9)).ok_or(Stop::Bad)?;
    if !kept.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Stop::Bad);
    }
    let nanoseconds: u32 = format!("{kept:0<9}").parse().map_err(|_| Stop::Bad)?;
    *rest = after;
    Ok(nanoseconds)
}

/// How long the zone abbreviation at the start is: three to five capitals, with Go's special cases.
fn zone_name_length(value: &str) -> Option<usize> {
    if value.starts_with("ChST") || value.starts_with("MeST") {
        return Some(4);
    }
    if let Some(after) = value.strip_prefix("GMT") {
        return Some(3 + signed_hours_length(after));
    }
    if value.starts_with(['+', '-']) {
        return Some(signed_hours_length(value)).filter(|length| *length > 0 && value.len() >= 3);
    }
    let capitals = value
        .bytes()
        .take(6)
        .take_while(u8::is_ascii_uppercase)
        .count();
    match capitals {
        3 => Some(3),
        4 if value.as_bytes()[3] == b'T' || value.starts_with("WITA") => Some(4),
        5 if value.as_bytes()[4] == b'T' => Some(5),
        _ => None,
    }
}

/// The length of a sign and hours up to 23.
fn signed_hours_length(value: &str) -> usize {
    let Some(after) = value.strip_prefix(['+', '-']) else {
        return 0;
    };
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    match after[..digits].parse::<u64>() {
        Ok(hours) if hours <= 23 => digits + 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{RFC3339_NANO, format};
    use super::*;

    fn read(layout: &str, value: &str) -> String {
        match parse(layout, value, &Zone::Utc) {
            Ok(moment) => format(&moment, RFC3339_NANO),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_fraction_is_read_though_the_layout_has_none() {
        assert_eq!(
            read("2006-01-02T15:04:05Z07:00", "2024-02-29T01:02:03.25+02:00"),
            "2024-02-29T01:02:03.25+02:00"
        );
    }

    #[test]
    fn a_day_that_the_month_does_not_have_is_out_of_range() {
        assert_eq!(
            read("2006-01-02", "2023-02-29"),
            r#"parsing time "2023-02-29": day out of range"#
        );
    }

    #[test]
    fn text_that_does_not_fit_is_named() {
        assert_eq!(
            read("2006-01-02", "hello"),
            r#"parsing time "hello" as "2006-01-02": cannot parse "hello" as "2006""#
        );
        assert_eq!(
            read("2006", "2006x"),
            r#"parsing time "2006x": extra text: "x""#
        );
        assert_eq!(
            read("2006-01-02", "2024-13-01"),
            r#"parsing time "2024-13-01": month out of range"#
        );
    }

    #[test]
    fn a_day_of_the_year_gives_month_and_day() {
        assert_eq!(read("2006 002", "2024 060"), "2024-02-29T00:00:00Z");
        assert_eq!(read("2006 002", "2023 060"), "2023-03-01T00:00:00Z");
    }

    #[test]
    fn names_are_read_in_any_case() {
        assert_eq!(
            read("Jan 2 2006 3:04pm", "fEB 3 2021 12:07am"),
            "2021-02-03T00:07:00Z"
        );
    }
}
