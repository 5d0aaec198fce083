//! Values of Go's templates into values of Tera, and back.
//!
//! What is a reference in Go stays one: a map or an object that came from Go goes back as the very same, with its type
//! and its methods. It is known again by where its copy lies, which is why the copies are kept. Everything else is a
//! value and is converted: lists, texts, numbers.

use std::cell::RefCell;
use std::collections::BTreeMap;

use helmrs_gotemplate::sprig::{TimeObject, to_text};
use helmrs_gotemplate::stack::deepen;
use helmrs_gotemplate::value::is_exported;
use helmrs_gotemplate::{Executor, Integer, IntegerKind, List, Map, Object, Text, Type, Value};
use tera::value::Key;

/// How deep a value may nest.
const DEPTH_LIMIT: usize = 1000;
/// How many maps and objects one template may be given.
const KEPT_LIMIT: usize = 1 << 20;
/// Beyond this number floats are no longer exact integers.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// What `.Files` is in Go; nothing can change such a map.
const FILES: &str = "engine.files";
/// A text longer than this lies outside its value, at a place that its clones share. Dates are longer.
const SHARED_TEXT: usize = 24;

/// Why a value cannot pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ConvertError {
    /// It holds itself, or nearly.
    #[error("the value nests too deeply")]
    Depth,
    /// One template was given too many.
    #[error("the template was given more than {KEPT_LIMIT} maps and objects")]
    Count,
    /// It is a function.
    #[error("a function is no value")]
    Function,
}

/// The files of charts as Tera has them, by where they lie in Go: they never change, and may be large.
pub(super) type Files = RefCell<BTreeMap<usize, (Map, tera::Value)>>;

/// What was handed to one template.
#[derive(Default)]
pub(super) struct Handed {
    /// Maps, objects and long texts of Tera's by where they lie, and what they were in Go.
    originals: RefCell<BTreeMap<usize, (tera::Value, Value)>>,
}

impl Handed {
    /// A value as Tera sees it.
    pub(super) fn to_tera(
        &self,
        value: &Value,
        files: &Files,
        executor: &mut Executor<'_>,
    ) -> Result<tera::Value, ConvertError> {
        let mut pass = Pass {
            handed: self,
            files,
            executor,
            seen: BTreeMap::new(),
        };
        pass.value(value, 0)
    }

    /// A value of Tera's as Go sees it.
    pub(super) fn to_go(&self, value: &tera::Value) -> Result<Value, ConvertError> {
        self.to_go_at(value, &mut BTreeMap::new(), 0)
    }

    fn to_go_at(
        &self,
        value: &tera::Value,
        seen: &mut BTreeMap<usize, Value>,
        depth: usize,
    ) -> Result<Value, ConvertError> {
        let place = place(value);
        if let Some(original) = place.and_then(|place| self.original(place, value)) {
            return Ok(original);
        }
        if let Some(known) = place.and_then(|place| seen.get(&place)) {
            return Ok(known.clone());
        }
        if depth > DEPTH_LIMIT {
            return Err(ConvertError::Depth);
        }
        let converted = if let Some(items) = value.as_array() {
            let items = items.iter();
            let items = items.map(|item| deepen(|| self.to_go_at(item, seen, depth + 1)));
            Value::list(items.collect::<Result<_, _>>()?)
        } else if let Some(entries) = value.as_map() {
            let entry = |(key, entry): (&Key<'static>, &tera::Value)| {
                let entry = deepen(|| self.to_go_at(entry, seen, depth + 1))?;
                Ok((Text::from(key.to_string()), entry))
            };
            let entries = entries.iter().map(entry).collect::<Result<_, _>>()?;
            Value::Map(Map::from_entries(Type::MAP, entries))
        } else {
            scalar(value)
        };
        if let Some(place) = place {
            seen.insert(place, converted.clone());
        }
        Ok(converted)
    }

    fn original(&self, place: usize, value: &tera::Value) -> Option<Value> {
        let originals = self.originals.borrow();
        let (copy, original) = originals.get(&place)?;
        (copy.as_str() == value.as_str()).then(|| original.clone())
    }

