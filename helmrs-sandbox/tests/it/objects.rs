//! Objects: made, read, listed, changed, deleted.

use serde_json::{Value, json};

use crate::client::Cluster;

const MAPS: &str = "/api/v1/namespaces/default/configmaps";

#[tokio::test]
async fn an_object_is_made_and_read() {
    let cluster = Cluster::start().await;
    let made = cluster.config_map("a", json!({"k": "v"})).await;
    assert_eq!(made["kind"], "ConfigMap");
    assert_eq!(made["metadata"]["managedFields"][0]["manager"], "tests");
    let (code, read) = cluster.get(&format!("{MAPS}/a")).await;
    assert_eq!((code, read), (200, made));
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let cluster = Cluster::start().await;
    let (code, status) = cluster.get(&format!("{MAPS}/a")).await;
    assert_eq!(
        (code, status),
        (
            404,
            json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
                "message": "configmaps \"a\" not found", "reason": "NotFound",
                "details": {"name": "a", "kind": "configmaps"}, "code": 404})
        )
    );
    let (code, status) = cluster.get("/apis/nope/v1/foos").await;
    assert_eq!(
        (code, &status["message"]),
        (
            404,
            &json!("the server could not find the requested resource")
        )
    );
}

#[tokio::test]
async fn a_name_is_taken_once() {
    let cluster = Cluster::start().await;
    cluster.config_map("a", json!({})).await;
    let (code, status) = cluster
        .post(MAPS, &json!({"metadata": {"name": "a"}}))
        .await;
    assert_eq!(
        (code, &status["message"]),
        (409, &json!("configmaps \"a\" already exists"))
    );
    assert_eq!(status["reason"], "AlreadyExists");
}

#[tokio::test]
async fn a_namespace_must_exist() {
    let cluster = Cluster::start().await;
    let (code, status) = cluster
        .post(
            "/api/v1/namespaces/x/configmaps",
            &json!({"metadata": {"name": "a"}}),
        )
        .await;
    assert_eq!(
        (code, &status["message"]),
        (404, &json!("namespaces \"x\" not found"))
    );
}

#[tokio::test]
async fn names_are_generated() {
    let cluster = Cluster::start().await;
    let (code, made) = cluster
        .post(MAPS, &json!({"metadata": {"generateName": "a-"}}))
        .await;
    let name = made["metadata"]["name"].as_str().unwrap_or_default();
    assert_eq!((code, name.len(), name.starts_with("a-")), (201, 7, true));
}

#[tokio::test]
async fn lists_are_paged_and_selected() {
    let cluster = Cluster::start().await;
    for name in ["a", "b", "c"] {
        let object = json!({"metadata": {"name": name, "labels": {"of": "test", "n": name}}});
        cluster.post(MAPS, &object).await;
    }
    let names = |list: &Value| {
        let items = list["items"].as_array().cloned().unwrap_or_default();
        items
            .iter()
            .map(|item| {
                item["metadata"]["name"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect::<Vec<_>>()
    };
    let (_, first) = cluster
        .get(&format!("{MAPS}?labelSelector=of%3Dtest&limit=2"))
        .await;
    assert_eq!(names(&first), ["a", "b"]);
    // How many are left of a selection is not known.
    assert!(first["metadata"].get("remainingItemCount").is_none());
    let (_, any) = cluster.get(&format!("{MAPS}?limit=2")).await;
    assert_eq!(any["metadata"]["remainingItemCount"], 2);
    let token = first["metadata"]["continue"].as_str().unwrap_or_default();
    let (_, second) = cluster
        .get(&format!(
            "{MAPS}?labelSelector=of%3Dtest&limit=2&continue={token}"
        ))
        .await;
    assert_eq!(names(&second), ["c"]);
    assert!(second["metadata"].get("continue").is_none());
    let (_, some) = cluster
        .get(&format!(
            "{MAPS}?labelSelector=n+in+(a,c)&fieldSelector=metadata.name!%3Dc"
        ))
        .await;
    assert_eq!(names(&some), ["a"]);
}

#[tokio::test]
async fn an_update_of_an_older_version_is_a_conflict() {
    let cluster = Cluster::start().await;
    let old = cluster.config_map("a", json!({"k": "1"})).await;
    let path = format!("{MAPS}/a");
    let (code, _) = cluster
        .patch("merge", &path, &json!({"data": {"k": "2"}}))
        .await;
    assert_eq!(code, 200);
    let (code, status) = cluster.put(&path, &old).await;
    assert_eq!(code, 409);
    assert_eq!(
        status["message"],
        "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your changes to the latest version and try again"
    );
}

#[tokio::test]
async fn a_write_that_changes_nothing_is_no_new_version() {
    let cluster = Cluster::start().await;
    let before = cluster.config_map("a", json!({"k": "1"})).await;
    let (_, after) = cluster
        .patch("merge", &format!("{MAPS}/a"), &json!({"data": {"k": "1"}}))
        .await;
    assert_eq!(before, after);
}

#[tokio::test]
async fn a_dry_run_stores_nothing() {
    let cluster = Cluster::start().await;
    let (code, _) = cluster
        .post(
            &format!("{MAPS}?dryRun=All"),
            &json!({"metadata": {"name": "a"}}),
        )
        .await;
    assert_eq!(
        (code, cluster.get(&format!("{MAPS}/a")).await.0),
        (201, 404)
    );
}

#[tokio::test]
async fn an_apply_does_not_take_fields_of_others() {
    let cluster = Cluster::start().await;
    let path = format!("{MAPS}/a?fieldManager=one");
    let map = |value: &str| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"k": value}});
    assert_eq!(cluster.patch("apply", &path, &map("1")).await.0, 201);
    let other = format!("{MAPS}/a?fieldManager=two");
    let (code, status) = cluster.patch("apply", &other, &map("2")).await;
    assert_eq!(
        (code, &status["message"]),
        (
            409,
            &json!("Apply failed with 1 conflict: conflict with \"one\": .data.k")
        )
    );
    let (code, object) = cluster
        .patch("apply", &format!("{other}&force=true"), &map("2"))
        .await;
    assert_eq!((code, &object["data"]["k"]), (200, &json!("2")));
}

