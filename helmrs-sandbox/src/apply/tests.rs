//! Behaviour of apply and tracking over whole objects.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{ApplyError, FieldSet, Writer, server_side_apply, track_update};
use crate::schema::{self, Shape};

const NOW: &str = "2024-01-02T03:04:05Z";

struct Cluster {
    shape: Shape,
    api_version: &'static str,
    reset: FieldSet,
}

impl Cluster {
    fn of(api_version: &'static str, kind: &str) -> Self {
        let shape = schema::builtin(api_version, kind).expect("a built-in kind");
        Self {
            shape,
            api_version,
            reset: FieldSet::of_fields(&[&["status"]]),
        }
    }

    fn writer<'a>(&'a self, manager: &'a str) -> Writer<'a> {
        Writer {
            manager,
            api_version: self.api_version,
            subresource: "",
            now: NOW,
            shape: &self.shape,
            reset: &self.reset,
        }
    }

    fn apply(&self, live: Option<&Json>, config: &Json, manager: &str) -> Result<Json, ApplyError> {
        server_side_apply(live, config, false, &self.writer(manager))
    }
}

fn config_map(data: &Json) -> Json {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "x"}, "data": data})
}

fn owned(object: &Json, manager: &str) -> Json {
    let entries = object["metadata"]["managedFields"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let entry = entries
        .into_iter()
        .find(|entry| entry["manager"] == manager);
    entry
        .map(|entry| entry["fieldsV1"].clone())
        .unwrap_or_default()
}

#[test]
fn applying_records_the_fields_of_the_configuration() {
    let cluster = Cluster::of("v1", "Service");
    let service = json!({"apiVersion": "v1", "kind": "Service",
        "metadata": {"name": "web", "labels": {"app.kubernetes.io/managed-by": "Helm"}},
        "spec": {"selector": {"app": "web"}, "ports": [{"port": 80, "name": "http"}]}});
    let object = cluster.apply(None, &service, "helm").expect("no conflict");
    let expected = json!({
        "f:metadata": {"f:labels": {"f:app.kubernetes.io/managed-by": {}}},
        "f:spec": {"f:selector": {}, "f:ports": {
            "k:{\"port\":80,\"protocol\":\"TCP\"}": {".": {}, "f:name": {}, "f:port": {}}}},
    });
    assert_eq!(owned(&object, "helm"), expected);
}

#[test]
fn creating_records_every_field_with_its_containers() {
    let cluster = Cluster::of("v1", "ConfigMap");
    let mut object = config_map(&json!({"v": "1"}));
    object["metadata"]["labels"] = json!({"a": "b"});
    let object = track_update(None, object, &cluster.writer("helm"));
    let expected =
        json!({"f:data": {".": {}, "f:v": {}}, "f:metadata": {"f:labels": {".": {}, "f:a": {}}}});
    assert_eq!(owned(&object, "helm"), expected);
}

#[test]
fn a_field_of_another_manager_is_a_conflict() {
    let cluster = Cluster::of("v1", "ConfigMap");
    let live = cluster
        .apply(None, &config_map(&json!({"a": "1"})), "e2e-setup")
        .expect("no conflict");
    let error = cluster
        .apply(Some(&live), &config_map(&json!({"a": "2"})), "helm")
        .expect_err("a conflict");
    assert_eq!(
        error.to_string(),
        "Apply failed with 1 conflict: conflict with \"e2e-setup\": .data.a"
    );
    let forced = server_side_apply(
        Some(&live),
        &config_map(&json!({"a": "2"})),
        true,
        &cluster.writer("helm"),
    );
    let forced = forced.expect("forced");
    assert_eq!(forced["data"]["a"], "2");
    assert_eq!(owned(&forced, "e2e-setup"), Json::Null);
}

#[test]
fn a_conflict_names_version_and_subresource_of_an_updater() {
    let cluster = Cluster::of("apps/v1", "Deployment");
    let deployment = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"},
        "spec": {"replicas": 1}});
    let live = cluster
        .apply(None, &deployment, "helm")
        .expect("no conflict");
    let mut scaled = live.clone();
    scaled["spec"]["replicas"] = 3.into();
    let scaler = Writer {
        subresource: "scale",
        ..cluster.writer("kubectl")
    };
    let scaled = track_update(Some(&live), scaled, &scaler);
    assert_eq!(
        owned(&scaled, "kubectl"),
        json!({"f:spec": {"f:replicas": {}}})
    );
    let error = cluster
        .apply(Some(&scaled), &deployment, "helm")
        .expect_err("a conflict");
    assert_eq!(
        error.to_string(),
        "Apply failed with 1 conflict: conflict with \"kubectl\" with subresource \"scale\" using apps/v1: .spec.replicas"
    );
}

