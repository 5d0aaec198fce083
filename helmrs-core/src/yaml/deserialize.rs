//! Values into typed data, the way `encoding/json` fills Go structs.

use std::fmt::Display;
use std::iter::Enumerate;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess,
    SeqAccess, Unexpected, Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};

use super::convert::{Rules, load, load_items, load_part};
use super::error::{Step, TypeError, YamlError};
use super::number;
use super::quick::Taker;
use super::value::{Map, Value};

/// Reads a YAML text into a type; numbers and truth values fill text fields, as `sigs.k8s.io/yaml` has it.
///
/// Unknown fields are ignored. A `null` counts as a field left out, so that defaults apply.
pub fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, YamlError> {
    read_after(text, |_| {})
}

/// Reads a YAML text into a type after a look at the value it holds.
pub(crate) fn read_after<T: DeserializeOwned>(
    text: &[u8],
    look: impl FnOnce(&Value),
) -> Result<T, YamlError> {
    let value = load(text, LENIENT)?;
    look(&value);
    fill(value, LENIENT)
}

/// Reads the entries of a YAML text whose keys are `wanted` into a type; what is wrong with others is found all the same.
pub(crate) fn read_part<T: DeserializeOwned>(
    text: &[u8],
    wanted: fn(&str) -> bool,
) -> Result<T, YamlError> {
    let value = load_part(text, LENIENT, Some(wanted))?;
    fill(value, LENIENT)
}

const LENIENT: Rules = Rules {
    strict: false,
    integers: true,
};

/// Reads a YAML text into a type and refuses keys given twice and fields that the type does not have.
// Parity: sigs.k8s.io/yaml, yaml.go, UnmarshalStrict.
pub fn read_strict<T: DeserializeOwned>(text: &[u8]) -> Result<T, YamlError> {
    let rules = Rules {
        strict: true,
        ..LENIENT
    };
    fill(load(text, rules)?, rules)
}

/// As [`read_strict`], by way of the grammar alone.
#[cfg(test)]
pub(crate) fn read_strict_by_grammar<T: DeserializeOwned>(text: &[u8]) -> Result<T, YamlError> {
    let rules = Rules {
        strict: true,
        ..LENIENT
    };
    fill(
        super::convert::load_by_grammar(&super::source::Source::new(text), rules)?,
        rules,
    )
}

/// Reads a YAML text as [`read_strict`] does, but hands over the items of some lists one by one, so that nobody keeps
/// them: of the lists in the mapping under the root's `key`. They are missing in the type.
///
/// None if the text is more than plain blocks or anything in it is wrong, whoever takes the items has to say so too: then
/// what was handed over counts for nothing.
pub(crate) fn scan_strict<T: DeserializeOwned, I: DeserializeOwned>(
    text: &[u8],
    key: &'static str,
    mut take: impl FnMut(&str, I) -> Option<()>,
) -> Option<T> {
    let rules = Rules {
        strict: true,
        ..LENIENT
    };
    let mut take = |name: &str, item: Value| take(name, fill(item, rules).ok()?);
    let taker = Taker {
        key,
        take: &mut take,
    };
    fill(load_items(text, rules.integers, taker)?, rules).ok()
}

fn fill<T: DeserializeOwned>(value: Value, rules: Rules) -> Result<T, YamlError> {
    let manner = Manner {
        scalars_become_texts: true,
        strict: rules.strict,
    };
    T::deserialize(Reader { value, manner }).map_err(YamlError::Type)
}

/// Fills a type from a value, as `json.Unmarshal` does.
pub fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, TypeError> {
    let manner = Manner {
        scalars_become_texts: false,
        strict: false,
    };
    T::deserialize(Reader { value, manner })
}

impl serde::de::Error for TypeError {
    fn custom<T: Display>(message: T) -> Self {
        Self::Refused(message.to_string())
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        let found = match unexpected {
            Unexpected::Bool(_) => "bool",
            Unexpected::Signed(_) | Unexpected::Unsigned(_) | Unexpected::Float(_) => "number",
            Unexpected::Seq => "array",
            Unexpected::Map => "object",
            Unexpected::Unit | Unexpected::Option => "null",
            _ => "string",
        };
        Self::Kind {
            found: found.to_owned(),
            path: Vec::new(),
            wanted: go_type(&expected.to_string()),
        }
    }

    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Self::UnknownField {
            field: field.to_owned(),
        }
    }
}

