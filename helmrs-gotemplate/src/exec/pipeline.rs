//! Pipelines, commands and their words.

use super::state::{At, Evaluated, Given, Operand, State};
use crate::ast::{Command, Expression, ExpressionKind, Fields, Number, Pipe, Variable};
use crate::stack::deepen;
use crate::types::Type;
use crate::value::{Integer, Value};

impl<'t> State<'_, '_, 't> {
    /// Evaluates a pipeline. What it declares is left on the stack of variables.
    pub(super) fn pipeline(&mut self, dot: &Operand, pipe: &'t Pipe) -> Evaluated<Value> {
        deepen(|| {
            self.at = At::Pipe(pipe);
            let mut last: Option<Value> = None;
            for command in self.script.commands(pipe) {
                last = Some(self.command(dot, command, last)?.value);
            }
            let value = last.unwrap_or(Value::Nil);
            for variable in self.script.variables(pipe) {
                if pipe.assigns {
                    self.assign(variable, Operand::plain(value.clone()))?;
                } else {
                    self.push(variable, Operand::plain(value.clone()));
                }
            }
            Ok(value)
        })
    }

    /// Evaluates a command; `last` is the value piped into it.
    fn command(
        &mut self,
        dot: &Operand,
        command: &'t Command,
        last: Option<Value>,
    ) -> Evaluated<Operand> {
        let (first, words) = self
            .script
            .words(command)
            .split_first()
            .expect("the parser refuses empty commands");
        let given = Given { words, last };
        match &first.kind {
            ExpressionKind::Field(names) => {
                self.at = At::Expression(first);
                self.chain(dot, dot, first, *names, given)
            }
            ExpressionKind::Chain(start, names) => {
                let start = self.chain_start(dot, first, *start)?;
                self.chain(dot, &start, first, *names, given)
            }
            ExpressionKind::Function(function) => {
                self.at = At::Expression(first);
                self.function(dot, function, At::Command(command), given)
            }
            ExpressionKind::Pipe(pipe) => {
                self.refuse_arguments(first, &given)?;
                self.pipeline(dot, pipe).map(Operand::plain)
            }
            ExpressionKind::Variable(variable, names) => {
                self.variable_word(dot, first, (variable, *names), given)
            }
            _ => {
                self.at = At::Expression(first);
                self.refuse_arguments(first, &given)?;
                self.constant_command(dot, first)
            }
        }
    }

    fn constant_command(&self, dot: &Operand, word: &Expression) -> Evaluated<Operand> {
        let value = match &word.kind {
            ExpressionKind::Dot => return Ok(dot.clone()),
            ExpressionKind::Bool(truth) => Value::Bool(*truth),
            ExpressionKind::Number(number) => self.ideal(number, word)?,
            ExpressionKind::String(text) => Value::String(text.clone()),
            ExpressionKind::Nil => return Err(self.fault("nil is not a command")),
            _ => {
                let word = self.script.show_expression(word);
                return Err(self.fault(format!("can't evaluate command \"{word}\"")));
            }
        };
        Ok(Operand::plain(value))
    }

    /// Fails if a word that is no function is given arguments.
    fn refuse_arguments(&self, word: &Expression, given: &Given<'t>) -> Evaluated<()> {
        if given.is_nothing() {
            return Ok(());
        }
        let word = self.script.show_expression(word);
        Err(self.fault(format!("can't give argument to non-function {word}")))
    }

    /// Returns the value a number has where no type is expected.
    fn ideal(&self, number: &Number, word: &Expression) -> Evaluated<Value> {
        if let Some(value) = &number.ideal {
            return Ok(value.clone());
        }
        let word = self.script.show_expression(word);
        Err(self.fault(format!("{word} overflows int")))
    }

    /// Evaluates an argument for a parameter of the given type.
    pub(super) fn argument(
        &mut self,
        dot: &Operand,
        expected: Type,
        word: &'t Expression,
    ) -> Evaluated<Value> {
        self.at = At::Expression(word);
        match &word.kind {
            ExpressionKind::Nil if expected.can_be_nil() => {
                self.executor.nil_was_interface = false;
                Ok(Value::zero(expected))
            }
            ExpressionKind::Nil => Err(self.fault(format!("cannot assign nil to {expected}"))),
            ExpressionKind::Dot
            | ExpressionKind::Field(_)
            | ExpressionKind::Variable(..)
            | ExpressionKind::Pipe(_)
            | ExpressionKind::Function(_)
            | ExpressionKind::Chain(..) => {
                let operand = self.word(dot, word)?;
                self.validate(operand, expected)
            }
            _ => self.constant(expected, word),
        }
    }

