//! Go's `time.Duration` and what its methods give.

use std::any::Any;

use super::super::row;
use crate::error::CallError;
use crate::time::Duration;
use crate::types::{NamedType, Type};
use crate::value::{Object, Text, Value};

pub(super) static DURATION: NamedType = NamedType {
    name: "time.Duration",
    underlying: Type::INT64,
    methods: &[
        row("Abs", &[], absolute, &[]),
        row("Hours", &[], hours, &[]),
        row("Microseconds", &[], microseconds, &[]),
        row("Milliseconds", &[], milliseconds, &[]),
        row("Minutes", &[], minutes, &[]),
        row("Nanoseconds", &[], nanoseconds, &[]),
        row("Round", &[Type::Named(&DURATION)], round, &[]),
        row("Seconds", &[], seconds, &[]),
        row("String", &[], string, &[]),
        row("Truncate", &[Type::Named(&DURATION)], truncate, &[]),
    ],
};

/// A span of time as a value of a template: a number that prints itself as `1h2m3s`.
#[derive(Clone, Copy, Debug)]
pub struct DurationObject(pub Duration);

impl Object for DurationObject {
    fn type_of(&self) -> Type {
        Type::Named(&DURATION)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn underlying(&self) -> Option<Value> {
        Some(Value::int64(self.0.0))
    }

    fn with_number(&self, number: i64) -> Option<Value> {
        Some(value(Duration(number)))
    }

    fn string(&self) -> Option<Text> {
        Some(Text::from(self.0.to_string()))
    }
}

/// The span that a method was called on, or with: an object, or the integer of a literal.
pub(super) fn span_at(arguments: &[Value], index: usize) -> Duration {
    let number = match arguments.get(index) {
        Some(Value::Object(object)) => object.underlying(),
        other => other.cloned(),
    };
    Duration(
        number
            .as_ref()
            .and_then(Value::as_integer)
            .unwrap_or_default(),
    )
}

pub(super) fn value(duration: Duration) -> Value {
    Value::object(DurationObject(duration))
}

fn absolute(spans: &[Value]) -> Result<Value, CallError> {
    Ok(value(Duration(span_at(spans, 0).0.saturating_abs())))
}

fn hours(spans: &[Value]) -> Result<Value, CallError> {
    Ok(Value::Float(span_at(spans, 0).in_units(Duration::HOUR)))
}

fn minutes(spans: &[Value]) -> Result<Value, CallError> {
    Ok(Value::Float(span_at(spans, 0).in_units(Duration::MINUTE)))
}

fn seconds(spans: &[Value]) -> Result<Value, CallError> {
    Ok(Value::Float(span_at(spans, 0).in_units(Duration::SECOND)))
}

fn milliseconds(spans: &[Value]) -> Result<Value, CallError> {
    Ok(Value::int64(span_at(spans, 0).0 / 1_000_000))
}

fn microseconds(spans: &[Value]) -> Result<Value, CallError> {
    Ok(Value::int64(span_at(spans, 0).0 / 1000))
}

fn nanoseconds(spans: &[Value]) -> Result<Value, CallError> {
    Ok(Value::int64(span_at(spans, 0).0))
}

fn round(spans: &[Value]) -> Result<Value, CallError> {
    Ok(value(span_at(spans, 0).round(span_at(spans, 1))))
}

fn truncate(spans: &[Value]) -> Result<Value, CallError> {
    Ok(value(span_at(spans, 0).truncate(span_at(spans, 1))))
}

fn string(spans: &[Value]) -> Result<Value, CallError> {
    Ok(Value::from(span_at(spans, 0).to_string()))
}
