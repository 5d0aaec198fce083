//! Named arguments into the row that a function of Go's takes.

use helmrs_gotemplate::sprig::DurationObject;
use helmrs_gotemplate::time::Duration;
use helmrs_gotemplate::{CallError, Integer, List, Map, Type, Value};

/// What is declared of a function: its name, the names and types of its arguments, whether the last may be repeated.
#[derive(Clone, Copy)]
pub(super) struct Declared<'d> {
    pub(super) name: &'d str,
    pub(super) names: &'d str,
    pub(super) types: &'d [Type],
    pub(super) variadic: bool,
}

impl Declared<'_> {
    fn names(&self) -> impl Iterator<Item = &str> {
        self.names.split_whitespace()
    }

    /// How many arguments stand alone.
    fn fixed(&self) -> usize {
        self.types.len() - usize::from(self.variadic)
    }

    /// The number of an argument: by its name, or as `a0`, `a1`, …
    fn position(&self, name: &str) -> Result<usize, CallError> {
        if let Some(position) = self.names().position(|known| known == name) {
            return Ok(position);
        }
        let number = name
            .strip_prefix('a')
            .and_then(|digits| digits.parse().ok());
        match number {
            Some(number) if self.variadic || number < self.fixed() => Ok(number),
            _ => Err(self.unknown(name)),
        }
    }

    fn unknown(&self, name: &str) -> CallError {
        let known: Vec<&str> = self.names().collect();
        let known = if known.is_empty() {
            "no arguments".to_owned()
        } else {
            known.join(", ")
        };
        CallError::new(format!(
            "{} has no argument {name}; it takes {known}",
            self.name
        ))
    }

    fn missing(&self, position: usize) -> CallError {
        let name = self.names().nth(position).unwrap_or("a value");
        CallError::new(format!("missing argument {name}"))
    }
}

/// Puts named arguments in the order of the declaration; what is piped in takes the place that nobody named.
pub(super) fn ordered(
    declared: Declared<'_>,
    named: Vec<(String, Value)>,
    piped: Option<Value>,
) -> Result<Vec<Value>, CallError> {
    let fixed = declared.fixed();
    let mut places: Vec<Option<Value>> = vec![None; fixed];
    let mut repeated: Vec<(usize, Value)> = Vec::new();
    for (name, value) in named {
        let position = declared.position(&name)?;
        let by_name = declared.names().any(|known| known == name);
        match places.get_mut(position) {
            Some(place @ None) => *place = Some(value),
            Some(Some(_)) => {
                let name = declared.names().nth(position).unwrap_or(&name);
                return Err(CallError::new(format!("argument {name} is given twice")));
            }
            None => match value.items() {
                Some(items) if by_name => {
                    repeated.extend(items.iter().map(|item| (fixed, item.clone())));
                }
                _ => repeated.push((position, value)),
            },
        }
    }
    if let Some(piped) = piped {
        match places.iter().rposition(Option::is_none) {
            Some(open) => places[open] = Some(piped),
            None if declared.variadic => repeated.push((usize::MAX, piped)),
            None => {
                return Err(CallError::new(format!(
                    "{} has no place left for what is piped in",
                    declared.name
                )));
            }
        }
    }
    repeated.sort_by_key(|(position, _)| *position);
    let places = places.into_iter().enumerate();
    let mut row = places
        .map(|(position, value)| value.ok_or_else(|| declared.missing(position)))
        .collect::<Result<Vec<_>, _>>()?;
    row.extend(repeated.into_iter().map(|(_, value)| value));
    let expected = |index: usize| declared.types.get(index).or(declared.types.last());
    let row = row.into_iter().enumerate();
    row.map(|(index, value)| match expected(index) {
        Some(expected) => fitted(value, *expected),
        None => Ok(value),
    })
    .collect()
}

