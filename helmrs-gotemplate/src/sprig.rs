//! Sprig 3.3: the function library that charts are written with.
//!
//! One family a file, each a table of rows with the function's name, its declared types and an example. Sprig's texts,
//! quirks and all, are interface; where one of its functions panics in Go, the call fails here with the panic's text.

mod arguments;
mod cast;
mod crypto;
mod dates;
mod defaults;
mod dictionaries;
mod encoding;
mod errors;
mod flow;
mod lists;
mod merge;
mod network;
mod numbers;
mod paths;
mod reflection;
mod regex;
mod semver;
mod strings;
mod urls;
mod uuid;
mod words;

use crate::error::CallError;
use crate::exec::Executor;
use crate::functions::{Body, Function, Functions};
use crate::types::Type;
use crate::value::Value;

pub use cast::to_text;
pub use dates::{DurationObject, TimeObject};
pub use reflection::{deep_equal, kind_of};

/// Every family's rows.
pub const FAMILIES: &[&[Function]] = &[
    crypto::FUNCTIONS,
    crypto::CERTIFICATES,
    dates::FUNCTIONS,
    defaults::FUNCTIONS,
    dictionaries::FUNCTIONS,
    encoding::FUNCTIONS,
    flow::FUNCTIONS,
    lists::FUNCTIONS,
    network::FUNCTIONS,
    numbers::FUNCTIONS,
    paths::FUNCTIONS,
    reflection::FUNCTIONS,
    regex::FUNCTIONS,
    semver::FUNCTIONS,
    strings::FUNCTIONS,
    urls::FUNCTIONS,
    uuid::FUNCTIONS,
    words::FUNCTIONS,
];

/// Adds the whole library to a set of functions.
///
/// Sprig's `env` and `expandenv` are not among them: a chart has no business with the environment it is rendered in.
///
/// # Examples
///
/// ```
/// use helmrs_gotemplate::{Functions, sprig};
///
/// let mut functions = Functions::new();
/// sprig::register(&mut functions);
/// assert!(functions.get("trunc").is_some());
/// ```
pub fn register(functions: &mut Functions) {
    for family in FAMILIES {
        functions.extend(family);
    }
}

type Plain = fn(&[Value]) -> Result<Value, CallError>;
type Executing = fn(&mut Executor<'_>, &[Value]) -> Result<Value, CallError>;
type Examples = &'static [(&'static str, &'static str)];

/// A row for a function that depends on its arguments alone.
const fn row(
    name: &'static str,
    parameters: &'static [Type],
    body: Plain,
    examples: Examples,
) -> Function {
    Function {
        name,
        parameters,
        variadic: false,
        body: Body::Plain(body),
        examples,
    }
}

/// A row for a function whose last parameter may be given any number of times.
const fn variadic(
    name: &'static str,
    parameters: &'static [Type],
    body: Plain,
    examples: Examples,
) -> Function {
    Function {
        name,
        parameters,
        variadic: true,
        body: Body::Plain(body),
        examples,
    }
}

/// A row for a function that needs the world.
const fn ambient(
    name: &'static str,
    parameters: &'static [Type],
    body: Executing,
    examples: Examples,
) -> Function {
    Function {
        name,
        parameters,
        variadic: false,
        body: Body::Executing(body),
        examples,
    }
}

/// What Go says when a function calls a method of a nil interface.
fn nil_dereference() -> CallError {
    CallError::new("runtime error: invalid memory address or nil pointer dereference")
}
