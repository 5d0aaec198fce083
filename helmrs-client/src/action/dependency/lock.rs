//! `Chart.lock`: which versions the dependencies have, and writing that down.

use std::fs;
use std::path::Path;

use helmrs_core::chart::{Dependencies, Dependency, Lock};
use helmrs_core::path;
use helmrs_core::path_error::PathError;
use helmrs_core::registry::reference::SCHEME;
use helmrs_core::repository::resolve::{Available, Resolver};
use helmrs_core::version::Version;
use helmrs_core::yaml;

use super::names::Names;
use super::{DependencyError, Job, Origin};
use crate::download::cache::place_atomically;
use crate::download::repositories;
use crate::event::Event;

/// Locks each dependency to a version.
// Parity: Helm, internal/resolver/resolver.go, Resolve.
pub(super) async fn resolve(
    job: &Job<'_>,
    requirements: &Dependencies,
    names: &Names,
) -> Result<Lock, DependencyError> {
    let mut resolver = Resolver::default();
    for dependency in requirements {
        // Before anything is looked for.
        Resolver::constraint(dependency)?;
        match Origin::of(dependency) {
            Origin::Charts => {
                job.local_path(&format!("charts/{}", dependency.name))?;
                resolver.lock(dependency, Available::AsAsked)?;
            }
            Origin::Directory => {
                let chart = job.load(&job.local_path(&dependency.repository)?)?;
                resolver.lock(dependency, Available::Directory(&chart.metadata.version))?;
            }
            Origin::Registry if Version::parse(&dependency.version).is_ok() => {
                resolver.lock(dependency, Available::AsAsked)?;
            }
            Origin::Registry => {
                let tags = versions(job, dependency).await?;
                resolver.lock(dependency, Available::Tags(&tags))?;
            }
            Origin::Repository => lock_to_index(job, &mut resolver, dependency, names)?,
        }
    }
    Ok(resolver.finish(requirements, job.context.now())?)
}

/// The versions of a dependency that its registry has.
async fn versions(job: &Job<'_>, dependency: &Dependency) -> Result<Vec<String>, DependencyError> {
    let (directories, watch) = (job.context.directories(), job.context.watch());
    let registry = job.request.connection.registry(directories)?;
    let repository = &dependency.repository;
    let address = repository.strip_prefix(SCHEME).unwrap_or(repository);
    let address = format!("{address}/{}", dependency.name);
    let versions = registry.versions(&address, watch).await;
    versions.map_err(|source| DependencyError::Tags {
        repository: repository.clone(),
        source,
    })
}

/// Locks a dependency to a version that its repository's cached index has.
fn lock_to_index(
    job: &Job<'_>,
    resolver: &mut Resolver,
    dependency: &Dependency,
    names: &Names,
) -> Result<(), DependencyError> {
    let Some(name) = names.get(&dependency.name) else {
        return Ok(resolver.lock(dependency, Available::AsAsked)?);
    };
    let directories = job.context.directories();
    let (index, findings) =
        repositories::read_cached_index(directories, name).map_err(|source| {
            DependencyError::NoCachedIndex {
                name: name.clone(),
                source,
            }
        })?;
    for finding in findings {
        job.context.tell(Event::Finding(finding));
    }
    let chart = index
        .chart(&dependency.name)
        .ok_or_else(|| DependencyError::NotInIndex {
            chart: dependency.name.clone(),
            repository: dependency.repository.clone(),
        })?;
    Ok(resolver.lock(dependency, Available::Index(chart))?)
}

/// Writes the lock of a chart, whole or not at all; whatever a link in its place points to stays as it is.
// Parity: Helm, pkg/downloader/manager.go, writeLock, where a link that appears late is followed (CVE-2025-53547).
pub(super) fn write(chart: &Path, lock: &Lock, is_old: bool) -> Result<(), DependencyError> {
    let name = if is_old {
        "requirements.lock"
    } else {
        "Chart.lock"
    };
    let path = path::clean(&chart.join(name));
    if fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink()) {
        let target =
            fs::read_link(&path).map_err(|error| PathError::new("readlink", &path, error))?;
        return Err(DependencyError::Symlink {
            name,
            target: target.display().to_string(),
        });
    }
    let value = yaml::to_value(lock).expect("a lock is plain data");
    let text = yaml::to_yaml(&value).expect("a lock is plain data");
    place_atomically(&path, text.as_bytes(), 0o644)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_that_is_a_link_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let outside = folder.path().join("profile");
        fs::write(&outside, "mine").unwrap();
        std::os::unix::fs::symlink(&outside, folder.path().join("Chart.lock")).unwrap();
        let error = write(folder.path(), &Lock::default(), false).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "the Chart.lock file is a symlink to \"{}\"",
                outside.display()
            )
        );
        assert_eq!(fs::read_to_string(&outside).unwrap(), "mine");
    }

    #[test]
    fn charts_of_the_first_version_have_another_file() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &Lock::default(), true).unwrap();
        assert!(folder.path().join("requirements.lock").is_file());
        assert!(!folder.path().join("Chart.lock").exists());
    }
}
