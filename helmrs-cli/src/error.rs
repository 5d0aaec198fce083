//! What ends a command early, and the exit code it ends with.

use std::error::Error;
use std::fmt;

use crate::printer::OutputError;

/// Why a command ended early.
#[derive(Debug)]
pub(crate) struct CommandError {
    /// What goes before the error's own words, like `INSTALLATION FAILED`.
    prefix: Option<&'static str>,
    /// What goes right after the error's own words.
    suffix: &'static str,
    /// What happened; none if nothing is left to be said.
    source: Option<Box<dyn Error + Send + Sync>>,
    /// Whether it is told as a log line.
    pub(crate) logged: bool,
    /// What belongs to the error but stands on a line of its own.
    pub(crate) after: Option<String>,
    /// What might help, said after the error.
    pub(crate) hints: Vec<String>,
    /// The exit code.
    pub(crate) code: u8,
}

impl CommandError {
    /// An error that is a sentence.
    pub(crate) fn message(text: impl Into<String>) -> Self {
        Self::from(Box::<dyn Error + Send + Sync>::from(text.into()))
    }

    /// An end with exit code 1 about which everything has been said.
    pub(crate) fn silent() -> Self {
        Self {
            prefix: None,
            source: None,
            suffix: "",
            logged: false,
            after: None,
            hints: Vec::new(),
            code: 1,
        }
    }

    /// The same error with words after it.
    pub(crate) fn followed_by(mut self, words: &'static str) -> Self {
        self.suffix = words;
        self
    }

    /// What happened, for those who have more to say about it.
    pub(crate) fn into_source(self) -> Box<dyn Error + Send + Sync> {
        self.source.unwrap_or_else(|| "".into())
    }

    /// An error about the settings, which is told as a log line as nothing has begun yet.
    pub(crate) fn logged(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            logged: true,
            ..Self::from(source)
        }
    }

    /// The same error with words before it.
    pub(crate) fn prefixed(mut self, prefix: &'static str) -> Self {
        self.prefix = Some(prefix);
        self
    }

    /// The result of what has been done already cannot be told, and that it has been done is no less true.
    pub(crate) fn untold(error: OutputError, done: &str) -> Self {
        let mut error = Self::from(error);
        error.after = Some(format!("{done}; only telling of it failed."));
        error
    }

    /// Whether the reader of standard output went away, which is no error.
    pub(crate) fn is_broken_pipe(&self) -> bool {
        let error = self.source.as_deref();
        error
            .and_then(|error| error.downcast_ref::<OutputError>())
            .is_some_and(OutputError::is_broken_pipe)
    }

    /// What is printed after `Error: `, if anything is.
    pub(crate) fn text(&self) -> Option<String> {
        let source = self.source.as_deref()?;
        let mut text = String::new();
        if let Some(prefix) = self.prefix {
            text.push_str(prefix);
            text.push_str(": ");
        }
        text.push_str(&chain(source));
        text.push_str(self.suffix);
        Some(text)
    }
}

impl<E: Into<Box<dyn Error + Send + Sync>>> From<E> for CommandError {
    fn from(source: E) -> Self {
        Self {
            prefix: None,
            source: Some(source.into()),
            suffix: "",
            logged: false,
            after: None,
            hints: Vec::new(),
            code: 1,
        }
    }
}

impl fmt::Display for Chain<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(formatter, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

struct Chain<'a>(&'a (dyn Error + 'a));

/// An error and its causes, joined as Go's `%w` joins them.
pub(crate) fn chain(error: &(dyn Error + '_)) -> String {
    Chain(error).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("open prod.yaml")]
    struct Outer(#[source] fmt::Error);

    #[test]
    fn the_chain_is_joined_with_colons_after_the_prefix() {
        let error = CommandError::from(Outer(fmt::Error)).prefixed("UPGRADE FAILED");
        assert_eq!(
            error.text().unwrap(),
            format!("UPGRADE FAILED: open prod.yaml: {}", fmt::Error)
        );
    }

    #[test]
    fn a_silent_end_says_nothing() {
        assert_eq!(CommandError::silent().text(), None);
    }
}
