//! Go's `*time.Location`.

use std::any::Any;

use crate::error::CallError;
use crate::exec::Executor;
use crate::time::Zone;
use crate::types::Type;
use crate::value::{ADDRESS, Method, Object, Text, Value};

pub(super) const TYPE: Type = Type::Object("*time.Location");

/// Where the reference program for Linux on amd64 keeps `time.Local`, which `%d` of a local time prints.
const LOCAL_ADDRESS: u64 = 0x434_8220;

/// A zone as a value of a template, and as the field of a time that printing it under an odd verb shows.
pub(super) struct LocationObject {
    pub(super) zone: Zone,
    /// Whether it is the field of a time, where UTC is the nil pointer.
    pub(super) is_field: bool,
}

impl LocationObject {
    fn is_nil(&self) -> bool {
        self.is_field && matches!(self.zone, Zone::Utc)
    }
}

impl Object for LocationObject {
    fn type_of(&self) -> Type {
        TYPE
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        if self.is_nil() {
            return Vec::new();
        }
        vec![
            ("name", self.zone.name().into()),
            ("zone", Value::list(Vec::new())),
            ("tx", Value::list(Vec::new())),
            ("extend", "".into()),
            ("cacheStart", Value::int64(0)),
            ("cacheEnd", Value::int64(0)),
            ("cacheZone", Value::object(NoZone)),
        ]
    }

    fn methods(&self) -> &'static [Method] {
        const { &[Method::new("String", &[])] }
    }

    fn invoke(&self, _: &str, _: &[Value], _: &mut Executor<'_>) -> Result<Value, CallError> {
        Ok(self.zone.name().into())
    }

    fn string(&self) -> Option<Text> {
        Some(self.zone.name().into())
    }

    fn deep_copy(&self) -> Option<Value> {
        Some(Value::object(LocationObject {
            zone: Zone::Fixed {
                name: String::new(),
                offset: 0,
            },
            is_field: self.is_field,
        }))
    }

    fn address(&self) -> u64 {
        match self.zone {
            Zone::Local(_) => LOCAL_ADDRESS,
            _ if self.is_nil() => 0,
            _ => ADDRESS,
        }
    }
}

/// The nil `*time.zone` of a location that never looked one up.
struct NoZone;

impl Object for NoZone {
    fn type_of(&self) -> Type {
        Type::Object("*time.zone")
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn address(&self) -> u64 {
        0
    }
}
