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
enum Kind {
    Chart,
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

/// A file of the cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cached {
    /// Where it is.
    pub path: PathBuf,
    /// What it holds.
    pub bytes: Vec<u8>,
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

    /// A cached chart, if there is one that holds what its name says.
    ///
    /// Whoever shares the cache, another program or an index that claims a digest of somebody else's chart, may have put
    /// anything there: what is not what its name says counts as not there.
    // Parity: Helm, pkg/downloader/cache.go, Get, believes the name.
    pub fn chart(&self, fingerprint: &Fingerprint) -> Option<Cached> {
        let cached = self.get(fingerprint, Kind::Chart)?;
        (self::fingerprint(&cached.bytes) == *fingerprint).then_some(cached)
    }

    /// The cached provenance of a chart, which its signature vouches for.
    pub fn provenance(&self, chart: &Fingerprint) -> Option<Cached> {
        self.get(chart, Kind::Provenance)
    }

    /// What a file holds that is there and not empty.
    fn get(&self, fingerprint: &Fingerprint, kind: Kind) -> Option<Cached> {
        let path = self.path(fingerprint, kind);
        let is_file = fs::metadata(&path).ok()?.is_file();
        let bytes = if is_file {
            fs::read(&path).ok()?
        } else {
            return None;
        };
        (!bytes.is_empty()).then_some(Cached { path, bytes })
    }

    /// Caches a chart under the digest of what it holds, and returns both its path and that.
    pub fn put_chart(&self, bytes: &[u8]) -> Result<(PathBuf, Fingerprint), PathError> {
        let fingerprint = fingerprint(bytes);
        let path = self.put(&fingerprint, bytes, Kind::Chart)?;
        Ok((path, fingerprint))
    }

    /// Caches the provenance of a chart and returns its path.
    pub fn put_provenance(&self, chart: &Fingerprint, bytes: &[u8]) -> Result<PathBuf, PathError> {
        self.put(chart, bytes, Kind::Provenance)
    }

    fn put(
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
    place_parts_atomically(path, &[bytes], mode)
}

/// As [`place_atomically`], of a file in several parts.
pub(super) fn place_parts_atomically(
    path: &Path,
    parts: &[&[u8]],
    mode: u32,
) -> Result<(), PathError> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    // Parity: Go, os.CreateTemp: the file written first is called like the last one, with digits after it.
    let digits = 1_000_000_000 + u64::from(std::process::id());
    let temporary = PathBuf::from(format!("{}{digits}", path.display()));
    let failed = |error: io::Error| PathError::new("open", &temporary, error);
    let mut file = NamedTempFile::new_in(folder).map_err(failed)?;
    for part in parts {
        file.write_all(part).map_err(failed)?;
    }
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
    fn a_cached_chart_is_found_by_what_it_holds() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path());
        assert_eq!(cache.chart(&fingerprint(b"chart")), None);
        let (path, name) = cache.put_chart(b"chart").unwrap();
        assert_eq!(name, fingerprint(b"chart"));
        assert_eq!(cache.chart(&name).unwrap().path, path);
        assert_eq!(cache.provenance(&name), None);
        cache.put_provenance(&name, b"signed").unwrap();
        assert_eq!(cache.provenance(&name).unwrap().bytes, b"signed");
    }

    #[test]
    fn a_cached_chart_that_is_not_what_its_name_says_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path());
        let (path, name) = cache.put_chart(b"chart").unwrap();
        fs::write(&path, b"poison").unwrap();
        assert_eq!(cache.chart(&name), None);
        cache.put_chart(b"chart").unwrap();
        assert_eq!(cache.chart(&name).unwrap().bytes, b"chart");
    }
}
