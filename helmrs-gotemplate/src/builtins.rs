//! Go's built-in functions.
// Parity: Go, text/template/funcs.go.

use crate::error::CallError;
use crate::escape;
use crate::exec::Executor;
use crate::functions::{Body, Function};
use crate::print;
use crate::printf;
use crate::types::Type;
use crate::value::{Integer, IntegerKind, List, Text, Value, compare};

/// The built-in functions, `and` and `or` excepted: the executor itself evaluates those.
pub(crate) const FUNCTIONS: &[Function] = &[
    Function {
        name: "call",
        parameters: &[Type::Reflect, Type::Reflect],
        variadic: true,
        body: Body::Executing(call),
        examples: &[],
    },
    Function {
        name: "eq",
        parameters: &[Type::Reflect, Type::Reflect],
        variadic: true,
        body: Body::Plain(eq),
        examples: &[("{{ eq 1 2 1 }}", "true"), ("{{ eq nil nil }}", "true")],
    },
    comparison("ne", ne, &[(r#"{{ ne "a" "b" }}"#, "true")]),
    comparison(
        "lt",
        lt,
        &[("{{ lt 1 2 }}", "true"), (r#"{{ lt "b" "a" }}"#, "false")],
    ),
    comparison("le", le, &[("{{ le 2 2 }}", "true")]),
    comparison("gt", gt, &[("{{ gt 1.5 1.0 }}", "true")]),
    comparison("ge", ge, &[("{{ ge 1 2 }}", "false")]),
    text(
        "html",
        html,
        &[("{{ html `<a href=\"x\">` }}", "&lt;a href=&#34;x&#34;&gt;")],
    ),
    text("js", js, &[("{{ js `it's <b>` }}", r"it\'s \u003Cb\u003E")]),
    text(
        "urlquery",
        urlquery,
        &[(r#"{{ urlquery "a b&c" }}"#, "a+b%26c")],
    ),
    text("print", print, &[("{{ print 1 2 `a` 3 }}", "1 2a3")]),
    text("println", println, &[("{{ println 1 `a` }}", "1 a\n")]),
    Function {
        name: "printf",
        parameters: &[Type::String, Type::Any],
        variadic: true,
        body: Body::Plain(printf),
        examples: &[(r#"{{ printf "%05.2f|%q" 3.14159 "hi" }}"#, r#"03.14|"hi""#)],
    },
    Function {
        name: "index",
        parameters: &[Type::Reflect, Type::Reflect],
        variadic: true,
        body: Body::Plain(index),
        examples: &[(r#"{{ index "abc" 1 }}"#, "98")],
    },
    Function {
        name: "slice",
        parameters: &[Type::Reflect, Type::Reflect],
        variadic: true,
        body: Body::Plain(slice),
        examples: &[],
    },
    Function {
        name: "len",
        parameters: &[Type::Reflect],
        variadic: false,
        body: Body::Executing(len),
        examples: &[(r#"{{ len "日本" }}"#, "6")],
    },
    Function {
        name: "not",
        parameters: &[Type::Reflect],
        variadic: false,
        body: Body::Plain(not),
        examples: &[("{{ not 0 }}", "true")],
    },
];

type Plain = fn(&[Value]) -> Result<Value, CallError>;
type Examples = &'static [(&'static str, &'static str)];

const fn comparison(name: &'static str, body: Plain, examples: Examples) -> Function {
    let parameters = &[Type::Reflect, Type::Reflect];
    Function {
        name,
        parameters,
        variadic: false,
        body: Body::Plain(body),
        examples,
    }
}

const fn text(name: &'static str, body: Plain, examples: Examples) -> Function {
    Function {
        name,
        parameters: &[Type::Any],
        variadic: true,
        body: Body::Plain(body),
        examples,
    }
}

fn eq(arguments: &[Value]) -> Result<Value, CallError> {
    let [first, others @ ..] = arguments else {
        return Err(CallError::new("missing argument for comparison"));
    };
    if others.is_empty() {
        return Err(CallError::new("missing argument for comparison"));
    }
    for other in others {
        if compare::equal(first, other)? {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

fn ne(arguments: &[Value]) -> Result<Value, CallError> {
    let [first, second] = pair(arguments)?;
    compare::equal(first, second).map(|equal| Value::Bool(!equal))
}

fn lt(arguments: &[Value]) -> Result<Value, CallError> {
    let [first, second] = pair(arguments)?;
    compare::less(first, second).map(Value::Bool)
}

fn le(arguments: &[Value]) -> Result<Value, CallError> {
    let [first, second] = pair(arguments)?;
    Ok(Value::Bool(
        compare::less(first, second)? || compare::equal(first, second)?,
    ))
}

fn gt(arguments: &[Value]) -> Result<Value, CallError> {
    let [first, second] = pair(arguments)?;
    Ok(Value::Bool(
        !(compare::less(first, second)? || compare::equal(first, second)?),
    ))
}

fn ge(arguments: &[Value]) -> Result<Value, CallError> {
    let [first, second] = pair(arguments)?;
    compare::less(first, second).map(|less| Value::Bool(!less))
}

fn pair(arguments: &[Value]) -> Result<[&Value; 2], CallError> {
    match arguments {
        [first, second] => Ok([first, second]),
        _ => Err(CallError::new("missing argument for comparison")),
    }
}

fn not(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::Bool(!arguments.first().is_some_and(Value::is_true)))
}

fn print(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(printf::sprint(arguments).into())
}

fn println(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(printf::sprintln(arguments).into())
}

fn printf(arguments: &[Value]) -> Result<Value, CallError> {
    match arguments {
        [Value::String(format), arguments @ ..] => Ok(printf::sprintf(format, arguments).into()),
        _ => Err(CallError::new("missing format")),
    }
}

fn html(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(escape::html(&joined(arguments)).into())
}

fn js(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(escape::js(&joined(arguments)).into())
}

fn urlquery(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(escape::url_query(&joined(arguments)).into())
}

/// Joins arguments as `print` does, each written as an action writes it: nil has a text, pointers are followed.
// Parity: Go, text/template/funcs.go, evalArgs.
fn joined(arguments: &[Value]) -> Vec<u8> {
    let named: Vec<Value> = arguments
        .iter()
        .map(|argument| match argument {
            Value::Nil => Value::from("<no value>"),
            argument => argument.clone(),
        })
        .collect();
    printf::sprint_with(&named, print::print)
}

fn len(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    let value = &arguments[0];
    let length = match value {
        Value::String(text) | Value::Bytes(text) => text.len(),
        Value::List(list) => list.len(),
        Value::Map(map) => map.len(),
        Value::Nil if executor.nil_was_interface() => {
            return Err(CallError::new("len of nil pointer"));
        }
        Value::Nil => {
            return Err(CallError::new(
                "reflect: call of reflect.Value.Type on zero Value",
            ));
        }
        Value::Object(object) => match object.underlying() {
            Some(value @ (Value::String(_) | Value::List(_) | Value::Map(_))) => {
                return len(executor, &[value]);
            }
            _ => return Err(CallError::new(format!("len of type {}", type_below(value)))),
        },
        _ => return Err(CallError::new(format!("len of type {}", value.type_of()))),
    };
    Ok(Value::int(length as i64))
}

/// Returns the type of what a pointer points to.
fn type_below(value: &Value) -> String {
    let name = value.type_of().to_string();
    name.strip_prefix('*').unwrap_or(&name).to_owned()
}

fn index(arguments: &[Value]) -> Result<Value, CallError> {
    let Some((first, indexes)) = arguments.split_first() else {
        return Ok(Value::Nil);
    };
    if first.is_nil() {
        return Err(CallError::new("index of untyped nil"));
    }
    let mut item = first.clone();
    for index in indexes {
        item = index_once(&item, index)?;
    }
    Ok(item)
}

fn index_once(item: &Value, index: &Value) -> Result<Value, CallError> {
    match item {
        Value::Nil => Err(CallError::new("index of nil pointer")),
        Value::String(text) | Value::Bytes(text) => {
            let kind = if let Value::String(_) = item {
                "string"
            } else {
                "slice"
            };
            let at = position(index, text.len())?;
            match text.get(at) {
                Some(byte) => Ok(Value::Integer(Integer::new(
                    IntegerKind::Uint8,
                    i64::from(*byte),
                ))),
                None => Err(CallError::new(format!(
                    "reflect: {kind} index out of range"
                ))),
            }
        }
        Value::List(list) => match list.get(position(index, list.len())?) {
            Some(value) => Ok(value.clone()),
            None => Err(CallError::new("reflect: slice index out of range")),
        },
        Value::Map(map) => match index {
            Value::String(key) => Ok(map.get(key).unwrap_or_else(|| Value::zero(map.element()))),
            Value::Nil => Err(CallError::new("value is nil; should be of type string")),
            _ => Err(CallError::new(format!(
                "value has type {}; should be string",
                index.type_of()
            ))),
        },
        Value::Object(object) => match object.underlying() {
            Some(value @ (Value::List(_) | Value::Map(_) | Value::String(_) | Value::Bytes(_))) => {
                index_once(&value, index)
            }
            _ => Err(CallError::new(format!(
                "can't index item of type {}",
                type_below(item)
            ))),
        },
        _ => Err(CallError::new(format!(
            "can't index item of type {}",
            item.type_of()
        ))),
    }
}

/// Reads an index, which may be as large as the limit.
fn position(index: &Value, limit: usize) -> Result<usize, CallError> {
    let below = match index {
        Value::Object(object) => object.underlying(),
        _ => None,
    };
    let number = match below.as_ref().unwrap_or(index) {
        Value::Integer(number) => number.to_i64(),
        Value::Nil => return Err(CallError::new("cannot index slice/array with nil")),
        _ => {
            return Err(CallError::new(format!(
                "cannot index slice/array with type {}",
                index.type_of()
            )));
        }
    };
    usize::try_from(number)
        .ok()
        .filter(|position| *position <= limit)
        .ok_or_else(|| CallError::new(format!("index out of range: {number}")))
}

fn slice(arguments: &[Value]) -> Result<Value, CallError> {
    let Some((item, indexes)) = arguments.split_first() else {
        return Ok(Value::Nil);
    };
    if item.is_nil() {
        return Err(CallError::new("slice of untyped nil"));
    }
    if indexes.len() > 3 {
        return Err(CallError::new(format!(
            "too many slice indexes: {}",
            indexes.len()
        )));
    }
    let length = match item {
        Value::String(_) if indexes.len() == 3 => {
            return Err(CallError::new("cannot 3-index slice a string"));
        }
        Value::String(text) | Value::Bytes(text) => text.len(),
        Value::List(list) => list.len(),
        Value::Object(object) => match object.underlying() {
            Some(value) => return slice(&[&[value], indexes].concat()),
            None => {
                return Err(CallError::new(format!(
                    "can't slice item of type {}",
                    type_below(item)
                )));
            }
        },
        _ => {
            return Err(CallError::new(format!(
                "can't slice item of type {}",
                item.type_of()
            )));
        }
    };
    let mut bounds = [0, length, length];
    for (bound, index) in bounds.iter_mut().zip(indexes) {
        *bound = position(index, length)?;
    }
    let [start, end, capacity] = bounds;
    for (low, high) in [(start, end), (end, capacity)] {
        if low > high {
            return Err(CallError::new(format!(
                "invalid slice index: {low} > {high}"
            )));
        }
    }
    Ok(match item {
        Value::String(text) => Value::String(Text::from(&text[start..end])),
        Value::Bytes(bytes) => Value::Bytes(Text::from(&bytes[start..end])),
        Value::List(list) => Value::List(List::typed(list.type_of(), list[start..end].to_vec())),
        _ => Value::Nil,
    })
}

fn call(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    let Some((callee, arguments)) = arguments.split_first() else {
        return Ok(Value::Nil);
    };
    let function = match callee {
        Value::Nil => return Err(CallError::new("call of nil")),
        Value::Function(function) => function,
        _ => {
            let name = executor.callee();
            return Err(CallError::new(format!(
                "non-function {name} of type {}",
                callee.type_of()
            )));
        }
    };
    let parameters = function.parameters();
    let fixed = parameters.len() - usize::from(function.is_variadic());
    if function.is_variadic() && arguments.len() < fixed {
        let got = arguments.len();
        return Err(CallError::new(format!(
            "wrong number of args: got {got} want at least {fixed}"
        )));
    }
    if !function.is_variadic() && arguments.len() != fixed {
        return Err(CallError::new(format!(
            "wrong number of args: got {} want {fixed}",
            arguments.len()
        )));
    }
    for (index, argument) in arguments.iter().enumerate() {
        let expected = parameters[index.min(parameters.len() - 1)];
        let actual = argument.type_of();
        if argument.is_nil() && !expected.can_be_nil() {
            return Err(CallError::new(format!(
                "arg {index}: value is nil; should be of type {expected}"
            )));
        }
        if !argument.is_nil() && !actual.is_assignable_to(expected) {
            return Err(CallError::new(format!(
                "arg {index}: value has type {actual}; should be {expected}"
            )));
        }
    }
    function.call(executor, arguments)
}
