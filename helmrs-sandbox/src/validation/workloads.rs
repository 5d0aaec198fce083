//! The rules of the kinds that make pods.

use serde_json::Value as Json;

use super::{Findings, immutable, pods::check_spec};
use crate::error::FieldError;

const STATEFUL_SET_UPDATE: &str = "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

const STATEFUL_SET_FREE: &[&str] = &[
    "minReadySeconds",
    "ordinals",
    "persistentVolumeClaimRetentionPolicy",
    "replicas",
    "revisionHistoryLimit",
    "template",
    "updateStrategy",
];

const CLAIM_UPDATE: &str = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

/// Checks a kind that keeps pods running.
pub(super) fn check(object: &Json, found: &mut Findings) {
    let spec = &object["spec"];
    not_negative(spec, "replicas", "spec", found);
    not_negative(spec, "minReadySeconds", "spec", found);
    if spec
        .get("selector")
        .is_none_or(|selector| *selector == serde_json::json!({}))
    {
        found.push(FieldError::required("spec.selector", ""));
    } else if !selects(&spec["selector"], &spec["template"]["metadata"]["labels"]) {
        let labels = spec["template"]["metadata"]
            .get("labels")
            .cloned()
            .unwrap_or_default();
        let rule = "`selector` does not match template `labels`";
        found.push(FieldError::invalid(
            "spec.template.metadata.labels",
            &labels,
            rule,
        ));
    }
    // Parity: Kubernetes leaves the pods of a StatefulSet unchecked, whose volumes come from claim templates.
    if object["kind"] != "StatefulSet" {
        check_spec(&spec["template"]["spec"], "spec.template.spec", found);
    }
    let policy = &spec["template"]["spec"]["restartPolicy"];
    if policy != "Always" {
        let field = "spec.template.spec.restartPolicy";
        found.push(FieldError::not_supported(field, policy, &["Always"]));
    }
}

fn selects(selector: &Json, labels: &Json) -> bool {
    let exact = selector.get("matchLabels").and_then(Json::as_object);
    exact
        .into_iter()
        .flatten()
        .all(|(name, value)| labels.get(name) == Some(value))
}

fn not_negative(object: &Json, name: &str, path: &str, found: &mut Findings) {
    if let Some(number) = object.get(name).and_then(Json::as_i64)
        && number < 0
    {
        let rule = "must be greater than or equal to 0";
        found.push(FieldError::invalid(
            format!("{path}.{name}"),
            &number.into(),
            rule,
        ));
    }
}

/// Checks that a stateful set changes only what it may.
pub(super) fn check_stateful_set_update(old: &Json, new: &Json, found: &mut Findings) {
    if without(&old["spec"], STATEFUL_SET_FREE) != without(&new["spec"], STATEFUL_SET_FREE) {
        found.push(FieldError::forbidden("spec", STATEFUL_SET_UPDATE));
    }
}

fn without(object: &Json, names: &[&str]) -> Json {
    let mut object = object.clone();
    if let Some(fields) = object.as_object_mut() {
        fields.retain(|name, _| !names.contains(&name.as_str()));
    }
    object
}

/// Checks a job.
pub(super) fn check_job(job: &Json, found: &mut Findings) {
    check_job_spec(&job["spec"], "spec", found);
}

fn check_job_spec(spec: &Json, path: &str, found: &mut Findings) {
    for name in [
        "parallelism",
        "completions",
        "activeDeadlineSeconds",
        "backoffLimit",
        "ttlSecondsAfterFinished",
    ] {
        not_negative(spec, name, path, found);
    }
    let template = format!("{path}.template.spec");
    check_spec(&spec["template"]["spec"], &template, found);
    let policy = &spec["template"]["spec"]["restartPolicy"];
    if policy == "Always" {
        let words = &["OnFailure", "Never"];
        found.push(FieldError::not_supported(
            format!("{template}.restartPolicy"),
            policy,
            words,
        ));
    }
}

/// Checks that a job keeps what its pods are made of.
pub(super) fn check_job_update(old: &Json, new: &Json, found: &mut Findings) {
    for field in [
        "spec.completions",
        "spec.selector",
        "spec.template",
        "spec.completionMode",
    ] {
        immutable(old, new, field, found);
    }
}

/// Checks a cron job.
pub(super) fn check_cron_job(job: &Json, found: &mut Findings) {
    let schedule = job["spec"]["schedule"].as_str().unwrap_or_default();
    if schedule.is_empty() {
        found.push(FieldError::required("spec.schedule", ""));
    } else if !schedule.starts_with('@') {
        let count = schedule.split_ascii_whitespace().count();
        if count != 5 {
            let fields: Vec<&str> = schedule.split_ascii_whitespace().collect();
            let rule = format!(
                "expected exactly 5 fields, found {count}: [{}]",
                fields.join(" ")
            );
            found.push(FieldError::invalid(
                "spec.schedule",
                &schedule.into(),
                &rule,
            ));
        }
    }
    check_job_spec(
        &job["spec"]["jobTemplate"]["spec"],
        "spec.jobTemplate.spec",
        found,
    );
}

/// Checks a horizontal pod autoscaler.
pub(super) fn check_autoscaler(autoscaler: &Json, found: &mut Findings) {
    let spec = &autoscaler["spec"];
    for name in ["kind", "name"] {
        if spec["scaleTargetRef"][name]
            .as_str()
            .unwrap_or_default()
            .is_empty()
        {
            found.push(FieldError::required(
                format!("spec.scaleTargetRef.{name}"),
                "",
            ));
        }
    }
    let number = |name: &str| spec[name].as_i64().unwrap_or_default();
    let (least, most) = (number("minReplicas"), number("maxReplicas"));
    if most < 1 {
        let rule = "must be greater than or equal to 1";
        found.push(FieldError::invalid("spec.maxReplicas", &most.into(), rule));
    } else if most < least {
        let rule = "must be greater than or equal to `minReplicas`";
        found.push(FieldError::invalid("spec.maxReplicas", &most.into(), rule));
    }
}

/// Checks that a claim changes only the size it asks for.
pub(super) fn check_claim_update(old: &Json, new: &Json, found: &mut Findings) {
    let free = &["resources", "volumeAttributesClassName", "volumeName"];
    if without(&old["spec"], free) != without(&new["spec"], free) {
        found.push(FieldError::forbidden("spec", CLAIM_UPDATE));
    }
}
