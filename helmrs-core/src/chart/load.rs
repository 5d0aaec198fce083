//! Files → [`Chart`]: which file means what, and the subcharts among them.
//!
//! What is worth telling of the files (links that were followed, files that are no longer used) is added to the
//! caller's findings, whether or not they make a chart in the end.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::archive::{self, ArchiveError, SIZE_LIMIT};
use super::ignore::IgnoreError;
use super::metadata::{self, API_VERSION_1};
use super::{
    CHART_FILE, CHARTS, Chart, File, LOCK_FILE, Lock, Metadata, SCHEMA_FILE, TEMPLATES, VALUES_FILE,
};
use super::{ValidationError, directory, extension};
use crate::error_chain::joined;
use crate::finding::Finding;
use crate::path_error::PathError;
use crate::values;
use crate::yaml::{self, TypeError, YamlError};

/// The dependencies of a chart of the first API version.
const REQUIREMENTS_FILE: &str = "requirements.yaml";
/// The lock of a chart of the first API version.
const REQUIREMENTS_LOCK_FILE: &str = "requirements.lock";

/// How deep charts may lie within charts.
const DEPTH_LIMIT: usize = 64;

/// How many bytes all archives within a chart may hold together; the reference counts each for itself, and a bomb has many.
const NESTED_LIMIT: u64 = 2 * SIZE_LIMIT;

