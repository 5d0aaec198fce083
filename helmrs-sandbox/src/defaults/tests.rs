//! What objects are once the server has read them.

use serde_json::{Value as Json, json};

use super::complete;
use crate::schema;

fn completed(mut object: Json) -> Json {
    let api_version = object["apiVersion"].as_str().unwrap_or_default().to_owned();
    let kind = object["kind"].as_str().unwrap_or_default().to_owned();
    let shape = schema::builtin(&api_version, &kind).expect("a built-in kind");
    complete(&mut object, &shape, false);
    object
}

#[test]
fn a_deployment_rolls_and_pulls_by_default() {
    let object = completed(
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"},
        "spec": {"selector": {"matchLabels": {"app": "web"}}, "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {"terminationGracePeriodSeconds": 0, "containers": [{"name": "main", "image": "nginx:1"}]}}}}),
    );
    let expected = json!({
        "progressDeadlineSeconds": 600, "replicas": 1, "revisionHistoryLimit": 10,
        "selector": {"matchLabels": {"app": "web"}},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}},
        "template": {"metadata": {"labels": {"app": "web"}}, "spec": {
            "containers": [{"name": "main", "image": "nginx:1", "imagePullPolicy": "IfNotPresent", "resources": {},
                "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File"}],
            "dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "schedulerName": "default-scheduler",
            "securityContext": {}, "terminationGracePeriodSeconds": 0}},
    });
    assert_eq!(object["spec"], expected);
}

#[test]
fn a_required_list_is_null_and_an_optional_one_vanishes() {
    let role = completed(
        json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role",
        "metadata": {"name": "a", "labels": {}, "finalizers": []}, "rules": []}),
    );
    assert_eq!(role["rules"], Json::Null);
    assert_eq!(role["metadata"], json!({"name": "a"}));
}

#[test]
fn zero_values_vanish_unless_they_are_pointers() {
    let pod = completed(
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {
        "hostNetwork": false, "automountServiceAccountToken": false, "nodeName": "",
        "containers": [{"name": "a", "image": "a", "resources": {"limits": {"cpu": "1000m"}}}]}}),
    );
    assert_eq!(pod.pointer("/spec/hostNetwork"), None);
    assert_eq!(pod.pointer("/spec/nodeName"), None);
    assert_eq!(
        pod.pointer("/spec/automountServiceAccountToken"),
        Some(&json!(false))
    );
    assert_eq!(
        pod.pointer("/spec/containers/0/resources"),
        Some(&json!({"limits": {"cpu": "1"}, "requests": {"cpu": "1"}}))
    );
}

#[test]
fn the_texts_of_a_secret_become_data() {
    let secret = completed(
        json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"},
        "stringData": {"pw": "none"}}),
    );
    assert_eq!(secret["data"], json!({"pw": "bm9uZQ=="}));
    assert_eq!(secret["type"], "Opaque");
    assert_eq!(secret.get("stringData"), None);
}

#[test]
fn a_custom_resource_is_pruned_and_keeps_its_nulls() {
    let schema = json!({"type": "object", "properties": {"spec": {"type": "object", "properties": {
        "size": {"type": "integer", "default": 3}, "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}}});
    let shape = schema::from_definition(&schema);
    let mut object = json!({"apiVersion": "g/v1", "kind": "Foo", "metadata": {"name": "a"},
        "spec": {"bogus": 1, "free": {"x": null, "y": {}}}});
    complete(&mut object, &shape, true);
    assert_eq!(
        object["spec"],
        json!({"size": 3, "free": {"x": null, "y": {}}})
    );
}

#[test]
fn completing_again_changes_nothing() {
    for object in [
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"},
            "spec": {"type": "LoadBalancer", "ports": [{"port": 80}], "sessionAffinity": "ClientIP"}}),
        json!({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "a"},
            "spec": {"schedule": "* * * * *", "jobTemplate": {"spec": {"template": {"spec": {
                "containers": [{"name": "c", "image": "b"}], "restartPolicy": "Never"}}}}}}),
        json!({"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "a"},
            "spec": {"volumeClaimTemplates": [{"metadata": {"name": "data"}}]}}),
        json!({"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "a"},
            "spec": {"maxReplicas": 2, "scaleTargetRef": {"kind": "Deployment", "name": "a"}}}),
    ] {
        let once = completed(object);
        assert_eq!(completed(once.clone()), once);
    }
}
