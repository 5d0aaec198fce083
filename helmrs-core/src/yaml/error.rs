//! Why a text is not the YAML or JSON that was wanted, in the words of Go's libraries.

use super::json::JsonError;
use super::value::Value;

/// Why YAML could not be read, without the part that names the step: `yaml: line 3: …`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum ParseError {
    /// The text is not well-formed.
    #[error("yaml: {}{problem}", at(*line))]
    Syntax { line: Option<u64>, problem: String },
    /// The text is well-formed and means nothing: a sequence as a key, an unknown anchor.
    #[error("yaml: {problem}")]
    Meaning { problem: String },
    /// Keys are given twice where that is refused.
    #[error("yaml: unmarshal errors:\n  {}", problems.join("\n  "))]
    Strict { problems: Vec<String> },
    /// A key has no JSON form.
    #[error("unsupported map key of type: {kind}, key: {key}, value: {value}")]
    Key {
        kind: String,
        key: String,
        value: String,
    },
    /// A number has no JSON form.
    #[error("json: unsupported value: {number}")]
    Number { number: String },
    /// A collection that holds something lies in more others than can be written as JSON.
    #[error("exceeded max depth")]
    TooDeep,
    /// An empty collection lies in more others than can be read as JSON.
    #[error("exceeded max depth")]
    TooDeepToDecode,
}

/// Go's line prefix; it leaves out a line it does not know.
fn at(line: Option<u64>) -> String {
    line.map_or_else(String::new, |line| format!("line {line}: "))
}

/// Why a YAML text could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum YamlError {
    /// The text is not YAML that has a JSON form.
    // Parity: sigs.k8s.io/yaml, yaml.go, unmarshal.
    #[error("error converting YAML to JSON: {0}")]
    Parse(ParseError),
    /// The value is not what the target wants.
    #[error("error unmarshaling JSON: while decoding JSON: {0}")]
    Type(TypeError),
}

impl From<ParseError> for YamlError {
    fn from(error: ParseError) -> Self {
        match error {
            ParseError::TooDeepToDecode => Self::Type(TypeError::Refused(error.to_string())),
            _ => Self::Parse(error),
        }
    }
}

/// Why a JSON value does not fit a type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum TypeError {
    /// The value's kind is not the target's.
    #[error("json: cannot unmarshal {found} into {}", target(path, wanted))]
    Kind {
        found: String,
        path: Vec<Step>,
        wanted: String,
    },
    /// A field is unknown where that is refused.
    #[error("json: unknown field \"{field}\"")]
    UnknownField { field: String },
    /// A type refused the value in its own words.
    #[error("{0}")]
    Refused(String),
}

/// One step on the way from a document's root to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Into a mapping.
    Key(String),
    /// Into a sequence.
    Index(usize),
    /// Into a type that is named, which comes first.
    Type(&'static str),
}

/// How Go names the place that a value was meant for.
// Parity: Go, encoding/json, UnmarshalTypeError.Error: an item of a list is not called a field.
fn target(path: &[Step], wanted: &str) -> String {
    let place: String = path
        .iter()
        .map(|step| match step {
            // A step of a JSON pointer, but for the separator.
            Step::Key(key) => format!(".{}", key.replace('~', "~0").replace('/', "~1")),
            Step::Index(index) => format!(".{index}"),
            Step::Type(name) => (*name).to_owned(),
        })
        .collect();
    match path.last() {
        None => format!("Go value of type {wanted}"),
        Some(Step::Key(_) | Step::Type(_)) => format!("Go struct field {place} of type {wanted}"),
        Some(Step::Index(_)) => format!("{place} of type {wanted}"),
    }
}

impl TypeError {
    /// A whole document that is not what was wanted, named as Go names the type.
    pub(crate) fn kind(found: &Value, wanted: &str) -> Self {
        Self::Kind {
            found: found.json_kind().to_owned(),
            path: Vec::new(),
            wanted: wanted.to_owned(),
        }
    }

    /// The same error about a field of a type that is named.
    // Parity: sigs.k8s.io/yaml leaves the type's name out, encoding/json does not.
    pub(crate) fn in_type(mut self, name: &'static str) -> Self {
        if let Self::Kind { path, .. } = &mut self
            && !path.is_empty()
        {
            path.insert(0, Step::Type(name));
        }
        self
    }

    /// The same error as seen from one level further out.
    pub(super) fn below(mut self, step: Step) -> Self {
        if let Self::Kind { path, .. } = &mut self {
            path.insert(0, step);
        }
        self
    }
}

/// Why a value could not be written.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EmitError {
    /// A float is not a number.
    #[error("error marshaling into JSON: {0}")]
    Json(JsonError),
    /// The JSON form is not a YAML text.
    #[error("{0}")]
    Reread(ParseError),
}