    /// Evaluates a word that is no constant, without arguments.
    pub(super) fn word(&mut self, dot: &Operand, word: &'t Expression) -> Evaluated<Operand> {
        self.at = At::Expression(word);
        match &word.kind {
            ExpressionKind::Field(names) => self.chain(dot, dot, word, *names, Given::NOTHING),
            ExpressionKind::Variable(variable, names) => {
                self.variable_word(dot, word, (variable, *names), Given::NOTHING)
            }
            ExpressionKind::Pipe(pipe) => self.pipeline(dot, pipe).map(Operand::plain),
            ExpressionKind::Function(function) => {
                self.function(dot, function, At::Expression(word), Given::NOTHING)
            }
            ExpressionKind::Chain(start, names) => {
                let start = self.chain_start(dot, word, *start)?;
                self.chain(dot, &start, word, *names, Given::NOTHING)
            }
            _ => Ok(dot.clone()),
        }
    }

    fn chain_start(
        &mut self,
        dot: &Operand,
        chain: &'t Expression,
        start: u32,
    ) -> Evaluated<Operand> {
        self.at = At::Expression(chain);
        let start = self.script.start(start);
        if let ExpressionKind::Nil = start.kind {
            let chain = self.script.show_expression(chain);
            return Err(self.fault(format!("indirection through explicit nil in {chain}")));
        }
        self.word(dot, start)
    }

    fn variable_word(
        &mut self,
        dot: &Operand,
        word: &'t Expression,
        (variable, names): (&'t Variable, Fields),
        given: Given<'t>,
    ) -> Evaluated<Operand> {
        self.at = At::Expression(word);
        let value = self.variable(variable)?;
        if names.is_empty() {
            self.refuse_arguments(word, &given)?;
            return Ok(value);
        }
        self.chain(dot, &value, word, names, given)
    }

    /// Evaluates a literal for a parameter of the given type.
    fn constant(&self, expected: Type, word: &Expression) -> Evaluated<Value> {
        let shown = || self.script.show_expression(word);
        let found = |what: &str| self.fault(format!("expected {what}; found {}", shown()));
        let kind = &word.kind;
        let number = match kind {
            ExpressionKind::Number(number) => Some(number),
            _ => None,
        };
        match expected.underlying() {
            Type::Bool => match kind {
                ExpressionKind::Bool(truth) => Ok(Value::Bool(*truth)),
                _ => Err(found("bool")),
            },
            Type::String => match kind {
                ExpressionKind::String(text) => Ok(Value::String(text.clone())),
                _ => Err(found("string")),
            },
            Type::Integer(kind) if kind.is_signed() => match number.and_then(|number| number.int) {
                Some(int) => Ok(Value::Integer(Integer::new(kind, int))),
                None => Err(found("integer")),
            },
            Type::Integer(kind) => match number.and_then(|number| number.uint) {
                Some(uint) => Ok(Value::Integer(Integer::new(kind, uint as i64))),
                None => Err(found("unsigned integer")),
            },
            Type::Float => match number.and_then(|number| number.float) {
                Some(float) => Ok(Value::Float(float)),
                None => Err(found("float")),
            },
            Type::Complex => match number.and_then(|number| number.complex) {
                Some((real, imaginary)) => Ok(Value::Complex(real, imaginary)),
                None => Err(found("complex")),
            },
            Type::Any | Type::Reflect => match kind {
                ExpressionKind::Bool(truth) => Ok(Value::Bool(*truth)),
                ExpressionKind::String(text) => Ok(Value::String(text.clone())),
                ExpressionKind::Number(number) => self.ideal(number, word),
                _ => Err(self.fault(format!(
                    "can't handle assignment of {} to empty interface argument",
                    shown()
                ))),
            },
            _ => Err(self.fault(format!(
                "can't handle {} for arg of type {expected}",
                shown()
            ))),
        }
    }

    /// Checks that a value may be given for a parameter of the given type.
    pub(super) fn validate(&mut self, operand: Operand, expected: Type) -> Evaluated<Value> {
        let Operand { value, boxed } = operand;
        if value.is_nil() {
            self.executor.nil_was_interface = boxed;
            return match expected {
                Type::Any | Type::Reflect => Ok(value),
                _ if boxed => Err(self.wrong_type(expected, Type::Any)),
                _ if expected.can_be_nil() => Ok(Value::zero(expected)),
                _ => Err(self.fault(format!("invalid value; expected {expected}"))),
            };
        }
        let actual = value.type_of();
        if actual.is_assignable_to(expected) || actual.points_to(expected) {
            return Ok(value.received_as(expected));
        }
        Err(self.wrong_type(expected, actual))
    }

    fn wrong_type(&self, expected: Type, actual: Type) -> Box<crate::error::Fault> {
        self.fault(format!(
            "wrong type for value; expected {expected}; got {actual}"
        ))
    }
}