#[test]
fn a_field_no_longer_applied_goes_away_unless_somebody_else_has_it() {
    let cluster = Cluster::of("v1", "ConfigMap");
    let live = cluster
        .apply(None, &config_map(&json!({"a": "1", "b": "1"})), "helm")
        .expect("no conflict");
    let live = cluster
        .apply(Some(&live), &config_map(&json!({"b": "1"})), "other")
        .expect("shared");
    let live = cluster
        .apply(Some(&live), &config_map(&json!({})), "helm")
        .expect("no conflict");
    assert_eq!(live["data"], json!({"b": "1"}));
}

#[test]
fn kubectl_takes_back_what_it_applied_by_itself() {
    let cluster = Cluster::of("v1", "ConfigMap");
    let mut object = config_map(&json!({"a": "1"}));
    let text = object.to_string();
    object["metadata"]["annotations"] =
        json!({"kubectl.kubernetes.io/last-applied-configuration": text});
    let live = track_update(None, object, &cluster.writer("kubectl-client-side-apply"));
    let config = config_map(&json!({"a": "2"}));
    assert!(cluster.apply(Some(&live), &config, "helm").is_err());
    let applied = cluster
        .apply(Some(&live), &config, "kubectl")
        .expect("its own field");
    assert_eq!(applied["data"]["a"], "2");
    let text =
        applied.pointer("/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration");
    assert!(
        text.and_then(Json::as_str)
            .is_some_and(|text| text.contains("\"a\":\"2\""))
    );
}

#[test]
fn an_unknown_field_does_not_fit() {
    let cluster = Cluster::of("v1", "ConfigMap");
    let mut object = config_map(&json!({}));
    object["bogusField"] = 1.into();
    let error = cluster.apply(None, &object, "helm").expect_err("an error");
    assert_eq!(
        error.to_string(),
        "failed to create typed patch object (x/a; /v1, Kind=ConfigMap): .bogusField: field not declared in schema"
    );
}

#[test]
fn managed_fields_in_an_update_replace_those_there_were() {
    let cluster = Cluster::of("v1", "ConfigMap");
    let live = track_update(
        None,
        config_map(&json!({"a": "1"})),
        &cluster.writer("helm"),
    );
    let mut patched = live.clone();
    patched["metadata"]["managedFields"][0]["operation"] = "Apply".into();
    let patched = track_update(Some(&live), patched, &cluster.writer("kubectl"));
    assert_eq!(
        patched["metadata"]["managedFields"][0]["operation"],
        "Apply"
    );
    assert_eq!(
        patched["metadata"]["managedFields"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}

fn data() -> impl Strategy<Value = Json> {
    proptest::collection::btree_map("[a-d]", "[x-z]?", 0..4).prop_map(|data| json!(data))
}

fn ports() -> impl Strategy<Value = Json> {
    proptest::collection::btree_map(80..84_i64, "[a-c]", 0..4).prop_map(|ports| {
        ports
            .into_iter()
            .map(|(port, name)| json!({"port": port, "name": name}))
            .collect()
    })
}

proptest! {
    #[test]
    fn applying_again_changes_nothing(data in data(), others in data()) {
        let cluster = Cluster::of("v1", "ConfigMap");
        let live = cluster.apply(None, &config_map(&others), "other").expect("nobody owns anything");
        let config = config_map(&data);
        let once = server_side_apply(Some(&live), &config, true, &cluster.writer("helm")).expect("forced");
        let again = cluster.apply(Some(&once), &config, "helm").expect("its own fields");
        prop_assert_eq!(once, again);
    }

    #[test]
    fn a_lone_manager_decides_everything(before in ports(), after in ports()) {
        let cluster = Cluster::of("v1", "Service");
        let service = |ports: &Json| json!({"apiVersion": "v1", "kind": "Service",
            "metadata": {"name": "a"}, "spec": {"ports": ports, "type": "ClusterIP"}});
        let live = cluster.apply(None, &service(&before), "helm").expect("nobody owns anything");
        let live = cluster.apply(Some(&live), &service(&after), "helm").expect("its own fields");
        let fresh = cluster.apply(None, &service(&after), "helm").expect("nobody owns anything");
        prop_assert_eq!(owned(&live, "helm"), owned(&fresh, "helm"));
        if after.as_array().is_some_and(|ports| !ports.is_empty()) {
            prop_assert_eq!(&live["spec"]["ports"], &fresh["spec"]["ports"]);
        }
    }
}
