//! JSON Schema: do values keep to what `values.schema.json` says?
//!
//! The rules are those of the `boon` crate. The report is laid out as Helm's library does it, whose
//! author wrote both.

mod document;
mod failure;
mod format;
mod number;
mod patterns;
mod quick;
mod report;
mod wording;

use std::fmt::Write as _;

use boon::{CompileError, Compiler, Schemas, UrlLoader};
use helmrs_gotemplate::json::{self, ParseError};

use self::document::Json;
use super::Values;
use crate::finding::Finding;
use crate::yaml::Value;

/// Where a chart's schema is said to lie; error texts name it.
const SCHEMA_URL: &str = "file:///values.schema.json";

/// How many other documents a schema may refer to.
const MAX_DOCUMENTS: usize = 64;

/// Fetches the documents that a schema refers to.
///
/// Core reads no files and opens no connections: who calls [`validate`] decides what `$ref` may reach.
pub trait Loader {
    /// The document at an absolute URL; the error is the reason in one line.
    fn load(&self, url: &str) -> Result<Value, String>;

    /// Whether it is news that nobody knows what this name stands for.
    fn is_new(&self, urn: &str) -> bool {
        let _ = urn;
        true
    }
}

/// A loader that knows no documents.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLoader;

impl Loader for NoLoader {
    fn load(&self, url: &str) -> Result<Value, String> {
        Err(format!("no URLLoader registered for {}", quoted(url)))
    }
}

/// Why values do not keep to a schema, or why the schema is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum SchemaError {
    /// The values break rules; one line each, nested where rules are.
    #[error("{report}\n")]
    Broken { report: String },
    /// The schema cannot be read or understood.
    #[error("{problem}")]
    Unusable { problem: String },
}

/// A chart as far as its schema and those of its subcharts matter.
pub trait Schematic: Sized {
    /// The chart's name, under which a parent's values hold its own.
    fn name(&self) -> &str;
    /// The text of the chart's schema, if it has one.
    fn schema(&self) -> Option<&[u8]>;
    /// The charts below.
    fn subcharts(&self) -> &[Self];
}

/// What is wrong with a chart's values and those of its subcharts, a paragraph for each chart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "values don't meet the specifications of the schema(s) in the following chart(s):\n{report}"
)]
pub struct ChartSchemaError {
    /// The paragraphs.
    pub report: String,
}

/// Checks a chart's values, and what its subcharts see of them.
// Parity: Helm, pkg/chart/common/util/jsonschema.go, ValidateAgainstSchema.
pub fn validate_chart<C: Schematic>(
    chart: &C,
    values: &Values,
    loader: &dyn Loader,
    findings: &mut Vec<Finding>,
) -> Result<(), ChartSchemaError> {
    let mut report = String::new();
    if let Some(schema) = chart.schema() {
        findings.push(Finding::debug("chart name").with("chart-name", chart.name()));
        if let Err(error) = validate_telling(values, schema, loader, findings) {
            let _ = write!(report, "{}:\n{error}", chart.name());
        }
    }
    let count = chart.subcharts().len().to_string();
    findings.push(
        Finding::debug("number of dependencies in the chart")
            .with("chart", chart.name())
            .with("dependencies", count),
    );
    for subchart in chart.subcharts() {
        match values.get(subchart.name()) {
            None | Some(Value::Null) => {}
            Some(Value::Map(below)) => {
                if let Err(error) = validate_chart(subchart, below, loader, findings) {
                    report.push_str(&error.report);
                }
            }
            Some(other) => {
                let _ = write!(
                    report,
                    "{}:\ninvalid type for values: expected object (map), got {}\n",
                    subchart.name(),
                    go_type(other)
                );
            }
        }
    }
    if report.is_empty() {
        Ok(())
    } else {
        Err(ChartSchemaError { report })
    }
}

fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Integer(_) => "int64",
        Value::Float(_) => "float64",
        Value::String(_) | Value::Raw(_) => "string",
        Value::List(_) => "[]interface {}",
        Value::Map(_) => "map[string]interface {}",
    }
}

