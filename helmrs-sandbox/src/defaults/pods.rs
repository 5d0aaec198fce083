//! Defaults of pods and of the templates they are made from.

use serde_json::{Value as Json, json};

use super::{Fields, fields_at, fill, items, text_at};

/// Completes a pod.
pub(super) fn complete_pod(pod: &mut Json) {
    fill(
        fields_at(pod, &["spec"]),
        [("enableServiceLinks", json!(true))],
    );
    fill(fields_at(pod, &["status"]), [("phase", json!("Pending"))]);
    if let Some(spec) = pod.get_mut("spec") {
        complete_spec(spec);
        for container in containers(spec) {
            request_what_is_limited(container);
        }
    }
}

/// Completes the template of a workload.
pub(super) fn complete_template(template: Option<&mut Json>) {
    if let Some(spec) = template.and_then(|template| template.get_mut("spec")) {
        complete_spec(spec);
    }
}

fn containers(spec: &mut Json) -> impl Iterator<Item = &mut Json> {
    let lists = spec.as_object_mut().into_iter().flatten();
    lists
        .filter(|(name, _)| {
            matches!(
                name.as_str(),
                "containers" | "initContainers" | "ephemeralContainers"
            )
        })
        .filter_map(|(_, list)| list.as_array_mut())
        .flatten()
}

fn complete_spec(spec: &mut Json) {
    fill(
        spec.as_object_mut(),
        [
            ("dnsPolicy", json!("ClusterFirst")),
            ("restartPolicy", json!("Always")),
            ("schedulerName", json!("default-scheduler")),
            ("securityContext", json!({})),
            ("terminationGracePeriodSeconds", json!(30)),
        ],
    );
    mirror_service_account(spec);
    let host_network = spec.get("hostNetwork") == Some(&json!(true));
    for container in containers(spec) {
        complete_container(container, host_network);
    }
    items(spec, "/volumes").for_each(complete_volume);
}

/// The service account has an old name too, and both always agree.
fn mirror_service_account(spec: &mut Json) {
    let name = ["serviceAccountName", "serviceAccount"]
        .iter()
        .find_map(|name| spec.get(name).cloned());
    if let Some(name) = name {
        spec["serviceAccountName"] = name.clone();
        spec["serviceAccount"] = name;
    }
}

fn complete_container(container: &mut Json, host_network: bool) {
    let policy = if is_moving_tag(text_at(container, "/image")) {
        "Always"
    } else {
        "IfNotPresent"
    };
    fill(
        container.as_object_mut(),
        [
            ("imagePullPolicy", json!(policy)),
            ("terminationMessagePath", json!("/dev/termination-log")),
            ("terminationMessagePolicy", json!("File")),
        ],
    );
    for port in items(container, "/ports") {
        let number = port.get("containerPort").cloned();
        fill(port.as_object_mut(), [("protocol", json!("TCP"))]);
        if let (true, Some(number)) = (host_network, number) {
            fill(port.as_object_mut(), [("hostPort", number)]);
        }
    }
    for variable in items(container, "/env") {
        complete_field_reference(variable.pointer_mut("/valueFrom/fieldRef"));
    }
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        container.get_mut(name).into_iter().for_each(complete_probe);
    }
    for handler in ["/lifecycle/postStart", "/lifecycle/preStop"] {
        container
            .pointer_mut(handler)
            .into_iter()
            .for_each(complete_handler);
    }
}

/// Whether an image name has the tag `latest` or none, so that it may be another image tomorrow.
// Parity: Kubernetes, pkg/util/parsers: a name that is no image's has no tag that moves either.
fn is_moving_tag(image: &str) -> bool {
    if image.contains('@') {
        return false;
    }
    let start = image.rfind('/').map_or(0, |slash| slash + 1);
    let (path, tag) = match image[start..].split_once(':') {
        Some((name, tag)) => (&image[..start + name.len()], tag),
        None => (image, "latest"),
    };
    tag == "latest" && is_repository(path)
}

/// Whether a text is the name of a repository, with or without a registry.
fn is_repository(path: &str) -> bool {
    let is_registry = |word: &str| {
        word.contains(['.', ':'])
            || word == "localhost"
            || word.contains(|c: char| c.is_ascii_uppercase())
    };
    let path = match path.split_once('/') {
        Some((registry, rest)) if is_registry(registry) => rest,
        _ => path,
    };
    path.split('/').all(|part| {
        let end = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        let inner =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
        end(part.chars().next()) && end(part.chars().last()) && part.chars().all(inner)
    })
}

fn complete_probe(probe: &mut Json) {
    fill(
        probe.as_object_mut(),
        [
            ("failureThreshold", json!(3)),
            ("periodSeconds", json!(10)),
            ("successThreshold", json!(1)),
            ("timeoutSeconds", json!(1)),
        ],
    );
    complete_handler(probe);
}

fn complete_handler(handler: &mut Json) {
    let http = handler.get_mut("httpGet").and_then(Json::as_object_mut);
    fill(http, [("path", json!("/")), ("scheme", json!("HTTP"))]);
    let grpc = handler.get_mut("grpc").and_then(Json::as_object_mut);
    fill(grpc, [("service", json!(""))]);
}

fn complete_field_reference(reference: Option<&mut Json>) {
    fill(
        reference.and_then(Json::as_object_mut),
        [("apiVersion", json!("v1"))],
    );
}

fn complete_volume(volume: &mut Json) {
    let Some(fields) = volume.as_object_mut() else {
        return;
    };
    if fields.keys().all(|name| name == "name") {
        fields.insert("emptyDir".to_owned(), json!({}));
    }
    for name in ["configMap", "downwardAPI", "projected", "secret"] {
        let source = fields.get_mut(name).and_then(Json::as_object_mut);
        fill(source, [("defaultMode", json!(420))]);
    }
    fill(
        fields.get_mut("hostPath").and_then(Json::as_object_mut),
        [("type", json!(""))],
    );
    for item in items(volume, "/downwardAPI/items") {
        complete_field_reference(item.get_mut("fieldRef"));
    }
    for source in items(volume, "/projected/sources") {
        let token = source
            .get_mut("serviceAccountToken")
            .and_then(Json::as_object_mut);
        fill(token, [("expirationSeconds", json!(3600))]);
        for item in items(source, "/downwardAPI/items") {
            complete_field_reference(item.get_mut("fieldRef"));
        }
    }
    if let Some(claim) = volume.pointer_mut("/ephemeral/volumeClaimTemplate/spec") {
        fill(claim.as_object_mut(), [("volumeMode", json!("Filesystem"))]);
    }
}

/// A container that limits a resource requests as much, if it says nothing else.
fn request_what_is_limited(container: &mut Json) {
    let limits: Option<Fields> = container
        .pointer("/resources/limits")
        .and_then(Json::as_object)
        .cloned();
    let Some(limits) = limits else { return };
    if let Some(requests) = fields_at(container, &["resources", "requests"]) {
        for (name, amount) in limits {
            requests.entry(name).or_insert(amount);
        }
    }
}
