//! A rendered YAML document and the template it came from.

pub mod object;
pub mod order;
pub mod ownership;
pub mod patch;
pub mod readiness;
pub mod split;

use std::collections::BTreeMap;

use crate::yaml::{self, Step, TypeError, Value, YamlError};

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

/// How Go names the type of `metadata` in a message.
const METADATA_TYPE: &str = r#"struct { Name string "json:\"name\""; Annotations map[string]string "json:\"annotations\"" }"#;

impl Head {
    /// Reads the head of a document.
    pub fn read(document: &[u8]) -> Result<Self, YamlError> {
        let document = yaml::parse_part(document, is_of_head)?;
        Self::of(&document).map_err(YamlError::Type)
    }

    /// Reads the head of a document that is parsed already.
    ///
    /// Keys are found whatever their case, numbers and booleans are read as text, and null as nothing.
    // Parity: Helm, pkg/release/v1/util/manifest.go, SimpleHead.
    pub fn of(document: &Value) -> Result<Self, TypeError> {
        let mut head = Self::default();
        let fields = match document {
            Value::Null => return Ok(head),
            Value::Map(fields) => fields,
            other => return Err(mismatch(other, &[], "util.SimpleHead")),
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

    fn read_metadata(&mut self, parent: &str, metadata: &Value) -> Result<(), TypeError> {
        let fields = match metadata {
            Value::Map(fields) => fields,
            Value::Null => return Ok(()),
            other => return Err(mismatch(other, &[parent], METADATA_TYPE)),
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
                        return Err(mismatch(other, &[parent, key], "map[string]string"));
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

/// Whether a field of a document belongs to its head.
fn is_of_head(key: &str) -> bool {
    ["apiVersion", "kind", "metadata"]
        .iter()
        .any(|field| key.eq_ignore_ascii_case(field))
}

fn read_text(value: &Value, path: &[&str], text: &mut String) -> Result<(), TypeError> {
    *text = match value {
        Value::Null => return Ok(()),
        Value::String(value) => value.clone(),
        Value::Raw(value) => value.as_str().to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Float(value) => helmrs_gotemplate::number::format_float(*value, 'g', None),
        Value::List(_) | Value::Map(_) => return Err(mismatch(value, path, "string")),
    };
    Ok(())
}

fn mismatch(value: &Value, path: &[&str], wanted: &str) -> TypeError {
    TypeError::Kind {
        found: value.json_kind().to_owned(),
        path: path
            .iter()
            .map(|key| Step::Key((*key).to_owned()))
            .collect(),
        wanted: wanted.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(document: &str) -> String {
        Head::read(document.as_bytes())
            .expect_err("no head")
            .to_string()
    }

    #[test]
    fn a_head_is_read_whatever_the_case_of_its_keys() {
        let head = Head::read(
            b"Kind: Pod\napiVersion: v1\nmetadata: {name: 12, annotations: {a: true, b: null}}",
        )
        .unwrap();
        assert_eq!(
            (
                head.kind.as_str(),
                head.api_version.as_str(),
                head.name.as_str()
            ),
            ("Pod", "v1", "12")
        );
        assert_eq!(head.annotations["a"], "true");
        assert_eq!(head.annotations["b"], "");
        assert_eq!(Head::read(b"# nothing").unwrap(), Head::default());
    }

    #[test]
    fn what_is_no_object_is_refused_with_go_s_words() {
        let prefix = "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal";
        assert_eq!(
            error("- a"),
            format!("{prefix} array into Go value of type util.SimpleHead")
        );
        assert_eq!(
            error("kind: [a]"),
            format!("{prefix} array into Go struct field .kind of type string")
        );
        assert_eq!(
            error("metadata: {annotations: {a: {b: c}}}"),
            format!("{prefix} object into Go struct field .metadata.annotations.a of type string")
        );
        assert_eq!(
            error("metadata: x"),
            format!("{prefix} string into Go struct field .metadata of type {METADATA_TYPE}")
        );
    }

    #[test]
    fn the_policy_to_keep_is_read_leniently() {
        let head =
            Head::read(b"metadata: {annotations: {helm.sh/resource-policy: ' Keep '}}").unwrap();
        assert!(head.is_kept());
    }
}