#[tokio::test]
async fn finalizers_keep_a_deleted_object() {
    let cluster = Cluster::start().await;
    let object = json!({"metadata": {"name": "a", "finalizers": ["example.com/wait"]}});
    cluster.post(MAPS, &object).await;
    let path = format!("{MAPS}/a");
    let (code, leaving) = cluster.delete(&path).await;
    assert_eq!(code, 200);
    assert!(leaving["metadata"]["deletionTimestamp"].is_string());
    assert_eq!(cluster.get(&path).await.0, 200);
    cluster
        .patch("merge", &path, &json!({"metadata": {"finalizers": null}}))
        .await;
    assert_eq!(cluster.get(&path).await.0, 404);
}

#[tokio::test]
async fn a_secret_is_no_larger_than_a_mebibyte() {
    let cluster = Cluster::start().await;
    let secret =
        json!({"metadata": {"name": "big"}, "stringData": {"x": "y".repeat((1 << 20) + 1)}});
    let (code, status) = cluster
        .post("/api/v1/namespaces/default/secrets", &secret)
        .await;
    assert_eq!(
        (code, &status["message"]),
        (
            422,
            &json!("Secret \"big\" is invalid: data: Too long: may not be more than 1048576 bytes")
        )
    );
}

#[tokio::test]
async fn a_body_of_an_unknown_form_is_refused() {
    let cluster = Cluster::start().await;
    let request = cluster
        .request("POST", MAPS)
        .header("content-type", "text/plain")
        .body("x");
    let (code, status) = crate::client::answer(request).await;
    assert_eq!(
        (code, &status["reason"]),
        (415, &json!("UnsupportedMediaType"))
    );
}

#[tokio::test]
async fn a_scale_changes_replicas_alone() {
    let cluster = Cluster::start().await;
    let labels = json!({"app": "web"});
    let deployment = json!({"metadata": {"name": "web"}, "spec": {
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "main", "image": "x:1"}]}},
    }});
    let path = "/apis/apps/v1/namespaces/default/deployments";
    assert_eq!(cluster.post(path, &deployment).await.0, 201);
    let (_, scale) = cluster
        .patch(
            "merge",
            &format!("{path}/web/scale"),
            &json!({"spec": {"replicas": 3}}),
        )
        .await;
    assert_eq!(
        (&scale["kind"], &scale["spec"]["replicas"]),
        (&json!("Scale"), &json!(3))
    );
    let (_, object) = cluster.get(&format!("{path}/web")).await;
    assert_eq!(object["spec"]["replicas"], 3);
}

#[tokio::test]
async fn a_namespace_takes_its_objects_along() {
    let cluster = Cluster::start().await;
    cluster
        .post("/api/v1/namespaces", &json!({"metadata": {"name": "x"}}))
        .await;
    cluster
        .post(
            "/api/v1/namespaces/x/secrets",
            &json!({"metadata": {"name": "s"}}),
        )
        .await;
    cluster.delete("/api/v1/namespaces/x").await;
    for _ in 0..100 {
        if cluster.get("/api/v1/namespaces/x").await.0 == 404 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the namespace is still there");
}
