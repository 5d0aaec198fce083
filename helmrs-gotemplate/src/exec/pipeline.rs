//! Pipelines, commands and their words.

use super::state::{At, Evaluated, Operand, State};
use crate::ast::{Command, Expression, ExpressionKind, Number, Pipe};
use crate::stack::deepen;
use crate::types::Type;
use crate::value::{Integer, Value};

impl<'t> State<'_, '_, 't> {
    /// Evaluates a pipeline. What it declares is left on the stack of variables.
    pub(super) fn pipeline(&mut self, dot: &Operand, pipe: &'t Pipe) -> Evaluated<Value> {
        deepen(|| {
            self.at = At::Pipe(pipe);
            let mut last: Option<Value> = None;
            for command in &pipe.commands {
                last = Some(self.command(dot, command, last)?.value);
            }
            let value = last.unwrap_or(Value::Nil);
            for variable in &pipe.variables {
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
        let first = &command.words[0];
        match &first.kind {
            ExpressionKind::Field(names) => {
                self.at = At::Expression(first);
                self.chain(dot, dot.clone(), first, names, &command.words, last)
            }
            ExpressionKind::Chain(start, names) => {
                let start = self.chain_start(dot, first, start)?;
                self.chain(dot, start, first, names, &command.words, last)
            }
            ExpressionKind::Function(function) => {
                self.at = At::Expression(first);
                self.function(
                    dot,
                    function,
                    At::Command(command),
                    &command.words[1..],
                    last,
                )
            }
            ExpressionKind::Pipe(pipe) => {
                self.refuse_arguments(&command.words, last.as_ref())?;
                self.pipeline(dot, pipe).map(Operand::plain)
            }
            ExpressionKind::Variable(..) => self.variable_word(dot, first, &command.words, last),
            constant => {
                self.at = At::Expression(first);
                self.refuse_arguments(&command.words, last.as_ref())?;
                match constant {
                    ExpressionKind::Nil => Err(self.fault("nil is not a command")),
                    ExpressionKind::Dot => Ok(dot.clone()),
                    ExpressionKind::Bool(truth) => Ok(Operand::plain(Value::Bool(*truth))),
                    ExpressionKind::Number(number) => self.ideal(number).map(Operand::plain),
                    ExpressionKind::String(_, text) => {
                        Ok(Operand::plain(Value::String(text.clone())))
                    }
                    _ => Err(self.fault(format!("can't evaluate command \"{first}\""))),
                }
            }
        }
    }

    /// Fails if a word that is no function is given arguments.
    pub(super) fn refuse_arguments(
        &self,
        words: &[Expression],
        last: Option<&Value>,
    ) -> Evaluated<()> {
        if words.len() > 1 || last.is_some() {
            let first = words.first().map(ToString::to_string).unwrap_or_default();
            return Err(self.fault(format!("can't give argument to non-function {first}")));
        }
        Ok(())
    }

    /// Returns the value a number has where no type is expected.
    pub(super) fn ideal(&self, number: &Number) -> Evaluated<Value> {
        let text = number.text.as_bytes();
        if let Some((real, imaginary)) = number.complex {
            return Ok(Value::Complex(real, imaginary));
        }
        let hexadecimal =
            matches!(text, [b'0', b'x' | b'X', _, ..]) && !number.text.contains(['p', 'P']);
        let looks_float = number.text.contains(['.', 'e', 'E', 'p', 'P']);
        match number.float {
            Some(float) if !hexadecimal && !text.starts_with(b"'") && looks_float => {
                Ok(Value::Float(float))
            }
            _ => match number.int {
                Some(int) => Ok(Value::int(int)),
                None => Err(self.fault(format!("{} overflows int", number.text))),
            },
        }
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
            ExpressionKind::Field(names) => self.chain(dot, dot.clone(), word, names, &[], None),
            ExpressionKind::Variable(..) => self.variable_word(dot, word, &[], None),
            ExpressionKind::Pipe(pipe) => self.pipeline(dot, pipe).map(Operand::plain),
            ExpressionKind::Function(function) => {
                self.function(dot, function, At::Expression(word), &[], None)
            }
            ExpressionKind::Chain(start, names) => {
                let start = self.chain_start(dot, word, start)?;
                self.chain(dot, start, word, names, &[], None)
            }
            _ => Ok(dot.clone()),
        }
    }

    fn chain_start(
        &mut self,
        dot: &Operand,
        chain: &'t Expression,
        start: &'t Expression,
    ) -> Evaluated<Operand> {
        self.at = At::Expression(chain);
        if let ExpressionKind::Nil = start.kind {
            return Err(self.fault(format!("indirection through explicit nil in {chain}")));
        }
        self.word(dot, start)
    }

    fn variable_word(
        &mut self,
        dot: &Operand,
        word: &'t Expression,
        words: &'t [Expression],
        last: Option<Value>,
    ) -> Evaluated<Operand> {
        self.at = At::Expression(word);
        let ExpressionKind::Variable(variable, names) = &word.kind else {
            return Ok(dot.clone());
        };
        let value = self.variable(variable)?;
        if names.is_empty() {
            self.refuse_arguments(words, last.as_ref())?;
            return Ok(value);
        }
        self.chain(dot, value, word, names, words, last)
    }

    /// Evaluates a literal for a parameter of the given type.
    fn constant(&self, expected: Type, word: &Expression) -> Evaluated<Value> {
        let found = |what: &str| self.fault(format!("expected {what}; found {word}"));
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
                ExpressionKind::String(_, text) => Ok(Value::String(text.clone())),
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
                ExpressionKind::String(_, text) => Ok(Value::String(text.clone())),
                ExpressionKind::Number(number) => self.ideal(number),
                _ => Err(self.fault(format!(
                    "can't handle assignment of {word} to empty interface argument"
                ))),
            },
            _ => Err(self.fault(format!("can't handle {word} for arg of type {expected}"))),
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
            return Ok(value);
        }
        Err(self.wrong_type(expected, actual))
    }

    fn wrong_type(&self, expected: Type, actual: Type) -> Box<crate::error::Fault> {
        self.fault(format!(
            "wrong type for value; expected {expected}; got {actual}"
        ))
    }
}
