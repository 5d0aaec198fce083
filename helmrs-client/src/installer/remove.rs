//! Removing a plugin.
// Parity: Helm, pkg/cmd/plugin_uninstall.go, uninstallPlugin.

use helmrs_core::path_error::PathError;
use helmrs_core::plugin::{Plugin, REMOVED};

use super::Places;
use super::fetch::{file_name, provenance_path};
use super::folder;
use super::hook::{self, HookError};
use crate::plugin::Surroundings;

/// Why a plugin is not, or not properly, removed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RemoveError {
    /// The file system says no.
    #[error(transparent)]
    Path(#[from] PathError),
    /// It is removed, and did not do what it does then.
    #[error(transparent)]
    Hook(#[from] HookError),
}

/// Removes a plugin and the archive it came from. What its hook needs has to lie somewhere else: it runs afterwards.
pub fn remove(
    plugin: &Plugin,
    places: &Places,
    surroundings: &Surroundings,
) -> Result<(), RemoveError> {
    let directory = &plugin.directory;
    folder::remove(directory).map_err(|error| PathError::new("unlinkat", directory, error))?;
    if !plugin.metadata.version.is_empty() {
        let archive = places.plugins.join(file_name(&plugin.metadata));
        // Parity: an archive that stays does no harm.
        let _ = std::fs::remove_file(&archive);
        let _ = std::fs::remove_file(provenance_path(&archive));
    }
    Ok(hook::run(plugin, REMOVED, surroundings)?)
}
