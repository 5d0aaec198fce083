//! Checking a chart on disk against its provenance.
// Parity: Helm, pkg/downloader/chart_downloader.go, VerifyChart.

use std::fs;
use std::path::{Path, PathBuf};

use helmrs_core::path_error::PathError;
use helmrs_core::provenance::{Keyring, KeyringError, Verification, VerifyError};
use helmrs_core::time::Time;

/// Whose signatures count, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    /// The file of the public keys.
    pub keyring: PathBuf,
    /// The time by which keys and signatures may have expired.
    pub now: Time,
}

/// What is done about a chart's provenance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Strategy {
    /// Nothing.
    #[default]
    Never,
    /// It is fetched if it is there.
    Later,
    /// It is fetched and checked if it is there.
    IfPossible(Trust),
    /// It must be there and right.
    Always(Trust),
}

impl Strategy {
    /// Whose signatures are asked for, if any are.
    pub(super) fn trust(&self) -> Option<&Trust> {
        match self {
            Self::Never | Self::Later => None,
            Self::IfPossible(trust) | Self::Always(trust) => Some(trust),
        }
    }
}

/// What is known of a chart's provenance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// Nobody asked.
    Ignored,
    /// There is none.
    Missing {
        /// The chart as it was asked for.
        chart: String,
        /// What its server said.
        error: String,
    },
    /// It was fetched and not looked at.
    Fetched,
    /// It is right.
    Verified(Verification),
}

/// Why a chart is not what somebody signed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyChartError {
    /// There is no chart.
    #[error(transparent)]
    Chart(PathError),
    /// The chart is a directory.
    #[error("unpacked charts cannot be verified")]
    Unpacked,
    /// The chart is not called like an archive.
    #[error("chart must be a tgz file")]
    NotAnArchive,
    /// There is no provenance.
    #[error("could not load provenance file {path}")]
    NoProvenance {
        /// Where it should be.
        path: String,
        /// What the file system says.
        source: PathError,
    },
    /// There is no keyring.
    #[error("failed to load keyring")]
    NoKeyring(#[source] PathError),
    /// The keyring is none.
    #[error("failed to load keyring")]
    Keyring(#[source] KeyringError),
    /// The chart cannot be read.
    #[error("failed to read chart archive")]
    ReadChart(#[source] PathError),
    /// The provenance cannot be read.
    #[error("failed to read provenance file")]
    ReadProvenance(#[source] PathError),
    /// The chart is another one, or nobody known signed it.
    #[error(transparent)]
    Verify(#[from] VerifyError),
}

/// Checks an archive against the provenance beside it.
pub fn verify_chart(archive: &Path, trust: &Trust) -> Result<Verification, VerifyChartError> {
    let mut provenance = archive.as_os_str().to_owned();
    provenance.push(".prov");
    let file_name = archive.file_name().unwrap_or_default();
    verify_files(
        archive,
        &file_name.to_string_lossy(),
        Path::new(&provenance),
        trust,
    )
}

/// Checks an archive, which was signed under this name, against its provenance.
pub fn verify_files(
    archive: &Path,
    file_name: &str,
    provenance: &Path,
    trust: &Trust,
) -> Result<Verification, VerifyChartError> {
    let metadata = fs::metadata(archive)
        .map_err(|error| VerifyChartError::Chart(PathError::new("stat", archive, error)))?;
    if metadata.is_dir() {
        return Err(VerifyChartError::Unpacked);
    }
    let extension = Path::new(file_name).extension().unwrap_or_default();
    if !extension.eq_ignore_ascii_case("tgz") {
        return Err(VerifyChartError::NotAnArchive);
    }
    fs::metadata(provenance).map_err(|error| VerifyChartError::NoProvenance {
        path: provenance.display().to_string(),
        source: PathError::new("stat", provenance, error),
    })?;
    let name = trust.keyring.to_string_lossy();
    let keyring = read(&trust.keyring).map_err(VerifyChartError::NoKeyring)?;
    let keyring = Keyring::read(&name, &keyring).map_err(VerifyChartError::Keyring)?;
    let archive = read(archive).map_err(VerifyChartError::ReadChart)?;
    let provenance = read(provenance).map_err(VerifyChartError::ReadProvenance)?;
    Ok(keyring.verify(&archive, &provenance, file_name, trust.now)?)
}

fn read(path: &Path) -> Result<Vec<u8>, PathError> {
    fs::read(path).map_err(|error| PathError::of_read(path, error))
}
