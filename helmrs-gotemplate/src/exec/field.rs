//! Fields and methods: `.a.b.c`.

use super::state::{At, Evaluated, Operand, State};
use crate::ast::Expression;
use crate::functions::Function;
use crate::number::quote;
use crate::set::MissingKey;
use crate::types::Type;
use crate::value::{Map, Text, Value};

impl<'t> State<'_, '_, 't> {
    /// Walks from a value along names. `words` are the command's, with the chain itself first; the last
    /// name, if it is a method, gets them.
    pub(super) fn chain(
        &mut self,
        dot: &Operand,
        start: Operand,
        node: &'t Expression,
        names: &'t [Text],
        words: &'t [Expression],
        last: Option<Value>,
    ) -> Evaluated<Operand> {
        let Some((final_name, names)) = names.split_last() else {
            return Ok(start);
        };
        let mut receiver = start;
        for name in names {
            receiver = self.field(dot, name, node, &[], None, receiver)?;
        }
        self.field(dot, final_name, node, words, last, receiver)
    }

    fn field(
        &mut self,
        dot: &Operand,
        name: &Text,
        node: &'t Expression,
        words: &'t [Expression],
        last: Option<Value>,
        receiver: Operand,
    ) -> Evaluated<Operand> {
        let has_arguments = words.len() > 1 || last.is_some();
        match &receiver.value {
            Value::Nil if !receiver.boxed => {
                if self.executor.set.missing_key() == MissingKey::Error {
                    return Err(self.fault(format!("nil data; no entry for key {}", quote(name))));
                }
                Ok(Operand::plain(Value::Nil))
            }
            Value::Nil => Err(self.fault(format!("nil pointer evaluating interface {{}}.{name}"))),
            Value::Map(map) => {
                if let Some(method) = method_of(map.type_of(), name) {
                    return self.method(dot, &receiver.value, method, node, words, last);
                }
                if has_arguments {
                    return Err(self.fault(format!("{name} is not a method but has arguments")));
                }
                self.entry(map, name)
            }
            Value::Object(_) => self.object_field(dot, name, node, words, last, &receiver),
            _ => Err(self.no_field(name, &receiver)),
        }
    }

    fn no_field(&self, name: &Text, receiver: &Operand) -> Box<crate::error::Fault> {
        self.fault(format!(
            "can't evaluate field {name} in type {}",
            receiver.type_of()
        ))
    }

    /// Looks a key up in a map; what a missing one gives is for the set to say.
    fn entry(&self, map: &Map, name: &Text) -> Evaluated<Operand> {
        let element = map.element();
        let boxed = element == Type::Any;
        if let Some(value) = map.get(name) {
            return Ok(Operand { value, boxed });
        }
        match self.executor.set.missing_key() {
            MissingKey::Invalid => Ok(Operand::plain(Value::Nil)),
            MissingKey::Zero => Ok(Operand {
                value: Value::zero(element),
                boxed,
            }),
            MissingKey::Error => {
                Err(self.fault(format!("map has no entry for key {}", quote(name))))
            }
        }
    }

    fn object_field(
        &mut self,
        dot: &Operand,
        name: &Text,
        node: &'t Expression,
        words: &'t [Expression],
        last: Option<Value>,
        receiver: &Operand,
    ) -> Evaluated<Operand> {
        let Value::Object(object) = &receiver.value else {
            return Err(self.no_field(name, receiver));
        };
        let text = name.to_str();
        if let Some(method) = object.methods().iter().find(|method| method.name == text) {
            let (parameters, variadic) = (method.parameters, method.variadic);
            let arguments =
                self.arguments(dot, method.name, parameters, variadic, rest(words), last)?;
            let result = object.invoke(method.name, &arguments, self.executor);
            return self.returned(result, method.name, At::Expression(node));
        }
        if let Some(method) = method_of(object.type_of(), name) {
            return self.method(dot, &receiver.value, method, node, words, last);
        }
        let has_arguments = words.len() > 1 || last.is_some();
        if let Some(value) = object.field(&text) {
            if has_arguments {
                return Err(self.fault(format!(
                    "{name} has arguments but cannot be invoked as function"
                )));
            }
            return Ok(Operand::plain(value));
        }
        match object.underlying() {
            Some(Value::Map(map)) if !has_arguments => self.entry(&map, name),
            Some(Value::Map(_)) => {
                Err(self.fault(format!("{name} is not a method but has arguments")))
            }
            _ => Err(self.no_field(name, receiver)),
        }
    }

    /// Calls a method of a named type.
    fn method(
        &mut self,
        dot: &Operand,
        receiver: &Value,
        method: &'static Function,
        node: &'t Expression,
        words: &'t [Expression],
        last: Option<Value>,
    ) -> Evaluated<Operand> {
        let (parameters, variadic) = (method.parameters, method.variadic);
        let mut arguments =
            self.arguments(dot, method.name, parameters, variadic, rest(words), last)?;
        arguments.insert(0, receiver.clone());
        let result = method.body.call(self.executor, &arguments);
        self.returned(result, method.name, At::Expression(node))
    }
}

fn rest<T>(words: &[T]) -> &[T] {
    words.split_first().map_or(&[], |(_, rest)| rest)
}

fn method_of(of: Type, name: &Text) -> Option<&'static Function> {
    let Type::Named(named) = of else { return None };
    named.methods.iter().find(|method| *name == method.name)
}
