//! Why dependencies were not fetched.

use helmrs_core::chart::LoadError;
use helmrs_core::chart::package::PackageError;
use helmrs_core::path_error::PathError;
use helmrs_core::repository::resolve::ResolveError;
use helmrs_core::version::{ConstraintError, VersionError};

use crate::download::locate::LocateError;
use crate::download::repositories::RepositoryError;
use crate::registry::RegistryError;

/// Why the dependencies of a chart were not fetched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum DependencyError {
    /// There is no chart.
    #[error("could not find {path}")]
    NotFound { path: String, source: PathError },
    /// The chart is an archive.
    #[error("only unpacked charts can be updated")]
    Packaged,
    /// A chart cannot be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A file or a folder cannot be used.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The list of repositories or one of them cannot be used.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// The list of repositories or one of them cannot be used, when charts are to be looked up.
    #[error("failed to load {path}")]
    List {
        path: String,
        source: RepositoryError,
    },
    /// The lock is not of this `Chart.yaml`.
    #[error(
        "the lock file (Chart.lock) is out of sync with the dependencies file (Chart.yaml). Please update the \
         dependencies with 'helm dependency update'"
    )]
    OutOfSync,
    /// The lock is not of this `requirements.yaml`.
    #[error(
        "the lock file (requirements.lock) is out of sync with the dependencies file (requirements.yaml). Please \
         update the dependencies"
    )]
    RequirementsOutOfSync,
    /// Locked repositories are not on the list.
    #[error(
        "no repository definition for {}. Please add the missing repos via 'helm repo add'",
        repositories.join(", ")
    )]
    NotAdded { repositories: Vec<String> },
    /// Repositories have neither an address nor a name on the list.
    #[error("no repository definition for {}. Please add them via 'helm repo add'{}", repositories.join(", "), note(repositories))]
    Unknown { repositories: Vec<String> },
    /// A dependency's directory is not there.
    #[error("directory {path} not found")]
    NoDirectory { path: String },
    /// Versions that will do cannot be found.
    #[error(transparent)]
    Resolve(#[from] ResolveError),
    /// A repository's index was never fetched.
    #[error("no cached repository for {name} found. (try 'helm repo update')")]
    NoCachedIndex {
        name: String,
        source: RepositoryError,
    },
    /// A repository has no such chart.
    #[error("{chart} chart not found in repo {repository}")]
    NotInIndex { chart: String, repository: String },
    /// A registry cannot be talked to.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// A registry does not say what versions it has.
    #[error("could not retrieve list of tags for repository {repository}")]
    Tags {
        repository: String,
        source: RegistryError,
    },
    /// `charts/` is a file.
    #[error("\"{path}\" is not a directory")]
    NotADirectory { path: String },
    /// `charts/` cannot be looked at.
    #[error("unable to retrieve file info for '{path}'")]
    Charts { path: String, source: PathError },
    /// A chart that should be in `charts/` cannot be loaded.
    #[error("unable to load chart '{path}'")]
    Present {
        path: String,
        source: Box<DependencyError>,
    },
    /// A dependency's version is no constraint.
    #[error("dependency {name} has an invalid version/constraint format")]
    Constraint {
        name: String,
        source: ConstraintError,
    },
    /// The version of a chart in `charts/` is none.
    #[error("invalid version {version} for dependency {name}")]
    Version {
        name: String,
        version: String,
        source: VersionError,
    },
    /// The version of a chart in a directory is none.
    #[error(transparent)]
    DirectoryVersion(#[from] VersionError),
    /// A chart in `charts/` has the wrong version.
    #[error("dependency {name} at version {found} does not satisfy the constraint {wanted}")]
    Unsatisfied {
        name: String,
        found: String,
        wanted: String,
    },
    /// A chart in a directory has the wrong version.
    #[error("can't get a valid version for dependency {name}")]
    WrongVersion { name: String },
    /// A directory cannot be packaged.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// No repository says where a chart is.
    // Parity: Helm, pkg/downloader/manager.go, downloadAll: what was not found is not known yet.
    #[error("could not find ")]
    NoUrl { source: UrlError },
    /// What a repository says is in a registry cannot be there.
    #[error("could not parse OCI reference: improperly formatted oci chart reference: {url}")]
    Reference { url: String },
    /// A chart cannot be downloaded.
    #[error("could not download {url}")]
    Download { url: String, source: LocateError },
    /// Somebody else's file would be written.
    #[error("the {name} file is a symlink to \"{target}\"")]
    Symlink { name: &'static str, target: String },
}

/// Why no repository says where a chart is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum UrlError {
    /// The repository has no such chart.
    #[error("entry not found")]
    NoEntry,
    /// The repository has no such version of it.
    #[error("no matching version")]
    NoVersion,
    /// What a repository says is in a registry cannot be there.
    #[error("improperly formatted oci chart reference: {url}")]
    Registry { url: String },
    /// The repository's address is none.
    #[error(transparent)]
    Address(#[from] RepositoryError),
    /// A repository nobody added cannot be asked, or has no such chart.
    #[error("chart {chart} not found in {repository}")]
    Unmanaged {
        chart: String,
        repository: String,
        source: LocateError,
    },
}

/// What to write instead of a repository's bare name.
fn note(repositories: &[String]) -> &'static str {
    let is_bare = |repository: &String| {
        !repository.contains("//")
            && !repository.starts_with('@')
            && !repository.starts_with("alias:")
    };
    if repositories.iter().any(is_bare) {
        "\nNote that repositories must be URLs or aliases. For example, to refer to the \"example\"\nrepository, use \
         \"https://charts.example.com/\" or \"@example\" instead of\n\"example\". Don't forget to add the repo, too \
         ('helm repo add')."
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_name_is_explained() {
        let unknown = |repository: &str| DependencyError::Unknown {
            repositories: vec![repository.to_string()],
        };
        assert_eq!(
            unknown("@a").to_string(),
            "no repository definition for @a. Please add them via 'helm repo add'"
        );
        assert!(
            unknown("a")
                .to_string()
                .ends_with("\"example\". Don't forget to add the repo, too ('helm repo add').")
        );
    }
}
