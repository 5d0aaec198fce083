//! Comparisons: what `eq` and `lt` make of two values.
// Parity: Go, text/template/funcs.go.

use std::rc::Rc;

use super::{Object, Value};
use crate::error::CallError;
use crate::printf::sprintf;

/// What Go compares by: the kinds it tells apart, whatever the width.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bool,
    Complex,
    Int,
    Uint,
    Float,
    String,
    Other,
}

fn kind(value: &Value) -> Kind {
    match value {
        Value::Bool(_) => Kind::Bool,
        Value::Complex(..) => Kind::Complex,
        Value::Integer(number) if number.kind().is_signed() => Kind::Int,
        Value::Integer(_) => Kind::Uint,
        Value::Float(_) => Kind::Float,
        Value::String(_) => Kind::String,
        _ => Kind::Other,
    }
}

/// Returns the value a named type without fields stands for.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(object) => object.underlying().unwrap_or_else(|| value.clone()),
        _ => value.clone(),
    }
}

fn incompatible(first: &Value, second: &Value) -> CallError {
    let types = format!("{} and {}", first.type_of(), second.type_of());
    CallError::new(format!("incompatible types for comparison: {types}"))
}

/// Tells whether two values are equal, as `eq` does.
#[expect(clippy::float_cmp, reason = "Go compares exactly")]
pub(crate) fn equal(first: &Value, second: &Value) -> Result<bool, CallError> {
    let (a, b) = (&plain(first), &plain(second));
    Ok(match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Complex(a, x), Value::Complex(b, y)) => a == b && x == y,
        (Value::Integer(a), Value::Integer(b)) => a.to_i128() == b.to_i128(),
        (Value::Float(a), Value::Float(b)) => a == b,
        (Value::String(a), Value::String(b)) => a == b,
        _ if kind(a) != kind(b) => {
            if !a.is_nil() && !b.is_nil() {
                return Err(incompatible(first, second));
            }
            false
        }
        _ => return equal_composites(a, b),
    })
}

/// Whether an object is a pointer to a struct in Go, and not the struct itself.
fn is_pointer(object: &dyn Object) -> bool {
    object.type_of().to_string().starts_with('*')
}

fn equal_composites(a: &Value, b: &Value) -> Result<bool, CallError> {
    let same_kind = match (a, b) {
        (Value::Nil, _)
        | (_, Value::Nil)
        | (Value::List(_) | Value::Bytes(_), Value::List(_) | Value::Bytes(_)) => true,
        (Value::Object(a), Value::Object(b)) => is_pointer(a.as_ref()) == is_pointer(b.as_ref()),
        _ => std::mem::discriminant(a) == std::mem::discriminant(b),
    };
    if !same_kind {
        let types = [a, b].map(|value| Value::from(value.type_of().to_string()));
        let [first, second] = types;
        return Err(message(
            b"non-comparable types %s: %v, %s: %v",
            &[a.clone(), first, second, b.clone()],
        ));
    }
    if is_nil(a) || is_nil(b) {
        return Ok(is_nil(a) == is_nil(b));
    }
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => Ok(Rc::ptr_eq(a, b)
            || !is_pointer(a.as_ref()) && a.type_of() == b.type_of() && a.string() == b.string()),
        (Value::Function(a), Value::Function(b)) => Ok(Rc::ptr_eq(a, b)),
        _ => {
            let of = Value::from(b.type_of().to_string());
            Err(message(b"non-comparable type %s: %v", &[b.clone(), of]))
        }
    }
}

fn message(format: &[u8], arguments: &[Value]) -> CallError {
    CallError::new(String::from_utf8_lossy(&sprintf(format, arguments)))
}

fn is_nil(value: &Value) -> bool {
    match value {
        Value::Nil => true,
        Value::List(list) => list.is_nil(),
        Value::Map(map) => map.is_nil(),
        _ => false,
    }
}

/// Tells whether one value is less than another, as `lt` does.
pub(crate) fn less(first: &Value, second: &Value) -> Result<bool, CallError> {
    let (a, b) = (&plain(first), &plain(second));
    Ok(match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => a.to_i128() < b.to_i128(),
        (Value::Float(a), Value::Float(b)) => a < b,
        (Value::String(a), Value::String(b)) => a < b,
        _ if kind(a) == Kind::Other || kind(b) == Kind::Other || kind(a) == kind(b) => {
            return Err(CallError::new("invalid type for comparison"));
        }
        _ => return Err(incompatible(first, second)),
    })
}