    fn keep(&self, copy: &tera::Value, original: Value) -> Result<(), ConvertError> {
        let mut originals = self.originals.borrow_mut();
        if originals.len() >= KEPT_LIMIT {
            return Err(ConvertError::Count);
        }
        if let Some(place) = place(copy) {
            originals.insert(place, (copy.clone(), original));
        }
        Ok(())
    }
}

/// Where a map, a list or a text lies that is shared by all its clones; nothing for other values.
fn place(value: &tera::Value) -> Option<usize> {
    if let Some(map) = value.as_map() {
        return Some(std::ptr::from_ref(map).addr());
    }
    let items = value.as_array().filter(|items| !items.is_empty());
    let items = items.map(|items| items.as_ptr().addr());
    let text = value.as_str().filter(|text| text.len() > SHARED_TEXT);
    items.or_else(|| text.map(|text| text.as_ptr().addr()))
}

/// What is neither list nor map; what is not there is nil.
fn scalar(value: &tera::Value) -> Value {
    if let Some(truth) = value.as_bool() {
        Value::Bool(truth)
    } else if value.is_f64() {
        Value::Float(value.as_f64().unwrap_or_default())
    } else if let Some(number) = value.as_i64() {
        Value::int64(number)
    } else if let Some(number) = value.as_u64() {
        Value::Integer(Integer::new(IntegerKind::Uint64, number as i64))
    } else if let Some(number) = value.as_i128() {
        Value::Float(number as f64)
    } else if let Some(number) = value.as_u128() {
        Value::Float(number as f64)
    } else if let Some(text) = value.as_str() {
        Value::from(text)
    } else if let Some(bytes) = value.as_bytes() {
        Value::String(Text::from(bytes))
    } else {
        Value::Nil
    }
}

/// One conversion: what lies in several places is converted once.
struct Pass<'p, 'w> {
    handed: &'p Handed,
    files: &'p Files,
    executor: &'p mut Executor<'w>,
    /// Maps and lists by where they lie, and whether their types have names.
    seen: BTreeMap<(usize, bool), tera::Value>,
}

impl Pass<'_, '_> {
    fn value(&mut self, value: &Value, depth: usize) -> Result<tera::Value, ConvertError> {
        if depth > DEPTH_LIMIT {
            return Err(ConvertError::Depth);
        }
        Ok(match value {
            Value::Nil => tera::Value::none(),
            Value::Bool(truth) => (*truth).into(),
            Value::Integer(number) if number.kind().is_signed() => number.to_i64().into(),
            Value::Integer(number) => number.to_u64().into(),
            Value::Float(number) => float(*number),
            Value::String(bytes) | Value::Bytes(bytes) => text(bytes),
            Value::Complex(..) => text(&to_text(value)),
            Value::List(list) => return deepen(|| self.list(list, depth)),
            Value::Map(map) => return deepen(|| self.map(map, depth)),
            Value::Object(object) => {
                return deepen(|| self.object(value, object.as_ref(), depth));
            }
            Value::Function(_) => return Err(ConvertError::Function),
        })
    }

    fn list(&mut self, list: &List, depth: usize) -> Result<tera::Value, ConvertError> {
        let named = matches!(list.type_of(), Type::Named(_));
        let place = (list.as_ptr().addr(), named);
        if !list.is_empty()
            && let Some(known) = self.seen.get(&place)
        {
            return Ok(known.clone());
        }
        let items = list.iter().map(|item| self.value(item, depth + 1));
        let converted = tera::Value::from(items.collect::<Result<Vec<_>, _>>()?);
        if !list.is_empty() {
            self.seen.insert(place, converted.clone());
        }
        // A list without a name has nothing that its items do not have.
        if named {
            self.handed.keep(&converted, Value::List(list.clone()))?;
        }
        Ok(converted)
    }

