//! Why a chart could not be rendered, in the layouts of Helm.

use helmrs_gotemplate::{CallError, Exhausted, Fault, TemplateError};

/// Why a chart could not be rendered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum RenderError {
    /// The text of a file is no template.
    #[error("parse error at ({location}): {problem}")]
    Parse {
        location: String,
        problem: String,
        error: TemplateError,
    },
    /// `required` or `fail` spoke.
    #[error("execution error at ({location}): {message}")]
    Refused {
        location: String,
        message: String,
        error: TemplateError,
    },
    /// What the templates may cost is spent.
    #[error("execution error at ({location}): {exhausted}")]
    Exhausted {
        location: String,
        exhausted: Exhausted,
        error: TemplateError,
    },
    /// A template failed, and so did each one that called it.
    #[error("{}", layout(calls))]
    Failed {
        calls: Vec<Call>,
        error: TemplateError,
    },
    /// A function failed for a reason that is no template's.
    #[error("{0}")]
    Raw(TemplateError),
}

/// One level of the calls that led to a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The file with line and column.
    pub location: String,
    /// What was executed, and the node at which it stopped; none where there was no node.
    pub executing: Option<String>,
    /// What is wrong at this level.
    pub message: String,
}

impl RenderError {
    /// Words an error of parsing.
    // Parity: Helm, pkg/engine/engine.go, cleanupParseError: only the last part of the message is shown.
    pub(super) fn parsing(file: &str, error: TemplateError) -> Self {
        let TemplateError::Parse {
            template,
            line,
            message,
        } = &error
        else {
            return Self::Raw(error);
        };
        let location = if template.is_empty() {
            format!("{file}:{line}")
        } else {
            format!("{template}:{line}")
        };
        let problem = message.rsplit(": ").next().unwrap_or(message).to_owned();
        Self::Parse {
            location,
            problem,
            error,
        }
    }

    /// Words an error of executing.
    // Parity: Helm, pkg/engine/engine.go, reformatExecErrorMsg.
    pub(super) fn executing(error: TemplateError) -> Self {
        let TemplateError::Execute(fault) = &error else {
            return Self::Raw(error);
        };
        if let Some(message) = refusal(fault.cause.as_ref()) {
            let (location, message) = (location(fault), message.to_owned());
            return Self::Refused {
                location,
                message,
                error,
            };
        }
        if let Some(exhausted) = exhausted(fault.cause.as_ref()) {
            let location = location(fault);
            return Self::Exhausted {
                location,
                exhausted,
                error,
            };
        }
        match calls(&error) {
            Some(calls) => Self::Failed { calls, error },
            None => Self::Raw(error),
        }
    }
}

fn location(fault: &Fault) -> String {
    format!("{}:{}", fault.file, fault.place)
}

/// What `required` or `fail` said, however deep.
fn refusal(cause: Option<&CallError>) -> Option<&str> {
    match cause? {
        CallError::Refused(message) => Some(message),
        CallError::Template(TemplateError::Execute(fault)) => refusal(fault.cause.as_ref()),
        CallError::Context { source, .. } => refusal(Some(source)),
        _ => None,
    }
}

/// What has been spent, however deep that was found.
fn exhausted(cause: Option<&CallError>) -> Option<Exhausted> {
    match cause? {
        CallError::Exhausted(spent) => Some(*spent),
        CallError::Template(TemplateError::Execute(fault)) => exhausted(fault.cause.as_ref()),
        CallError::Context { source, .. } => exhausted(Some(source)),
        _ => None,
    }
}

/// The levels of a failure, unless one of them is something else than a template's.
fn calls(error: &TemplateError) -> Option<Vec<Call>> {
    let mut calls: Vec<Call> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let call = call(error);
        if calls.last() != Some(&call) {
            calls.push(call);
        }
        next = match error {
            TemplateError::Execute(fault) => match &fault.cause {
                None => None,
                Some(CallError::Template(error)) => Some(error),
                Some(_) => return None,
            },
            _ => None,
        };
    }
    Some(calls)
}

/// One level; what a deeper one says is cut off.
fn call(error: &TemplateError) -> Call {
    match error {
        TemplateError::Execute(fault) => {
            let text = format!("{}>: {}", fault.context, fault.full_message());
            let (context, message) = text.split_once(">: ").unwrap_or((&fault.context, ""));
            let executing = helmrs_gotemplate::number::quote(fault.executing.as_bytes());
            Call {
                location: location(fault),
                executing: Some(format!("executing {executing} at <{context}>:")),
                message: own(message),
            }
        }
        TemplateError::Missing { .. } => Call {
            location: String::new(),
            executing: None,
            message: error.to_string(),
        },
        other => {
            let text = other.to_string();
            let rest = text.strip_prefix("template: ").unwrap_or(&text);
            let (location, message) = rest.rsplit_once(": ").unwrap_or(("", rest));
            Call {
                location: location.to_owned(),
                executing: None,
                message: own(message),
            }
        }
    }
}

/// A message up to where a deeper error begins.
fn own(message: &str) -> String {
    message
        .split_once(" template:")
        .map_or(message, |(own, _)| own)
        .to_owned()
}

/// The levels one below the other.
fn layout(calls: &[Call]) -> String {
    let mut text = String::new();
    for Call {
        location,
        executing,
        message,
    } in calls
    {
        if !location.is_empty() {
            text.push_str(location);
            text.push_str("\n  ");
        }
        if let Some(executing) = executing {
            text.push_str(executing);
            text.push_str("\n    ");
        }
        if !message.is_empty() {
            text.push_str(message);
            text.push('\n');
        }
    }
    text.trim().to_owned()
}
