//! Where a chart is that a user names: a path, a URL, or a name in a repository.
// Parity: Helm, pkg/action/install.go, LocateChart; pkg/downloader/chart_downloader.go.

mod error;
mod place;

use std::fs;
use std::path::{Path, PathBuf};

use helmrs_core::path_error::PathError;

use super::cache::{Cache, Fingerprint, place_atomically};
use super::digest::{self, DigestError};
use super::provenance::{Provenance, Strategy, verify_chart, verify_files};
use super::reference::ChartReference;
use super::source::Source;
use super::{Directories, oci};
use crate::event::{Event, Watch};
use crate::folder;

pub use error::LocateError;
use place::source;
pub use place::{in_repository_at, index_at, url_in};

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

/// What a developer is told of a chart that need not be downloaded.
const CHART_FOUND: &str = "found chart in cache";

/// What a developer is told of provenance that need not be downloaded.
const PROVENANCE_FOUND: &str = "found provenance in cache";

/// The chart a user names, downloaded into the cache if it is not on disk.
pub async fn locate(
    directories: &Directories,
    watch: &dyn Watch,
    reference: &ChartReference,
) -> Result<Located, LocateError> {
    if let Some(local) = locate_local(reference)? {
        return Ok(local);
    }
    // Parity: Helm, pkg/action/install.go, LocateChart: the cache is set up once the repository at a URL was asked.
    if reference.repository.is_empty() {
        folder::make(&directories.repository_cache)?;
        watch.event(Event::step(CACHE_SET_UP, []));
    }
    let mut source = source(directories, watch, reference).await?;
    if !reference.repository.is_empty() {
        watch.event(Event::step(CACHE_SET_UP, []));
    }
    // Parity: Helm, pkg/downloader/chart_downloader.go: DownloadToCache says what it did, DownloadTo does not.
    let digest = digest::parse(&source.digest).map_err(|error| match error {
        DigestError::Length(_) => LocateError::Digest(error),
        _ => LocateError::CacheDigest(error),
    })?;
    let cache = Cache::new(&directories.content_cache);
    let cached = digest.and_then(|digest| Some((cache.chart(&digest)?.path, digest)));
    let (path, fingerprint) = match cached {
        Some(cached) => {
            watch.event(Event::step(CHART_FOUND, [("id", &source.digest)]));
            cached
        }
        None => fill(&cache, &source, reference, watch).await?,
    };
    // Parity: the reference asks for provenance with none of its options.
    source.options.accept = None;
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

/// Downloads a chart into the cache.
///
/// It is named by what it holds there, whatever its index claims: otherwise an index could put its own file where others look
/// for a chart of theirs.
async fn fill(
    cache: &Cache,
    source: &Source,
    reference: &ChartReference,
    watch: &dyn Watch,
) -> Result<(PathBuf, Fingerprint), LocateError> {
    let name = if reference.repository.is_empty() {
        reference.name.trim()
    } else {
        &source.url
    };
    let attributes = [("ref", name), ("version", reference.version.trim())];
    watch.event(Event::step("attempting to download chart", attributes));
    let bytes = source.archive(watch).await?;
    let (path, fingerprint) = cache.put_chart(&bytes)?;
    let id = hex::encode(fingerprint);
    let told = Event::step("put downloaded chart in cache", [("id", &id)]);
    watch.event(told);
    Ok((path, fingerprint))
}

/// The provenance of a cached chart, in the cache as well; the inner error is that of its server.
async fn cached_provenance(
    cache: &Cache,
    fingerprint: &Fingerprint,
    source: &Source,
    watch: &dyn Watch,
) -> Result<Result<PathBuf, String>, LocateError> {
    if let Some(cached) = cache.provenance(fingerprint) {
        watch.event(Event::step(PROVENANCE_FOUND, [("id", &source.digest)]));
        return Ok(Ok(cached.path));
    }
    let bytes = match source.provenance(watch).await {
        Ok(bytes) => bytes,
        Err(error) => return Ok(Err(error)),
    };
    let path = cache.put_provenance(fingerprint, &bytes)?;
    let id = hex::encode(fingerprint);
    let told = "put downloaded provenance file in cache";
    watch.event(Event::step(told, [("id", &id)]));
    Ok(Ok(path))
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
    // Parity: Helm, pkg/action/pull.go, Run: the cache is set up once the repository at a URL was asked.
    if reference.repository.is_empty() {
        watch.event(Event::step(CACHE_SET_UP, []));
    }
    let mut source = source(directories, watch, reference).await?;
    if !reference.repository.is_empty() {
        watch.event(Event::step(CACHE_SET_UP, []));
    }
    let cache = Cache::new(&directories.content_cache);
    let digest = digest::parse(&source.digest)?;
    let bytes = match digest.and_then(|digest| cache.chart(&digest)) {
        Some(cached) => {
            watch.event(Event::step(CHART_FOUND, [("id", &source.digest)]));
            // Parity: what is wanted is said with the first download of a command, and provenance is the first here.
            source.options.accept = None;
            cached.bytes
        }
        None => source.archive(watch).await?,
    };
    let name = source.file_name();
    let path = folder.join(&name);
    place_atomically(&path, &bytes, 0o644)?;
    if reference.verification == Strategy::Never {
        let provenance = Provenance::Ignored;
        return Ok(Located { path, provenance });
    }
    let fetched = match digest.and_then(|digest| cache.provenance(&digest)) {
        Some(cached) => {
            watch.event(Event::step(PROVENANCE_FOUND, [("id", &source.digest)]));
            Ok(cached.bytes)
        }
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
