//! Results as a template of the user's makes them.

use std::any::Any;

use helmrs_gotemplate::{
    CallError, Executor, Functions, Method, MissingKey, Object, TemplateSet, Type, Value,
};

use crate::ambient::Machine;
use crate::error::{self, CommandError};
use crate::printer::Printer;

/// A result as templates see it: a Go struct of that name.
pub(crate) struct Struct {
    /// The name of its type in Go.
    pub(crate) name: &'static str,
    /// Its fields in Go's order.
    pub(crate) fields: Vec<(&'static str, Value)>,
    /// Its methods, none of which takes anything.
    pub(crate) methods: &'static [Method],
    /// What each method gives.
    pub(crate) answers: Vec<Value>,
}

/// A method that takes nothing.
pub(crate) const fn method(name: &'static str) -> Method {
    Method::new(name, &[])
}

/// What one of `methods` gives.
pub(crate) fn answer(
    methods: &[Method],
    answers: &[Value],
    name: &str,
) -> Result<Value, CallError> {
    let place = methods.iter().position(|method| method.name == name);
    place
        .and_then(|place| answers.get(place).cloned())
        .ok_or_else(|| CallError::new(format!("no method {name}")))
}

impl Object for Struct {
    fn type_of(&self) -> Type {
        Type::Object(self.name)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        self.fields.clone()
    }

    fn methods(&self) -> &'static [Method] {
        self.methods
    }

    fn invoke(&self, name: &str, _: &[Value], _: &mut Executor<'_>) -> Result<Value, CallError> {
        answer(self.methods, &self.answers, name)
    }
}

/// Prints what a template makes of a result, also what comes before a failure.
// Parity: Helm, pkg/cmd/printer.go, tpl: Go's own functions and no others.
pub(crate) fn print(template: &str, data: &Value, printer: &Printer) -> Result<(), CommandError> {
    let failed = |error: &dyn std::error::Error| CommandError::message(error::chain(error));
    let mut set = TemplateSet::new("_", Functions::new(), MissingKey::Invalid);
    set.parse("_", template).map_err(|error| failed(&error))?;
    let mut text = Vec::new();
    let outcome = Executor::new(&set, &Machine).execute_into("_", data, &mut text);
    printer.data(text)?;
    outcome.map_err(|error| failed(&error))
}
