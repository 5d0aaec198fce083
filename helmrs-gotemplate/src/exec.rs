//! The executor: trees and a value in, text out.
//!
//! Templates call templates, functions call back into the executor, and values nest; wherever that
//! recursion could run deep, the stack grows on the heap, so that no template can overflow it.

mod apply;
mod call;
mod field;
mod pipeline;
mod range;
mod state;

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use crate::ambient::Ambient;
use crate::ast::Tree;
use crate::budget::{Budget, Exhausted, Meter};
use crate::error::{CallError, TemplateError};
use crate::functions::Registered;
use crate::parser::{self, Parsed};
use crate::set::TemplateSet;
use crate::value::{Text, Value};
pub use apply::method_parameters;
use state::{Operand, State};

/// An execution under way, which is what functions can reach of it.
pub struct Executor<'w> {
    set: &'w TemplateSet,
    ambient: &'w dyn Ambient,
    /// What the texts being evaluated define, the innermost first.
    overlay: Option<Rc<Overlay>>,
    /// How many texts are being evaluated.
    evaluating: usize,
    /// Texts that were evaluated before, and how long they are together.
    parsed: BTreeMap<Text, Rc<Parsed>>,
    parsed_length: usize,
    /// The output of all templates being executed, the innermost last.
    output: Vec<u8>,
    /// The variables of all templates being executed, the innermost last.
    variables: Vec<(u32, Operand)>,
    /// Whether the last nil given to a built-in function was an interface holding nil.
    nil_was_interface: bool,
    /// How the template writes what `call` is given to call.
    callee: String,
    /// What is left of what executions may cost.
    meter: Meter,
}

/// A text evaluated at run time, whose templates lie over those outside.
#[derive(Debug)]
struct Overlay {
    outer: Option<Rc<Overlay>>,
    parsed: Rc<Parsed>,
}

/// How many bytes of evaluated texts are kept parsed before all are forgotten.
const PARSED_LIMIT: usize = 4 << 20;

/// The longest output that is copied instead of being handed over: the next template then finds memory that is there.
const COPIED_LENGTH: usize = 64 << 10;

/// How many texts may be evaluated within each other. Go has no such limit: it runs out of memory.
const EVALUATING_LIMIT: usize = 5000;

impl<'w> Executor<'w> {
    /// Prepares to execute templates of the set in the given world.
    pub fn new(set: &'w TemplateSet, ambient: &'w dyn Ambient) -> Self {
        Self {
            set,
            ambient,
            overlay: None,
            evaluating: 0,
            parsed: BTreeMap::new(),
            parsed_length: 0,
            output: Vec::new(),
            variables: Vec::new(),
            nil_was_interface: false,
            callee: String::new(),
            meter: Meter::new(Budget::UNLIMITED),
        }
    }

    /// The same executor, which stops when a budget is spent.
    #[must_use]
    pub fn within(self, budget: Budget) -> Self {
        Self {
            meter: Meter::new(budget),
            ..self
        }
    }

    /// Takes off what was done outside of templates, such as a turn of another language's loop.
    pub fn spend(&mut self, steps: u64, bytes: u64) -> Result<(), Exhausted> {
        self.meter.spend(steps, bytes)
    }

    /// Calls a function, if what that costs is left.
    fn call(&mut self, function: &Registered, arguments: &[Value]) -> Result<Value, CallError> {
        if !self.meter.is_limited() {
            return function.call(self, arguments);
        }
        self.meter.before_call(function.name(), arguments)?;
        let result = function.call(self, arguments)?;
        self.meter.after_call(function.name(), &result)?;
        Ok(result)
    }

