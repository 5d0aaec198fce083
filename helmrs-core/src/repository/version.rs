//! One version of one chart in an index.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::chart::metadata::field;
use crate::chart::{Dependency, Maintainer, Metadata, ValidationError};
use crate::time::Time;
use crate::yaml::Plain;

/// One version of a chart, and where to get it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChartVersion {
    /// What the chart says of itself.
    pub metadata: Metadata,
    /// Where to get it.
    pub urls: Vec<String>,
    /// When it was added.
    pub created: Time,
    /// Whether it was taken back.
    pub removed: bool,
    /// The hash of the archive.
    pub digest: String,
}

impl Serialize for ChartVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Written<'a> {
            #[serde(flatten)]
            metadata: &'a Metadata,
            urls: Option<&'a [String]>,
            created: Time,
            #[serde(skip_serializing_if = "is_false")]
            removed: bool,
            #[serde(skip_serializing_if = "str::is_empty")]
            digest: &'a str,
        }
        let written = Written {
            metadata: &self.metadata,
            urls: Some(self.urls.as_slice()).filter(|urls| !urls.is_empty()),
            created: self.created,
            removed: self.removed,
            digest: &self.digest,
        };
        written.serialize(serializer)
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_false(value: &bool) -> bool {
    !value
}

/// An entry as it is read: metadata and the rest in one mapping, every field known, nulls still there.
// Parity: Helm, pkg/repo/v1/index.go, ChartVersion: strict reading needs the fields of old indexes too. Numbers become texts
// in the entry's own fields, and not in those of the metadata, which is embedded.
#[derive(Default, Deserialize)]
#[serde(
    default,
    rename_all = "camelCase",
    expecting = "struct repo.ChartVersion"
)]
pub(super) struct Row {
    #[serde(deserialize_with = "plain")]
    name: String,
    #[serde(deserialize_with = "plain")]
    home: String,
    #[serde(deserialize_with = "plain_strings")]
    sources: Vec<String>,
    #[serde(deserialize_with = "plain")]
    version: String,
    #[serde(deserialize_with = "plain")]
    description: String,
    #[serde(deserialize_with = "plain_strings")]
    keywords: Vec<String>,
    #[serde(deserialize_with = "maintainers")]
    maintainers: Vec<Option<Maintainer>>,
    #[serde(deserialize_with = "plain")]
    icon: String,
    #[serde(deserialize_with = "plain")]
    api_version: String,
    #[serde(deserialize_with = "plain")]
    condition: String,
    #[serde(deserialize_with = "plain")]
    tags: String,
    #[serde(deserialize_with = "plain")]
    app_version: String,
    #[serde(deserialize_with = "plain")]
    deprecated: bool,
    #[serde(deserialize_with = "plain_texts")]
    annotations: BTreeMap<String, String>,
    #[serde(deserialize_with = "plain")]
    kube_version: String,
    #[serde(deserialize_with = "dependencies")]
    dependencies: Vec<Option<Dependency>>,
    #[serde(rename = "type", deserialize_with = "plain")]
    chart_type: String,
    #[serde(deserialize_with = "field::strings")]
    urls: Vec<String>,
    #[serde(deserialize_with = "plain")]
    created: Time,
    removed: bool,
    digest: String,
    #[serde(rename = "checksum")]
    _checksum: String,
    #[serde(rename = "engine")]
    _engine: String,
    #[serde(rename = "tillerVersion")]
    _tiller_version: String,
    #[serde(rename = "url")]
    _url: String,
}

/// Reads a field into which no number goes unless it is one.
pub(super) fn plain<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Plain::deserialize(deserializer).map(|Plain(value)| value)
}

/// Makes a function that reads a field plainly, by way of another function.
macro_rules! plainly {
    ($(fn $name:ident() -> $type:ty = |$deserializer:ident| $read:expr;)*) => {
        $(fn $name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
            struct Field($type);

            impl<'de> Deserialize<'de> for Field {
                fn deserialize<D: Deserializer<'de>>($deserializer: D) -> Result<Self, D::Error> {
                    $read.map(Self)
                }
            }

            plain(deserializer).map(|Field(value)| value)
        })*
    };
}

plainly! {
    fn plain_strings() -> Vec<String> = |deserializer| field::strings(deserializer);
    fn plain_texts() -> BTreeMap<String, String> = |deserializer| field::texts(deserializer);
    fn maintainers() -> Vec<Option<Maintainer>> = |deserializer| field::list(deserializer, "[]*v2.Maintainer");
    fn dependencies() -> Vec<Option<Dependency>> = |deserializer| field::list(deserializer, "[]*v2.Dependency");
}

impl Row {
    /// The refusal of nulls among maintainers or dependencies.
    pub(super) fn null_entry(&self) -> Option<ValidationError> {
        let list = if self.maintainers.iter().any(Option::is_none) {
            "maintainers"
        } else if self.dependencies.iter().any(Option::is_none) {
            "dependencies"
        } else {
            return None;
        };
        Some(ValidationError(format!(
            "{list} must not contain empty or null nodes"
        )))
    }
}

impl From<Row> for ChartVersion {
    fn from(row: Row) -> Self {
        let metadata = Metadata {
            name: row.name,
            home: row.home,
            sources: row.sources,
            version: row.version,
            description: row.description,
            keywords: row.keywords,
            maintainers: row.maintainers.into_iter().flatten().collect(),
            icon: row.icon,
            api_version: row.api_version,
            condition: row.condition,
            tags: row.tags,
            app_version: row.app_version,
            deprecated: row.deprecated,
            annotations: row.annotations,
            kube_version: row.kube_version,
            dependencies: row.dependencies.into_iter().flatten().collect(),
            chart_type: row.chart_type,
        };
        Self {
            metadata,
            urls: row.urls,
            created: row.created,
            removed: row.removed,
            digest: row.digest,
        }
    }
}
