//! `index.yaml` with everything in it.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};

use super::selection::{self, Fit};
use super::skipped::{Skipped, accept};
use super::version::{self, Row};
use super::{ChartVersion, join_url};
use crate::chart::metadata::field;
use crate::chart::{API_VERSION_1, Metadata, ValidationError};
use crate::finding::Finding;
use crate::time::Time;
use crate::version::{ConstraintError, Version};
use crate::yaml::json::JsonError;
use crate::yaml::{self, Map, TypeError, YamlError};

/// The version of index and repository files.
pub const API_VERSION: &str = "v1";

/// What a repository has.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IndexFile {
    /// What the server says of itself.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub server_info: Map,
    /// The version of the file itself.
    pub api_version: String,
    /// When the file was written.
    pub generated: Time,
    /// The versions of each chart, newest first.
    pub entries: BTreeMap<String, Vec<ChartVersion>>,
    /// Keys that charts were signed with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub public_keys: Vec<String>,
    /// Notes for other tools.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

/// Why an index cannot be used, or has not what was asked for.
// Parity: Helm, pkg/repo/v1/index.go.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum IndexError {
    /// The file says nothing of its version.
    #[error("no API version specified")]
    NoApiVersion,
    /// There is more in the file than can be told apart.
    #[error("index.yaml file is too large")]
    TooLarge,
    /// The file is empty.
    #[error("empty index.yaml file")]
    Empty,
    /// The file is malformed.
    #[error(transparent)]
    Yaml(#[from] YamlError),
    /// The file is JSON of another shape.
    #[error(transparent)]
    Json(#[from] TypeError),
    /// No chart has that name.
    #[error("no chart name found")]
    NoChart,
    /// The chart has no versions at all.
    #[error("no chart version found")]
    NoVersions,
    /// No version of the chart will do.
    #[error("no chart version found for {name}-{version}")]
    NoVersion { name: String, version: String },
    /// What was asked for is no constraint.
    #[error(transparent)]
    Constraint(#[from] ConstraintError),
    /// A chart is not fit for an index.
    #[error("validate failed for {file}")]
    Invalid {
        file: String,
        source: ValidationError,
    },
}

/// A version found in an index.
#[derive(Debug, Clone, Copy)]
pub struct Selected<'a> {
    /// The version.
    pub chart: &'a ChartVersion,
    /// How well it is what was asked for.
    pub fit: Fit,
}

impl IndexFile {
    /// An index without charts.
    pub fn new(generated: Time) -> Self {
        Self {
            api_version: API_VERSION.to_string(),
            generated,
            ..Self::default()
        }
    }

    /// Reads an index; `source` is named in the findings about entries that are left out.
    pub fn read(text: &[u8], source: &str) -> Result<(Self, Vec<Finding>), IndexError> {
        let (index, skipped) = Self::read_all(text)?;
        let findings = skipped.into_iter().map(|skipped| skipped.finding(source));
        Ok((index, findings.collect()))
    }

    /// Reads an index, with what is left out.
    // Parity: Helm, pkg/repo/v1/index.go, loadIndex.
    pub(super) fn read_all(text: &[u8]) -> Result<(Self, Vec<Skipped>), IndexError> {
        if text.is_empty() {
            return Err(IndexError::Empty);
        }
        Self::of_rows(read_rows(text)?)
    }

    /// An index of all that was read.
    pub(super) fn of_rows(rows: Rows) -> Result<(Self, Vec<Skipped>), IndexError> {
        let mut all_skipped = Vec::new();
        let mut index = Self {
            server_info: rows.server_info,
            api_version: rows.api_version,
            generated: rows.generated,
            entries: BTreeMap::new(),
            public_keys: rows.public_keys,
            annotations: rows.annotations,
        };
        for (name, rows) in rows.entries {
            let mut versions = Vec::new();
            for row in rows.unwrap_or_default().into_iter().rev() {
                match accept(row, &name) {
                    Ok(version) => versions.push(version),
                    Err(skipped) => all_skipped.push(skipped),
                }
            }
            versions.reverse();
            index.entries.insert(name, versions);
        }
        index.sort();
        if index.api_version.is_empty() {
            Err(IndexError::NoApiVersion)
        } else {
            Ok((index, all_skipped))
        }
    }

    /// The version of a chart that fits best: the newest within the constraint, the newest release if that is empty.
    pub fn select(&self, name: &str, version: &str) -> Result<Selected<'_>, IndexError> {
        let versions = self.entries.get(name).ok_or(IndexError::NoChart)?;
        let texts = versions.iter().map(|chart| chart.metadata.version.as_str());
        let (place, fit) = selection::select(texts, name, version)?;
        let chart = &versions[place];
        Ok(Selected { chart, fit })
    }

    /// Whether a chart has a version.
    pub fn has(&self, name: &str, version: &str) -> bool {
        self.select(name, version).is_ok()
    }

    /// Adds a packaged chart: `file` is its file's name, `base_url` where it lies; the order is left to [`Self::sort`].
    // Parity: Helm, pkg/repo/v1/index.go, MustAdd.
    pub fn add(
        &mut self,
        mut metadata: Metadata,
        file: &str,
        base_url: &str,
        digest: String,
        created: Time,
    ) -> Result<(), IndexError> {
        if metadata.api_version.is_empty() {
            metadata.api_version = API_VERSION_1.to_string();
        }
        metadata.validate().map_err(|source| IndexError::Invalid {
            file: file.to_string(),
            source,
        })?;
        let url = if base_url.is_empty() {
            file.to_string()
        } else {
            join_url(base_url, &[file.rsplit('/').next().unwrap_or(file)])
        };
        let versions = self.entries.entry(metadata.name.clone()).or_default();
        versions.push(ChartVersion {
            metadata,
            urls: vec![url],
            created,
            digest,
            ..ChartVersion::default()
        });
        Ok(())
    }

    /// Puts the newest version of each chart first; what is no version comes last.
    pub fn sort(&mut self) {
        for versions in self.entries.values_mut() {
            versions
                .sort_by_cached_key(|chart| Reverse(Version::parse(&chart.metadata.version).ok()));
        }
    }

    /// Takes over what another index has and this one has not.
    // Parity: Helm, pkg/repo/v1/index.go, Merge.
    pub fn merge(&mut self, other: Self) {
        for version in other.entries.into_values().flatten() {
            if !self.has(&version.metadata.name, &version.metadata.version) {
                self.entries
                    .entry(version.metadata.name.clone())
                    .or_default()
                    .push(version);
            }
        }
    }
}

