//! Dates, times and spans of time.

use helmrs_gotemplate::time::{self, Zone};

use super::{digits, number, shown};

pub(super) fn date(text: &str) -> Result<(), String> {
    time::parse("2006-01-02", text, &Zone::Utc)
        .map(|_| ())
        .map_err(|error| error.to_string())
}

pub(super) fn date_time(text: &str) -> Result<(), String> {
    if text.len() < 20 {
        return Err("less than 20 characters long".to_owned());
    }
    if !matches!(text.as_bytes()[10], b't' | b'T') {
        return Err("11th character must be t or T".to_owned());
    }
    let (day, rest) = text.split_at(10);
    date(day).map_err(|problem| format!("invalid date element: {problem}"))?;
    time(&rest[1..]).map_err(|problem| format!("invalid time element: {problem}"))
}

pub(super) fn time(text: &str) -> Result<(), String> {
    if text.len() < 9 {
        return Err("less than 9 characters long".to_owned());
    }
    let (Some((hours, b':')), Some((minutes, b':')), Some(seconds)) =
        (field(text, 0), field(text, 3), text.get(6..8))
    else {
        return Err("missing colon in correct place".to_owned());
    };
    let mut clock = [0; 3];
    for (part, text) in clock.iter_mut().zip([hours, minutes, seconds]) {
        *part = number(text).map_err(|_| "invalid hour/min/sec".to_owned())?;
        if *part < 0 {
            return Err("non-positive hour/min/sec".to_owned());
        }
    }
    let [hour, minute, second] = clock;
    if hour > 23 || minute > 59 || second > 60 {
        return Err("hour/min/sec out of range".to_owned());
    }
    let mut zone = text.get(8..).unwrap_or_default();
    if let Some(fraction) = zone.strip_prefix('.') {
        let length = digits(fraction);
        if length == 0 {
            return Err("no digits in second fraction".to_owned());
        }
        zone = &fraction[length..];
    }
    let offset = offset(zone)?;
    let minutes = (hour * 60 + minute - offset).rem_euclid(24 * 60);
    let is_last_of_day = hour * 60 + minute - offset < 24 * 60 && minutes == 24 * 60 - 1;
    if second >= 60 && !is_last_of_day {
        return Err("invalid leap second".to_owned());
    }
    Ok(())
}

/// Two characters and the byte after them.
fn field(text: &str, start: usize) -> Option<(&str, u8)> {
    let field = text.get(start..start + 2)?;
    Some((field, *text.as_bytes().get(start + 2)?))
}

/// How many minutes a zone is ahead.
fn offset(zone: &str) -> Result<i64, String> {
    if matches!(zone, "z" | "Z") {
        return Ok(0);
    }
    if zone.len() != 6 {
        return Err("offset must be 6 characters long".to_owned());
    }
    let sign = match zone.as_bytes()[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return Err("offset must begin with plus/minus".to_owned()),
    };
    let (Some((hours, b':')), Some(minutes)) = (field(zone, 1), zone.get(4..)) else {
        return Err("missing colon in offset in correct place".to_owned());
    };
    let mut clock = [0; 2];
    for (part, text) in clock.iter_mut().zip([hours, minutes]) {
        *part = number(text).map_err(|_| "invalid hour/min in offset".to_owned())?;
        if *part < 0 {
            return Err("non-positive hour/min in offset".to_owned());
        }
    }
    let [hours, minutes] = clock;
    if hours > 23 || minutes > 59 {
        return Err("hour/min in offset out of range".to_owned());
    }
    Ok(sign * (hours * 60 + minutes))
}

pub(super) fn duration(text: &str) -> Result<(), String> {
    const UNITS: [&str; 2] = ["YMD", "HMS"];
    let Some(text) = text.strip_prefix('P') else {
        return Err("must start with P".to_owned());
    };
    if text.is_empty() {
        return Err("nothing after P".to_owned());
    }
    if let Some(weeks) = text.strip_suffix('W') {
        if weeks.is_empty() {
            return Err("no number in week".to_owned());
        }
        let is_number = digits(weeks) == weeks.len();
        return is_number
            .then_some(())
            .ok_or_else(|| "invalid week".to_owned());
    }
    for (index, part) in text.split('T').enumerate() {
        if index > 0 && part.is_empty() {
            return Err("no time elements".to_owned());
        }
        let Some(units) = UNITS.get(index) else {
            return Err("more than one T".to_owned());
        };
        elements(part, units)?;
    }
    Ok(())
}

/// Numbers with units, which come in order.
fn elements(mut part: &str, units: &str) -> Result<(), String> {
    let mut left = units;
    while !part.is_empty() {
        let length = digits(part);
        if length == 0 {
            return Err("missing number".to_owned());
        }
        let Some(unit) = part[length..].chars().next() else {
            return Err("missing unit".to_owned());
        };
        let Some(position) = left.find(unit) else {
            let unit_shown = shown(unit);
            return Err(if units.contains(unit) {
                format!("unit {unit_shown} out of order")
            } else {
                format!("invalid unit {unit_shown}")
            });
        };
        left = &left[position + 1..];
        part = &part[length + unit.len_utf8()..];
    }
    Ok(())
}

pub(super) fn period(text: &str) -> Result<(), String> {
    let Some((start, end)) = text.split_once('/') else {
        return Err("missing slash".to_owned());
    };
    let element = |text: &str, which: &str| {
        if text.starts_with('P') {
            duration(text).map_err(|problem| format!("invalid {which} duration: {problem}"))
        } else {
            date_time(text).map_err(|problem| format!("invalid {which} date-time: {problem}"))
        }
    };
    element(start, "start")?;
    if start.starts_with('P') {
        // Two durations are no period.
        return date_time(end).map_err(|problem| format!("invalid end date-time: {problem}"));
    }
    element(end, "end")
}