    fn map(&mut self, map: &Map, depth: usize) -> Result<tera::Value, ConvertError> {
        let place = map.address();
        let (named, lasting) = match map.type_of() {
            Type::Named(named) => (true, named.name == FILES),
            _ => (false, false),
        };
        let known = if lasting {
            let files = self.files.borrow();
            files.get(&place).map(|(_, known)| known.clone())
        } else {
            self.seen.get(&(place, named)).cloned()
        };
        let converted = match known {
            Some(known) => known,
            None => tera::Value::from(self.entries(map, depth)?),
        };
        if lasting {
            let entry = (map.clone(), converted.clone());
            self.files.borrow_mut().insert(place, entry);
        } else {
            self.seen.insert((place, named), converted.clone());
        }
        self.handed.keep(&converted, Value::Map(map.clone()))?;
        Ok(converted)
    }

    fn entries(&mut self, map: &Map, depth: usize) -> Result<tera::Map, ConvertError> {
        let mut entries = tera::Map::new();
        for (key, entry) in map.entries() {
            let entry = self.value(&entry, depth + 1)?;
            entries.insert(Key::from(key.to_str().into_owned()), entry);
        }
        Ok(entries)
    }

    /// An object: a text if that is all there is to it, or else the map of its fields and of what its methods without
    /// arguments give.
    fn object(
        &mut self,
        value: &Value,
        object: &dyn Object,
        depth: usize,
    ) -> Result<tera::Value, ConvertError> {
        let converted = match spelled(value, object) {
            Some(spelled) => text(&spelled),
            None => match object.underlying() {
                Some(underlying) => self.value(&underlying, depth + 1)?,
                None => self.fields(value, object, depth)?,
            },
        };
        self.handed.keep(&converted, value.clone())?;
        Ok(converted)
    }

    fn fields(
        &mut self,
        value: &Value,
        object: &dyn Object,
        depth: usize,
    ) -> Result<tera::Value, ConvertError> {
        let mut entries = tera::Map::new();
        for (name, field) in object.fields() {
            if is_exported(name) {
                entries.insert(Key::from(name), self.value(&field, depth + 1)?);
            }
        }
        for method in object.methods() {
            if method.flaw.is_some() || !method.parameters.is_empty() {
                continue;
            }
            let given = self.executor.invoke(value, method.name, Vec::new());
            // What gives another object might give objects without end.
            if let Ok(plain @ (Value::Bool(_) | Value::Integer(_) | Value::String(_))) = given {
                entries.insert(Key::from(method.name), self.value(&plain, depth + 1)?);
            }
        }
        Ok(tera::Value::from(entries))
    }
}

/// The text of an object that is little more than that: a date, a span of time, a month, a zone.
fn spelled(value: &Value, object: &dyn Object) -> Option<Text> {
    let text = object.string()?;
    let is_text = value.downcast::<TimeObject>().is_some()
        || object.underlying().is_some()
        || object
            .methods()
            .iter()
            .all(|method| method.name == "String");
    is_text.then_some(text)
}

/// A float; one that is a whole number is an integer, as it is when Go prints it.
fn float(number: f64) -> tera::Value {
    let whole = number.fract() == 0.0 && number.abs() <= EXACT;
    if whole && !(number == 0.0 && number.is_sign_negative()) {
        return (number as i64).into();
    }
    number.into()
}

