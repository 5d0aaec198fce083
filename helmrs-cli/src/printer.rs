//! The only writer of standard output and standard error.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anstyle::AnsiColor;
use helmrs_core::path_error::PathError;

use crate::flags::output::Format;
use crate::help::Style;
use crate::quote::quote;

/// What an error begins with.
const ERROR: anstyle::Style = AnsiColor::Red.on_default().bold();
/// What a hint begins with.
const HINT: anstyle::Style = AnsiColor::Cyan.on_default().bold();

/// What Go calls standard output.
const STANDARD_OUTPUT: &str = "/dev/stdout";

/// Why a result could not be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutputError {
    /// Standard output does not take it.
    #[error(transparent)]
    Write(#[from] PathError),
    /// Standard output does not take it in the format asked for.
    // Parity: Helm, pkg/cli/output/output.go.
    #[error("unable to write {format} output")]
    Format {
        format: &'static str,
        source: PathError,
    },
}

impl OutputError {
    /// Whether whoever read standard output went away.
    pub(crate) fn is_broken_pipe(&self) -> bool {
        let (Self::Write(source) | Self::Format { source, .. }) = self;
        source.kind() == io::ErrorKind::BrokenPipe
    }
}

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
    colors: Colors,
    /// Whether somebody may be looking at standard error.
    is_watched: bool,
    /// The line that stands there for a moment only.
    passing: Arc<Mutex<String>>,
}

/// What may hold colours.
#[derive(Debug, Clone, Copy, Default)]
struct Colors {
    /// Results.
    results: bool,
    /// What is said to a person at the terminal.
    talk: bool,
}

/// What the settings and the environment say about output.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wishes {
    /// Whether debug lines are wanted.
    pub(crate) debug: bool,
    /// When colours are wanted.
    pub(crate) color: ColorMode,
    /// Whether the environment forbids colours.
    pub(crate) no_color: bool,
    /// Whether the terminal can show none.
    pub(crate) dumb: bool,
}

impl Printer {
    /// The printer of this process.
    pub(crate) fn of_process() -> Self {
        Self {
            output: Arc::new(Mutex::new(io::stdout())),
            errors: Arc::new(Mutex::new(io::stderr())),
            debug: false,
            colors: Colors::default(),
            is_watched: io::stderr().is_terminal(),
            passing: Arc::default(),
        }
    }

    /// The same printer, for those who debug.
    pub(crate) fn debugging(&self) -> Self {
        Self {
            debug: true,
            ..self.clone()
        }
    }

    /// A printer that nobody hears.
    pub(crate) fn silent() -> Self {
        Self {
            output: Arc::new(Mutex::new(io::sink())),
            errors: Arc::new(Mutex::new(io::sink())),
            debug: false,
            colors: Colors::default(),
            is_watched: false,
            passing: Arc::default(),
        }
    }

    /// Sets what the settings say about output.
    // Parity: github.com/fatih/color: a NO_COLOR of any text also stops --color=always.
    pub(crate) fn configure(&mut self, wishes: Wishes) {
        self.debug = wishes.debug;
        let talk = wishes.color != ColorMode::Never && !wishes.no_color && !wishes.dumb;
        let results = match wishes.color {
            ColorMode::Never => false,
            ColorMode::Auto => talk && io::stdout().is_terminal(),
            ColorMode::Always => !wishes.no_color,
        };
        self.colors = Colors { results, talk };
    }

    /// How help is to be written where results go.
    pub(crate) fn style(&self) -> Style {
        self.style_of(io::stdout())
    }

    /// How help is to be written where everything else goes.
    pub(crate) fn style_of_errors(&self) -> Style {
        self.style_of(io::stderr())
    }

    /// Colours and broken lines are for terminals, whatever is wished: others may take the text apart.
    fn style_of(&self, place: impl IsTerminal + AsFd) -> Style {
        let terminal = place.is_terminal();
        let size = terminal_size::terminal_size_of(place).filter(|_| terminal);
        Style {
            width: size.map(|(terminal_size::Width(width), _)| usize::from(width)),
            color: self.colors.talk && terminal,
        }
    }

    /// Whether what only a developer wants to know is wanted.
    pub(crate) fn debug(&self) -> bool {
        self.debug
    }

    /// Whether results may hold colours.
    pub(crate) fn color(&self) -> bool {
        self.colors.results
    }

    /// Writes a result, which a pipe may read.
    pub(crate) fn data(&self, text: impl AsRef<[u8]>) -> Result<(), OutputError> {
        Ok(self.write(text.as_ref())?)
    }

    /// Writes a result in one of the formats that can be asked for.
    pub(crate) fn data_as(
        &self,
        format: Format,
        text: impl AsRef<[u8]>,
    ) -> Result<(), OutputError> {
        let format = format.word();
        let written = self.write(text.as_ref());
        written.map_err(|source| OutputError::Format { format, source })
    }

    fn write(&self, text: &[u8]) -> Result<(), PathError> {
        self.pass("");
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        let written = output.write_all(text).and_then(|()| output.flush());
        written.map_err(|error| PathError::new("write", Path::new(STANDARD_OUTPUT), error))
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
        self.to_errors(&format!("{} {text}", self.painted(ERROR, "Error:")));
    }

    /// Writes what might help after a failure.
    pub(crate) fn hint(&self, text: &str) {
        self.to_errors(&format!("{} {text}", self.painted(HINT, "hint:")));
    }

    /// A word in colour, if a person at a terminal reads it.
    fn painted(&self, style: anstyle::Style, word: &str) -> String {
        if self.colors.talk && io::stderr().is_terminal() {
            format!("{style}{word}{style:#}")
        } else {
            word.to_owned()
        }
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
