//! The state of one template's execution: where it is, and what its nodes do.

use super::Executor;
use crate::ast::{
    Action, Branch, Command, Expression, Invocation, Node, Pipe, Run, Script, Tree, Variable,
};
use crate::budget::Exhausted;
use crate::error::{CallError, Fault, Place};
use crate::number::quote;
use crate::print;
use crate::stack::deepen;
use crate::types::Type;
use crate::value::Value;

/// How deep templates may call templates.
const MAX_DEPTH: usize = 100_000;

/// What evaluating a node gives, or why execution stopped.
pub(super) type Evaluated<T> = Result<T, Box<Fault>>;

/// A value, and whether it came out of an interface: an element of a `map[string]interface {}`, say.
///
/// Go's messages tell the two apart, and nil out of an interface is not the same as no value at all.
#[derive(Debug, Clone)]
pub(super) struct Operand {
    pub(super) value: Value,
    pub(super) boxed: bool,
}

impl Operand {
    pub(super) fn plain(value: Value) -> Self {
        Self {
            value,
            boxed: false,
        }
    }

    /// Returns the type Go's messages name.
    pub(super) fn type_of(&self) -> Type {
        if self.boxed {
            Type::Any
        } else {
            self.value.type_of()
        }
    }
}

/// What a command gives its first word: the words after it, and the value piped in.
#[derive(Debug)]
pub(super) struct Given<'t> {
    pub(super) words: &'t [Expression],
    pub(super) last: Option<Value>,
}

impl Given<'_> {
    /// What a word in the place of an argument is given.
    pub(super) const NOTHING: Self = Given {
        words: &[],
        last: None,
    };

    pub(super) fn is_nothing(&self) -> bool {
        self.words.is_empty() && self.last.is_none()
    }

    pub(super) fn count(&self) -> usize {
        self.words.len() + usize::from(self.last.is_some())
    }
}

