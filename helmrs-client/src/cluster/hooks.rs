//! Why hooks fail.

use super::wait::WaitError;
use super::{ApiError, ApplyError, BuildError};

/// Why the hooks of an event did not all succeed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum HookError {
    /// A hook is no list of objects.
    #[error("unable to build kubernetes object for {event} hook {path}")]
    Build {
        event: String,
        path: String,
        source: BuildError,
    },
    /// A hook's object cannot be created.
    #[error("warning: Hook {event} {path} failed")]
    Create {
        event: String,
        path: String,
        source: ApplyError,
    },
    /// A hook ran and failed, or its object did not go.
    #[error(transparent)]
    Failed(WaitError),
    /// A hook that is to be deleted is no list of objects.
    #[error("unable to build kubernetes object for deleting hook {path}")]
    BuildForDelete { path: String, source: BuildError },
    /// A hook's object cannot be deleted.
    #[error("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Delete { problems: Vec<ApiError> },
    /// Somebody asked to stop.
    #[error("context canceled")]
    Cancelled,
}
