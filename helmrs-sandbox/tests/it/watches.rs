//! Watches: streams of what happens.

use serde_json::{Value, json};

use crate::client::Cluster;

const MAPS: &str = "/api/v1/namespaces/default/configmaps";

/// The events of a watch that ends after a second.
async fn events(cluster: &Cluster, query: &str) -> Vec<Value> {
    let path = format!("{MAPS}?watch=true&timeoutSeconds=1&{query}");
    let text = cluster
        .request("GET", &path)
        .send()
        .await
        .expect("an answer")
        .text()
        .await
        .expect("a body");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("an event"))
        .collect()
}

fn heads(events: &[Value]) -> Vec<(String, String)> {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    events
        .iter()
        .map(|event| {
            (
                word(&event["type"]),
                word(&event["object"]["metadata"]["name"]),
            )
        })
        .collect()
}

fn head(kind: &str, name: &str) -> (String, String) {
    (kind.to_owned(), name.to_owned())
}

#[tokio::test]
async fn a_watch_shows_what_happens_after_a_version() {
    let cluster = Cluster::start().await;
    let first = cluster.config_map("a", json!({})).await;
    let version = first["metadata"]["resourceVersion"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    cluster
        .patch("merge", &format!("{MAPS}/a"), &json!({"data": {"k": "v"}}))
        .await;
    cluster.delete(&format!("{MAPS}/a")).await;
    let query = format!("resourceVersion={version}&fieldSelector=metadata.name%3Da");
    let events = events(&cluster, &query).await;
    assert_eq!(
        heads(&events),
        [head("MODIFIED", "a"), head("DELETED", "a")]
    );
}

#[tokio::test]
async fn an_object_that_leaves_the_selection_is_deleted_from_it() {
    let cluster = Cluster::start().await;
    let object = json!({"metadata": {"name": "a", "labels": {"x": "1"}}});
    let (_, made) = cluster.post(MAPS, &object).await;
    let version = made["metadata"]["resourceVersion"]
        .as_str()
        .unwrap_or_default();
    cluster
        .patch(
            "merge",
            &format!("{MAPS}/a"),
            &json!({"metadata": {"labels": {"x": "2"}}}),
        )
        .await;
    cluster
        .patch(
            "merge",
            &format!("{MAPS}/a"),
            &json!({"metadata": {"labels": {"x": "1"}}}),
        )
        .await;
    let events = events(
        &cluster,
        &format!("resourceVersion={version}&labelSelector=x%3D1"),
    )
    .await;
    assert_eq!(heads(&events), [head("DELETED", "a"), head("ADDED", "a")]);
}

#[tokio::test]
async fn a_streamed_list_ends_with_a_bookmark() {
    let cluster = Cluster::start().await;
    cluster.config_map("a", json!({})).await;
    let query = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&fieldSelector=metadata.name%3Da";
    let events = events(&cluster, query).await;
    assert_eq!(heads(&events), [head("ADDED", "a"), head("BOOKMARK", "")]);
    assert_eq!(
        events[1]["object"]["metadata"]["annotations"]["k8s.io/initial-events-end"],
        "true"
    );
}

#[tokio::test]
async fn a_watch_of_a_forgotten_version_starts_over() {
    let data = std::env::temp_dir().join(format!("helmrs-watch-{}.redb", std::process::id()));
    let options = || helmrs_sandbox::Options {
        data: Some(data.clone()),
        ..helmrs_sandbox::Options::default()
    };
    let cluster = Cluster::with(options()).await;
    cluster.sandbox.stop().await;
    // A new process remembers objects, but not how they came to be.
    let cluster = Cluster::with(options()).await;
    let events = events(&cluster, "resourceVersion=1").await;
    assert_eq!(events[0]["type"], "ERROR");
    assert_eq!(
        (&events[0]["object"]["code"], &events[0]["object"]["reason"]),
        (&json!(410), &json!("Expired"))
    );
    cluster.sandbox.stop().await;
    let _ = std::fs::remove_file(data);
}
