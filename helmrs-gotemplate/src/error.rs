//! Errors: where a template stopped and why, as data, worded as Go does.

use std::fmt;

use crate::budget::Exhausted;
use crate::number::quote;
use crate::stack::deepen;

/// Why a text is no template, or why a template could not be executed.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// The text is not a template.
    #[error("template: {template}:{line}: {message}")]
    Parse {
        /// The name the text was parsed under.
        template: String,
        /// The line Go reports, from one.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// The execution stopped.
    #[error("{0}")]
    Execute(Box<Fault>),
    /// No template has the name asked for.
    #[error("template: no template {} associated with template {}", quote(template), quote(group.as_bytes()))]
    Missing {
        /// The name asked for.
        template: Vec<u8>,
        /// The name of the group of templates it was asked from.
        group: String,
    },
    /// Texts are evaluated within texts, too many of them.
    #[error("template: {group}: exceeded maximum template depth ({limit})")]
    TooDeep {
        /// The name of the group of templates.
        group: String,
        /// How many may be.
        limit: usize,
    },
    /// The template exists only by name.
    #[error("template: {template}: {} is an incomplete or empty template", quote(template.as_bytes()))]
    Incomplete {
        /// The template's name.
        template: String,
    },
}

/// Where an execution stopped and why: one frame of the stack of template calls.
///
/// [`Fault::cause`] leads to the next frame when a function such as `include` executed another template.
/// Its text is Go's: `template: NAME:LINE:COLUMN: executing "NAME" at <CONTEXT>: MESSAGE`.
#[derive(Debug, Clone)]
pub struct Fault {
    /// The name of the text that holds the place: the file, even inside a `define`.
    pub file: String,
    /// The place.
    pub place: Place,
    /// The template being executed: the file, or the name of a `define`.
    pub executing: String,
    /// The source of the node at fault, as Go prints it.
    pub context: String,
    /// What is wrong, without the cause's text; `error calling NAME` when there is a cause.
    pub message: String,
    /// The error of the function that was called.
    pub cause: Option<CallError>,
}

/// A place in a template's text, counted as Go does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Bytes from the start of the text.
    pub offset: usize,
    /// The line, from one.
    pub line: usize,
    /// Bytes from the start of the line.
    pub column: usize,
}

impl Place {
    /// Finds line and column of an offset.
    pub fn of(text: &[u8], offset: usize) -> Self {
        let before = &text[..offset.min(text.len())];
        let start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        Self {
            offset,
            line: 1 + memchr::memchr_iter(b'\n', before).count(),
            column: before.len() - start,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

impl Drop for Fault {
    fn drop(&mut self) {
        crate::value::drop_deeply(self.cause.take());
    }
}

impl Fault {
    /// Returns the message with the cause's text after it.
    pub fn full_message(&self) -> String {
        match &self.cause {
            Some(cause) => format!("{}: {cause}", self.message),
            None => self.message.clone(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "template: {}:{}: executing {} at <{}>: {}",
            self.file,
            self.place,
            quote(self.executing.as_bytes()),
            self.context,
            self.message
        )?;
        match &self.cause {
            Some(cause) => deepen(|| write!(f, ": {cause}")),
            None => Ok(()),
        }
    }
}

/// Why a function failed.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum CallError {
    /// A plain message.
    Message(String),
    /// The template itself asked to stop, through `fail` or `required`, with this message.
    Refused(String),
    /// A template the function executed failed, or a text it parsed is none.
    Template(TemplateError),
    /// What the templates may cost is spent.
    Exhausted(Exhausted),
    /// Another error, with words before it: Go's `fmt.Errorf("context: %w", source)`.
    Context {
        /// The words, without the colon.
        context: String,
        /// What went wrong.
        source: Box<CallError>,
    },
}

impl CallError {
    /// Makes an error of a message.
    pub fn new(message: impl Into<String>) -> Self {
        Self::Message(message.into())
    }

    /// Puts words before the error, as `fmt.Errorf("context: %w", err)` does.
    #[must_use]
    pub fn context(self, context: impl Into<String>) -> Self {
        Self::Context {
            context: context.into(),
            source: Box::new(self),
        }
    }
}

impl From<TemplateError> for CallError {
    fn from(error: TemplateError) -> Self {
        Self::Template(error)
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(message) | Self::Refused(message) => f.write_str(message),
            Self::Template(error) => error.fmt(f),
            Self::Exhausted(exhausted) => exhausted.fmt(f),
            Self::Context { context, source } => write!(f, "{context}: {source}"),
        }
    }
}

impl std::error::Error for CallError {}
