//! Which kinds of objects exist: the built-in ones and those of CustomResourceDefinitions.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::schema::Shape;

mod builtin;
pub(crate) mod custom;

/// One kind of object in one version of its group.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::struct_field_names,
    reason = "`kind` is what Kubernetes calls it"
)]
pub(crate) struct Kind {
    /// The API group; empty for the core group.
    pub(crate) group: String,
    /// The version, such as `v1`.
    pub(crate) version: String,
    /// The kind, such as `Deployment`.
    pub(crate) kind: String,
    /// The kind of a list, such as `DeploymentList`.
    pub(crate) list_kind: String,
    /// The name in paths, such as `deployments`.
    pub(crate) plural: String,
    /// The name of one, such as `deployment`.
    pub(crate) singular: String,
    /// Abbreviations, such as `deploy`.
    pub(crate) short_names: Vec<String>,
    /// Names for several kinds, such as `all`.
    pub(crate) categories: Vec<String>,
    /// Whether objects live in a namespace.
    pub(crate) namespaced: bool,
    /// What may be done with objects.
    pub(crate) verbs: Vec<&'static str>,
    /// Paths below an object, such as `status`.
    pub(crate) subresources: Vec<&'static str>,
    /// `group/plural`: where the store keeps objects, whatever their version.
    pub(crate) storage: Arc<str>,
    /// The fields of its objects.
    pub(crate) shape: Shape,
    /// The version of a CustomResourceDefinition this kind comes from.
    pub(crate) custom: Option<Arc<custom::Custom>>,
}

impl Kind {
    /// `group/version`, or the version alone in the core group.
    pub(crate) fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.clone()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// `deployments.apps`, or `pods` in the core group.
    pub(crate) fn group_resource(&self) -> String {
        joined(&self.plural, &self.group)
    }

    /// `Deployment.apps`, or `Pod` in the core group.
    pub(crate) fn group_kind(&self) -> String {
        joined(&self.kind, &self.group)
    }

    /// Whether objects have this path below them.
    pub(crate) fn has_subresource(&self, name: &str) -> bool {
        self.subresources.contains(&name)
    }

    /// Whether this is the kind of that group, in whichever version.
    pub(crate) fn is(&self, group: &str, kind: &str) -> bool {
        self.group == group && self.kind == kind
    }
}

fn joined(name: &str, group: &str) -> String {
    if group.is_empty() {
        name.to_owned()
    } else {
        format!("{name}.{group}")
    }
}

/// The kinds that are served.
#[derive(Debug, Clone)]
pub(crate) struct Registry {
    /// In the order discovery shows them.
    kinds: Vec<Arc<Kind>>,
    by_resource: BTreeMap<(String, String, String), Arc<Kind>>,
}

impl Registry {
    /// The built-in kinds and those of these CustomResourceDefinitions.
    pub(crate) fn new<'a>(definitions: impl IntoIterator<Item = &'a Json>) -> Self {
        let mut kinds = builtin::kinds();
        kinds.extend(definitions.into_iter().flat_map(custom::kinds));
        let kinds: Vec<Arc<Kind>> = kinds.into_iter().map(Arc::new).collect();
        let by_resource = kinds
            .iter()
            .map(|kind| {
                let name = (
                    kind.group.clone(),
                    kind.version.clone(),
                    kind.plural.clone(),
                );
                (name, kind.clone())
            })
            .collect();
        Self { kinds, by_resource }
    }

    /// The kind of a path.
    pub(crate) fn resource(&self, group: &str, version: &str, plural: &str) -> Option<&Arc<Kind>> {
        self.by_resource
            .get(&(group.to_owned(), version.to_owned(), plural.to_owned()))
    }

    /// The kind an object's `apiVersion` and `kind` name.
    pub(crate) fn kind(&self, api_version: &str, kind: &str) -> Option<&Arc<Kind>> {
        let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
        self.kinds
            .iter()
            .find(|known| known.kind == kind && known.group == group && known.version == version)
    }

    /// Every kind, in the order discovery shows them.
    pub(crate) fn kinds(&self) -> &[Arc<Kind>] {
        &self.kinds
    }

    /// One kind for each stored resource, in the first version served.
    pub(crate) fn stored(&self) -> Vec<&Arc<Kind>> {
        let mut stored: Vec<&Arc<Kind>> = Vec::new();
        for kind in &self.kinds {
            if !stored.iter().any(|other| other.storage == kind.storage) {
                stored.push(kind);
            }
        }
        stored
    }
}
