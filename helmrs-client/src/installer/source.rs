//! From what a user calls a plugin to the way it is installed.
// Parity: Helm, internal/plugin/installer/installer.go, NewForSource; pkg/cmd/plugin_install.go.

use std::path::{Path, PathBuf};

use helmrs_core::path::clean;
use helmrs_core::plugin::repository::{self, System, Told};
use helmrs_core::plugin::source::{archived_name, cache_key, is_archive, is_archive_media_type};
use helmrs_core::registry::reference::SCHEME;
use helmrs_core::registry::{Address, ReferenceError};
use helmrs_gotemplate::number::quote;
use helmrs_gotemplate::url::{Url, UrlError};

use super::Places;
use super::git::{Checkout, GitError, system_of};
use crate::download::http::{self, FetchOptions};
use crate::event::Silent;

/// The most that is read of a page that tells where a repository is.
const PAGE_LIMIT: usize = 1 << 20;

/// Why nobody knows how to install a plugin.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum SourceError {
    /// It is in a registry, under no name.
    #[error("invalid OCI reference")]
    Reference(#[from] ReferenceError),
    /// It is in a registry, under a name that makes no file name.
    #[error(transparent)]
    Key(#[from] UrlError),
    /// It is somewhere else.
    #[error("cannot get information about plugin source {} (if it's a local directory, does it exist?), last error was", quote(.source_text.as_bytes()))]
    Unknown {
        source_text: String,
        source: OriginError,
    },
}

/// Why a place tells nothing of a plugin.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OriginError {
    /// It is no address.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// It is an archive that does not look like one.
    #[error("no extractor implemented yet for {0}")]
    NoExtractor(String),
    /// It is no repository, or none that can be used.
    #[error(transparent)]
    Repository(#[from] GitError),
    /// The current folder is gone.
    #[error("unable to get absolute path to plugin: {}", crate::error::operating_system(.0))]
    Absolute(std::io::Error),
}

/// What a plugin is installed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A folder, which stays where it is.
    Folder(PathBuf),
    /// An archive on this machine.
    Archive(PathBuf),
    /// An archive on a web server.
    Url {
        /// Where it is.
        url: String,
        /// What the folder is called that it is unpacked into.
        key: String,
    },
    /// An archive in a registry.
    Registry {
        /// Where it is.
        address: String,
        /// What the plugin is called there.
        name: String,
        /// What the folder is called that it is unpacked into.
        key: String,
    },
    /// A repository.
    Repository {
        /// What the user calls it.
        address: String,
        /// The copy of it on this machine.
        checkout: Checkout,
    },
}

impl Source {
    /// Finds out what a text means; web servers are asked for nothing else than what lies there.
    pub async fn find(
        text: &str,
        places: &Places,
        options: &FetchOptions,
    ) -> Result<Self, SourceError> {
        if text.starts_with(SCHEME) {
            let address = Address::parse(text)?;
            let name = address.tagged.repository.rsplit('/').next();
            return Ok(Self::Registry {
                name: name.unwrap_or_default().to_owned(),
                key: cache_key(text)?,
                address: text.to_owned(),
            });
        }
        let found = Self::elsewhere(text, places, options).await;
        found.map_err(|source| SourceError::Unknown {
            source_text: text.to_owned(),
            source,
        })
    }

    async fn elsewhere(
        text: &str,
        places: &Places,
        options: &FetchOptions,
    ) -> Result<Self, OriginError> {
        // Parity: what cannot be looked at counts as not there.
        if !text.is_empty() && std::fs::metadata(text).is_ok() {
            let path = std::path::absolute(text).map_err(OriginError::Absolute)?;
            let path = clean(&path);
            return Ok(if is_archive(&path.to_string_lossy()) {
                Self::Archive(path)
            } else {
                Self::Folder(path)
            });
        }
        let is_web = text.starts_with("http://") || text.starts_with("https://");
        if is_web && (is_archive(text) || is_served_archive(text, options).await) {
            let key = cache_key(text)?;
            if !is_archive(text) {
                return Err(OriginError::NoExtractor(text.to_owned()));
            }
            let url = text.to_owned();
            return Ok(Self::Url { url, key });
        }
        let local = places.cache.join(cache_key(text)?);
        let checkout = repository(text, local, places, options).await?;
        Ok(Self::Repository {
            address: text.to_owned(),
            checkout,
        })
    }

