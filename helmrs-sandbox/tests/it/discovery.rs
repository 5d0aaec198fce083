//! What the API says it offers.

use serde_json::json;

use crate::client::{Cluster, answer};

const AGGREGATED: &str =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

#[tokio::test]
async fn discovery_is_aggregated_for_those_who_ask() {
    let cluster = Cluster::start().await;
    let request = cluster.request("GET", "/apis").header("accept", AGGREGATED);
    let (code, list) = answer(request).await;
    assert_eq!(
        (code, &list["kind"]),
        (200, &json!("APIGroupDiscoveryList"))
    );
    let (_, list) = cluster.get("/apis").await;
    assert_eq!(list["kind"], "APIGroupList");
    let (_, list) = cluster.get("/apis/apps/v1").await;
    assert_eq!(
        (&list["kind"], &list["groupVersion"]),
        (&json!("APIResourceList"), &json!("apps/v1"))
    );
}

#[tokio::test]
async fn what_a_client_has_is_not_sent_again() {
    let cluster = Cluster::start().await;
    let response = cluster
        .request("GET", "/apis")
        .send()
        .await
        .expect("an answer");
    let tag = response.headers()["etag"].clone();
    let again = cluster.request("GET", "/apis").header("if-none-match", tag);
    assert_eq!(
        again.send().await.expect("an answer").status().as_u16(),
        304
    );
}

#[tokio::test]
async fn each_group_describes_its_patches() {
    let cluster = Cluster::start().await;
    let (_, index) = cluster.get("/openapi/v3").await;
    let url = index["paths"]["apis/apps/v1"]["serverRelativeURL"]
        .as_str()
        .expect("an address");
    let (_, document) = cluster.get(url).await;
    let patch =
        &document["paths"]["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]["patch"];
    assert_eq!(
        patch["x-kubernetes-group-version-kind"],
        json!({"group": "apps", "version": "v1", "kind": "Deployment"})
    );
    let names = patch["parameters"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|parameter| &parameter["name"]);
    assert!(names.into_iter().any(|name| name == "fieldValidation"));
}

#[tokio::test]
async fn the_server_is_ready_and_has_a_version() {
    let cluster = Cluster::start().await;
    assert_eq!(cluster.get("/readyz").await, (200, json!("ok")));
    let (_, version) = cluster.get("/version").await;
    assert_eq!(
        (&version["major"], &version["minor"]),
        (&json!("1"), &json!("36"))
    );
}

#[tokio::test]
async fn the_older_description_has_every_kind() {
    let cluster = Cluster::start().await;
    let (code, document) = cluster.get("/openapi/v2").await;
    assert_eq!((code, &document["swagger"]), (200, &json!("2.0")));
    let deployment = &document["definitions"]["io.k8s.api.apps.v1.Deployment"];
    assert_eq!(
        deployment["x-kubernetes-group-version-kind"][0]["kind"],
        "Deployment"
    );
    let path = "/apis/apps/v1/namespaces/{namespace}/deployments/{name}";
    let patch = &document["paths"][path]["patch"]["parameters"];
    let names = patch.as_array().into_iter().flatten();
    assert!(
        names
            .map(|parameter| &parameter["name"])
            .any(|name| name == "fieldValidation")
    );
    // No reference leads nowhere.
    let text = document.to_string();
    for part in text.split("\"#/definitions/").skip(1) {
        let name = part.split('"').next().unwrap_or_default();
        assert!(document["definitions"].get(name).is_some(), "{name}");
    }
}
