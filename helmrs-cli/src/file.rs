//! Files, and who may change them.

use std::fs::{OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use helmrs_core::path_error::PathError;

/// Puts a file in place whole, with the rights every new file gets.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), PathError> {
    let failed = |error| PathError::new("open", path, error);
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut file = tempfile::Builder::new()
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder.unwrap_or(Path::new(".")))
        .map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Writes a file of a chart, which only its owner may change, whatever the mask allows.
pub(crate) fn write_public(path: &Path, bytes: &[u8]) -> Result<(), PathError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o644);
    let mut file = options
        .open(path)
        .map_err(|error| PathError::new("open", path, error))?;
    file.write_all(bytes)
        .map_err(|error| PathError::new("write", path, error))
}
