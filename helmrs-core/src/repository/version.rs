//! One version of one chart in an index.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

use crate::chart::{Dependency, Maintainer, Metadata, ValidationError};
use crate::time::Time;

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
// Parity: Helm, pkg/repo/v1/index.go, ChartVersion: strict reading needs the fields of old indexes too.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", expecting = "struct ChartVersion")]
pub(super) struct Row {
    name: String,
    home: String,
    sources: Vec<String>,
    version: String,
    description: String,
    keywords: Vec<String>,
    maintainers: Vec<Option<Maintainer>>,
    icon: String,
    api_version: String,
    condition: String,
    tags: String,
    app_version: String,
    deprecated: bool,
    annotations: BTreeMap<String, String>,
    kube_version: String,
    dependencies: Vec<Option<Dependency>>,
    #[serde(rename = "type")]
    chart_type: String,
    urls: Vec<String>,
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