/// The digest of a packaged chart as indexes have it.
pub fn digest(archive: &[u8]) -> String {
    hex::encode(Sha256::digest(archive))
}

/// An index as it is read, with what may be missing.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", expecting = "struct repo.IndexFile")]
pub(super) struct Rows {
    server_info: Map,
    pub(super) api_version: String,
    #[serde(deserialize_with = "version::plain")]
    generated: Time,
    #[serde(deserialize_with = "entries")]
    pub(super) entries: Charts,
    #[serde(deserialize_with = "field::strings")]
    public_keys: Vec<String>,
    #[serde(deserialize_with = "field::texts")]
    annotations: BTreeMap<String, String>,
}

/// Rows by the charts they are listed under; either may be null.
type Charts = BTreeMap<String, Option<Vec<Option<Row>>>>;

/// Reads the entries under Go's names for their types.
fn entries<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Charts, D::Error> {
    struct Versions(Vec<Option<Row>>);

    impl<'de> Deserialize<'de> for Versions {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            field::list(deserializer, "repo.ChartVersions").map(Self)
        }
    }

    struct ChartsVisitor;

    impl<'de> Visitor<'de> for ChartsVisitor {
        type Value = Charts;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("map[string]repo.ChartVersions")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut charts: A) -> Result<Self::Value, A::Error> {
            let mut all = BTreeMap::new();
            while let Some((name, versions)) = charts.next_entry::<String, Option<Versions>>()? {
                all.insert(name, versions.map(|Versions(versions)| versions));
            }
            Ok(all)
        }
    }

    deserializer.deserialize_map(ChartsVisitor)
}

/// Whether a text could be JSON, by its first letter.
pub(super) fn may_be_json(text: &[u8]) -> bool {
    let first = text.trim_ascii_start().first();
    first.is_some_and(|first| b"{[\"-0123456789tfn".contains(first))
}