/// The node being evaluated, for errors.
#[derive(Debug, Clone, Copy)]
pub(super) enum At<'t> {
    Start,
    Action(&'t Action),
    Invocation(&'t Invocation),
    Pipe(&'t Pipe),
    Command(&'t Command),
    Expression(&'t Expression),
}

impl At<'_> {
    fn offset(self) -> usize {
        let span = match self {
            Self::Start => return 0,
            Self::Action(node) => node.span,
            Self::Invocation(node) => node.span,
            Self::Pipe(node) => node.span,
            Self::Command(node) => node.span,
            Self::Expression(node) => node.span,
        };
        span.start as usize
    }

    fn context(self, script: &Script) -> String {
        match self {
            Self::Start => String::new(),
            Self::Action(node) => script.show_action(node),
            Self::Invocation(node) => script.show_invocation(node),
            Self::Pipe(node) => script.show_pipe(node),
            Self::Command(node) => script.show_command(node),
            Self::Expression(node) => script.show_expression(node),
        }
    }
}

/// Whether the next node follows, or a loop is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Next,
    Break,
    Continue,
}

/// One template being executed.
pub(super) struct State<'e, 'w, 't> {
    pub(super) executor: &'e mut Executor<'w>,
    pub(super) tree: &'t Tree,
    /// What the tree is a part of.
    pub(super) script: &'t Script,
    pub(super) at: At<'t>,
    /// Where this template's variables start.
    base: usize,
    depth: usize,
}

impl<'t> State<'_, '_, 't> {
    /// Executes a template from its start.
    pub(super) fn start(executor: &mut Executor<'_>, tree: &Tree, data: Value) -> Evaluated<()> {
        let base = executor.variables.len();
        let dot = Operand::plain(data);
        executor.variables.push((0, dot.clone()));
        let mut state = State {
            executor,
            tree,
            script: &tree.script,
            at: At::Start,
            base,
            depth: 0,
        };
        state.list(&dot, tree.root).map(|_| ())
    }

    /// Makes the error Go's `errorf` does, at the node being evaluated.
    #[cold]
    pub(super) fn fault(&self, message: impl Into<String>) -> Box<Fault> {
        self.fault_because(message, None)
    }

    #[cold]
    pub(super) fn fault_because(
        &self,
        message: impl Into<String>,
        cause: Option<CallError>,
    ) -> Box<Fault> {
        Box::new(Fault {
            file: self.tree.file.to_string(),
            place: Place::of(&self.script.text, self.at.offset()),
            executing: self.tree.name.to_string(),
            context: self.at.context(self.script),
            message: message.into(),
            cause,
        })
    }

    /// Takes steps and bytes off what is left, and stops here if that is not enough.
    pub(super) fn spend(&mut self, steps: u64, bytes: u64) -> Evaluated<()> {
        let spent = self.executor.meter.spend(steps, bytes);
        spent.map_err(|exhausted| self.exhausted(exhausted))
    }

    #[cold]
    fn exhausted(&self, exhausted: Exhausted) -> Box<Fault> {
        self.fault_because("out of budget", Some(CallError::Exhausted(exhausted)))
    }

    pub(super) fn list(&mut self, dot: &Operand, nodes: Run) -> Evaluated<Flow> {
        for node in self.script.nodes(nodes) {
            let flow = self.node(dot, node)?;
            if flow != Flow::Next {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    fn node(&mut self, dot: &Operand, node: &'t Node) -> Evaluated<Flow> {
        match node {
            Node::Text(span) => {
                let text = self.script.text(*span);
                self.spend(1, text.len() as u64)?;
                self.executor.output.extend_from_slice(text);
                Ok(Flow::Next)
            }
            Node::Action(action) => self.action(dot, action).map(|()| Flow::Next),
            Node::If(branch) => self.branch(dot, branch, false),
            Node::With(branch) => self.branch(dot, branch, true),
            Node::Range(branch) => self.range(dot, branch),
            Node::Template(invocation) => self.invoke(dot, invocation).map(|()| Flow::Next),
            Node::Break => Ok(Flow::Break),
            Node::Continue => Ok(Flow::Continue),
        }
    }

    fn action(&mut self, dot: &Operand, action: &'t Action) -> Evaluated<()> {
        self.at = At::Action(action);
        self.spend(1, 0)?;
        let value = self.pipeline(dot, &action.pipe)?;
        if !action.pipe.variables.is_empty() {
            return Ok(());
        }
        self.at = At::Action(action);
        if let Value::Function(_) = value {
            let shown = self.script.show_action(action);
            return Err(self.fault(format!("can't print {shown} of type {}", value.type_of())));
        }
        if self.executor.meter.is_limited() {
            let afforded = self.executor.meter.before_print(&value);
            afforded.map_err(|exhausted| self.exhausted(exhausted))?;
        }
        let before = self.executor.output.len();
        print::print(&mut self.executor.output, &value);
        self.spend(0, (self.executor.output.len() - before) as u64)
    }

    fn branch(&mut self, dot: &Operand, branch: &'t Branch, sets_dot: bool) -> Evaluated<Flow> {
        deepen(|| {
            self.spend(1, 0)?;
            let mark = self.mark();
            let value = self.pipeline(dot, &branch.pipe)?;
            let flow = if !value.is_true() {
                self.list(dot, branch.otherwise)
            } else if sets_dot {
                self.list(&Operand::plain(value), branch.body)
            } else {
                self.list(dot, branch.body)
            };
            self.pop(mark);
            flow
        })
    }

    /// Calls a template, which sees no variable of this one.
    fn invoke(&mut self, dot: &Operand, invocation: &'t Invocation) -> Evaluated<()> {
        self.at = At::Invocation(invocation);
        self.spend(1, 0)?;
        let Some(tree) = self.executor.find(&invocation.name) else {
            return Err(self.fault(format!("template {} not defined", quote(&invocation.name))));
        };
        if self.depth == MAX_DEPTH {
            return Err(self.fault(format!("exceeded maximum template depth ({MAX_DEPTH})")));
        }
        let dot = match &invocation.pipe {
            Some(pipe) => self.pipeline(dot, pipe)?,
            None => Value::Nil,
        };
        let dot = Operand::plain(dot);
        let mark = self.mark();
        self.executor.variables.push((0, dot.clone()));
        let depth = self.depth + 1;
        deepen(|| {
            let mut state = State {
                executor: &mut *self.executor,
                tree: &tree,
                script: &tree.script,
                at: At::Start,
                base: mark,
                depth,
            };
            state.list(&dot, tree.root)
        })?;
        self.pop(mark);
        Ok(())
    }

    /// Returns how many variables there are.
    pub(super) fn mark(&self) -> usize {
        self.executor.variables.len()
    }

    pub(super) fn pop(&mut self, mark: usize) {
        self.executor.variables.truncate(mark);
    }

    pub(super) fn push(&mut self, variable: &Variable, operand: Operand) {
        self.executor.variables.push((variable.id, operand));
    }

    /// Overwrites a variable just declared: the last is number one.
    pub(super) fn set_top(&mut self, number: usize, operand: Operand) {
        let top = self.mark();
        if let Some((_, slot)) = top
            .checked_sub(number)
            .and_then(|at| self.executor.variables.get_mut(at))
        {
            *slot = operand;
        }
    }

    pub(super) fn assign(&mut self, variable: &Variable, operand: Operand) -> Evaluated<()> {
        let variables = &mut self.executor.variables[self.base..];
        match variables
            .iter_mut()
            .rev()
            .find(|(id, _)| *id == variable.id)
        {
            Some((_, slot)) => {
                *slot = operand;
                Ok(())
            }
            None => Err(self.undefined(variable)),
        }
    }

    pub(super) fn variable(&self, variable: &Variable) -> Evaluated<Operand> {
        let variables = &self.executor.variables[self.base..];
        match variables.iter().rev().find(|(id, _)| *id == variable.id) {
            Some((_, operand)) => Ok(operand.clone()),
            None => Err(self.undefined(variable)),
        }
    }

    #[cold]
    fn undefined(&self, variable: &Variable) -> Box<Fault> {
        let name = String::from_utf8_lossy(self.script.text(variable.name));
        self.fault(format!("undefined variable: {name}"))
    }
}
