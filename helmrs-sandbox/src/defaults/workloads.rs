//! Defaults of the kinds that make pods.

use serde_json::{Value as Json, json};

use super::pods::complete_template;
use super::{fields_at, fill, items, storage, text_at};

/// Completes a deployment.
pub(super) fn complete_deployment(deployment: &mut Json) {
    fill(
        fields_at(deployment, &["spec"]),
        [
            ("progressDeadlineSeconds", json!(600)),
            ("replicas", json!(1)),
            ("revisionHistoryLimit", json!(10)),
        ],
    );
    fill(
        fields_at(deployment, &["spec", "strategy"]),
        [("type", json!("RollingUpdate"))],
    );
    if text_at(deployment, "/spec/strategy/type") == "RollingUpdate" {
        let rolling = fields_at(deployment, &["spec", "strategy", "rollingUpdate"]);
        fill(
            rolling,
            [("maxSurge", json!("25%")), ("maxUnavailable", json!("25%"))],
        );
    }
    complete_template(deployment.pointer_mut("/spec/template"));
}

/// Completes a replica set.
pub(super) fn complete_replica_set(set: &mut Json) {
    fill(fields_at(set, &["spec"]), [("replicas", json!(1))]);
    fill(fields_at(set, &["status"]), [("replicas", json!(0))]);
    complete_template(set.pointer_mut("/spec/template"));
}

/// Completes a replication controller, which takes selector and labels from its template.
pub(super) fn complete_replication_controller(controller: &mut Json) {
    let labels = controller
        .pointer("/spec/template/metadata/labels")
        .cloned();
    fill(fields_at(controller, &["spec"]), [("replicas", json!(1))]);
    fill(fields_at(controller, &["status"]), [("replicas", json!(0))]);
    if let Some(labels) = labels {
        fill(
            fields_at(controller, &["spec"]),
            [("selector", labels.clone())],
        );
        fill(fields_at(controller, &["metadata"]), [("labels", labels)]);
    }
    complete_template(controller.pointer_mut("/spec/template"));
}

/// Completes a stateful set.
pub(super) fn complete_stateful_set(set: &mut Json) {
    fill(
        fields_at(set, &["spec"]),
        [
            ("podManagementPolicy", json!("OrderedReady")),
            ("replicas", json!(1)),
            ("revisionHistoryLimit", json!(10)),
            ("persistentVolumeClaimRetentionPolicy", json!({})),
        ],
    );
    fill(
        fields_at(set, &["spec", "persistentVolumeClaimRetentionPolicy"]),
        [
            ("whenDeleted", json!("Retain")),
            ("whenScaled", json!("Retain")),
        ],
    );
    fill(
        fields_at(set, &["spec", "updateStrategy"]),
        [("type", json!("RollingUpdate"))],
    );
    if text_at(set, "/spec/updateStrategy/type") == "RollingUpdate" {
        let rolling = fields_at(set, &["spec", "updateStrategy", "rollingUpdate"]);
        fill(rolling, [("partition", json!(0))]);
    }
    fill(fields_at(set, &["status"]), [("replicas", json!(0))]);
    for claim in items(set, "/spec/volumeClaimTemplates") {
        fill(
            claim.as_object_mut(),
            [
                ("apiVersion", json!("v1")),
                ("kind", json!("PersistentVolumeClaim")),
            ],
        );
        storage::complete_claim(claim);
    }
    complete_template(set.pointer_mut("/spec/template"));
}

/// Completes a daemon set.
pub(super) fn complete_daemon_set(set: &mut Json) {
    fill(
        fields_at(set, &["spec"]),
        [("revisionHistoryLimit", json!(10))],
    );
    fill(
        fields_at(set, &["spec", "updateStrategy"]),
        [("type", json!("RollingUpdate"))],
    );
    if text_at(set, "/spec/updateStrategy/type") == "RollingUpdate" {
        let rolling = fields_at(set, &["spec", "updateStrategy", "rollingUpdate"]);
        fill(
            rolling,
            [("maxSurge", json!(0)), ("maxUnavailable", json!(1))],
        );
    }
    fill(
        fields_at(set, &["status"]),
        [
            ("currentNumberScheduled", json!(0)),
            ("desiredNumberScheduled", json!(0)),
            ("numberMisscheduled", json!(0)),
            ("numberReady", json!(0)),
        ],
    );
    complete_template(set.pointer_mut("/spec/template"));
}

/// Completes a job.
pub(super) fn complete_job(job: &mut Json) {
    let replaces = if job.pointer("/spec/podFailurePolicy").is_some() {
        "Failed"
    } else {
        "TerminatingOrFailed"
    };
    let labels = job.pointer("/spec/template/metadata/labels").cloned();
    if let Some(labels) = labels {
        fill(fields_at(job, &["metadata"]), [("labels", labels)]);
    }
    let spec = fields_at(job, &["spec"]);
    if let Some(spec) = spec {
        if !spec.contains_key("completions") && !spec.contains_key("parallelism") {
            spec.insert("completions".to_owned(), json!(1));
        }
        let backoff = if spec.contains_key("backoffLimitPerIndex") {
            i64::from(i32::MAX)
        } else {
            6
        };
        fill(
            Some(spec),
            [
                ("backoffLimit", json!(backoff)),
                ("completionMode", json!("NonIndexed")),
                ("manualSelector", json!(false)),
                ("parallelism", json!(1)),
                ("podReplacementPolicy", json!(replaces)),
                ("suspend", json!(false)),
            ],
        );
    }
    complete_template(job.pointer_mut("/spec/template"));
}

/// Completes a cron job; the jobs it makes are completed when they are made.
pub(super) fn complete_cron_job(job: &mut Json) {
    fill(
        fields_at(job, &["spec"]),
        [
            ("concurrencyPolicy", json!("Allow")),
            ("failedJobsHistoryLimit", json!(1)),
            ("successfulJobsHistoryLimit", json!(3)),
            ("suspend", json!(false)),
        ],
    );
    complete_template(job.pointer_mut("/spec/jobTemplate/spec/template"));
}

/// Completes a horizontal pod autoscaler.
pub(super) fn complete_autoscaler(autoscaler: &mut Json, api_version: &str) {
    fill(
        fields_at(autoscaler, &["spec"]),
        [("minReplicas", json!(1))],
    );
    if api_version == "autoscaling/v2" {
        let metric = json!([{
            "type": "Resource",
            "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}},
        }]);
        fill(fields_at(autoscaler, &["spec"]), [("metrics", metric)]);
        fill(
            fields_at(autoscaler, &["status"]),
            [("desiredReplicas", json!(0))],
        );
    }
}
