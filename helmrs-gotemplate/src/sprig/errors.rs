//! What methods give that return an error and nothing else.

use std::any::Any;

use crate::types::Type;
use crate::value::{Object, Text, Value};

/// An error as a value: it prints as its text.
struct ErrorObject(String);

impl Object for ErrorObject {
    fn type_of(&self) -> Type {
        Type::Object("*errors.errorString")
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        vec![("s", Value::from(self.0.as_str()))]
    }

    fn string(&self) -> Option<Text> {
        Some(self.0.as_str().into())
    }
}

/// The absence of an error: it prints as `<nil>`, where a value that is missing prints as `<no value>`.
struct NoError;

impl Object for NoError {
    fn type_of(&self) -> Type {
        Type::Object("error")
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn underlying(&self) -> Option<Value> {
        Some(Value::Nil)
    }

    fn string(&self) -> Option<Text> {
        Some("<nil>".into())
    }

    fn boxed(&self) -> Option<Value> {
        Some(Value::Nil)
    }
}

/// An error with this text.
pub(super) fn value(text: String) -> Value {
    Value::object(ErrorObject(text))
}

/// No error.
pub(super) fn none() -> Value {
    Value::object(NoError)
}
