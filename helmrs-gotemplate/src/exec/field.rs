//! Fields and methods: `.a.b.c`.

use std::rc::Rc;

use super::state::{At, Evaluated, Given, Operand, State};
use crate::ast::{Expression, Fields};
use crate::error::Fault;
use crate::functions::Function;
use crate::number::quote;
use crate::set::MissingKey;
use crate::types::Type;
use crate::value::is_exported;
use crate::value::{Map, Object, Value};

impl<'t> State<'_, '_, 't> {
    /// Walks from a value along names; the last name, if it is a method, gets what the chain is given.
    pub(super) fn chain(
        &mut self,
        dot: &Operand,
        start: &Operand,
        node: &'t Expression,
        names: Fields,
        given: Given<'t>,
    ) -> Evaluated<Operand> {
        let mut names = self.script.names(names);
        let Some(mut name) = names.next() else {
            return Ok(start.clone());
        };
        let mut receiver: Option<Operand> = None;
        for next in names {
            let reached = receiver.as_ref().unwrap_or(start);
            receiver = Some(self.field(dot, reached, node, name, Given::NOTHING)?);
            name = next;
        }
        self.field(dot, receiver.as_ref().unwrap_or(start), node, name, given)
    }

    fn field(
        &mut self,
        dot: &Operand,
        receiver: &Operand,
        node: &'t Expression,
        name: &[u8],
        given: Given<'t>,
    ) -> Evaluated<Operand> {
        match &receiver.value {
            Value::Nil if receiver.boxed => {
                let name = String::from_utf8_lossy(name);
                Err(self.fault(format!("nil pointer evaluating interface {{}}.{name}")))
            }
            Value::Nil => self.field_of_nothing(name),
            Value::Map(map) => match method_of(map.type_of(), name) {
                Some(method) => self.method(dot, &receiver.value, node, method, given),
                None => self.entry(map, name, &given),
            },
            Value::List(list) => match method_of(list.type_of(), name) {
                Some(method) => self.method(dot, &receiver.value, node, method, given),
                None => Err(self.no_field(name, receiver)),
            },
            Value::Object(object) => {
                let object = Rc::clone(object);
                self.object_field(dot, (receiver, &*object), node, name, given)
            }
            _ => Err(self.no_field(name, receiver)),
        }
    }

    fn field_of_nothing(&self, name: &[u8]) -> Evaluated<Operand> {
        match self.executor.set.missing_key() {
            MissingKey::Error => {
                Err(self.fault(format!("nil data; no entry for key {}", quote(name))))
            }
            MissingKey::Invalid | MissingKey::Zero => Ok(Operand::plain(Value::Nil)),
        }
    }

    fn no_field(&self, name: &[u8], receiver: &Operand) -> Box<Fault> {
        self.fault(format!(
            "can't evaluate field {} in type {}",
            String::from_utf8_lossy(name),
            receiver.type_of()
        ))
    }

    /// Looks a key up in a map; what a missing one gives is for the set to say.
    fn entry(&self, map: &Map, name: &[u8], given: &Given<'t>) -> Evaluated<Operand> {
        if !given.is_nothing() {
            let name = String::from_utf8_lossy(name);
            return Err(self.fault(format!("{name} is not a method but has arguments")));
        }
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
        (receiver, object): (&Operand, &dyn Object),
        node: &'t Expression,
        name: &[u8],
        given: Given<'t>,
    ) -> Evaluated<Operand> {
        let text = String::from_utf8_lossy(name);
        if let Some(method) = object.methods().iter().find(|method| method.name == text) {
            let declared = (method.name, method.parameters, false);
            self.check_count(declared, &given)?;
            if let Some(flaw) = method.flaw {
                return Err(self.fault(flaw));
            }
            let arguments = self.arguments(dot, declared, None, given)?;
            let result = object.invoke(method.name, arguments.as_slice(), self.executor);
            return self.returned(result, method.name, At::Expression(node));
        }
        if let Some(method) = method_of(object.type_of(), name) {
            return self.method(dot, &receiver.value, node, method, given);
        }
        if let Some(value) = object.field(&text) {
            if !given.is_nothing() {
                return Err(self.fault(format!(
                    "{text} has arguments but cannot be invoked as function"
                )));
            }
            return Ok(Operand::plain(value));
        }
        let known = object.fields().iter().any(|(field, _)| *field == text);
        if known && !is_exported(&text) {
            let of = receiver.type_of();
            return Err(self.fault(format!("{text} is an unexported field of struct type {of}")));
        }
        match object.underlying() {
            Some(Value::Map(map)) => self.entry(&map, name, &given),
            _ => Err(self.no_field(name, receiver)),
        }
    }

    /// Calls a method of a named type.
    fn method(
        &mut self,
        dot: &Operand,
        receiver: &Value,
        node: &'t Expression,
        method: &'static Function,
        given: Given<'t>,
    ) -> Evaluated<Operand> {
        let declared = (method.name, method.parameters, method.variadic);
        let arguments = self.arguments(dot, declared, Some(receiver), given)?;
        let result = method.body.call(self.executor, arguments.as_slice());
        self.returned(result, method.name, At::Expression(node))
    }
}

fn method_of(of: Type, name: &[u8]) -> Option<&'static Function> {
    let Type::Named(named) = of else { return None };
    named
        .methods
        .iter()
        .find(|method| name == method.name.as_bytes())
}
