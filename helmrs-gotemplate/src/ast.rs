//! What a text was parsed to. Every node knows where it stands in the text.
//!
//! The nodes of a text lie in tables, one a kind, and name each other by their places in these: a text costs a few
//! allocations however many nodes it has, and dropping it recurses into nothing. Names of fields and variables are
//! not copied but read from the text.

use std::rc::Rc;

use crate::functions::Registered;
use crate::stack::deepen;
use crate::value::{Text, Value};

/// A parsed template: a whole text, or a `define` or `block` in one.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    pub(crate) name: Text,
    /// The name of the text that holds it, which is its file.
    pub(crate) file: Rc<str>,
    pub(crate) script: Rc<Script>,
    pub(crate) root: Run,
}

impl Tree {
    /// Tells whether there is nothing but space, so that the template does not replace another.
    pub(crate) fn is_empty(&self) -> bool {
        self.script.is_blank(self.root)
    }
}

/// A text and all its nodes.
#[derive(Debug, Default)]
pub(crate) struct Script {
    pub(crate) text: Text,
    pub(crate) nodes: Vec<Node>,
    pub(crate) variables: Vec<Variable>,
    pub(crate) commands: Vec<Command>,
    pub(crate) expressions: Vec<Expression>,
}

/// Bytes of the text, from the first to before the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// Rows of a table, from the first to before the last.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Run {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Run {
    pub(crate) fn is_empty(self) -> bool {
        self.start == self.end
    }

    fn of<T>(self, table: &[T]) -> &[T] {
        &table[self.start as usize..self.end as usize]
    }
}

/// What stands between the delimiters, or outside them.
#[derive(Debug)]
pub(crate) enum Node {
    Text(Span),
    Action(Action),
    If(Branch),
    With(Branch),
    Range(Branch),
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
    /// Nodes.
    pub(crate) body: Run,
    /// Nodes.
    pub(crate) otherwise: Run,
}

/// `template` or `block`.
#[derive(Debug)]
pub(crate) struct Invocation {
    pub(crate) span: Span,
    pub(crate) name: Text,
    pub(crate) pipe: Option<Pipe>,
}

/// Commands, each handing its value to the next as the last argument.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pipe {
    pub(crate) span: Span,
    /// Whether the variables are assigned, not declared.
    pub(crate) assigns: bool,
    pub(crate) variables: Run,
    pub(crate) commands: Run,
}

/// A variable's name, and the number that stands for it within its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Variable {
    pub(crate) name: Span,
    pub(crate) id: u32,
}

/// A function or value and its arguments.
#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) span: Span,
    /// Expressions.
    pub(crate) words: Run,
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
    /// The literal's value.
    String(Text),
    Field(Fields),
    Variable(Variable, Fields),
    Function(Rc<Registered>),
    /// The row of what the chain starts with, which is one of expressions, and what follows.
    Chain(u32, Fields),
    Pipe(Pipe),
}

/// Names of fields as the text has them, each after a dot: `.a.b`. There may be none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields(pub(crate) Span);

impl Fields {
    /// No field.
    pub(crate) const NONE: Self = Self(Span { start: 0, end: 0 });

    pub(crate) fn is_empty(self) -> bool {
        self.0.start == self.0.end
    }
}

/// A number literal, under every type that can hold it: Go's ideal constants.
#[derive(Debug)]
pub(crate) struct Number {
    pub(crate) int: Option<i64>,
    pub(crate) uint: Option<u64>,
    pub(crate) float: Option<f64>,
    pub(crate) complex: Option<(f64, f64)>,
    /// Its value where no type is expected; none if it is no `int`.
    pub(crate) ideal: Option<Value>,
}

impl Script {
    pub(crate) fn text(&self, span: Span) -> &[u8] {
        &self.text[span.start as usize..span.end as usize]
    }

    pub(crate) fn nodes(&self, run: Run) -> &[Node] {
        run.of(&self.nodes)
    }

    pub(crate) fn variables(&self, pipe: &Pipe) -> &[Variable] {
        pipe.variables.of(&self.variables)
    }

    pub(crate) fn commands(&self, pipe: &Pipe) -> &[Command] {
        pipe.commands.of(&self.commands)
    }

    pub(crate) fn words(&self, command: &Command) -> &[Expression] {
        command.words.of(&self.expressions)
    }

    /// Returns what a chain starts with.
    pub(crate) fn start(&self, row: u32) -> &Expression {
        &self.expressions[row as usize]
    }

