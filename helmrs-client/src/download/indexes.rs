//! The cached indexes of repositories: each is read once by a command, and a catalog of it is kept beside it.
//!
//! Beside `stable-index.yaml` lies `stable-index.catalog`, if the index is worth it. It is used without a look at the
//! index as long as the index's size, times and inode are those it was made of, and were so for a while when it was
//! last looked at; otherwise the index's digest decides. It is written whole or not at all, and it is nobody's error if
//! it cannot be written.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use helmrs_core::finding::Finding;
use helmrs_core::path_error::PathError;
use helmrs_core::repository::catalog::sidecar::{self, HEADER, Header, Origin, State};
use helmrs_core::repository::{Catalog, IndexError};

use super::cache::{Fingerprint, fingerprint, place_parts_atomically};
use super::repositories::{RepositoryError, index_file_name};

/// Smaller indexes are read faster than anybody could tell.
const WORTH_KEEPING: u64 = 64 << 10;

/// Larger indexes are no indexes; nobody has seen one of a tenth of this.
pub(super) const MOST: usize = 512 << 20;

/// How long a file must have been left alone for its times to tell its states apart.
const SETTLED: Duration = Duration::from_secs(2);

/// What a command has read of cached indexes, shared by its clones.
#[derive(Clone, Default)]
pub struct Indexes(Arc<Mutex<BTreeMap<PathBuf, Known>>>);

/// A catalog in memory.
#[derive(Clone)]
struct Known {
    /// The state of the index it was read from; none if it came from elsewhere.
    state: Option<State>,
    digest: Option<Fingerprint>,
    catalog: Arc<Catalog>,
}

impl fmt::Debug for Indexes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Indexes").finish_non_exhaustive()
    }
}

/// They make no difference to anybody but in time.
impl PartialEq for Indexes {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Indexes {}

impl Indexes {
    /// What the cached index of a repository lists, and what is worth telling about it.
    pub fn read(
        &self,
        cache: &Path,
        name: &str,
    ) -> Result<(Arc<Catalog>, Vec<Finding>), RepositoryError> {
        let path = cache.join(index_file_name(name));
        let catalog = self.catalog(&path)?;
        let findings = catalog.findings(&path.to_string_lossy());
        Ok((catalog, findings))
    }

    fn catalog(&self, path: &Path) -> Result<Arc<Catalog>, RepositoryError> {
        let failed = |error| PathError::of_read(path, error);
        let mut file = File::open(path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        let state = state(&metadata);
        let known = self.known(path);
        if let Some(known) = known.clone().filter(|known| known.state == Some(state)) {
            return Ok(known.catalog);
        }
        let kept = Kept::find(path, &metadata, &state);
        if let Some(catalog) = kept.as_ref().and_then(|kept| kept.of_state(&state)) {
            return Ok(self.keep(path, Some(state), None, catalog.into()));
        }
        let bytes = read(&mut file, &state).map_err(failed)?;
        let refused = |source| RepositoryError::Cached {
            path: path.display().to_string(),
            source,
        };
        if bytes.len() > MOST {
            return Err(refused(IndexError::TooLarge));
        }
        let is_worth_it = metadata.is_file() && state.size >= WORTH_KEEPING;
        let digest = (is_worth_it || known.is_some()).then(|| fingerprint(&bytes));
        if let Some(known) = known.filter(|known| digest.is_some() && known.digest == digest) {
            return Ok(self.keep(path, Some(state), digest, known.catalog));
        }
        let of_digest = |kept: &Kept| digest.and_then(|digest| kept.of_digest(digest));
        let catalog = match kept.as_ref().and_then(of_digest) {
            Some(catalog) => catalog,
            None => Catalog::read(&bytes).map_err(refused)?,
        };
        drop(bytes);
        if let Some(digest) = digest.filter(|_| is_worth_it) {
            // Whatever is under way here, what was read may be half of each.
            let is_settled = file
                .metadata()
                .is_ok_and(|metadata| self::state(&metadata) == state);
            if is_settled {
                write(path, &catalog, &Origin { state, digest }, mode(&metadata));
            }
        }
        Ok(self.keep(path, Some(state), digest, catalog.into()))
    }

    /// Remembers the catalog of an index that was just put in place.
    pub(super) fn remember(&self, path: &Path, bytes: &[u8], catalog: Catalog) {
        let digest = fingerprint(bytes);
        let size = bytes.len() as u64;
        if size >= WORTH_KEEPING {
            // Whose file lies there by now is for the next reader to find out.
            let state = State {
                size,
                ..State::default()
            };
            write(path, &catalog, &Origin { state, digest }, 0o644);
        }
        self.keep(path, None, Some(digest), catalog.into());
    }

    fn known(&self, path: &Path) -> Option<Known> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(path).cloned()
    }

