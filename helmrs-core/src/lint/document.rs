//! What rules want to know of a document.

use helmrs_gotemplate::json::{self, ParseError};
use serde::Deserialize;

use crate::yaml::{self, Value, YamlError};

/// The parts of an object that rules look at.
#[derive(Debug, Default, Deserialize)]
#[serde(
    default,
    rename_all = "camelCase",
    expecting = "struct rules.k8sYamlStruct"
)]
pub(super) struct Document {
    pub(super) api_version: String,
    pub(super) kind: String,
    pub(super) metadata: ObjectMetadata,
}

/// The parts of an object's metadata that rules look at.
#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "struct rules.k8sYamlMetadata")]
pub(super) struct ObjectMetadata {
    pub(super) name: String,
    #[serde(rename = "namespace")]
    _namespace: String,
}

/// How far into a stream the reader looks for what it begins with.
const PEEK: usize = 4096;

/// The documents of a stream, up to the first that is malformed; empty ones are left out.
// Parity: k8s.io/apimachinery, pkg/util/yaml/decoder.go, YAMLOrJSONDecoder.Decode.
pub(super) fn documents(stream: &[u8]) -> Vec<Result<Document, String>> {
    let mut read = Vec::new();
    let (rest, mut json_error) = if begins_as_json(stream) {
        json_documents(stream, &mut read)
    } else {
        (stream, None)
    };
    for document in yaml::documents(rest) {
        let parsed = match document {
            Ok(text) => {
                yaml::read::<Option<Document>>(text).map_err(|error: YamlError| error.to_string())
            }
            Err(error) => Err(error.to_string()),
        };
        // What is neither JSON nor YAML is told of as JSON.
        let parsed = parsed.map_err(|error| malformed(json_error.take().unwrap_or(error)));
        json_error = None;
        let failed = parsed.is_err();
        read.extend(parsed.transpose());
        if failed {
            break;
        }
    }
    read
}

fn malformed(error: String) -> String {
    format!("unable to parse YAML: {error}")
}

fn begins_as_json(stream: &[u8]) -> bool {
    let start = json::valid_text(&stream[..stream.len().min(PEEK)]);
    start.trim_start().starts_with('{')
}

/// Reads JSON as far as there is some; gives what is left for YAML, and why it is no JSON.
fn json_documents<'s>(
    stream: &'s [u8],
    read: &mut Vec<Result<Document, String>>,
) -> (&'s [u8], Option<String>) {
    let (mut consumed, mut count) = (0, 0);
    loop {
        let rest = &stream[consumed..];
        if rest.trim_ascii().is_empty() {
            return (&[], None);
        }
        let error = match read_json(rest, consumed) {
            Ok((document, length)) => {
                read.extend(document.map(Ok));
                consumed += length;
                count += 1;
                continue;
            }
            Err(error) => error,
        };
        // More than one piece of JSON is a stream of it; after fewer, what does not fit may be YAML.
        if count > 1 {
            read.push(Err(malformed(error.bare())));
            return (&[], None);
        }
        return (after_line_end(rest), Some(error.to_string()));
    }
}

/// Reads one piece of JSON that begins at an offset of its stream; gives its length too.
fn read_json(text: &[u8], offset: usize) -> Result<(Option<Document>, usize), JsonError> {
    let (value, length) =
        json::parse_prefix_or_offset::<Value>(text).map_err(|(error, at)| match error {
            ParseError::UnexpectedEnd => JsonError::Other("unexpected EOF".to_owned()),
            error => JsonError::Syntax {
                offset: offset + at,
                error,
            },
        })?;
    let document = yaml::from_value(value).map_err(|error| JsonError::Other(error.to_string()))?;
    Ok((document, length))
}

/// Why a document is no JSON.
#[derive(Debug, thiserror::Error)]
enum JsonError {
    #[error("json: offset {offset}: {error}")]
    Syntax { offset: usize, error: ParseError },
    #[error("{0}")]
    Other(String),
}

impl JsonError {
    /// What is wrong, without where.
    fn bare(self) -> String {
        match self {
            Self::Syntax { error, .. } => error.to_string(),
            Self::Other(error) => error,
        }
    }
}

/// A text without the blanks it begins with, up to the end of a line.
fn after_line_end(text: &[u8]) -> &[u8] {
    let blanks = text.len() - text.trim_ascii_start().len();
    let line_end = text[..blanks].iter().position(|byte| *byte == b'\n');
    &text[line_end.map_or(blanks, |at| at + 1)..]
}
