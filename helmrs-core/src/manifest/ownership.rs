//! The marks that say which release an object belongs to.

use helmrs_gotemplate::number::quote;

use crate::manifest::object;
use crate::yaml::{Map, Value};

/// The label that says by what an object is managed.
pub const MANAGED_BY_LABEL: &str = "app.kubernetes.io/managed-by";
/// What [`MANAGED_BY_LABEL`] says on objects of releases.
pub const MANAGED_BY: &str = "Helm";
/// The annotation that names the release.
pub const RELEASE_NAME_ANNOTATION: &str = "meta.helm.sh/release-name";
/// The annotation that names the release's namespace.
pub const RELEASE_NAMESPACE_ANNOTATION: &str = "meta.helm.sh/release-namespace";
/// The annotation that keeps an object when its release goes.
pub const RESOURCE_POLICY_ANNOTATION: &str = "helm.sh/resource-policy";
/// The only known value of [`RESOURCE_POLICY_ANNOTATION`].
pub const KEEP_POLICY: &str = "keep";

/// Why an object does not belong to a release: one text for each mark that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid ownership metadata; {}", checks.join("; "))]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub struct OwnershipError {
    pub checks: Vec<String>,
}

/// Marks an object as the release's, over whatever it said before.
pub fn mark(object: &mut Value, release: &str, namespace: &str) {
    let Value::Map(object) = object else { return };
    let metadata = map_in(object, "metadata");
    let labels = map_in(metadata, "labels");
    labels.insert(
        MANAGED_BY_LABEL.to_owned(),
        Value::String(MANAGED_BY.to_owned()),
    );
    let annotations = map_in(metadata, "annotations");
    annotations.insert(
        RELEASE_NAME_ANNOTATION.to_owned(),
        Value::String(release.to_owned()),
    );
    annotations.insert(
        RELEASE_NAMESPACE_ANNOTATION.to_owned(),
        Value::String(namespace.to_owned()),
    );
}

/// Checks that a live object bears the release's marks.
// Parity: Helm, pkg/action/validate.go, checkOwnership.
pub fn check(object: &Value, release: &str, namespace: &str) -> Result<(), OwnershipError> {
    let (labels, annotations) = (object::labels(object), object::annotations(object));
    let wanted = [
        ("label", &labels, MANAGED_BY_LABEL, MANAGED_BY),
        ("annotation", &annotations, RELEASE_NAME_ANNOTATION, release),
        (
            "annotation",
            &annotations,
            RELEASE_NAMESPACE_ANNOTATION,
            namespace,
        ),
    ];
    let mut checks = Vec::new();
    for (noun, marks, key, value) in wanted {
        match marks.get(key) {
            None => checks.push(format!(
                "{noun} validation error: missing key \"{key}\": must be set to {}",
                quote(value.as_bytes())
            )),
            Some(actual) if *actual != value => checks.push(format!(
                "{noun} validation error: key \"{key}\" must equal {}: current value is {}",
                quote(value.as_bytes()),
                quote(actual.as_bytes())
            )),
            Some(_) => {}
        }
    }
    if checks.is_empty() {
        Ok(())
    } else {
        Err(OwnershipError { checks })
    }
}

/// Whether a live object is to stay when its release goes: the annotation says exactly `keep`.
pub fn is_kept(object: &Value) -> bool {
    object::annotations(object).get(RESOURCE_POLICY_ANNOTATION) == Some(&KEEP_POLICY)
}

/// The map under a key, put there if there is none.
fn map_in<'m>(map: &'m mut Map, key: &str) -> &'m mut Map {
    let slot = map.get_or_insert_with(key, || Value::Map(Map::new()));
    if !matches!(slot, Value::Map(_)) {
        *slot = Value::Map(Map::new());
    }
    match slot {
        Value::Map(map) => map,
        _ => unreachable!("it was made a map above"),
    }
}
