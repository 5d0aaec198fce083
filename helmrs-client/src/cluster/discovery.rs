//! Which kinds the API server knows, and under which paths.

use std::collections::BTreeSet;

use helmrs_core::manifest::object::GroupVersionKind;
use helmrs_core::yaml::Value;

use super::error::ApiError;
use super::request::{Connection, Request};

/// Asks for all groups, versions and kinds in one answer; older servers answer with their groups alone.
const AGGREGATED: &str =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

/// How one kind is addressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mapping {
    pub(crate) kind: GroupVersionKind,
    /// The plural name in paths.
    pub(crate) resource: String,
    pub(crate) namespaced: bool,
}

impl Mapping {
    pub(crate) fn new(api_version: &str, kind: &str, resource: &str, namespaced: bool) -> Self {
        Self {
            kind: GroupVersionKind::new(api_version, kind),
            resource: resource.to_string(),
            namespaced,
        }
    }

    /// The path of all objects of this kind, in one namespace if there are several.
    pub(crate) fn collection(&self, namespace: &str) -> String {
        let root = root(&self.kind.api_version());
        if self.namespaced && !namespace.is_empty() {
            format!("{root}/namespaces/{namespace}/{}", self.resource)
        } else {
            format!("{root}/{}", self.resource)
        }
    }

    /// The path of one object.
    pub(crate) fn object(&self, namespace: &str, name: &str) -> String {
        format!("{}/{name}", self.collection(namespace))
    }
}

/// The path below which an API version lives.
pub(crate) fn root(api_version: &str) -> String {
    if api_version.contains('/') {
        format!("/apis/{api_version}")
    } else {
        format!("/api/{api_version}")
    }
}

/// Everything the API server serves.
#[derive(Clone, Debug, Default)]
pub(crate) struct Discovery {
    mappings: Vec<Mapping>,
    /// `v1`, `apps/v1`, `apps/v1/Deployment`, …
    versions: BTreeSet<String>,
}