/// A value where a type is declared that Tera has no word for: a number is what a literal of Go's would be there.
fn fitted(value: Value, expected: Type) -> Result<Value, CallError> {
    Ok(match (&value, expected) {
        (Value::Integer(number), Type::Integer(kind)) => {
            let fitting = Integer::new(kind, number.to_i64());
            if fitting.to_i128() != number.to_i128() {
                return Err(CallError::new(format!("{number} is no {}", kind.name())));
            }
            Value::Integer(fitting)
        }
        (Value::Integer(number), Type::Float) => Value::Float(number.to_f64()),
        (Value::Integer(number), Type::Named(named)) if is_integer(named.underlying) => {
            Value::object(DurationObject(Duration(number.to_i64())))
        }
        (Value::List(items), Type::List(Type::String))
            if items.type_of() == Type::LIST && are_texts(items.iter()) =>
        {
            Value::List(List::typed(expected, items.to_vec()))
        }
        (Value::Map(map), Type::Map(Type::String))
            if map.type_of() == Type::MAP && are_texts(map.borrow().values()) =>
        {
            Value::Map(Map::from_entries(expected, map.borrow().clone()))
        }
        _ => value,
    })
}

fn is_integer(underlying: Type) -> bool {
    matches!(underlying, Type::Integer(_))
}

fn are_texts<'v>(mut values: impl Iterator<Item = &'v Value>) -> bool {
    values.all(|value| value.as_string().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRUNC: Declared<'static> = Declared {
        name: "trunc",
        names: "length text",
        types: &[Type::INT, Type::String],
        variadic: false,
    };
    const WITHOUT: Declared<'static> = Declared {
        name: "without",
        names: "list values",
        types: &[Type::Any, Type::Any],
        variadic: true,
    };

    fn row(
        declared: Declared<'_>,
        named: &[(&str, Value)],
        piped: Option<Value>,
    ) -> Result<String, String> {
        let named = named
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        ordered(declared, named.collect(), piped)
            .map(|row| format!("{row:?}"))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn arguments_are_put_in_order_by_name_or_number() {
        let text = Value::from("abc");
        let expected = Ok(r#"[int(2), "abc"]"#.to_owned());
        let number = Value::int64(2);
        for names in [["text", "length"], ["a1", "a0"], ["a1", "length"]] {
            let named = [(names[0], text.clone()), (names[1], number.clone())];
            assert_eq!(row(TRUNC, &named, None), expected);
        }
    }

    #[test]
    fn what_is_piped_takes_the_place_left() {
        let number = ("length", Value::int64(2));
        let piped = Some(Value::from("abc"));
        assert_eq!(
            row(TRUNC, &[number], piped.clone()).unwrap(),
            r#"[int(2), "abc"]"#
        );
        let values = ("values", Value::list(vec![Value::from("b")]));
        assert_eq!(
            row(WITHOUT, &[values], piped.clone()).unwrap(),
            r#"["abc", "b"]"#
        );
        let list = ("list", Value::from("l"));
        assert_eq!(row(WITHOUT, &[list], piped).unwrap(), r#"["l", "abc"]"#);
    }

    #[test]
    fn what_does_not_fit_is_told_by_name() {
        let text = ("text", Value::from("abc"));
        let refused = |named: &[(&str, Value)]| row(TRUNC, named, None).unwrap_err();
        assert_eq!(
            refused(std::slice::from_ref(&text)),
            "missing argument length"
        );
        assert_eq!(
            refused(&[("len", Value::Nil)]),
            "trunc has no argument len; it takes length, text"
        );
        assert_eq!(
            refused(&[text.clone(), ("a1", Value::Nil)]),
            "argument text is given twice"
        );
        let large = Declared {
            types: &[
                Type::Integer(helmrs_gotemplate::IntegerKind::Uint32),
                Type::String,
            ],
            ..TRUNC
        };
        assert_eq!(
            row(large, &[("length", Value::int64(-1))], Some(text.1)).unwrap_err(),
            "-1 is no uint32"
        );
    }
}
