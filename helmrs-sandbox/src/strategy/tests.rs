//! What the server writes into objects.

use serde_json::{Value as Json, json};

use super::{Addresses, prepare_create, prepare_update};

fn service(spec: Json) -> Json {
    json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": spec})
}

#[test]
fn services_get_addresses_nobody_has() {
    let mut first = service(
        json!({"type": "NodePort", "ports": [{"port": 80, "protocol": "TCP"}], "selector": {"a": "b"}}),
    );
    Addresses::default()
        .give(&mut first)
        .expect("a free address");
    assert_eq!(first["spec"]["clusterIP"], "10.96.0.2");
    assert_eq!(first["spec"]["ports"][0]["nodePort"], 30_000);
    let mut second = service(json!({"type": "ClusterIP"}));
    Addresses::of([&first])
        .give(&mut second)
        .expect("a free address");
    assert_eq!(second["spec"]["clusterIPs"], json!(["10.96.0.3"]));
}

#[test]
fn a_service_keeps_its_address_when_it_is_replaced() {
    let old = service(
        json!({"type": "ClusterIP", "clusterIP": "10.96.0.9", "clusterIPs": ["10.96.0.9"]}),
    );
    let mut new = service(json!({"type": "ClusterIP"}));
    prepare_update(&old, &mut new, "", true, false);
    assert_eq!(new["spec"]["clusterIP"], "10.96.0.9");
}

#[test]
fn a_service_that_is_no_longer_on_the_nodes_gives_up_its_ports() {
    let ports = json!([{"port": 80, "nodePort": 30_001}]);
    let old = service(json!({"type": "NodePort", "clusterIP": "10.96.0.9", "ports": ports}));
    let mut new = service(json!({"type": "ClusterIP", "clusterIP": "10.96.0.9", "ports": ports}));
    prepare_update(&old, &mut new, "", true, false);
    assert_eq!(new["spec"]["ports"], json!([{"port": 80}]));
}

#[test]
fn a_job_selects_its_pods_by_uid() {
    let mut job = json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "a", "uid": "u"},
        "spec": {"template": {"spec": {}}}});
    prepare_create(&mut job, true, false);
    assert_eq!(
        job["spec"]["selector"],
        json!({"matchLabels": {"batch.kubernetes.io/controller-uid": "u"}})
    );
    assert_eq!(
        job["spec"]["template"]["metadata"]["labels"]["job-name"],
        "a"
    );
    assert_eq!(job["metadata"]["generation"], 1);
}

#[test]
fn only_a_changed_spec_makes_a_new_generation() {
    let old = json!({"kind": "Deployment", "metadata": {"generation": 1, "uid": "u"}, "spec": {"replicas": 1},
        "status": {"replicas": 1}});
    let mut same =
        json!({"kind": "Deployment", "metadata": {"labels": {"a": "b"}}, "spec": {"replicas": 1}});
    prepare_update(&old, &mut same, "", true, false);
    assert_eq!(same["metadata"]["generation"], 1);
    assert_eq!(same["status"], old["status"]);
    let mut other = json!({"kind": "Deployment", "metadata": {}, "spec": {"replicas": 2}});
    prepare_update(&old, &mut other, "", true, false);
    assert_eq!(other["metadata"]["generation"], 2);
    assert_eq!(other["metadata"]["uid"], "u");
}

#[test]
fn the_status_endpoint_writes_nothing_else() {
    let old = json!({"kind": "Deployment", "metadata": {"generation": 1}, "spec": {"replicas": 1}});
    let mut new = json!({"kind": "Deployment", "metadata": {}, "spec": {"replicas": 5}, "status": {"replicas": 1}});
    prepare_update(&old, &mut new, "status", true, false);
    assert_eq!(new["spec"]["replicas"], 1);
    assert_eq!(new["status"]["replicas"], 1);
}
