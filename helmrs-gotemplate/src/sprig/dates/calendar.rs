//! Go's `time.Month` and `time.Weekday`: numbers that print as words.

use std::any::Any;

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
    number: u8,
    name: &'static str,
}

impl CalendarObject {
    /// The number: January and Monday are one.
    pub(in crate::sprig) fn number(&self) -> i64 {
        i64::from(self.number)
    }
}

/// A month, January being one.
pub(super) fn month(number: u8) -> Value {
    Value::object(CalendarObject {
        of: &MONTH,
        number,
        name: time::month_name(number),
    })
}

/// A day of the week, Sunday being zero.
pub(super) fn weekday(number: u8) -> Value {
    Value::object(CalendarObject {
        of: &WEEKDAY,
        number,
        name: time::weekday_name(number),
    })
}

fn string(arguments: &[Value]) -> Result<Value, CallError> {
    let named = arguments
        .first()
        .and_then(Value::downcast::<CalendarObject>);
    Ok(Value::from(named.map_or("", |named| named.name)))
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

    fn string(&self) -> Option<Text> {
        Some(Text::from(self.name))
    }
}
