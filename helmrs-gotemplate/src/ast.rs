//! The tree of a template. Every node knows where it stands in the text.

use std::fmt;
use std::rc::Rc;

use crate::functions::Registered;
use crate::stack::deepen;
use crate::value::{Text, Value, drop_deeply};

/// A text that templates were parsed from, under the name it was parsed as.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: Text,
}

/// A parsed template: a whole text, or a `define` or `block` in one.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) name: Text,
    pub(crate) source: Rc<Source>,
    pub(crate) root: Vec<Node>,
}

impl Tree {
    /// Tells whether there is nothing but space, so that the template does not replace another.
    pub(crate) fn is_empty(&self) -> bool {
        self.root.iter().all(|node| match node {
            Node::Text(span) => is_blank(&self.source.text[span.start..span.end]),
            _ => false,
        })
    }
}

/// Tells whether Go's `bytes.TrimSpace` leaves nothing of a text.
fn is_blank(text: &[u8]) -> bool {
    String::from_utf8_lossy(text).trim().is_empty()
}

/// Bytes of the text, from the first to before the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// What stands between the delimiters, or outside them.
#[derive(Debug)]
pub(crate) enum Node {
    Text(Span),
    Action(Action),
    If(Box<Branch>),
    With(Box<Branch>),
    Range(Box<Branch>),
    Template(Box<Invocation>),
    Break,
    Continue,
}

/// A pipeline whose value is printed, unless it declares variables.
#[derive(Debug)]
pub(crate) struct Action {
    pub(crate) span: Span,
    pub(crate) pipe: Pipe,
}

/// `if`, `with` or `range`.
#[derive(Debug)]
pub(crate) struct Branch {
    pub(crate) pipe: Pipe,
    pub(crate) body: Vec<Node>,
    pub(crate) otherwise: Vec<Node>,
}

impl Drop for Branch {
    fn drop(&mut self) {
        drop_deeply((
            std::mem::take(&mut self.body),
            std::mem::take(&mut self.otherwise),
        ));
    }
}

/// `template` or `block`.
#[derive(Debug)]
pub(crate) struct Invocation {
    pub(crate) span: Span,
    pub(crate) name: Text,
    pub(crate) pipe: Option<Pipe>,
}

/// Commands, each handing its value to the next as the last argument.
#[derive(Debug)]
pub(crate) struct Pipe {
    pub(crate) span: Span,
    /// Whether the variables are assigned, not declared.
    pub(crate) assigns: bool,
    pub(crate) variables: Vec<Variable>,
    pub(crate) commands: Vec<Command>,
}

impl Drop for Pipe {
    fn drop(&mut self) {
        drop_deeply(std::mem::take(&mut self.commands));
    }
}

/// A variable's name, and the number that stands for it within its text.
#[derive(Debug, Clone)]
pub(crate) struct Variable {
    pub(crate) name: Text,
    pub(crate) id: u32,
}

/// A function or value and its arguments.
#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) span: Span,
    pub(crate) words: Vec<Expression>,
}

/// One word of a command.
#[derive(Debug)]
pub(crate) struct Expression {
    pub(crate) span: Span,
    pub(crate) kind: ExpressionKind,
}

#[derive(Debug)]
pub(crate) enum ExpressionKind {
    Dot,
    Nil,
    Bool(bool),
    Number(Box<Number>),
    /// The literal as written, and its value.
    String(Text, Text),
    Field(Vec<Text>),
    Variable(Variable, Vec<Text>),
    Function(Rc<Registered>),
    Chain(Box<Expression>, Vec<Text>),
    Pipe(Box<Pipe>),
}

/// A number literal, under every type that can hold it: Go's ideal constants.
#[derive(Debug)]
pub(crate) struct Number {
    pub(crate) text: String,
    pub(crate) int: Option<i64>,
    pub(crate) uint: Option<u64>,
    pub(crate) float: Option<f64>,
    pub(crate) complex: Option<(f64, f64)>,
    /// Its value where no type is expected; none if it is no `int`.
    pub(crate) ideal: Option<Value>,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{{{}}}}}", self.pipe)
    }
}

impl fmt::Display for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{{template {}", crate::number::quote(&self.name))?;
        if let Some(pipe) = &self.pipe {
            write!(f, " {pipe}")?;
        }
        f.write_str("}}")
    }
}

impl fmt::Display for Pipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        deepen(|| {
            for (index, variable) in self.variables.iter().enumerate() {
                write!(f, "{}{}", if index > 0 { ", " } else { "" }, variable.name)?;
            }
            if !self.variables.is_empty() {
                f.write_str(if self.assigns { " = " } else { " := " })?;
            }
            for (index, command) in self.commands.iter().enumerate() {
                write!(f, "{}{command}", if index > 0 { " | " } else { "" })?;
            }
            Ok(())
        })
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, word) in self.words.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            word.write_in_parens(f)?;
        }
        Ok(())
    }
}

impl Expression {
    /// Writes the expression as a word of a command, where a pipeline stands in parentheses.
    fn write_in_parens(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExpressionKind::Pipe(pipe) => write!(f, "({pipe})"),
            _ => write!(f, "{self}"),
        }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExpressionKind::Dot => f.write_str("."),
            ExpressionKind::Nil => f.write_str("nil"),
            ExpressionKind::Bool(truth) => write!(f, "{truth}"),
            ExpressionKind::Number(number) => f.write_str(&number.text),
            ExpressionKind::String(literal, _) => write!(f, "{literal}"),
            ExpressionKind::Field(names) => write_fields(names, f),
            ExpressionKind::Variable(variable, names) => {
                write!(f, "{}", variable.name)?;
                write_fields(names, f)
            }
            ExpressionKind::Function(function) => f.write_str(function.name()),
            ExpressionKind::Chain(start, names) => {
                start.write_in_parens(f)?;
                write_fields(names, f)
            }
            ExpressionKind::Pipe(pipe) => write!(f, "{pipe}"),
        }
    }
}

fn write_fields(names: &[Text], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    names.iter().try_for_each(|name| write!(f, ".{name}"))
}
