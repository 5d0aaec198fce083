//! Fetching locked dependencies, next to `charts/` first.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use helmrs_core::chart::{self, Dependency};
use helmrs_core::path;
use helmrs_core::path_error::PathError;
use helmrs_core::registry::reference::SCHEME;
use helmrs_core::repository::entries::Entry;
use helmrs_core::repository::{Catalog, is_same_url};
use helmrs_core::version::{Constraint, Version};
use tempfile::TempDir;

use super::error::UrlError;
use super::{DependencyError, Job, Origin, place};
use crate::chain;
use crate::download::provenance::Provenance;
use crate::download::repositories;
use crate::download::{ChartReference, locate};
use crate::event::{DependencyEvent, Event};
use crate::folder;

/// The repositories the user added, with what they have.
type Known = Vec<(Entry, Arc<Catalog>)>;

/// What repositories have that the user never added, by their addresses.
pub(super) type Fetched = BTreeMap<String, Arc<Catalog>>;

/// What was asked for already.
struct Asked {
    /// The charts that were downloaded.
    urls: BTreeSet<String>,
    indexes: Fetched,
}

/// The indexes that were fetched just now.
pub(super) fn fetched(job: &Job<'_>, fresh: &[Entry]) -> Fetched {
    let directories = job.context.directories();
    let indexes = fresh.iter().filter_map(|entry| {
        let (index, _) = repositories::read_cached_index(directories, &entry.name).ok()?;
        Some((without_slash(&entry.url).to_owned(), index))
    });
    indexes.collect()
}

fn without_slash(address: &str) -> &str {
    address.strip_suffix('/').unwrap_or(address)
}

/// Fetches dependencies; `charts/` changes only once all of them are there.
// Parity: Helm, pkg/downloader/manager.go, downloadAll.
pub(super) async fn all(
    job: &Job<'_>,
    dependencies: &mut [Dependency],
    indexes: Fetched,
) -> Result<(), DependencyError> {
    let known = known(job)?;
    let charts = path::clean(&job.request.chart.join("charts"));
    make_charts(&charts)?;
    let scratch = scratch(&job.request.chart)?;
    // The folder as the user would call it.
    let name = scratch.path().file_name().unwrap_or_default();
    let folder = path::clean(&job.request.chart.join(name));
    job.tell(DependencyEvent::Saving {
        count: dependencies.len(),
    });
    let mut asked = Asked {
        urls: BTreeSet::new(),
        indexes,
    };
    for dependency in &mut *dependencies {
        let saved = match Origin::of(dependency) {
            Origin::Charts => check_version(dependency, &present(job, dependency, &charts)?)?,
            Origin::Directory => archive(job, dependency, &folder),
            Origin::Registry | Origin::Repository => {
                download(job, dependency, &known, &mut asked, &folder).await
            }
        };
        if let Err(error) = saved {
            let text = chain(&error);
            job.tell(DependencyEvent::SaveFailed { error: text });
            return Err(error);
        }
    }
    place::all(job, dependencies, &folder, &charts)
}

/// The repositories the user added; each must have been asked before.
fn known(job: &Job<'_>) -> Result<Known, DependencyError> {
    let directories = job.context.directories();
    let path = &directories.repository_config;
    let list = repositories::read_list_or_empty(path).map_err(|source| DependencyError::List {
        path: path.display().to_string(),
        source,
    })?;
    let mut known = Known::new();
    for entry in list.repositories {
        let (index, findings) = repositories::read_cached_index(directories, &entry.name)?;
        for finding in findings {
            job.context.tell(Event::Finding(finding));
        }
        known.push((entry, index));
    }
    Ok(known)
}

