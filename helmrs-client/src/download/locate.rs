//! Where a chart is that a user names: a path, a URL, or a name in a repository.
// Parity: Helm, pkg/action/install.go, LocateChart; pkg/downloader/chart_downloader.go.

use std::fs;
use std::path::{Path, PathBuf};

use helmrs_core::path_error::PathError;
use helmrs_core::repository::entries::{Entry, RepositoriesFile};
use helmrs_core::repository::{Fit, IndexError, IndexFile, is_same_url};
use helmrs_gotemplate::url as go;
use url::Url;

use super::Directories;
use super::cache::{Cache, Fingerprint, Kind, fingerprint, place_atomically};
use super::http::{Credentials, FetchError, FetchOptions, TlsOptions};
use super::oci::{self, Connection};
use super::provenance::{Provenance, Strategy, VerifyChartError, verify_chart, verify_files};
use super::repositories::{self, RepositoryError};
use super::source::Source;
use crate::event::{Event, Watch};
use crate::folder;
use crate::registry::{RegistryError, Session};

/// What a downloaded chart is expected to be.
const ACCEPT: &str = "application/gzip,application/octet-stream";

/// A chart as a user names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChartReference {
    /// A path, a URL, `repository/chart`, or a chart's name in `repository`.
    pub name: String,
    /// The version or range wanted; empty for the newest.
    pub version: String,
    /// The URL of the repository to look in.
    pub repository: String,
    /// Who asks.
    pub credentials: Credentials,
    /// Whether the credentials go to every server.
    pub pass_credentials_all: bool,
    /// Certificates.
    pub tls: TlsOptions,
    /// Whether registries are talked to without TLS.
    pub plain_http: bool,
    /// What registries took before.
    pub session: Session,
    /// Whether provenance is fetched and checked.
    pub verification: Strategy,
}

impl ChartReference {
    /// How registries are talked to.
    pub(super) fn connection(&self) -> Connection {
        Connection {
            credentials: self.credentials.clone(),
            tls: self.tls.clone(),
            plain_http: self.plain_http,
            session: self.session.clone(),
        }
    }
}

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

/// Why a text is no digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DigestError {
    /// It holds something else than digits.
    #[error("encoding/hex: invalid byte: U+{byte:04X} '{}'", char::from(*byte))]
    Digit {
        /// The byte.
        byte: u8,
    },
    /// Half a byte is missing.
    #[error("encoding/hex: odd length hex string")]
    Odd,
    /// It is too long or too short.
    #[error("invalid digest length: {0}")]
    Length(usize),
}

/// A chart on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// Where it is.
    pub path: PathBuf,
    /// What is known of its provenance.
    pub provenance: Provenance,
}

/// The chart at a path, if it is there; none if the name is to be looked for elsewhere.
///
/// Needs no network, so that commands on local charts need nothing that waits.
pub fn locate_local(reference: &ChartReference) -> Result<Option<Located>, LocateError> {
    let name = reference.name.trim();
    if !reference.repository.is_empty() || oci::is_oci(name) {
        return Ok(None);
    }
    let path = Path::new(name);
    if !name.is_empty() && fs::metadata(path).is_ok() {
        let path =
            std::path::absolute(path).map_err(|error| PathError::new("getwd", path, error))?;
        let path = helmrs_core::path::clean(&path);
        let provenance = match reference.verification.trust() {
            Some(trust) => Provenance::Verified(verify_chart(&path, trust)?),
            None => Provenance::Ignored,
        };
        return Ok(Some(Located { path, provenance }));
    }
    if path.is_absolute() || name.starts_with('.') {
        return Err(LocateError::NoPath {
            name: name.to_string(),
        });
    }
    Ok(None)
}

/// What a developer is told before a chart is looked for in the cache.
const CACHE_SET_UP: &str = "set up default downloader cache";

