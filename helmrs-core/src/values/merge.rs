//! Trees over trees: values files and the `--set` family in the order of their precedence.

use std::borrow::Cow;

use super::Values;
use super::set::{self, ReadFile, SetError};
use crate::yaml::json::{self, JsonError};
use crate::yaml::{SeparatorError, Value, YamlError, documents, parse_map};

/// Why a values file could not be read.
// Parity: Helm, pkg/chart/v2/loader/load.go, LoadValues.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The text could not be cut into documents.
    #[error("error reading yaml document")]
    Separator(#[from] SeparatorError),
    /// A document is not a mapping or not YAML.
    #[error("cannot unmarshal yaml document")]
    Document(#[from] YamlError),
}

/// Reads a values file; of several documents the later ones are laid over the earlier ones.
///
/// ```
/// let values = helmrs_core::values::read(b"a: {b: 1, c: 2}\n---\na: {b: 3}")?;
/// let text = helmrs_core::yaml::json::to_json(&values.into())?;
/// assert_eq!(text, r#"{"a":{"b":3,"c":2}}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read(text: &[u8]) -> Result<Values, ReadError> {
    // Parity: Helm, LoadValues: a last line without an end gets one, which block scalars keep.
    let mut text = Cow::Borrowed(text);
    if !text.is_empty() && !text.ends_with(b"\n") {
        text.to_mut().push(b'\n');
    }
    let mut values = Values::new();
    for document in documents(&text) {
        values = merge(values, parse_map(document?)?);
    }
    Ok(values)
}

/// Lays one tree over another: maps are merged, anything else is replaced, by `null` too.
// Parity: Helm, pkg/chart/v2/loader/load.go, MergeMaps.
pub fn merge(mut base: Values, over: Values) -> Values {
    if base.is_empty() {
        return over;
    }
    let mut new = Vec::new();
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(Value::Map(below)), Value::Map(above)) => {
                *below = merge(std::mem::take(below), above);
            }
            (Some(below), value) => *below = value,
            (None, value) => new.push((key, value)),
        }
    }
    base.extend(new);
    base
}

/// Where a user's values come from, each kind in the order of the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// `-f`: the names of files and what is in them.
    pub files: Vec<(String, Vec<u8>)>,
    /// `--set-json`.
    pub json: Vec<String>,
    /// `--set`.
    pub set: Vec<String>,
    /// `--set-string`.
    pub strings: Vec<String>,
    /// `--set-file`.
    pub set_files: Vec<String>,
    /// `--set-literal`.
    pub literals: Vec<String>,
}

/// Why a user's values could not be put together.
// Parity: Helm, pkg/cli/values/options.go, MergeValues.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum SourcesError {
    /// A values file is wrong.
    #[error("failed to parse {path}")]
    File {
        path: String,
        #[source]
        source: ReadError,
    },
    /// A `--set-json` argument that starts with a brace is not a JSON object.
    #[error("failed parsing --set-json data JSON: {argument}")]
    JsonObject { argument: String },
    /// Any other `--set-json` argument is wrong.
    #[error("failed parsing --set-json data {argument}")]
    Json { argument: String },
    /// An argument of the other kinds is wrong.
    #[error("failed parsing --{flag} data")]
    Argument {
        flag: &'static str,
        #[source]
        source: SetError,
    },
}

impl Sources {
    /// Puts the values together: files, then `--set-json`, `--set`, `--set-string`, `--set-file`
    /// and `--set-literal`, whatever their order on the command line.
    pub fn merge(&self, read_file: &mut ReadFile<'_>) -> Result<Values, SourcesError> {
        let mut values = Values::new();
        for (path, text) in &self.files {
            let over = read(text).map_err(|source| SourcesError::File {
                path: path.clone(),
                source,
            })?;
            values = merge(values, over);
        }
        for argument in &self.json {
            values = lay_json(values, argument)?;
        }
        each("set", &self.set, |argument| {
            set::parse_into(&mut values, argument)
        })?;
        each("set-string", &self.strings, |argument| {
            set::parse_string_into(&mut values, argument)
        })?;
        each("set-file", &self.set_files, |argument| {
            set::parse_file_into(&mut values, argument, read_file)
        })?;
        each("set-literal", &self.literals, |argument| {
            set::parse_literal_into(&mut values, argument)
        })?;
        Ok(values)
    }
}