    fn keep(
        &self,
        path: &Path,
        state: Option<State>,
        digest: Option<Fingerprint>,
        catalog: Arc<Catalog>,
    ) -> Arc<Catalog> {
        let known = Known {
            state,
            digest,
            catalog: catalog.clone(),
        };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(path.to_path_buf(), known);
        catalog
    }
}

/// A catalog beside an index, of which the header was read.
struct Kept {
    path: PathBuf,
    header: Header,
    /// When it was last found to be right.
    checked: SystemTime,
}

impl Kept {
    /// The catalog beside an index, if it may be the index's.
    fn find(index: &Path, metadata: &Metadata, state: &State) -> Option<Self> {
        if !metadata.is_file() || state.size < WORTH_KEEPING {
            return None;
        }
        let path = catalog_path(index);
        let metadata = fs::metadata(&path).ok().filter(Metadata::is_file)?;
        let mut bytes = [0; HEADER];
        File::open(&path).ok()?.read_exact(&mut bytes).ok()?;
        let header = Header::read(&bytes)?;
        let length = HEADER
            .checked_add(header.numbers)?
            .checked_add(header.texts)?;
        let is_whole = metadata.len() == length as u64 && header.origin.state.size == state.size;
        is_whole.then_some(Self {
            path,
            header,
            checked: metadata.modified().ok()?,
        })
    }

    /// The catalog, if the index is in the state it was made of and had been left alone by then.
    fn of_state(&self, state: &State) -> Option<Catalog> {
        let settled = time(state.modified.max(state.changed))?.checked_add(SETTLED)?;
        if self.header.origin.state == *state && self.checked >= settled {
            return self.load();
        }
        None
    }

    fn of_digest(&self, digest: Fingerprint) -> Option<Catalog> {
        (self.header.origin.digest == digest).then(|| self.load())?
    }

    fn load(&self) -> Option<Catalog> {
        let mut file = File::open(&self.path).ok()?;
        let mut bytes = [0; HEADER];
        file.read_exact(&mut bytes).ok()?;
        // Another one may have taken its place.
        if Header::read(&bytes)? != self.header {
            return None;
        }
        let mut numbers = vec![0; self.header.numbers];
        file.read_exact(&mut numbers).ok()?;
        let mut texts = String::with_capacity(self.header.texts);
        let most = self.header.texts as u64 + 1;
        file.take(most).read_to_string(&mut texts).ok()?;
        if texts.len() != self.header.texts {
            return None;
        }
        self.header.catalog(numbers, texts)
    }
}

/// Where the catalog of an index is kept.
pub(super) fn catalog_path(index: &Path) -> PathBuf {
    index.with_extension("catalog")
}

/// Keeps a catalog beside its index; that it could not be kept shows in time only.
fn write(index: &Path, catalog: &Catalog, origin: &Origin, mode: u32) {
    let (header, numbers, texts) = sidecar::parts(catalog, origin);
    if Header::read(&header).is_some() {
        let parts = [&header, numbers, texts.as_bytes()];
        let _ = place_parts_atomically(&catalog_path(index), &parts, mode);
    }
}

/// Reads an index, and a byte more than may be in one.
fn read(file: &mut File, state: &State) -> io::Result<Vec<u8>> {
    let size = usize::try_from(state.size).unwrap_or(MOST).min(MOST);
    let mut bytes = Vec::with_capacity(size + 1);
    file.take(MOST as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What tells the states of a file apart.
fn state(metadata: &Metadata) -> State {
    let modified = metadata.modified().ok();
    let modified = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let modified = modified.unwrap_or_default();
    let state = State {
        size: metadata.len(),
        modified: (modified.as_secs().cast_signed(), modified.subsec_nanos()),
        ..State::default()
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let nanoseconds = u32::try_from(metadata.ctime_nsec()).unwrap_or_default();
        State {
            changed: (metadata.ctime(), nanoseconds),
            inode: metadata.ino(),
            ..state
        }
    }
    #[cfg(not(unix))]
    state
}

fn time((seconds, nanoseconds): (i64, u32)) -> Option<SystemTime> {
    let seconds = u64::try_from(seconds).ok()?;
    UNIX_EPOCH.checked_add(Duration::new(seconds, nanoseconds))
}

/// Who may read a file.
fn mode(metadata: &Metadata) -> u32 {
    #[cfg(unix)]
    {
        std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        0o644
    }
}
