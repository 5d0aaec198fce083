//! Calls of functions and methods: how many arguments, of which types, and what comes back.

use super::state::{At, Evaluated, Given, Operand, State};
use crate::error::CallError;
use crate::functions::Registered;
use crate::types::Type;
use crate::value::Value;

/// A function's name, its parameters, and whether the last may be repeated.
type Declared<'n> = (&'n str, &'static [Type], bool);

/// The arguments of a call, which most often are few enough not to need the heap.
pub(super) struct Arguments {
    few: [Value; FEW],
    /// How many of the few there are; none if there are many.
    count: usize,
    many: Vec<Value>,
}

/// How many arguments are few.
const FEW: usize = 4;

impl Arguments {
    fn new(count: usize) -> Self {
        let many = if count > FEW { count } else { 0 };
        Self {
            few: [const { Value::Nil }; FEW],
            count: 0,
            many: Vec::with_capacity(many),
        }
    }

    fn push(&mut self, argument: Value) {
        if self.many.capacity() == 0
            && let Some(place) = self.few.get_mut(self.count)
        {
            *place = argument;
            self.count += 1;
        } else {
            self.many.push(argument);
        }
    }

    pub(super) fn as_slice(&self) -> &[Value] {
        if self.many.is_empty() {
            &self.few[..self.count]
        } else {
            &self.many
        }
    }
}

impl<'t> State<'_, '_, 't> {
    /// Calls a function; `node` is what its errors are blamed on.
    pub(super) fn function(
        &mut self,
        dot: &Operand,
        function: &Registered,
        node: At<'t>,
        given: Given<'t>,
    ) -> Evaluated<Operand> {
        if let Some(until) = function.short_circuit() {
            return self.short_circuit(dot, function, until, given);
        }
        let name = function.name();
        let callee = (name == "call").then(|| self.callee_text(&given));
        let arguments = self.arguments(
            dot,
            (name, function.parameters(), function.is_variadic()),
            None,
            given,
        )?;
        if let Some(callee) = callee {
            self.executor.callee = callee;
        }
        let result = self.executor.call(function, arguments.as_slice());
        self.returned(result, name, node)
    }

    /// Evaluates the arguments of a call and checks them against the declared parameters; a receiver stands before
    /// them, undeclared.
    pub(super) fn arguments(
        &mut self,
        dot: &Operand,
        declared: Declared<'_>,
        receiver: Option<&Value>,
        given: Given<'t>,
    ) -> Evaluated<Arguments> {
        self.check_count(declared, &given)?;
        let (_, parameters, _) = declared;
        let count = given.count();
        let expected = |index: usize| parameters[index.min(parameters.len() - 1)];
        let mut arguments = Arguments::new(count + usize::from(receiver.is_some()));
        if let Some(receiver) = receiver {
            arguments.push(receiver.clone());
        }
        for (index, word) in given.words.iter().enumerate() {
            arguments.push(self.argument(dot, expected(index), word)?);
        }
        if let Some(last) = given.last {
            arguments.push(self.validate(Operand::plain(last), expected(count - 1))?);
        }
        Ok(arguments)
    }

    pub(super) fn check_count(
        &self,
        (name, parameters, variadic): Declared<'_>,
        given: &Given<'t>,
    ) -> Evaluated<()> {
        let count = given.count();
        let fixed = parameters.len() - usize::from(variadic);
        if variadic && count < fixed {
            // Parity: Go counts the words alone here, and not what is piped in.
            let got = given.words.len();
            return Err(self.fault(format!(
                "wrong number of args for {name}: want at least {fixed} got {got}"
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
        given: Given<'t>,
    ) -> Evaluated<Operand> {
        self.check_count((function.name(), function.parameters(), true), &given)?;
        let mut value = Value::Nil;
        for word in given.words {
            value = self.argument(dot, Type::Reflect, word)?;
            if value.is_true() == until {
                return Ok(Operand::plain(value));
            }
        }
        Ok(Operand::plain(given.last.unwrap_or(value)))
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

    /// Returns how the template writes what `call` is to call.
    fn callee_text(&self, given: &Given<'_>) -> String {
        match (given.words.first(), &given.last) {
            (Some(word), _) => self.script.show_expression(word),
            (None, Some(Value::String(text))) => text.to_string(),
            (None, Some(last)) => format!("<{} Value>", last.type_of()),
            (None, None) => String::new(),
        }
    }
}
