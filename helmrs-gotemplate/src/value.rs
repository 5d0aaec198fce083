//! Values: what a template sees.
//!
//! Go's kinds are kept apart, because templates tell them apart: `int`, `int64` and `float64` are
//! different values, lists and maps know their element type, strings are bytes, and maps are shared.

pub(crate) mod compare;
mod integer;
mod list;
mod map;
mod object;
mod text;

use std::fmt;
use std::rc::Rc;

pub use integer::{Integer, IntegerKind};
pub use list::List;
pub use map::Map;
pub(crate) use object::ADDRESS;
pub use object::{JsonShape, Method, Object, is_exported};
pub use text::Text;

use crate::functions::Registered;
use crate::stack::deepen;
use crate::types::Type;

/// A value as Go's templates see it.
///
/// # Examples
///
/// ```
/// use helmrs_gotemplate::{Map, Value};
///
/// let values: Map = [("replicas", Value::Float(3.0)), ("name", Value::from("web"))].into_iter().collect();
/// let alias = values.clone();
/// alias.insert("name", "db");
/// assert_eq!(values.get("name").unwrap().as_string().unwrap(), "db");
/// ```
#[derive(Clone)]
pub enum Value {
    /// Go's nil: the literal, a missing key, a null.
    Nil,
    /// `bool`.
    Bool(bool),
    /// Any integer type.
    Integer(Integer),
    /// `float64`: every number of a YAML file.
    Float(f64),
    /// `complex128`: the real and the imaginary part. Only literals make these.
    Complex(f64, f64),
    /// `string`.
    String(Text),
    /// `[]byte`, which is a list of `uint8` kept dense.
    Bytes(Text),
    /// Any other slice.
    List(List),
    /// Any map from strings.
    Map(Map),
    /// A struct, a pointer to one, or another type with methods.
    Object(Rc<dyn Object>),
    /// A function as a value, for `call`.
    Function(Rc<Registered>),
}

impl Value {
    /// Makes a Go `int`.
    pub fn int(number: i64) -> Self {
        Self::Integer(Integer::int(number))
    }

    /// Makes a Go `int64`.
    pub fn int64(number: i64) -> Self {
        Self::Integer(Integer::new(IntegerKind::Int64, number))
    }

    /// Makes an `[]interface {}`.
    pub fn list(items: Vec<Value>) -> Self {
        Self::List(List::new(items))
    }