    /// Returns the names of fields, without their dots.
    pub(crate) fn names(&self, fields: Fields) -> impl Iterator<Item = &[u8]> + Clone {
        self.text(fields.0).split(|byte| *byte == b'.').skip(1)
    }

    /// Gives back what the tables have taken in advance.
    pub(crate) fn shrink(&mut self) {
        self.nodes.shrink_to_fit();
        self.variables.shrink_to_fit();
        self.commands.shrink_to_fit();
        self.expressions.shrink_to_fit();
    }

    /// Tells whether nodes are nothing but space.
    pub(crate) fn is_blank(&self, nodes: Run) -> bool {
        self.nodes(nodes).iter().all(|node| match node {
            Node::Text(span) => is_blank(self.text(*span)),
            _ => false,
        })
    }
}

/// Tells whether Go's `bytes.TrimSpace` leaves nothing of a text.
fn is_blank(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    match text.first() {
        None => true,
        Some(first) if first.is_ascii_graphic() => false,
        Some(_) => String::from_utf8_lossy(text).trim().is_empty(),
    }
}

/// Nodes as Go prints them.
impl Script {
    pub(crate) fn show_action(&self, action: &Action) -> String {
        let mut shown = String::from("{{");
        self.write_pipe(&action.pipe, &mut shown);
        shown.push_str("}}");
        shown
    }

    pub(crate) fn show_invocation(&self, invocation: &Invocation) -> String {
        let mut shown = String::from("{{template ");
        shown.push_str(&crate::number::quote(&invocation.name));
        if let Some(pipe) = &invocation.pipe {
            shown.push(' ');
            self.write_pipe(pipe, &mut shown);
        }
        shown.push_str("}}");
        shown
    }

    pub(crate) fn show_pipe(&self, pipe: &Pipe) -> String {
        let mut shown = String::new();
        self.write_pipe(pipe, &mut shown);
        shown
    }

    pub(crate) fn show_command(&self, command: &Command) -> String {
        let mut shown = String::new();
        self.write_command(command, &mut shown);
        shown
    }

    pub(crate) fn show_expression(&self, expression: &Expression) -> String {
        let mut shown = String::new();
        self.write_expression(expression, &mut shown);
        shown
    }

    fn write_pipe(&self, pipe: &Pipe, shown: &mut String) {
        deepen(|| {
            for (index, variable) in self.variables(pipe).iter().enumerate() {
                shown.push_str(if index > 0 { ", " } else { "" });
                self.write_text(variable.name, shown);
            }
            if !pipe.variables.is_empty() {
                shown.push_str(if pipe.assigns { " = " } else { " := " });
            }
            for (index, command) in self.commands(pipe).iter().enumerate() {
                shown.push_str(if index > 0 { " | " } else { "" });
                self.write_command(command, shown);
            }
        });
    }

    fn write_command(&self, command: &Command, shown: &mut String) {
        for (index, word) in self.words(command).iter().enumerate() {
            shown.push_str(if index > 0 { " " } else { "" });
            self.write_in_parens(word, shown);
        }
    }

    /// Writes an expression as a word of a command, where a pipeline stands in parentheses.
    fn write_in_parens(&self, expression: &Expression, shown: &mut String) {
        let ExpressionKind::Pipe(pipe) = &expression.kind else {
            return self.write_expression(expression, shown);
        };
        shown.push('(');
        self.write_pipe(pipe, shown);
        shown.push(')');
    }

    fn write_expression(&self, expression: &Expression, shown: &mut String) {
        match &expression.kind {
            ExpressionKind::Dot => shown.push('.'),
            ExpressionKind::Nil => shown.push_str("nil"),
            ExpressionKind::Bool(truth) => shown.push_str(if *truth { "true" } else { "false" }),
            ExpressionKind::Number(_) | ExpressionKind::String(_) => {
                self.write_text(expression.span, shown);
            }
            ExpressionKind::Field(names) => self.write_text(names.0, shown),
            ExpressionKind::Variable(variable, names) => {
                self.write_text(variable.name, shown);
                self.write_text(names.0, shown);
            }
            ExpressionKind::Function(function) => shown.push_str(function.name()),
            ExpressionKind::Chain(start, names) => {
                self.write_in_parens(self.start(*start), shown);
                self.write_text(names.0, shown);
            }
            ExpressionKind::Pipe(pipe) => self.write_pipe(pipe, shown),
        }
    }

    fn write_text(&self, span: Span, shown: &mut String) {
        shown.push_str(&String::from_utf8_lossy(self.text(span)));
    }
}