/// Why a chart could not be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum LoadError {
    /// A path cannot be looked at.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A directory is no chart.
    #[error("unable to detect chart at {path}")]
    Undetected { path: String, source: PathError },
    /// An archive is no chart.
    #[error("unable to detect chart version, no Chart.yaml found")]
    NoChartFile,
    /// A `.helmignore` cannot be used.
    #[error(transparent)]
    Ignore(#[from] IgnoreError),
    /// A link leads nowhere.
    #[error("error evaluating symlink {path}: {reason}")]
    Link { path: String, reason: String },
    /// A file is a device, a socket or a pipe.
    #[error("cannot load irregular file {0} as it has file mode type bits set")]
    Irregular(String),
    /// A file cannot be read.
    #[error("error reading {name}")]
    Reading { name: String, source: PathError },
    /// The chart's files are too large together.
    #[error("error reading {name}: chart exceeds maximum decompressed size of {SIZE_LIMIT} bytes")]
    TooLarge { name: String },
    /// A directory was given where an archive is wanted.
    #[error("cannot load a directory")]
    Directory,
    /// An archive cannot be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A file is no archive at all.
    #[error("file '{path}' does not appear to be a gzipped archive; got '{found}'")]
    NotAnArchive { path: String, found: &'static str },
    /// A YAML file was given where an archive is wanted.
    #[error("file '{0}' seems to be a YAML file, but expected a gzipped archive")]
    YamlFile(String),
    /// A file begins like an archive and is none.
    #[error(
        "file '{path}' does not appear to be a valid chart file (details: {})",
        joined(details)
    )]
    NotAChart {
        path: String,
        details: Box<LoadError>,
    },
    /// An archive cannot be read; the reference does not say why.
    #[error("unable to load chart archive")]
    Unreadable,
    /// `Chart.yaml` speaks of an API version nobody knows.
    #[error("unsupported chart version")]
    UnsupportedVersion,
    /// `Chart.yaml` speaks of the API version to come.
    #[error("invalid chart apiVersion")]
    InvalidVersion,
    /// One of the chart's own files is malformed.
    #[error("cannot load {file}")]
    Yaml {
        file: &'static str,
        source: YamlError,
    },
    /// `values.yaml` is malformed.
    #[error("cannot load values.yaml")]
    Values(#[source] values::ReadError),
    /// There is no `Chart.yaml`.
    #[error("Chart.yaml file is missing")]
    Missing,
    /// `Chart.yaml` lacks something, or has too much.
    #[error(transparent)]
    Invalid(#[from] ValidationError),
    /// A subchart cannot be loaded.
    #[error("error unpacking subchart {name} in {parent}")]
    Subchart {
        name: String,
        parent: String,
        source: Box<LoadError>,
    },
    /// A file is where an archived subchart should be.
    #[error("error unpacking subchart tar in {parent}: expected {expected}, got {found}")]
    SubchartName {
        parent: String,
        expected: String,
        found: String,
    },
    /// Charts lie in charts without end.
    #[error("charts are nested too deeply")]
    TooDeep,
}

/// Loads the chart at a path, a directory or an archive.
///
/// # Errors
///
/// For archives that cannot be read the error says no more than the reference does; [`load_archive`] says why.
// Parity: Helm, pkg/chart/loader/load.go, Load.
pub fn load(path: &Path, findings: &mut Vec<Finding>) -> Result<Chart, LoadError> {
    let metadata = fs::metadata(path).map_err(|error| PathError::new("stat", path, error))?;
    if metadata.is_dir() {
        load_directory(path, findings)
    } else {
        load_archive_file(path, findings)
    }
}

/// Loads the chart in a directory.
// Parity: Helm, pkg/chart/loader/load.go, LoadDir.
pub fn load_directory(directory: &Path, findings: &mut Vec<Finding>) -> Result<Chart, LoadError> {
    let chart_file = directory::absolute(directory)?.join(CHART_FILE);
    let text = fs::read(&chart_file).map_err(|source| LoadError::Undetected {
        path: chart_file.display().to_string(),
        source: PathError::of_read(&chart_file, source),
    })?;
    match generation(&text)? {
        Generation::Now => load_any_directory(directory, findings),
        Generation::ToCome => refuse(directory::read(directory, findings)?, findings),
    }
}

/// Loads the chart in a directory without asking for its API version first.
// Parity: Helm, pkg/chart/v2/loader/directory.go, LoadDir: what `show` and `dependency` use.
pub fn load_any_directory(
    directory: &Path,
    findings: &mut Vec<Finding>,
) -> Result<Chart, LoadError> {
    let files = directory::read(directory, findings)?;
    outermost(files, findings)
}

/// Loads the chart in an archive file.
// Parity: Helm, pkg/chart/loader/load.go, LoadFile.
pub fn load_archive_file(path: &Path, findings: &mut Vec<Finding>) -> Result<Chart, LoadError> {
    let bytes = read_archive(path)?;
    let files = match archive::files(&bytes) {
        Err(ArchiveError::Header) => return Err(not_a_chart(path, ArchiveError::Header.into())),
        files => files.map_err(|_| LoadError::Unreadable)?,
    };
    let chart_file = files
        .iter()
        .find(|file| file.name == CHART_FILE)
        .ok_or(LoadError::NoChartFile)?;
    let loaded = match generation(&chart_file.data)? {
        Generation::Now => load_files(files, findings),
        Generation::ToCome => refuse(files, findings),
    };
    loaded.map_err(|error| not_a_chart(path, error))
}

/// Loads the chart at a path without asking for its API version first; says why an archive cannot be read.
// Parity: Helm, pkg/chart/v2/loader/load.go, Load.
pub fn load_any(path: &Path, findings: &mut Vec<Finding>) -> Result<Chart, LoadError> {
    let metadata = fs::metadata(path).map_err(|error| PathError::new("stat", path, error))?;
    if metadata.is_dir() {
        return load_any_directory(path, findings);
    }
    load_archive(&read_archive(path)?, findings).map_err(|error| not_a_chart(path, error))
}

/// Names the file if it, or an archive in it, is not gzip after all.
fn not_a_chart(path: &Path, error: LoadError) -> LoadError {
    let mut cause = &error;
    while let LoadError::Subchart { source, .. } = cause {
        cause = source;
    }
    match cause {
        LoadError::Archive(ArchiveError::Header) => LoadError::NotAChart {
            path: path.display().to_string(),
            details: Box::new(error),
        },
        _ => error,
    }
}

/// Loads the chart in an archive's bytes.
// Parity: Helm, pkg/chart/v2/loader/archive.go, LoadArchive.
pub fn load_archive(bytes: &[u8], findings: &mut Vec<Finding>) -> Result<Chart, LoadError> {
    outermost(archive::files(bytes)?, findings)
}

/// Puts a chart together from its files, named from the chart's folder on.
pub fn load_files(files: Vec<File>, findings: &mut Vec<Finding>) -> Result<Chart, LoadError> {
    outermost(files, findings)
}

/// Reads an archive file after a look at how it begins.
fn read_archive(path: &Path) -> Result<Vec<u8>, LoadError> {
    // Parity: Helm, pkg/chart/loader/archive/archive.go, EnsureArchive.
    let bytes = fs::read(path).map_err(|error| PathError::of_read(path, error))?;
    if archive::is_gzip(&bytes) {
        return Ok(bytes);
    }
    let extension = path.extension().and_then(|extension| extension.to_str());
    let path = path.display().to_string();
    Err(match extension {
        Some("yaml" | "yml") => LoadError::YamlFile(path),
        _ => LoadError::NotAnArchive {
            path,
            found: archive::content_type(&bytes),
        },
    })
}

/// Which charts a chart is one of.
enum Generation {
    /// Those that are in use.
    Now,
    /// Those of the third API version, which nothing is done with yet.
    ToCome,
}

/// Refuses a chart of the API version to come, after what is wrong with it otherwise.
// Parity: Helm, internal/chart/v3/loader/load.go, LoadFiles: the actions turn away what it loads.
fn refuse(mut files: Vec<File>, findings: &mut Vec<Finding>) -> Result<Chart, LoadError> {
    files.retain(|file| ![REQUIREMENTS_FILE, REQUIREMENTS_LOCK_FILE].contains(&file.name.as_str()));
    match outermost(files, findings) {
        Ok(_) => Err(LoadError::InvalidVersion),
        Err(LoadError::Yaml {
            file,
            source:
                YamlError::Type(TypeError::Kind {
                    found,
                    path,
                    wanted,
                }),
        }) => {
            let wanted = wanted.replace("v2.", "v3.");
            let source = YamlError::Type(TypeError::Kind {
                found,
                path,
                wanted,
            });
            Err(LoadError::Yaml { file, source })
        }
        Err(error) => Err(error),
    }
}

fn generation(chart_file: &[u8]) -> Result<Generation, LoadError> {
    #[derive(serde::Deserialize)]
    #[serde(
        default,
        rename_all = "camelCase",
        expecting = "struct loader.chartBase"
    )]
    #[derive(Default)]
    struct Base {
        api_version: String,
    }
    let base: Option<Base> =
        yaml::read_part(chart_file, |key| key == "apiVersion").map_err(|source| {
            LoadError::Yaml {
                file: CHART_FILE,
                source,
            }
        })?;
    match base.unwrap_or_default().api_version.as_str() {
        "" | "v1" | "v2" => Ok(Generation::Now),
        "v3" => Ok(Generation::ToCome),
        _ => Err(LoadError::UnsupportedVersion),
    }
}