    /// Returns the world the templates may sense.
    pub fn ambient(&self) -> &'w dyn Ambient {
        self.ambient
    }

    /// Returns the set whose templates are executed.
    pub fn set(&self) -> &'w TemplateSet {
        self.set
    }

    /// Executes a template by name and returns its output: `include`.
    ///
    /// A function may call this while a template is executed; the templates a surrounding
    /// [`Executor::evaluate`] defines are then found as well.
    pub fn execute(&mut self, name: impl AsRef<[u8]>, data: &Value) -> Result<Text, TemplateError> {
        let tree = self.named(name.as_ref())?;
        self.run(&tree, data)
    }

    /// Executes a template by name and hands over its output, which may be long.
    pub fn render(
        &mut self,
        name: impl AsRef<[u8]>,
        data: &Value,
    ) -> Result<Vec<u8>, TemplateError> {
        let tree = self.named(name.as_ref())?;
        let start = self.append(&tree, data)?;
        if start == 0 && self.output.len() > COPIED_LENGTH {
            let mut output = std::mem::take(&mut self.output);
            output.shrink_to_fit();
            return Ok(output);
        }
        let output = self.output[start..].to_vec();
        self.output.truncate(start);
        Ok(output)
    }

    /// As [`Executor::execute`], but what was written before a failure is kept, too.
    pub fn execute_into(
        &mut self,
        name: impl AsRef<[u8]>,
        data: &Value,
        out: &mut Vec<u8>,
    ) -> Result<(), TemplateError> {
        let tree = self.named(name.as_ref())?;
        let (start, result) = self.write(&tree, data);
        out.extend_from_slice(&self.output[start..]);
        self.output.truncate(start);
        result
    }

    /// Parses a text under the set's name and executes it: `tpl`.
    ///
    /// What the text defines is found by it and by all it executes, and forgotten afterwards. A text that
    /// was evaluated before is not parsed again.
    pub fn evaluate(&mut self, text: &Text, data: &Value) -> Result<Text, EvaluateError> {
        if parser::is_plain(text) {
            return Ok(text.clone());
        }
        if self.evaluating == EVALUATING_LIMIT {
            return Err(EvaluateError::Execute(TemplateError::TooDeep {
                group: self.set.name().to_owned(),
                limit: EVALUATING_LIMIT,
            }));
        }
        let parsed = self.parse(text).map_err(EvaluateError::Parse)?;
        let main = Rc::clone(&parsed.main);
        let outer = self.overlay.take();
        self.overlay = Some(Rc::new(Overlay {
            outer: outer.clone(),
            parsed,
        }));
        self.evaluating += 1;
        let output = self.run(&main, data);
        self.evaluating -= 1;
        self.overlay = outer;
        output.map_err(EvaluateError::Execute)
    }

    /// Tells whether the last nil given to a built-in function was an interface holding nil.
    pub(crate) fn nil_was_interface(&self) -> bool {
        self.nil_was_interface
    }

    /// Returns how the template writes what `call` is given to call.
    pub(crate) fn callee(&self) -> &str {
        &self.callee
    }

    fn parse(&mut self, text: &Text) -> Result<Rc<Parsed>, TemplateError> {
        if let Some(parsed) = self.parsed.get(text) {
            return Ok(Rc::clone(parsed));
        }
        let parsed = Rc::new(parser::parse(self.set.name(), text, self.set.functions())?);
        self.parsed_length += text.len();
        if self.parsed_length > PARSED_LIMIT {
            self.parsed.clear();
            self.parsed_length = text.len();
        }
        self.parsed.insert(text.clone(), Rc::clone(&parsed));
        Ok(parsed)
    }

    /// Finds a template: one of an evaluated text, the innermost first, or one of the set.
    ///
    /// One of nothing but space hides no other, so that it is found only if nobody outside has the name.
    fn find(&self, name: &[u8]) -> Option<Rc<Tree>> {
        let mut overlay = self.overlay.as_deref();
        let mut blank = None;
        while let Some(current) = overlay {
            match current.parsed.get(name) {
                Some(tree) if tree.is_empty() => blank = Some(tree),
                Some(tree) => return Some(Rc::clone(tree)),
                None => {}
            }
            overlay = current.outer.as_deref();
        }
        self.set.get(name).or(blank).cloned()
    }

    fn named(&self, name: &[u8]) -> Result<Rc<Tree>, TemplateError> {
        self.find(name).ok_or_else(|| TemplateError::Missing {
            template: name.to_vec(),
            group: self.set.name().to_owned(),
        })
    }

    fn run(&mut self, tree: &Tree, data: &Value) -> Result<Text, TemplateError> {
        let start = self.append(tree, data)?;
        let output = Text::from(&self.output[start..]);
        self.output.truncate(start);
        Ok(output)
    }

    /// Puts the output of a template behind what is there and tells where it begins; of a failure nothing stays.
    fn append(&mut self, tree: &Tree, data: &Value) -> Result<usize, TemplateError> {
        let (start, result) = self.write(tree, data);
        if result.is_err() {
            self.output.truncate(start);
        }
        result.map(|()| start)
    }

    /// Puts what a template writes behind what is there, also if it fails, and tells where it begins.
    fn write(&mut self, tree: &Tree, data: &Value) -> (usize, Result<(), TemplateError>) {
        let (start, base) = (self.output.len(), self.variables.len());
        let result = State::start(self, tree, data.clone());
        self.variables.truncate(base);
        (start, result.map_err(TemplateError::Execute))
    }
}

impl fmt::Debug for Executor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executor")
            .field("set", &self.set.name())
            .finish_non_exhaustive()
    }
}

/// Why a text could not be evaluated.
#[derive(Debug, Clone, thiserror::Error)]
pub enum EvaluateError {
    /// The text is no template.
    #[error("{0}")]
    Parse(TemplateError),
    /// The template failed.
    #[error("{0}")]
    Execute(TemplateError),
}

impl From<EvaluateError> for CallError {
    fn from(error: EvaluateError) -> Self {
        match error {
            EvaluateError::Parse(error) | EvaluateError::Execute(error) => Self::Template(error),
        }
    }
}
