//! What the API offers: versions, groups, resources.

use std::sync::Arc;

use http::HeaderMap;
use http::header::ACCEPT;
use serde_json::{Value as Json, json};

use super::path::GroupVersion;
use super::reply::{self, Reply};
use crate::resources::{Kind, Registry};

const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/// The version of Kubernetes that is served.
pub(super) fn version() -> Json {
    json!({
        "major": "1", "minor": "36",
        "emulationMajor": "1", "emulationMinor": "36",
        "minCompatibilityMajor": "1", "minCompatibilityMinor": "35",
        "gitVersion": "v1.36.2", "gitCommit": "0000000000000000000000000000000000000000",
        "gitTreeState": "clean", "buildDate": "2026-06-01T00:00:00Z",
        "goVersion": "none", "compiler": "rustc", "platform": "linux/amd64",
    })
}

/// `/`: the paths there are.
pub(super) fn paths(registry: &Registry) -> Json {
    let mut paths: Vec<String> = ["/api", "/api/v1", "/apis"].map(str::to_owned).into();
    for group in group_names(registry)
        .into_iter()
        .filter(|group| !group.is_empty())
    {
        paths.push(format!("/apis/{group}"));
        let versions = versions(registry, group);
        paths.extend(
            versions
                .iter()
                .map(|version| format!("/apis/{group}/{version}")),
        );
    }
    let others = [
        "/healthz",
        "/livez",
        "/openapi/v2",
        "/openapi/v3",
        "/readyz",
        "/version",
    ];
    paths.extend(others.map(str::to_owned));
    paths.sort();
    json!({ "paths": paths })
}

/// `/api`
pub(super) fn core(registry: &Registry, headers: &HeaderMap) -> Reply {
    if aggregated(headers) {
        return reply::cached(headers, AGGREGATED, &list(registry, str::is_empty));
    }
    let versions =
        json!({"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []});
    reply::cached(headers, "application/json", &versions)
}

/// `/apis`
pub(super) fn groups(registry: &Registry, headers: &HeaderMap) -> Reply {
    if aggregated(headers) {
        return reply::cached(
            headers,
            AGGREGATED,
            &list(registry, |group| !group.is_empty()),
        );
    }
    let names = group_names(registry);
    let groups = names
        .iter()
        .filter(|name| !name.is_empty())
        .filter_map(|name| group_entry(registry, name));
    let groups: Vec<Json> = groups.collect();
    let list = json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups});
    reply::cached(headers, "application/json", &list)
}

/// `/apis/GROUP`
pub(super) fn group(registry: &Registry, name: &str) -> Option<Json> {
    let mut group = group_entry(registry, name)?;
    group["kind"] = "APIGroup".into();
    group["apiVersion"] = "v1".into();
    Some(group)
}

fn group_entry(registry: &Registry, name: &str) -> Option<Json> {
    let versions: Vec<Json> = versions(registry, name)
        .iter()
        .map(|version| json!({"groupVersion": format!("{name}/{version}"), "version": version}))
        .collect();
    let preferred = versions.first()?.clone();
    Some(json!({"name": name, "versions": versions, "preferredVersion": preferred}))
}

/// `/api/v1`, `/apis/GROUP/VERSION`
pub(super) fn resources(registry: &Registry, of: &GroupVersion) -> Option<Json> {
    let kinds: Vec<&Arc<Kind>> = kinds(registry, &of.group, &of.version).collect();
    let first = kinds.first()?;
    let resources: Vec<Json> = kinds.iter().flat_map(|kind| rows(kind)).collect();
    Some(json!({
        "kind": "APIResourceList", "apiVersion": "v1",
        "groupVersion": first.api_version(), "resources": resources,
    }))
}

fn rows(kind: &Kind) -> Vec<Json> {
    let mut row = json!({
        "name": kind.plural, "singularName": kind.singular, "namespaced": kind.namespaced,
        "kind": kind.kind, "verbs": kind.verbs,
    });
    if !kind.short_names.is_empty() {
        row["shortNames"] = json!(kind.short_names);
    }
    if !kind.categories.is_empty() {
        row["categories"] = json!(kind.categories);
    }
    let mut rows = vec![row];
    for name in &kind.subresources {
        let answer = subresource(kind, name);
        let mut row = json!({
            "name": format!("{}/{name}", kind.plural), "singularName": "", "namespaced": kind.namespaced,
            "kind": answer.kind, "verbs": answer.verbs,
        });
        if answer.group != kind.group || answer.version != kind.version {
            row["group"] = answer.group.into();
            row["version"] = answer.version.into();
        }
        rows.push(row);
    }
    rows
}