/// The chart a user names, downloaded into the cache if it is not on disk.
pub async fn locate(
    directories: &Directories,
    watch: &dyn Watch,
    reference: &ChartReference,
) -> Result<Located, LocateError> {
    if let Some(local) = locate_local(reference)? {
        return Ok(local);
    }
    if reference.repository.is_empty() {
        folder::make(&directories.repository_cache)?;
    }
    watch.event(Event::step(CACHE_SET_UP, []));
    let source = source(directories, watch, reference).await?;
    let (name, version) = (reference.name.trim(), reference.version.trim());
    let attributes = [("ref", name), ("version", version)];
    watch.event(Event::step("attempting to download chart", attributes));
    // Parity: Helm, pkg/downloader/chart_downloader.go: DownloadToCache says what it did, DownloadTo does not.
    let digest = digest(&source.digest).map_err(|error| match error {
        DigestError::Length(_) => LocateError::Digest(error),
        _ => LocateError::CacheDigest(error),
    })?;
    let cache = Cache::new(&directories.content_cache);
    let (path, fingerprint) = if let Some(cached) =
        digest.and_then(|digest| Some((cache.get(&digest, Kind::Chart)?, digest)))
    {
        cached
    } else {
        let bytes = source.archive(watch).await?;
        // Parity: the digest an index claims names the file, whether it is right or not.
        let name = digest.unwrap_or_else(|| fingerprint(&bytes));
        (cache.put(&name, &bytes, Kind::Chart)?, name)
    };
    let provenance = if reference.verification == Strategy::Never {
        Provenance::Ignored
    } else {
        match cached_provenance(&cache, &fingerprint, &source, watch).await? {
            Ok(file) => check(&path, &source.file_name(), &file, &reference.verification)?,
            Err(error) => source.missing(reference, error)?,
        }
    };
    Ok(Located { path, provenance })
}

/// The provenance of a cached chart, in the cache as well; the inner error is that of its server.
async fn cached_provenance(
    cache: &Cache,
    fingerprint: &Fingerprint,
    source: &Source,
    watch: &dyn Watch,
) -> Result<Result<PathBuf, String>, LocateError> {
    if let Some(cached) = cache.get(fingerprint, Kind::Provenance) {
        return Ok(Ok(cached));
    }
    Ok(match source.provenance(watch).await {
        Ok(bytes) => Ok(cache.put(fingerprint, &bytes, Kind::Provenance)?),
        Err(error) => Err(error),
    })
}

/// Does what is asked for about provenance that was fetched.
fn check(
    archive: &Path,
    file_name: &str,
    provenance: &Path,
    strategy: &Strategy,
) -> Result<Provenance, LocateError> {
    Ok(match strategy.trust() {
        Some(trust) => Provenance::Verified(verify_files(archive, file_name, provenance, trust)?),
        None => Provenance::Fetched,
    })
}

/// The chart a user names, downloaded into a folder under its own name.
// Parity: Helm, pkg/downloader/chart_downloader.go, DownloadTo: the cache is asked and never filled.
pub async fn download(
    directories: &Directories,
    watch: &dyn Watch,
    reference: &ChartReference,
    folder: &Path,
) -> Result<Located, LocateError> {
    watch.event(Event::step(CACHE_SET_UP, []));
    let source = source(directories, watch, reference).await?;
    let cache = Cache::new(&directories.content_cache);
    let digest = digest(&source.digest)?;
    let cached = digest.and_then(|digest| cache.get(&digest, Kind::Chart));
    let bytes = match cached.and_then(|path| fs::read(path).ok()) {
        Some(bytes) => bytes,
        None => source.archive(watch).await?,
    };
    let name = source.file_name();
    let path = folder.join(&name);
    place_atomically(&path, &bytes, 0o644)?;
    if reference.verification == Strategy::Never {
        let provenance = Provenance::Ignored;
        return Ok(Located { path, provenance });
    }
    let cached = digest.and_then(|digest| cache.get(&digest, Kind::Provenance));
    let fetched = match cached.and_then(|path| fs::read(path).ok()) {
        Some(bytes) => Ok(bytes),
        None => source.provenance(watch).await,
    };
    let provenance = match fetched {
        Ok(bytes) => {
            let file = folder.join(format!("{name}.prov"));
            place_atomically(&file, &bytes, 0o644)?;
            check(&path, &name, &file, &reference.verification)?
        }
        Err(error) => source.missing(reference, error)?,
    };
    Ok(Located { path, provenance })
}

/// Finds out where a chart is.
async fn source(
    directories: &Directories,
    watch: &dyn Watch,
    reference: &ChartReference,
) -> Result<Source, LocateError> {
    let name = reference.name.trim();
    if reference.repository.is_empty() && oci::is_oci(name) {
        let chart = oci::Chart::find(directories, watch, reference).await?;
        return Ok(Source::of_registry(chart));
    }
    let mut options = FetchOptions {
        owner: String::new(),
        credentials: reference.credentials.clone(),
        pass_credentials_all: reference.pass_credentials_all,
        tls: reference.tls.clone(),
        accept: Some(ACCEPT),
        accept_gzip: false,
        timeout: None,
        most_bytes: None,
    };
    let version = reference.version.trim();
    if reference.repository.is_empty() {
        let mut source = resolve(directories, watch, name, version, options)?;
        if oci::is_oci(&source.url) {
            let chart = oci::Chart::in_index(directories, &source.url, reference)?;
            source.registry = Some(chart);
        }
        return Ok(source);
    }
    let url = in_repository_at(watch, reference).await?;
    // Parity: the reference caches the index for a moment, which leaves the folder behind.
    folder::make(&directories.repository_cache)?;
    if oci::is_oci(&url) {
        let chart = oci::Chart::in_index(directories, &url, reference)?;
        return Ok(Source::of_registry(chart.in_version(version, watch).await?));
    }
    if !reference.pass_credentials_all && !is_same_server(&reference.repository, &url) {
        options.credentials = Credentials::default();
    }
    resolve(directories, watch, &url, version, options)
}