fn make_charts(charts: &Path) -> Result<(), DependencyError> {
    let path = || charts.display().to_string();
    match fs::metadata(charts) {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        Ok(_) => Err(DependencyError::NotADirectory { path: path() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(folder::make(charts)?),
        Err(error) => Err(DependencyError::Charts {
            path: path(),
            source: PathError::new("stat", charts, error),
        }),
    }
}

/// A new folder beside `charts/`, gone when it is dropped. It is named after the process, unless there is one.
fn scratch(chart: &Path) -> Result<TempDir, DependencyError> {
    let name = format!("tmpcharts-{}", std::process::id());
    let folder = |letters| {
        let mut builder = tempfile::Builder::new();
        builder.prefix(&name).rand_bytes(letters).tempdir_in(chart)
    };
    let made = match folder(0) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => folder(6),
        made => made,
    };
    Ok(made.map_err(|error| PathError::new("mkdir", &path::clean(&chart.join(&name)), error))?)
}

/// The version of a chart that should be in `charts/`.
fn present(
    job: &Job<'_>,
    dependency: &Dependency,
    charts: &Path,
) -> Result<String, DependencyError> {
    let name = dependency.name.clone();
    job.tell(DependencyEvent::AssumedPresent { name });
    let path = path::clean(&charts.join(&dependency.name));
    let chart = job.load(&path).map_err(|source| DependencyError::Present {
        path: path.display().to_string(),
        source: Box::new(source),
    })?;
    Ok(chart.metadata.version)
}

/// Whether the version that was found will do; the outer error is one that nobody is told of on the way.
fn check_version(
    dependency: &Dependency,
    found: &str,
) -> Result<Result<(), DependencyError>, DependencyError> {
    let constraint = constraint(dependency)?;
    let version = Version::parse(found).map_err(|source| DependencyError::Version {
        name: dependency.name.clone(),
        version: dependency.version.clone(),
        source,
    })?;
    Ok(if constraint.check(&version) {
        Ok(())
    } else {
        Err(DependencyError::Unsatisfied {
            name: dependency.name.clone(),
            found: found.to_string(),
            wanted: dependency.version.clone(),
        })
    })
}

fn constraint(dependency: &Dependency) -> Result<Constraint, DependencyError> {
    Constraint::parse(&dependency.version).map_err(|source| DependencyError::Constraint {
        name: dependency.name.clone(),
        source,
    })
}

/// Packages a dependency's directory; the dependency gets the version found there.
// Parity: Helm, pkg/downloader/manager.go, tarFromLocalDir.
fn archive(
    job: &Job<'_>,
    dependency: &mut Dependency,
    folder: &Path,
) -> Result<(), DependencyError> {
    job.tell(DependencyEvent::Archiving {
        name: dependency.name.clone(),
        repository: dependency.repository.clone(),
    });
    let mut chart = job.load(&job.local_path(&dependency.repository)?)?;
    if let Some(time) = job.request.stamp {
        chart::package::stamp(&mut chart, time);
    }
    let constraint = constraint(dependency)?;
    if !constraint.check(&Version::parse(&chart.metadata.version)?) {
        return Err(DependencyError::WrongVersion {
            name: dependency.name.clone(),
        });
    }
    let bytes = chart::package::archive(&chart, job.context.now())?;
    let path = folder.join(chart::package::file_name(&chart.metadata));
    fs::write(&path, bytes).map_err(|error| PathError::new("open", &path, error))?;
    dependency.version = chart.metadata.version;
    Ok(())
}

/// Downloads a dependency from its repository or registry.
async fn download(
    job: &Job<'_>,
    dependency: &Dependency,
    known: &Known,
    asked: &mut Asked,
    folder: &Path,
) -> Result<(), DependencyError> {
    let mut reference = reference(job, dependency, known, &mut asked.indexes)
        .await
        .map_err(|source| match source {
            UrlError::Registry { url } => DependencyError::Reference { url },
            source => DependencyError::NoUrl { source },
        })?;
    reference.verification = job.request.verification.clone();
    let (name, repository) = (dependency.name.clone(), dependency.repository.clone());
    // Parity: of a chart in a registry the reference forgets that it has it.
    let is_new = asked.urls.insert(reference.name.clone());
    if !is_new && Origin::of(dependency) != Origin::Registry {
        job.tell(DependencyEvent::AlreadyDownloaded { name, repository });
        return Ok(());
    }
    job.tell(DependencyEvent::Downloading { name, repository });
    let (directories, watch) = (job.context.directories(), job.context.watch());
    let located = locate::download(directories, watch, &reference, folder)
        .await
        .map_err(|source| DependencyError::Download {
            url: reference.name,
            source,
        })?;
    if let Provenance::Missing { chart, error } = located.provenance {
        job.tell(DependencyEvent::ProvenanceMissing { chart, error });
    }
    Ok(())
}

/// Where a dependency is downloaded from, and as whom.
// Parity: Helm, pkg/downloader/manager.go, findChartURL.
async fn reference(
    job: &Job<'_>,
    dependency: &Dependency,
    known: &Known,
    indexes: &mut Fetched,
) -> Result<ChartReference, UrlError> {
    let address = &dependency.repository;
    if Origin::of(dependency) == Origin::Registry {
        let url = format!("{address}/{}:{}", dependency.name, dependency.version);
        return in_registry(job, &url);
    }
    let mut known = known.iter();
    let Some((entry, index)) = known.find(|(entry, _)| is_same_url(address, &entry.url)) else {
        return unmanaged(job, dependency, indexes).await;
    };
    let chart = index.chart(&dependency.name).ok_or(UrlError::NoEntry)?;
    let versions = chart.versions();
    let versions = versions.map(|version| (version.version(), version.urls().next()));
    let url = first_url(versions, &dependency.version).ok_or(UrlError::NoVersion)?;
    let options = repositories::fetch_options(entry);
    let name = repositories::resolve(address, url)?;
    if name.starts_with(SCHEME) {
        // The credentials of the repository are not for the registry.
        return in_registry(job, &name);
    }
    Ok(ChartReference {
        name,
        credentials: options.credentials,
        pass_credentials_all: options.pass_credentials_all,
        tls: options.tls,
        ..ChartReference::default()
    })
}

/// A chart in a registry, which is talked to as the command line says.
fn in_registry(job: &Job<'_>, url: &str) -> Result<ChartReference, UrlError> {
    let (name, version) = split_tag(url).ok_or_else(|| UrlError::Registry {
        url: url.to_string(),
    })?;
    let connection = job.request.connection.clone();
    Ok(ChartReference {
        name: name.to_string(),
        version: version.to_string(),
        credentials: connection.credentials,
        tls: connection.tls,
        plain_http: connection.plain_http,
        session: connection.session,
        ..ChartReference::default()
    })
}

/// The URL of a repository in a registry, and the tag after it.
// Parity: Helm, pkg/downloader/manager.go, parseOCIRef: what could be a port is one, and the next colon counts.
fn split_tag(url: &str) -> Option<(&str, &str)> {
    let rest = url.strip_prefix(SCHEME)?;
    let (host, after) = rest.split_once(':')?;
    let start = SCHEME.len() + host.len();
    if let Some((repository, tag)) = after.split_once(':')
        && !host.is_empty()
        && repository.len() > 1
        && repository.starts_with(|letter: char| letter.is_ascii_digit())
    {
        return Some((&url[..=start + repository.len()], tag));
    }
    (host.len() > 1).then_some((&url[..start], after))
}

/// The first URL of a version, of versions with theirs.
// Parity: Helm, pkg/downloader/manager.go, findVersionedEntry.
fn first_url<'a>(
    mut versions: impl Iterator<Item = (&'a str, Option<&'a str>)>,
    wanted: &str,
) -> Option<&'a str> {
    let fits = |found: &str| match (Version::parse(wanted), Version::parse(found)) {
        (Ok(wanted), Ok(found)) => wanted == found,
        (Err(_), _) => wanted == found,
        (Ok(_), Err(_)) => false,
    };
    versions.find_map(|(version, url)| url.filter(|_| wanted.is_empty() || fits(version)))
}

