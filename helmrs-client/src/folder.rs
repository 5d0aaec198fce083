//! Folders, made with those above them.

use std::fs;
use std::io;
use std::path::Path;

use helmrs_core::path_error::PathError;

/// Makes a folder and those above it; the error names the one that cannot be made. An empty path is the working folder.
// Parity: Go, os, MkdirAll.
pub fn make(path: &Path) -> Result<(), PathError> {
    if path.as_os_str().is_empty() {
        return Ok(());
    }
    let failed = |error| PathError::new("mkdir", path, error);
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => return Ok(()),
        Ok(_) => return Err(failed(io::ErrorKind::NotADirectory.into())),
        Err(_) => {}
    }
    if let Some(parent) = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        make(parent)?;
    }
    match create_public(path) {
        // Another process may have been faster.
        Err(error) if !path.is_dir() => Err(failed(error)),
        _ => Ok(()),
    }
}

/// Others may look into it, but not write, whatever the mask allows.
#[cfg(unix)]
fn create_public(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o755).create(path)
}

#[cfg(not(unix))]
fn create_public(path: &Path) -> io::Result<()> {
    fs::create_dir(path)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_names_the_folder_that_cannot_be_made() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("file");
        fs::write(&file, "").unwrap();
        let error = make(&file.join("a/b")).unwrap_err().to_string();
        assert_eq!(error, format!("mkdir {}: not a directory", file.display()));
        make(&root.path().join("a/b/c")).unwrap();
        make(&root.path().join("a/b/c")).unwrap();
        assert!(root.path().join("a/b/c").is_dir());
        make(Path::new("")).unwrap();
    }
}
