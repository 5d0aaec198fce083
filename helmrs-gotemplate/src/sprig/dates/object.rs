//! Go's `time.Time` and what its methods give, as templates use them.

use std::any::Any;

use super::super::arguments::{integer, string};
use super::calendar;
use super::location::{self, LocationObject};
use super::span::{self, span_at};
use crate::error::CallError;
use crate::exec::Executor;
use crate::number::quote;
use crate::time::{self, Moment, RFC3339_NANO, Zone};
use crate::types::Type;
use crate::value::{Integer, IntegerKind, JsonShape, Method, Object, Text, Value};

pub(super) const TIME: Type = Type::Object("time.Time");

const BYTES: Type = Type::BYTES;
const SPAN: &[Type] = &[Type::Named(&span::DURATION)];
const METHODS: &[Method] = &[
    Method::new("Add", SPAN),
    Method::new("AddDate", &[Type::INT, Type::INT, Type::INT]),
    Method::new("After", &[TIME]),
    Method::new("AppendBinary", &[BYTES]),
    Method::new("AppendFormat", &[BYTES, Type::String]),
    Method::new("AppendText", &[BYTES]),
    Method::new("Before", &[TIME]),
    Method::flawed(
        "Clock",
        "function Clock has 3 return values; should be 1 or 2",
    ),
    Method::new("Compare", &[TIME]),
    Method::flawed(
        "Date",
        "function Date has 3 return values; should be 1 or 2",
    ),
    Method::new("Day", &[]),
    Method::new("Equal", &[TIME]),
    Method::new("Format", &[Type::String]),
    Method::new("GoString", &[]),
    Method::new("GobEncode", &[]),
    Method::new("Hour", &[]),
    Method::flawed(
        "ISOWeek",
        "invalid function signature for ISOWeek: second return value should be error; is int",
    ),
    Method::new("In", &[location::TYPE]),
    Method::new("IsDST", &[]),
    Method::new("IsZero", &[]),
    Method::new("Local", &[]),
    Method::new("Location", &[]),
    Method::new("MarshalBinary", &[]),
    Method::new("MarshalJSON", &[]),
    Method::new("MarshalText", &[]),
    Method::new("Minute", &[]),
    Method::new("Month", &[]),
    Method::new("Nanosecond", &[]),
    Method::new("Round", SPAN),
    Method::new("Second", &[]),
    Method::new("String", &[]),
    Method::new("Sub", &[TIME]),
    Method::new("Truncate", SPAN),
    Method::new("UTC", &[]),
    Method::new("Unix", &[]),
    Method::new("UnixMicro", &[]),
    Method::new("UnixMilli", &[]),
    Method::new("UnixNano", &[]),
    Method::new("Weekday", &[]),
    Method::new("Year", &[]),
    Method::new("YearDay", &[]),
    Method::flawed(
        "Zone",
        "invalid function signature for Zone: second return value should be error; is int",
    ),
    Method::flawed(
        "ZoneBounds",
        "invalid function signature for ZoneBounds: second return value should be error; is time.Time",
    ),
];

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
        let moment = &self.moment;
        let wall = i64::from(moment.nanosecond());
        vec![
            (
                "wall",
                Value::Integer(Integer::new(IntegerKind::Uint64, wall)),
            ),
            (
                "ext",
                Value::int64(moment.unix().wrapping_sub(Moment::zero().unix())),
            ),
            ("loc", zone_of(moment, true)),
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
            "In" => at(moment.in_zone(zone_argument(arguments))),
            "Add" => at(moment.plus(span_at(arguments, 0))),
            "Round" => at(moment.round(span_at(arguments, 0))),
            "Truncate" => at(moment.truncate(span_at(arguments, 0))),
            "AddDate" => {
                let days = [
                    integer(arguments, 0),
                    integer(arguments, 1),
                    integer(arguments, 2),
                ];
                at(moment.plus_date(days[0], days[1], days[2]))
            }
            _ => match self.marshalled(method, arguments) {
                Some(bytes) => Value::Bytes(bytes?.into()),
                None => self.relation(method, arguments)?,
            },
        })
    }

    fn go_string(&self) -> Option<Text> {
        Some(self.go_syntax().into())
    }

    fn string(&self) -> Option<Text> {
        Some(self.moment.to_string().into())
    }

    fn json(&self) -> JsonShape {
        JsonShape::Value(time::format(&self.moment, RFC3339_NANO).into())
    }
}

