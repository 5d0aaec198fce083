//! Where a chart is to be downloaded from: its URL, and as whom.
// Parity: Helm, pkg/downloader/chart_downloader.go, ResolveChartVersion; pkg/repo/v1/chartrepo.go.

use std::path::PathBuf;

use helmrs_core::registry::reference::SCHEME;
use helmrs_core::repository::entries::{Entry, RepositoriesFile};
use helmrs_core::repository::{Catalog, Fit, IndexError, is_same_url};
use helmrs_gotemplate::url as go;
use url::Url;

use super::LocateError;
use crate::download::http::{Credentials, FetchOptions, TlsOptions};
use crate::download::meter::Meter;
use crate::download::reference::ChartReference;
use crate::download::source::Source;
use crate::download::{Directories, Getters, oci, repositories};
use crate::event::{Event, Watch};
use crate::folder;

/// What a downloaded chart is expected to be.
const ACCEPT: &str = "application/gzip,application/octet-stream";

/// Finds out where a chart is.
pub(super) async fn source(
    directories: &Directories,
    watch: &dyn Watch,
    reference: &ChartReference,
) -> Result<Source, LocateError> {
    let name = reference.name.trim();
    // Parity: Go writes a URL that is nothing but a scheme without its slashes, and then it is no registry's.
    if reference.repository.is_empty() && name.eq_ignore_ascii_case(SCHEME) {
        let name = SCHEME.trim_end_matches('/').to_owned();
        return Err(LocateError::NoRepositoryName { name });
    }
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
        refuse_link_local: false,
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
    let url = in_repository_at(directories, watch, reference).await?;
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
    directories: &Directories,
    watch: &dyn Watch,
    reference: &ChartReference,
) -> Result<String, LocateError> {
    let index = index_at(directories, watch, reference).await?;
    url_in(&index, watch, reference)
}

/// The index of the repository at a URL.
pub async fn index_at(
    directories: &Directories,
    watch: &dyn Watch,
    reference: &ChartReference,
) -> Result<Catalog, LocateError> {
    let address = &reference.repository;
    let getters = &directories.getters;
    repositories::check_address(address, getters)?;
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
    let (_, index, findings) = repositories::fetch_index(&entry, getters, None, &Meter::new(watch))
        .await
        .map_err(|source| LocateError::NotARepository {
            url: address.clone(),
            source,
        })?;
    for finding in findings {
        watch.event(Event::Finding(finding));
    }
    Ok(index)
}

/// The URL of a chart in the index of its repository.
pub fn url_in(
    index: &Catalog,
    watch: &dyn Watch,
    reference: &ChartReference,
) -> Result<String, LocateError> {
    let address = &reference.repository;
    let version = reference.version.trim();
    let name = reference.name.trim();
    let mut chart = format!("chart \"{name}\"");
    if !version.is_empty() {
        chart = format!("{chart} version \"{version}\"");
    }
    let selected = select(watch, index, name, version).map_err(|_| LocateError::NotFound {
        chart: chart.clone(),
        url: address.clone(),
    })?;
    let url = selected.ok_or(LocateError::NoUrls { chart })?.0;
    Ok(repositories::resolve(address, &url)?)
}

/// The first URL and the digest of the version that fits; none if it has no URL.
fn select(
    watch: &dyn Watch,
    index: &Catalog,
    name: &str,
    version: &str,
) -> Result<Option<(String, String)>, IndexError> {
    let (selected, fit) = index.select(name, version)?;
    if fit == Fit::Closest {
        watch.event(Event::ClosestVersion {
            chart: name.to_string(),
            requested: version.to_string(),
            selected: selected.version().to_owned(),
        });
    }
    let url = selected.urls().next();
    Ok(url.map(|url| (url.to_owned(), selected.digest().to_owned())))
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
        check_scheme(&url.scheme, &directories.getters)?;
        return Ok(Source {
            url: name.to_string(),
            digest: String::new(),
            options,
            registry: None,
            getters: directories.getters.clone(),
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
    repositories::check_address(&entry.url, &directories.getters)?;
    let (index, findings) = repositories::read_cached_index(directories, &entry.name)
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
    check_scheme(parsed.scheme(), &directories.getters)?;
    Ok(Source {
        url,
        digest,
        options,
        registry: None,
        getters: directories.getters.clone(),
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
        repositories::check_address(&entry.url, &directories.getters)?;
        let (index, findings) = repositories::read_cached_index(directories, &entry.name)
            .map_err(|source| LocateError::NoCachedIndex { source })?;
        for finding in findings {
            watch.event(Event::Finding(finding));
        }
        let versions = index.charts().flat_map(|chart| chart.versions());
        let mut urls = versions.flat_map(|version| version.urls());
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

fn check_scheme(scheme: &str, getters: &Getters) -> Result<(), LocateError> {
    if getters.provides(scheme) {
        return Ok(());
    }
    Err(LocateError::Scheme {
        scheme: scheme.to_string(),
    })
}
