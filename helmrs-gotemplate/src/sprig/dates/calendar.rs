//! Go's `time.Month` and `time.Weekday`: numbers that print as words.

use std::any::Any;
use std::borrow::Cow;

use super::super::row;
use crate::error::CallError;
use crate::time;
use crate::types::{NamedType, Type};
use crate::value::{Object, Text, Value};

static MONTH: NamedType = NamedType {
    name: "time.Month",
    underlying: Type::INT,
    methods: &[row("String", &[], string, &[])],
};
static WEEKDAY: NamedType = NamedType {
    name: "time.Weekday",
    underlying: Type::INT,
    methods: &[row("String", &[], string, &[])],
};

/// A month or a day of the week.
pub(in crate::sprig) struct CalendarObject {
    of: &'static NamedType,
    number: i64,
}

impl CalendarObject {
    /// The number: January and Monday are one.
    pub(in crate::sprig) fn number(&self) -> i64 {
        self.number
    }

    /// The word, or what Go has for a number that no month and no day has.
    fn name(&self) -> Cow<'static, str> {
        let number = u8::try_from(self.number).unwrap_or(u8::MAX);
        match (self.of.name, number) {
            ("time.Month", 1..=12) => Cow::Borrowed(time::month_name(number)),
            ("time.Weekday", 0..=6) => Cow::Borrowed(time::weekday_name(number)),
            (name, _) => {
                let kind = name.trim_start_matches("time.");
                Cow::Owned(format!("%!{kind}({})", self.number as u64))
            }
        }
    }
}

/// A month, January being one.
pub(super) fn month(number: u8) -> Value {
    let number = i64::from(number);
    Value::object(CalendarObject { of: &MONTH, number })
}

/// A day of the week, Sunday being zero.
pub(super) fn weekday(number: u8) -> Value {
    let number = i64::from(number);
    Value::object(CalendarObject {
        of: &WEEKDAY,
        number,
    })
}

fn string(arguments: &[Value]) -> Result<Value, CallError> {
    let named = arguments
        .first()
        .and_then(Value::downcast::<CalendarObject>);
    Ok(Value::from(
        named
            .map_or(Cow::Borrowed(""), CalendarObject::name)
            .as_ref(),
    ))
}

impl Object for CalendarObject {
    fn type_of(&self) -> Type {
        Type::Named(self.of)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn underlying(&self) -> Option<Value> {
        Some(Value::int(self.number()))
    }

    fn with_number(&self, number: i64) -> Option<Value> {
        Some(Value::object(Self {
            of: self.of,
            number,
        }))
    }

    fn string(&self) -> Option<Text> {
        Some(Text::from(self.name().as_ref()))
    }
}
