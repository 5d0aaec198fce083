//! Go's functions as functions and filters of Tera.
//!
//! As a function, each takes every argument by its name. As a filter, what is piped in takes the place that is left.
//! Methods are filters.

use helmrs_gotemplate::exec::method_parameters;
use helmrs_gotemplate::{CallError, Executor, Functions, Value};
use tera::{Kwargs, State, Tera};

use super::arguments::{Declared, ordered};
use super::frame::{self, Session};
use super::{include, names, turns};

/// Filters of Tera's own that Go has a function of the same name for; Tera's meaning stays.
pub(super) const BUILT_IN: &[&str] = &[
    "abs",
    "capitalize",
    "default",
    "escape",
    "escape_html",
    "escape_xml",
    "first",
    "float",
    "get",
    "group_by",
    "indent",
    "int",
    "join",
    "keys",
    "last",
    "length",
    "lower",
    "newlines_to_br",
    "nth",
    "pairs",
    "pluralize",
    "replace",
    "reverse",
    "round",
    "safe",
    "sort",
    "split",
    "str",
    "title",
    "trim",
    "trim_end",
    "trim_start",
    "truncate",
    "unique",
    "upper",
    "values",
    "wordcount",
];

/// Functions that may be asked about what is not there.
const OF_ABSENCE: &[&str] = &[
    "all",
    "and",
    "any",
    "coalesce",
    "default",
    "empty",
    "eq",
    "kindIs",
    "kindOf",
    "ne",
    "not",
    "or",
    "required",
    "ternary",
    "typeIs",
    "typeIsLike",
    "typeOf",
];

/// An engine that has the functions and no templates yet.
pub(super) fn base(functions: &Functions) -> Tera {
    let mut tera = Tera::default();
    tera.autoescape_on(Vec::<&str>::new());
    turns::register(&mut tera);
    for name in functions.names() {
        let names = names_of(names::FUNCTIONS, name);
        let call = move |piped: Option<tera::Value>, named: &Kwargs| match name {
            "include" | "tpl" => frame::call(name, |session, executor| {
                include::call(name, session, executor, piped, named)
            }),
            _ => frame::call(name, |session, executor| {
                function((name, names), session, executor, piped, named)
            }),
        };
        tera.register_function(name, move |named: Kwargs, _: &State<'_>| call(None, &named));
        if !BUILT_IN.contains(&name) {
            tera.register_filter(
                name,
                move |piped: tera::Value, named: Kwargs, _: &State<'_>| call(Some(piped), &named),
            );
        }
    }
    for (name, names) in names::METHODS {
        tera.register_filter(
            *name,
            move |receiver: tera::Value, named: Kwargs, _: &State<'_>| {
                frame::call(name, |session, executor| {
                    method((name, names), session, executor, &receiver, &named)
                })
            },
        );
    }
    tera
}

