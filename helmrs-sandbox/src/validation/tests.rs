//! What is said of objects that break a rule.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{mistyped_field, unknown_fields, validate_create, validate_update};
use crate::defaults;
use crate::error::ApiError;
use crate::resources::Registry;
use crate::strategy;

fn text(object: &Json, old: Option<&Json>) -> String {
    let registry = Registry::new([]);
    let word = |name: &str| object[name].as_str().unwrap_or_default();
    let kind = registry
        .kind(word("apiVersion"), word("kind"))
        .expect("a built-in kind");
    let completed = |object: &Json| {
        let mut object = object.clone();
        defaults::complete(&mut object, &kind.shape, false);
        object
    };
    let found = match old {
        None => validate_create(kind, &completed(object)),
        Some(old) => validate_update(kind, &completed(old), &completed(object)),
    };
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    if found.is_empty() {
        String::new()
    } else {
        ApiError::invalid(kind, name, &found).to_string()
    }
}

fn deployment(app: &str) -> Json {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "r1-web"}, "spec": {
        "selector": {"matchLabels": {"app": app}}, "template": {"metadata": {"labels": {"app": app}},
            "spec": {"containers": [{"name": "main", "image": "nginx"}]}}}})
}

#[test]
fn names_follow_rfc_1123() {
    let object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "Bad_Name"}});
    assert_eq!(
        text(&object, None),
        "ConfigMap \"Bad_Name\" is invalid: metadata.name: Invalid value: \"Bad_Name\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
    );
}

#[test]
fn ports_have_sixteen_bits() {
    let object = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": {"ports": [{"port": 99_999}]}});
    assert_eq!(
        text(&object, None),
        "Service \"a\" is invalid: [spec.ports[0].port: Invalid value: 99999: must be between 1 and 65535, inclusive, spec.ports[0].targetPort: Invalid value: 99999: must be between 1 and 65535, inclusive]"
    );
}

#[test]
fn a_deployment_keeps_its_selector() {
    assert_eq!(
        text(&deployment("other"), Some(&deployment("r1-web"))),
        "Deployment.apps \"r1-web\" is invalid: spec.selector: Invalid value: {\"matchLabels\":{\"app\":\"other\"}}: field is immutable"
    );
    assert_eq!(text(&deployment("a"), None), "");
}

#[test]
fn the_volumes_of_a_stateful_set_may_come_from_its_claims() {
    let mut set = deployment("db");
    set["kind"] = "StatefulSet".into();
    set["spec"]["template"]["spec"]["containers"][0]["volumeMounts"] =
        json!([{"name": "data", "mountPath": "/data"}]);
    assert_eq!(text(&set, None), "");
}

#[test]
fn a_secret_holds_a_mebibyte() {
    let data = "QUFB".repeat(350_000);
    let object = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "big"}, "data": {"release": data}});
    assert_eq!(
        text(&object, None),
        "Secret \"big\" is invalid: data: Too long: may not be more than 1048576 bytes"
    );
}

#[test]
fn fields_nobody_knows_are_named_with_their_path() {
    let registry = Registry::new([]);
    let kind = registry.kind("v1", "Service").expect("a built-in kind");
    let object = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"bogus": 1}, "spec": {"ports": [{"port": 1, "foo": 2}]}});
    assert_eq!(
        unknown_fields(&kind.shape, &object),
        ["metadata.bogus", "spec.ports[0].foo"]
    );
    let object = json!({"spec": {"ports": [{"port": "x"}]}});
    assert_eq!(
        mistyped_field("Service", &kind.shape, &object).as_deref(),
        Some(
            "json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32"
        )
    );
}

fn anything() -> impl Strategy<Value = Json> {
    let words = "spec|template|containers|metadata|labels|ports|volumes|selector|a";
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        "[a-z]{0,3}".prop_map(Json::from),
    ];
    leaf.prop_recursive(5, 40, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Json::from),
            proptest::collection::btree_map(words, inner, 0..4).prop_map(|fields| json!(fields)),
        ]
    })
}

proptest! {
    #[test]
    fn nothing_a_client_sends_is_fatal(spec in anything(), metadata in anything(), which in 0..200_usize) {
        let registry = Registry::new([]);
        let kinds = registry.kinds();
        let kind = &kinds[which % kinds.len()];
        let mut object = json!({"apiVersion": kind.api_version(), "kind": kind.kind, "metadata": metadata,
            "spec": spec, "data": spec, "subjects": spec, "webhooks": spec, "status": metadata});
        let _ = mistyped_field(&kind.kind, &kind.shape, &object);
        let _ = unknown_fields(&kind.shape, &object);
        defaults::complete(&mut object, &kind.shape, false);
        strategy::prepare_create(&mut object, kind.has_subresource("status"), false);
        let _ = validate_create(kind, &object);
        let old = object.clone();
        strategy::prepare_update(&old, &mut object, "", true, false);
        let _ = validate_update(kind, &old, &object);
    }
}
