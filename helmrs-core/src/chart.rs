//! A chart: metadata, default values, templates, files and subcharts.
//!
//! - [`Chart`], with [`Metadata`], [`Dependency`], [`Lock`] and [`File`]: what a chart is.

pub mod archive;
pub mod coalesce;
mod dependency;
mod directory;
mod file;
pub mod ignore;
mod load;
mod lock;
pub(crate) mod metadata;
pub mod package;
pub mod scaffold;
pub(crate) mod tarball;

use serde::{Deserialize, Serialize};

pub use dependency::{missing_dependencies, process_dependencies};
pub(crate) use directory::{absolute, read_file};
pub use file::File;
pub use load::{
    LoadError, load, load_any, load_any_directory, load_archive, load_archive_file, load_directory,
    load_files,
};
pub use lock::{Lock, requirements_digest, requirements_digest_of_version_2};
pub use metadata::{
    API_VERSION_1, API_VERSION_2, Dependencies, Dependency, Maintainer, Metadata, ValidationError,
};

use crate::time::Time;
use crate::values::schema::Schematic;
use crate::yaml::Map;

/// The name of the file that makes a directory a chart.
pub const CHART_FILE: &str = "Chart.yaml";
/// The name of the file of default values.
pub const VALUES_FILE: &str = "values.yaml";
/// The name of the file that says which values are allowed.
pub const SCHEMA_FILE: &str = "values.schema.json";
/// The name of the file that pins the dependencies.
pub const LOCK_FILE: &str = "Chart.lock";
/// What some editors put before a text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// The folder of the templates, with its slash.
pub const TEMPLATES: &str = "templates/";
/// The folder of the subcharts, with its slash.
pub const CHARTS: &str = "charts/";
/// The folder of the custom resource definitions, with its slash.
pub const CRDS: &str = "crds/";

/// A package for a cluster: what to install, and how it may be configured.
///
/// Reads and writes itself as it stands in a release's record: without the raw files and without the subcharts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, expecting = "v2.Chart")]
pub struct Chart {
    /// Every file as it was loaded, for `show` and for packaging.
    #[serde(skip)]
    pub raw: Vec<File>,
    /// What `Chart.yaml` says.
    pub metadata: Metadata,
    /// What `Chart.lock` says.
    pub lock: Option<Lock>,
    /// The files under `templates/`.
    #[serde(with = "file::nullable")]
    pub templates: Vec<File>,
    /// The default values; nothing where the chart has no `values.yaml`.
    pub values: Option<Map>,
    /// The text of `values.schema.json`.
    #[serde(with = "file::base64_option")]
    pub schema: Option<Vec<u8>>,
    /// When the schema was last changed.
    #[serde(rename = "schemamodtime")]
    pub schema_modified: Time,
    /// The files that are neither templates nor subcharts nor read otherwise.
    #[serde(with = "file::nullable")]
    pub files: Vec<File>,
    /// When `Chart.yaml` was last changed.
    #[serde(rename = "modtime", skip_serializing_if = "Time::is_zero")]
    pub modified: Time,
    /// The subcharts under `charts/`.
    #[serde(skip)]
    pub dependencies: Vec<Chart>,
}

impl Schematic for Chart {
    fn name(&self) -> &str {
        &self.metadata.name
    }

    fn schema(&self) -> Option<&[u8]> {
        self.schema.as_deref()
    }

    fn subcharts(&self) -> &[Self] {
        &self.dependencies
    }
}

impl Chart {
    /// The chart's name.
    pub fn name(&self) -> &str {
        &self.metadata.name
    }

    /// The file of that name as it was loaded.
    pub fn raw_file(&self, name: &str) -> Option<&File> {
        self.raw.iter().find(|file| file.name == name)
    }

    /// The files of custom resource definitions, the subcharts' after the chart's own, each with its whole path.
    pub fn crds(&self) -> Vec<(String, &File)> {
        let mut crds = Vec::new();
        self.collect_crds(self.name(), &mut crds);
        crds
    }

    fn collect_crds<'a>(&'a self, path: &str, crds: &mut Vec<(String, &'a File)>) {
        let own = self
            .files
            .iter()
            .filter(|file| file.name.starts_with(CRDS) && is_manifest(&file.name));
        crds.extend(own.map(|file| (format!("{path}/{}", file.name), file)));
        for dependency in &self.dependencies {
            dependency.collect_crds(&format!("{path}/{CHARTS}{}", dependency.name()), crds);
        }
    }
}

/// Whether a file's extension is one of a manifest.
// Parity: Helm, pkg/chart/v2/chart.go, hasManifestExtension.
fn is_manifest(name: &str) -> bool {
    let extension = extension(name);
    ["yaml", "yml", "json"]
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known))
}

/// What follows the last dot of a path's last element, also where nothing precedes it.
// Parity: Go, path/filepath, Ext.
pub(crate) fn extension(name: &str) -> &str {
    let base = name.rsplit('/').next().unwrap_or(name);
    base.rsplit_once('.').map_or("", |(_, extension)| extension)
}