/// Checks values against one schema.
///
/// ```
/// use helmrs_core::values::schema::{NoLoader, validate};
/// let values = helmrs_core::values::read(b"port: 70000")?;
/// let schema = br#"{"properties": {"port": {"maximum": 65535}}}"#;
/// let error = validate(&values, schema, &NoLoader).unwrap_err();
/// assert_eq!(error.to_string(), "- at '/port': maximum: got 70,000, want 65,535\n");
/// # Ok::<(), helmrs_core::values::ReadError>(())
/// ```
// Parity: Helm, pkg/chart/common/util/jsonschema.go, ValidateAgainstSingleSchema.
pub fn validate(values: &Values, schema: &[u8], loader: &dyn Loader) -> Result<(), SchemaError> {
    validate_telling(values, schema, loader, &mut Vec::new())
}

/// Checks values against one schema, and tells what is of interest about it.
pub(crate) fn validate_telling(
    values: &Values,
    text: &[u8],
    loader: &dyn Loader,
    findings: &mut Vec<Finding>,
) -> Result<(), SchemaError> {
    let schema = read_schema(text)?;
    findings.push(
        Finding::debug("unmarshalled JSON schema").with("schema", String::from_utf8_lossy(text)),
    );
    match quick::look(&schema, values) {
        quick::Finding::Kept => Ok(()),
        quick::Finding::Broken(failures) => Err(SchemaError::Broken {
            report: failure::lines(&failures),
        }),
        quick::Finding::Unsure => validate_fully(values, &schema, loader, findings),
    }
}

/// Checks values and schema against every rule there is, and tells what is wrong.
fn validate_fully(
    values: &Values,
    schema: &Json,
    loader: &dyn Loader,
    findings: &mut Vec<Finding>,
) -> Result<(), SchemaError> {
    if let Some(problem) = report::identity_problem(schema) {
        return Err(SchemaError::Unusable { problem });
    }
    let draft = quick::Draft::of(schema).unwrap_or_default();
    let mut documents = vec![(SCHEMA_URL.to_owned(), patterns::with_marks(schema, draft))];
    loop {
        let mut schemas = Schemas::new();
        match compile(&documents, &mut schemas) {
            Ok(index) => {
                let values = map_to_json(values);
                return schemas.validate(&values, index).map_err(|error| {
                    let report = report::lines(&error, Some(&values));
                    let report = report
                        .split_once('\n')
                        .map_or("", |(_, lines)| lines)
                        .to_owned();
                    SchemaError::Broken { report }
                });
            }
            Err(CompileError::LoadUrlError { url, .. }) if documents.len() < MAX_DOCUMENTS => {
                let document = load(&url, loader, findings)?;
                documents.push((url, to_json(&document)));
            }
            Err(error) => {
                return Err(SchemaError::Unusable {
                    problem: report::compile_problem(&error, &documents),
                });
            }
        }
    }
}

/// Fetches a document; names nobody can resolve allow everything.
// Parity: Helm, pkg/chart/common/util/jsonschema.go, urnLoader.
fn load(url: &str, loader: &dyn Loader, findings: &mut Vec<Finding>) -> Result<Value, SchemaError> {
    match loader.load(url) {
        Ok(document) => Ok(document),
        Err(_) if url.starts_with("urn:") => {
            if loader.is_new(url) {
                let ignored = "unresolved URN reference ignored; using permissive schema";
                findings.push(Finding::warning(ignored).with("urn", url));
            }
            Ok(Value::Bool(true))
        }
        Err(reason) => Err(SchemaError::Unusable {
            problem: format!("failing loading {}: {reason}", quoted(url)),
        }),
    }
}

fn compile(
    documents: &[(String, serde_json::Value)],
    schemas: &mut Schemas,
) -> Result<boon::SchemaIndex, CompileError> {
    let mut compiler = Compiler::new();
    compiler.use_loader(Box::new(Missing));
    for name in ["idn-email", "idn-hostname"] {
        compiler.register_format(boon::Format {
            name,
            func: |_| Ok(()),
        });
    }
    for (url, document) in documents {
        compiler.add_resource(url, document.clone())?;
    }
    compiler.compile(SCHEMA_URL, schemas)
}

/// Finds nothing, so that compiling stops at the first document still to be fetched.
struct Missing;