/// The URL of a chart in the repository at a URL.
// Parity: Helm, pkg/repo/v1/chartrepo.go, FindChartInRepoURL.
pub async fn in_repository_at(
    watch: &dyn Watch,
    reference: &ChartReference,
) -> Result<String, LocateError> {
    let address = &reference.repository;
    repositories::check_address(address)?;
    let text = |path: &Option<PathBuf>| {
        path.as_deref()
            .map(|path| path.to_string_lossy().into_owned())
            .unwrap_or_default()
    };
    let entry = Entry {
        url: address.clone(),
        username: reference.credentials.username.clone(),
        password: reference.credentials.password.clone(),
        cert_file: text(&reference.tls.cert_file),
        key_file: text(&reference.tls.key_file),
        ca_file: text(&reference.tls.ca_file),
        insecure_skip_tls_verify: reference.tls.insecure_skip_verify,
        pass_credentials_all: reference.pass_credentials_all,
        ..Entry::default()
    };
    let (_, index, findings) = repositories::fetch_index(&entry, None)
        .await
        .map_err(|source| LocateError::NotARepository {
            url: address.clone(),
            source,
        })?;
    for finding in findings {
        watch.event(Event::Finding(finding));
    }
    let version = reference.version.trim();
    let name = reference.name.trim();
    let mut chart = format!("chart \"{name}\"");
    if !version.is_empty() {
        chart = format!("{chart} version \"{version}\"");
    }
    let selected = select(watch, &index, name, version).map_err(|_| LocateError::NotFound {
        chart: chart.clone(),
        url: address.clone(),
    })?;
    let url = selected.ok_or(LocateError::NoUrls { chart })?.0;
    Ok(repositories::resolve(address, &url)?)
}

/// The first URL and the digest of the version that fits; none if it has no URL.
fn select(
    watch: &dyn Watch,
    index: &IndexFile,
    name: &str,
    version: &str,
) -> Result<Option<(String, String)>, IndexError> {
    let selected = index.select(name, version)?;
    if selected.fit == Fit::Closest {
        watch.event(Event::ClosestVersion {
            chart: name.to_string(),
            requested: version.to_string(),
            selected: selected.chart.metadata.version.clone(),
        });
    }
    let digest = selected.chart.digest.clone();
    Ok(selected.chart.urls.first().map(|url| (url.clone(), digest)))
}

/// Finds out where a chart is that is named by a URL or in a repository of the list.
// Parity: Helm, pkg/downloader/chart_downloader.go, ResolveChartVersion.
fn resolve(
    directories: &Directories,
    watch: &dyn Watch,
    name: &str,
    version: &str,
    mut options: FetchOptions,
) -> Result<Source, LocateError> {
    let url = go::Url::parse(name.as_bytes()).map_err(|_| LocateError::Url {
        name: name.to_string(),
    })?;
    let list = repositories::read_list_or_empty(&directories.repository_config)?;
    if !url.scheme.is_empty() && !url.host.is_empty() && !url.path.is_empty() {
        if let Some(owner) = owner(directories, watch, &list, name)? {
            adopt(&mut options, owner);
        } else {
            options.owner = name.to_string();
        }
        check_scheme(&url.scheme)?;
        return Ok(Source {
            url: name.to_string(),
            digest: String::new(),
            options,
            registry: None,
        });
    }
    let path = String::from_utf8_lossy(&url.path);
    let Some((repository, chart)) = path.split_once('/') else {
        return Err(LocateError::NoRepositoryName {
            name: String::from_utf8_lossy(&url.to_bytes()).into_owned(),
        });
    };
    let entry = entry(&list, repository)?;
    adopt(&mut options, entry);
    repositories::check_address(&entry.url)?;
    let (index, findings) =
        repositories::read_cached_index(&directories.repository_cache, &entry.name)
            .map_err(|source| LocateError::NoCachedIndex { source })?;
    for finding in findings {
        watch.event(Event::Finding(finding));
    }
    let selected =
        select(watch, &index, chart, version).map_err(|source| LocateError::NotInIndex {
            chart: chart.to_string(),
            version: version.to_string(),
            repository: entry.name.clone(),
            source,
        })?;
    let (reference, digest) = selected.ok_or_else(|| LocateError::NoUrls {
        chart: format!("chart \"{name}\""),
    })?;
    let url = repositories::resolve(&entry.url, &reference)?;
    let parsed = Url::parse(&url).map_err(|_| LocateError::Url { name: url.clone() })?;
    check_scheme(parsed.scheme())?;
    Ok(Source {
        url,
        digest,
        options,
        registry: None,
    })
}

