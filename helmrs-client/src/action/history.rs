//! The revisions of a release.

use helmrs_core::release::Release;

use crate::cluster::UnreachableError;
use crate::storage::StorageError;
use crate::{Context, Event};

/// Why the revisions of a release cannot be told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum HistoryError {
    /// The API server does not answer.
    #[error(transparent)]
    Unreachable(#[from] UnreachableError),
    /// No release can be called that.
    #[error("release name is invalid: {name}")]
    InvalidName { name: String },
    /// The records cannot be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl HistoryError {
    /// Whether there is no release of that name.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Storage(error) if error.is_not_found())
    }
}

/// All revisions of a release, oldest first.
// Parity: Helm, pkg/action/history.go.
pub async fn history(context: &Context, name: &str) -> Result<Vec<Release>, HistoryError> {
    context.cluster().reachable().await?;
    if helmrs_core::name::check_release_name(name).is_err() {
        return Err(HistoryError::InvalidName {
            name: name.to_string(),
        });
    }
    context.tell(Event::step(
        "getting history for release",
        [("release", name)],
    ));
    Ok(context.storage().history(name).await?)
}
