//! Bringing a plugin up to date.
// Parity: Helm, pkg/cmd/plugin_update.go; internal/plugin/installer/{installer,vcs_installer}.go.

use std::io;
use std::path::{Path, PathBuf};

use helmrs_core::path::clean;
use helmrs_core::path_error::PathError;
use helmrs_core::plugin::{PLUGIN_FILE, Plugin, UPDATED};

use super::Places;
use super::folder::CopyError;
use super::git::{Checkout, GitError, system_of};
use super::hook::{self, HookError};
use super::place::{Workshop, exchange};
use super::source::base;
use crate::event::{Event, PluginEvent, Watch};
use crate::plugin::{LoadError, Surroundings, load_directory};

/// Why a plugin stays as it is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UpdateError {
    /// The file system says no.
    #[error(transparent)]
    Path(#[from] PathError),
    /// It does not come from a repository.
    #[error("cannot get information about plugin source")]
    NoSource,
    /// It is not where plugins from its repository are.
    #[error("plugin does not exist")]
    Missing,
    /// The repository is not to be had.
    #[error(transparent)]
    Git(#[from] GitError),
    /// It cannot be copied.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// What is new is no plugin.
    #[error("plugin metadata ({PLUGIN_FILE}) missing")]
    NoDescriptor,
    /// What is new is no plugin that can be used.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The new plugin did not do what it does then.
    #[error(transparent)]
    Hook(#[from] HookError),
}

/// Brings a plugin up to date with its repository; if the new one does not work, the old one is there as it was.
pub fn update(
    plugin: &Plugin,
    places: &Places,
    surroundings: &Surroundings,
    watch: &dyn Watch,
) -> Result<(), UpdateError> {
    let folder = real_path(&plugin.directory)?;
    let checkout = checkout(&folder, places, watch)?;
    let name = base(checkout.remote());
    let destination = clean(&PathBuf::from(format!(
        "{}/{name}",
        places.plugins.display()
    )));
    if let Err(error) = destination.metadata()
        && error.kind() == io::ErrorKind::NotFound
    {
        watch.event(Event::Plugin(PluginEvent::Missing {
            path: destination.display().to_string(),
            error: PathError::new("stat", &destination, error).to_string(),
        }));
        return Err(UpdateError::Missing);
    }
    if checkout.is_modified() {
        return Err(GitError::Modified.into());
    }
    // Somebody's own folder is not copied: it may be big, and there are changes only its owner knows of.
    if is_folder(&destination) && real_path(&destination)? == folder {
        replace(&checkout, &destination, surroundings)
    } else {
        update_in_place(&checkout, &destination, surroundings)
    }
}

fn is_folder(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|found| found.is_dir())
}

fn real_path(path: &Path) -> Result<PathBuf, PathError> {
    path.canonicalize()
        .map_err(|error| PathError::new("lstat", path, error))
}

/// The repository that a plugin's folder is a copy of.
fn checkout(folder: &Path, places: &Places, watch: &dyn Watch) -> Result<Checkout, UpdateError> {
    let checkout = system_of(folder)
        .ok_or(GitError::Undetected)
        .and_then(|system| Checkout::new(system, "", folder.to_owned(), &places.programs));
    checkout.map_err(|error| match error {
        GitError::Undetected => {
            watch.event(Event::Plugin(PluginEvent::UnknownSource {
                path: folder.display().to_string(),
                error: error.to_string(),
            }));
            UpdateError::NoSource
        }
        error => error.into(),
    })
}

/// Updates a copy, and exchanges it for the plugin. What is exchanged goes back if the hook fails.
fn replace(
    checkout: &Checkout,
    destination: &Path,
    surroundings: &Surroundings,
) -> Result<(), UpdateError> {
    let workshop = Workshop::beside(destination)?;
    let copy = workshop.copy(checkout.folder())?;
    checkout.moved(copy.clone()).update()?;
    check(&copy)?;
    // Where a folder lies is part of what is said of it, so it is looked at there again.
    load_directory(&copy)?;
    exchange(&copy, destination)?;
    let done = finish(destination, surroundings);
    if done.is_err() {
        exchange(&copy, destination)?;
    }
    done
}

/// Updates a folder that is somebody's own; it goes back to the revision before if what is new does not work.
fn update_in_place(
    checkout: &Checkout,
    destination: &Path,
    surroundings: &Surroundings,
) -> Result<(), UpdateError> {
    let before = checkout.revision();
    let done = checkout
        .update()
        .map_err(UpdateError::from)
        .and_then(|()| check(checkout.folder()))
        .and_then(|()| finish(destination, surroundings));
    if let (Err(_), Some(before)) = (&done, before) {
        checkout.go_back(&before);
    }
    done
}

fn check(folder: &Path) -> Result<(), UpdateError> {
    match folder.join(PLUGIN_FILE).metadata() {
        Ok(_) => Ok(()),
        Err(_) => Err(UpdateError::NoDescriptor),
    }
}

fn finish(destination: &Path, surroundings: &Surroundings) -> Result<(), UpdateError> {
    let plugin = load_directory(destination)?;
    Ok(hook::run(&plugin, UPDATED, surroundings)?)
}
