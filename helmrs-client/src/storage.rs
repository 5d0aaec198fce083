//! Where releases are recorded: one record a revision, behind a driver.
//!
//! [`Storage`] asks and answers in terms of releases and revisions; a [`Driver`] stores single records.

pub mod config_map;
#[cfg(test)]
mod conformance;
pub mod memory;
mod object;
pub mod secret;
#[cfg(feature = "sql")]
pub mod sql;

use std::sync::Arc;

use futures::future::BoxFuture;
use helmrs_core::release::record::key;
use helmrs_core::release::{Release, Status};

pub use memory::{Memory, MemoryDataError};
#[cfg(feature = "sql")]
pub use sql::{Sql, SqlError, SqlSettings};

use crate::cluster::ApiError;
use crate::event::{Event, Watch};

/// Why a record could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum StorageError {
    /// There is no such record.
    #[error("release: not found")]
    NotFound,
    /// There is such a record already.
    #[error("release: already exists")]
    AlreadyExists,
    /// No revision of the release is deployed.
    #[error("\"{name}\" has no deployed releases")]
    NoDeployedReleases { name: String },
    /// Records exist, but none of them can be read.
    #[error("no revision for release \"{name}\"")]
    NoRevision { name: String },
    /// The server refused; `operation` is what was tried.
    #[error("{operation}")]
    Api { operation: String, source: ApiError },
    /// A record cannot be deleted.
    #[error(transparent)]
    Delete(ApiError),
    /// A record cannot be read; `operation` is what was tried.
    #[error("{operation}: {problem}")]
    Record { operation: String, problem: String },
    /// The database cannot be used.
    #[cfg(feature = "sql")]
    #[error(transparent)]
    Sql(#[from] SqlError),
    /// The name cannot be asked for.
    #[error("invalid label value: \"{value}\": {problem}")]
    Label { value: String, problem: String },
    /// A key has not the form of a record's key.
    #[error("release: invalid key")]
    InvalidKey,
    /// Several old records could not be deleted.
    #[error("encountered {count} deletion errors. First is: {first}")]
    Prune { count: usize, first: String },
}

impl StorageError {
    /// Whether there is no such record.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}

/// What records are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// All revisions of all releases.
    All,
    /// All revisions of one release.
    Name(String),
    /// The revisions of one release that are deployed.
    Deployed(String),
}

/// Stores records, each under its key.
///
/// The suite in `conformance.rs` says when a driver is done.
pub trait Driver: Send + Sync {
    /// The record under a key. Labels are the release's own.
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Release, StorageError>>;

    /// The records that fit, unreadable ones left out. Labels are all there are.
    fn query<'a>(
        &'a self,
        selection: &'a Selection,
    ) -> BoxFuture<'a, Result<Vec<Release>, StorageError>>;

    /// All records, as far as lists show them; more than that is as good.
    fn summaries(&self) -> BoxFuture<'_, Result<Vec<Release>, StorageError>> {
        self.query(&Selection::All)
    }

    /// Stores a record that does not exist yet.
    fn create<'a>(
        &'a self,
        key: &'a str,
        release: &'a Release,
    ) -> BoxFuture<'a, Result<(), StorageError>>;

    /// Replaces a record.
    fn update<'a>(
        &'a self,
        key: &'a str,
        release: &'a Release,
    ) -> BoxFuture<'a, Result<(), StorageError>>;

    /// Deletes a record.
    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StorageError>>;
}

/// The releases of a namespace.
#[derive(Clone)]
pub struct Storage {
    driver: Arc<dyn Driver>,
    watch: Arc<dyn Watch>,
}

impl Storage {
    /// The releases a driver stores; `watch` hears what is asked of it.
    pub fn new(driver: Arc<dyn Driver>, watch: Arc<dyn Watch>) -> Self {
        Self { driver, watch }
    }

    fn tell(&self, text: &'static str, key: &'static str, value: &str) {
        self.watch.event(Event::step(text, [(key, value)]));
    }

    /// One revision of a release.
    pub async fn get(&self, name: &str, revision: i64) -> Result<Release, StorageError> {
        let key = key(name, revision);
        self.tell("getting release", "key", &key);
        self.driver.get(&key).await
    }

    /// All revisions of all releases.
    pub async fn list(&self) -> Result<Vec<Release>, StorageError> {
        self.driver.query(&Selection::All).await
    }

    /// All revisions of all releases as far as lists show them, which is much faster: manifest, hooks, values and the
    /// chart's files may be left out.
    pub async fn summaries(&self) -> Result<Vec<Release>, StorageError> {
        self.driver.summaries().await
    }

    /// All revisions of a release, oldest first.
    pub async fn history(&self, name: &str) -> Result<Vec<Release>, StorageError> {
        self.tell("getting release history", "name", name);
        check_label(name)?;
        let mut releases = self
            .driver
            .query(&Selection::Name(name.to_string()))
            .await?;
        releases.sort_by_key(|release| release.revision);
        Ok(releases)
    }

