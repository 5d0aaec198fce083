//! Calls from outside a template: functions and methods by another language's choice.
//!
//! The arguments are checked against the declaration exactly as a template's are, so that a body sees what it declared.

use super::Executor;
use crate::error::CallError;
use crate::functions::{Function, Registered};
use crate::types::Type;
use crate::value::Value;

impl Executor<'_> {
    /// Calls a function with arguments that nobody has checked yet.
    pub fn apply(
        &mut self,
        function: &Registered,
        arguments: Vec<Value>,
    ) -> Result<Value, CallError> {
        let declared = (function.parameters(), function.is_variadic());
        let arguments = checked(function.name(), declared, arguments)?;
        self.call(function, &arguments)
    }

    /// Calls a method of a value with arguments that nobody has checked yet.
    pub fn invoke(
        &mut self,
        receiver: &Value,
        method: &str,
        arguments: Vec<Value>,
    ) -> Result<Value, CallError> {
        if let Some(method) = named_method(receiver, method) {
            let mut given = vec![receiver.clone()];
            given.extend(checked(
                method.name,
                (method.parameters, method.variadic),
                arguments,
            )?);
            return method.body.call(self, &given);
        }
        let found = match receiver {
            Value::Object(object) => object
                .methods()
                .iter()
                .find(|candidate| candidate.name == method)
                .map(|method| (object, method)),
            _ => None,
        };
        let Some((object, method)) = found else {
            let of = receiver.type_of();
            return Err(CallError::new(format!("{of} has no method {method}")));
        };
        if let Some(flaw) = method.flaw {
            return Err(CallError::new(flaw));
        }
        let arguments = checked(method.name, (method.parameters, false), arguments)?;
        object.invoke(method.name, &arguments, self)
    }
}

/// Returns the types a method of a value declares; none if the value has no such method.
pub fn method_parameters(receiver: &Value, method: &str) -> Option<&'static [Type]> {
    if let Some(method) = named_method(receiver, method) {
        return Some(method.parameters);
    }
    let Value::Object(object) = receiver else {
        return None;
    };
    let mut methods = object.methods().iter();
    let found = methods.find(|candidate| candidate.name == method)?;
    Some(found.parameters)
}

fn named_method(receiver: &Value, name: &str) -> Option<&'static Function> {
    let Type::Named(named) = receiver.type_of() else {
        return None;
    };
    named.methods.iter().find(|method| method.name == name)
}

/// The arguments as the parameters receive them.
fn checked(
    name: &str,
    (parameters, variadic): (&[Type], bool),
    arguments: Vec<Value>,
) -> Result<Vec<Value>, CallError> {
    let (fixed, got) = (parameters.len() - usize::from(variadic), arguments.len());
    if got < fixed || (!variadic && got != fixed) {
        let least = if variadic { "at least " } else { "" };
        return Err(CallError::new(format!(
            "wrong number of args for {name}: want {least}{fixed} got {got}"
        )));
    }
    let expected = |index: usize| parameters[index.min(parameters.len() - 1)];
    let arguments = arguments.into_iter().enumerate();
    arguments
        .map(|(index, argument)| fitting(argument, expected(index)))
        .collect()
}

fn fitting(value: Value, expected: Type) -> Result<Value, CallError> {
    if value.is_nil() {
        return match expected {
            Type::Any | Type::Reflect => Ok(value),
            _ if expected.can_be_nil() => Ok(Value::zero(expected)),
            _ => Err(CallError::new(format!(
                "invalid value; expected {expected}"
            ))),
        };
    }
    let actual = value.type_of();
    if actual.is_assignable_to(expected) || actual.points_to(expected) {
        return Ok(value.received_as(expected));
    }
    Err(CallError::new(format!(
        "wrong type for value; expected {expected}; got {actual}"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ambient::Fixed;
    use crate::functions::Functions;
    use crate::set::{MissingKey, TemplateSet};
    use crate::sprig;

    fn call(name: &str, arguments: Vec<Value>) -> Result<Value, String> {
        let mut functions = Functions::new();
        sprig::register(&mut functions);
        let function = functions.get(name).cloned().unwrap();
        let set = TemplateSet::new("t", functions, MissingKey::Zero);
        let ambient = Fixed::default();
        let mut executor = Executor::new(&set, &ambient);
        executor
            .apply(&function, arguments)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_call_from_outside_is_checked_as_a_template_is() {
        let cut = call("trunc", vec![Value::int(2), Value::from("abc")]).unwrap();
        assert_eq!(cut.as_string().unwrap(), "ab");
        assert_eq!(
            call("trunc", vec![Value::from("abc"), Value::int(2)]).unwrap_err(),
            "wrong type for value; expected int; got string"
        );
        assert_eq!(
            call("trunc", vec![Value::int(2)]).unwrap_err(),
            "wrong number of args for trunc: want 2 got 1"
        );
        assert_eq!(
            call("merge", vec![]).unwrap_err(),
            "wrong number of args for merge: want at least 1 got 0"
        );
        assert!(call("now", vec![]).is_ok());
    }

    #[test]
    fn methods_are_called_by_their_names() {
        let version = call("semver", vec![Value::from("1.2.3")]).unwrap();
        let set = TemplateSet::new("t", Functions::new(), MissingKey::Zero);
        let ambient = Fixed::default();
        let mut executor = Executor::new(&set, &ambient);
        let minor = executor.invoke(&version, "Minor", vec![]).unwrap();
        assert_eq!(minor.as_integer(), Some(2));
        assert!(executor.invoke(&version, "Nope", vec![]).is_err());
        assert_eq!(method_parameters(&version, "Minor"), Some(&[][..]));
    }
}
