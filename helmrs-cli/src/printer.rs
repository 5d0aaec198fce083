//! The only writer of standard output and standard error.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};

use crate::quote::quote;

/// How important a log line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// Shown with `--debug` only.
    Debug,
    /// Worth knowing.
    Info,
    /// Probably not what was wanted.
    Warn,
    /// Went wrong.
    Error,
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
        }
    }
}

/// One log line: `level=WARN msg="upgrade failed" name=web`.
#[derive(Debug)]
pub(crate) struct Record {
    level: Level,
    line: String,
}

impl Record {
    /// A line that says `text`.
    // Parity: Go, log/slog, TextHandler without its time.
    pub(crate) fn new(level: Level, text: &str) -> Self {
        Self {
            level,
            line: format!("level={} msg={}", level.word(), value(text)),
        }
    }

    /// The same line with one more `key=value`.
    pub(crate) fn with(mut self, key: &str, text: &str) -> Self {
        write!(self.line, " {key}={}", value(text)).expect("writing to a string cannot fail");
        self
    }
}

/// A value as slog's text handler prints it: in quotes only if it could be misread without.
fn value(text: &str) -> String {
    let plain = !text.is_empty()
        && text.chars().all(|character| {
            !character.is_whitespace()
                && !character.is_control()
                && !matches!(character, '"' | '=' | '\u{fffd}')
        });
    if plain { text.to_owned() } else { quote(text) }
}

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum ColorMode {
    /// Never.
    Never,
    /// When standard output is a terminal.
    #[default]
    Auto,
    /// Always.
    Always,
}

impl ColorMode {
    /// Its name.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Auto => "auto",
            Self::Always => "always",
        }
    }
}

/// What ends a line that stands for a moment only.
const ERASE: &str = "\r\x1b[K";

/// Where text goes, shared by every printer of a call.
type Sink = Arc<Mutex<dyn Write + Send>>;

/// Writes what commands have to say: results to standard output, all else to standard error.
#[derive(Clone)]
pub(crate) struct Printer {
    output: Sink,
    errors: Sink,
    /// Whether debug lines are wanted.
    debug: bool,
    /// Whether results may hold colours.
    color: bool,
    /// Whether somebody may be looking at standard error.
    is_watched: bool,
    /// The line that stands there for a moment only.
    passing: Arc<Mutex<String>>,
}

impl Printer {
    /// The printer of this process.
    pub(crate) fn of_process() -> Self {
        Self {
            output: Arc::new(Mutex::new(io::stdout())),
            errors: Arc::new(Mutex::new(io::stderr())),
            debug: false,
            color: false,
            is_watched: io::stderr().is_terminal(),
            passing: Arc::default(),
        }
    }

    /// Sets what the settings say about output.
    // Parity: github.com/fatih/color: a NO_COLOR of any text also stops --color=always.
    pub(crate) fn configure(&mut self, debug: bool, color: ColorMode, no_color: bool) {
        self.debug = debug;
        self.color = match color {
            ColorMode::Never => false,
            ColorMode::Auto => io::stdout().is_terminal() && !no_color,
            ColorMode::Always => !no_color,
        };
    }

    /// Whether what only a developer wants to know is wanted.
    pub(crate) fn debug(&self) -> bool {
        self.debug
    }

    /// Whether results may hold colours.
    pub(crate) fn color(&self) -> bool {
        self.color
    }

    /// Writes a result, which a pipe may read.
    pub(crate) fn data(&self, text: impl AsRef<[u8]>) -> io::Result<()> {
        self.pass("");
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        output.write_all(text.as_ref())?;
        output.flush()
    }

    /// Writes a line that the next one takes the place of, if somebody may be looking; an empty one only makes room.
    pub(crate) fn pass(&self, text: &str) {
        if !self.is_watched {
            return;
        }
        let mut passing = self.passing.lock().unwrap_or_else(PoisonError::into_inner);
        if *passing != text {
            text.clone_into(&mut passing);
            let mut errors = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = write!(errors, "{ERASE}{text}").and_then(|()| errors.flush());
        }
    }

    /// Whether lines that stand for a moment are seen by anybody.
    pub(crate) fn is_watched(&self) -> bool {
        self.is_watched
    }

    /// Writes a line for the person at the terminal.
    pub(crate) fn note(&self, text: &str) {
        self.to_errors(text);
    }

    /// Writes a log line.
    pub(crate) fn log(&self, record: &Record) {
        if record.level != Level::Debug || self.debug {
            self.to_errors(&record.line);
        }
    }

    /// Writes a log line, if there is one.
    pub(crate) fn log_some(&self, record: Option<Record>) {
        if let Some(record) = record {
            self.log(&record);
        }
    }

    /// Writes why the command failed.
    pub(crate) fn failure(&self, text: &str) {
        self.to_errors(&format!("Error: {text}"));
    }

    /// Writes what might help after a failure.
    pub(crate) fn hint(&self, text: &str) {
        self.to_errors(&format!("hint: {text}"));
    }

    /// Nothing can be said about standard error failing, so nothing is.
    fn to_errors(&self, line: &str) {
        self.pass("");
        let mut errors = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = writeln!(errors, "{line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_lines_quote_only_what_could_be_misread() {
        let record = Record::new(Level::Warn, "upgrade failed")
            .with("name", "web")
            .with("error", "a=b");
        assert_eq!(
            record.line,
            r#"level=WARN msg="upgrade failed" name=web error="a=b""#
        );
        assert_eq!(Record::new(Level::Info, "").line, r#"level=INFO msg="""#);
    }
}
