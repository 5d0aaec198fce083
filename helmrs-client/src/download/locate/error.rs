//! Why a chart is not found.

use helmrs_core::path_error::PathError;
use helmrs_core::repository::IndexError;

use crate::download::digest::DigestError;
use crate::download::http::FetchError;
use crate::download::provenance::VerifyChartError;
use crate::download::repositories::RepositoryError;
use crate::registry::RegistryError;

/// Why a chart is not found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum LocateError {
    /// The path does not exist.
    #[error("path \"{name}\" not found")]
    NoPath { name: String },
    /// The text is no URL.
    #[error("invalid chart URL format: {name}")]
    Url { name: String },
    /// The name is neither a path nor a URL nor one in a repository.
    #[error("non-absolute URLs should be in form of repo_name/path_to_chart, got: {name}")]
    NoRepositoryName { name: String },
    /// No repository is called that.
    #[error("repo {name} not found")]
    NoRepository { name: String },
    /// A repository has no address.
    #[error("no URL found for repository {name}")]
    NoRepositoryUrl { name: String },
    /// The list of repositories or one of them cannot be used.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// A repository's index was never fetched.
    #[error("no cached repo found. (try 'helm repo update')")]
    NoCachedIndex { source: RepositoryError },
    /// A repository has no such chart.
    #[error(
        "chart \"{chart}\" matching {version} not found in {repository} index. (try 'helm repo update')"
    )]
    NotInIndex {
        chart: String,
        version: String,
        repository: String,
        source: IndexError,
    },
    /// The repository at a URL cannot be used.
    #[error("looks like \"{url}\" is not a valid chart repository or cannot be reached")]
    NotARepository {
        url: String,
        source: RepositoryError,
    },
    /// The repository at a URL has no such chart.
    #[error("{chart} not found in {url} repository")]
    NotFound { chart: String, url: String },
    /// A chart has nowhere to be downloaded from.
    #[error("{chart} has no downloadable URLs")]
    NoUrls { chart: String },
    /// Nobody speaks the protocol.
    #[error("scheme \"{scheme}\" not supported")]
    Scheme { scheme: String },
    /// A registry does not have the chart, or does not give it away.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// A digest in an index is none.
    #[error(transparent)]
    Digest(#[from] DigestError),
    /// A digest in an index is none, so that nothing can be looked for in the cache.
    #[error("unable to decode digest")]
    CacheDigest(#[source] DigestError),
    /// A chart cannot be downloaded.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// Its provenance cannot be downloaded.
    #[error("failed to fetch provenance \"{url}\"")]
    Provenance { url: String },
    /// Its provenance is not right.
    #[error(transparent)]
    Verify(#[from] VerifyChartError),
    /// A file cannot be written.
    #[error(transparent)]
    Path(#[from] PathError),
}
