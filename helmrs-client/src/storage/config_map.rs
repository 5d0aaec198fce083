//! Records in ConfigMaps.

use std::sync::Arc;

use helmrs_core::yaml::Map;
use helmrs_gotemplate::Ambient;

use super::Driver;
use super::object::{Holder, ObjectDriver};
use crate::cluster::Cluster;

struct ConfigMap;

impl Holder for ConfigMap {
    const RESOURCE: &'static str = "configmaps";

    fn wrap(record: &str) -> Map {
        Map::from([
            ("apiVersion".to_string(), "v1".into()),
            ("kind".to_string(), "ConfigMap".into()),
            (
                "data".to_string(),
                Map::from([("release".to_string(), record.into())]).into(),
            ),
        ])
    }

    fn record(data: String) -> Result<Vec<u8>, String> {
        Ok(data.into_bytes())
    }
}

/// A driver that keeps records in the ConfigMaps of a namespace; the empty one stands for all, for listing.
pub(crate) fn driver(
    cluster: Arc<Cluster>,
    namespace: &str,
    ambient: Arc<dyn Ambient + Send + Sync>,
) -> Arc<dyn Driver> {
    Arc::new(ObjectDriver::<ConfigMap>::new(
        cluster,
        namespace.to_string(),
        ambient,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn it_passes_the_suite_every_driver_passes() {
        super::super::conformance::run_on_cluster(driver).await;
    }
}
