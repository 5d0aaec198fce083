//! Downloaded files by the digest of what they hold.
// Parity: Helm, pkg/downloader/cache.go.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use helmrs_core::path_error::PathError;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::folder;

/// What kind of file is cached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A chart's archive.
    Chart,
    /// A chart's provenance.
    Provenance,
}

impl Kind {
    fn extension(self) -> &'static str {
        match self {
            Self::Chart => ".chart",
            Self::Provenance => ".prov",
        }
    }
}

/// The 32 bytes that name a file by what it holds.
pub type Fingerprint = [u8; 32];

/// The fingerprint of bytes.
pub fn fingerprint(bytes: &[u8]) -> Fingerprint {
    Sha256::digest(bytes).into()
}

/// A folder of files named by their fingerprints.
#[derive(Clone, Debug)]
pub struct Cache {
    root: PathBuf,
}

impl Cache {
    /// The cache in a folder, which need not exist yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The path of a cached file, if there is one that is not empty.
    pub fn get(&self, fingerprint: &Fingerprint, kind: Kind) -> Option<PathBuf> {
        let path = self.path(fingerprint, kind);
        let metadata = fs::metadata(&path).ok()?;
        (metadata.is_file() && metadata.len() > 0).then_some(path)
    }

    /// Caches a file and returns its path.
    pub fn put(
        &self,
        fingerprint: &Fingerprint,
        bytes: &[u8],
        kind: Kind,
    ) -> Result<PathBuf, PathError> {
        let path = self.path(fingerprint, kind);
        write_atomically(&path, bytes, 0o644)?;
        Ok(path)
    }

    fn path(&self, fingerprint: &Fingerprint, kind: Kind) -> PathBuf {
        let name = hex::encode(fingerprint);
        self.root
            .join(&name[..2])
            .join(format!("{name}{}", kind.extension()))
    }
}

/// Puts a file in place whole, in a folder made for it if need be: readers see the old one or the new one, never half of
/// it.
pub fn write_atomically(path: &Path, bytes: &[u8], mode: u32) -> Result<(), PathError> {
    folder::make(path.parent().unwrap_or(Path::new(".")))?;
    place_atomically(path, bytes, mode)
}

/// Puts a file in place whole, in a folder that is there.
pub fn place_atomically(path: &Path, bytes: &[u8], mode: u32) -> Result<(), PathError> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    // Parity: Go, os.CreateTemp: the file written first is called like the last one, with digits after it.
    let temporary = PathBuf::from(format!("{}{}", path.display(), std::process::id()));
    let failed = |error: io::Error| PathError::new("open", &temporary, error);
    let mut file = NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    set_mode(&file, mode).map_err(failed)?;
    file.persist(path)
        .map_err(|error| PathError::new("rename", path, error.error))?;
    Ok(())
}

#[cfg(unix)]
fn set_mode(file: &NamedTempFile, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.as_file()
        .set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_: &NamedTempFile, _: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cached_file_is_found_by_what_it_holds() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path());
        let name = fingerprint(b"chart");
        assert_eq!(cache.get(&name, Kind::Chart), None);
        let path = cache.put(&name, b"chart", Kind::Chart).unwrap();
        assert_eq!(cache.get(&name, Kind::Chart), Some(path));
        assert_eq!(cache.get(&name, Kind::Provenance), None);
    }
}
