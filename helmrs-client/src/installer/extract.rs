//! A plugin's archive into a folder.
// Parity: Helm, internal/plugin/installer/{extractor,plugin_structure}.go.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use helmrs_core::path_error::PathError;
use helmrs_core::plugin::PLUGIN_FILE;
use helmrs_core::plugin::archive::{ArchiveError, Content, Entry, unpack};

use super::folder;

/// Why an archive was not unpacked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExtractError {
    /// The archive is none, or holds what it must not hold.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The file system says no.
    #[error(transparent)]
    Path(#[from] PathError),
}

/// Unpacks an archive into a folder; what lay there before is removed.
///
/// What comes before a bad entry has been unpacked then.
pub(super) fn extract(archive: &[u8], into: &Path) -> Result<(), ExtractError> {
    // Parity: the reference unpacks over what an earlier version of the plugin left there, and installs that as well.
    folder::remove(into).map_err(|error| PathError::new("unlinkat", into, error))?;
    folder::make(into)?;
    unpack(archive, |entry| write(into, entry))
}

fn write(into: &Path, entry: Entry) -> Result<(), ExtractError> {
    let path = into.join(&entry.path);
    let (mode, data) = match entry.content {
        Content::Folder => return Ok(folder::make(&path)?),
        Content::File { mode, data } => (mode, data),
    };
    folder::make(path.parent().unwrap_or(into))?;
    let failed = |error| PathError::new("open", &path, error);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(mode);
    let mut file = options.open(&path).map_err(failed)?;
    file.write_all(&data).map_err(failed)?;
    Ok(())
}

/// The folder with a `plugin.yaml`: this one, or the first in it that has one.
pub(super) fn root(folder: &Path) -> Option<PathBuf> {
    let is_plugin = |folder: &Path| folder.join(PLUGIN_FILE).metadata().is_ok();
    if is_plugin(folder) {
        return Some(folder.to_owned());
    }
    let entries = std::fs::read_dir(folder).ok()?;
    let mut folders: Vec<_> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(|entry| entry.path())
        .collect();
    folders.sort_unstable();
    folders.into_iter().find(|folder| is_plugin(folder))
}
