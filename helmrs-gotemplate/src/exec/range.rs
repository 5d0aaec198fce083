//! Loops.

use super::state::{Evaluated, Flow, Operand, State};
use crate::ast::Branch;
use crate::print::pointed_text;
use crate::stack::deepen;
use crate::types::Type;
use crate::value::{Integer, List, Map, Value};

impl<'t> State<'_, '_, 't> {
    pub(super) fn range(&mut self, dot: &Operand, branch: &'t Branch) -> Evaluated<Flow> {
        deepen(|| {
            let outer = self.mark();
            let value = self.pipeline(dot, &branch.pipe)?;
            let flow = match self.iterate(branch, value)? {
                Some(flow) => flow,
                None => self.list(dot, branch.otherwise)?,
            };
            self.pop(outer);
            Ok(flow)
        })
    }

    /// Goes through a value's elements; none if it has none, so that `else` applies.
    fn iterate(&mut self, branch: &'t Branch, value: Value) -> Evaluated<Option<Flow>> {
        match value {
            Value::Nil => Ok(None),
            Value::Integer(count) => self.iterate_integers(branch, &value, count),
            Value::List(list) => self.iterate_list(branch, &list),
            Value::Map(map) => self.iterate_map(branch, &map),
            Value::Object(ref object) => match object.underlying() {
                Some(Value::Integer(count)) => self.iterate_integers(branch, &value, count),
                Some(value) => self.iterate(branch, value),
                None => Err(self.cannot_iterate(&value)),
            },
            Value::Bytes(_) => match value.items() {
                Some(list) => self.iterate_list(branch, &list),
                None => Ok(None),
            },
            _ => Err(self.cannot_iterate(&value)),
        }
    }

    fn cannot_iterate(&self, value: &Value) -> Box<crate::error::Fault> {
        self.fault(format!("range can't iterate over {}", pointed_text(value)))
    }

    // Parity: Go, reflect/iter.go, rangeNum: a named type of integers is counted through in that type.
    fn iterate_integers(
        &mut self,
        branch: &'t Branch,
        limit: &Value,
        count: Integer,
    ) -> Evaluated<Option<Flow>> {
        if self.script.variables(&branch.pipe).len() > 1 {
            return Err(self.fault(format!(
                "can't use {} to iterate over more than one variable",
                pointed_text(limit)
            )));
        }
        if count.to_i128() <= 0 {
            return Ok(None);
        }
        for number in 0..count.to_u64() {
            let number = number as i64;
            let named = match limit {
                Value::Object(object) => object.with_number(number),
                _ => None,
            };
            let plain = || Value::Integer(Integer::new(count.kind(), number));
            let element = Operand::plain(named.unwrap_or_else(plain));
            if self.iteration(branch, None, element)? == Flow::Break {
                break;
            }
        }
        Ok(Some(Flow::Next))
    }

    fn iterate_list(&mut self, branch: &'t Branch, list: &List) -> Evaluated<Option<Flow>> {
        if list.is_empty() {
            return Ok(None);
        }
        let boxed = list.element() == Type::Any;
        for (index, value) in list.iter().enumerate() {
            let element = Operand {
                value: value.clone(),
                boxed,
            };
            if self.iteration(branch, Some(Value::int(index as i64)), element)? == Flow::Break {
                break;
            }
        }
        Ok(Some(Flow::Next))
    }

    /// Goes through a map as it is at the start, whatever the body makes of it.
    fn iterate_map(&mut self, branch: &'t Branch, map: &Map) -> Evaluated<Option<Flow>> {
        if map.is_empty() {
            return Ok(None);
        }
        let boxed = map.element() == Type::Any;
        for (key, value) in map.entries() {
            if self.iteration(branch, Some(Value::String(key)), Operand { value, boxed })?
                == Flow::Break
            {
                break;
            }
        }
        Ok(Some(Flow::Next))
    }

    fn iteration(
        &mut self,
        branch: &'t Branch,
        index: Option<Value>,
        element: Operand,
    ) -> Evaluated<Flow> {
        self.spend(1, 0)?;
        let mark = self.mark();
        match (self.script.variables(&branch.pipe), branch.pipe.assigns) {
            ([], _) => {}
            ([_], false) => self.set_top(1, element.clone()),
            ([_, ..], false) => {
                self.set_top(1, element.clone());
                self.set_top(2, Operand::plain(index.unwrap_or(Value::Nil)));
            }
            ([only], true) => self.assign(only, element.clone())?,
            ([first, second, ..], true) => {
                self.assign(first, Operand::plain(index.unwrap_or(Value::Nil)))?;
                self.assign(second, element.clone())?;
            }
        }
        let flow = self.list(&element, branch.body)?;
        self.pop(mark);
        Ok(flow)
    }
}
