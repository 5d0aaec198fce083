//! The functions that are bound to one render: `include`, `tpl`, `required`, `fail`, `lookup`.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use helmrs_gotemplate::exec::EvaluateError;
use helmrs_gotemplate::number::quote;
use helmrs_gotemplate::{CallError, Executor, Functions, Map, Text, Type, Value};

use super::tera::Engines;
use super::{Lookup, convert, without_no_value};
use crate::finding::Finding;

/// How often a template may be included while it is being included.
const NESTING_LIMIT: usize = 1000;

/// How often each template is being included.
type Nesting = Rc<RefCell<BTreeMap<Text, usize>>>;

/// Adds the functions of a render.
pub(super) fn register(
    functions: &mut Functions,
    lookup: Option<Arc<dyn Lookup>>,
    tera: Option<Rc<OnceCell<Engines>>>,
) {
    let nesting = Nesting::default();
    functions.register(
        "include",
        &[Type::String, Type::Any],
        false,
        move |executor, arguments| {
            let engines = tera.as_ref().and_then(|engines| engines.get());
            include(&nesting, engines, executor, arguments)
        },
    );
    functions.register("tpl", &[Type::String, Type::Any], false, tpl);
    functions.register(
        "required",
        &[Type::String, Type::Any],
        false,
        |_, arguments| required(arguments),
    );
    functions.register("fail", &[Type::String], false, |_, arguments| {
        Err(CallError::Refused(text(&arguments[0])))
    });
    let parameters = &[Type::String, Type::String, Type::String, Type::String];
    functions.register(
        "lookup",
        parameters,
        false,
        move |_, arguments| match &lookup {
            Some(lookup) => look_up(lookup.as_ref(), arguments),
            None => Ok(Value::Map(Map::new())),
        },
    );
}

/// Makes `getHostByName` answer nothing.
pub(super) fn silence_resolver(functions: &mut Functions) {
    functions.register("getHostByName", &[Type::String], false, |_, _| {
        Ok(Value::from(""))
    });
}

/// Makes `required` and `fail` tell instead of stopping.
// Parity: Helm, pkg/engine/engine.go, initFunMap, LintMode.
pub(super) fn tell_refusals(functions: &mut Functions, findings: &Rc<RefCell<Vec<Finding>>>) {
    let told = Rc::clone(findings);
    functions.register(
        "required",
        &[Type::String, Type::Any],
        false,
        move |_, arguments| {
            let message = match &arguments[1] {
                Value::Nil => "missing required value",
                Value::String(text) if text.is_empty() => "missing required values",
                present => return Ok(present.clone()),
            };
            told.borrow_mut()
                .push(Finding::warning(message).with("message", text(&arguments[0])));
            Ok(Value::from(""))
        },
    );
    let told = Rc::clone(findings);
    functions.register("fail", &[Type::String], false, move |_, arguments| {
        told.borrow_mut()
            .push(Finding::info("funcMap fail").with("message", text(&arguments[0])));
        Ok(Value::from(""))
    });
}

fn text(argument: &Value) -> String {
    argument
        .as_string()
        .map(|text| text.to_str().into_owned())
        .unwrap_or_default()
}

fn include(
    nesting: &Nesting,
    engines: Option<&Engines>,
    executor: &mut Executor<'_>,
    arguments: &[Value],
) -> Result<Value, CallError> {
    let Value::String(name) = &arguments[0] else {
        return Err(CallError::new("include takes the name of a template"));
    };
    if !enter(nesting, name) {
        let name = name.to_str();
        let context = format!("rendering template has a nested reference name: {name}");
        return Err(CallError::new("unable to execute template").context(context));
    }
    let output = match engines.filter(|engines| engines.take(executor, name)) {
        Some(engines) => engines.include(executor, name, &arguments[1]),
        None => executor
            .execute(name, &arguments[1])
            .map_err(CallError::from),
    };
    if let Some(depth) = nesting.borrow_mut().get_mut(name) {
        *depth -= 1;
    }
    Ok(Value::from(output?))
}

/// Counts one more inclusion of a template, unless it is included too often already.
fn enter(nesting: &Nesting, name: &Text) -> bool {
    let mut nesting = nesting.borrow_mut();
    match nesting.get_mut(name) {
        Some(depth) if *depth > NESTING_LIMIT => return false,
        Some(depth) => *depth += 1,
        None => {
            nesting.insert(name.clone(), 1);
        }
    }
    true
}

fn tpl(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    let Value::String(template) = &arguments[0] else {
        return Err(CallError::new("tpl takes the text of a template"));
    };
    match executor.evaluate(template, &arguments[1]) {
        Ok(output) => Ok(Value::from(without_no_value(output))),
        Err(EvaluateError::Parse(error)) => {
            Err(CallError::from(error)
                .context(format!("cannot parse template {}", quote(template))))
        }
        Err(EvaluateError::Execute(error)) => Err(CallError::from(error).context(format!(
            "error during tpl function execution for {}",
            quote(template)
        ))),
    }
}

fn required(arguments: &[Value]) -> Result<Value, CallError> {
    match &arguments[1] {
        Value::Nil => Err(CallError::Refused(text(&arguments[0]))),
        Value::String(value) if value.is_empty() => Err(CallError::Refused(text(&arguments[0]))),
        present => Ok(present.clone()),
    }
}

fn look_up(lookup: &dyn Lookup, arguments: &[Value]) -> Result<Value, CallError> {
    let [api_version, kind, namespace, name] = [0, 1, 2, 3].map(|index| text(&arguments[index]));
    let found = lookup.lookup(&api_version, &kind, &namespace, &name);
    match found {
        Ok(object) => Ok(Value::Map(convert::map(&object))),
        Err(error) => Err(CallError::new(error.to_string())),
    }
}
