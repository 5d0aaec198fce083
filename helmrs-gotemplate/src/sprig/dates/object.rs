//! Go's `time.Time` and what its methods give, as templates use them.

use std::any::Any;

use super::super::arguments::{integer, string};
use crate::error::CallError;
use crate::exec::Executor;
use crate::number::quote;
use crate::time::{self, Duration, Moment, RFC3339_NANO, Zone};
use crate::types::{NamedType, Type};
use crate::value::{Integer, IntegerKind, JsonShape, Method, Object, Text, Value};

pub(super) const TIME: Type = Type::Object("time.Time");

const DURATIONS: &[Type] = &[Type::Named(&DURATION)];
static DURATION: NamedType = NamedType {
    name: "time.Duration",
    underlying: Type::INT64,
    methods: &[],
};
static MONTH: NamedType = NamedType {
    name: "time.Month",
    underlying: Type::INT,
    methods: &[],
};
static WEEKDAY: NamedType = NamedType {
    name: "time.Weekday",
    underlying: Type::INT,
    methods: &[],
};

const METHODS: &[Method] = &[
    method("Format", &[Type::String]),
    method("String", &[]),
    method("Unix", &[]),
    method("UnixMilli", &[]),
    method("UnixMicro", &[]),
    method("UnixNano", &[]),
    method("Year", &[]),
    method("Month", &[]),
    method("Day", &[]),
    method("Hour", &[]),
    method("Minute", &[]),
    method("Second", &[]),
    method("Nanosecond", &[]),
    method("Weekday", &[]),
    method("YearDay", &[]),
    method("IsZero", &[]),
    method("UTC", &[]),
    method("Local", &[]),
    method("Add", DURATIONS),
    method("AddDate", &[Type::INT, Type::INT, Type::INT]),
    method("Sub", &[TIME]),
    method("Before", &[TIME]),
    method("After", &[TIME]),
    method("Equal", &[TIME]),
    method("Compare", &[TIME]),
];

const fn method(name: &'static str, parameters: &'static [Type]) -> Method {
    Method {
        name,
        parameters,
        variadic: false,
    }
}

/// A point in time as a value of a template.
#[derive(Clone, Debug)]
pub struct TimeObject {
    /// The point in time.
    pub moment: Moment,
}

impl Object for TimeObject {
    fn type_of(&self) -> Type {
        TIME
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    // Parity: Go, time/time.go: the wall clock's nanoseconds, and the seconds since the year one.
    fn fields(&self) -> Vec<(&'static str, Value)> {
        let wall = i64::from(self.moment.nanosecond());
        vec![
            (
                "wall",
                Value::Integer(Integer::new(IntegerKind::Uint64, wall)),
            ),
            (
                "ext",
                Value::int64(self.moment.unix() - Moment::zero().unix()),
            ),
            ("loc", Value::object(Location)),
        ]
    }

    fn methods(&self) -> &'static [Method] {
        METHODS
    }

    fn invoke(
        &self,
        method: &str,
        arguments: &[Value],
        executor: &mut Executor<'_>,
    ) -> Result<Value, CallError> {
        let moment = &self.moment;
        if let Some(part) = self.part(method) {
            return Ok(part);
        }
        let at = |moment: Moment| Value::object(TimeObject { moment });
        Ok(match method {
            "Format" => time::format(moment, &string(arguments, 0)).into(),
            "UTC" => at(moment.in_zone(Zone::Utc)),
            "Local" => at(moment.in_zone(executor.ambient().local_zone())),
            "Add" => at(moment.plus(Duration(duration_argument(arguments)))),
            "AddDate" => {
                let days = [
                    integer(arguments, 0),
                    integer(arguments, 1),
                    integer(arguments, 2),
                ];
                at(moment.plus_date(days[0], days[1], days[2]))
            }
            _ => self.relation(method, arguments)?,
        })
    }

    // Parity: Go, time/format.go, GoString. A zone that may be the local one is taken to be that.
    fn go_string(&self) -> Option<Text> {
        let moment = &self.moment;
        let date = time::format(moment, "2006, time.January, 2");
        let civil = moment.civil();
        let clock = format!(
            "{}, {}, {}, {}",
            civil.hour,
            civil.minute,
            civil.second,
            moment.nanosecond()
        );
        let zone = match moment.zone() {
            Zone::Fixed { name, .. } => format!("time.Location({})", quote(name.as_bytes())),
            Zone::Utc | Zone::Named(_) => "time.Local".to_owned(),
        };
        Some(format!("time.Date({date}, {clock}, {zone})").into())
    }

