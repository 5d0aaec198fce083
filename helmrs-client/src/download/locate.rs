//! Where a chart is that a user names: a path, a URL, or a name in a repository.
// Parity: Helm, pkg/action/install.go, LocateChart; pkg/downloader/chart_downloader.go.

mod error;
mod place;

use std::fs;
use std::path::{Path, PathBuf};

use helmrs_core::path_error::PathError;

use super::cache::{Cache, Fingerprint, Kind, fingerprint, place_atomically};
use super::digest::{self, DigestError};
use super::provenance::{Provenance, Strategy, verify_chart, verify_files};
use super::reference::ChartReference;
use super::source::Source;
use super::{Directories, oci};
use crate::event::{Event, Watch};
use crate::folder;

pub use error::LocateError;
pub use place::in_repository_at;
use place::source;

/// A chart on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// Where it is.
    pub path: PathBuf,
    /// What is known of its provenance.
    pub provenance: Provenance,
}

/// The chart at a path, if it is there; none if the name is to be looked for elsewhere.
///
/// Needs no network, so that commands on local charts need nothing that waits.
pub fn locate_local(reference: &ChartReference) -> Result<Option<Located>, LocateError> {
    let name = reference.name.trim();
    if !reference.repository.is_empty() || oci::is_oci(name) {
        return Ok(None);
    }
    let path = Path::new(name);
    if !name.is_empty() && fs::metadata(path).is_ok() {
        let path =
            std::path::absolute(path).map_err(|error| PathError::new("getwd", path, error))?;
        let path = helmrs_core::path::clean(&path);
        let provenance = match reference.verification.trust() {
            Some(trust) => Provenance::Verified(verify_chart(&path, trust)?),
            None => Provenance::Ignored,
        };
        return Ok(Some(Located { path, provenance }));
    }
    if path.is_absolute() || name.starts_with('.') {
        return Err(LocateError::NoPath {
            name: name.to_string(),
        });
    }
    Ok(None)
}

/// What a developer is told before a chart is looked for in the cache.
const CACHE_SET_UP: &str = "set up default downloader cache";

/// The chart a user names, downloaded into the cache if it is not on disk.
pub async fn locate(
    directories: &Directories,
    watch: &dyn Watch,
    reference: &ChartReference,
) -> Result<Located, LocateError> {
    if let Some(local) = locate_local(reference)? {
        return Ok(local);
    }
    if reference.repository.is_empty() {
        folder::make(&directories.repository_cache)?;
    }
    watch.event(Event::step(CACHE_SET_UP, []));
    let source = source(directories, watch, reference).await?;
    let (name, version) = (reference.name.trim(), reference.version.trim());
    let attributes = [("ref", name), ("version", version)];
    watch.event(Event::step("attempting to download chart", attributes));
    // Parity: Helm, pkg/downloader/chart_downloader.go: DownloadToCache says what it did, DownloadTo does not.
    let digest = digest::parse(&source.digest).map_err(|error| match error {
        DigestError::Length(_) => LocateError::Digest(error),
        _ => LocateError::CacheDigest(error),
    })?;
    let cache = Cache::new(&directories.content_cache);
    let (path, fingerprint) = if let Some(cached) =
        digest.and_then(|digest| Some((cache.get(&digest, Kind::Chart)?, digest)))
    {
        cached
    } else {
        let bytes = source.archive(watch).await?;
        // Parity: the digest an index claims names the file, whether it is right or not.
        let name = digest.unwrap_or_else(|| fingerprint(&bytes));
        (cache.put(&name, &bytes, Kind::Chart)?, name)
    };
    let provenance = if reference.verification == Strategy::Never {
        Provenance::Ignored
    } else {
        match cached_provenance(&cache, &fingerprint, &source, watch).await? {
            Ok(file) => check(&path, &source.file_name(), &file, &reference.verification)?,
            Err(error) => source.missing(reference, error)?,
        }
    };
    Ok(Located { path, provenance })
}

/// The provenance of a cached chart, in the cache as well; the inner error is that of its server.
async fn cached_provenance(
    cache: &Cache,
    fingerprint: &Fingerprint,
    source: &Source,
    watch: &dyn Watch,
) -> Result<Result<PathBuf, String>, LocateError> {
    if let Some(cached) = cache.get(fingerprint, Kind::Provenance) {
        return Ok(Ok(cached));
    }
    Ok(match source.provenance(watch).await {
        Ok(bytes) => Ok(cache.put(fingerprint, &bytes, Kind::Provenance)?),
        Err(error) => Err(error),
    })
}

/// Does what is asked for about provenance that was fetched.
fn check(
    archive: &Path,
    file_name: &str,
    provenance: &Path,
    strategy: &Strategy,
) -> Result<Provenance, LocateError> {
    Ok(match strategy.trust() {
        Some(trust) => Provenance::Verified(verify_files(archive, file_name, provenance, trust)?),
        None => Provenance::Fetched,
    })
}

/// The chart a user names, downloaded into a folder under its own name.
// Parity: Helm, pkg/downloader/chart_downloader.go, DownloadTo: the cache is asked and never filled.
pub async fn download(
    directories: &Directories,
    watch: &dyn Watch,
    reference: &ChartReference,
    folder: &Path,
) -> Result<Located, LocateError> {
    watch.event(Event::step(CACHE_SET_UP, []));
    let source = source(directories, watch, reference).await?;
    let cache = Cache::new(&directories.content_cache);
    let digest = digest::parse(&source.digest)?;
    let cached = digest.and_then(|digest| cache.get(&digest, Kind::Chart));
    let bytes = match cached.and_then(|path| fs::read(path).ok()) {
        Some(bytes) => bytes,
        None => source.archive(watch).await?,
    };
    let name = source.file_name();
    let path = folder.join(&name);
    place_atomically(&path, &bytes, 0o644)?;
    if reference.verification == Strategy::Never {
        let provenance = Provenance::Ignored;
        return Ok(Located { path, provenance });
    }
    let cached = digest.and_then(|digest| cache.get(&digest, Kind::Provenance));
    let fetched = match cached.and_then(|path| fs::read(path).ok()) {
        Some(bytes) => Ok(bytes),
        None => source.provenance(watch).await,
    };
    let provenance = match fetched {
        Ok(bytes) => {
            let file = folder.join(format!("{name}.prov"));
            place_atomically(&file, &bytes, 0o644)?;
            check(&path, &name, &file, &reference.verification)?
        }
        Err(error) => source.missing(reference, error)?,
    };
    Ok(Located { path, provenance })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_path_is_named_only_if_it_must_be_one() {
        let reference = |name: &str| ChartReference {
            name: name.to_string(),
            ..ChartReference::default()
        };
        assert_eq!(
            locate_local(&reference("./nope")).unwrap_err().to_string(),
            "path \"./nope\" not found"
        );
        assert_eq!(locate_local(&reference("stable/web")).unwrap(), None);
    }
}
