//! Objects as rows.

use serde_json::{Value, json};

use crate::client::{Cluster, answer};

const TABLE: &str = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

async fn table(cluster: &Cluster, path: &str) -> Value {
    answer(cluster.request("GET", path).header("accept", TABLE))
        .await
        .1
}

fn names(table: &Value) -> Vec<&str> {
    let columns = table["columnDefinitions"].as_array().expect("columns");
    columns
        .iter()
        .filter_map(|column| column["name"].as_str())
        .collect()
}

#[tokio::test]
async fn a_list_of_config_maps_is_counted() {
    let cluster = Cluster::start().await;
    cluster.config_map("a", json!({"x": "1", "y": "2"})).await;
    let path = "/api/v1/namespaces/default/configmaps";
    let table = table(&cluster, &format!("{path}?fieldSelector=metadata.name%3Da")).await;
    assert_eq!(
        (&table["kind"], names(&table)),
        (&json!("Table"), vec!["Name", "Data", "Age"])
    );
    let row = &table["rows"][0];
    assert_eq!(
        (&row["cells"][0], &row["cells"][1]),
        (&json!("a"), &json!(2))
    );
    assert_eq!(row["object"]["kind"], "PartialObjectMetadata");
}

#[tokio::test]
async fn wide_columns_have_a_priority() {
    let cluster = Cluster::start().await;
    let table = table(&cluster, "/api/v1/pods").await;
    let wide = table["columnDefinitions"].as_array().expect("columns");
    let wide = wide
        .iter()
        .filter(|column| column["priority"] == 1)
        .filter_map(|column| column["name"].as_str());
    assert_eq!(
        wide.collect::<Vec<_>>(),
        ["IP", "Node", "Nominated Node", "Readiness Gates"]
    );
}

#[tokio::test]
async fn a_service_shows_how_it_is_reached() {
    let cluster = Cluster::start().await;
    let table = table(
        &cluster,
        "/api/v1/namespaces/default/services/kubernetes?includeObject=None",
    )
    .await;
    let cells = table["rows"][0]["cells"].as_array().expect("cells");
    assert_eq!(
        cells[..5],
        [
            json!("kubernetes"),
            json!("ClusterIP"),
            json!("10.96.0.1"),
            json!("<none>"),
            json!("443/TCP")
        ]
    );
}