impl Discovery {
    /// Asks the API server; `query` is what the asking client adds to the path.
    pub(crate) async fn ask(
        connection: &Connection,
        query: Option<(&'static str, &str)>,
    ) -> Result<Self, ApiError> {
        let mut discovery = Self::default();
        for path in ["/api", "/apis"] {
            let mut request = Request::get(path).accept(AGGREGATED).without_account();
            if let Some((name, value)) = query {
                request = request.query(name, value);
            }
            let answer = connection.json(request).await?;
            if answer.at(&["kind"]).and_then(Value::as_str) == Some("APIGroupDiscoveryList") {
                discovery.read_aggregated(&answer);
            } else {
                discovery.read_groups(connection, &answer).await?;
            }
        }
        Ok(discovery)
    }

    /// The way to address a kind, if the server knows it.
    pub(crate) fn mapping(&self, kind: &GroupVersionKind) -> Option<&Mapping> {
        self.mappings.iter().find(|mapping| mapping.kind == *kind)
    }

    /// What templates see as `.Capabilities.APIVersions`.
    pub(crate) fn versions(&self) -> Vec<String> {
        self.versions.iter().cloned().collect()
    }

    fn read_aggregated(&mut self, answer: &Value) {
        for group in list(answer, "items") {
            let name = group
                .at(&["metadata", "name"])
                .and_then(Value::as_str)
                .unwrap_or_default();
            for version in list(group, "versions") {
                let version_name = text(version, "version");
                // Parity: client-go, discovery/aggregated_discovery.go: what is stale counts as not served, silently.
                if text(version, "freshness") == "Stale" {
                    continue;
                }
                self.add_version(name, version_name);
                for resource in list(version, "resources") {
                    let kind = resource
                        .at(&["responseKind", "kind"])
                        .and_then(Value::as_str)
                        .unwrap_or_default();
                    let namespaced = text(resource, "scope") == "Namespaced";
                    self.add(
                        name,
                        version_name,
                        kind,
                        text(resource, "resource"),
                        namespaced,
                    );
                    for subresource in list(resource, "subresources") {
                        self.add_subresource(name, version_name, subresource);
                    }
                }
            }
        }
    }

    fn add_subresource(&mut self, group: &str, version: &str, subresource: &Value) {
        let kind = subresource
            .at(&["responseKind", "kind"])
            .and_then(Value::as_str)
            .unwrap_or_default();
        if !kind.is_empty() {
            self.versions
                .insert(format!("{}/{kind}", api_version(group, version)));
        }
    }

    /// Reads the answers of a server that does not aggregate: groups here, kinds by one more request a version.
    async fn read_groups(
        &mut self,
        connection: &Connection,
        answer: &Value,
    ) -> Result<(), ApiError> {
        let mut found = Vec::new();
        if answer.get("versions").is_some() {
            found.extend(
                list(answer, "versions")
                    .iter()
                    .filter_map(Value::as_str)
                    .map(|v| (String::new(), v.to_string())),
            );
        }
        for group in list(answer, "groups") {
            let name = text(group, "name").to_string();
            found.extend(
                list(group, "versions")
                    .iter()
                    .map(|version| (name.clone(), text(version, "version").to_string())),
            );
        }
        for (group, version) in found {
            self.add_version(&group, &version);
            let path = root(&api_version(&group, &version));
            let request = Request::get(path).query("timeout", "32s").without_account();
            let resources = match connection.json(request).await {
                Ok(resources) => resources,
                Err(error) if error.is_not_found() => continue,
                Err(error) => return Err(error),
            };
            for resource in list(&resources, "resources") {
                self.add_listed(&group, &version, resource);
            }
        }
        Ok(())
    }

    fn add_listed(&mut self, group: &str, version: &str, resource: &Value) {
        let (name, kind) = (text(resource, "name"), text(resource, "kind"));
        if name.contains('/') {
            self.versions
                .insert(format!("{}/{kind}", api_version(group, version)));
        } else {
            let namespaced = resource
                .get("namespaced")
                .and_then(Value::as_bool)
                .unwrap_or_default();
            self.add(group, version, kind, name, namespaced);
        }
    }

    fn add_version(&mut self, group: &str, version: &str) {
        self.versions.insert(api_version(group, version));
    }

    fn add(&mut self, group: &str, version: &str, kind: &str, resource: &str, namespaced: bool) {
        let api_version = api_version(group, version);
        self.versions.insert(format!("{api_version}/{kind}"));
        self.mappings
            .push(Mapping::new(&api_version, kind, resource, namespaced));
    }
}

fn api_version(group: &str, version: &str) -> String {
    if group.is_empty() {
        version.to_string()
    } else {
        format!("{group}/{version}")
    }
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_list).unwrap_or_default()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apps() -> Discovery {
        let answer = helmrs_core::yaml::parse(
            b"kind: APIGroupDiscoveryList\nitems:\n- metadata: {name: apps}\n  versions:\n  - version: v1\n    \
              resources:\n    - {resource: deployments, responseKind: {kind: Deployment}, scope: Namespaced}\n",
        )
        .unwrap();
        let mut discovery = Discovery::default();
        discovery.read_aggregated(&answer);
        discovery
    }

    #[test]
    fn a_kind_is_found_by_its_version_and_by_its_group() {
        let discovery = apps();
        let mapping = discovery
            .mapping(&GroupVersionKind::new("apps/v1", "Deployment"))
            .unwrap();
        assert_eq!(
            mapping.object("web", "a"),
            "/apis/apps/v1/namespaces/web/deployments/a"
        );
        assert_eq!(
            discovery.mapping(&GroupVersionKind::new("apps/v2", "Deployment")),
            None
        );
    }

    #[test]
    fn an_api_whose_server_is_gone_is_left_out() {
        let answer = helmrs_core::yaml::parse(
            b"kind: APIGroupDiscoveryList\nitems:\n- metadata: {name: metrics.k8s.io}\n  versions:\n  - version: v1beta1\n    \
              freshness: Stale\n    resources:\n    - {resource: pods, responseKind: {kind: PodMetrics}}\n",
        )
        .unwrap();
        let mut discovery = apps();
        discovery.read_aggregated(&answer);
        assert_eq!(discovery.versions(), ["apps/v1", "apps/v1/Deployment"]);
    }

    #[test]
    fn templates_see_versions_and_kinds() {
        assert_eq!(apps().versions(), ["apps/v1", "apps/v1/Deployment"]);
    }
}
