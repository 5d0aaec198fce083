//! Calls of functions and methods: how many arguments, of which types, and what comes back.

use super::state::{At, Evaluated, Operand, State};
use crate::ast::Expression;
use crate::error::CallError;
use crate::functions::Registered;
use crate::types::Type;
use crate::value::Value;

impl<'t> State<'_, '_, 't> {
    /// Calls a function; `node` is what its errors are blamed on.
    pub(super) fn function(
        &mut self,
        dot: &Operand,
        function: &'t Registered,
        node: At<'t>,
        words: &'t [Expression],
        last: Option<Value>,
    ) -> Evaluated<Operand> {
        if let Some(until) = function.short_circuit() {
            return self.short_circuit(dot, function, until, words, last);
        }
        let (parameters, variadic) = (function.parameters(), function.is_variadic());
        let callee = match (function.name(), words.first(), &last) {
            ("call", Some(word), _) => Some(word.to_string()),
            ("call", None, Some(Value::String(text))) => Some(text.to_string()),
            ("call", None, Some(last)) => Some(format!("<{} Value>", last.type_of())),
            _ => None,
        };
        let arguments = self.arguments(dot, function.name(), parameters, variadic, words, last)?;
        if let Some(callee) = callee {
            self.executor.callee = callee;
        }
        let result = function.call(self.executor, &arguments);
        self.returned(result, function.name(), node)
    }

    /// Evaluates the arguments of a call and checks them against the declared parameters.
    pub(super) fn arguments(
        &mut self,
        dot: &Operand,
        name: &str,
        parameters: &'static [Type],
        variadic: bool,
        words: &'t [Expression],
        last: Option<Value>,
    ) -> Evaluated<Vec<Value>> {
        let count = words.len() + usize::from(last.is_some());
        self.check_count(name, parameters, variadic, words.len(), count)?;
        let expected = |index: usize| parameters[index.min(parameters.len() - 1)];
        let mut arguments = Vec::with_capacity(count);
        for (index, word) in words.iter().enumerate() {
            arguments.push(self.argument(dot, expected(index), word)?);
        }
        if let Some(last) = last {
            arguments.push(self.validate(Operand::plain(last), expected(count - 1))?);
        }
        Ok(arguments)
    }

    fn check_count(
        &self,
        name: &str,
        parameters: &[Type],
        variadic: bool,
        words: usize,
        count: usize,
    ) -> Evaluated<()> {
        let fixed = if variadic {
            parameters.len() - 1
        } else {
            parameters.len()
        };
        if variadic && count < fixed {
            return Err(self.fault(format!(
                "wrong number of args for {name}: want at least {fixed} got {words}"
            )));
        }
        if !variadic && count != fixed {
            return Err(self.fault(format!(
                "wrong number of args for {name}: want {fixed} got {count}"
            )));
        }
        Ok(())
    }

    /// Evaluates `and` or `or`, which stop at the first argument that decides.
    fn short_circuit(
        &mut self,
        dot: &Operand,
        function: &Registered,
        until: bool,
        words: &'t [Expression],
        last: Option<Value>,
    ) -> Evaluated<Operand> {
        let count = words.len() + usize::from(last.is_some());
        self.check_count(
            function.name(),
            function.parameters(),
            true,
            words.len(),
            count,
        )?;
        let mut value = Value::Nil;
        for word in words {
            value = self.argument(dot, Type::Reflect, word)?;
            if value.is_true() == until {
                return Ok(Operand::plain(value));
            }
        }
        Ok(Operand::plain(last.unwrap_or(value)))
    }

    /// Takes what a function returned; an error stops the execution at the given node.
    pub(super) fn returned(
        &mut self,
        result: Result<Value, CallError>,
        name: &str,
        node: At<'t>,
    ) -> Evaluated<Operand> {
        match result {
            Ok(value) => Ok(Operand::plain(value)),
            Err(cause) => {
                self.at = node;
                Err(self.fault_because(format!("error calling {name}"), Some(cause)))
            }
        }
    }
}