/// Reads JSON as JSON, which is much faster, and all else as YAML, strictly.
// Parity: Helm, pkg/repo/v1/index.go, jsonOrYamlUnmarshal.
fn read_rows(text: &[u8]) -> Result<Rows, IndexError> {
    if may_be_json(text) {
        let parsed: Result<_, JsonError> = yaml::json::parse(text);
        if let Ok(value) = parsed {
            let rows: Result<Option<Rows>, TypeError> = yaml::from_value(value);
            let rows = rows.map_err(|error| error.in_type("IndexFile"))?;
            return Ok(rows.unwrap_or_default());
        }
    }
    let rows: Option<Rows> = yaml::read_strict(text)?;
    Ok(rows.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(text: &str) -> (IndexFile, Vec<Finding>) {
        IndexFile::read(text.as_bytes(), "test").unwrap()
    }

    fn problem(text: &str) -> String {
        IndexFile::read(text.as_bytes(), "test")
            .unwrap_err()
            .to_string()
    }

    const WEB: &str = "apiVersion: v1
entries:
  web:
  - {name: web, version: 1.0.0, urls: [a]}
  - {name: web, version: 2.0.0-rc.1, urls: [b]}
  - {name: web, version: 1.10.0, urls: [c], appVersion: '1.10'}
";

    #[test]
    fn the_newest_version_comes_first() {
        let (index, findings) = index(WEB);
        let versions: Vec<_> = index.entries["web"]
            .iter()
            .map(|chart| chart.metadata.version.as_str())
            .collect();
        assert_eq!(versions, ["2.0.0-rc.1", "1.10.0", "1.0.0"]);
        assert_eq!(index.entries["web"][1].metadata.app_version, "1.10");
        assert!(findings.is_empty());
    }

    #[test]
    fn a_version_is_selected_by_constraint() {
        let (index, _) = index(WEB);
        let selected = |version: &str| match index.select("web", version) {
            Ok(selected) => format!("{} {:?}", selected.chart.metadata.version, selected.fit),
            Err(error) => error.to_string(),
        };
        assert_eq!(selected(""), "1.10.0 Exact");
        assert_eq!(selected("1.0.0"), "1.0.0 Exact");
        assert_eq!(selected("v1.0.0"), "1.0.0 Closest");
        assert_eq!(selected(">0-0"), "2.0.0-rc.1 InRange");
        assert_eq!(selected("9"), "no chart version found for web-9");
        assert_eq!(selected("a b"), "improper constraint: \"a b\"");
        assert_eq!(
            index.select("db", "").unwrap_err().to_string(),
            "no chart name found"
        );
    }

    #[test]
    fn what_is_no_index_is_refused() {
        assert_eq!(problem(""), "empty index.yaml file");
        assert_eq!(problem("entries: {}"), "no API version specified");
        assert!(
            problem("apiVersion: v1\napiVersion: v1\n").contains("already"),
            "{}",
            problem("apiVersion: v1\napiVersion: v1\n")
        );
        assert!(problem("apiVersion: v1\nnope: 1\n").ends_with("json: unknown field \"nope\""));
    }

    #[test]
    fn invalid_entries_are_left_out_and_told() {
        let text = "apiVersion: v1
entries:
  web:
  - null
  - {name: web, version: one, urls: []}
  - {name: web, version: 1.0.0, maintainers: [null]}
  - {name: web, version: 1.0.0}
  db: null
";
        let (index, findings) = index(text);
        assert_eq!(index.entries["web"].len(), 1);
        assert!(index.entries["db"].is_empty());
        let errors: Vec<_> = findings
            .iter()
            .filter_map(|finding| finding.attributes.get(3))
            .collect();
        assert_eq!(
            errors[0].1,
            "validation: maintainers must not contain empty or null nodes"
        );
        assert_eq!(
            errors[1].1,
            "validation: chart.metadata.version \"one\" is invalid"
        );
        assert_eq!(
            findings[2].message,
            "skipping loading invalid entry for chart: empty entry"
        );
    }

    #[test]
    fn json_is_read_as_json() {
        let (index, _) = index(
            r#"{"apiVersion":"v1","entries":{"web":[{"name":"web","version":"1.0.0","nope":1}]}}"#,
        );
        assert_eq!(index.entries["web"].len(), 1);
    }

    #[test]
    fn merging_keeps_what_is_there() {
        let (mut one, _) = index(WEB);
        let (mut two, _) = index(&WEB.replace("1.0.0", "1.0.1"));
        two.entries.get_mut("web").unwrap()[0].urls[0] = "other".to_string();
        one.merge(two);
        let urls: Vec<_> = one.entries["web"]
            .iter()
            .map(|chart| chart.urls[0].as_str())
            .collect();
        assert_eq!(urls, ["b", "c", "a", "a"]);
    }
}
