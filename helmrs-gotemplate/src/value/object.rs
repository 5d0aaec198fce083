//! Objects: Go structs and named types with fields and methods of their own.

use std::any::Any;

use super::{Text, Value};
use crate::error::CallError;
use crate::exec::Executor;
use crate::types::Type;

/// What stands for the address of everything: a render does not depend on the machine's memory.
pub(crate) const ADDRESS: u64 = 0xc0_0000_0000;

/// A Go value with methods: `.Files`, `.Capabilities`, a semantic version, a moment in time.
///
/// Only [`Object::type_of`] and [`Object::as_any`] must be given; the rest describes what the Go type has.
pub trait Object {
    /// Returns the Go type: `Type::Object("*semver.Version")`, or a `Type::Named` for a named map or list.
    fn type_of(&self) -> Type;

    /// Returns the object itself, for a function that expects this type to downcast.
    fn as_any(&self) -> &dyn Any;

    /// Returns the fields of a struct in Go's order.
    ///
    /// Those that start with a small letter are not exported: printing shows them, templates cannot use them.
    fn fields(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    /// Returns one field of a struct.
    fn field(&self, name: &str) -> Option<Value> {
        self.fields()
            .into_iter()
            .find(|(field, _)| *field == name && is_exported(field))
            .map(|(_, value)| value)
    }

    /// Returns the methods templates can call.
    fn methods(&self) -> &'static [Method] {
        &[]
    }

    /// Calls a method out of [`Object::methods`], with arguments of the declared types.
    fn invoke(
        &self,
        method: &str,
        arguments: &[Value],
        executor: &mut Executor<'_>,
    ) -> Result<Value, CallError> {
        let _ = (arguments, executor);
        Err(CallError::new(format!("no method {method}")))
    }

    /// Returns the map, list, number or string that a named type was declared as; structs have none.
    ///
    /// `range`, `len`, `index`, comparisons, truth and printing see this value.
    fn underlying(&self) -> Option<Value> {
        None
    }

    /// Returns another value of a type that was declared as an integer: `range` counts in the type of its limit.
    fn with_number(&self, number: i64) -> Option<Value> {
        let _ = number;
        None
    }

    /// Returns what the type's `String` (or `Error`) method gives, if it has one.
    fn string(&self) -> Option<Text> {
        None
    }

    /// Returns what the type's `GoString` method gives, which `%#v` prints.
    fn go_string(&self) -> Option<Text> {
        None
    }

    /// Returns what an action prints: [`Object::string`], unless only a pointer to the type has the method.
    // Parity: Go, text/template/exec.go, printableValue: what is reached through a pointer can be pointed to.
    fn printed(&self) -> Option<Text> {
        self.string()
    }

    /// Returns the value as `interface {}` holds it, if it is reached through a pointer until then: with what it has as it
    /// is, without what only a pointer to it has.
    // Parity: Go, reflect/value.go, Interface: what comes out of an interface cannot be pointed to.
    fn boxed(&self) -> Option<Value> {
        None
    }

    /// Returns where a pointer points as far as that can be seen; zero for a nil pointer.
    fn address(&self) -> u64 {
        ADDRESS
    }

    /// Returns what the type's `MarshalText` method gives, if it has one; YAML and TOML show that.
    fn marshalled(&self) -> Option<Text> {
        None
    }

    /// Returns what `deepCopy` makes of a struct with fields that are not exported: these stay empty in the copy.
    fn deep_copy(&self) -> Option<Value> {
        None
    }

    /// Returns the value that stands for this one in JSON.
    ///
    /// The default is a struct without tags: every field under its Go name, in Go's order.
    fn json(&self) -> JsonShape {
        if let Some(value) = self.underlying() {
            return JsonShape::Value(value);
        }
        let mut fields = self.fields();
        fields.retain(|(name, _)| is_exported(name));
        JsonShape::Struct(fields)
    }
}

/// Tells whether a field can be used outside its package.
pub fn is_exported(field: &str) -> bool {
    field.starts_with(char::is_uppercase)
}

/// How an object looks in JSON.
pub enum JsonShape {
    /// As this value does.
    Value(Value),
    /// As an object with these fields in this order.
    Struct(Vec<(&'static str, Value)>),
}

/// A method's name and what it takes.
#[derive(Debug)]
pub struct Method {
    /// The name as templates write it.
    pub name: &'static str,
    /// The declared types.
    pub parameters: &'static [Type],
    /// Why no template can call it, if it does not return what a template can take.
    pub flaw: Option<&'static str>,
}

impl Method {
    /// Makes a method that takes values of the given types.
    pub const fn new(name: &'static str, parameters: &'static [Type]) -> Self {
        Self {
            name,
            parameters,
            flaw: None,
        }
    }

    /// Makes a method without parameters that no template can call.
    pub const fn flawed(name: &'static str, flaw: &'static str) -> Self {
        Self {
            name,
            parameters: &[],
            flaw: Some(flaw),
        }
    }
}
