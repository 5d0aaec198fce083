//! Who may do what.

use serde_json::json;

use crate::client::{Cluster, answer};

const SECRETS: &str = "/api/v1/namespaces/default/secrets";

#[tokio::test]
async fn a_wrong_token_opens_nothing() {
    let cluster = Cluster::start().await;
    let (code, status) = answer(cluster.anonymous("GET", "/version").bearer_auth("nope")).await;
    assert_eq!((code, &status["message"]), (401, &json!("Unauthorized")));
}

#[tokio::test]
async fn anybody_may_read_the_version_and_nothing_else() {
    let cluster = Cluster::start().await;
    assert_eq!(answer(cluster.anonymous("GET", "/version")).await.0, 200);
    let (code, status) = answer(cluster.anonymous("GET", "/apis")).await;
    assert_eq!(code, 403);
    assert_eq!(
        status["message"],
        "forbidden: User \"system:anonymous\" cannot get path \"/apis\""
    );
}

#[tokio::test]
async fn roles_let_users_in() {
    let cluster = Cluster::start().await;
    let list = || {
        let request = cluster
            .request("GET", SECRETS)
            .header("impersonate-user", "ann");
        answer(request.header("impersonate-group", "system:authenticated"))
    };
    let (code, status) = list().await;
    assert_eq!(code, 403);
    assert_eq!(
        status["message"],
        "secrets is forbidden: User \"ann\" cannot list resource \"secrets\" in API group \"\" in the namespace \"default\""
    );
    let roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/default";
    let rules = json!([{"apiGroups": [""], "resources": ["secrets"], "verbs": ["list"]}]);
    cluster
        .post(
            &format!("{roles}/roles"),
            &json!({"metadata": {"name": "r"}, "rules": rules}),
        )
        .await;
    let binding = json!({
        "metadata": {"name": "r"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "r"},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "ann"}],
    });
    assert_eq!(
        cluster
            .post(&format!("{roles}/rolebindings"), &binding)
            .await
            .0,
        201
    );
    assert_eq!(list().await.0, 200);
    let one = cluster
        .request("GET", &format!("{SECRETS}/x"))
        .header("impersonate-user", "ann");
    assert_eq!(answer(one).await.0, 403);
}
