//! Whether a live object has become what it was asked to be, judged by its JSON alone.
//!
//! Two sets of rules: the ones here compute a [`Status`] from any object, those in [`legacy`] answer yes or no for the
//! kinds they know.

pub mod legacy;
mod workload;

use std::fmt;

use crate::manifest::object::{self, GroupVersionKind, integer, items, text};
use crate::time::Time;
use crate::yaml::Value;

/// Where an object stands on its way to what it was asked to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It is not there yet.
    InProgress,
    /// It will not get there by itself.
    Failed,
    /// It is there.
    Current,
    /// It is being deleted.
    Terminating,
    /// It does not exist.
    NotFound,
    /// Nobody can tell.
    Unknown,
}

impl Status {
    /// What it is called.
    pub fn word(self) -> &'static str {
        match self {
            Self::InProgress => "InProgress",
            Self::Failed => "Failed",
            Self::Current => "Current",
            Self::Terminating => "Terminating",
            Self::NotFound => "NotFound",
            Self::Unknown => "Unknown",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// An object's status and the sentence that says why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// Where it stands.
    pub status: Status,
    /// Why.
    pub message: String,
}

impl Readiness {
    fn new(status: Status, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
        }
    }

    fn current(message: impl Into<String>) -> Self {
        Self::new(Status::Current, message)
    }

    fn in_progress(message: impl Into<String>) -> Self {
        Self::new(Status::InProgress, message)
    }

    fn failed(message: impl Into<String>) -> Self {
        Self::new(Status::Failed, message)
    }
}

/// For what an object is waited for: it decides what a Job or a Pod has to reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wait {
    /// A release's objects: a Job need only have started.
    #[default]
    Objects,
    /// A release's objects, Jobs to their end.
    ObjectsAndJobs,
    /// A hook: Jobs and Pods to their end, everything else not at all.
    Hook,
}

/// Where an object stands at the time `now`.
///
/// # Examples
///
/// ```
/// use helmrs_core::manifest::readiness::{Status, Wait, readiness};
/// use helmrs_core::time::Time;
///
/// let claim = serde_json::from_str(r#"{"kind": "PersistentVolumeClaim", "status": {"phase": "Pending"}}"#)?;
/// let found = readiness(&claim, Wait::Objects, Time::ZERO);
/// assert_eq!(found.status, Status::InProgress);
/// assert_eq!(found.message, "PVC is not Bound. phase: Pending");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn readiness(object: &Value, wait: Wait, now: Time) -> Readiness {
    let kind = GroupVersionKind::of(object);
    match (wait, kind.group.as_str(), kind.kind.as_str()) {
        (Wait::Hook, "", "Pod") => checked(object, &kind, finished_pod),
        (Wait::Hook | Wait::ObjectsAndJobs, "batch", "Job") => checked(object, &kind, finished_job),
        (Wait::Hook, _, _) => checked(object, &kind, |_| Readiness::current("Resource is current")),
        _ => checked(object, &kind, |object| by_kind(object, &kind, now)),
    }
}

/// What holds for every kind, before what the kind's own rule says.
// Parity: cli-utils, pkg/kstatus/status/generic.go, checkGenericProperties.
fn checked(
    object: &Value,
    kind: &GroupVersionKind,
    rule: impl FnOnce(&Value) -> Readiness,
) -> Readiness {
    if text(object, &["metadata", "deletionTimestamp"]).is_some_and(|time| !time.is_empty()) {
        return Readiness::new(Status::Terminating, "Resource scheduled for deletion");
    }
    let generation = integer(object, &["metadata", "generation"]);
    let observed = integer(object, &["status", "observedGeneration"]);
    if let (Some(generation), Some(observed)) = (generation, observed)
        && generation != observed
    {
        return Readiness::in_progress(format!(
            "{} generation is {generation}, but latest observed generation is {observed}",
            kind.kind
        ));
    }
    for condition in conditions(object) {
        match (condition.kind, condition.status) {
            ("Reconciling", "True") => return Readiness::in_progress(condition.message),
            ("Stalled", "True") => return Readiness::failed(condition.message),
            _ => {}
        }
    }
    rule(object)
}