fn entry<'l>(list: &'l RepositoriesFile, name: &str) -> Result<&'l Entry, LocateError> {
    let entry = list.find(name).ok_or_else(|| LocateError::NoRepository {
        name: name.to_string(),
    })?;
    if entry.url.is_empty() {
        return Err(LocateError::NoRepositoryUrl {
            name: name.to_string(),
        });
    }
    Ok(entry)
}

/// Fetches like its repository does.
fn adopt(options: &mut FetchOptions, entry: &Entry) {
    let own = repositories::fetch_options(entry);
    options.owner = own.owner;
    if own.tls.cert_file.is_some() || own.tls.key_file.is_some() || own.tls.ca_file.is_some() {
        let insecure_skip_verify = options.tls.insecure_skip_verify;
        options.tls = TlsOptions {
            insecure_skip_verify,
            ..own.tls
        };
    }
    if own.credentials.is_complete() {
        options.credentials = own.credentials;
        options.pass_credentials_all = own.pass_credentials_all;
    }
}

/// The repository whose index names a URL.
// Parity: Helm, pkg/downloader/chart_downloader.go, scanReposForURL.
fn owner<'l>(
    directories: &Directories,
    watch: &dyn Watch,
    list: &'l RepositoriesFile,
    url: &str,
) -> Result<Option<&'l Entry>, LocateError> {
    for entry in &list.repositories {
        repositories::check_address(&entry.url)?;
        let (index, findings) =
            repositories::read_cached_index(&directories.repository_cache, &entry.name)
                .map_err(|source| LocateError::NoCachedIndex { source })?;
        for finding in findings {
            watch.event(Event::Finding(finding));
        }
        let mut urls = index
            .entries
            .values()
            .flatten()
            .flat_map(|version| &version.urls);
        if urls.any(|known| is_same_url(known, url)) {
            return Ok(Some(entry));
        }
    }
    Ok(None)
}

// Parity: Helm, pkg/action/install.go, urlEqual.
fn is_same_server(one: &str, other: &str) -> bool {
    match (Url::parse(one), Url::parse(other)) {
        (Ok(one), Ok(other)) => {
            one.scheme() == other.scheme()
                && one.host_str() == other.host_str()
                && one.port_or_known_default() == other.port_or_known_default()
        }
        _ => false,
    }
}

fn check_scheme(scheme: &str) -> Result<(), LocateError> {
    match scheme {
        "http" | "https" | "oci" => Ok(()),
        scheme => Err(LocateError::Scheme {
            scheme: scheme.to_string(),
        }),
    }
}

/// The bytes of a digest as indexes have it, with or without the name of its algorithm.
fn digest(text: &str) -> Result<Option<Fingerprint>, DigestError> {
    let digits = text.split_once(':').map_or(text, |(_, digits)| digits);
    if digits.is_empty() {
        return Ok(None);
    }
    if let Some(byte) = digits.bytes().find(|byte| !byte.is_ascii_hexdigit()) {
        return Err(DigestError::Digit { byte });
    }
    let bytes = hex::decode(digits).map_err(|_| DigestError::Odd)?;
    match <Fingerprint>::try_from(bytes) {
        Ok(fingerprint) => Ok(Some(fingerprint)),
        Err(bytes) => Err(DigestError::Length(bytes.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_come_with_or_without_their_algorithm() {
        let digits = "ab".repeat(32);
        assert_eq!(digest(&digits).unwrap(), Some([0xab; 32]));
        assert_eq!(
            digest(&format!("sha256:{digits}")).unwrap(),
            Some([0xab; 32])
        );
        assert_eq!(digest("").unwrap(), None);
        assert_eq!(
            digest("abcd").unwrap_err().to_string(),
            "invalid digest length: 2"
        );
        assert_eq!(
            digest("xy").unwrap_err().to_string(),
            "encoding/hex: invalid byte: U+0078 'x'"
        );
    }

    #[test]
    fn a_missing_path_is_named_only_if_it_must_be_one() {
        let reference = |name: &str| ChartReference {
            name: name.to_string(),
            ..ChartReference::default()
        };
        assert_eq!(
            locate_local(&reference("./nope")).unwrap_err().to_string(),
            "path \"./nope\" not found"
        );
        assert_eq!(locate_local(&reference("stable/web")).unwrap(), None);
    }
}