/// A text; one that is no UTF-8 stays the bytes that it is.
fn text(text: &Text) -> tera::Value {
    match text.as_str() {
        Some(text) => text.into(),
        None => tera::Value::bytes(text.as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use helmrs_gotemplate::ambient::Fixed;
    use helmrs_gotemplate::{Functions, MissingKey, TemplateSet};
    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;

    use super::*;

    /// What the value is in Tera, and what that is in Go for somebody who was handed it, and for somebody else.
    fn passed(value: &Value) -> Result<(tera::Value, Value, Value), ConvertError> {
        let set = TemplateSet::new("t", Functions::new(), MissingKey::Zero);
        let ambient = Fixed::default();
        let mut executor = Executor::new(&set, &ambient);
        let handed = Handed::default();
        let there = handed.to_tera(value, &Files::default(), &mut executor)?;
        let known = handed.to_go(&there)?;
        let copied = Handed::default().to_go(&there)?;
        Ok((there, known, copied))
    }

    /// A value as text: whole floats and integers of all kinds are the same.
    fn shown(value: &Value) -> String {
        match value {
            Value::Integer(number) => number.to_string(),
            Value::Float(number) if number.fract() == 0.0 && number.abs() <= EXACT => {
                (*number as i64).to_string()
            }
            Value::String(text) => format!("{:?}", text.as_bytes()),
            Value::List(items) => items.iter().map(shown).collect::<Vec<_>>().join(","),
            Value::Map(map) => {
                let entries = map.entries().into_iter();
                let entries = entries.map(|(key, value)| format!("{key}: {}", shown(&value)));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
            }
            other => format!("{other:?}"),
        }
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Nil),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::int64),
            any::<u64>()
                .prop_map(|bits| Value::Integer(Integer::new(IntegerKind::Uint64, bits as i64))),
            any::<f64>().prop_map(Value::Float),
            any::<i32>().prop_map(|number| Value::Float(f64::from(number))),
            vec(any::<u8>(), 0..40).prop_map(Value::from),
            "[a-zé]{0,30}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                vec(inner.clone(), 0..4).prop_map(Value::list),
                btree_map("[a-zé]{1,3}", inner, 0..4)
                    .prop_map(|entries| Value::Map(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_value_comes_back_as_it_was(value in value()) {
            let (_, known, copied) = passed(&value).unwrap();
            prop_assert_eq!(shown(&known), shown(&value));
            prop_assert_eq!(shown(&copied), shown(&value));
        }
    }

    #[test]
    fn a_map_comes_back_as_the_very_same() {
        let inner = Map::new();
        let outer: Map = [("a", Value::Map(inner.clone()))].into_iter().collect();
        let (_, known, copied) = passed(&Value::Map(outer.clone())).unwrap();
        assert!(known.as_map().unwrap().is_same(&outer));
        let back = known.as_map().unwrap().get("a").unwrap();
        assert!(back.as_map().unwrap().is_same(&inner));
        assert!(!copied.as_map().unwrap().is_same(&outer));
    }

    #[test]
    fn numbers_print_as_people_wrote_them() {
        let printed = |value: Value| passed(&value).unwrap().0.to_string();
        assert_eq!(printed(Value::Float(1_000_000.0)), "1000000");
        assert_eq!(printed(Value::Float(2.5)), "2.5");
        assert_eq!(printed(Value::Float(1e21)), "1e21");
        assert_eq!(
            printed(Value::Integer(Integer::new(IntegerKind::Uint64, -1))),
            u64::MAX.to_string()
        );
    }

    #[test]
    fn what_holds_itself_is_refused() {
        let map = Map::new();
        map.insert("self", map.clone());
        map.insert("other", map.clone());
        assert_eq!(
            passed(&Value::Map(map.clone())).err(),
            Some(ConvertError::Depth)
        );
        map.remove("self");
        map.remove("other");
    }

    #[test]
    fn what_lies_in_many_places_is_converted_once() {
        let mut value = Value::list(vec![Value::int(1)]);
        let mut map = Map::new();
        for _ in 0..100 {
            value = Value::list(vec![value.clone(), value]);
            map = [("a", map.clone()), ("b", map)].into_iter().collect();
        }
        assert!(passed(&value).is_ok());
        assert!(passed(&Value::Map(map)).is_ok());
    }

    #[test]
    fn a_date_is_a_text_that_is_known_again() {
        let now = Value::object(TimeObject {
            moment: helmrs_gotemplate::time::Moment::zero(),
        });
        let (there, known, copied) = passed(&now).unwrap();
        assert_eq!(there.as_str(), Some("0001-01-01 00:00:00 +0000 UTC"));
        assert!(known.downcast::<TimeObject>().is_some());
        assert!(copied.as_string().is_some());
    }
}