/// Go's name for what serde expected.
fn go_type(expected: &str) -> String {
    let name = match expected {
        "a string" => "string",
        "a boolean" => "bool",
        "a sequence" => "[]interface {}",
        "a map" => "map[string]interface {}",
        "u8" => "uint8",
        "u16" => "uint16",
        "u32" => "uint32",
        "u64" | "usize" => "uint64",
        "i8" => "int8",
        "i16" => "int16",
        "i32" => "int32",
        "i64" | "isize" => "int64",
        "f32" => "float32",
        "f64" => "float64",
        other => other.strip_prefix("struct ").unwrap_or(other),
    };
    name.to_owned()
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

impl<'de> Deserialize<'de> for Map {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MapVisitor)
    }
}

struct MapVisitor;

impl<'de> Visitor<'de> for MapVisitor {
    type Value = Map;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Map, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Map::from(entries))
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("interface {}")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Float(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Float(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Value, A::Error> {
        MapVisitor.visit_map(entries).map(Value::Map)
    }
}

/// How values fill types.
#[derive(Clone, Copy)]
struct Manner {
    /// Whether numbers and truth values may fill text fields.
    scalars_become_texts: bool,
    /// Whether unknown fields are refused.
    strict: bool,
}

/// A value being read into a type.
struct Reader {
    value: Value,
    manner: Manner,
}

impl Reader {
    /// The text that a scalar becomes in a text field.
    // Parity: sigs.k8s.io/yaml, yaml.go, convertToJSONableObject: floats are narrowed first.
    fn as_text(&self) -> Option<String> {
        match &self.value {
            Value::Null => Some(String::new()),
            _ if !self.manner.scalars_become_texts => None,
            Value::Bool(value) => Some(value.to_string()),
            Value::Integer(value) => Some(value.to_string()),
            Value::Float(value) => Some(number::general32(*value)),
            _ => None,
        }
    }

    fn text<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        match self.as_text() {
            Some(text) => visitor.visit_string(text),
            None => self.deserialize_any(visitor),
        }
    }

    /// A whole number, which may have been read as a float.
    fn integer<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        match self.value {
            Value::Null => visitor.visit_u64(0),
            Value::Float(number) if self.value.as_integer().is_none() => Err(TypeError::Kind {
                found: format!("number {}", number::json(number)),
                path: Vec::new(),
                wanted: go_type(&Expectation(visitor).to_string()),
            }),
            _ => match self.value.as_integer() {
                Some(number) if number >= 0 => visitor.visit_u64(number.unsigned_abs()),
                Some(number) => visitor.visit_i64(number),
                None => self.deserialize_any(visitor),
            },
        }
    }

    /// The entries for a struct: those it knows, no nulls, and the last of those that mean the same field.
    // Parity: Go, encoding/json: names match in any case, and null leaves a field as it is.
    fn fields(self, known: &'static [&'static str]) -> (Vec<Entry>, Option<String>) {
        let Value::Map(map) = self.value else {
            return (Vec::new(), None);
        };
        let mut fields: Vec<Entry> = Vec::with_capacity(map.len().min(known.len()));
        for (key, value) in map {
            let exact = known.iter().find(|name| **name == key);
            let folded = || known.iter().find(|name| name.eq_ignore_ascii_case(&key));
            let Some(field) = exact.or_else(folded) else {
                // What is wrong with the fields before it comes first.
                if self.manner.strict {
                    return (fields, Some(key));
                }
                continue;
            };
            if value.is_null() {
                continue;
            }
            fields.retain(|other| other.field != Some(field));
            fields.push(Entry {
                field: Some(field),
                key,
                value,
            });
        }
        (fields, None)
    }
}

/// How [`Plain`] is told from other types.
const PLAIN: &str = "\0plain";

/// Something that is filled as `json.Unmarshal` has it, however the text around it is read: numbers fill no texts.
pub(crate) struct Plain<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Plain<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PlainVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for PlainVisitor<T> {
            type Value = T;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a value")
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<T, D::Error> {
                T::deserialize(deserializer)
            }
        }

        let visitor = PlainVisitor(PhantomData);
        deserializer
            .deserialize_newtype_struct(PLAIN, visitor)
            .map(Plain)
    }
}

