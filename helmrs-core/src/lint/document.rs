//! What rules want to know of a document.

use serde::Deserialize;

use crate::yaml::{self, YamlError};

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

/// The documents of a stream, up to the first that is malformed; empty ones are left out.
pub(super) fn documents(stream: &[u8]) -> Vec<Result<Document, String>> {
    let mut read = Vec::new();
    for document in yaml::documents(stream) {
        let parsed = match document {
            Ok(text) => {
                yaml::read::<Option<Document>>(text).map_err(|error: YamlError| error.to_string())
            }
            Err(error) => Err(error.to_string()),
        };
        let parsed = parsed.map_err(|error| format!("unable to parse YAML: {error}"));
        let failed = parsed.is_err();
        read.extend(parsed.transpose());
        if failed {
            break;
        }
    }
    read
}