    /// The folder in which the plugin will be found.
    pub fn destination(&self, places: &Places) -> PathBuf {
        let joined = |folder: &Path, name: &str| {
            clean(&PathBuf::from(format!("{}/{name}", folder.display())))
        };
        match self {
            Self::Folder(path) => joined(&places.data, base(&path.to_string_lossy())),
            Self::Archive(path) => {
                joined(&places.data, archived_name(base(&path.to_string_lossy())))
            }
            Self::Url { url, .. } => joined(&places.data, archived_name(base(url))),
            Self::Registry { name, .. } => joined(&places.plugins, name),
            Self::Repository { address, .. } => joined(&places.plugins, base(address)),
        }
    }
}

/// The last part of a path or an address.
// Parity: Go, path/filepath, Base.
pub(super) fn base(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    match trimmed.rsplit('/').next() {
        Some("") | None if path.is_empty() => ".",
        Some("") | None => "/",
        Some(base) => base,
    }
}

/// Whether a web server says that something is an archive.
async fn is_served_archive(url: &str, options: &FetchOptions) -> bool {
    let media_type = http::media_type(url, options).await;
    media_type.is_ok_and(|media_type| is_archive_media_type(&media_type))
}

/// The repository at an address, or the one that was fetched from there before.
// Parity: Masterminds/vcs, repo.go, NewRepo, and vcs_remote_lookup.go, detectVcsFromRemote.
async fn repository(
    address: &str,
    local: PathBuf,
    places: &Places,
    options: &FetchOptions,
) -> Result<Checkout, OriginError> {
    let told = match repository::told(address)? {
        Told::System(system) => Some((system, address.to_owned())),
        Told::Folder(path) => {
            system_of(Path::new(&path)).map(|system| (system, address.to_owned()))
        }
        Told::Nothing => None,
    };
    let told = if told.is_some() {
        told
    } else {
        // Parity: an address for `ssh` is no URL, which is told here at last.
        Url::parse(address.as_bytes())?;
        told_by_page(address, options).await
    };
    let (system, remote) = told
        .or_else(|| system_of(&local).map(|system| (system, String::new())))
        .ok_or(GitError::Undetected)?;
    Ok(Checkout::new(system, &remote, local, &places.programs)?)
}

/// What the page at an address says of the repository.
async fn told_by_page(address: &str, options: &FetchOptions) -> Option<(System, String)> {
    if !address.starts_with("http://") && !address.starts_with("https://") {
        return None;
    }
    let options = FetchOptions {
        most_bytes: Some(PAGE_LIMIT),
        accept_gzip: true,
        ..options.clone()
    };
    let page = http::fetch_any(&repository::page(address), &options, &Silent)
        .await
        .ok()?;
    repository::read_page(address, &String::from_utf8_lossy(&page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_part_is_go_s() {
        for (path, wanted) in [
            ("", "."),
            ("/", "/"),
            ("//", "/"),
            ("a", "a"),
            ("/a/b/", "b"),
            ("https://example.com/echo.git", "echo.git"),
            ("git@example.com:echo", "git@example.com:echo"),
        ] {
            assert_eq!(base(path), wanted, "{path}");
        }
    }

    #[test]
    fn only_some_plugins_lie_where_plugins_are_looked_for() {
        let places = Places {
            plugins: "/plugins".into(),
            data: "/data".into(),
            ..Places::default()
        };
        let url = Source::Url {
            url: "https://example.com/echo-1.0.0.tgz".into(),
            key: String::new(),
        };
        assert_eq!(url.destination(&places), Path::new("/data/echo"));
        assert_eq!(
            Source::Folder("/a/echo-1.0.0".into()).destination(&places),
            Path::new("/data/echo-1.0.0")
        );
        let registry = Source::Registry {
            address: String::new(),
            name: "echo".into(),
            key: String::new(),
        };
        assert_eq!(registry.destination(&places), Path::new("/plugins/echo"));
    }
}