/// What a path below objects speaks.
struct Answer<'a> {
    group: &'a str,
    version: &'a str,
    kind: &'a str,
    verbs: &'static [&'static str],
}

fn subresource<'a>(kind: &'a Kind, name: &str) -> Answer<'a> {
    let (group, version, answer): (&str, &str, &str) = match name {
        "scale" => ("autoscaling", "v1", "Scale"),
        "eviction" => ("policy", "v1", "Eviction"),
        "token" => ("authentication.k8s.io", "v1", "TokenRequest"),
        "binding" => ("", "v1", "Binding"),
        _ => (&kind.group, &kind.version, &kind.kind),
    };
    let verbs: &[&str] = match name {
        "status" | "scale" | "approval" | "ephemeralcontainers" | "resize" => {
            &["get", "patch", "update"]
        }
        "log" => &["get"],
        "finalize" => &["update"],
        "attach" | "exec" | "portforward" => &["create", "get"],
        "proxy" => &["create", "delete", "get", "patch", "update"],
        _ => &["create"],
    };
    Answer {
        group,
        version,
        kind: answer,
        verbs,
    }
}

fn aggregated(headers: &HeaderMap) -> bool {
    let accept = headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    accept.contains("as=APIGroupDiscoveryList") && accept.contains("v=v2;")
        || accept.contains("v=v2,") && accept.contains("as=APIGroupDiscoveryList")
}

fn list(registry: &Registry, wanted: impl Fn(&str) -> bool) -> Json {
    let names = group_names(registry);
    let items: Vec<Json> = names
        .iter()
        .filter(|name| wanted(name))
        .map(|name| {
            let versions: Vec<Json> = versions(registry, name)
                .iter()
                .map(|version| {
                    let resources: Vec<Json> = kinds(registry, name, version)
                        .map(|kind| aggregated_row(kind))
                        .collect();
                    json!({"version": version, "freshness": "Current", "resources": resources})
                })
                .collect();
            let mut metadata = json!({"creationTimestamp": null});
            if !name.is_empty() {
                metadata["name"] = (*name).into();
            }
            json!({"metadata": metadata, "versions": versions})
        })
        .collect();
    json!({
        "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2",
        "metadata": {}, "items": items,
    })
}

fn aggregated_row(kind: &Kind) -> Json {
    let said = |answer: &Answer<'_>| json!({"group": answer.group, "version": answer.version, "kind": answer.kind});
    let mut row = json!({
        "resource": kind.plural,
        "responseKind": {"group": kind.group, "version": kind.version, "kind": kind.kind},
        "scope": if kind.namespaced { "Namespaced" } else { "Cluster" },
        "singularResource": kind.singular,
        "verbs": kind.verbs,
    });
    if !kind.short_names.is_empty() {
        row["shortNames"] = json!(kind.short_names);
    }
    if !kind.categories.is_empty() {
        row["categories"] = json!(kind.categories);
    }
    if !kind.subresources.is_empty() {
        let subresources = kind.subresources.iter().map(|name| {
            let answer = subresource(kind, name);
            json!({"subresource": name, "responseKind": said(&answer), "verbs": answer.verbs})
        });
        row["subresources"] = subresources.collect();
    }
    row
}

fn kinds<'a>(
    registry: &'a Registry,
    group: &'a str,
    version: &'a str,
) -> impl Iterator<Item = &'a Arc<Kind>> {
    registry
        .kinds()
        .iter()
        .filter(move |kind| kind.group == group && kind.version == version)
}

fn group_names(registry: &Registry) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for kind in registry.kinds() {
        if !names.contains(&kind.group.as_str()) {
            names.push(&kind.group);
        }
    }
    names
}

fn versions<'a>(registry: &'a Registry, group: &str) -> Vec<&'a str> {
    let mut versions: Vec<&str> = Vec::new();
    for kind in registry.kinds().iter().filter(|kind| kind.group == group) {
        if !versions.contains(&kind.version.as_str()) {
            versions.push(&kind.version);
        }
    }
    versions
}
