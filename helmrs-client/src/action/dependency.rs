//! Filling a chart's `charts/` with what its `Chart.yaml` asks for.
// Parity: Helm, pkg/downloader/manager.go.

mod download;
mod error;
mod lock;
mod names;
mod place;

use std::fs;
use std::path::{Path, PathBuf};

use helmrs_core::chart::{
    self, API_VERSION_1, Chart, Dependency, LoadError, requirements_digest,
    requirements_digest_of_version_2,
};
use helmrs_core::finding::Finding;
use helmrs_core::path;
use helmrs_core::path_error::PathError;
use helmrs_core::time::Time;

pub use error::{DependencyError, UrlError};

use self::download::Fetched;
use super::repository;
use crate::download::{Connection, Strategy, repositories};
use crate::event::{DependencyEvent, Event};
use crate::{Context, chain};

/// Whose dependencies to fetch, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DependencyRequest {
    /// The chart's directory.
    pub chart: PathBuf,
    /// Whether cached indexes will do.
    pub skip_refresh: bool,
    /// The time that files of packaged directories are stamped with.
    pub stamp: Option<Time>,
    /// How registries are talked to.
    pub connection: Connection,
    /// Whether to tell nobody of the steps.
    pub quiet: bool,
    /// What is done about the provenance of what is downloaded.
    pub verification: Strategy,
}

/// Fetches what the lock of a chart names; without a lock, as [`update`].
pub async fn build(context: &Context, request: &DependencyRequest) -> Result<(), DependencyError> {
    let job = Job { context, request };
    let chart = job.load_chart()?;
    let Some(lock) = chart.lock.clone() else {
        return update(context, request).await;
    };
    let mut requirements = chart.metadata.dependencies;
    let digest_of_version_2 = requirements_digest_of_version_2(&requirements);
    names::resolve(&job, &mut requirements)?;
    if requirements_digest(&requirements, &lock.dependencies) != lock.digest {
        if chart.metadata.api_version != API_VERSION_1 {
            return Err(DependencyError::OutOfSync);
        }
        job.context.tell(Event::OldDigest);
        if digest_of_version_2 != lock.digest {
            return Err(DependencyError::RequirementsOutOfSync);
        }
    }
    names::check_added(&job, &lock.dependencies)?;
    if !request.skip_refresh {
        refresh_all(&job).await?;
    }
    let mut dependencies = lock.dependencies;
    download::all(&job, &mut dependencies, Fetched::new()).await
}

/// Finds the newest versions that a chart's `Chart.yaml` allows, fetches them and locks them.
pub async fn update(context: &Context, request: &DependencyRequest) -> Result<(), DependencyError> {
    let job = Job { context, request };
    let chart = job.load_chart()?;
    let job = &job;
    let mut requirements = chart.metadata.dependencies;
    if requirements.is_absent() {
        return Ok(());
    }
    let mut names = names::resolve(job, &mut requirements)?;
    let unmanaged = names::add_unmanaged(&mut names, &requirements);
    let mut fresh = Vec::new();
    if !job.request.skip_refresh {
        if !unmanaged.is_empty() {
            job.tell(DependencyEvent::RefreshingUnmanaged);
            fresh = names::refresh(job, unmanaged).await?;
        }
        refresh_all(job).await?;
    }
    let mut lock = lock::resolve(job, &requirements, &names).await?;
    let fetched = download::fetched(job, &fresh);
    download::all(job, &mut lock.dependencies, fetched).await?;
    // A directory may have another version by now.
    lock.digest = requirements_digest(&requirements, &lock.dependencies);
    if chart.lock.is_some_and(|old| old.digest == lock.digest) {
        return Ok(());
    }
    let is_old = chart.metadata.api_version == API_VERSION_1;
    lock::write(&job.request.chart, &lock, is_old)
}

/// Fetches the indexes of all repositories the user added.
async fn refresh_all(job: &Job<'_>) -> Result<(), DependencyError> {
    let path = &job.context.directories().repository_config;
    let entries = repositories::read_list_or_empty(path)?.repositories;
    if entries.is_empty() {
        return Ok(());
    }
    job.tell(DependencyEvent::Refreshing);
    names::refresh(job, entries).await?;
    job.tell(DependencyEvent::RefreshComplete);
    Ok(())
}

/// What every step is handed.
#[derive(Clone, Copy)]
struct Job<'a> {
    context: &'a Context,
    request: &'a DependencyRequest,
}

impl Job<'_> {
    fn tell(&self, event: DependencyEvent) {
        if !self.request.quiet {
            self.context.tell(Event::Dependency(event));
        }
    }

    /// Loads the chart whose dependencies are wanted.
    fn load_chart(&self) -> Result<Chart, DependencyError> {
        let path = &self.request.chart;
        let metadata = fs::metadata(path).map_err(|error| DependencyError::NotFound {
            path: path.display().to_string(),
            source: PathError::new("stat", path, error),
        })?;
        if !metadata.is_dir() {
            return Err(DependencyError::Packaged);
        }
        self.load(path)
    }

    /// Loads a chart in a directory.
    fn load(&self, path: &Path) -> Result<Chart, DependencyError> {
        Ok(self.telling(|findings| chart::load_any_directory(path, findings))?)
    }

    /// Loads a chart in a directory or an archive.
    fn load_any(&self, path: &Path) -> Result<Chart, LoadError> {
        self.telling(|findings| chart::load_any(path, findings))
    }

    /// Does what finds something out about a chart and tells what it found, even if it fails.
    fn telling<T>(&self, work: impl FnOnce(&mut Vec<Finding>) -> T) -> T {
        let mut findings = Vec::new();
        let result = work(&mut findings);
        for finding in findings {
            self.context.tell(Event::Finding(finding));
        }
        result
    }

    /// Where a directory is that a dependency names: from the root on, or from the chart on.
    // Parity: Helm, internal/resolver/resolver.go, GetLocalPath.
    fn local_path(&self, address: &str) -> Result<PathBuf, DependencyError> {
        let address = address.strip_prefix(FILE).unwrap_or(address);
        // Joining with an absolute path gives that path.
        let path = path::clean(&self.request.chart.join(address));
        match fs::metadata(&path) {
            Ok(_) => Ok(path),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(DependencyError::NoDirectory {
                    path: path.display().to_string(),
                })
            }
            Err(error) => Err(PathError::new("stat", &path, error).into()),
        }
    }
}

/// How the address of a directory begins.
const FILE: &str = "file://";

/// What kind of place a dependency comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// It is in `charts/` already.
    Charts,
    /// A directory.
    Directory,
    /// A registry.
    Registry,
    /// A repository.
    Repository,
}

impl Origin {
    fn of(dependency: &Dependency) -> Self {
        match dependency.repository.as_str() {
            "" => Self::Charts,
            address if address.starts_with(FILE) => Self::Directory,
            address if address.starts_with("oci://") => Self::Registry,
            _ => Self::Repository,
        }
    }
}

/// How an outcome is told.
fn outcome(updated: &repository::Updated) -> DependencyEvent {
    let entry = &updated.entry;
    let name = (!names::is_unmanaged(&entry.name)).then(|| entry.name.clone());
    match &updated.problem {
        None => DependencyEvent::Refreshed {
            repository: name.unwrap_or_else(|| entry.url.clone()),
        },
        Some(error) => DependencyEvent::NotRefreshed {
            name,
            url: entry.url.clone(),
            error: chain(error),
        },
    }
}
