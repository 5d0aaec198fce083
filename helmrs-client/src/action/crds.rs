//! Definitions a chart brings along, installed before anything is rendered.
// Parity: Helm, pkg/action/install.go, installCRDs.

use std::time::Duration;

use helmrs_core::chart::Chart;

use super::options::WaitStrategy;
use crate::cluster::apply::Creation;
use crate::cluster::build::Validation;
use crate::cluster::wait::WaitError;
use crate::cluster::{ApplyError, BuildError, Cluster};

/// How long definitions may take to be known.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why a chart's definitions were not installed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum CrdError {
    /// A file is no list of objects.
    #[error("failed to install CRD {file}")]
    Build { file: String, source: BuildError },
    /// A file holds nothing.
    #[error("failed to install CRD {file}: resources are empty")]
    Empty { file: String },
    /// The server refused.
    #[error("failed to install CRD {file}")]
    Apply { file: String, source: ApplyError },
    /// The server did not come to know them in time.
    #[error(transparent)]
    Wait(#[from] WaitError),
}

/// Installs the definitions file by file, waits until they are known, and forgets what was known before.
pub(super) async fn install(
    cluster: &Cluster,
    chart: &Chart,
    creation: Creation,
    strategy: WaitStrategy,
) -> Result<(), CrdError> {
    let mut applied = Vec::new();
    for (_, file) in chart.crds() {
        let name = || file.name.clone();
        let text = String::from_utf8_lossy(&file.data);
        let resources = cluster
            .build(&text, Validation::Off)
            .await
            .map_err(|source| CrdError::Build {
                file: name(),
                source,
            })?;
        if resources.is_empty() {
            return Err(CrdError::Empty { file: name() });
        }
        match cluster.create(&resources, creation).await {
            Ok(()) => applied.extend(resources),
            Err(error) if error.is_already_exists() => {
                let text = "CRD is already present. Skipping";
                cluster.step(text, [("crd", &file.name)]);
            }
            Err(source) => {
                return Err(CrdError::Apply {
                    file: name(),
                    source,
                });
            }
        }
    }
    if !applied.is_empty() {
        cluster
            .wait_for_definitions(&applied, strategy, PATIENCE)
            .await?;
        cluster.step("clearing REST mapper cache", []);
        cluster.forget_discovery();
    }
    Ok(())
}