    fn string(&self) -> Option<Text> {
        Some(self.moment.to_string().into())
    }

    fn json(&self) -> JsonShape {
        JsonShape::Value(time::format(&self.moment, RFC3339_NANO).into())
    }
}

impl TimeObject {
    fn part(&self, method: &str) -> Option<Value> {
        let civil = self.moment.civil();
        let nanoseconds = self.moment.unix_nanoseconds();
        Some(match method {
            "String" => self.moment.to_string().into(),
            "Unix" => Value::int64(self.moment.unix()),
            "UnixMilli" => Value::int64(nanoseconds.div_euclid(1_000_000) as i64),
            "UnixMicro" => Value::int64(nanoseconds.div_euclid(1_000) as i64),
            "UnixNano" => Value::int64(nanoseconds as i64),
            "Year" => Value::int(civil.year),
            "Month" => named(
                &MONTH,
                i64::from(civil.month),
                time::month_name(civil.month).into(),
            ),
            "Day" => Value::int(i64::from(civil.day)),
            "Hour" => Value::int(i64::from(civil.hour)),
            "Minute" => Value::int(i64::from(civil.minute)),
            "Second" => Value::int(i64::from(civil.second)),
            "Nanosecond" => Value::int(i64::from(self.moment.nanosecond())),
            "Weekday" => {
                let weekday = self.moment.weekday();
                named(
                    &WEEKDAY,
                    i64::from(weekday),
                    time::weekday_name(weekday).into(),
                )
            }
            "YearDay" => Value::int(i64::from(civil.year_day())),
            "IsZero" => self.moment.is_zero().into(),
            _ => return None,
        })
    }

    fn relation(&self, method: &str, arguments: &[Value]) -> Result<Value, CallError> {
        let Some(other) = arguments.first().and_then(Value::downcast::<Self>) else {
            return Err(CallError::new(format!("no method {method}")));
        };
        let order = self.moment.cmp(&other.moment);
        Ok(match method {
            "Sub" => {
                let difference = self.moment.since(&other.moment);
                named(&DURATION, difference.0, difference.to_string().into())
            }
            "Before" => order.is_lt().into(),
            "After" => order.is_gt().into(),
            "Equal" => order.is_eq().into(),
            _ => Value::int(order as i64),
        })
    }
}

/// An integer of a named type that prints as a word.
struct Named {
    of: &'static NamedType,
    number: i64,
    printed: Text,
}

fn named(of: &'static NamedType, number: i64, printed: Text) -> Value {
    Value::object(Named {
        of,
        number,
        printed,
    })
}

/// The nanoseconds of an argument that is a duration, or the integer of a literal.
fn duration_argument(arguments: &[Value]) -> i64 {
    match arguments.first() {
        Some(Value::Object(object)) => object
            .underlying()
            .and_then(|value| value.as_integer())
            .unwrap_or(0),
        _ => integer(arguments, 0),
    }
}

impl Object for Named {
    fn type_of(&self) -> Type {
        Type::Named(self.of)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn methods(&self) -> &'static [Method] {
        const {
            &[
                method("String", &[]),
                method("Seconds", &[]),
                method("Minutes", &[]),
                method("Hours", &[]),
            ]
        }
    }

    fn invoke(&self, method: &str, _: &[Value], _: &mut Executor<'_>) -> Result<Value, CallError> {
        let per = match method {
            "String" => return Ok(self.printed.clone().into()),
            "Seconds" => Duration::SECOND,
            "Minutes" => Duration::MINUTE,
            _ => Duration::HOUR,
        };
        Ok(Value::Float(self.number as f64 / per.0 as f64))
    }

    fn underlying(&self) -> Option<Value> {
        let kind = if self.of == &DURATION {
            IntegerKind::Int64
        } else {
            IntegerKind::Int
        };
        Some(Value::Integer(Integer::new(kind, self.number)))
    }

    fn string(&self) -> Option<Text> {
        Some(self.printed.clone())
    }
}

/// Go's `*time.Location`, of which printing a time under an odd verb shows the inside.
struct Location;

impl Object for Location {
    fn type_of(&self) -> Type {
        Type::Object("*time.Location")
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("name", "UTC".into()),
            ("zone", Value::list(Vec::new())),
            ("tx", Value::list(Vec::new())),
            ("extend", "".into()),
            ("cacheStart", Value::int64(0)),
            ("cacheEnd", Value::int64(0)),
            ("cacheZone", Value::Nil),
        ]
    }
}
