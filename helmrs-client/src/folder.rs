//! Folders that are made where something is to be put.

use std::fs;
use std::io;
use std::path::Path;

use helmrs_core::path_error::PathError;

/// Makes a folder and those it lies in, unless they are there.
pub fn make(path: &Path) -> Result<(), PathError> {
    fs::create_dir_all(path).map_err(|error| PathError::new("mkdir", path, error))
}

/// As [`make`], but nobody else may look into what is made.
pub(crate) fn make_private(path: &Path) -> Result<(), PathError> {
    create_private(path).map_err(|error| PathError::new("mkdir", path, error))
}

#[cfg(unix)]
fn create_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

#[cfg(not(unix))]
fn create_private(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}
