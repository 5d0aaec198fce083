//! A rendered YAML document and the template it came from.

pub mod object;
pub mod order;
pub mod ownership;
pub mod readiness;
pub mod split;

use std::collections::BTreeMap;

use crate::yaml::Value;

/// One YAML document of a rendered template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The path of the template, its chart's name first.
    pub name: String,
    /// The document, as it was rendered.
    pub content: String,
    /// What it says of itself.
    pub head: Head,
}

/// What a document says of itself, as far as sorting it needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Its `apiVersion`.
    pub api_version: String,
    /// Its `kind`.
    pub kind: String,
    /// Its `metadata.name`.
    pub name: String,
    /// Its `metadata.annotations`.
    pub annotations: BTreeMap<String, String>,
}

/// Why a document has no [`Head`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeadError {
    /// Something in it is not what it has to be.
    #[error(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {found} into Go {place}"
    )]
    #[expect(missing_docs, reason = "fields are named for what they hold")]
    Type { found: &'static str, place: String },
}

/// How Go names the type of `metadata` in a message.
const METADATA_TYPE: &str = r#"struct { Name string "json:\"name\""; Annotations map[string]string "json:\"annotations\"" }"#;

impl Head {
    /// Reads the head of a document that is parsed already.
    ///
    /// Keys are found whatever their case, numbers and booleans are read as text, and null as nothing.
    // Parity: Helm, pkg/release/v1/util/manifest.go, SimpleHead.
    pub fn of(document: &Value) -> Result<Self, HeadError> {
        let mut head = Self::default();
        let fields = match document {
            Value::Null => return Ok(head),
            Value::Map(fields) => fields,
            other => return Err(mismatch(other, "value of type util.SimpleHead".to_owned())),
        };
        for (key, value) in fields {
            if key.eq_ignore_ascii_case("apiVersion") {
                read_text(value, &[key], &mut head.api_version)?;
            } else if key.eq_ignore_ascii_case("kind") {
                read_text(value, &[key], &mut head.kind)?;
            } else if key.eq_ignore_ascii_case("metadata") {
                head.read_metadata(key, value)?;
            }
        }
        Ok(head)
    }

    fn read_metadata(&mut self, parent: &str, metadata: &Value) -> Result<(), HeadError> {
        let fields = match metadata {
            Value::Map(fields) => fields,
            Value::Null => return Ok(()),
            other => return Err(field_mismatch(other, &[parent], METADATA_TYPE)),
        };
        for (key, value) in fields {
            if key.eq_ignore_ascii_case("name") {
                read_text(value, &[parent, key], &mut self.name)?;
            } else if key.eq_ignore_ascii_case("annotations") {
                match value {
                    Value::Null => {}
                    Value::Map(annotations) => {
                        for (name, value) in annotations {
                            let text = self.annotations.entry(name.clone()).or_default();
                            read_text(value, &[parent, key, name], text)?;
                        }
                    }
                    other => {
                        return Err(field_mismatch(other, &[parent, key], "map[string]string"));
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether the document asks to be kept when its release goes.
    // Parity: Helm, pkg/action/resource_policy.go, filterManifestsToKeep.
    pub fn is_kept(&self) -> bool {
        self.annotations
            .get(ownership::RESOURCE_POLICY_ANNOTATION)
            .is_some_and(|policy| policy.trim().to_lowercase() == ownership::KEEP_POLICY)
    }
}

fn read_text(value: &Value, path: &[&str], text: &mut String) -> Result<(), HeadError> {
    *text = match value {
        Value::Null => return Ok(()),
        Value::String(value) => value.clone(),
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Float(value) => helmrs_gotemplate::number::format_float(*value, 'g', None),
        Value::List(_) | Value::Map(_) => return Err(field_mismatch(value, path, "string")),
    };
    Ok(())
}

fn field_mismatch(value: &Value, path: &[&str], wanted: &str) -> HeadError {
    mismatch(
        value,
        format!("struct field .{} of type {wanted}", path.join(".")),
    )
}

fn mismatch(value: &Value, place: String) -> HeadError {
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Integer(_) | Value::Float(_) => "number",
        Value::String(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) => "object",
    };
    HeadError::Type { found, place }
}
