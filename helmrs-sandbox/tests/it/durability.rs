//! What a data file keeps.

use helmrs_sandbox::Options;
use serde_json::json;

use crate::client::Cluster;

#[tokio::test]
async fn a_new_sandbox_finds_what_an_old_one_stored() {
    let data = std::env::temp_dir().join(format!("helmrs-durability-{}.redb", std::process::id()));
    let options = || Options {
        data: Some(data.clone()),
        ..Options::default()
    };
    let cluster = Cluster::with(options()).await;
    cluster.config_map("kept", json!({"k": "v"})).await;
    cluster.config_map("gone", json!({})).await;
    cluster
        .delete("/api/v1/namespaces/default/configmaps/gone")
        .await;
    let (_, before) = cluster
        .get("/api/v1/namespaces/default/configmaps/kept")
        .await;
    cluster.sandbox.stop().await;
    let cluster = Cluster::with(options()).await;
    let (_, after) = cluster
        .get("/api/v1/namespaces/default/configmaps/kept")
        .await;
    assert_eq!(before, after);
    assert_eq!(
        cluster
            .get("/api/v1/namespaces/default/configmaps/gone")
            .await
            .0,
        404
    );
    cluster.sandbox.stop().await;
    let _ = std::fs::remove_file(data);
}