impl UrlLoader for Missing {
    fn load(&self, _: &str) -> Result<serde_json::Value, Box<dyn std::error::Error>> {
        Err("still to be fetched".into())
    }
}

fn read_schema(text: &[u8]) -> Result<Json, SchemaError> {
    match json::parse(text) {
        Ok(schema) => Ok(schema),
        Err(ParseError::UnexpectedEnd) => {
            let problem = if text.trim_ascii().is_empty() {
                "EOF"
            } else {
                "unexpected EOF"
            };
            Err(SchemaError::Unusable {
                problem: problem.to_owned(),
            })
        }
        Err(error) => {
            let after = "after top-level value";
            // Parity: santhosh-tekuri/jsonschema v6, loader.go, UnmarshalJSON: it names no character.
            let problem = match &error {
                ParseError::Character { place, .. } if *place == after => {
                    format!("invalid character {after}")
                }
                error => error.to_string(),
            };
            Err(SchemaError::Unusable { problem })
        }
    }
}

/// The same tree for the validator, whole numbers kept whole.
fn to_json(value: &Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Integer(value) => Json::from(*value),
        Value::Float(value) => value_of_float(*value),
        Value::String(value) => Json::String(value.clone()),
        Value::Raw(value) => Json::String(value.as_str().to_owned()),
        Value::List(items) => Json::Array(items.iter().map(to_json).collect()),
        Value::Map(entries) => map_to_json(entries),
    }
}

fn map_to_json(entries: &Values) -> serde_json::Value {
    let entries = entries
        .iter()
        .map(|(key, entry)| (key.clone(), to_json(entry)));
    serde_json::Value::Object(entries.collect())
}

/// The largest float below which every whole number has a float of its own.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

fn value_of_float(number: f64) -> serde_json::Value {
    if number.fract() == 0.0 && number.abs() <= MAX_EXACT {
        return serde_json::Value::from(number as i64);
    }
    serde_json::Value::from(number.clamp(f64::MIN, f64::MAX))
}

fn quoted(text: &str) -> String {
    helmrs_gotemplate::number::quote(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::{NoLoader, validate};
    use crate::values;

    fn checked(text: &str, schema: &str) -> String {
        let values = values::read(text.as_bytes()).unwrap();
        validate(&values, schema.as_bytes(), &NoLoader)
            .map_or_else(|e| e.to_string(), |()| String::new())
    }

    #[test]
    fn a_rule_of_one_part_is_named_all_the_same() {
        assert_eq!(
            checked(
                "a: x",
                r#"{"properties":{"a":{"allOf":[{"type":"string"},{"minLength":5}]}}}"#
            ),
            "- at '/a': 'allOf' failed\n  - at '/a': minLength: got 1, want 5\n"
        );
        assert_eq!(
            checked(
                "a: {b: x}",
                r#"{"anyOf":[{"properties":{"a":{"properties":{"b":{"oneOf":[{"type":"null"}]}}}}}]}"#
            ),
            "- at '': 'anyOf' failed\n  - at '/a/b': 'oneOf' failed, none matched\n    - at '/a/b': got string, want null\n"
        );
    }

    #[test]
    fn what_is_no_schema_is_told_in_go_words() {
        assert_eq!(checked("a: 1", ""), "EOF");
        assert_eq!(checked("a: 1", "{"), "unexpected EOF");
        assert_eq!(
            checked("a: 1", "type: object\n"),
            "invalid character 'y' in literal true (expecting 'r')"
        );
        assert_eq!(
            checked(
                "a: 1",
                r##"{"properties":{"a":{"$ref":"#/definitions/nope"}}}"##
            ),
            r#"json-pointer in "file:///values.schema.json#/definitions/nope" not found"#
        );
    }

    #[test]
    fn a_document_that_cannot_be_fetched_is_named() {
        assert_eq!(
            checked(
                "a: 1",
                r#"{"properties":{"a":{"$ref":"https://example.com/s.json"}}}"#
            ),
            r#"failing loading "https://example.com/s.json": no URLLoader registered for "https://example.com/s.json""#
        );
        assert_eq!(
            checked("a: 1", r#"{"properties":{"a":{"$ref":"urn:example:s"}}}"#),
            ""
        );
    }
}