fn each(
    flag: &'static str,
    arguments: &[String],
    mut apply: impl FnMut(&str) -> Result<(), SetError>,
) -> Result<(), SourcesError> {
    arguments
        .iter()
        .try_for_each(|argument| apply(argument))
        .map_err(|source| SourcesError::Argument { flag, source })
}

/// Lays a `--set-json` argument over the values: a whole object, or `name=json` pairs.
fn lay_json(mut values: Values, argument: &str) -> Result<Values, SourcesError> {
    let trimmed = argument.trim();
    if trimmed.starts_with('{') {
        return match json_object(trimmed) {
            Ok(over) => Ok(merge(values, over)),
            Err(_) => Err(SourcesError::JsonObject {
                argument: argument.to_owned(),
            }),
        };
    }
    match set::parse_json_into(&mut values, argument) {
        Ok(()) => Ok(values),
        Err(_) => Err(SourcesError::Json {
            argument: argument.to_owned(),
        }),
    }
}

fn json_object(text: &str) -> Result<Values, JsonError> {
    json::parse(text.as_bytes()).map(|value| value.into_map().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{Sources, read};
    use crate::yaml::json;

    fn merged(sources: &Sources) -> String {
        match sources.merge(&mut |path| Ok(format!("<{path}>").into_bytes())) {
            Ok(values) => json::to_json(&values.into()).unwrap(),
            Err(error) => chain(&error),
        }
    }

    fn chain(error: &dyn std::error::Error) -> String {
        match error.source() {
            Some(source) => format!("{error}: {}", chain(source)),
            None => error.to_string(),
        }
    }

    fn texts(arguments: &[&str]) -> Vec<String> {
        arguments
            .iter()
            .map(|&argument| argument.to_owned())
            .collect()
    }

    #[test]
    fn precedence_goes_by_kind() {
        let sources = Sources {
            files: vec![(
                "a.yaml".to_owned(),
                b"{a: f, b: f, c: f, d: f, e: f, f: f}".to_vec(),
            )],
            json: texts(&[r#"{"b":"j","c":"j"}"#, r#"d="j",e="j",f="j""#]),
            set: texts(&["c=s,d=s,e=s,f=s"]),
            strings: texts(&["d=t,e=t,f=t"]),
            set_files: texts(&["e=x,f=x"]),
            literals: texts(&["f=l"]),
        };
        assert_eq!(
            merged(&sources),
            r#"{"a":"f","b":"j","c":"s","d":"t","e":"\u003cx\u003e","f":"l"}"#
        );
    }

    #[test]
    fn errors_name_the_flag_or_the_file() {
        let sources = Sources {
            set: texts(&["a"]),
            ..Sources::default()
        };
        assert_eq!(
            merged(&sources),
            r#"failed parsing --set data: key "a" has no value"#
        );
        let sources = Sources {
            json: texts(&["a=1 2"]),
            ..Sources::default()
        };
        assert_eq!(merged(&sources), "failed parsing --set-json data a=1 2");
        let sources = Sources {
            files: vec![("v.yaml".to_owned(), b"[1]".to_vec())],
            ..Sources::default()
        };
        assert_eq!(
            merged(&sources),
            "failed to parse v.yaml: cannot unmarshal yaml document: error unmarshaling JSON: \
             while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}"
        );
    }

    #[test]
    fn an_empty_file_has_no_values() {
        for text in ["", "# nothing\n", "---\n", "null"] {
            assert!(read(text.as_bytes()).unwrap().is_empty(), "{text:?}");
        }
    }
}