/// Where a dependency is whose repository was never added.
///
/// Each is asked for its index once, where the reference asks again for every dependency.
async fn unmanaged(
    job: &Job<'_>,
    dependency: &Dependency,
    indexes: &mut Fetched,
) -> Result<ChartReference, UrlError> {
    let wanted = ChartReference {
        name: dependency.name.clone(),
        version: dependency.version.clone(),
        repository: dependency.repository.clone(),
        ..ChartReference::default()
    };
    let failed = |source| UrlError::Unmanaged {
        chart: dependency.name.clone(),
        repository: dependency.repository.clone(),
        source,
    };
    let (directories, watch) = (job.context.directories(), job.context.watch());
    let address = without_slash(&dependency.repository);
    let index = if let Some(index) = indexes.get(address) {
        // Parity: what is worth telling about an index is told each time.
        for finding in index.findings(&dependency.repository) {
            watch.event(Event::Finding(finding));
        }
        index.clone()
    } else {
        let index = locate::index_at(directories, watch, &wanted).await;
        let index = Arc::new(index.map_err(failed)?);
        indexes.insert(address.to_owned(), index.clone());
        index
    };
    let name = locate::url_in(&index, watch, &wanted).map_err(failed)?;
    if name.starts_with(SCHEME) {
        return in_registry(job, &name);
    }
    Ok(ChartReference {
        name,
        ..ChartReference::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_no_tag() {
        assert_eq!(split_tag("oci://host/a:1.0"), Some(("oci://host/a", "1.0")));
        assert_eq!(
            split_tag("oci://host:1/a:1.0"),
            Some(("oci://host:1/a", "1.0"))
        );
        assert_eq!(split_tag("oci://host:1/a:"), Some(("oci://host:1/a", "")));
        assert_eq!(
            split_tag("oci://host/a:x/b:1"),
            Some(("oci://host/a", "x/b:1"))
        );
        assert_eq!(split_tag("oci://host:1/a"), Some(("oci://host", "1/a")));
        assert_eq!(split_tag("oci://host/a"), None);
    }

    #[test]
    fn versions_are_compared_by_what_they_mean() {
        let versions = [("1.2.0", None), ("v1.2.0", Some("a")), ("odd", Some("b"))];
        let first_url = |wanted| first_url(versions.into_iter(), wanted);
        assert_eq!(first_url("1.2"), Some("a"));
        assert_eq!(first_url("odd"), Some("b"));
        assert_eq!(first_url(""), Some("a"));
        assert_eq!(first_url("2"), None);
    }
}
