//! The rules for what runs containers.
// Parity: cli-utils, pkg/kstatus/status/core.go.

use super::{Readiness, Status, conditions};
use crate::manifest::object::{integer, items, text};
use crate::time::Time;
use crate::yaml::Value;

/// How long a Pod may stay unscheduled before that counts as failure.
const SCHEDULE_WINDOW_SECONDS: i64 = 15;

/// A whole number of the spec or the status.
fn count(object: &Value, path: &[&str], default: i64) -> i64 {
    integer(object, path).unwrap_or(default)
}

/// `label: have/want`, still in progress, when there are fewer than wanted.
fn fewer(label: &str, have: i64, want: i64) -> Option<Readiness> {
    (want > have).then(|| Readiness::in_progress(format!("{label}: {have}/{want}")))
}

/// Still in progress when there are more than wanted.
fn more(have: i64, want: i64) -> Option<Readiness> {
    (have > want).then(|| Readiness::in_progress(format!("Pending termination: {}", have - want)))
}

pub(super) fn deployment(object: &Value) -> Readiness {
    // Without a deadline the controller never sets the condition.
    let deadline = integer(object, &["spec", "progressDeadlineSeconds"]);
    let mut progressing = deadline.is_none_or(|seconds| seconds == i64::from(i32::MAX));
    let mut available = false;
    for condition in conditions(object) {
        match (condition.kind, condition.status, condition.reason) {
            ("Progressing", _, "ProgressDeadlineExceeded") => {
                return Readiness::failed("Progress deadline exceeded");
            }
            ("Progressing", "True", "NewReplicaSetAvailable") => progressing = true,
            ("Available", "True", _) => available = true,
            _ => {}
        }
    }
    let wanted = count(object, &["spec", "replicas"], 1);
    let status = |key| count(object, &["status", key], 0);
    let (replicas, updated) = (status("replicas"), status("updatedReplicas"));
    fewer("Replicas", replicas, wanted)
        .or_else(|| fewer("Updated", updated, wanted))
        .or_else(|| more(replicas, wanted))
        .or_else(|| fewer("Available", status("availableReplicas"), updated))
        .or_else(|| fewer("Ready", status("readyReplicas"), wanted))
        .or_else(|| (!progressing).then(|| Readiness::in_progress("ReplicaSet not Available")))
        .or_else(|| (!available).then(|| Readiness::in_progress("Deployment not Available")))
        .unwrap_or_else(|| {
            Readiness::current(format!("Deployment is available. Replicas: {replicas}"))
        })
}

pub(super) fn replica_set(object: &Value) -> Readiness {
    if conditions(object)
        .any(|condition| condition.kind == "ReplicaFailure" && condition.status == "True")
    {
        return Readiness::in_progress("Replica Failure condition. Check Pods");
    }
    let wanted = count(object, &["spec", "replicas"], 1);
    let status = |key| count(object, &["status", key], 0);
    let replicas = status("replicas");
    fewer("Labelled", status("fullyLabeledReplicas"), wanted)
        .or_else(|| fewer("Available", status("availableReplicas"), wanted))
        .or_else(|| fewer("Ready", status("readyReplicas"), wanted))
        .or_else(|| more(replicas, wanted))
        .unwrap_or_else(|| {
            Readiness::current(format!("ReplicaSet is available. Replicas: {replicas}"))
        })
}

