//! What every Kubernetes object has: a kind, a name, a namespace; read from its JSON.

use std::collections::BTreeMap;
use std::fmt;

use crate::yaml::Value;

/// The text at a path of map keys.
pub fn text<'v>(object: &'v Value, path: &[&str]) -> Option<&'v str> {
    object.at(path)?.as_str()
}

/// The whole number at a path of map keys.
pub fn integer(object: &Value, path: &[&str]) -> Option<i64> {
    object.at(path)?.as_integer()
}

/// The items of the list at a path of map keys; none when there is no list.
pub fn items<'v>(object: &'v Value, path: &[&str]) -> &'v [Value] {
    object.at(path).and_then(Value::as_list).unwrap_or(&[])
}

/// The texts of the map at a path of map keys; what is no text is left out.
pub fn texts<'v>(object: &'v Value, path: &[&str]) -> BTreeMap<&'v str, &'v str> {
    let Some(map) = object.at(path).and_then(Value::as_map) else {
        return BTreeMap::new();
    };
    map.iter()
        .filter_map(|(key, value)| match value {
            Value::String(text) => Some((key.as_str(), text.as_str())),
            _ => None,
        })
        .collect()
}

/// The kind of an object and the API it belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct GroupVersionKind {
    /// The API group; empty for the core group.
    pub group: String,
    /// The version of the group.
    pub version: String,
    /// The kind.
    pub kind: String,
}

impl GroupVersionKind {
    /// Takes `apps/v1` and `Deployment` apart.
    ///
    /// # Examples
    ///
    /// ```
    /// use helmrs_core::manifest::object::GroupVersionKind;
    ///
    /// let kind = GroupVersionKind::new("apps/v1", "Deployment");
    /// assert_eq!((kind.group.as_str(), kind.version.as_str()), ("apps", "v1"));
    /// assert_eq!(kind.to_string(), "apps/v1, Kind=Deployment");
    /// assert_eq!(GroupVersionKind::new("v1", "Pod").to_string(), "/v1, Kind=Pod");
    /// ```
    pub fn new(api_version: &str, kind: &str) -> Self {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        Self {
            group: group.to_owned(),
            version: version.to_owned(),
            kind: kind.to_owned(),
        }
    }

    /// The kind an object says it is.
    pub fn of(object: &Value) -> Self {
        Self::new(
            text(object, &["apiVersion"]).unwrap_or(""),
            text(object, &["kind"]).unwrap_or(""),
        )
    }

    /// `apps/v1`, or `v1` for the core group.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.clone()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }
}

impl fmt::Display for GroupVersionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}, Kind={}", self.group, self.version, self.kind)
    }
}

/// An object's `metadata.name`, or nothing.
pub fn name(object: &Value) -> &str {
    text(object, &["metadata", "name"]).unwrap_or("")
}

/// An object's `metadata.namespace`, or nothing.
pub fn namespace(object: &Value) -> &str {
    text(object, &["metadata", "namespace"]).unwrap_or("")
}

/// An object's labels.
pub fn labels(object: &Value) -> BTreeMap<&str, &str> {
    texts(object, &["metadata", "labels"])
}

/// An object's annotations.
pub fn annotations(object: &Value) -> BTreeMap<&str, &str> {
    texts(object, &["metadata", "annotations"])
}
