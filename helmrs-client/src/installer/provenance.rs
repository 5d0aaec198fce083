//! Who signed plugins.

use std::fs;
use std::io;
use std::path::Path;

use helmrs_core::path_error::PathError;
use helmrs_core::plugin::Metadata;
use helmrs_core::provenance::{self, Keyring, KeyringError, Verification};

use super::Places;
use super::fetch::{file_name, provenance_path};
use crate::download::Trust;

/// Why a plugin is not what somebody signed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum VerifyError {
    /// It is not there, or it cannot be asked for.
    #[error(transparent)]
    Path(PathError),
    /// It is a folder.
    #[error("directory verification not supported - only plugin tarballs can be verified")]
    Folder,
    /// It is not called like an archive.
    #[error("plugin file must be a gzipped tarball (.tar.gz or .tgz)")]
    NotAnArchive,
    /// There is no provenance.
    #[error("could not find provenance file {path}")]
    NoProvenance { path: String, source: PathError },
    /// A file cannot be read.
    #[error("failed to read {what} file")]
    Read {
        what: &'static str,
        source: PathError,
    },
    /// The keyring cannot be read.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// It is another plugin, or nobody known signed it.
    #[error(transparent)]
    Verify(#[from] provenance::VerifyError),
}

/// Checks an archive against the provenance beside it.
// Parity: Helm, pkg/cmd/plugin_verify.go.
pub fn verify(archive: &Path, trust: &Trust) -> Result<Verification, VerifyError> {
    let stat =
        |path: &Path| fs::metadata(path).map_err(|error| PathError::new("stat", path, error));
    if stat(archive).map_err(VerifyError::Path)?.is_dir() {
        return Err(VerifyError::Folder);
    }
    let extension = archive.extension().unwrap_or_default();
    if extension != "gz" && extension != "tgz" {
        return Err(VerifyError::NotAnArchive);
    }
    let provenance = provenance_path(archive);
    stat(&provenance).map_err(|source| VerifyError::NoProvenance {
        path: provenance.display().to_string(),
        source,
    })?;
    let read = |what, path: &Path| {
        fs::read(path).map_err(|error| VerifyError::Read {
            what,
            source: PathError::of_read(path, error),
        })
    };
    let name = archive.file_name().unwrap_or_default();
    let (archive, provenance) = (read("plugin", archive)?, read("provenance", &provenance)?);
    check(&archive, &provenance, &name.to_string_lossy(), trust)
}

/// Checks an archive, which was signed under this name, against its provenance.
// Parity: Helm, internal/plugin/verify.go.
pub(super) fn check(
    archive: &[u8],
    provenance: &[u8],
    file_name: &str,
    trust: &Trust,
) -> Result<Verification, VerifyError> {
    let path = &trust.keyring;
    let keyring = fs::read(path);
    let keyring = keyring.map_err(|error| VerifyError::Path(PathError::of_read(path, error)))?;
    let keyring = Keyring::read(&path.to_string_lossy(), &keyring)?;
    Ok(keyring.verify(archive, provenance, file_name, trust.now)?)
}

/// What is known of an installed plugin's provenance. Nobody's key is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is a folder somewhere else, for trying out.
    Development,
    /// There is no provenance.
    Unsigned,
    /// What should be a provenance is none.
    Invalid,
    /// The provenance is of another archive.
    Mismatched,
    /// The archive is the one that was signed.
    Signed,
    /// Nobody can tell.
    Unknown,
}

impl Standing {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Development => "local dev",
            Self::Unsigned => "unsigned",
            Self::Invalid => "invalid provenance",
            Self::Mismatched => "mismatched provenance",
            Self::Signed => "signed",
            Self::Unknown => "unknown",
        }
    }
}

/// What is known of an installed plugin's provenance.
// Parity: Helm, internal/plugin/signing_info.go, GetPluginSigningInfo: the plugin's folder is taken to be called like it.
pub fn standing(metadata: &Metadata, places: &Places) -> Standing {
    let Ok(found) = places.data.join(&metadata.name).symlink_metadata() else {
        return Standing::Unknown;
    };
    if found.is_symlink() {
        return Standing::Development;
    }
    let name = file_name(metadata);
    let archive = places.data.join(&name);
    if archive.metadata().is_err() {
        return Standing::Unsigned;
    }
    let provenance = match fs::read(provenance_path(&archive)) {
        Ok(provenance) => provenance,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Standing::Unsigned,
        Err(_) => return Standing::Unknown,
    };
    let archive = fs::read(&archive).unwrap_or_default();
    match provenance::claims(&provenance, &archive, &name) {
        None => Standing::Invalid,
        Some(false) => Standing::Mismatched,
        Some(true) => Standing::Signed,
    }
}
