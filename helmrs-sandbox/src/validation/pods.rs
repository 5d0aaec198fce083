//! The rules of pods and of templates of pods.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::{Findings, names, services::check_number};
use crate::error::FieldError;

/// Checks a pod.
pub(super) fn check_pod(pod: &Json, found: &mut Findings) {
    check_spec(&pod["spec"], "spec", found);
}

/// What a pod says when more of it changes than may.
const POD_UPDATE: &str = "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/// Checks that a pod changes only what it may.
// Parity: Kubernetes adds a comparison of its own structures to the text, which we do not have.
pub(super) fn check_pod_update(old: &Json, new: &Json, found: &mut Findings) {
    let fixed = |pod: &Json| {
        let mut spec = pod["spec"].clone();
        for list in ["containers", "initContainers"] {
            let containers = spec.get_mut(list).and_then(Json::as_array_mut);
            for container in containers
                .into_iter()
                .flatten()
                .filter_map(Json::as_object_mut)
            {
                container.remove("image");
            }
        }
        if let Some(fields) = spec.as_object_mut() {
            fields.remove("activeDeadlineSeconds");
            fields.remove("tolerations");
        }
        spec
    };
    if fixed(old) != fixed(new) {
        found.push(FieldError::forbidden("spec", POD_UPDATE));
    }
}

/// Checks the spec of a pod at this path.
pub(super) fn check_spec(spec: &Json, path: &str, found: &mut Findings) {
    let mut seen = BTreeSet::new();
    let volumes: BTreeSet<&str> = items(spec, "volumes")
        .filter_map(|volume| volume["name"].as_str())
        .collect();
    if items(spec, "containers").next().is_none() {
        found.push(FieldError::required(format!("{path}.containers"), ""));
    }
    for list in ["containers", "initContainers"] {
        for (index, container) in items(spec, list).enumerate() {
            let path = format!("{path}.{list}[{index}]");
            check_container(container, &path, &volumes, found);
            let name = container["name"].as_str().unwrap_or_default();
            if !name.is_empty() && !seen.insert(name) {
                found.push(FieldError::duplicate(format!("{path}.name"), &name.into()));
            }
        }
    }
    let policy = spec["restartPolicy"].as_str().unwrap_or_default();
    if !matches!(policy, "Always" | "OnFailure" | "Never") {
        let words = &["Always", "Never", "OnFailure"];
        found.push(FieldError::not_supported(
            format!("{path}.restartPolicy"),
            &policy.into(),
            words,
        ));
    }
}

/// Fields of a container that hold one of a few words.
const CHOICES: &[(&str, &[&str])] = &[
    ("imagePullPolicy", &["Always", "IfNotPresent", "Never"]),
    (
        "terminationMessagePolicy",
        &["FallbackToLogsOnError", "File"],
    ),
];

fn check_container(container: &Json, path: &str, volumes: &BTreeSet<&str>, found: &mut Findings) {
    match container["name"].as_str().unwrap_or_default() {
        "" => found.push(FieldError::required(format!("{path}.name"), "")),
        name => {
            for problem in names::label(name) {
                found.push(FieldError::invalid(
                    format!("{path}.name"),
                    &name.into(),
                    &problem,
                ));
            }
        }
    }
    if container["image"].as_str().unwrap_or_default().is_empty() {
        found.push(FieldError::required(format!("{path}.image"), ""));
    }
    for (index, port) in items(container, "ports").enumerate() {
        check_number(
            port.get("containerPort"),
            &format!("{path}.ports[{index}].containerPort"),
            found,
        );
        if let Some(name) = port.get("name").and_then(Json::as_str) {
            for problem in names::port(name) {
                let field = format!("{path}.ports[{index}].name");
                found.push(FieldError::invalid(field, &name.into(), &problem));
            }
        }
    }
    for (field, words) in CHOICES {
        let word = container[*field].as_str().unwrap_or_default();
        if !word.is_empty() && !words.contains(&word) {
            found.push(FieldError::not_supported(
                format!("{path}.{field}"),
                &word.into(),
                words,
            ));
        }
    }
    for (index, mount) in items(container, "volumeMounts").enumerate() {
        let name = mount["name"].as_str().unwrap_or_default();
        if !volumes.contains(name) {
            found.push(FieldError {
                field: format!("{path}.volumeMounts[{index}].name"),
                reason: "FieldValueNotFound",
                message: format!("Not found: {}", Json::from(name)),
            });
        }
        if mount["mountPath"].as_str().unwrap_or_default().is_empty() {
            found.push(FieldError::required(
                format!("{path}.volumeMounts[{index}].mountPath"),
                "",
            ));
        }
    }
}

fn items<'a>(object: &'a Json, field: &str) -> impl Iterator<Item = &'a Json> {
    object
        .get(field)
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
}