    /// Makes a `[]string`.
    pub fn strings<T: Into<Text>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::List(List::strings(items))
    }

    /// Makes an object.
    pub fn object(object: impl Object + 'static) -> Self {
        Self::Object(Rc::new(object))
    }

    /// Returns the Go type; nil has none and is given as `interface {}`.
    pub fn type_of(&self) -> Type {
        match self {
            Self::Nil => Type::Any,
            Self::Bool(_) => Type::Bool,
            Self::Integer(number) => Type::Integer(number.kind()),
            Self::Float(_) => Type::Float,
            Self::Complex(..) => Type::Complex,
            Self::String(_) => Type::String,
            Self::Bytes(_) => Type::BYTES,
            Self::List(list) => list.type_of(),
            Self::Map(map) => map.type_of(),
            Self::Object(object) => object.type_of(),
            Self::Function(_) => Type::Function,
        }
    }

    /// Tells whether this is nil.
    pub fn is_nil(&self) -> bool {
        matches!(self, Self::Nil)
    }

    /// Returns what `if` makes of the value: false for nil, zero and whatever is empty.
    pub fn is_true(&self) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(truth) => *truth,
            Self::Integer(number) => !number.is_zero(),
            Self::Float(number) => *number != 0.0,
            Self::Complex(real, imaginary) => *real != 0.0 || *imaginary != 0.0,
            Self::String(text) | Self::Bytes(text) => !text.is_empty(),
            Self::List(list) => !list.is_empty(),
            Self::Map(map) => !map.is_empty(),
            Self::Object(object) => object.underlying().is_none_or(|value| value.is_true()),
            Self::Function(_) => true,
        }
    }

    /// Returns the text of a `string`.
    pub fn as_string(&self) -> Option<&Text> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the number of any integer type, as Go's conversion to `int64` gives it.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(number.to_i64()),
            _ => None,
        }
    }

    /// Returns the map.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// Returns the items of a list of any type, `[]byte` and named lists with methods included.
    pub fn items(&self) -> Option<List> {
        match self {
            Self::List(list) => Some(list.clone()),
            Self::Bytes(bytes) => Some(List::typed(
                Type::BYTES,
                bytes
                    .iter()
                    .map(|byte| Self::Integer(Integer::new(IntegerKind::Uint8, i64::from(*byte))))
                    .collect(),
            )),
            Self::Object(object) => object.underlying()?.items(),
            _ => None,
        }
    }

    /// Returns the value as a parameter receives it: a map or list of a named type under the type below it, an object
    /// given as an interface without what only a pointer to it has.
    pub(crate) fn received_as(self, expected: Type) -> Self {
        match (self, expected) {
            (Self::Object(object), Type::Any) => object.boxed().unwrap_or(Self::Object(object)),
            (Self::Map(map), Type::Map(_)) if map.type_of() != expected => {
                Self::Map(map.retyped(expected))
            }
            (Self::List(list), Type::List(_)) if list.type_of() != expected => {
                Self::List(list.retyped(expected))
            }
            (value, _) => value,
        }
    }

    /// Returns the object downcast to the Rust type it was made from.
    pub fn downcast<T: 'static>(&self) -> Option<&T> {
        match self {
            Self::Object(object) => object.as_any().downcast_ref(),
            _ => None,
        }
    }

    /// Returns the zero value of a type: what a missing key of a `map[string]T` gives.
    pub fn zero(of: Type) -> Self {
        match of {
            Type::Bool => Self::Bool(false),
            Type::Integer(kind) => Self::Integer(Integer::new(kind, 0)),
            Type::Float => Self::Float(0.0),
            Type::Complex => Self::Complex(0.0, 0.0),
            Type::String => Self::String(Text::default()),
            Type::Named(_) | Type::List(_) | Type::Map(_) => match of.underlying() {
                Type::List(_) => Self::List(List::nil(of)),
                Type::Map(_) => Self::Map(Map::nil(of)),
                other => Self::zero(other),
            },
            Type::Any | Type::Reflect | Type::Object(_) | Type::Function => Self::Nil,
        }
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Self::String(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text.into())
    }
}

impl From<Vec<u8>> for Value {
    fn from(text: Vec<u8>) -> Self {
        Self::String(text.into())
    }
}

impl From<List> for Value {
    fn from(list: List) -> Self {
        Self::List(list)
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nil => f.write_str("nil"),
            Self::Bool(truth) => write!(f, "{truth}"),
            Self::Integer(number) => write!(f, "{}({number})", number.kind().name()),
            Self::Float(number) => write!(f, "{number:?}"),
            Self::Complex(real, imaginary) => write!(f, "({real:?}+{imaginary:?}i)"),
            Self::String(text) => write!(f, "{text:?}"),
            Self::Bytes(bytes) => write!(f, "bytes({bytes:?})"),
            Self::List(list) => list.fmt(f),
            Self::Map(map) => map.fmt(f),
            Self::Object(object) => write!(f, "{}", object.type_of()),
            Self::Function(function) => write!(f, "func {}", function.name()),
        }
    }
}

/// Drops nested values; however deep they nest, the stack suffices.
pub(crate) fn drop_deeply<T>(values: T) {
    deepen(|| drop(values));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_of_a_map_is_the_same_map() {
        let map = Map::new();
        map.clone().insert("a", Value::int(1));
        assert_eq!(map.len(), 1);
    }

    #[test]
    fn deeply_nested_lists_are_dropped_without_overflow() {
        let mut value = Value::Nil;
        for _ in 0..200_000 {
            value = Value::list(vec![value]);
        }
        drop(value);
    }

    #[test]
    fn truth_is_not_being_zero_or_empty() {
        assert!(!Value::from("").is_true());
        assert!(Value::from("false").is_true());
        assert!(!Value::list(vec![]).is_true());
        assert!(!Value::Float(-0.0).is_true());
        assert!(Value::Float(f64::NAN).is_true());
    }
}
