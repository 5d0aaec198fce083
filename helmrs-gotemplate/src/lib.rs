//! Go's `text/template` and the Sprig functions, as a language of their own.
//!
//! | module | what it is |
//! |---|---|
//! | [`value`] | what a template sees: Go's kinds, kept apart |
//! | [`types`] | Go's types, as templates can tell them apart |
//! | [`functions`] | what templates can call, and with what |
//! | [`exec`] | the executor |
//! | [`error`] | where a template stopped and why |
//! | [`budget`] | what executions may cost |
//! | [`ambient`] | all a template may sense of the world |
//! | [`sprig`] | the Sprig function library |
//! | [`url`] | URLs as Go's `net/url` has them |
//! | [`regexp`] | Go's regular expressions |
//! | [`semver`] | versions and constraints as Masterminds/semver reads them |
//! | [`time`] | points in time, layouts, zones and durations as Go has them |
//! | [`set`] | templates that know each other by name |
//! | [`print`](mod@print), [`printf`] | values as text, under every verb of `fmt` |
//! | [`escape`] | text escaped for HTML, JavaScript and URLs |
//! | [`json`] | JSON as `encoding/json` writes and reads it |
//! | [`stack`] | recursion that cannot overflow the stack |
//! | [`number`] | numbers and quoted strings as Go's `strconv` writes them |

pub mod ambient;
mod ast;
pub mod budget;
mod builtins;
pub mod error;
pub mod escape;
pub mod exec;
pub mod functions;
pub mod json;
mod lexer;
mod literal;
pub mod number;
mod parser;
pub mod print;
pub mod printf;
pub mod regexp;
pub mod semver;
pub mod set;
pub mod sprig;
pub mod stack;
pub mod time;
mod token;
pub mod types;
pub mod url;
pub mod value;

pub use ambient::Ambient;
pub use budget::{Budget, Exhausted};
pub use error::{CallError, Fault, Place, TemplateError};
pub use exec::{EvaluateError, Executor};
pub use functions::{Body, Function, Functions, Registered};
pub use set::{MissingKey, TemplateSet};
pub use types::{NamedType, Type};
pub use value::{Integer, IntegerKind, JsonShape, List, Map, Method, Object, Text, Value};
