//! Adding, refreshing and forgetting repositories.
// Parity: Helm, pkg/cmd/repo_{add,update,remove}.go.

use std::time::Duration;

use futures::StreamExt;
use helmrs_core::repository::entries::{Entry, RepositoriesFile};

use crate::Context;
use crate::download::lock::{FileLock, LockError};
use crate::download::meter::Meter;
use crate::download::repositories::{self, RepositoryError};
use crate::event::Event;

/// How many repositories are asked at once.
const PARALLEL: usize = 8;

/// Why the list of repositories is not what it was to become.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum ListChangeError {
    /// Another process is at it.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The list or a repository cannot be used.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// The name would be a path.
    #[error("repository name ({name}) contains '/', please specify a different name without '/'")]
    Slash { name: String },
    /// Another repository is called that.
    #[error("repository name ({name}) already exists, please specify a different name")]
    NameTaken { name: String },
    /// What is there is no repository.
    #[error("looks like \"{url}\" is not a valid chart repository or cannot be reached")]
    NotARepository {
        url: String,
        source: RepositoryError,
    },
    /// There is no repository.
    #[error("no repositories found. You must add one before updating")]
    NothingToUpdate,
    /// The list cannot be read, for an update.
    #[error("failed loading file: {path}")]
    Load {
        path: String,
        source: RepositoryError,
    },
    /// No repository is called that.
    #[error("no repositories found matching '{name}'.  Nothing will be updated")]
    NothingMatches { name: String },
    /// There is no repository to remove.
    #[error("no repositories configured")]
    NothingToRemove,
    /// No repository is called that.
    #[error("no repo named \"{name}\" found")]
    NotFound { name: String },
}

/// What adding a repository came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is on the list now.
    New,
    /// It was on the list just so.
    Unchanged,
}

/// What to do with a repository of the same name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Existing {
    /// It stays.
    #[default]
    Keep,
    /// It is replaced.
    Replace,
}

/// How the refresh of one repository went.
#[derive(Debug)]
pub struct Updated {
    /// The repository.
    pub entry: Entry,
    /// What went wrong, if anything did.
    pub problem: Option<RepositoryError>,
}

/// A repository being added: nobody else changes the list meanwhile.
#[derive(Debug)]
pub struct Addition {
    list: RepositoriesFile,
    _lock: FileLock,
}

/// Begins to add a repository to the list.
// Parity: a password is asked for after this.
pub fn begin_to_add(context: &Context) -> Result<Addition, ListChangeError> {
    let path = &context.directories().repository_config;
    let lock = FileLock::acquire(path)?;
    let list = repositories::read_list_or_empty(path)?;
    Ok(Addition { list, _lock: lock })
}

/// Adds a repository to the list, after fetching its index.
pub async fn add(
    context: &Context,
    addition: Addition,
    entry: Entry,
    existing: Existing,
    timeout: Option<Duration>,
) -> Result<Added, ListChangeError> {
    let directories = context.directories();
    let path = &directories.repository_config;
    let Addition { mut list, _lock } = addition;
    if entry.name.contains('/') {
        return Err(ListChangeError::Slash { name: entry.name });
    }
    if let Some(known) = list
        .find(&entry.name)
        .filter(|_| existing == Existing::Keep)
    {
        return if *known == entry {
            Ok(Added::Unchanged)
        } else {
            Err(ListChangeError::NameTaken { name: entry.name })
        };
    }
    repositories::check_address(&entry.url, &directories.getters)?;
    let meter = Meter::new(context.watch());
    let findings = repositories::update_cache(&entry, directories, timeout, &meter)
        .await
        .map_err(|source| ListChangeError::NotARepository {
            url: entry.url.clone(),
            source,
        })?;
    for finding in findings {
        context.tell(Event::Finding(finding));
    }
    list.update(entry);
    repositories::write_list(path, &list)?;
    Ok(Added::New)
}

/// The repositories of these names, or all if there are none, to be refreshed.
pub fn to_update(context: &Context, names: &[String]) -> Result<Vec<Entry>, ListChangeError> {
    let path = &context.directories().repository_config;
    let list = match repositories::read_list(path) {
        Ok(list) if list.repositories.is_empty() => return Err(ListChangeError::NothingToUpdate),
        Ok(list) => list,
        Err(error) if error.is_missing_list() => return Err(ListChangeError::NothingToUpdate),
        Err(source) => {
            return Err(ListChangeError::Load {
                path: path.display().to_string(),
                source,
            });
        }
    };
    if let Some(unknown) = names.iter().find(|name| !list.has(name)) {
        return Err(ListChangeError::NothingMatches {
            name: unknown.clone(),
        });
    }
    let wanted: Vec<Entry> = list
        .repositories
        .into_iter()
        .filter(|entry| names.is_empty() || names.contains(&entry.name))
        .collect();
    for entry in &wanted {
        repositories::check_address(&entry.url, &context.directories().getters)?;
    }
    Ok(wanted)
}

/// Refreshes the cached indexes of repositories, several at once; each outcome is told as soon as it is there and those of
/// the repositories before it are.
// Parity: the reference tells them as they come; the order of the list is one they may come in.
pub async fn update(
    context: &Context,
    entries: Vec<Entry>,
    timeout: Option<Duration>,
    mut tell: impl FnMut(Updated),
) {
    let meter = &Meter::new(context.watch());
    let directories = context.directories();
    let mut outcomes = futures::stream::iter(entries)
        .map(|entry| async move {
            let fetched = repositories::update_cache(&entry, directories, timeout, meter);
            let outcome = fetched.await;
            let problem = match outcome {
                Ok(findings) => {
                    for finding in findings {
                        context.tell(Event::Finding(finding));
                    }
                    None
                }
                Err(error) => Some(error),
            };
            Updated { entry, problem }
        })
        .buffered(PARALLEL);
    while let Some(outcome) = outcomes.next().await {
        tell(outcome);
    }
}

/// Takes a repository off the list and removes what is cached of it.
pub fn remove(context: &Context, name: &str) -> Result<(), ListChangeError> {
    let directories = context.directories();
    let path = &directories.repository_config;
    let _lock = FileLock::acquire_if_known(path)?;
    let mut list = match repositories::read_list(path) {
        Ok(list) if list.repositories.is_empty() => return Err(ListChangeError::NothingToRemove),
        Err(error) if error.is_missing_list() => return Err(ListChangeError::NothingToRemove),
        list => list?,
    };
    if !list.remove(name) {
        return Err(ListChangeError::NotFound {
            name: name.to_string(),
        });
    }
    repositories::write_list(path, &list)?;
    repositories::remove_cache(&directories.repository_cache, name)?;
    Ok(())
}
