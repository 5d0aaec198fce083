//! Typed data into values.

use std::fmt::Display;

use serde::ser::{Error as _, Serialize, Serializer};
use serde::ser::{SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant};
use serde::ser::{SerializeTuple, SerializeTupleStruct, SerializeTupleVariant};

use super::value::{Map, Value};

/// Turns typed data into a value; whole numbers stay whole.
pub fn to_value<T: Serialize + ?Sized>(data: &T) -> Result<Value, SerializeError> {
    data.serialize(ToValue)
}

/// Why typed data has no value: what its `Serialize` says, or a key that is no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SerializeError {
    message: String,
}

impl serde::ser::Error for SerializeError {
    fn custom<T: Display>(message: T) -> Self {
        Self {
            message: message.to_string(),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Integer(value) => serializer.serialize_i64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::String(value) => serializer.serialize_str(value),
            Self::Raw(value) => serializer.serialize_str(value.as_str()),
            Self::List(items) => items.serialize(serializer),
            Self::Map(entries) => entries.serialize(serializer),
        }
    }
}

impl Serialize for Map {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

struct ToValue;

type Answer = Result<Value, SerializeError>;

impl Serializer for ToValue {
    type Ok = Value;
    type Error = SerializeError;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = List;
    type SerializeTupleVariant = List;
    type SerializeMap = Entries;
    type SerializeStruct = Entries;
    type SerializeStructVariant = Entries;

    fn serialize_bool(self, value: bool) -> Answer {
        Ok(Value::Bool(value))
    }

    fn serialize_i8(self, value: i8) -> Answer {
        Ok(Value::Integer(value.into()))
    }

    fn serialize_i16(self, value: i16) -> Answer {
        Ok(Value::Integer(value.into()))
    }

    fn serialize_i32(self, value: i32) -> Answer {
        Ok(Value::Integer(value.into()))
    }

    fn serialize_i64(self, value: i64) -> Answer {
        Ok(Value::Integer(value))
    }

    fn serialize_u8(self, value: u8) -> Answer {
        Ok(Value::Integer(value.into()))
    }

    fn serialize_u16(self, value: u16) -> Answer {
        Ok(Value::Integer(value.into()))
    }

    fn serialize_u32(self, value: u32) -> Answer {
        Ok(Value::Integer(value.into()))
    }

    fn serialize_u64(self, value: u64) -> Answer {
        Ok(i64::try_from(value).map_or(Value::Float(value as f64), Value::Integer))
    }

    fn serialize_f32(self, value: f32) -> Answer {
        Ok(Value::Float(value.into()))
    }

    fn serialize_f64(self, value: f64) -> Answer {
        Ok(Value::Float(value))
    }

    fn serialize_char(self, value: char) -> Answer {
        Ok(Value::String(value.to_string()))
    }

    fn serialize_str(self, value: &str) -> Answer {
        Ok(Value::from(value))
    }

    fn serialize_bytes(self, value: &[u8]) -> Answer {
        let bytes = value.iter().map(|&byte| Value::Integer(byte.into()));
        Ok(Value::List(bytes.collect()))
    }

    fn serialize_none(self) -> Answer {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Answer {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Answer {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Answer {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Answer {
        Ok(Value::from(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Answer {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Answer {
        Ok(Value::Map(Map::from([(
            variant.to_owned(),
            value.serialize(self)?,
        )])))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List, SerializeError> {
        Ok(List::default())
    }

    fn serialize_tuple(self, _: usize) -> Result<List, SerializeError> {
        Ok(List::default())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<List, SerializeError> {
        Ok(List::default())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<List, SerializeError> {
        Ok(List {
            variant: Some(variant),
            items: Vec::new(),
        })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Entries, SerializeError> {
        Ok(Entries::default())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Entries, SerializeError> {
        Ok(Entries::default())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Entries, SerializeError> {
        Ok(Entries {
            variant: Some(variant),
            ..Entries::default()
        })
    }
}

/// A list being built, named if it is an enum's.
#[derive(Default)]
struct List {
    variant: Option<&'static str>,
    items: Vec<Value>,
}

/// A map being built, named if it is an enum's.
#[derive(Default)]
struct Entries {
    variant: Option<&'static str>,
    map: Map,
    key: String,
}

/// Puts an enum's value below its variant's name.
fn named(variant: Option<&'static str>, value: Value) -> Value {
    match variant {
        Some(variant) => Value::Map(Map::from([(variant.to_owned(), value)])),
        None => value,
    }
}

impl SerializeSeq for List {
    type Ok = Value;
    type Error = SerializeError;

    fn serialize_element<T: Serialize + ?Sized>(
        &mut self,
        value: &T,
    ) -> Result<(), SerializeError> {
        self.items.push(to_value(value)?);
        Ok(())
    }

    fn end(self) -> Answer {
        Ok(named(self.variant, Value::List(self.items)))
    }
}

impl SerializeTuple for List {
    type Ok = Value;
    type Error = SerializeError;

    fn serialize_element<T: Serialize + ?Sized>(
        &mut self,
        value: &T,
    ) -> Result<(), SerializeError> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Answer {
        SerializeSeq::end(self)
    }
}

impl SerializeTupleStruct for List {
    type Ok = Value;
    type Error = SerializeError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), SerializeError> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Answer {
        SerializeSeq::end(self)
    }
}

impl SerializeTupleVariant for List {
    type Ok = Value;
    type Error = SerializeError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), SerializeError> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Answer {
        SerializeSeq::end(self)
    }
}

impl SerializeMap for Entries {
    type Ok = Value;
    type Error = SerializeError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), SerializeError> {
        self.key = match to_value(key)? {
            Value::String(key) => key,
            Value::Integer(key) => key.to_string(),
            Value::Bool(key) => key.to_string(),
            other => {
                let kind = other.json_kind();
                return Err(SerializeError::custom(format!(
                    "json: unsupported key: {kind}"
                )));
            }
        };
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), SerializeError> {
        let key = std::mem::take(&mut self.key);
        self.map.insert(key, to_value(value)?);
        Ok(())
    }

    fn end(self) -> Answer {
        Ok(named(self.variant, Value::Map(self.map)))
    }
}

impl SerializeStruct for Entries {
    type Ok = Value;
    type Error = SerializeError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), SerializeError> {
        self.map.insert(key.to_owned(), to_value(value)?);
        Ok(())
    }

    fn end(self) -> Answer {
        SerializeMap::end(self)
    }
}

impl SerializeStructVariant for Entries {
    type Ok = Value;
    type Error = SerializeError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), SerializeError> {
        SerializeStruct::serialize_field(self, key, value)
    }

    fn end(self) -> Answer {
        SerializeMap::end(self)
    }
}
