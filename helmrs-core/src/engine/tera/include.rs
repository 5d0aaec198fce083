//! `include` and `tpl`, which lead from Tera to Tera and to Go.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use helmrs_gotemplate::number::quote;
use helmrs_gotemplate::{CallError, Executor, TemplateError, Text, Value};
use tera::{Context, Kwargs};

use super::frame::Session;
use super::functions::argument;

/// The variable that is all a template was given: Go's dot.
const CONTEXT: &str = "context";

/// The variables of a template: the entries of what it was given, and `context`, which is all of it.
pub(super) fn context(given: &tera::Value) -> Context {
    let mut context = Context::new();
    context.insert_value(CONTEXT, given.clone());
    for (name, value) in given.as_map().into_iter().flatten() {
        context.insert_value(name.to_string(), value.clone());
    }
    context
}

/// Calls `include` or `tpl`. Both take a text and may be given a context; what is piped in is the one that is not named.
pub(super) fn call(
    function: &str,
    session: &Session<'_>,
    executor: &mut Executor<'_>,
    piped: Option<tera::Value>,
    named: &Kwargs,
) -> Result<tera::Value, CallError> {
    let own = if function == "tpl" {
        "template"
    } else {
        "name"
    };
    let (mut text, mut context, mut engine) = (None, None, None);
    for (name, value) in named.iter() {
        let place = match name.as_str().unwrap_or_default() {
            "context" | "a1" => &mut context,
            "engine" if function == "tpl" => &mut engine,
            name if name == own || name == "a0" => &mut text,
            other => {
                return Err(CallError::new(format!(
                    "{function} has no argument {other}; it takes {own}, context"
                )));
            }
        };
        *place = Some(value.clone());
    }
    if piped.is_some() {
        let place = if text.is_none() {
            &mut text
        } else {
            &mut context
        };
        *place = piped;
    }
    let Some(text) = text else {
        return Err(CallError::new(format!("missing argument {own}")));
    };
    let Value::String(text) = argument(session, &format!("argument {own}"), &text, false)? else {
        return Err(CallError::new(format!("{own} is no text")));
    };
    let context = context.unwrap_or_else(|| session.context.clone());
    let output = if function == "tpl" {
        let in_go = match engine.as_ref().map(tera::Value::as_str) {
            None | Some(Some("tera")) => false,
            Some(Some("go")) => true,
            Some(_) => return Err(CallError::new("engine is either \"tera\" or \"go\"")),
        };
        evaluate(session, executor, &text, context, in_go)?
    } else {
        include(session, executor, &text, context)?
    };
    Ok(match output.as_str() {
        Some(text) => text.into(),
        None => tera::Value::bytes(output.as_bytes()),
    })
}

/// Executes a template by its name, in whichever language it is written.
fn include(
    session: &Session<'_>,
    executor: &mut Executor<'_>,
    name: &Text,
    context: tera::Value,
) -> Result<Text, CallError> {
    let text = name.to_str();
    if session.engines.take(executor, name)
        && let Some(chart) = session.engines.find(&text)
    {
        session.engines.deeper(&text)?;
        let inner = within(session, chart, context);
        let output = session.engines.run(executor, &inner, &text, None)?;
        return Ok(Text::from(output));
    }
    in_go("include", session, executor, name, &context)
}

/// Renders a text: one of Tera's, unless Go is asked for.
fn evaluate(
    session: &Session<'_>,
    executor: &mut Executor<'_>,
    text: &Text,
    context: tera::Value,
    go: bool,
) -> Result<Text, CallError> {
    if go {
        return in_go("tpl", session, executor, text, &context);
    }
    let Some(template) = text.as_str() else {
        return Err(CallError::new("the template is not UTF-8"));
    };
    session.engines.deeper(super::super::SET_NAME)?;
    let inner = within(session, session.chart, context);
    let rendered = session
        .engines
        .run(executor, &inner, super::super::SET_NAME, Some(template));
    rendered.map(Text::from).map_err(|error| {
        let shown = quote(text);
        let context = match error {
            TemplateError::Parse { .. } => format!("cannot parse template {shown}"),
            _ => format!("error during tpl function execution for {shown}"),
        };
        CallError::from(error).context(context)
    })
}

/// Calls Go's function of that name.
fn in_go(
    function: &str,
    session: &Session<'_>,
    executor: &mut Executor<'_>,
    text: &Text,
    context: &tera::Value,
) -> Result<Text, CallError> {
    let context = argument(session, "argument context", context, false)?;
    let Some(function) = executor.set().functions().get(function).cloned() else {
        return Ok(Text::default());
    };
    let arguments = vec![Value::String(text.clone()), context];
    match executor.apply(&function, arguments)? {
        Value::String(output) => Ok(output),
        _ => Ok(Text::default()),
    }
}

/// What a template that a template calls is rendered in; both were handed the same.
fn within<'s>(session: &Session<'s>, chart: usize, context: tera::Value) -> Session<'s> {
    Session {
        engines: session.engines,
        chart,
        context,
        handed: Rc::clone(&session.handed),
        failure: RefCell::default(),
        turns: Cell::new(0),
    }
}
