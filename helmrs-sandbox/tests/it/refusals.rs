//! What is refused, and in which words.

use serde_json::{Value, json};

use crate::client::{Cluster, answer};

const CORE: &str = "/api/v1/namespaces/default";
const DEFINITIONS: &str = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/// Asks, and compares the status and the message.
async fn refused(cluster: &Cluster, method: &str, path: &str, body: Value, wanted: (u16, &str)) {
    let request = cluster.request(method, path).json(&body);
    let (code, status) = answer(request).await;
    let message = status["message"].as_str().unwrap_or_default();
    assert_eq!((code, message), wanted, "{method} {path}");
}

#[tokio::test]
async fn some_namespaces_stay() {
    let cluster = Cluster::start().await;
    let text = "namespaces \"default\" is forbidden: this namespace may not be deleted";
    refused(
        &cluster,
        "DELETE",
        "/api/v1/namespaces/default",
        json!({}),
        (403, text),
    )
    .await;
}

#[tokio::test]
async fn options_are_checked() {
    let cluster = Cluster::start().await;
    let object = json!({"metadata": {"name": "a"}});
    let path = format!("{CORE}/configmaps?dryRun=Some");
    let text = "CreateOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: \"Some\": supported values: \"All\"";
    refused(&cluster, "POST", &path, object.clone(), (422, text)).await;
    let path = format!("{CORE}/configmaps?fieldValidation=Some");
    let text = "CreateOptions.meta.k8s.io \"\" is invalid: fieldValidation: Unsupported value: \"Some\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"";
    refused(&cluster, "POST", &path, object, (422, text)).await;
    let path = format!("{CORE}/configmaps/a");
    let text = "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: \"Nope\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"";
    refused(
        &cluster,
        "DELETE",
        &path,
        json!({"propagationPolicy": "Nope"}),
        (422, text),
    )
    .await;
}

#[tokio::test]
async fn what_is_too_large_is_not_stored() {
    let cluster = Cluster::start().await;
    let container =
        json!({"name": "a", "image": "b", "env": [{"name": "A", "value": "x".repeat(2 << 20)}]});
    let pod = json!({"metadata": {"name": "a"}, "spec": {"containers": [container]}});
    let path = format!("{CORE}/pods");
    refused(
        &cluster,
        "POST",
        &path,
        pod,
        (500, "etcdserver: request is too large"),
    )
    .await;
    let map = json!({"metadata": {"name": "a"}, "data": {"a": "x".repeat((1 << 20) + 1)}});
    let text = "ConfigMap \"a\" is invalid: []: Too long: may not be more than 1048576 bytes";
    refused(
        &cluster,
        "POST",
        &format!("{CORE}/configmaps"),
        map,
        (422, text),
    )
    .await;
}

#[tokio::test]
async fn schemas_of_definitions_are_structural() {
    let cluster = Cluster::start().await;
    let definition = |schema: Value| {
        json!({
            "metadata": {"name": "as.x.io"},
            "spec": {
                "group": "x.io", "scope": "Namespaced", "names": {"plural": "as", "kind": "A"},
                "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}}],
            },
        })
    };
    let text = "CustomResourceDefinition.apiextensions.k8s.io \"as.x.io\" is invalid: spec.validation.openAPIV3Schema.properties[spec].type: Required value: must not be empty for specified object fields";
    let schema = json!({"type": "object", "properties": {"spec": {"properties": {"a": {"type": "string"}}}}});
    refused(
        &cluster,
        "POST",
        DEFINITIONS,
        definition(schema),
        (422, text),
    )
    .await;

    let schema = json!({"type": "object", "properties": {"spec": {"type": "object", "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
        "properties": {"a": {"type": "string", "maxLength": 2}, "b": {"type": "string"}}}}});
    let (code, made) = cluster.post(DEFINITIONS, &definition(schema)).await;
    assert_eq!(code, 201, "{made}");
    let path = "/apis/x.io/v1/namespaces/default/as";
    let object = |spec: Value| json!({"metadata": {"name": "a"}, "spec": spec});
    let text = "A.x.io \"a\" is invalid: spec.a: Too long: may not be more than 2 bytes";
    refused(
        &cluster,
        "POST",
        path,
        object(json!({"a": "abc"})),
        (422, text),
    )
    .await;
    let text = "A.x.io \"a\" is invalid: spec: Invalid value: {}: \"spec\" must validate one and only one schema (oneOf). Found none valid";
    refused(&cluster, "POST", path, object(json!({})), (422, text)).await;
}

#[tokio::test]
async fn bodies_are_objects() {
    let cluster = Cluster::start().await;
    for path in [
        format!("{CORE}/configmaps"),
        format!("{CORE}/serviceaccounts/default/token"),
        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews".to_owned(),
    ] {
        for body in [json!([]), json!("x"), json!(1), json!(true)] {
            let (code, status) = cluster.post(&path, &body).await;
            let message = status["message"].as_str().unwrap_or_default();
            assert_eq!(code, 400, "{path} {body}");
            assert!(message.contains("json: cannot unmarshal"), "{message}");
        }
    }
}

#[tokio::test]
async fn yaml_is_read_as_well() {
    let cluster = Cluster::start().await;
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  k: |\n    v\n";
    let path = format!("{CORE}/configmaps");
    let post = cluster
        .request("POST", &path)
        .header("content-type", "application/yaml");
    let (code, made) = answer(post.body(text)).await;
    assert_eq!((code, &made["data"]["k"]), (201, &json!("v\n")));
    let path = format!("{path}/b?fieldManager=m");
    let apply = cluster
        .request("PATCH", &path)
        .header("content-type", "application/apply-patch+yaml");
    let (code, made) = answer(apply.body(text.replace("name: a", "name: b"))).await;
    assert_eq!((code, &made["data"]["k"]), (201, &json!("v\n")));
    // Aliases do not multiply without end.
    let bomb = (0..40).fold("a0: &a0 [x,x]\n".to_owned(), |text, level| {
        format!(
            "{text}a{}: &a{} [*a{level},*a{level}]\n",
            level + 1,
            level + 1
        )
    });
    let post = cluster
        .request("POST", &format!("{CORE}/configmaps"))
        .header("content-type", "application/yaml");
    assert_eq!(answer(post.body(bomb)).await.0, 400);
}
