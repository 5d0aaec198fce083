//! Kinds that are asked and not kept: who am I, may I; bindings and tokens.

use serde_json::{Value as Json, json};

use super::authorization::{self, Attributes, User};
use super::read::request;
use super::reply::{self, Reply};
use super::{Call, Place, body};
use crate::chance;
use crate::error::ApiError;
use crate::objects::{Objects, Request};

/// Answers a review.
pub(super) fn answer(objects: &Objects, call: &Call, place: &Place) -> Result<Reply, ApiError> {
    if call.method != http::Method::POST || place.name.is_some() {
        return Err(ApiError::method_not_allowed());
    }
    let mut review = body::object(&call.headers, &call.body)?;
    let spec = review["spec"].clone();
    review["apiVersion"] = place.kind.api_version().into();
    review["kind"] = place.kind.kind.clone().into();
    review["status"] = match place.kind.kind.as_str() {
        "SelfSubjectAccessReview" => access(objects, &call.user, &spec),
        "SubjectAccessReview" | "LocalSubjectAccessReview" => {
            access(objects, &user_of(&spec), &spec)
        }
        "SelfSubjectRulesReview" => rules(objects, &call.user, &spec),
        "SelfSubjectReview" => {
            json!({"userInfo": {"username": call.user.name, "groups": call.user.groups}})
        }
        "TokenReview" => json!({"authenticated": false}),
        _ => return Err(ApiError::method_not_allowed()),
    };
    Ok(reply::json(201, &review))
}

fn user_of(spec: &Json) -> User {
    let groups = spec["groups"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Json::as_str);
    User {
        name: spec["user"].as_str().unwrap_or_default().to_owned(),
        groups: groups.map(str::to_owned).collect(),
    }
}

fn access(objects: &Objects, user: &User, spec: &Json) -> Json {
    let asked = &spec["resourceAttributes"];
    let allowed = if asked.is_object() {
        let word = |name: &str| asked[name].as_str().unwrap_or_default();
        let attributes = Attributes {
            verb: word("verb"),
            group: word("group"),
            resource: word("resource"),
            subresource: word("subresource"),
            namespace: word("namespace"),
            name: word("name"),
        };
        authorization::allowed(objects, user, &attributes)
    } else {
        let path = spec["nonResourceAttributes"]["path"]
            .as_str()
            .unwrap_or_default();
        authorization::check_path(objects, user, path).is_ok()
    };
    json!({ "allowed": allowed })
}

fn rules(objects: &Objects, user: &User, spec: &Json) -> Json {
    let namespace = spec["namespace"].as_str().unwrap_or_default();
    let mut rules = authorization::rules(objects, user, namespace);
    if user.groups.iter().any(|group| group == "system:masters") {
        rules.push(json!({"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}));
        rules.push(json!({"verbs": ["*"], "nonResourceURLs": ["*"]}));
    }
    let (paths, resources): (Vec<Json>, Vec<Json>) = rules
        .into_iter()
        .partition(|rule| rule["nonResourceURLs"].is_array());
    json!({"resourceRules": resources, "nonResourceRules": paths, "incomplete": false})
}

/// `POST` of a binding: the pod gets its node.
pub(super) fn bind(objects: &Objects, call: &Call, place: &Place) -> Result<Reply, ApiError> {
    let binding = body::object(&call.headers, &call.body)?;
    let node = binding["target"]["name"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let request = Request {
        subresource: "binding".to_owned(),
        ..request(call, place)
    };
    let pod = objects.get(&request)?;
    let bound = pod["spec"]["nodeName"].as_str().unwrap_or_default();
    if !bound.is_empty() {
        let why = format!(
            "pod {} is already assigned to node \"{bound}\"",
            request.name
        );
        return Err(ApiError::conflict(&place.kind, &request.name, &why));
    }
    objects.modify(&request, |pod| pod["spec"]["nodeName"] = node.into())?;
    Ok(reply::json(
        201,
        &json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}),
    ))
}

/// `POST` of a token request: a token that opens nothing.
pub(super) fn token(call: &Call, place: &Place) -> Result<Reply, ApiError> {
    let mut asked = body::object(&call.headers, &call.body)?;
    let seconds = asked["spec"]["expirationSeconds"].as_i64().unwrap_or(3600);
    asked["apiVersion"] = "authentication.k8s.io/v1".into();
    asked["kind"] = "TokenRequest".into();
    asked["metadata"] = json!({"name": place.name, "namespace": place.namespace, "creationTimestamp": chance::now()});
    asked["status"] =
        json!({"token": chance::token(), "expirationTimestamp": chance::after(seconds)});
    Ok(reply::json(201, &asked))
}
