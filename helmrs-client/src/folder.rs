//! Folders, made with those above them.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use helmrs_core::path_error::PathError;

/// How many links one path may lead through.
const LINKS: usize = 255;

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

/// The place of a path below a folder, whatever links lie there: their targets count from the folder, too.
// Parity: cyphar/filepath-securejoin, SecureJoin.
pub fn within(folder: &Path, path: &Path) -> io::Result<PathBuf> {
    let mut left = LINKS;
    let mut found = PathBuf::new();
    let mut steps: VecDeque<OsString> = VecDeque::new();
    steps.extend(path.iter().map(OsString::from));
    while let Some(step) = steps.pop_front() {
        match Path::new(&step).components().next() {
            Some(Component::Normal(name)) => found.push(name),
            Some(Component::ParentDir) => {
                found.pop();
                continue;
            }
            Some(Component::RootDir) => {
                found.clear();
                continue;
            }
            _ => continue,
        }
        let Ok(target) = fs::read_link(folder.join(&found)) else {
            continue;
        };
        left -= 1;
        if left == 0 {
            return Err(io::Error::other("too many levels of symbolic links"));
        }
        found.pop();
        for step in target.iter().rev() {
            steps.push_front(step.to_owned());
        }
    }
    Ok(folder.join(found))
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

    #[cfg(unix)]
    #[test]
    fn links_lead_out_of_no_folder() {
        use std::os::unix::fs::symlink;
        let root = tempfile::tempdir().unwrap();
        let place = |path: &str| within(root.path(), Path::new(path)).unwrap();
        symlink("/etc", root.path().join("absolute")).unwrap();
        symlink("../../above", root.path().join("upwards")).unwrap();
        symlink("round", root.path().join("round")).unwrap();
        assert_eq!(place("a/b"), root.path().join("a/b"));
        assert_eq!(place("../a/../b"), root.path().join("b"));
        assert_eq!(place("absolute/x"), root.path().join("etc/x"));
        assert_eq!(place("upwards/x"), root.path().join("above/x"));
        assert!(within(root.path(), Path::new("round")).is_err());
    }

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