/// Puts a chart together.
// Parity: Helm, pkg/chart/v2/loader/load.go, LoadFiles.
fn from_files(
    files: Vec<File>,
    findings: &mut Vec<Finding>,
    Place { depth, room }: Place<'_>,
) -> Result<Chart, LoadError> {
    if depth > DEPTH_LIMIT {
        return Err(LoadError::TooDeep);
    }
    let mut assembly = Assembly {
        chart: Chart::default(),
        described: false,
        null: None,
        subcharts: BTreeMap::new(),
        findings,
        room,
    };
    for file in files.iter().filter(|file| file.name == CHART_FILE) {
        assembly.read_chart_file(file)?;
    }
    for file in &files {
        assembly.sort_in(file)?;
    }
    assembly.chart.raw = files;
    assembly.finish(depth)
}

/// A chart in the making.
struct Assembly<'a> {
    chart: Chart,
    /// Whether anything was read into the metadata.
    described: bool,
    /// The first null among maintainers or dependencies, which no chart may have.
    null: Option<ValidationError>,
    /// The files below `charts/`, by the first element of their path.
    ///
    /// The reference goes through them in random order; by name, everyone sees the same error first.
    subcharts: BTreeMap<String, Vec<File>>,
    findings: &'a mut Vec<Finding>,
    /// How many bytes archives within may still hold together.
    room: &'a mut u64,
}

/// Where a chart lies.
struct Place<'a> {
    /// How many charts it lies in.
    depth: usize,
    room: &'a mut u64,
}

/// A chart that lies in no other.
fn outermost(files: Vec<File>, findings: &mut Vec<Finding>) -> Result<Chart, LoadError> {
    let mut room = NESTED_LIMIT;
    let place = Place {
        depth: 0,
        room: &mut room,
    };
    from_files(files, findings, place)
}

