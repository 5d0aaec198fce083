//! Tera's errors in the words and the layout of Go's.

use std::str::Utf8Error;

use helmrs_gotemplate::{CallError, Exhausted, Fault, Place, TemplateError};
use tera::{ErrorKind, ReportError};

use super::Engines;
use super::turns::{self, Counted};
use crate::engine::RenderError;

/// What Tera calls a text that has no name.
const NAMELESS: &str = "__tera_one_off";
/// What Go calls it.
const TEXT: &str = super::super::SET_NAME;

/// A file that is no text.
pub(super) fn no_text(path: &str, text: &[u8], invalid: Utf8Error) -> RenderError {
    let place = Place::of(text, invalid.valid_up_to());
    parse_error(
        path,
        Some((place.line, place.column)),
        "the text is not UTF-8",
    )
}

/// Why a chart's templates cannot be parsed.
pub(super) fn parsing(chart: &str, error: &tera::Error) -> RenderError {
    match error.kind() {
        ErrorKind::SyntaxError(report) => {
            let span = report.span();
            let place = (span.start_line, span.start_col);
            parse_error(report.filename(), Some(place), report.message())
        }
        ErrorKind::CircularExtend { tpl, .. } | ErrorKind::CircularInclude { tpl, .. } => {
            parse_error(tpl, None, &error.to_string())
        }
        ErrorKind::MissingParent { current, .. } => parse_error(current, None, &error.to_string()),
        _ => {
            let text = error.to_string();
            match reported(&text) {
                Some((message, path, place)) => parse_error(path, Some(place), message),
                None => parse_error(&format!("{chart}/templates"), None, &text),
            }
        }
    }
}

/// The first of the reports that Tera gives as one text: what is wrong, in which file, at which line and column.
fn reported(text: &str) -> Option<(&str, &str, (usize, usize))> {
    let mut lines = text.lines();
    let message = lines.next()?.strip_prefix("error: ")?;
    let place = lines.next()?.trim_start().strip_prefix("--> ")?;
    let (rest, column) = place.rsplit_once(':')?;
    let (path, line) = rest.rsplit_once(':')?;
    let column: usize = column.parse().ok()?;
    Some((
        message,
        path,
        (line.parse().ok()?, column.saturating_sub(1)),
    ))
}

fn parse_error(path: &str, place: Option<(usize, usize)>, problem: &str) -> RenderError {
    let location = match place {
        Some((line, column)) => format!("{path}:{line}:{column}"),
        None => path.to_owned(),
    };
    RenderError::Parse {
        location,
        problem: problem.to_owned(),
        error: TemplateError::Parse {
            template: path.to_owned(),
            line: place.map_or(1, |(line, _)| line),
            message: problem.to_owned(),
        },
    }
}

/// Why a template stopped, or why the text given to `tpl` is none.
pub(super) fn executing(
    engines: &Engines,
    name: &str,
    text: Option<&Counted>,
    error: &tera::Error,
    cause: Option<CallError>,
) -> TemplateError {
    match error.kind() {
        ErrorKind::RenderingError(report) => {
            let source = match text {
                Some(text) if report.filename() == NAMELESS => Some(text),
                _ => engines.texts.get(report.filename()),
            };
            TemplateError::Execute(Box::new(fault(report, source, cause)))
        }
        // No call changes lines.
        ErrorKind::SyntaxError(report) => TemplateError::Parse {
            template: file(report.filename()).to_owned(),
            line: report.span().start_line,
            message: report.message().to_owned(),
        },
        _ => {
            let text = error.to_string();
            match reported(&text) {
                Some((message, path, (line, _))) => TemplateError::Parse {
                    template: file(path).to_owned(),
                    line,
                    message: message.to_owned(),
                },
                None => at_start(name, text),
            }
        }
    }
}

fn fault(report: &ReportError, source: Option<&Counted>, cause: Option<CallError>) -> Fault {
    let span = report.span();
    let range = source.map_or(span.range.clone(), |source| source.locate(&span.range));
    let (line, column) = source.map_or((span.start_line, span.start_col), |source| {
        source.line_and_column(range.start)
    });
    let shown = source.and_then(|source| source.original.get(range.clone()));
    let shown: Vec<&str> = shown.unwrap_or_default().split_whitespace().collect();
    let file = file(report.filename()).to_owned();
    // Nobody has written the call that counts.
    let (message, cause) = match cause {
        Some(CallError::Message(problem)) if report.message().ends_with(turns::NAME) => {
            (problem, None)
        }
        cause => (report.message().to_owned(), cause),
    };
    Fault {
        executing: file.clone(),
        file,
        place: Place {
            offset: range.start,
            line,
            column,
        },
        context: shown.join(" "),
        message,
        cause,
    }
}

/// What the templates may cost is spent by what this one renders to.
pub(super) fn exhausted(name: &str, exhausted: Exhausted) -> TemplateError {
    let mut error = at_start(name, "out of budget".to_owned());
    if let TemplateError::Execute(fault) = &mut error {
        fault.cause = Some(exhausted.into());
    }
    error
}

/// What is wrong with a template as a whole.
pub(super) fn at_start(name: &str, message: String) -> TemplateError {
    let file = file(name).to_owned();
    TemplateError::Execute(Box::new(Fault {
        executing: file.clone(),
        context: file.clone(),
        file,
        place: Place {
            offset: 0,
            line: 1,
            column: 0,
        },
        message,
        cause: None,
    }))
}

fn file(name: &str) -> &str {
    if name == NAMELESS { TEXT } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_that_is_a_text_is_read() {
        let text = "error: Unknown filter `a: b`\n   --> shop/templates/x.tera:12:5\n    |\n";
        assert_eq!(
            reported(text),
            Some(("Unknown filter `a: b`", "shop/templates/x.tera", (12, 4)))
        );
        assert_eq!(reported("Component `a` is defined in both"), None);
    }
}
