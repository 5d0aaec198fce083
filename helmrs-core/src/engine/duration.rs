//! The functions on spans of time that Helm adds to Sprig's.
// Parity: Helm, pkg/engine/funcs.go, duration helpers.

use helmrs_gotemplate::sprig::DurationObject;
use helmrs_gotemplate::time::Duration;
use helmrs_gotemplate::{Body, CallError, Function, Type, Value};

const fn function(name: &'static str, call: Call, examples: Examples) -> Function {
    Function {
        name,
        parameters: &[Type::Any],
        variadic: false,
        body: Body::Plain(call),
        examples,
    }
}

const fn function_of_two(name: &'static str, call: Call, examples: Examples) -> Function {
    Function {
        name,
        parameters: &[Type::Any, Type::Any],
        variadic: false,
        body: Body::Plain(call),
        examples,
    }
}

type Call = fn(&[Value]) -> Result<Value, CallError>;
type Examples = &'static [(&'static str, &'static str)];

/// The functions on spans of time.
pub(super) const FUNCTIONS: &[Function] = &[
    function(
        "mustToDuration",
        must_to_duration,
        &[(r#"{{ mustToDuration "90s" }}"#, "1m30s")],
    ),
    function(
        "durationSeconds",
        seconds,
        &[(r#"{{ durationSeconds "1m30s" }}"#, "90")],
    ),
    function(
        "durationMilliseconds",
        milliseconds,
        &[(r#"{{ durationMilliseconds "1.5s" }}"#, "1500")],
    ),
    function(
        "durationMicroseconds",
        microseconds,
        &[(r"{{ durationMicroseconds 1 }}", "1000000")],
    ),
    function(
        "durationNanoseconds",
        nanoseconds,
        &[(r#"{{ durationNanoseconds "1us" }}"#, "1000")],
    ),
    function(
        "durationMinutes",
        minutes,
        &[(r#"{{ durationMinutes "90s" }}"#, "1.5")],
    ),
    function(
        "durationHours",
        hours,
        &[(r#"{{ durationHours "90m" }}"#, "1.5")],
    ),
    function(
        "durationDays",
        days,
        &[(r#"{{ durationDays "36h" }}"#, "1.5")],
    ),
    function(
        "durationWeeks",
        weeks,
        &[(r#"{{ durationWeeks "168h" }}"#, "1")],
    ),
    function_of_two(
        "durationRoundTo",
        round_to,
        &[(r#"{{ durationRoundTo "2h13m" "30m" }}"#, "2h0m0s")],
    ),
    function_of_two(
        "durationTruncateTo",
        truncate_to,
        &[(r#"{{ durationTruncateTo "2h43m" "30m" }}"#, "2h30m0s")],
    ),
];

/// The most seconds a span can hold.
const SECONDS_LIMIT: i64 = i64::MAX / 1_000_000_000;
/// Nanoseconds in a second.
const SECOND: f64 = 1e9;

/// Reads a span of time: a text such as `1h2m`, or a number of seconds.
fn duration(value: &Value) -> Result<Duration, String> {
    match value {
        Value::Nil => Err("invalid duration".to_owned()),
        Value::String(text) => from_text(&text.to_str()),
        Value::Integer(number) => from_seconds(&number.to_string()),
        Value::Float(seconds) => from_float(*seconds),
        Value::Object(object) => match (value.downcast(), object.underlying()) {
            (Some(DurationObject(duration)), _) => Ok(*duration),
            (None, Some(value @ (Value::Integer(_) | Value::Float(_)))) => duration(&value),
            _ => Err(unsupported(value)),
        },
        _ => Err(unsupported(value)),
    }
}

fn unsupported(value: &Value) -> String {
    format!("unsupported duration type {}", value.type_of())
}

fn from_text(text: &str) -> Result<Duration, String> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err("empty duration".to_owned());
    }
    if let Ok(duration) = trimmed.parse() {
        return Ok(duration);
    }
    match helmrs_gotemplate::number::parse_float(trimmed) {
        Some(seconds) => from_float(seconds),
        None => Err(format!(
            "could not parse duration {}",
            helmrs_gotemplate::number::quote(text.as_bytes())
        )),
    }
}

fn from_seconds(seconds: &str) -> Result<Duration, String> {
    match seconds.parse::<i64>() {
        Ok(number) if number.unsigned_abs() <= SECONDS_LIMIT.unsigned_abs() => {
            Ok(Duration(number * Duration::SECOND.0))
        }
        _ => Err(format!("duration seconds overflow: {seconds}")),
    }
}

fn from_float(seconds: f64) -> Result<Duration, String> {
    let shown = || helmrs_gotemplate::number::format_float(seconds, 'g', None);
    if !seconds.is_finite() {
        return Err(format!("invalid duration seconds: {}", shown()));
    }
    let limit = i64::MAX as f64 / SECOND;
    if seconds.abs() > limit {
        return Err(format!("duration seconds overflow: {}", shown()));
    }
    Ok(Duration((seconds * SECOND) as i64))
}

/// A span that could not be read counts as none.
fn lenient(value: &Value) -> Duration {
    duration(value).unwrap_or(Duration(0))
}

fn must_to_duration(arguments: &[Value]) -> Result<Value, CallError> {
    duration(&arguments[0])
        .map(|span| Value::object(DurationObject(span)))
        .map_err(CallError::new)
}

fn seconds(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::Float(
        lenient(&arguments[0]).in_units(Duration::SECOND),
    ))
}

fn milliseconds(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::int64(lenient(&arguments[0]).0 / 1_000_000))
}

fn microseconds(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::int64(lenient(&arguments[0]).0 / 1000))
}

fn nanoseconds(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::int64(lenient(&arguments[0]).0))
}

fn minutes(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::Float(
        lenient(&arguments[0]).in_units(Duration::MINUTE),
    ))
}

fn hours(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::Float(
        lenient(&arguments[0]).in_units(Duration::HOUR),
    ))
}

fn days(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::Float(
        lenient(&arguments[0]).in_units(Duration::HOUR) / 24.0,
    ))
}

fn weeks(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::Float(
        lenient(&arguments[0]).in_units(Duration::HOUR) / 24.0 / 7.0,
    ))
}

fn round_to(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(to_multiple(arguments, Duration::round))
}

fn truncate_to(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(to_multiple(arguments, Duration::truncate))
}

fn to_multiple(arguments: &[Value], change: fn(Duration, Duration) -> Duration) -> Value {
    let span = match (duration(&arguments[0]), duration(&arguments[1])) {
        (Err(_), _) => Duration(0),
        (Ok(span), Err(_)) => span,
        (Ok(span), Ok(unit)) => change(span, unit),
    };
    Value::object(DurationObject(span))
}
