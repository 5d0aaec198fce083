//! What a cluster has before anybody writes to it.

use serde_json::{Value as Json, json};

use super::{Objects, Request, SERVER};

/// The namespaces every cluster has.
const NAMESPACES: &[&str] = &["default", "kube-node-lease", "kube-public", "kube-system"];

/// Makes what is missing of a new cluster's objects.
pub(crate) fn bootstrap(objects: &Objects, authority: &str) {
    for name in NAMESPACES {
        ensure(
            objects,
            "v1",
            "Namespace",
            "",
            json!({"metadata": {"name": name}}),
        );
    }
    let service = json!({
        "metadata": {"name": "kubernetes", "labels": {"component": "apiserver", "provider": "kubernetes"}},
        "spec": {
            "clusterIP": "10.96.0.1",
            "clusterIPs": ["10.96.0.1"],
            "ports": [{"name": "https", "port": 443, "protocol": "TCP", "targetPort": 6443}],
        },
    });
    ensure(objects, "v1", "Service", "default", service);
    // Every namespace gets a copy of it.
    let certificate =
        json!({"metadata": {"name": "kube-root-ca.crt"}, "data": {"ca.crt": authority}});
    ensure(objects, "v1", "ConfigMap", "kube-system", certificate);
    let labels = json!({"kubernetes.io/bootstrapping": "rbac-defaults"});
    for (name, rules) in roles() {
        let role = json!({"metadata": {"name": name, "labels": labels}, "rules": rules});
        ensure(objects, RBAC, "ClusterRole", "", role);
    }
    for (name, role, group) in BINDINGS {
        let binding = json!({
            "metadata": {"name": name, "labels": labels},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": group}],
        });
        ensure(objects, RBAC, "ClusterRoleBinding", "", binding);
    }
}

const RBAC: &str = "rbac.authorization.k8s.io/v1";

/// Binding, role, group.
const BINDINGS: &[(&str, &str, &str)] = &[
    ("cluster-admin", "cluster-admin", "system:masters"),
    (
        "system:discovery",
        "system:discovery",
        "system:authenticated",
    ),
    (
        "system:basic-user",
        "system:basic-user",
        "system:authenticated",
    ),
    (
        "system:public-info-viewer",
        "system:public-info-viewer",
        "system:authenticated",
    ),
    (
        "system:public-info-viewer:anonymous",
        "system:public-info-viewer",
        "system:unauthenticated",
    ),
];

fn roles() -> Vec<(&'static str, Json)> {
    let everything = json!([
        {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]},
        {"nonResourceURLs": ["*"], "verbs": ["*"]},
    ]);
    let discovery = json!([{"nonResourceURLs": [
        "/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*",
        "/readyz", "/version", "/version/",
    ], "verbs": ["get"]}]);
    let reviews = json!([
        {"apiGroups": ["authorization.k8s.io"],
         "resources": ["selfsubjectaccessreviews", "selfsubjectrulesreviews"], "verbs": ["create"]},
        {"apiGroups": ["authentication.k8s.io"], "resources": ["selfsubjectreviews"], "verbs": ["create"]},
    ]);
    let public = json!([{"nonResourceURLs": ["/healthz", "/livez", "/readyz", "/version", "/version/"], "verbs": ["get"]}]);
    vec![
        ("cluster-admin", everything),
        ("system:discovery", discovery),
        ("system:basic-user", reviews),
        ("system:public-info-viewer", public),
    ]
}

fn ensure(objects: &Objects, api_version: &str, kind: &str, namespace: &str, object: Json) {
    let Some(kind) = objects.kind(api_version, kind) else {
        return;
    };
    let name = object["metadata"]["name"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let mut request = Request::new(&kind, namespace, &name, SERVER);
    if objects.get(&request).is_ok() {
        return;
    }
    request.name.clear();
    if let Err(error) = objects.create(&request, object) {
        tracing::warn!(%error, name, "a cluster's own object could not be made");
    }
}
