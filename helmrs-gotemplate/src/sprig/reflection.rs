//! Reflection: the types and kinds of values, and deep equality.

use super::arguments::{any, string};
use super::cast::type_name;
use super::row;
use crate::error::CallError;
use crate::functions::Function;
use crate::types::Type;
use crate::value::Value;

const A: &[Type] = &[Type::Any];
const SA: &[Type] = &[Type::String, Type::Any];

pub(crate) const FUNCTIONS: &[Function] = &[
    row("typeOf", A, type_of, &[("{{ typeOf 1.5 }}", "float64")]),
    row(
        "typeIs",
        SA,
        type_is,
        &[(r#"{{ typeIs "int" 1 }}"#, "true")],
    ),
    row(
        "typeIsLike",
        SA,
        type_is_like,
        &[(r#"{{ typeIsLike "string" "a" }}"#, "true")],
    ),
    row("kindOf", A, kind, &[("{{ kindOf (list 1) }}", "slice")]),
    row(
        "kindIs",
        SA,
        kind_is,
        &[(r#"{{ kindIs "map" (dict) }}"#, "true")],
    ),
    row(
        "deepEqual",
        &[Type::Any, Type::Any],
        deeply_equal,
        &[("{{ deepEqual (list 1) (list 1) }}", "true")],
    ),
];

/// How deep values may nest and still be compared.
const MOST_NESTING: usize = 10_000;

/// The kind of a value as Go's `reflect.Kind` prints it; `invalid` for nil.
pub fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Nil => "invalid",
        Value::Bool(_) => "bool",
        Value::Integer(number) => number.kind().name(),
        Value::Float(_) => "float64",
        Value::Complex(..) => "complex128",
        Value::String(_) => "string",
        Value::Bytes(_) | Value::List(_) => "slice",
        Value::Map(_) => "map",
        Value::Object(object) => match object.underlying() {
            Some(value) => kind_of(&value),
            None if matches!(object.type_of(), Type::Object(name) if name.starts_with('*')) => {
                "ptr"
            }
            None => "struct",
        },
        Value::Function(_) => "func",
    }
}

/// Whether two values are equal in type and content, as `reflect.DeepEqual`.
///
/// # Examples
///
/// ```
/// use helmrs_gotemplate::{Value, sprig::deep_equal};
///
/// assert!(deep_equal(&Value::int(1), &Value::int(1)));
/// assert!(!deep_equal(&Value::int(1), &Value::int64(1)));
/// ```
pub fn deep_equal(left: &Value, right: &Value) -> bool {
    equal(left, right, 0)
}
fn equal(left: &Value, right: &Value, depth: usize) -> bool {
    if depth > MOST_NESTING {
        return false;
    }
    match (left, right) {
        (Value::Nil, Value::Nil) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Integer(left), Value::Integer(right)) => left == right,
        (Value::Float(left), Value::Float(right)) => left == right,
        (Value::Complex(a, b), Value::Complex(c, d)) => a == c && b == d,
        (Value::String(left), Value::String(right)) | (Value::Bytes(left), Value::Bytes(right)) => {
            left == right
        }
        (Value::List(left), Value::List(right)) => {
            left.type_of() == right.type_of()
                && left.is_nil() == right.is_nil()
                && left.len() == right.len()
                && left
                    .iter()
                    .zip(right.iter())
                    .all(|(left, right)| equal(left, right, depth + 1))
        }
        (Value::Map(left), Value::Map(right)) => {
            left.is_same(right)
                || (left.type_of() == right.type_of()
                    && left.is_nil() == right.is_nil()
                    && left.len() == right.len()
                    && left.entries().iter().all(|(key, item)| {
                        right
                            .get(key)
                            .is_some_and(|other| equal(item, &other, depth + 1))
                    }))
        }
        (Value::Object(left), Value::Object(right)) => {
            std::rc::Rc::ptr_eq(left, right)
                || (left.type_of() == right.type_of()
                    && fields_equal(&left.fields(), &right.fields(), depth)
                    && match (left.underlying(), right.underlying()) {
                        (None, None) => left.string() == right.string(),
                        (Some(left), Some(right)) => equal(&left, &right, depth + 1),
                        _ => false,
                    })
        }
        _ => false,
    }
}

fn fields_equal(left: &[(&str, Value)], right: &[(&str, Value)], depth: usize) -> bool {
    left.len() == right.len()
        && left
            .iter()
            .zip(right)
            .all(|((_, left), (_, right))| equal(left, right, depth + 1))
}

/// What `%T` prints.
fn printed_type(value: &Value) -> String {
    match value {
        Value::Nil => "<nil>".to_string(),
        _ => type_name(value),
    }
}

fn type_of(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(printed_type(any(arguments, 0)).into())
}

fn type_is(arguments: &[Value]) -> Result<Value, CallError> {
    Ok((string(arguments, 0) == printed_type(any(arguments, 1))).into())
}

fn type_is_like(arguments: &[Value]) -> Result<Value, CallError> {
    let (target, found) = (string(arguments, 0), printed_type(any(arguments, 1)));
    Ok((target == found || format!("*{target}") == found).into())
}

fn kind(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(kind_of(any(arguments, 0)).into())
}

fn kind_is(arguments: &[Value]) -> Result<Value, CallError> {
    Ok((string(arguments, 0) == kind_of(any(arguments, 1))).into())
}

fn deeply_equal(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(deep_equal(any(arguments, 0), any(arguments, 1)).into())
}
