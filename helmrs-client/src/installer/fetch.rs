//! A plugin's archive and its provenance, from wherever they are.

use std::path::{Path, PathBuf};

use helmrs_core::path_error::PathError;
use helmrs_core::plugin::archive::{self, ArchiveError};
use helmrs_core::plugin::{Metadata, MetadataError};
use helmrs_core::registry::plugin::name_in;

use super::source::base;
use crate::download::http::{self, FetchOptions};
use crate::download::{Connection, Directories, FetchError as HttpError};
use crate::event::{Silent, Watch};
use crate::registry::{Patience, Registry, RegistryError};
use crate::tls::TlsOptions;

/// The most that is read of an archive.
const ARCHIVE_LIMIT: usize = 256 << 20;

/// The most that is read of a provenance.
const PROVENANCE_LIMIT: usize = 4 << 20;

/// Why a plugin's archive is not to be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum FetchError {
    /// The file cannot be read.
    #[error("failed to read {what}")]
    Read {
        what: &'static str,
        source: PathError,
    },
    /// The provenance is there and cannot be read.
    #[error("failed to access provenance file {path}")]
    Provenance { path: String, source: PathError },
    /// The web server does not hand it out.
    #[error(transparent)]
    Http(HttpError),
    /// The same, where its signature was to be checked.
    #[error("failed to download plugin")]
    Download(#[source] HttpError),
    /// The registry does not hand it out.
    #[error("failed to pull plugin from {address}")]
    Pull {
        address: String,
        source: RegistryError,
    },
    /// It is no plugin's.
    #[error("failed to extract plugin metadata from tarball")]
    Descriptor(#[from] DescriptorError),
}

/// Why an archive is no plugin's.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DescriptorError {
    /// It cannot be unpacked.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// Its `plugin.yaml` is refused.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
}

/// A plugin's archive, and what belongs to it.
#[derive(Debug)]
pub(super) struct Package {
    pub(super) archive: Vec<u8>,
    pub(super) provenance: Option<Vec<u8>>,
    /// The name under which it was signed.
    pub(super) signed_name: String,
    /// What the plugin says of itself.
    metadata: Option<Metadata>,
}

impl Package {
    /// What the plugin says of itself.
    pub(super) fn metadata(&mut self) -> Result<&Metadata, DescriptorError> {
        let metadata = match self.metadata.take() {
            Some(metadata) => metadata,
            None => metadata_in(&self.archive)?,
        };
        Ok(self.metadata.insert(metadata))
    }
}

/// What the plugin in an archive says of itself.
pub(super) fn metadata_in(archive: &[u8]) -> Result<Metadata, DescriptorError> {
    Ok(Metadata::read(&archive::descriptor(archive)?)?)
}

/// The name of the file that an archive is kept in.
pub(super) fn file_name(metadata: &Metadata) -> String {
    format!("{}-{}.tgz", metadata.name, metadata.version)
}

/// The path of the provenance that belongs to an archive.
pub(super) fn provenance_path(archive: &Path) -> PathBuf {
    let mut path = archive.as_os_str().to_owned();
    path.push(".prov");
    path.into()
}

/// Reads an archive on this machine; what is wrong with its provenance matters only where that is needed.
pub(super) fn read(path: &Path, is_verified: bool) -> Result<Package, FetchError> {
    let what = if is_verified {
        "plugin file"
    } else {
        "archive"
    };
    let archive = std::fs::read(path);
    let archive = archive.map_err(|error| FetchError::Read {
        what,
        source: PathError::of_read(path, error),
    })?;
    let provenance_path = provenance_path(path);
    let provenance = match std::fs::read(&provenance_path) {
        Ok(provenance) => Some(provenance),
        Err(error) if is_verified && error.kind() != std::io::ErrorKind::NotFound => {
            return Err(FetchError::Provenance {
                path: provenance_path.display().to_string(),
                source: PathError::of_read(&provenance_path, error),
            });
        }
        Err(_) => None,
    };
    Ok(Package {
        archive,
        provenance,
        signed_name: base(&path.to_string_lossy()).to_owned(),
        metadata: None,
    })
}

/// Fetches an archive from a web server.
// Parity: Helm, internal/plugin/installer/http_installer.go: what is no plugin has no provenance asked for, unless that has
// to be checked.
pub(super) async fn download(
    url: &str,
    is_verified: bool,
    options: &FetchOptions,
) -> Result<Package, FetchError> {
    let options = |most| FetchOptions {
        most_bytes: Some(most),
        ..options.clone()
    };
    let archive = http::fetch(url, &options(ARCHIVE_LIMIT), &Silent).await;
    let archive = archive.map_err(|error| {
        if is_verified {
            FetchError::Download(error)
        } else {
            FetchError::Http(error)
        }
    })?;
    let metadata = if is_verified {
        None
    } else {
        Some(metadata_in(&archive)?)
    };
    let provenance = http::fetch(&format!("{url}.prov"), &options(PROVENANCE_LIMIT), &Silent).await;
    Ok(Package {
        archive,
        provenance: provenance.ok(),
        signed_name: base(url).to_owned(),
        metadata,
    })
}

/// Fetches an archive from a registry.
pub(super) async fn pull(
    address: &str,
    connection: &Connection,
    directories: &Directories,
    watch: &dyn Watch,
) -> Result<Package, FetchError> {
    let content = async {
        let registry = registry(connection, directories)?;
        registry.pull_plugin(address, name_in(address), watch).await
    };
    let content = content.await.map_err(|source| FetchError::Pull {
        address: address.to_owned(),
        source,
    })?;
    let metadata = metadata_in(&content.archive)?;
    Ok(Package {
        archive: content.archive,
        provenance: content.provenance,
        signed_name: file_name(&metadata),
        metadata: Some(metadata),
    })
}

/// The registry, as plugins are fetched from it: it is asked once, and certificates say nothing of plain HTTP.
// Parity: Helm, pkg/getter/ocigetter.go, newRegistryClient.
fn registry(connection: &Connection, directories: &Directories) -> Result<Registry, RegistryError> {
    let mut options = connection.options(directories);
    options.patience = Patience {
        attempts: 0,
        ..Patience::default()
    };
    options.tls = paired(&options.tls);
    if options.plain_http {
        crate::registry::check_tls(&options.tls)?;
        options.tls = TlsOptions::default();
    }
    Registry::new(options)
}

/// The same, without a certificate that has no key or a key that has no certificate.
pub(super) fn paired(tls: &TlsOptions) -> TlsOptions {
    let pair = tls.cert_file.clone().zip(tls.key_file.clone());
    let (cert_file, key_file) = pair.unzip();
    TlsOptions {
        cert_file,
        key_file,
        ..tls.clone()
    }
}
