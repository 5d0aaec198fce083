//! What happens while a chart's dependencies are fetched.

/// A step on the way to a chart's dependencies.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum DependencyEvent {
    /// A dependency is a directory.
    Directory { repository: String },
    /// Indexes of repositories nobody added are about to be fetched.
    RefreshingUnmanaged,
    /// Indexes of the repositories the user added are about to be fetched.
    Refreshing,
    /// An index was fetched; a repository nobody added goes by its URL.
    Refreshed { repository: String },
    /// An index was not fetched; a repository nobody added has no name.
    NotRefreshed {
        name: Option<String>,
        url: String,
        error: String,
    },
    /// Indexes of the repositories the user added were asked for, each of them.
    RefreshComplete,
    /// So many charts are about to be put into `charts/`.
    Saving { count: usize },
    /// A dependency names no repository, so it has to be there.
    AssumedPresent { name: String },
    /// A dependency is packaged from its directory.
    Archiving { name: String, repository: String },
    /// A dependency is downloaded.
    Downloading { name: String, repository: String },
    /// A chart has no provenance that could be checked.
    ProvenanceMissing { chart: String, error: String },
    /// The same chart is needed twice.
    AlreadyDownloaded { name: String, repository: String },
    /// A dependency could not be had; nothing in `charts/` is touched.
    SaveFailed { error: String },
    /// What was downloaded is no chart, and stays out of `charts/`.
    NotMovable { path: String, error: String },
    /// A chart could not be moved into `charts/`.
    MoveFailed { path: String, error: String },
    /// Charts that are no longer wanted are about to be deleted.
    DeletingOutdated,
    /// What is in `charts/` is no chart, and stays there.
    NotDeletable { path: String, error: String },
    /// A chart could not be deleted.
    DeleteFailed { path: String, error: String },
}
