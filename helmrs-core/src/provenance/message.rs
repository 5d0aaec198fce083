//! What is signed: metadata, and the hashes of files.
// Parity: Helm, pkg/provenance/sign.go, messageBlock and ParseMessageBlock.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};

use crate::yaml::{self, YamlError};

/// What stands between metadata and hashes. YAML's `---` would not do: it is special in signed text.
const SEPARATOR: &[u8] = b"\n...\n";

/// The hashes of files and images.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, expecting = "provenance.SumCollection")]
pub(super) struct SumCollection {
    #[serde(deserialize_with = "texts")]
    pub(super) files: BTreeMap<String, String>,
    #[serde(deserialize_with = "texts", skip_serializing_if = "BTreeMap::is_empty")]
    images: BTreeMap<String, String>,
}

/// Reads texts by their names; an error says so in Go's words.
fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    struct Texts;

    impl<'de> Visitor<'de> for Texts {
        type Value = BTreeMap<String, String>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("map[string]string")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut texts = BTreeMap::new();
            while let Some((name, text)) = map.next_entry()? {
                texts.insert(name, text);
            }
            Ok(texts)
        }
    }

    deserializer.deserialize_map(Texts)
}

/// Why a signed text is no provenance.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MessageError {
    /// There is only one part.
    #[error("message block must have at least two parts")]
    OnePart,
    /// The hashes cannot be read.
    #[error(transparent)]
    Yaml(#[from] YamlError),
}

/// The text that is signed for a file.
pub(super) fn text(archive: &[u8], file_name: &str, metadata: &[u8]) -> Vec<u8> {
    let sums = SumCollection {
        files: BTreeMap::from([(file_name.to_string(), hash(archive))]),
        images: BTreeMap::new(),
    };
    let sums = yaml::to_value(&sums).expect("texts are plain data");
    let sums = yaml::to_yaml(&sums).expect("texts have a YAML form");
    [metadata, SEPARATOR, sums.as_bytes()].concat()
}

/// Reads the hashes of a signed text; nobody reads the metadata.
pub(super) fn sums(text: &[u8]) -> Result<SumCollection, MessageError> {
    let start = memchr::memmem::find(text, SEPARATOR).ok_or(MessageError::OnePart)?;
    let rest = &text[start + SEPARATOR.len()..];
    let end = memchr::memmem::find(rest, SEPARATOR).unwrap_or(rest.len());
    let sums: Option<SumCollection> = yaml::read(&rest[..end])?;
    Ok(sums.unwrap_or_default())
}

/// The hash of a file, as it is signed.
pub(super) fn hash(archive: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(archive)))
}