fn names_of(table: &[(&str, &'static str)], name: &str) -> &'static str {
    let row = table.iter().find(|(known, _)| *known == name);
    row.map_or("", |(_, names)| *names)
}

/// Calls a function; its result is Tera's.
fn function(
    (name, names): (&'static str, &'static str),
    session: &Session<'_>,
    executor: &mut Executor<'_>,
    piped: Option<tera::Value>,
    named: &Kwargs,
) -> Result<tera::Value, CallError> {
    let Some(function) = executor.set().functions().get(name).cloned() else {
        return Err(CallError::new(format!("function {name} not defined")));
    };
    let declared = Declared {
        name,
        names,
        types: function.parameters(),
        variadic: function.is_variadic(),
    };
    let absent = OF_ABSENCE.contains(&name);
    let named = arguments(session, named, absent)?;
    let piped = piped
        .map(|piped| argument(session, "what is piped in", &piped, absent))
        .transpose()?;
    let row = ordered(declared, named, piped)?;
    let result = executor.apply(&function, row)?;
    given(session, executor, &result)
}

/// Calls a method of what is piped in.
fn method(
    (name, names): (&'static str, &'static str),
    session: &Session<'_>,
    executor: &mut Executor<'_>,
    receiver: &tera::Value,
    named: &Kwargs,
) -> Result<tera::Value, CallError> {
    let receiver = argument(session, "what is piped in", receiver, false)?;
    let receiver = spelled_out(receiver, name, executor);
    let Some(types) = method_parameters(&receiver, name) else {
        let of = receiver.type_of();
        return Err(CallError::new(format!("{of} has no method {name}")));
    };
    let declared = Declared {
        name,
        names,
        types,
        variadic: false,
    };
    let row = ordered(declared, arguments(session, named, false)?, None)?;
    let result = executor.invoke(&receiver, name, row)?;
    given(session, executor, &result)
}

/// The span of time that a text stands for, where a method of one is called: Tera has it as a text.
fn spelled_out(receiver: Value, method: &str, executor: &mut Executor<'_>) -> Value {
    if receiver.as_string().is_none() {
        return receiver;
    }
    let functions = executor.set().functions();
    let Some(parse) = functions.get("mustToDuration").cloned() else {
        return receiver;
    };
    match executor.apply(&parse, vec![receiver.clone()]) {
        Ok(span) if method_parameters(&span, method).is_some() => span,
        _ => receiver,
    }
}

fn given(
    session: &Session<'_>,
    executor: &mut Executor<'_>,
    result: &Value,
) -> Result<tera::Value, CallError> {
    session
        .to_tera(result, executor)
        .map_err(|error| CallError::new(error.to_string()))
}

/// The named arguments as Go sees them.
fn arguments(
    session: &Session<'_>,
    named: &Kwargs,
    absent: bool,
) -> Result<Vec<(String, Value)>, CallError> {
    let named = named.iter().map(|(name, value)| {
        let name = name.to_string();
        let value = argument(session, &format!("argument {name}"), value, absent)?;
        Ok((name, value))
    });
    named.collect()
}

/// One argument as Go sees it; what is not there may only be asked about.
pub(super) fn argument(
    session: &Session<'_>,
    what: &str,
    value: &tera::Value,
    absent: bool,
) -> Result<Value, CallError> {
    if value.is_undefined() && !absent {
        return Err(CallError::new(format!("{what} is not defined")));
    }
    session
        .handed
        .to_go(value)
        .map_err(|error| CallError::new(error.to_string()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::engine;

    #[test]
    fn every_function_has_names_for_its_arguments() {
        let functions = engine::table(None, None, true);
        let named: Vec<&str> = names::FUNCTIONS.iter().map(|(name, _)| *name).collect();
        let unique: BTreeSet<&str> = named.iter().copied().collect();
        assert_eq!(unique.len(), named.len(), "a function stands there twice");
        assert_eq!(unique, functions.names().collect());
        for (name, names) in names::FUNCTIONS {
            let function = functions.get(name).unwrap();
            let names: Vec<&str> = names.split_whitespace().collect();
            let unique: BTreeSet<&&str> = names.iter().collect();
            assert_eq!(unique.len(), names.len(), "{name} names two alike");
            // Go's functions of one operand and any number more declare it twice; a name stands for each.
            assert_eq!(names.len(), function.parameters().len(), "{name}");
        }
    }

    #[test]
    fn built_in_filters_are_those_of_tera() {
        let tera = Tera::default();
        let known = |name: &&&str| {
            let text = format!("{{{{ 1 | {name} }}}}");
            let rendered = tera.render_str(&text, &tera::Context::new(), false);
            !rendered.is_err_and(|error| error.to_string().contains("Unknown filter"))
        };
        let unknown: Vec<_> = BUILT_IN.iter().filter(|name| !known(name)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        let functions = engine::table(None, None, true);
        let hidden: Vec<_> = functions
            .names()
            .filter(|name| known(&name) && !BUILT_IN.contains(name))
            .collect();
        assert!(hidden.is_empty(), "{hidden:?} would be replaced");
    }
}
