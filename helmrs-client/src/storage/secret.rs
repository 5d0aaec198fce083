//! Records in Secrets, the default.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use helmrs_core::yaml::Map;
use helmrs_gotemplate::Ambient;

use super::Driver;
use super::object::{Holder, ObjectDriver};
use crate::cluster::Cluster;

/// The type of the Secrets, which says how their record is written.
const TYPE: &str = "helm.sh/release.v1";

struct Secret;

impl Holder for Secret {
    const RESOURCE: &'static str = "secrets";

    fn wrap(record: &str) -> Map {
        Map::from([
            ("apiVersion".to_string(), "v1".into()),
            ("kind".to_string(), "Secret".into()),
            ("type".to_string(), TYPE.into()),
            (
                "data".to_string(),
                Map::from([("release".to_string(), STANDARD.encode(record).into())]).into(),
            ),
        ])
    }

    fn record(data: String) -> Result<Vec<u8>, String> {
        STANDARD.decode(data).map_err(|error| error.to_string())
    }
}

/// A driver that keeps records in the Secrets of a namespace; the empty one stands for all, for listing.
pub(crate) fn driver(
    cluster: Arc<Cluster>,
    namespace: &str,
    ambient: Arc<dyn Ambient + Send + Sync>,
) -> Arc<dyn Driver> {
    Arc::new(ObjectDriver::<Secret>::new(
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
