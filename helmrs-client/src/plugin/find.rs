//! The plugins of some folders.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use helmrs_core::plugin::{DuplicateName, PLUGIN_FILE, Plugin, Query, check_names};

use super::load::{LoadError, load_directory};

/// What lies in the folders of plugins.
#[derive(Debug, Default)]
pub struct Found {
    /// The plugins, folder by folder and by the names of their own folders.
    pub plugins: Vec<Plugin>,
    /// What looked like a plugin and is none: the `plugin.yaml`, and why.
    pub refused: Vec<(PathBuf, LoadError)>,
    /// Why the rest was not looked at.
    pub error: Option<DuplicateName>,
}

/// No plugin is the one wanted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FindError {
    /// Two have the same name.
    #[error(transparent)]
    Duplicate(#[from] DuplicateName),
    /// There is none.
    #[error("plugin: {0} not found")]
    Missing(Query),
}

/// Looks at every plugin in `folders`, paths separated as the system separates them.
///
/// What cannot be loaded is passed over and noted.
// Parity: Helm, internal/plugin/loader.go, LoadAllDir and findPlugins: names are compared within a folder only.
pub fn search(folders: &OsStr) -> Found {
    let mut found = Found::default();
    let folders = std::env::split_paths(folders).filter(|folder| !folder.as_os_str().is_empty());
    for folder in folders {
        let Found {
            plugins,
            refused,
            error,
        } = search_folder(&folder);
        found.plugins.extend(plugins);
        found.refused.extend(refused);
        if error.is_some() {
            found.error = error;
            break;
        }
    }
    found
}

/// Looks at every plugin in one folder, whatever its path reads like.
// Parity: Helm, internal/plugin/loader.go, LoadAllDir.
pub fn search_folder(folder: &Path) -> Found {
    let mut found = Found::default();
    for directory in directories(folder) {
        match load_directory(&directory) {
            Ok(plugin) => found.plugins.push(plugin),
            Err(error) => found.refused.push((directory.join(PLUGIN_FILE), error)),
        }
    }
    found.error = check_names(&found.plugins).err();
    found
}

/// The plugins wanted, in their order; `refused` is told what cannot be loaded.
///
/// # Errors
///
/// If two plugins of a folder have the same name.
// Parity: Helm, internal/plugin/loader.go, FindPlugins.
pub fn find(
    folders: &OsStr,
    query: &Query,
    refused: &mut dyn FnMut(&Path, &LoadError),
) -> Result<Vec<Plugin>, DuplicateName> {
    let found = search(folders);
    for (file, error) in &found.refused {
        refused(file, error);
    }
    if let Some(error) = found.error {
        return Err(error);
    }
    let plugins = found.plugins.into_iter();
    Ok(plugins
        .filter(|plugin| query.matches(&plugin.metadata))
        .collect())
}

/// The first plugin that is wanted; `refused` is told what cannot be loaded.
///
/// # Errors
///
/// If there is none, or two plugins of a folder have the same name.
// Parity: Helm, internal/plugin/loader.go, FindPlugin.
pub fn find_one(
    folders: &OsStr,
    query: &Query,
    refused: &mut dyn FnMut(&Path, &LoadError),
) -> Result<Plugin, FindError> {
    let mut plugins = find(folders, query, refused)?.into_iter();
    plugins
        .next()
        .ok_or_else(|| FindError::Missing(query.clone()))
}

/// The folders in a folder that have a `plugin.yaml`, sorted; none if there is no such folder.
fn directories(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut directories: Vec<_> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.join(PLUGIN_FILE).symlink_metadata().is_ok())
        .collect();
    directories.sort_unstable();
    directories
}
