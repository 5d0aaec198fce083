//! Moving what was fetched into `charts/`, and removing what is no longer wanted.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, DirEntry};
use std::io;
use std::path::Path;

use helmrs_core::chart::Dependency;
use helmrs_core::path_error::PathError;

use super::{DependencyError, Job, Origin};
use crate::chain;
use crate::event::DependencyEvent;

/// Moves archives from one folder to another, and removes the archives that were there before unless a dependency
/// without a repository needs them.
// Parity: Helm, pkg/downloader/manager.go, safeMoveDeps.
pub(super) fn all(
    job: &Job<'_>,
    dependencies: &[Dependency],
    from: &Path,
    charts: &Path,
) -> Result<(), DependencyError> {
    let fetched = files(from)?;
    let before = files(charts)?;
    for name in &fetched {
        put(job, &from.join(name), &charts.join(name));
    }
    job.tell(DependencyEvent::DeletingOutdated);
    let kept: BTreeSet<&str> = dependencies
        .iter()
        .filter(|dependency| Origin::of(dependency) == Origin::Charts)
        .map(|dependency| dependency.name.as_str())
        .collect();
    for name in before.difference(&fetched) {
        delete(job, &charts.join(name), &kept);
    }
    Ok(())
}

/// The names of the files in a folder.
fn files(folder: &Path) -> Result<BTreeSet<OsString>, DependencyError> {
    let failed = |error: io::Error| PathError::new("open", folder, error);
    let entries: Vec<DirEntry> = fs::read_dir(folder)
        .and_then(Iterator::collect)
        .map_err(failed)?;
    let is_file = |entry: &DirEntry| entry.file_type().is_ok_and(|kind| !kind.is_dir());
    Ok(entries
        .into_iter()
        .filter(is_file)
        .map(|entry| entry.file_name())
        .collect())
}

/// Moves one archive, if it is a chart.
fn put(job: &Job<'_>, from: &Path, to: &Path) {
    let path = from.display().to_string();
    if let Err(error) = job.load_any(from) {
        let error = chain(&error);
        job.tell(DependencyEvent::NotMovable { path, error });
    } else if let Err(error) = rename(from, to) {
        let error = chain(&PathError::new("rename", from, error));
        job.tell(DependencyEvent::MoveFailed { path, error });
    }
}

/// Renames a file; `charts/` may be a link to another disk.
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            fs::copy(from, to)?;
            fs::remove_file(from)
        }
        result => result,
    }
}

/// Deletes one archive, if it is a chart that is not to be kept.
fn delete(job: &Job<'_>, file: &Path, kept: &BTreeSet<&str>) {
    let path = file.display().to_string();
    match job.load_any(file) {
        Err(error) => {
            let error = chain(&error);
            job.tell(DependencyEvent::NotDeletable { path, error });
        }
        Ok(chart) if kept.contains(chart.name()) => {}
        Ok(_) => {
            if let Err(error) = fs::remove_file(file) {
                let error = chain(&PathError::new("remove", file, error));
                job.tell(DependencyEvent::DeleteFailed { path, error });
            }
        }
    }
}