/// Shows what a visitor expects.
struct Expectation<V>(V);

impl<'de, V: Visitor<'de>> Display for Expectation<V> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.expecting(formatter)
    }
}

/// Forwards a method to another one of the same shape.
macro_rules! forward {
    ($($from:ident)* => $to:ident) => {
        $(fn $from<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
            self.$to(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for Reader {
    type Error = TypeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Integer(value) => visitor.visit_i64(value),
            Value::Float(value) => visitor.visit_f64(value),
            Value::String(value) => visitor.visit_string(value),
            Value::Raw(value) => visitor.visit_str(value.as_str()),
            Value::List(items) => visitor.visit_seq(Items {
                items: items.into_iter().enumerate(),
                manner: self.manner,
            }),
            Value::Map(map) => visitor.visit_map(Entries::of_map(map, self.manner)),
        }
    }

    forward!(deserialize_str deserialize_string => text);
    forward!(deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 => integer);
    forward!(deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 => integer);

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        match self.value {
            Value::Null => visitor.visit_bool(false),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, TypeError> {
        if self.value.is_null() {
            self.value = Value::List(Vec::new());
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, TypeError> {
        if self.value.is_null() {
            self.value = Value::Map(Map::new());
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        if name == PLAIN {
            self.manner.scalars_become_texts = false;
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        match self.value {
            Value::Null | Value::Map(_) => {
                let manner = self.manner;
                let (known, unknown) = self.fields(fields);
                let mut entries = Entries::new(known.into_iter(), manner);
                entries.unknown = unknown;
                visitor.visit_map(entries)
            }
            // A visitor would take a list for the fields in their order; Go does not.
            Value::List(_) => Err(TypeError::invalid_type(Unexpected::Seq, &visitor)),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        match self.value {
            Value::String(name) => visitor.visit_enum(name.into_deserializer()),
            Value::Map(map) => {
                let entries = Entries::of_map(map, self.manner);
                visitor.visit_enum(MapAccessDeserializer::new(entries))
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i128 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct identifier
    }
}

/// The items of a list being read.
struct Items {
    items: Enumerate<std::vec::IntoIter<Value>>,
    manner: Manner,
}

impl<'de> SeqAccess<'de> for Items {
    type Error = TypeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, TypeError> {
        let Some((index, value)) = self.items.next() else {
            return Ok(None);
        };
        seed.deserialize(Reader {
            value,
            manner: self.manner,
        })
        .map(Some)
        .map_err(|error| error.below(Step::Index(index)))
    }
}

/// An entry of a mapping.
struct Entry {
    /// The field it means, if it is for a struct.
    field: Option<&'static str>,
    /// Its key as it is written, which errors name.
    key: String,
    value: Value,
}

/// The entries of a mapping being read.
struct Entries<I> {
    rest: I,
    current: Option<(String, Value)>,
    /// A field behind all others that nobody knows.
    unknown: Option<String>,
    manner: Manner,
}

impl<I: Iterator<Item = Entry>> Entries<I> {
    fn new(rest: I, manner: Manner) -> Self {
        Self {
            rest,
            current: None,
            unknown: None,
            manner,
        }
    }
}

impl Entries<()> {
    fn of_map(map: Map, manner: Manner) -> Entries<impl Iterator<Item = Entry>> {
        let entry = |(key, value)| Entry {
            field: None,
            key,
            value,
        };
        Entries::new(map.into_iter().map(entry), manner)
    }
}

impl<'de, I: Iterator<Item = Entry>> MapAccess<'de> for Entries<I> {
    type Error = TypeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, TypeError> {
        let Some(Entry { field, key, value }) = self.rest.next() else {
            return match self.unknown.take() {
                Some(field) => Err(TypeError::UnknownField { field }),
                None => Ok(None),
            };
        };
        let name = field.unwrap_or(&key);
        let name = seed.deserialize(name.into_deserializer())?;
        self.current = Some((key, value));
        Ok(Some(name))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, TypeError> {
        let (key, value) = self.current.take().unwrap_or_default();
        seed.deserialize(Reader {
            value,
            manner: self.manner,
        })
        .map_err(|error| error.below(Step::Key(key)))
    }
}
