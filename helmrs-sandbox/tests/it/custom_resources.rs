//! Kinds that are defined while the server runs.

use serde_json::{Value, json};

use crate::client::Cluster;

fn definition() -> Value {
    json!({
        "metadata": {"name": "foos.example.com"},
        "spec": {
            "group": "example.com", "scope": "Namespaced",
            "names": {"plural": "foos", "singular": "foo", "kind": "Foo", "listKind": "FooList"},
            "versions": [{
                "name": "v1", "served": true, "storage": true,
                "additionalPrinterColumns": [{"name": "Size", "type": "integer", "jsonPath": ".spec.size"}],
                "schema": {"openAPIV3Schema": {"type": "object", "properties": {
                    "spec": {"type": "object", "properties": {"size": {"type": "integer", "default": 3}}},
                }}},
            }],
        },
    })
}

#[tokio::test]
async fn a_definition_is_served_at_once() {
    let cluster = Cluster::start().await;
    let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    let (code, made) = cluster.post(path, &definition()).await;
    assert_eq!(code, 201, "{made}");
    let (_, group) = cluster.get("/apis/example.com/v1").await;
    assert_eq!(group["resources"][0]["name"], "foos");
    let (_, index) = cluster.get("/openapi/v3").await;
    assert!(index["paths"].get("apis/example.com/v1").is_some());
    let foos = "/apis/example.com/v1/namespaces/default/foos";
    let foo = json!({"apiVersion": "example.com/v1", "kind": "Foo", "metadata": {"name": "a"}, "spec": {"color": "red"}});
    let (code, foo) = cluster.post(foos, &foo).await;
    assert_eq!((code, &foo["spec"]), (201, &json!({"size": 3})));
    cluster.delete(&format!("{path}/foos.example.com")).await;
    assert_eq!(cluster.get(foos).await.0, 404);
    cluster.post(path, &definition()).await;
    let (_, list) = cluster.get(foos).await;
    assert_eq!(list["items"], json!([]));
}
