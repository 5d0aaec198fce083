//! What patches make of objects.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{Dialect, PatchError, patched};
use crate::schema;

fn strategic(object: &Json, patch: &Json) -> Json {
    let shape = schema::builtin("apps/v1", "Deployment").expect("a built-in kind");
    patched(Dialect::Strategic, object, patch, &shape).expect("a good patch")
}

fn with_containers(containers: &Json) -> Json {
    json!({"spec": {"template": {"spec": {"containers": containers}}}})
}

fn containers(object: &Json) -> &Json {
    &object["spec"]["template"]["spec"]["containers"]
}

#[test]
fn containers_merge_by_name() {
    let live = with_containers(
        &json!([{"name": "a", "image": "a:1", "tty": true}, {"name": "b", "image": "b:1"}]),
    );
    let patch = with_containers(
        &json!([{"name": "a", "image": "a:2", "tty": null}, {"name": "c", "image": "c:1"}]),
    );
    let expected = json!([{"name": "a", "image": "a:2"}, {"name": "c", "image": "c:1"}, {"name": "b", "image": "b:1"}]);
    assert_eq!(containers(&strategic(&live, &patch)), &expected);
}

#[test]
fn directives_delete_and_order_items() {
    let live = with_containers(&json!([{"name": "a"}, {"name": "b"}, {"name": "c"}]));
    let patch = json!({"spec": {"template": {"spec": {
        "$setElementOrder/containers": [{"name": "c"}, {"name": "a"}],
        "containers": [{"name": "b", "$patch": "delete"}]}}}});
    assert_eq!(
        containers(&strategic(&live, &patch)),
        &json!([{"name": "c"}, {"name": "a"}])
    );
}

#[test]
fn retained_keys_drop_the_others() {
    let live =
        json!({"spec": {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}}});
    let patch = json!({"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}});
    assert_eq!(
        strategic(&live, &patch)["spec"]["strategy"],
        json!({"type": "Recreate"})
    );
}

#[test]
fn values_leave_lists_of_plain_values() {
    let live = json!({"metadata": {"finalizers": ["a", "b"]}});
    let patch = json!({"metadata": {"$deleteFromPrimitiveList/finalizers": ["a"],
        "$setElementOrder/finalizers": ["b", "c"], "finalizers": ["c"]}});
    assert_eq!(
        strategic(&live, &patch)["metadata"]["finalizers"],
        json!(["b", "c"])
    );
}

#[test]
fn an_item_without_its_key_is_refused() {
    let shape = schema::builtin("apps/v1", "Deployment").expect("a built-in kind");
    let live = with_containers(&json!([{"name": "a"}]));
    let patch = with_containers(&json!([{"image": "x"}]));
    let error = patched(Dialect::Strategic, &live, &patch, &shape).expect_err("an error");
    assert_eq!(
        error.to_string(),
        "map: {\"image\":\"x\"} does not contain declared merge key: name"
    );
}

#[test]
fn a_failed_test_rejects_a_json_patch() {
    let patch = json!([{"op": "test", "path": "/a", "value": 2}, {"op": "remove", "path": "/a"}]);
    let error = patched(Dialect::Json, &json!({"a": 1}), &patch, &schema::Shape::Any);
    assert_eq!(error, Err(PatchError::Rejected));
}

/// The smallest merge patch from one object to another.
fn difference(from: &Json, to: &Json) -> Json {
    let (Some(from), Some(to)) = (from.as_object(), to.as_object()) else {
        return to.clone();
    };
    let removed = from
        .keys()
        .filter(|name| !to.contains_key(*name))
        .map(|name| (name.clone(), Json::Null));
    let changed = to
        .iter()
        .filter(|(name, value)| from.get(*name) != Some(value))
        .map(|(name, value)| {
            (
                name.clone(),
                difference(from.get(name).unwrap_or(&Json::Null), value),
            )
        });
    Json::Object(removed.chain(changed).collect())
}

fn labels() -> impl Strategy<Value = Json> {
    let map = || proptest::collection::btree_map("[a-c]", "[x-z]?", 0..3);
    (map(), map()).prop_map(
        |(labels, annotations)| json!({"metadata": {"labels": labels, "annotations": annotations}}),
    )
}

proptest! {
    #[test]
    fn a_patch_of_the_difference_gives_the_other_object(from in labels(), to in labels()) {
        let patch = difference(&from, &to);
        prop_assert_eq!(&strategic(&from, &patch), &to);
        let merged = patched(Dialect::Merge, &from, &patch, &schema::Shape::Any).expect("merges");
        prop_assert_eq!(merged, to);
    }

    #[test]
    fn patching_containers_twice_changes_nothing(names in proptest::collection::btree_set("[a-e]", 1..4),
        live in proptest::collection::btree_set("[a-e]", 0..4)) {
        let list = |names: &std::collections::BTreeSet<String>, image: &str| -> Json {
            names.iter().map(|name| json!({"name": name, "image": image})).collect()
        };
        let patch = with_containers(&list(&names, "new"));
        let once = strategic(&with_containers(&list(&live, "old")), &patch);
        prop_assert_eq!(&strategic(&once, &patch), &once);
        prop_assert_eq!(containers(&once).as_array().map(Vec::len), Some(names.union(&live).count()));
    }
}
