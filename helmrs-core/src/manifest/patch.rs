//! What to send to a server so that an object becomes what a manifest says.
//!
//! Built-in kinds take strategic merge patches, whose lists are merged by the rules of their kind. Every other kind takes
//! JSON merge patches, which replace lists.

pub mod merge;
mod schema;
mod strategic;

use crate::manifest::object::GroupVersionKind;
use crate::yaml::{Map, Value};
use schema::Schema;

pub use strategic::PatchError;

/// Whether a kind is built in, so that it takes strategic merge patches.
pub fn is_built_in(kind: &GroupVersionKind) -> bool {
    Schema::of(kind).is_some()
}

/// The strategic merge patch that brings `current` to `modified` and takes away what went since `original`.
///
/// A kind that is not built in has no rules: its lists are replaced, as in a JSON merge patch.
///
/// # Examples
///
/// ```
/// use helmrs_core::manifest::{object::GroupVersionKind, patch};
/// use helmrs_core::yaml;
///
/// let map = |text: &str| yaml::parse(text.as_bytes()).unwrap().into_map().unwrap();
/// let old = map("spec: {ports: [{port: 80, name: http}, {port: 81}]}");
/// let new = map("spec: {ports: [{port: 80, name: web}]}");
/// let patch = patch::strategic(&old, &new, &old, &GroupVersionKind::new("v1", "Service")).unwrap();
/// let json = yaml::json::to_json(&yaml::Value::Map(patch)).unwrap();
/// assert_eq!(json, concat!(
///     r#"{"spec":{"$setElementOrder/ports":[{"port":80}],"#,
///     r#""ports":[{"name":"web","port":80},{"$patch":"delete","port":81}]}}"#,
/// ));
/// ```
pub fn strategic(
    original: &Map,
    modified: &Map,
    current: &Map,
    kind: &GroupVersionKind,
) -> Result<Map, PatchError> {
    strategic::three_way(
        original,
        modified,
        current,
        Schema::of(kind).unwrap_or_default(),
    )
}

/// Whether two values are equal; a whole number is, however it was read.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Integer(_) | Value::Float(_), Value::Integer(_) | Value::Float(_)) => {
            match (a.as_integer(), b.as_integer()) {
                (Some(a), Some(b)) => a == b,
                _ => a.as_float() == b.as_float(),
            }
        }
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}