impl Assembly<'_> {
    fn read_chart_file(&mut self, file: &File) -> Result<(), LoadError> {
        self.read_metadata(CHART_FILE, file)?;
        if self.chart.metadata.api_version.is_empty() {
            self.chart.metadata.api_version = API_VERSION_1.to_string();
        }
        self.chart.modified = file.modified;
        Ok(())
    }

    /// Reads a file over what is known already, as Go fills a struct a second time.
    fn read_metadata(&mut self, name: &'static str, file: &File) -> Result<(), LoadError> {
        let error = |source| LoadError::Yaml { file: name, source };
        let mut null = None;
        let look = |value: &yaml::Value| null = metadata::null_entry(value);
        let read: Option<Metadata> = yaml::read_after(&file.data, look).map_err(error)?;
        self.described = true;
        if let Some(read) = read {
            self.chart.metadata.overlay(read);
            self.null = null;
        }
        Ok(())
    }

    fn sort_in(&mut self, file: &File) -> Result<(), LoadError> {
        match file.name.as_str() {
            CHART_FILE => {}
            LOCK_FILE => self.chart.lock = read_lock(LOCK_FILE, file)?,
            VALUES_FILE => {
                self.chart.values = Some(values::read(&file.data).map_err(LoadError::Values)?);
            }
            SCHEMA_FILE => {
                self.chart.schema = Some(file.data.to_vec());
                self.chart.schema_modified = file.modified;
            }
            REQUIREMENTS_FILE => {
                self.warn_of_requirements(
                    "Dependencies are handled in Chart.yaml",
                    "dependencies to Chart.yaml",
                );
                self.read_metadata(REQUIREMENTS_FILE, file)?;
                self.keep_if_version_1(file);
            }
            REQUIREMENTS_LOCK_FILE => {
                self.chart.lock = read_lock(REQUIREMENTS_LOCK_FILE, file)?;
                self.described = true;
                self.warn_of_requirements(
                    "Dependency locking is handled in Chart.lock",
                    "to Chart.lock",
                );
                self.keep_if_version_1(file);
            }
            name if name.starts_with(TEMPLATES) => self.chart.templates.push(file.clone()),
            name => match name.strip_prefix(CHARTS) {
                Some(rest) if extension(rest) != "prov" => self.sort_in_subchart(rest, file),
                _ => self.chart.files.push(file.clone()),
            },
        }
        Ok(())
    }

    fn sort_in_subchart(&mut self, name: &str, file: &File) {
        let folder = name.split('/').next().unwrap_or(name);
        let file = File {
            name: name.to_string(),
            ..file.clone()
        };
        match self.subcharts.get_mut(folder) {
            Some(files) => files.push(file),
            None => {
                self.subcharts.insert(folder.to_string(), vec![file]);
            }
        }
    }

    fn warn_of_requirements(&mut self, what: &str, whither: &str) {
        if self.chart.metadata.api_version != API_VERSION_1 {
            let text = format!(
                "Warning: {what} since apiVersion \"v2\". We recommend migrating {whither}."
            );
            self.findings.push(Finding::info(text));
        }
    }

    fn keep_if_version_1(&mut self, file: &File) {
        if self.chart.metadata.api_version == API_VERSION_1 {
            self.chart.files.push(file.clone());
        }
    }

    fn finish(mut self, depth: usize) -> Result<Chart, LoadError> {
        if !self.described {
            return Err(LoadError::Missing);
        }
        self.chart.metadata.validate()?;
        if let Some(error) = self.null {
            return Err(error.into());
        }
        for (name, files) in self.subcharts {
            if name.starts_with(['_', '.']) {
                continue;
            }
            let place = Place {
                depth,
                room: self.room,
            };
            let subchart = load_subchart(&name, files, self.chart.name(), self.findings, place)?;
            self.chart.dependencies.push(subchart);
        }
        Ok(self.chart)
    }
}

/// The files of an archive within an archive, as far as there is room.
fn nested(archive: &[u8], room: &mut u64) -> Result<Vec<File>, ArchiveError> {
    let files = archive::files(archive)?;
    let size: usize = files.iter().map(|file| file.data.len()).sum();
    *room = room
        .checked_sub(size as u64)
        .ok_or(ArchiveError::TooLarge)?;
    Ok(files)
}

fn load_subchart(
    name: &str,
    files: Vec<File>,
    parent: &str,
    findings: &mut Vec<Finding>,
    Place { depth, room }: Place<'_>,
) -> Result<Chart, LoadError> {
    let place = Place {
        depth: depth + 1,
        room,
    };
    let loaded = if extension(name) == "tgz" {
        let file = files.into_iter().next().unwrap_or_default();
        if file.name != name {
            let (parent, expected, found) = (parent.to_string(), name.to_string(), file.name);
            return Err(LoadError::SubchartName {
                parent,
                expected,
                found,
            });
        }
        nested(&file.data, place.room)
            .map_err(LoadError::from)
            .and_then(|files| from_files(files, findings, place))
    } else {
        let within = |file: File| {
            let name = file.name.split_once('/')?.1.to_string();
            Some(File { name, ..file })
        };
        from_files(
            files.into_iter().filter_map(within).collect(),
            findings,
            place,
        )
    };
    loaded.map_err(|source| LoadError::Subchart {
        name: name.to_string(),
        parent: parent.to_string(),
        source: Box::new(source),
    })
}

fn read_lock(name: &'static str, file: &File) -> Result<Option<Lock>, LoadError> {
    yaml::read(&file.data).map_err(|source| LoadError::Yaml { file: name, source })
}
