//! Where one chart comes from: a URL, or a registry.

use url::Url;

use super::Getters;
use super::http::FetchOptions;
use super::locate::LocateError;
use super::oci;
use super::provenance::{Provenance, Strategy};
use super::reference::ChartReference;
use crate::error::chain;
use crate::event::Watch;

/// The most that is read of a provenance file, which holds a `Chart.yaml` and a signature.
const MOST_PROVENANCE: usize = 16 << 20;

/// Where a chart is downloaded from, and how.
pub(super) struct Source {
    pub(super) url: String,
    /// The digest of the archive, as an index or a registry claims it.
    pub(super) digest: String,
    pub(super) options: FetchOptions,
    /// The chart in its registry, if it is in one.
    pub(super) registry: Option<oci::Chart>,
    /// What fetches URLs that are not the network's.
    pub(super) getters: Getters,
}

impl Source {
    pub(super) fn of_registry(chart: oci::Chart) -> Self {
        Self {
            url: chart.resolved.url.clone(),
            digest: chart.resolved.digest.clone(),
            options: FetchOptions::default(),
            registry: Some(chart),
            getters: Getters::default(),
        }
    }

    pub(super) fn file_name(&self) -> String {
        if let Some(chart) = &self.registry {
            return chart.resolved.file_name();
        }
        let path = Url::parse(&self.url)
            .map(|url| url.path().to_string())
            .unwrap_or_default();
        path.trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_string()
    }

    pub(super) async fn archive(&self, watch: &dyn Watch) -> Result<Vec<u8>, LocateError> {
        if let Some(chart) = &self.registry {
            return Ok(chart.archive(watch).await?);
        }
        Ok(self.getters.get(&self.url, &self.options, watch).await?)
    }

    fn provenance_url(&self) -> String {
        format!("{}.prov", self.url)
    }

    /// The provenance, or why there is none.
    pub(super) async fn provenance(&self, watch: &dyn Watch) -> Result<Vec<u8>, String> {
        if let Some(chart) = &self.registry {
            let pulled = chart.provenance(watch).await;
            return pulled.map_err(|error| chain(&error));
        }
        let options = FetchOptions {
            most_bytes: Some(MOST_PROVENANCE),
            ..self.options.clone()
        };
        let url = self.provenance_url();
        let fetched = self.getters.get(&url, &options, watch).await;
        fetched.map_err(|error| chain(&error))
    }

    /// What is to be made of provenance that cannot be fetched.
    pub(super) fn missing(
        &self,
        reference: &ChartReference,
        error: String,
    ) -> Result<Provenance, LocateError> {
        if matches!(reference.verification, Strategy::Always(_)) {
            let url = self.provenance_url();
            return Err(LocateError::Provenance { url });
        }
        // Parity: a chart that was found in a repository at a URL goes by its own URL.
        let chart = if reference.repository.is_empty() {
            reference.name.trim()
        } else {
            &self.url
        };
        Ok(Provenance::Missing {
            chart: chart.to_owned(),
            error,
        })
    }
}