impl TimeObject {
    // Parity: Go, time/format.go, GoString.
    fn go_syntax(&self) -> String {
        let moment = &self.moment;
        let civil = moment.civil();
        let month_and_day = time::format(moment, "time.January, 2");
        let date = format!("{}, {month_and_day}", civil.year);
        let clock = format!(
            "{}, {}, {}, {}",
            civil.hour,
            civil.minute,
            civil.second,
            moment.nanosecond()
        );
        let zone = match moment.zone() {
            Zone::Utc => "time.UTC".to_owned(),
            Zone::Local(_) => "time.Local".to_owned(),
            other => format!("time.Location({})", quote(other.name().as_bytes())),
        };
        format!("time.Date({date}, {clock}, {zone})")
    }

    /// The bytes that the methods for encoding give, after those they are given.
    fn marshalled(&self, method: &str, arguments: &[Value]) -> Option<Result<Vec<u8>, CallError>> {
        let mut bytes = match arguments.first() {
            Some(Value::Bytes(bytes)) => bytes.to_vec(),
            _ => Vec::new(),
        };
        let text = time::format(&self.moment, RFC3339_NANO);
        match method {
            "AppendFormat" => {
                bytes.extend(time::format(&self.moment, &string(arguments, 1)).bytes());
            }
            "AppendBinary" | "GobEncode" | "MarshalBinary" => bytes.extend(self.binary()),
            "AppendText" | "MarshalText" | "MarshalJSON"
                if !(0..=9999).contains(&self.moment.civil().year) =>
            {
                return Some(Err(CallError::new(format!(
                    "Time.{method}: year outside of range [0,9999]"
                ))));
            }
            "AppendText" | "MarshalText" => bytes.extend(text.bytes()),
            "MarshalJSON" => bytes.extend(format!("\"{text}\"").bytes()),
            _ => return None,
        }
        Some(Ok(bytes))
    }

    // Parity: Go, time/time.go, appendTo: version, seconds since the year one, nanoseconds, minutes east of UTC.
    fn binary(&self) -> Vec<u8> {
        let moment = &self.moment;
        let (offset, _) = moment.offset();
        let odd_seconds = (offset % 60) as i8;
        let minutes = match moment.zone() {
            Zone::Utc => -1,
            _ => (offset / 60) as i16,
        };
        let since_year_one = moment.unix().wrapping_sub(Moment::zero().unix());
        let mut bytes = vec![if odd_seconds == 0 { 1 } else { 2 }];
        bytes.extend(since_year_one.to_be_bytes());
        bytes.extend(moment.nanosecond().to_be_bytes());
        bytes.extend(minutes.to_be_bytes());
        if odd_seconds != 0 {
            bytes.extend(odd_seconds.to_be_bytes());
        }
        bytes
    }

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
            "Month" => calendar::month(civil.month),
            "Day" => Value::int(i64::from(civil.day)),
            "Hour" => Value::int(i64::from(civil.hour)),
            "Minute" => Value::int(i64::from(civil.minute)),
            "Second" => Value::int(i64::from(civil.second)),
            "Nanosecond" => Value::int(i64::from(self.moment.nanosecond())),
            "Weekday" => calendar::weekday(self.moment.weekday()),
            "YearDay" => Value::int(i64::from(civil.year_day())),
            "IsZero" => self.moment.is_zero().into(),
            "IsDST" => self.moment.is_daylight_saving().into(),
            "GoString" => self.go_syntax().into(),
            "Location" => zone_of(&self.moment, false),
            _ => return None,
        })
    }

    fn relation(&self, method: &str, arguments: &[Value]) -> Result<Value, CallError> {
        let Some(other) = arguments.first().and_then(Value::downcast::<Self>) else {
            return Err(CallError::new(format!("no method {method}")));
        };
        let order = self.moment.cmp(&other.moment);
        Ok(match method {
            "Sub" => span::value(self.moment.since(&other.moment)),
            "Before" => order.is_lt().into(),
            "After" => order.is_gt().into(),
            "Equal" => order.is_eq().into(),
            _ => Value::int(order as i64),
        })
    }
}

/// The zone of a moment, as the value of its method or as a field of it.
fn zone_of(moment: &Moment, is_field: bool) -> Value {
    Value::object(LocationObject {
        zone: moment.zone().clone(),
        is_field,
    })
}

fn zone_argument(arguments: &[Value]) -> Zone {
    let location = arguments
        .first()
        .and_then(Value::downcast::<LocationObject>);
    location.map_or(Zone::Utc, |location| location.zone.clone())
}