pub(super) fn stateful_set(object: &Value) -> Readiness {
    if text(object, &["spec", "updateStrategy", "type"]) == Some("OnDelete") {
        return Readiness::current("StatefulSet is using the ondelete update strategy");
    }
    let wanted = count(object, &["spec", "replicas"], 1);
    let status = |key| count(object, &["status", key], 0);
    let (replicas, updated) = (status("replicas"), status("updatedReplicas"));
    let unfinished = fewer("Replicas", replicas, wanted)
        .or_else(|| fewer("Ready", status("readyReplicas"), wanted))
        .or_else(|| more(replicas, wanted));
    if let Some(unfinished) = unfinished {
        return unfinished;
    }
    let partition = count(
        object,
        &["spec", "updateStrategy", "rollingUpdate", "partition"],
        -1,
    );
    if partition != -1 {
        return fewer("updated", updated, wanted - partition).unwrap_or_else(|| {
            Readiness::current(format!("Partition rollout complete. updated: {updated}"))
        });
    }
    let revision = |key| text(object, &["status", key]).unwrap_or("");
    if let Some(unfinished) = fewer("current", status("currentReplicas"), wanted) {
        return unfinished;
    }
    if revision("currentRevision") != revision("updateRevision") {
        return Readiness::in_progress("Waiting for updated revision to match current");
    }
    Readiness::current(format!(
        "All replicas scheduled as expected. Replicas: {replicas}"
    ))
}

pub(super) fn daemon_set(object: &Value) -> Readiness {
    // A controller that has seen the object always notes these.
    for path in [["metadata", "generation"], ["status", "observedGeneration"]] {
        if integer(object, &path).is_none() {
            return Readiness::in_progress(format!("DaemonSet {} not found", path.join(".")));
        }
    }
    let status = |key| count(object, &["status", key], 0);
    let Some(wanted) =
        integer(object, &["status", "desiredNumberScheduled"]).filter(|wanted| *wanted != -1)
    else {
        return Readiness::in_progress("Missing .status.desiredNumberScheduled");
    };
    fewer("Current", status("currentNumberScheduled"), wanted)
        .or_else(|| fewer("Updated", status("updatedNumberScheduled"), wanted))
        .or_else(|| fewer("Available", status("numberAvailable"), wanted))
        .or_else(|| fewer("Ready", status("numberReady"), wanted))
        .unwrap_or_else(|| {
            Readiness::current(format!(
                "All replicas scheduled as expected. Replicas: {wanted}"
            ))
        })
}

pub(super) fn pod(object: &Value, now: Time) -> Readiness {
    match text(object, &["status", "phase"]).unwrap_or("") {
        "Succeeded" => Readiness::current("Pod has completed successfully"),
        "Failed" => Readiness::current("Pod has completed, but not successfully"),
        "Running" => running_pod(object),
        "Pending" => pending_pod(object, now),
        "" => Readiness::in_progress("Pod phase not available"),
        _ => Readiness::new(Status::Unknown, ""),
    }
}

fn running_pod(object: &Value) -> Readiness {
    if conditions(object).any(|condition| condition.kind == "Ready" && condition.status == "True") {
        return Readiness::current("Pod is Ready");
    }
    let looping: Vec<_> = items(object, &["status", "containerStatuses"])
        .iter()
        .filter(|container| {
            text(container, &["state", "waiting", "reason"]) == Some("CrashLoopBackOff")
        })
        .filter_map(|container| text(container, &["name"]))
        .collect();
    if looping.is_empty() {
        Readiness::in_progress("Pod is running but is not Ready")
    } else {
        Readiness::failed(format!(
            "Containers in CrashLoop state: {}",
            looping.join(",")
        ))
    }
}

fn pending_pod(object: &Value, now: Time) -> Readiness {
    let unscheduled = conditions(object)
        .find(|condition| condition.kind == "PodScheduled" && condition.status == "False")
        .is_some_and(|condition| condition.reason == "Unschedulable");
    if !unscheduled {
        return Readiness::in_progress("Pod is in the Pending phase");
    }
    let created = text(object, &["metadata", "creationTimestamp"])
        .and_then(|time| time.parse().ok())
        .unwrap_or(Time::ZERO);
    if now.plus_nanoseconds(-SCHEDULE_WINDOW_SECONDS * 1_000_000_000) < created {
        Readiness::in_progress("Pod has not been scheduled")
    } else {
        Readiness::failed("Pod could not be scheduled")
    }
}
