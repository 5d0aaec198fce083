//! The executor: trees and a value in, text out.
//!
//! Templates call templates, functions call back into the executor, and values nest; wherever that
//! recursion could run deep, the stack grows on the heap, so that no template can overflow it.

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
use crate::error::{CallError, TemplateError};
use crate::parser::{self, Parsed};
use crate::set::TemplateSet;
use crate::value::{Text, Value};
use state::{Operand, State};

/// An execution under way, which is what functions can reach of it.
pub struct Executor<'w> {
    set: &'w TemplateSet,
    ambient: &'w dyn Ambient,
    /// What the texts being evaluated define, the innermost first.
    overlay: Option<Rc<Overlay>>,
    /// Texts that were evaluated before.
    parsed: BTreeMap<Text, Rc<Parsed>>,
    /// The output of the template being executed.
    output: Vec<u8>,
    /// The variables of all templates being executed, the innermost last.
    variables: Vec<(u32, Operand)>,
    /// Whether the last nil given to a built-in function was an interface holding nil.
    nil_was_interface: bool,
    /// How the template writes what `call` is given to call.
    callee: String,
}

/// Templates defined by a text evaluated at run time, over those outside.
#[derive(Debug)]
struct Overlay {
    outer: Option<Rc<Overlay>>,
    templates: BTreeMap<Text, Rc<Tree>>,
}

impl<'w> Executor<'w> {
    /// Prepares to execute templates of the set in the given world.
    pub fn new(set: &'w TemplateSet, ambient: &'w dyn Ambient) -> Self {
        Self {
            set,
            ambient,
            overlay: None,
            parsed: BTreeMap::new(),
            output: Vec::new(),
            variables: Vec::new(),
            nil_was_interface: false,
            callee: String::new(),
        }
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
    pub fn execute(&mut self, name: &str, data: &Value) -> Result<Vec<u8>, TemplateError> {
        match self.find(name.as_bytes()) {
            Some(tree) => self.run(&tree, data),
            None => Err(TemplateError::Missing {
                template: name.to_owned(),
                group: self.set.name().to_owned(),
            }),
        }
    }

    /// Parses a text under the set's name and executes it: `tpl`.
    ///
    /// What the text defines is found by it and by all it executes, and forgotten afterwards. A text that
    /// was evaluated before is not parsed again.
    pub fn evaluate(&mut self, text: &Text, data: &Value) -> Result<Vec<u8>, EvaluateError> {
        let parsed = self.parse(text).map_err(EvaluateError::Parse)?;
        let outer = self.overlay.clone();
        let trees = parsed.definitions.iter().chain([&parsed.main]);
        let templates = trees
            .filter(|tree| !tree.is_empty() || self.find(&tree.name).is_none())
            .map(|tree| (tree.name.clone(), Rc::clone(tree)))
            .collect();
        self.overlay = Some(Rc::new(Overlay {
            outer: outer.clone(),
            templates,
        }));
        let output = self.run(&parsed.main, data);
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
        self.parsed.insert(text.clone(), Rc::clone(&parsed));
        Ok(parsed)
    }

    fn find(&self, name: &[u8]) -> Option<Rc<Tree>> {
        let mut overlay = self.overlay.as_deref();
        while let Some(current) = overlay {
            if let Some(tree) = current.templates.get(name) {
                return Some(Rc::clone(tree));
            }
            overlay = current.outer.as_deref();
        }
        self.set.get(name).cloned()
    }

    fn run(&mut self, tree: &Rc<Tree>, data: &Value) -> Result<Vec<u8>, TemplateError> {
        let outer = std::mem::take(&mut self.output);
        let base = self.variables.len();
        let result = State::start(self, tree, data.clone());
        self.variables.truncate(base);
        let output = std::mem::replace(&mut self.output, outer);
        result.map(|()| output).map_err(TemplateError::Execute)
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
