//! Objects of a manifest, each with the way to address it.

use helmrs_core::manifest::object::{self, GroupVersionKind};
use helmrs_core::yaml::Value;

use super::discovery::Mapping;

/// One object and where it lives on the API server.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    pub(crate) mapping: Mapping,
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) object: Value,
}

impl Resource {
    pub(crate) fn kind(&self) -> &str {
        &self.mapping.kind.kind
    }

    pub(crate) fn path(&self) -> String {
        self.mapping.object(&self.namespace, &self.name)
    }

    pub(crate) fn collection(&self) -> String {
        self.mapping.collection(&self.namespace)
    }

    /// Whether both are the same object, in whatever version of its group.
    // Parity: Helm, pkg/kube/resource.go, isMatchingInfo.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.name == other.name
            && self.namespace == other.namespace
            && self.mapping.kind.kind == other.mapping.kind.kind
            && self.mapping.kind.group == other.mapping.kind.group
    }

    /// Whether both are the same object in the same version.
    pub(crate) fn has_same_key(&self, other: &Self) -> bool {
        self.is_same(other) && self.mapping.kind == other.mapping.kind
    }

    /// What steps say of the object.
    pub(crate) fn attributes(&self) -> [(&'static str, &str); 3] {
        [
            ("namespace", &self.namespace),
            ("name", &self.name),
            ("kind", self.kind()),
        ]
    }

    /// `ConfigMap "web" in namespace "shop"`, as messages name an object.
    pub(crate) fn sentence(&self) -> String {
        format!(
            "{} \"{}\" in namespace \"{}\"",
            self.kind(),
            self.name,
            self.namespace
        )
    }

    /// `shop/web /v1, Kind=ConfigMap`, as errors of writes name an object.
    pub(crate) fn address(&self) -> String {
        format!("{}/{} {}", self.namespace, self.name, self.mapping.kind)
    }
}

/// Places an object: namespaced ones without a namespace go to `default`.
pub(super) fn place(mut object: Value, mapping: Mapping, default: &str) -> Resource {
    let name = object::name(&object).to_string();
    let mut namespace = object::namespace(&object).to_string();
    if mapping.namespaced && namespace.is_empty() {
        namespace = default.to_string();
        set_namespace(&mut object, default);
    }
    Resource {
        mapping,
        namespace,
        name,
        object,
    }
}

fn set_namespace(object: &mut Value, namespace: &str) {
    let metadata = object
        .as_map_mut()
        .map(|map| map.get_or_insert_with("metadata", Value::default));
    if let Some(metadata) = metadata {
        if !matches!(metadata, Value::Map(_)) {
            *metadata = Value::Map(helmrs_core::yaml::Map::new());
        }
        if let Value::Map(metadata) = metadata {
            metadata.insert("namespace".to_string(), namespace.into());
        }
    }
}

/// The objects a document holds: itself, or the items of the list it is.
pub(super) fn flatten(document: Value) -> Vec<Value> {
    let kind = GroupVersionKind::of(&document).kind;
    match document {
        Value::Map(mut map)
            if kind.ends_with("List") && matches!(map.get("items"), Some(Value::List(_))) =>
        {
            match map.remove("items") {
                Some(Value::List(items)) => items.into_iter().flat_map(flatten).collect(),
                _ => Vec::new(),
            }
        }
        other => vec![other],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespaced_object_without_a_namespace_gets_the_releases() {
        let object =
            helmrs_core::yaml::parse(b"{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}")
                .unwrap();
        let placed = place(
            object,
            Mapping::new("v1", "ConfigMap", "configmaps", true),
            "shop",
        );
        assert_eq!(placed.path(), "/api/v1/namespaces/shop/configmaps/a");
        assert_eq!(object::namespace(&placed.object), "shop");
        assert_eq!(placed.address(), "shop/a /v1, Kind=ConfigMap");
    }

    #[test]
    fn lists_are_taken_apart() {
        let list = helmrs_core::yaml::parse(
            b"{apiVersion: v1, kind: List, items: [{kind: A}, {kind: B}]}",
        )
        .unwrap();
        assert_eq!(flatten(list).len(), 2);
    }
}
