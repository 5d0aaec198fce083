//! A path and its bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize};

use crate::time::Time;

/// A file of a chart.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct File {
    /// The path from the chart's folder on, with slashes.
    pub name: String,
    /// What the file holds; a clone shares it.
    #[serde(with = "base64_bytes")]
    pub data: Bytes,
    /// When it was last changed.
    #[serde(rename = "modtime", skip_serializing_if = "Time::is_zero")]
    pub modified: Time,
}

impl File {
    /// The contents as text; what is no UTF-8 is replaced.
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.data)
    }
}

/// Bytes as Go's JSON has them: base64.
mod base64_bytes {
    use super::{Bytes, Deserializer, decode};
    use serde::Serializer;

    pub(super) fn serialize<S: Serializer>(
        bytes: &Bytes,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        super::encode(bytes, serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Bytes, D::Error> {
        Ok(decode(deserializer)?.unwrap_or_default().into())
    }
}

/// Bytes that may be missing: base64 or `null`.
pub(super) mod base64_option {
    use super::{Deserializer, decode};
    use serde::Serializer;

    #[expect(clippy::ref_option, reason = "serde hands over the field as it is")]
    pub(in super::super) fn serialize<S: Serializer>(
        bytes: &Option<Vec<u8>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match bytes {
            Some(bytes) => super::encode(bytes, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Vec<u8>>, D::Error> {
        decode(deserializer)
    }
}

/// A list of files, of which Go writes an empty one as `null`.
pub(super) mod nullable {
    use super::{Deserialize, Deserializer, File, Serialize};
    use serde::Serializer;

    pub(in super::super) fn serialize<S: Serializer>(
        files: &[File],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        if files.is_empty() {
            serializer.serialize_none()
        } else {
            files.serialize(serializer)
        }
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<File>, D::Error> {
        let files: Option<Vec<Option<File>>> = Option::deserialize(deserializer)?;
        Ok(files.unwrap_or_default().into_iter().flatten().collect())
    }
}

fn encode<S: serde::Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(bytes))
}

fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<u8>>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    STANDARD
        .decode(text)
        .map(Some)
        .map_err(serde::de::Error::custom)
}
