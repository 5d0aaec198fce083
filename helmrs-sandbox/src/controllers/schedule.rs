//! Schedules of cron jobs: `minute hour day month weekday`.

/// When something happens, as bits of the values allowed for each field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Schedule {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// Whether the day of the month and the day of the week were both restricted: either will do then.
    either_day: bool,
}

const MONTHS: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

const WEEKDAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

impl Schedule {
    /// Reads a schedule; `None` if it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = match text.trim() {
            "@yearly" | "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" | "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            other => other,
        };
        let fields: Vec<&str> = text.split_ascii_whitespace().collect();
        let [minutes, hours, days, months, weekdays] = fields.as_slice() else {
            return None;
        };
        let restricted = |field: &str| !field.starts_with(['*', '?']);
        let sundays = bits(weekdays, 0, 7, WEEKDAYS, 0)?;
        Some(Self {
            minutes: bits(minutes, 0, 59, &[], 0)?,
            hours: bits(hours, 0, 23, &[], 0)?,
            days: bits(days, 1, 31, &[], 0)?,
            months: bits(months, 1, 12, MONTHS, 1)?,
            weekdays: sundays | (sundays >> 7 & 1),
            either_day: restricted(days) && restricted(weekdays),
        })
    }

    /// Whether it happens in the minute of this time.
    pub(super) fn includes(&self, time: &jiff::civil::DateTime) -> bool {
        let has =
            |bits: u64, value: i8| u32::try_from(value).is_ok_and(|value| bits >> value & 1 == 1);
        let day = has(self.days, time.day());
        let weekday = has(self.weekdays, time.weekday().to_sunday_zero_offset());
        has(self.minutes, time.minute())
            && has(self.hours, time.hour())
            && has(self.months, time.month())
            && if self.either_day {
                day || weekday
            } else {
                day && weekday
            }
    }
}

fn bits(field: &str, low: u32, high: u32, names: &[&str], first: u32) -> Option<u64> {
    field.split(',').try_fold(0, |all, part| {
        Some(all | range(part, low, high, names, first)?)
    })
}

fn range(part: &str, low: u32, high: u32, names: &[&str], first: u32) -> Option<u64> {
    let (range, step) = match part.split_once('/') {
        Some((range, step)) => (range, step.parse().ok().filter(|step| *step > 0)?),
        None => (part, 1),
    };
    let value = |text: &str| -> Option<u32> {
        let named = names
            .iter()
            .position(|name| name.eq_ignore_ascii_case(text));
        let named = named
            .and_then(|index| u32::try_from(index).ok())
            .map(|index| index + first);
        named
            .or_else(|| text.parse().ok())
            .filter(|value| (low..=high).contains(value))
    };
    let (from, to) = match range {
        "*" | "?" => (low, if high == 7 { 6 } else { high }),
        _ => match range.split_once('-') {
            Some((from, to)) => (value(from)?, value(to)?),
            None if part.contains('/') => (value(range)?, high),
            None => (value(range)?, value(range)?),
        },
    };
    let step = usize::try_from(step).ok()?;
    Some(
        (from..=to)
            .step_by(step)
            .fold(0, |all, value| all | 1 << value),
    )
}

#[cfg(test)]
mod tests {
    use super::Schedule;

    fn happens(schedule: &str, time: &str) -> bool {
        let schedule = Schedule::parse(schedule).expect("a schedule");
        schedule.includes(&time.parse().expect("a time"))
    }

    #[test]
    fn fields_restrict_the_time() {
        assert!(happens("*/5 * * * *", "2024-01-02T03:05"));
        assert!(!happens("*/5 * * * *", "2024-01-02T03:06"));
        assert!(happens("0 0 1 jan *", "2024-01-01T00:00"));
        assert!(happens("30 9-17 * * mon-fri", "2024-01-02T09:30"));
        assert!(!happens("30 9-17 * * mon-fri", "2024-01-06T09:30"));
        assert!(happens("0 0 13 * 7", "2024-01-07T00:00"));
        assert!(happens("0 0 13 * 5", "2024-01-13T00:00"));
    }

    #[test]
    fn nonsense_is_no_schedule() {
        for text in ["", "* * * *", "60 * * * *", "*/0 * * * *", "a * * * *"] {
            assert_eq!(Schedule::parse(text), None, "{text}");
        }
    }
}
