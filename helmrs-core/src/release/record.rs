//! How a revision is stored: JSON, compressed, as base64 text, under a key and with labels.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::MultiGzDecoder;
use flate2::{Compression, GzBuilder};
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter};

use super::Release;
use crate::yaml;

/// The type of the Secrets that hold records.
pub const SECRET_TYPE: &str = "helm.sh/release.v1";
/// The key of the record within its Secret or ConfigMap.
pub const DATA_KEY: &str = "release";
/// The labels that records have of themselves; users may not set them.
pub const SYSTEM_LABELS: [&str; 6] = [
    "name",
    "owner",
    "status",
    "version",
    "createdAt",
    "modifiedAt",
];

/// What a compressed text begins with.
const GZIP_MAGIC: [u8; 3] = [0x1f, 0x8b, 0x08];
/// A record that grows larger than this when it is unpacked is refused.
const SIZE_LIMIT: u64 = 512 << 20;
/// The operating system a header names when nobody asked.
const UNKNOWN_SYSTEM: u8 = 255;

/// Why a record could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// Something in the release has no JSON form.
    #[error("{0}")]
    Json(serde_json::Error),
    /// It could not be compressed.
    #[error("{0}")]
    Gzip(io::Error),
}

/// Why a record could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// It is not base64.
    #[error("illegal base64 data at input byte {0}")]
    Base64(usize),
    /// It could not be unpacked.
    #[error("{0}")]
    Gzip(io::Error),
    /// It unpacks to more than a release can be.
    #[error("release record is larger than {SIZE_LIMIT} bytes")]
    TooLarge,
    /// It is not the JSON of a release.
    #[error("{0}")]
    Json(serde_json::Error),
}

/// The text a Secret holds for a revision (and that the API then shows base64-encoded once more).
// Parity: Helm, pkg/storage/driver/util.go, encodeRelease.
pub fn encode(release: &Release) -> Result<String, EncodeError> {
    let json = to_json(release).map_err(EncodeError::Json)?;
    let mut writer = GzBuilder::new()
        .operating_system(UNKNOWN_SYSTEM)
        .write(Vec::new(), Compression::best());
    writer.write_all(&json).map_err(EncodeError::Gzip)?;
    Ok(STANDARD.encode(writer.finish().map_err(EncodeError::Gzip)?))
}

/// Reads what [`encode`] wrote, or JSON from before records were compressed.
pub fn decode(record: &[u8]) -> Result<Release, DecodeError> {
    serde_json::from_slice(&unpacked(record)?).map_err(DecodeError::Json)
}

/// The JSON a record holds.
pub(super) fn unpacked(record: &[u8]) -> Result<Vec<u8>, DecodeError> {
    let bytes = STANDARD
        .decode(record)
        .map_err(|error| DecodeError::Base64(offset(&error, record)))?;
    if bytes.len() > GZIP_MAGIC.len() && bytes.starts_with(&GZIP_MAGIC) {
        unpack(&bytes)
    } else {
        Ok(bytes)
    }
}

fn unpack(bytes: &[u8]) -> Result<Vec<u8>, DecodeError> {
    let mut json = Vec::new();
    let mut reader = MultiGzDecoder::new(bytes).take(SIZE_LIMIT + 1);
    reader.read_to_end(&mut json).map_err(DecodeError::Gzip)?;
    if json.len() as u64 > SIZE_LIMIT {
        Err(DecodeError::TooLarge)
    } else {
        Ok(json)
    }
}

/// Where the decoder stopped.
fn offset(error: &base64::DecodeError, record: &[u8]) -> usize {
    match error {
        base64::DecodeError::InvalidByte(at, _) | base64::DecodeError::InvalidLastSymbol(at, _) => {
            *at
        }
        base64::DecodeError::InvalidLength(length) => *length,
        base64::DecodeError::InvalidPadding => record.len(),
    }
}

/// The JSON text of a release, as Go's `encoding/json` writes it.
pub fn to_json(release: &Release) -> Result<Vec<u8>, serde_json::Error> {
    let mut json = Vec::new();
    release.serialize(&mut serde_json::Serializer::with_formatter(
        &mut json,
        GoFormatter,
    ))?;
    Ok(json)
}

/// Writes texts and numbers as Go does: what HTML minds is escaped, floats are as short as they can be.
struct GoFormatter;

impl Formatter for GoFormatter {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        let text = yaml::json::to_json(&yaml::Value::Float(value)).map_err(io::Error::other)?;
        writer.write_all(text.as_bytes())
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(['<', '>', '&', '\u{2028}', '\u{2029}']) {
            let (before, from) = rest.split_at(at);
            let mut characters = from.chars();
            let code = characters.next().map_or(0, u32::from);
            CompactFormatter.write_string_fragment(writer, before)?;
            write!(writer, "\\u{code:04x}")?;
            rest = characters.as_str();
        }
        CompactFormatter.write_string_fragment(writer, rest)
    }
}

/// The name of the object that holds a revision.
///
/// # Examples
///
/// ```
/// assert_eq!(helmrs_core::release::record::key("web", 3), "sh.helm.release.v1.web.v3");
/// ```
pub fn key(name: &str, revision: i64) -> String {
    format!("sh.helm.release.v1.{name}.v{revision}")
}

/// The labels of a revision's record: the release's own, and over them what finds it again.
pub fn labels(release: &Release) -> BTreeMap<String, String> {
    let mut labels = release.labels.clone();
    let system = [
        ("name", release.name.clone()),
        ("owner", "helm".to_owned()),
        ("status", release.info.status.to_string()),
        ("version", release.revision.to_string()),
    ];
    labels.extend(system.map(|(key, value)| (key.to_owned(), value)));
    labels
}

/// The labels of a record that a user gave.
pub fn custom_labels(labels: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let custom = labels
        .iter()
        .filter(|(key, _)| !SYSTEM_LABELS.contains(&key.as_str()));
    custom
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// A user tried to set a label that records have of themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("user supplied labels contains system reserved label name. System labels: [{}]", SYSTEM_LABELS.join(" "))]
pub struct ReservedLabel;

/// Checks that none of a user's labels is reserved.
pub fn check_labels(labels: &BTreeMap<String, String>) -> Result<(), ReservedLabel> {
    let reserved = labels
        .keys()
        .any(|key| SYSTEM_LABELS.contains(&key.as_str()));
    if reserved { Err(ReservedLabel) } else { Ok(()) }
}

/// A user's labels over those of the revision before; the text `null` takes one away.
pub fn merge_labels(
    before: &BTreeMap<String, String>,
    given: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let mut merged = before.clone();
    merged.extend(
        given
            .iter()
            .map(|(key, value)| (key.clone(), value.clone())),
    );
    merged.retain(|_, value| value != "null");
    merged
}