    /// The newest revision of a release.
    pub async fn last(&self, name: &str) -> Result<Release, StorageError> {
        self.tell("getting last revision", "name", name);
        let newest = self.history(name).await?.pop();
        newest.ok_or_else(|| StorageError::NoRevision {
            name: name.to_string(),
        })
    }

    /// The deployed revisions of a release, oldest first; there should be one at most.
    pub async fn deployed_all(&self, name: &str) -> Result<Vec<Release>, StorageError> {
        self.tell("getting deployed releases", "name", name);
        check_label(name)?;
        match self
            .driver
            .query(&Selection::Deployed(name.to_string()))
            .await
        {
            Ok(mut releases) => {
                releases.sort_by_key(|release| release.revision);
                Ok(releases)
            }
            // Parity: Helm, pkg/storage/storage.go, DeployedAll: any error that speaks of "not found" counts.
            Err(error) if crate::error::chain(&error).contains("not found") => {
                Err(StorageError::NoDeployedReleases {
                    name: name.to_string(),
                })
            }
            Err(error) => Err(error),
        }
    }

    /// The newest deployed revision of a release.
    pub async fn deployed(&self, name: &str) -> Result<Release, StorageError> {
        let newest = self.deployed_all(name).await?.pop();
        newest.ok_or_else(|| StorageError::NoDeployedReleases {
            name: name.to_string(),
        })
    }

    /// Records a new revision; where `limit` says so, the oldest ones make room first.
    pub async fn create(&self, release: &Release, limit: HistoryLimit) -> Result<(), StorageError> {
        let key = key(&release.name, release.revision);
        self.tell("creating release", "key", &key);
        if let HistoryLimit::Keep(revisions) = limit {
            match self.prune(&release.name, revisions.saturating_sub(1)).await {
                Err(error) if !error.is_not_found() => return Err(error),
                _ => {}
            }
        }
        self.driver.create(&key, release).await
    }

    /// Replaces the record of a revision.
    pub async fn update(&self, release: &Release) -> Result<(), StorageError> {
        let key = key(&release.name, release.revision);
        self.tell("updating release", "key", &key);
        self.driver.update(&key, release).await
    }

    /// Deletes the record of a revision.
    pub async fn delete(&self, name: &str, revision: i64) -> Result<(), StorageError> {
        let key = key(name, revision);
        self.tell("deleting release", "key", &key);
        self.driver.delete(&key).await
    }

    /// Deletes the oldest revisions until `keep` are left, but never the newest deployed one.
    // Parity: Helm, pkg/storage/storage.go, removeLeastRecent.
    async fn prune(&self, name: &str, keep: usize) -> Result<(), StorageError> {
        let history = self.history(name).await?;
        if history.len() <= keep {
            return Ok(());
        }
        let deployed = match self.deployed(name).await {
            Ok(release) => Some(release.revision),
            Err(StorageError::NoDeployedReleases { .. }) => None,
            Err(error) => return Err(error),
        };
        let surplus = history.len() - keep;
        let doomed = history
            .iter()
            .map(|release| release.revision)
            .filter(|revision| Some(*revision) != deployed);
        let mut errors = Vec::new();
        for revision in doomed.take(surplus) {
            if let Err(error) = self.delete(name, revision).await {
                errors.push(error);
            }
        }
        match errors.len() {
            0 => Ok(()),
            1 => Err(errors.remove(0)),
            count => Err(StorageError::Prune {
                count,
                first: crate::error::chain(&errors[0]),
            }),
        }
    }
}

/// How many revisions of a release are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HistoryLimit {
    /// All.
    #[default]
    None,
    /// So many, the one about to be recorded included.
    Keep(usize),
}

impl HistoryLimit {
    /// The limit a flag's number means: zero and less keep everything.
    pub fn of(revisions: i64) -> Self {
        match usize::try_from(revisions) {
            Ok(0) | Err(_) => Self::None,
            Ok(revisions) => Self::Keep(revisions),
        }
    }
}

/// Refuses a name that cannot be asked for by label.
// Parity: apimachinery, pkg/util/validation, IsValidLabelValue.
fn check_label(value: &str) -> Result<(), StorageError> {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let edge = |c: char| c.is_ascii_alphanumeric();
    let is_well_formed = value.is_empty()
        || (value.chars().all(inner) && value.starts_with(edge) && value.ends_with(edge));
    let mut problems = Vec::new();
    if value.len() > 63 {
        problems.push("must be no more than 63 bytes".to_string());
    }
    if !is_well_formed {
        problems.push(
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must \
             start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for \
             validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
                .to_string(),
        );
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(StorageError::Label {
            value: value.to_string(),
            problem: problems.join("; "),
        })
    }
}

impl Selection {
    /// The label selector that asks for these records.
    fn to_selector(&self) -> String {
        match self {
            Self::All => "owner=helm".to_string(),
            Self::Name(name) => format!("name={name},owner=helm"),
            Self::Deployed(name) => format!("name={name},owner=helm,status={}", Status::Deployed),
        }
    }
}
