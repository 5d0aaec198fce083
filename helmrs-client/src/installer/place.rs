//! Putting plugins where they are looked for: whole, or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use helmrs_core::path_error::PathError;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use tempfile::TempDir;

use super::folder::{self, CopyError};

/// A folder beside the plugins in which one is put together. Plugins are looked for one level below their folder only, so
/// that what lies in here is not found.
#[derive(Debug)]
pub(super) struct Workshop {
    folder: TempDir,
}

impl Workshop {
    /// Makes one beside where the plugin will be.
    pub(super) fn beside(destination: &Path) -> Result<Self, PathError> {
        let parent = destination.parent().unwrap_or(Path::new("."));
        let made = tempfile::Builder::new()
            .prefix(".helmrs-")
            .tempdir_in(parent);
        let folder = made.map_err(|error| PathError::new("mkdir", parent, error))?;
        Ok(Self { folder })
    }

    /// Copies a plugin into it.
    pub(super) fn copy(&self, plugin: &Path) -> Result<PathBuf, CopyError> {
        let copy = self.folder.path().join("plugin");
        folder::copy(plugin, &copy)?;
        Ok(copy)
    }
}

/// Copies a plugin to where there is none.
pub(super) fn put(plugin: &Path, destination: &Path) -> Result<(), CopyError> {
    let workshop = Workshop::beside(destination)?;
    let copy = workshop.copy(plugin)?;
    let moved = fs::rename(&copy, destination);
    Ok(moved.map_err(|error| PathError::new("rename", destination, error))?)
}

/// Exchanges two folders, in one step where the file system can do that.
pub(super) fn exchange(one: &Path, other: &Path) -> Result<(), PathError> {
    let swapped = match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS | rustix::io::Errno::NOTSUP) => {
            exchange_stepwise(one, other)
        }
        swapped => swapped.map_err(io::Error::from),
    };
    swapped.map_err(|error| PathError::new("rename", other, error))
}

/// Exchanges two folders by way of a third name; what goes wrong is undone.
fn exchange_stepwise(one: &Path, other: &Path) -> io::Result<()> {
    let mut aside = one.as_os_str().to_owned();
    aside.push(".old");
    fs::rename(other, &aside)?;
    let moved = fs::rename(one, other);
    if moved.is_err() {
        fs::rename(&aside, other)?;
        return moved;
    }
    fs::rename(&aside, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_exchanged_either_way() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("one"), folder.path().join("other"));
        for path in [&one, &other] {
            fs::create_dir(path).unwrap();
            fs::write(
                path.join("name"),
                path.file_name().unwrap().as_encoded_bytes(),
            )
            .unwrap();
        }
        let name = |path: &Path| fs::read_to_string(path.join("name")).unwrap();
        exchange(&one, &other).unwrap();
        assert_eq!((name(&one), name(&other)), ("other".into(), "one".into()));
        exchange_stepwise(&one, &other).unwrap();
        assert_eq!((name(&one), name(&other)), ("one".into(), "other".into()));
        assert!(exchange_stepwise(&folder.path().join("none"), &other).is_err());
        assert_eq!(name(&other), "other");
    }

    #[test]
    fn what_cannot_be_copied_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let plugins = folder.path().join("plugins");
        fs::create_dir(&plugins).unwrap();
        let destination = plugins.join("echo");
        assert!(put(&folder.path().join("none"), &destination).is_err());
        assert_eq!(fs::read_dir(&plugins).unwrap().count(), 0);
    }
}
