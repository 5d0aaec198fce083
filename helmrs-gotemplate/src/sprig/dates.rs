//! Dates and durations.

mod calendar;
mod location;
mod object;
mod span;

use super::arguments::{any, string};
use super::{ambient, row};
use crate::error::CallError;
use crate::exec::Executor;
use crate::functions::Function;
use crate::time::{self, Duration, Moment, Zone};
use crate::types::Type;
use crate::value::{IntegerKind, Value};

pub(super) use calendar::CalendarObject;
pub use object::TimeObject;
pub use span::DurationObject;

const A: &[Type] = &[Type::Any];
const SA: &[Type] = &[Type::String, Type::Any];
const SS: &[Type] = &[Type::String, Type::String];
const ST: &[Type] = &[Type::String, object::TIME];

pub(crate) const FUNCTIONS: &[Function] = &[
    ambient(
        "now",
        &[],
        now,
        &[("{{ now | unixEpoch | empty }}", "false")],
    ),
    ambient("ago", A, ago, &[("{{ ago now }}", "0s")]),
    ambient(
        "date",
        SA,
        date,
        &[(
            r#"{{ date "2006-01-02" (toDate "2006-01-02" "2024-02-29") }}"#,
            "2024-02-29",
        )],
    ),
    ambient(
        "dateInZone",
        &[Type::String, Type::Any, Type::String],
        date_in_zone,
        &[(
            r#"{{ dateInZone "2006-01-02" (int64 0) "UTC" }}"#,
            "1970-01-01",
        )],
    ),
    ambient(
        "date_in_zone",
        &[Type::String, Type::Any, Type::String],
        date_in_zone,
        &[(r#"{{ date_in_zone "15:04" (int64 60) "UTC" }}"#, "00:01")],
    ),
    ambient(
        "htmlDate",
        A,
        html_date,
        &[(r#"{{ htmlDate (toDate "2006" "2024") }}"#, "2024-01-01")],
    ),
    ambient(
        "htmlDateInZone",
        &[Type::Any, Type::String],
        html_date_in_zone,
        &[(r#"{{ htmlDateInZone (int64 0) "UTC" }}"#, "1970-01-01")],
    ),
    row(
        "dateModify",
        ST,
        date_modify,
        &[(
            r#"{{ dateModify "24h" (toDate "2006" "2024") | unixEpoch }}"#,
            "1704153600",
        )],
    ),
    row(
        "date_modify",
        ST,
        date_modify,
        &[(
            r#"{{ date_modify "24h" (toDate "2006" "2024") | unixEpoch }}"#,
            "1704153600",
        )],
    ),
    row(
        "mustDateModify",
        ST,
        must_date_modify,
        &[(
            r#"{{ mustDateModify "1s" (toDate "2006" "1970") | unixEpoch }}"#,
            "1",
        )],
    ),
    row(
        "must_date_modify",
        ST,
        must_date_modify,
        &[(
            r#"{{ must_date_modify "1s" (toDate "2006" "1970") | unixEpoch }}"#,
            "1",
        )],
    ),
    row(
        "duration",
        A,
        duration,
        &[(r#"{{ duration "95" }}"#, "1m35s")],
    ),
    ambient(
        "durationRound",
        A,
        duration_round,
        &[(r#"{{ durationRound "2h10m5s" }}"#, "2h")],
    ),
    ambient(
        "toDate",
        SS,
        to_date,
        &[(r#"{{ (toDate "2006-01-02" "2024-02-29").Year }}"#, "2024")],
    ),
    ambient(
        "mustToDate",
        SS,
        must_to_date,
        &[(r#"{{ (mustToDate "2006-01-02" "2024-02-29").Day }}"#, "29")],
    ),
    row(
        "unixEpoch",
        &[object::TIME],
        unix_epoch,
        &[(r#"{{ unixEpoch (toDate "2006" "1970") }}"#, "0")],
    ),
];

/// The moment of a `time.Time`.
fn moment_of(value: &Value) -> Option<&Moment> {
    value.downcast::<TimeObject>().map(|object| &object.moment)
}

/// The moment that a value stands for: a time, or seconds since 1970 of one of three integer types.
fn moment(value: &Value, kinds: &[IntegerKind]) -> Option<Moment> {
    match value {
        Value::Integer(number) if kinds.contains(&number.kind()) => {
            Some(Moment::new(number.to_i64(), 0, Zone::Utc))
        }
        _ => moment_of(value).cloned(),
    }
}

const SECONDS: &[IntegerKind] = &[IntegerKind::Int, IntegerKind::Int32, IntegerKind::Int64];

/// The zone of a name; UTC for one that is not known.
fn zone(name: &str, executor: &Executor<'_>) -> Zone {
    if name == "Local" {
        executor.ambient().local_zone()
    } else {
        Zone::load(name).unwrap_or(Zone::Utc)
    }
}

/// Parity: Sprig, date.go, `dateInZone`: what is not a date is now.
fn shown(layout: &str, date: &Value, zone_name: &str, executor: &Executor<'_>) -> Value {
    let moment = moment(date, SECONDS).unwrap_or_else(|| executor.ambient().now());
    time::format(&moment.in_zone(zone(zone_name, executor)), layout).into()
}

fn now(executor: &mut Executor<'_>, _: &[Value]) -> Result<Value, CallError> {
    Ok(Value::object(TimeObject {
        moment: executor.ambient().now(),
    }))
}

fn date(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    Ok(shown(
        &string(arguments, 0),
        any(arguments, 1),
        "Local",
        executor,
    ))
}

fn date_in_zone(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    Ok(shown(
        &string(arguments, 0),
        any(arguments, 1),
        &string(arguments, 2),
        executor,
    ))
}

fn html_date(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    Ok(shown("2006-01-02", any(arguments, 0), "Local", executor))
}

fn html_date_in_zone(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    Ok(shown(
        "2006-01-02",
        any(arguments, 0),
        &string(arguments, 1),
        executor,
    ))
}

fn ago(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    let now = executor.ambient().now();
    let then = moment(any(arguments, 0), &[IntegerKind::Int, IntegerKind::Int64])
        .unwrap_or_else(|| now.clone());
    Ok(now.since(&then).round(Duration::SECOND).to_string().into())
}

/// A time moved by a duration, with the error of reading that.
fn modified(arguments: &[Value]) -> Result<Value, (Value, CallError)> {
    let original = any(arguments, 1).clone();
    let moment = moment_of(&original).cloned().unwrap_or_else(Moment::zero);
    match string(arguments, 0).parse::<Duration>() {
        Ok(duration) => Ok(Value::object(TimeObject {
            moment: moment.plus(duration),
        })),
        Err(error) => Err((original, CallError::new(error.to_string()))),
    }
}

fn date_modify(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(modified(arguments).unwrap_or_else(|(original, _)| original))
}

fn must_date_modify(arguments: &[Value]) -> Result<Value, CallError> {
    modified(arguments).map_err(|(_, error)| error)
}

/// Parity: Sprig, date.go, `duration`: only text and `int64` count as seconds.
fn duration(arguments: &[Value]) -> Result<Value, CallError> {
    let seconds = match any(arguments, 0) {
        Value::String(text) => text.as_str().map_or(0, seconds_of),
        Value::Integer(number) if number.kind() == IntegerKind::Int64 => number.to_i64(),
        _ => 0,
    };
    Ok(Duration(seconds.wrapping_mul(Duration::SECOND.0))
        .to_string()
        .into())
}

/// `strconv.ParseInt`, whose nearest number stays when it is out of range.
fn seconds_of(text: &str) -> i64 {
    match text.parse::<i64>() {
        Ok(seconds) => seconds,
        Err(error) => match error.kind() {
            std::num::IntErrorKind::PosOverflow => i64::MAX,
            std::num::IntErrorKind::NegOverflow => i64::MIN,
            _ => 0,
        },
    }
}

fn duration_round(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    const HOUR: u64 = Duration::HOUR.0 as u64;
    const UNITS: [(u64, &str); 6] = [
        (HOUR * 24 * 365, "y"),
        (HOUR * 24 * 30, "mo"),
        (HOUR * 24, "d"),
        (HOUR, "h"),
        (Duration::MINUTE.0 as u64, "m"),
        (Duration::SECOND.0 as u64, "s"),
    ];
    let given = any(arguments, 0);
    let duration = match given {
        Value::String(text) => text.to_str().parse().unwrap_or(Duration(0)),
        Value::Integer(number) if number.kind() == IntegerKind::Int64 => Duration(number.to_i64()),
        _ => moment_of(given).map_or(Duration(0), |then| executor.ambient().now().since(then)),
    };
    let length = duration.0.unsigned_abs();
    let rounded = UNITS.iter().find(|(unit, _)| length > *unit);
    Ok(rounded
        .map_or_else(
            || "0s".to_string(),
            |(unit, name)| format!("{}{name}", length / unit),
        )
        .into())
}

fn read(executor: &Executor<'_>, arguments: &[Value]) -> Result<Moment, CallError> {
    time::parse(
        &string(arguments, 0),
        &string(arguments, 1),
        &executor.ambient().local_zone(),
    )
    .map_err(|error| CallError::new(error.to_string()))
}

fn to_date(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    let moment = read(executor, arguments).unwrap_or_else(|_| Moment::zero());
    Ok(Value::object(TimeObject { moment }))
}

fn must_to_date(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::object(TimeObject {
        moment: read(executor, arguments)?,
    }))
}

fn unix_epoch(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(moment_of(any(arguments, 0))
        .map_or(0, Moment::unix)
        .to_string()
        .into())
}