/// The rule for a kind.
// Parity: cli-utils, pkg/kstatus/status/core.go, legacyTypes.
fn by_kind(object: &Value, kind: &GroupVersionKind, now: Time) -> Readiness {
    match (kind.group.as_str(), kind.kind.as_str()) {
        ("", "Service") => service(object),
        ("", "Pod") => workload::pod(object, now),
        ("", "Secret" | "ConfigMap") | ("batch", "CronJob") => {
            Readiness::current("Resource is always ready")
        }
        ("", "PersistentVolumeClaim") => claim(object),
        ("apps", "StatefulSet") => workload::stateful_set(object),
        ("apps" | "extensions", "DaemonSet") => workload::daemon_set(object),
        ("apps" | "extensions", "Deployment") => workload::deployment(object),
        ("apps" | "extensions", "ReplicaSet") => workload::replica_set(object),
        ("policy", "PodDisruptionBudget") => {
            Readiness::current("AllowedDisruptions has been computed.")
        }
        ("batch", "Job") => started_job(object),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => definition(object),
        _ => stranger(object),
    }
}

/// One entry of `status.conditions`.
#[derive(Clone, Copy)]
struct Condition<'v> {
    kind: &'v str,
    status: &'v str,
    reason: &'v str,
    message: &'v str,
}

fn conditions(object: &Value) -> impl Iterator<Item = Condition<'_>> {
    items(object, &["status", "conditions"])
        .iter()
        .map(|condition| Condition {
            kind: text(condition, &["type"]).unwrap_or(""),
            status: text(condition, &["status"]).unwrap_or(""),
            reason: text(condition, &["reason"]).unwrap_or(""),
            message: text(condition, &["message"]).unwrap_or(""),
        })
}

/// A kind without a rule of its own: its Ready condition speaks, or else it is current.
fn stranger(object: &Value) -> Readiness {
    for condition in conditions(object).filter(|condition| condition.kind == "Ready") {
        match condition.status {
            "True" => return Readiness::current("Resource is Ready"),
            "False" | "Unknown" => return Readiness::in_progress(condition.message),
            _ => {}
        }
    }
    Readiness::current("Resource is current")
}

fn service(object: &Value) -> Readiness {
    let is_balanced = text(object, &["spec", "type"]) == Some("LoadBalancer");
    if is_balanced
        && text(object, &["spec", "clusterIP"])
            .unwrap_or("")
            .is_empty()
    {
        return Readiness::in_progress("ClusterIP not set. Service type: LoadBalancer");
    }
    Readiness::current("Service is ready")
}

fn claim(object: &Value) -> Readiness {
    match text(object, &["status", "phase"]).unwrap_or("unknown") {
        "Bound" => Readiness::current("PVC is Bound"),
        phase => Readiness::in_progress(format!("PVC is not Bound. phase: {phase}")),
    }
}

fn definition(object: &Value) -> Readiness {
    for condition in conditions(object) {
        match (condition.kind, condition.status) {
            ("NamesAccepted", "False") => return Readiness::failed(condition.message),
            ("Established", "False") if condition.reason != "Installing" => {
                return Readiness::failed(condition.message);
            }
            ("Established", "True") => return Readiness::current("CRD is established"),
            _ => {}
        }
    }
    Readiness::in_progress("Install in progress")
}

/// How a Job ended, if it did.
fn ended_job(object: &Value) -> Option<Readiness> {
    let count = |path: &[&str], default| integer(object, path).unwrap_or(default);
    let completions = count(&["spec", "completions"], count(&["spec", "parallelism"], 1));
    conditions(object).find_map(|condition| match (condition.kind, condition.status) {
        ("Complete", "True") => Some(Readiness::current(format!(
            "Job Completed. succeeded: {}/{completions}",
            count(&["status", "succeeded"], 0)
        ))),
        ("Failed", "True") => Some(Readiness::failed(format!(
            "Job Failed. failed: {}/{completions}",
            count(&["status", "failed"], 0)
        ))),
        _ => None,
    })
}

