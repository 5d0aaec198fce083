//! The repositories a user added: their list, and the cached index of each.
// Parity: Helm, pkg/repo/v1/{repo,chartrepo}.go; pkg/helmpath.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use helmrs_core::finding::Finding;
use helmrs_core::path_error::PathError;
use helmrs_core::repository::entries::{Entry, RepositoriesFile};
use helmrs_core::repository::{Catalog, IndexError};
use helmrs_core::yaml::{self, YamlError};
use url::Url;

use super::cache::write_atomically;
use super::http::{Credentials, FetchError, FetchOptions, TlsOptions};
use super::meter::Meter;
use super::{Directories, Getters, indexes};

/// Why the list of repositories or one of them cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum RepositoryError {
    /// The list cannot be read.
    #[error("couldn't load repositories file ({})", path.display())]
    List { path: PathBuf, source: PathError },
    /// The list is malformed.
    #[error(transparent)]
    Yaml(#[from] YamlError),
    /// A file cannot be written.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The address is no URL.
    #[error("invalid chart URL format: {url}")]
    Url { url: String },
    /// The address names a protocol nobody speaks.
    #[error("could not find protocol handler for: {scheme}")]
    Protocol { scheme: String },
    /// The address is a registry's, which holds charts but no index of them.
    // Parity: oras, which finds no tag in the address of the index.
    #[error("failed to perform \"FetchReference\" on source: invalid reference")]
    Registry,
    /// The index cannot be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The cached index is malformed.
    #[error("error loading {path}")]
    Cached { path: String, source: IndexError },
    /// The index is malformed.
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl RepositoryError {
    /// Whether there is no list at all.
    pub fn is_missing_list(&self) -> bool {
        matches!(self, Self::List { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}

/// Reads the list of repositories.
pub fn read_list(path: &Path) -> Result<RepositoriesFile, RepositoryError> {
    let bytes = fs::read(path).map_err(|error| RepositoryError::List {
        path: path.to_path_buf(),
        source: PathError::of_read(path, error),
    })?;
    Ok(RepositoriesFile::read(&bytes)?)
}

/// Reads the list of repositories; where there is none, it is empty.
pub fn read_list_or_empty(path: &Path) -> Result<RepositoriesFile, RepositoryError> {
    match read_list(path) {
        Err(error) if error.is_missing_list() => Ok(RepositoriesFile::default()),
        list => list,
    }
}

/// Writes the list of repositories, for its owner's eyes only unless it was open to others before: it may hold passwords.
///
/// # Panics
///
/// Never: the list is plain data, which can always be written.
pub fn write_list(path: &Path, list: &RepositoriesFile) -> Result<(), RepositoryError> {
    let value = yaml::to_value(list).expect("a list of repositories is plain data");
    let text = yaml::to_yaml(&value).expect("a list of repositories is plain data");
    write_atomically(path, text.as_bytes(), mode_of(path).unwrap_or(0o600))?;
    Ok(())
}

/// Who may read a file that is there already.
fn mode_of(path: &Path) -> Option<u32> {
    #[cfg(unix)]
    {
        let permissions = fs::metadata(path).ok()?.permissions();
        Some(std::os::unix::fs::PermissionsExt::mode(&permissions) & 0o777)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

/// The name of the file a repository's index is cached in.
pub fn index_file_name(name: &str) -> String {
    if name.is_empty() {
        "index.yaml".to_string()
    } else {
        format!("{name}-index.yaml")
    }
}

/// The name of the file the names of a repository's charts are cached in.
pub fn charts_file_name(name: &str) -> String {
    if name.is_empty() {
        "charts.txt".to_string()
    } else {
        format!("{name}-charts.txt")
    }
}

/// Reads a repository's cached index.
pub fn read_cached_index(
    directories: &Directories,
    name: &str,
) -> Result<(Arc<Catalog>, Vec<Finding>), RepositoryError> {
    directories
        .indexes
        .read(&directories.repository_cache, name)
}

/// Checks that somebody speaks the protocol of a repository's address.
pub fn check_address(address: &str, getters: &Getters) -> Result<(), RepositoryError> {
    if !has_whole_escapes(address) {
        return Err(RepositoryError::Url {
            url: address.to_string(),
        });
    }
    let scheme = match Url::parse(address) {
        Ok(url) => url.scheme().to_string(),
        // Parity: that there is no host shows when it is asked.
        Err(url::ParseError::EmptyHost) => scheme_of(address).to_string(),
        Err(url::ParseError::RelativeUrlWithoutBase) => String::new(),
        Err(_) => {
            return Err(RepositoryError::Url {
                url: address.to_string(),
            });
        }
    };
    if getters.provides(&scheme) {
        return Ok(());
    }
    Err(RepositoryError::Protocol { scheme })
}

fn scheme_of(address: &str) -> &str {
    address.split(':').next().unwrap_or_default()
}

/// Whether every percent sign has two digits after it.
// Parity: Go, net/url: anything else is no URL.
fn has_whole_escapes(address: &str) -> bool {
    address
        .split('%')
        .skip(1)
        .all(|rest| rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()))
}

/// Fetches a repository's index and checks that it is one.
pub(super) async fn fetch_index(
    entry: &Entry,
    getters: &Getters,
    timeout: Option<Duration>,
    meter: &Meter<'_>,
) -> Result<(Vec<u8>, Catalog, Vec<Finding>), RepositoryError> {
    let address = resolve(&entry.url, "index.yaml")?;
    if address.starts_with("oci:") {
        return Err(RepositoryError::Registry);
    }
    let options = FetchOptions {
        timeout,
        most_bytes: Some(indexes::MOST),
        ..fetch_options(entry)
    };
    let bytes = getters.get_among_others(&address, &options, meter).await?;
    let catalog = Catalog::read(&bytes)?;
    let findings = catalog.findings(&entry.url);
    Ok((bytes, catalog, findings))
}

/// Fetches a repository's index and caches it with the names of its charts.
pub(crate) async fn update_cache(
    entry: &Entry,
    directories: &Directories,
    timeout: Option<Duration>,
    meter: &Meter<'_>,
) -> Result<Vec<Finding>, RepositoryError> {
    let cache = &directories.repository_cache;
    let (bytes, catalog, findings) =
        fetch_index(entry, &directories.getters, timeout, meter).await?;
    let names: Vec<&str> = catalog
        .charts()
        .flat_map(|chart| [chart.name(), "\n"])
        .collect();
    let names = names.concat();
    // Only completion reads the names: without them everything else works.
    let _ = write_atomically(
        &cache.join(charts_file_name(&entry.name)),
        names.as_bytes(),
        0o644,
    );
    let path = cache.join(index_file_name(&entry.name));
    write_atomically(&path, &bytes, 0o644)?;
    directories.indexes.remember(&path, &bytes, catalog);
    Ok(findings)
}

/// Removes what is cached of a repository.
pub fn remove_cache(cache: &Path, name: &str) -> Result<(), RepositoryError> {
    // The names of its charts may never have been written.
    let _ = fs::remove_file(cache.join(charts_file_name(name)));
    let path = cache.join(index_file_name(name));
    let _ = fs::remove_file(indexes::catalog_path(&path));
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(PathError::new("remove", &path, error).into())
        }
        _ => Ok(()),
    }
}

/// How files of a repository are fetched.
pub fn fetch_options(entry: &Entry) -> FetchOptions {
    let path = |text: &str| (!text.is_empty()).then(|| PathBuf::from(text));
    FetchOptions {
        owner: entry.url.clone(),
        credentials: Credentials {
            username: entry.username.clone(),
            password: entry.password.clone(),
        },
        pass_credentials_all: entry.pass_credentials_all,
        tls: TlsOptions {
            cert_file: path(&entry.cert_file),
            key_file: path(&entry.key_file),
            ca_file: path(&entry.ca_file),
            insecure_skip_verify: entry.insecure_skip_tls_verify,
        },
        accept: None,
        accept_gzip: false,
        timeout: None,
        most_bytes: None,
        refuse_link_local: false,
    }
}

/// An address relative to a repository's, whose query it takes over; absolute ones stay as they are.
// Parity: Helm, pkg/repo/v1/chartrepo.go, ResolveReferenceURL.
pub fn resolve(base: &str, reference: &str) -> Result<String, RepositoryError> {
    if Url::parse(reference).is_ok() {
        return Ok(reference.to_string());
    }
    let invalid = || RepositoryError::Url {
        url: base.to_string(),
    };
    let mut url = match Url::parse(base) {
        Err(url::ParseError::EmptyHost) => {
            return Err(RepositoryError::Fetch(FetchError::Transport {
                url: format!("{}:///{reference}", scheme_of(base)),
                problem: "http: no Host in request URL".to_string(),
            }));
        }
        url => url.map_err(|_| invalid())?,
    };
    let query = url.query().map(str::to_string);
    let path = format!("{}/", url.path().trim_end_matches('/'));
    url.set_path(&path);
    let mut resolved = url.join(reference).map_err(|_| invalid())?;
    resolved.set_query(query.as_deref());
    Ok(resolved.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_lie_below_their_repository() {
        let resolved = |base, reference| resolve(base, reference).unwrap();
        assert_eq!(resolved("http://a/b", "c.tgz"), "http://a/b/c.tgz");
        assert_eq!(resolved("http://a/b/?x=1", "c.tgz"), "http://a/b/c.tgz?x=1");
        assert_eq!(resolved("http://a/b", "https://d/c.tgz"), "https://d/c.tgz");
    }

    #[test]
    fn an_unknown_protocol_is_refused() {
        assert_eq!(
            check_address("foo://a", &Getters::default())
                .unwrap_err()
                .to_string(),
            "could not find protocol handler for: foo"
        );
        assert_eq!(
            check_address("a/b", &Getters::default())
                .unwrap_err()
                .to_string(),
            "could not find protocol handler for: "
        );
        assert_eq!(
            check_address("http://a b", &Getters::default())
                .unwrap_err()
                .to_string(),
            "invalid chart URL format: http://a b"
        );
    }
}
