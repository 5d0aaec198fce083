//! Who asks, and whether the roles of the cluster let them.

use http::HeaderMap;
use http::header::AUTHORIZATION;
use serde_json::Value as Json;

use crate::error::ApiError;
use crate::objects::{Objects, Request};

/// The group that may do everything.
const MASTERS: &str = "system:masters";

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct User {
    /// The user's name.
    pub(super) name: String,
    /// The groups the user is in.
    pub(super) groups: Vec<String>,
}

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Attributes<'a> {
    /// Such as `list`.
    pub(super) verb: &'a str,
    /// The API group.
    pub(super) group: &'a str,
    /// Such as `pods`.
    pub(super) resource: &'a str,
    /// Such as `log`; mostly empty.
    pub(super) subresource: &'a str,
    /// Empty: at the cluster scope.
    pub(super) namespace: &'a str,
    /// Empty: any.
    pub(super) name: &'a str,
}

impl User {
    fn named(name: &str, groups: &[&str]) -> Self {
        Self {
            name: name.to_owned(),
            groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        }
    }

    /// Whether this is an administrator.
    pub(super) fn is_master(&self) -> bool {
        self.groups.iter().any(|group| group == MASTERS)
    }
}

/// Tells who asks: the administrator by token, anybody without one, or whom the administrator plays.
pub(super) fn authenticate(headers: &HeaderMap, token: &str) -> Result<User, ApiError> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let user = match headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
    {
        None => User::named("system:anonymous", &["system:unauthenticated"]),
        Some(said) if said.strip_prefix("Bearer ") == Some(token) => {
            User::named("admin", &[MASTERS, "system:authenticated"])
        }
        Some(_) => return Err(ApiError::unauthorized()),
    };
    let Some(name) = text("impersonate-user") else {
        return Ok(user);
    };
    if !user.is_master() {
        return Err(ApiError::forbidden_path(format!(
            "users \"{name}\" is forbidden: User \"{}\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope",
            user.name
        )));
    }
    let groups = headers
        .get_all("impersonate-group")
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut groups: Vec<String> = groups.map(str::to_owned).collect();
    if !groups.iter().any(|group| group == "system:authenticated") && name != "system:anonymous" {
        groups.push("system:authenticated".to_owned());
    }
    Ok(User {
        name: name.to_owned(),
        groups,
    })
}

/// Refuses what no role allows.
pub(super) fn check(
    objects: &Objects,
    user: &User,
    asked: &Attributes<'_>,
) -> Result<(), ApiError> {
    if allowed(objects, user, asked) {
        return Ok(());
    }
    let resource = resource_of(asked);
    let of_group = |resource: &str| match asked.group {
        "" => resource.to_owned(),
        group => format!("{resource}.{group}"),
    };
    let subject = match (asked.name, asked.subresource) {
        ("", "") => of_group(asked.resource),
        (name, "") => format!("{} \"{name}\"", of_group(asked.resource)),
        (name, sub) => format!("{}/{sub} \"{name}\"", of_group(asked.resource)),
    };
    let place = match asked.namespace {
        "" => "at the cluster scope".to_owned(),
        namespace => format!("in the namespace \"{namespace}\""),
    };
    let why = format!(
        "{subject} is forbidden: User \"{}\" cannot {} resource \"{resource}\" in API group \"{}\" {place}",
        user.name, asked.verb, asked.group
    );
    Err(ApiError::forbidden_resource(
        asked.group,
        asked.resource,
        asked.name,
        why,
    ))
}

/// Refuses a path no role allows.
pub(super) fn check_path(objects: &Objects, user: &User, path: &str) -> Result<(), ApiError> {
    if user.is_master() {
        return Ok(());
    }
    let matches = |pattern: &str| match pattern.strip_suffix('*') {
        Some(prefix) => path.starts_with(prefix),
        None => pattern == path,
    };
    let fits =
        |rule: &Json| texts(&rule["nonResourceURLs"]).any(matches) && any(&rule["verbs"], "get");
    if rules(objects, user, "").iter().any(fits) {
        return Ok(());
    }
    Err(forbidden_path(user, path))
}

/// What somebody hears whom a path is closed to.
pub(super) fn forbidden_path(user: &User, path: &str) -> ApiError {
    ApiError::forbidden_path(format!(
        "forbidden: User \"{}\" cannot get path \"{path}\"",
        user.name
    ))
}

/// Whether some role allows it.
pub(super) fn allowed(objects: &Objects, user: &User, asked: &Attributes<'_>) -> bool {
    if user.is_master() {
        return true;
    }
    let resource = resource_of(asked);
    rules(objects, user, asked.namespace).iter().any(|rule| {
        let names = &rule["resourceNames"];
        any(&rule["verbs"], asked.verb)
            && any(&rule["apiGroups"], asked.group)
            && any(&rule["resources"], &resource)
            && (names.as_array().is_none_or(Vec::is_empty)
                || texts(names).any(|name| name == asked.name))
    })
}

/// The rules that hold for a user in a namespace and at the cluster scope.
pub(super) fn rules(objects: &Objects, user: &User, namespace: &str) -> Vec<Json> {
    let mut rules = Vec::new();
    for (binding_kind, namespace) in [("ClusterRoleBinding", ""), ("RoleBinding", namespace)] {
        if binding_kind == "RoleBinding" && namespace.is_empty() {
            continue;
        }
        let Some(kind) = objects.kind(RBAC, binding_kind) else {
            continue;
        };
        let (bindings, _) = objects.store().list(&kind.storage, Some(namespace));
        for binding in bindings.iter().filter(|binding| names(binding, user)) {
            let role = &binding["roleRef"];
            let (Some(kind), Some(name)) = (role["kind"].as_str(), role["name"].as_str()) else {
                continue;
            };
            let Some(kind) = objects.kind(RBAC, kind) else {
                continue;
            };
            let namespace = if kind.namespaced { namespace } else { "" };
            if let Ok(role) = objects.get(&Request::new(&kind, namespace, name, "")) {
                rules.extend(role["rules"].as_array().into_iter().flatten().cloned());
            }
        }
    }
    rules
}

const RBAC: &str = "rbac.authorization.k8s.io/v1";

/// Whether a binding is for this user.
fn names(binding: &Json, user: &User) -> bool {
    binding["subjects"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|subject| {
            let name = subject["name"].as_str().unwrap_or_default();
            match subject["kind"].as_str() {
                Some("User") => name == user.name,
                Some("Group") => user.groups.iter().any(|group| group == name),
                Some("ServiceAccount") => {
                    let namespace = subject["namespace"].as_str().unwrap_or_default();
                    user.name == format!("system:serviceaccount:{namespace}:{name}")
                }
                _ => false,
            }
        })
}

fn resource_of(asked: &Attributes<'_>) -> String {
    match asked.subresource {
        "" => asked.resource.to_owned(),
        sub => format!("{}/{sub}", asked.resource),
    }
}

fn texts(list: &Json) -> impl Iterator<Item = &str> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
}

fn any(list: &Json, wanted: &str) -> bool {
    texts(list).any(|word| word == "*" || word == wanted)
}