/// A Job that is waited for until it has started.
fn started_job(object: &Value) -> Readiness {
    if let Some(ended) = ended_job(object) {
        return ended;
    }
    if text(object, &["status", "startTime"])
        .unwrap_or("")
        .is_empty()
    {
        return Readiness::in_progress("Job not started");
    }
    let count = |key| integer(object, &["status", key]).unwrap_or(0);
    Readiness::current(format!(
        "Job in progress. success:{}, active: {}, failed: {}",
        count("succeeded"),
        count("active"),
        count("failed")
    ))
}

/// A Job that is waited for to its end.
// Parity: Helm, internal/statusreaders/job_status_reader.go.
fn finished_job(object: &Value) -> Readiness {
    ended_job(object).unwrap_or_else(|| Readiness::in_progress("Job in progress"))
}

/// A Pod that is waited for to its end.
// Parity: Helm, internal/statusreaders/pod_status_reader.go.
fn finished_pod(object: &Value) -> Readiness {
    let name = object::name(object);
    match text(object, &["status", "phase"]).unwrap_or("") {
        "Succeeded" => Readiness::current(format!("pod {name} succeeded")),
        "Failed" => Readiness::failed(format!("pod {name} failed")),
        _ => Readiness::in_progress("Pod in progress"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(object: &str, wait: Wait) -> String {
        let object = crate::yaml::parse(object.as_bytes()).unwrap();
        let Readiness { status, message } = readiness(&object, wait, Time::from_unix(100, 0));
        format!("{status}: {message}")
    }

    #[test]
    fn a_job_need_only_start_unless_its_end_is_waited_for() {
        let job = "{apiVersion: batch/v1, kind: Job, status: {startTime: x, active: 1}}";
        assert_eq!(
            found(job, Wait::Objects),
            "Current: Job in progress. success:0, active: 1, failed: 0"
        );
        assert_eq!(
            found(job, Wait::ObjectsAndJobs),
            "InProgress: Job in progress"
        );
        let failed = "{apiVersion: batch/v1, kind: Job, status: {failed: 1, conditions: [{type: Failed, status: 'True'}]}}";
        assert_eq!(found(failed, Wait::Hook), "Failed: Job Failed. failed: 1/1");
    }

    #[test]
    fn an_old_generation_is_in_progress_whatever_else_holds() {
        let object = "{apiVersion: v1, kind: Secret, metadata: {generation: 2}, status: {observedGeneration: 1}}";
        assert_eq!(
            found(object, Wait::Objects),
            "InProgress: Secret generation is 2, but latest observed generation is 1"
        );
    }

    #[test]
    fn a_deployment_counts_its_replicas_in_order() {
        let deployment = "{apiVersion: apps/v1, kind: Deployment, spec: {replicas: 2}, status: {replicas: 2, updatedReplicas: 2, availableReplicas: 1}}";
        assert_eq!(
            found(deployment, Wait::Objects),
            "InProgress: Available: 1/2"
        );
    }

    #[test]
    fn a_pod_that_finds_no_node_fails_after_a_while() {
        let pod = |created| {
            let conditions = "[{type: PodScheduled, status: 'False', reason: Unschedulable}]";
            let status = format!("{{phase: Pending, conditions: {conditions}}}");
            format!(
                "{{apiVersion: v1, kind: Pod, metadata: {{creationTimestamp: '{created}'}}, status: {status}}}"
            )
        };
        assert_eq!(
            found(&pod("1970-01-01T00:01:39Z"), Wait::Objects),
            "InProgress: Pod has not been scheduled"
        );
        assert_eq!(
            found(&pod("1970-01-01T00:01:00Z"), Wait::Objects),
            "Failed: Pod could not be scheduled"
        );
    }
}
