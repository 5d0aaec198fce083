//! What the API server makes of an object it reads: its canonical form, completed by defaults.

use serde_json::{Value as Json, json};

use crate::schema::Shape;

mod admission;
mod canonical;
mod custom;
mod definitions;
mod pods;
mod quantity;
mod services;
mod storage;
mod workloads;

pub(crate) type Fields = serde_json::Map<String, Json>;

/// The object as the server holds it: known fields only, values in their usual form, defaults filled in.
///
/// Only custom resources keep nulls and empty containers, as they have no type to lose them in.
pub(crate) fn complete(object: &mut Json, shape: &Shape, custom: bool) {
    if custom {
        custom::complete(object, shape);
        return;
    }
    canonical::make(object, shape);
    let word = |name: &str| {
        object
            .get(name)
            .and_then(Json::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let (api_version, kind) = (word("apiVersion"), word("kind"));
    let group = api_version.rsplit_once('/').map_or("", |(group, _)| group);
    match (group, kind.as_str()) {
        ("", "Pod") => pods::complete_pod(object),
        ("", "PodTemplate") => pods::complete_template(object.get_mut("template")),
        ("", "Service") => services::complete_service(object),
        ("", "Endpoints") => services::complete_endpoints(object),
        ("", "Namespace") => admission::complete_namespace(object),
        ("", "Secret") => storage::complete_secret(object),
        ("", "PersistentVolumeClaim") => storage::complete_claim(object),
        ("", "PersistentVolume") => storage::complete_volume(object),
        ("", "ReplicationController") => workloads::complete_replication_controller(object),
        ("apps", "Deployment") => workloads::complete_deployment(object),
        ("apps", "ReplicaSet") => workloads::complete_replica_set(object),
        ("apps", "StatefulSet") => workloads::complete_stateful_set(object),
        ("apps", "DaemonSet") => workloads::complete_daemon_set(object),
        ("batch", "Job") => workloads::complete_job(object),
        ("batch", "CronJob") => workloads::complete_cron_job(object),
        ("autoscaling", "HorizontalPodAutoscaler") => {
            workloads::complete_autoscaler(object, &api_version);
        }
        ("discovery.k8s.io", "EndpointSlice") => services::complete_endpoint_slice(object),
        ("networking.k8s.io", "NetworkPolicy") => services::complete_network_policy(object),
        ("storage.k8s.io", "StorageClass") => storage::complete_storage_class(object),
        ("scheduling.k8s.io", "PriorityClass") => admission::complete_priority_class(object),
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => {
            admission::complete_role_binding(object);
        }
        ("admissionregistration.k8s.io", _) => admission::complete_webhooks(object),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => definitions::complete(object),
        ("apiregistration.k8s.io", "APIService") => definitions::complete_api_service(object),
        _ => {}
    }
}

/// What an object is before it exists: the structures its kind always has, and nothing in them.
pub(crate) fn blank(like: &Json, shape: &Shape) -> Json {
    let word = |name: &str| like.get(name).cloned().unwrap_or_default();
    let mut object =
        json!({"apiVersion": word("apiVersion"), "kind": word("kind"), "metadata": {}});
    if matches!(shape, Shape::Named(_)) {
        canonical::make(&mut object, shape);
    }
    object
}

/// The fields at a path, made where they are missing; `None` if something else is in the way.
pub(crate) fn fields_at<'a>(object: &'a mut Json, path: &[&str]) -> Option<&'a mut Fields> {
    let mut here = object;
    for name in path {
        here = here
            .as_object_mut()?
            .entry(*name)
            .or_insert_with(|| Json::Object(Fields::new()));
    }
    here.as_object_mut()
}

/// Sets fields that are not there.
fn fill<const N: usize>(fields: Option<&mut Fields>, defaults: [(&str, Json); N]) {
    let Some(fields) = fields else { return };
    for (name, value) in defaults {
        fields.entry(name).or_insert(value);
    }
}

/// The structures in a list.
fn items<'a>(object: &'a mut Json, path: &str) -> impl Iterator<Item = &'a mut Json> {
    object
        .pointer_mut(path)
        .and_then(Json::as_array_mut)
        .into_iter()
        .flatten()
}

/// A text at a path, empty if there is none.
fn text_at<'a>(object: &'a Json, path: &str) -> &'a str {
    object
        .pointer(path)
        .and_then(Json::as_str)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
