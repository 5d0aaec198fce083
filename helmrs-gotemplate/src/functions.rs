//! Functions: what templates can call by name.
//!
//! A function declares its parameters as a Go function would, and the executor checks every call
//! against that before the function runs, as reflection does in Go. So a body sees exactly the
//! arguments it declared: a `Type::String` parameter is a [`Value::String`], a `Type::INT` one a
//! [`Value::Integer`] of kind `int`, a `Type::Any` one anything.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use crate::error::CallError;
use crate::exec::Executor;
use crate::types::Type;
use crate::value::Value;

/// One row of a table of functions.
///
/// # Examples
///
/// ```
/// use helmrs_gotemplate::{Body, CallError, Function, Type, Value};
///
/// const FUNCTIONS: &[Function] = &[Function {
///     name: "shout",
///     parameters: &[Type::String],
///     variadic: false,
///     body: Body::Plain(shout),
///     examples: &[(r#"{{ shout "hi" }}"#, "HI")],
/// }];
///
/// fn shout(arguments: &[Value]) -> Result<Value, CallError> {
///     let [Value::String(text)] = arguments else { return Err(CallError::new("not a string")) };
///     Ok(Value::from(text.to_ascii_uppercase()))
/// }
/// # assert_eq!(FUNCTIONS[0].name, "shout");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Function {
    /// The name templates call it by.
    pub name: &'static str,
    /// The declared types; the last is the repeated one if `variadic`.
    pub parameters: &'static [Type],
    /// Whether the last parameter may be given any number of times, none included.
    pub variadic: bool,
    /// What it does.
    pub body: Body,
    /// Templates and what they render to.
    pub examples: &'static [(&'static str, &'static str)],
}

/// What a function of a table does.
#[derive(Debug, Clone, Copy)]
pub enum Body {
    /// Depends on its arguments alone.
    Plain(fn(&[Value]) -> Result<Value, CallError>),
    /// Also needs the world, or executes templates.
    Executing(fn(&mut Executor<'_>, &[Value]) -> Result<Value, CallError>),
}

impl Body {
    pub(crate) fn call(
        &self,
        executor: &mut Executor<'_>,
        arguments: &[Value],
    ) -> Result<Value, CallError> {
        match self {
            Self::Plain(body) => body(arguments),
            Self::Executing(body) => body(executor, arguments),
        }
    }
}

/// A closure as a function's body.
pub type Closure = dyn Fn(&mut Executor<'_>, &[Value]) -> Result<Value, CallError>;

/// A function as the executor knows it: a row of a table, or a closure with state of its own.
pub struct Registered {
    name: &'static str,
    parameters: &'static [Type],
    variadic: bool,
    body: RegisteredBody,
}

enum RegisteredBody {
    Row(Body),
    Closure(Rc<Closure>),
    /// `and` and `or`, whose arguments the executor evaluates only as far as needed.
    ShortCircuit {
        until: bool,
    },
}

impl Registered {
    /// Returns the name templates call it by.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the declared types of the parameters.
    pub fn parameters(&self) -> &'static [Type] {
        self.parameters
    }

    /// Tells whether the last parameter may be given any number of times.
    pub fn is_variadic(&self) -> bool {
        self.variadic
    }

    /// Calls the function with arguments that were checked against the declaration.
    pub fn call(
        &self,
        executor: &mut Executor<'_>,
        arguments: &[Value],
    ) -> Result<Value, CallError> {
        match &self.body {
            RegisteredBody::Row(body) => body.call(executor, arguments),
            RegisteredBody::Closure(body) => body(executor, arguments),
            RegisteredBody::ShortCircuit { until } => {
                let last = arguments.last().cloned().unwrap_or(Value::Nil);
                Ok(arguments
                    .iter()
                    .find(|argument| argument.is_true() == *until)
                    .cloned()
                    .unwrap_or(last))
            }
        }
    }

    /// Returns the truth at which `and` and `or` stop evaluating; none for other functions.
    pub(crate) fn short_circuit(&self) -> Option<bool> {
        match self.body {
            RegisteredBody::ShortCircuit { until } => Some(until),
            _ => None,
        }
    }
}

impl fmt::Debug for Registered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registered")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// The functions templates are parsed with.
///
/// A later function replaces an earlier one of the same name, as adding to a Go `FuncMap` does.
#[derive(Debug, Clone)]
pub struct Functions {
    table: BTreeMap<&'static str, Rc<Registered>>,
}

impl Functions {
    /// Starts with Go's built-in functions.
    pub fn new() -> Self {
        let mut functions = Self {
            table: BTreeMap::new(),
        };
        functions.extend(crate::builtins::FUNCTIONS);
        for (name, until) in [("and", false), ("or", true)] {
            functions.insert(Registered {
                name,
                parameters: &[Type::Reflect, Type::Reflect],
                variadic: true,
                body: RegisteredBody::ShortCircuit { until },
            });
        }
        functions
    }

    /// Returns the examples of Go's built-in functions: templates and what they render to.
    pub fn builtin_examples() -> impl Iterator<Item = (&'static str, &'static str)> {
        crate::builtins::FUNCTIONS
            .iter()
            .flat_map(|function| function.examples.iter().copied())
    }

    /// Adds the rows of a table.
    pub fn extend(&mut self, rows: &[Function]) {
        for row in rows {
            self.insert(Registered {
                name: row.name,
                parameters: row.parameters,
                variadic: row.variadic,
                body: RegisteredBody::Row(row.body),
            });
        }
    }

    /// Adds a function with state of its own.
    pub fn register(
        &mut self,
        name: &'static str,
        parameters: &'static [Type],
        variadic: bool,
        body: impl Fn(&mut Executor<'_>, &[Value]) -> Result<Value, CallError> + 'static,
    ) {
        let body = RegisteredBody::Closure(Rc::new(body));
        self.insert(Registered {
            name,
            parameters,
            variadic,
            body,
        });
    }

    /// Removes a function; calling it is then a parse error.
    pub fn remove(&mut self, name: &str) {
        self.table.remove(name);
    }

    /// Finds a function.
    pub fn get(&self, name: impl AsRef<[u8]>) -> Option<&Rc<Registered>> {
        self.table.get(std::str::from_utf8(name.as_ref()).ok()?)
    }

    /// Returns every name, sorted.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.table.keys().copied()
    }

    fn insert(&mut self, function: Registered) {
        self.table.insert(function.name, Rc::new(function));
    }
}

impl Default for Functions {
    fn default() -> Self {
        Self::new()
    }
}
