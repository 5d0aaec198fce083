//! What a path asks for.

use super::page::Page;

/// Where a request goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    /// `/version`
    Version,
    /// `/healthz`, `/livez`, `/readyz`
    Health,
    /// `/api`
    CoreVersions,
    /// `/apis`
    Groups,
    /// `/apis/GROUP`
    Group(String),
    /// `/api/v1` or `/apis/GROUP/VERSION`
    Resources(GroupVersion),
    /// `/openapi/v2`
    OpenApiTwo,
    /// `/openapi/v3`
    OpenApiIndex,
    /// `/openapi/v3/api/v1` or `/openapi/v3/apis/GROUP/VERSION`
    OpenApi(GroupVersion),
    /// Everything about objects.
    Objects(Target),
    /// `/`: what there is, or a page for a browser.
    Root,
    /// A page, or a part of one.
    Page(Page),
    /// `/sandbox/objects`: all objects at once.
    Transfer,
    /// Nothing that is served.
    Nothing,
}

/// A group and a version of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GroupVersion {
    /// Empty for the core group.
    pub(super) group: String,
    /// Such as `v1`.
    pub(super) version: String,
}

/// The objects or the object a path names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// Group and version.
    pub(super) group_version: GroupVersion,
    /// The resource, such as `pods`.
    pub(super) plural: String,
    /// `None`: across namespaces, or cluster-scoped.
    pub(super) namespace: Option<String>,
    /// `None`: the collection.
    pub(super) name: Option<String>,
    /// What follows the name; mostly empty.
    pub(super) subresource: String,
}

/// Reads a path.
pub(super) fn route(path: &str) -> Route {
    let segments: Vec<String> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(super::query::decoded)
        .collect();
    let words: Vec<&str> = segments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => Route::Root,
        ["sandbox", "page.css"] => Route::Page(Page::Style),
        ["sandbox", "page.js"] => Route::Page(Page::Script),
        ["sandbox", "releases", namespace, name] => {
            Route::Page(Page::Release((*namespace).to_owned(), (*name).to_owned()))
        }
        ["sandbox", "objects"] => Route::Transfer,
        ["version"] => Route::Version,
        ["healthz" | "livez" | "readyz", ..] => Route::Health,
        ["api"] => Route::CoreVersions,
        ["apis"] => Route::Groups,
        ["openapi", "v2"] => Route::OpenApiTwo,
        ["openapi", "v3"] => Route::OpenApiIndex,
        ["openapi", "v3", "api", version] => Route::OpenApi(group_version("", version)),
        ["openapi", "v3", "apis", group, version] => Route::OpenApi(group_version(group, version)),
        ["api", version] => Route::Resources(group_version("", version)),
        ["apis", group] => Route::Group((*group).to_owned()),
        ["apis", group, version] => Route::Resources(group_version(group, version)),
        ["api", version, rest @ ..] => target(group_version("", version), rest),
        ["apis", group, version, rest @ ..] => target(group_version(group, version), rest),
        _ => Route::Nothing,
    }
}

fn group_version(group: &str, version: &str) -> GroupVersion {
    GroupVersion {
        group: group.to_owned(),
        version: version.to_owned(),
    }
}

fn target(group_version: GroupVersion, rest: &[&str]) -> Route {
    let (namespace, rest) = match rest {
        // What lives in a namespace, as against what a namespace itself has below it.
        ["namespaces", namespace, plural, ..]
            if !(group_version.group.is_empty() && matches!(*plural, "status" | "finalize")) =>
        {
            (Some((*namespace).to_owned()), &rest[2..])
        }
        rest => (None, rest),
    };
    let [plural, rest @ ..] = rest else {
        return Route::Nothing;
    };
    let (name, rest) = match rest {
        [name, rest @ ..] => (Some((*name).to_owned()), rest),
        [] => (None, rest),
    };
    Route::Objects(Target {
        group_version,
        plural: (*plural).to_owned(),
        namespace,
        name,
        subresource: rest.join("/"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects(path: &str) -> Target {
        match route(path) {
            Route::Objects(target) => target,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_namespace_is_an_object_and_a_place() {
        let one = objects("/api/v1/namespaces/a");
        assert_eq!(
            (one.plural.as_str(), one.name.as_deref(), one.namespace),
            ("namespaces", Some("a"), None)
        );
        let status = objects("/api/v1/namespaces/a/status");
        assert_eq!(
            (status.plural.as_str(), status.subresource.as_str()),
            ("namespaces", "status")
        );
        let pods = objects("/api/v1/namespaces/a/pods/p/log");
        assert_eq!(
            (pods.plural.as_str(), pods.namespace.as_deref()),
            ("pods", Some("a"))
        );
        assert_eq!(pods.subresource, "log");
    }

    #[test]
    fn discovery_paths_are_not_objects() {
        assert_eq!(
            route("/apis/apps/v1/"),
            Route::Resources(group_version("apps", "v1"))
        );
        assert_eq!(route("/apis"), Route::Groups);
        assert_eq!(route("/metrics"), Route::Nothing);
    }
}
