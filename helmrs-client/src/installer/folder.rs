//! Folders copied as they are.
// Parity: Helm, internal/third_party/dep/fs/fs.go, CopyDir.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt, symlink};
use std::path::Path;

use helmrs_core::path_error::PathError;

/// Why a folder was not copied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum CopyError {
    /// The file system says no.
    #[error(transparent)]
    Path(#[from] PathError),
    /// Something is neither file nor folder nor link.
    #[error("{0} is not a regular file")]
    Special(String),
    /// Something in the folder was not copied.
    #[error("{what}")]
    Within {
        what: &'static str,
        source: Box<CopyError>,
    },
}

/// Copies a folder to where there is none; links stay links.
pub(super) fn copy(from: &Path, to: &Path) -> Result<(), CopyError> {
    let metadata = from.symlink_metadata();
    let metadata = metadata.map_err(|error| PathError::new("lstat", from, error))?;
    // Whoever copies has to be able to write into it.
    let mode = metadata.permissions().mode() & 0o777 | 0o700;
    let made = DirBuilder::new().mode(mode).create(to);
    made.map_err(|error| PathError::new("mkdir", to, error))?;
    let failed = |error| PathError::new("open", from, error);
    for entry in fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let kind = entry.file_type().map_err(failed)?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        let (what, copied) = if kind.is_dir() {
            ("copying directory failed", copy(&from, &to))
        } else {
            ("copying file failed", copy_file(&from, &to, kind))
        };
        copied.map_err(|error| CopyError::Within {
            what,
            source: Box::new(error),
        })?;
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path, kind: fs::FileType) -> Result<(), CopyError> {
    if kind.is_symlink() {
        let target =
            fs::read_link(from).map_err(|error| PathError::new("readlink", from, error))?;
        return Ok(symlink(target, to).map_err(|error| PathError::new("symlink", to, error))?);
    }
    if !kind.is_file() {
        return Err(CopyError::Special(from.display().to_string()));
    }
    fs::copy(from, to).map_err(|error| PathError::new("open", from, error))?;
    Ok(())
}

/// Makes a folder and those above it; an error names the one that is in the way.
// Parity: Go, os/path.go, MkdirAll.
pub fn make(folder: &Path) -> Result<(), PathError> {
    let failed = |error: io::Error| PathError::new("mkdir", folder, error);
    match folder.metadata() {
        Ok(found) if found.is_dir() => return Ok(()),
        Ok(_) => return Err(failed(io::ErrorKind::NotADirectory.into())),
        Err(_) => {}
    }
    if let Some(parent) = folder
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        make(parent)?;
    }
    match fs::create_dir(folder) {
        // Another process may have been faster.
        Err(_) if folder.is_dir() => Ok(()),
        made => made.map_err(failed),
    }
}

/// Removes whatever lies at a path; a link is removed, and what it leads to stays.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    let removed = match path.symlink_metadata() {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_copied_as_links_and_removed_as_links() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::create_dir_all(from.join("a/b")).unwrap();
        fs::write(from.join("a/run.sh"), "x").unwrap();
        fs::set_permissions(from.join("a/run.sh"), fs::Permissions::from_mode(0o751)).unwrap();
        symlink("a/run.sh", from.join("link")).unwrap();
        copy(&from, &to).unwrap();
        assert_eq!(
            fs::read_link(to.join("link")).unwrap(),
            Path::new("a/run.sh")
        );
        let mode = to.join("a/run.sh").metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o751);
        assert!(to.join("a/b").is_dir());
        let error = copy(&from, &to).unwrap_err().to_string();
        assert_eq!(error, format!("mkdir {}: file exists", to.display()));
        let link = folder.path().join("linked");
        symlink(&to, &link).unwrap();
        remove(&link).unwrap();
        remove(&link).unwrap();
        assert!(to.is_dir());
        remove(&to).unwrap();
        assert!(!to.exists());
    }
}
