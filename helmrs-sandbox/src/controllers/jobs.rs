//! Job: pods until enough of them have succeeded, or too many have failed.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value as Json, json};

use super::Again;
use super::access::{Access, number, word};
use super::events::{Telling, normal};
use super::pods::{age, condition, delete_all, from_template, is_active, is_leaving, is_ready};
use crate::chance;

/// How long the first retry waits, in seconds; each further one waits twice as long.
const FIRST_RETRY: i64 = 10;

/// The longest wait before a retry, in seconds.
const LONGEST_RETRY: i64 = 600;

/// The pods of a job.
struct Tally {
    active: Vec<Arc<Json>>,
    succeeded: i64,
    failed: i64,
    last_failure: Option<i64>,
}

impl Tally {
    fn of(pods: Vec<Arc<Json>>) -> Self {
        let phase = |pod: &Json, phase: &str| pod["status"]["phase"] == phase;
        let count = |wanted: &str| pods.iter().filter(|pod| phase(pod, wanted)).count();
        let (succeeded, failed) = (count("Succeeded"), count("Failed"));
        let ended = |pod: &Json| {
            let end = pod.pointer("/status/containerStatuses/0/state/terminated/finishedAt");
            end.and_then(Json::as_str).map(age)
        };
        let last_failure = pods
            .iter()
            .filter(|pod| phase(pod, "Failed"))
            .filter_map(|pod| ended(pod))
            .min();
        Self {
            succeeded: i64::try_from(succeeded).unwrap_or(i64::MAX),
            failed: i64::try_from(failed).unwrap_or(i64::MAX),
            active: pods.into_iter().filter(|pod| is_active(pod)).collect(),
            last_failure,
        }
    }
}

/// How a job ended.
enum End {
    Complete,
    Failed {
        reason: &'static str,
        message: &'static str,
    },
}

/// Starts the pods a job lacks, or ends it.
pub(super) fn reconcile(access: &Access, job: &Arc<Json>) -> Again {
    if ["Complete", "Failed"].iter().any(|kind| is_true(job, kind)) {
        return expire(access, job);
    }
    let pods = access.controlled("/pods", job);
    let leaving = pods.iter().filter(|pod| is_leaving(pod)).count();
    let mut tally = Tally::of(pods);
    let suspended = job["spec"]["suspend"] == true;
    if let Some(end) = end(job, &tally) {
        delete_all(access, &tally.active);
        tally.active.clear();
        write_end(access, job, &tally, &end);
        return None;
    }
    let mut again = None;
    if suspended {
        delete_all(access, &tally.active);
        tally.active.clear();
    } else {
        again = start_missing(access, job, &mut tally);
    }
    write_status(access, job, &tally, leaving, suspended);
    again.or_else(|| deadline(job))
}

fn is_true(job: &Json, kind: &str) -> bool {
    condition(job, kind).is_some_and(|condition| condition["status"] == "True")
}

fn deadline(job: &Json) -> Again {
    let limit = job["spec"]["activeDeadlineSeconds"].as_i64()?;
    let run = job["status"]["startTime"].as_str().map_or(0, age);
    u64::try_from(limit - run).ok().map(Duration::from_secs)
}

fn end(job: &Json, tally: &Tally) -> Option<End> {
    if tally.failed > number(job, "/spec/backoffLimit") {
        return Some(End::Failed {
            reason: "BackoffLimitExceeded",
            message: "Job has reached the specified backoff limit",
        });
    }
    let started = job["status"]["startTime"].as_str();
    if let (Some(limit), Some(started)) = (job["spec"]["activeDeadlineSeconds"].as_i64(), started)
        && age(started) >= limit
    {
        return Some(End::Failed {
            reason: "DeadlineExceeded",
            message: "Job was active longer than specified deadline",
        });
    }
    let enough = match job["spec"]["completions"].as_i64() {
        Some(completions) => tally.succeeded >= completions,
        None => tally.succeeded > 0 && tally.active.is_empty(),
    };
    enough.then_some(End::Complete)
}

fn start_missing(access: &Access, job: &Json, tally: &mut Tally) -> Again {
    let parallel = number(job, "/spec/parallelism");
    let wanted = match job["spec"]["completions"].as_i64() {
        Some(completions) => parallel.min(completions - tally.succeeded),
        None if tally.succeeded > 0 => 0,
        None => parallel,
    };
    let active = i64::try_from(tally.active.len()).unwrap_or(i64::MAX);
    let missing = wanted - active;
    if missing <= 0 {
        return None;
    }
    let doublings = u32::try_from(tally.failed.clamp(1, 8) - 1).unwrap_or_default();
    let pause = if tally.failed > 0 {
        (FIRST_RETRY << doublings).min(LONGEST_RETRY)
    } else {
        0
    };
    let waited = tally.last_failure.unwrap_or(LONGEST_RETRY);
    if waited < pause {
        return u64::try_from(pause - waited).ok().map(Duration::from_secs);
    }
    for _ in 0..missing {
        let mut pod = from_template(job, &job["spec"]["template"], None, &[]);
        pod["metadata"]
            .as_object_mut()
            .map(|metadata| metadata.remove("name"));
        let pod = access.create(pod);
        tally.active.extend(pod.inspect(|pod| {
            let message = format!("Created pod: {}", word(pod, "name"));
            access.tell(job, normal("job-controller", "SuccessfulCreate", message));
        }));
    }
    None
}

fn counts(job: &Json, tally: &Tally) -> Json {
    let mut status = json!({
        "startTime": job["status"]["startTime"].as_str().map_or_else(chance::now, str::to_owned),
        "uncountedTerminatedPods": {},
    });
    for (name, count) in [("succeeded", tally.succeeded), ("failed", tally.failed)] {
        if count > 0 {
            status[name] = count.into();
        }
    }
    status
}

fn write_status(access: &Access, job: &Json, tally: &Tally, leaving: usize, suspended: bool) {
    let mut status = counts(job, tally);
    if !tally.active.is_empty() {
        status["active"] = tally.active.len().into();
    }
    status["ready"] = tally
        .active
        .iter()
        .filter(|pod| is_ready(pod))
        .count()
        .into();
    status["terminating"] = leaving.into();
    if suspended {
        status
            .as_object_mut()
            .map(|status| status.remove("startTime"));
        status["conditions"] = json!([state(
            job,
            "Suspended",
            true,
            "JobSuspended",
            "Job suspended"
        )]);
    } else if is_true(job, "Suspended") {
        status["conditions"] = json!([state(job, "Suspended", false, "JobResumed", "Job resumed")]);
    }
    access.set_status(job, status);
}

fn write_end(access: &Access, job: &Json, tally: &Tally, end: &End) {
    let (reason, message, warning) = match end {
        End::Complete => ("Completed", "Job completed", false),
        End::Failed { reason, message } => (*reason, *message, true),
    };
    let telling = normal("job-controller", reason, message.to_owned());
    access.tell(job, Telling { warning, ..telling });
    let mut status = counts(job, tally);
    status["ready"] = 0.into();
    status["terminating"] = 0.into();
    let conditions = match end {
        End::Complete => {
            status["completionTime"] = chance::now().into();
            let message = "Reached expected number of succeeded pods";
            ["SuccessCriteriaMet", "Complete"]
                .map(|kind| state(job, kind, true, "CompletionsReached", message))
        }
        End::Failed { reason, message } => {
            ["FailureTarget", "Failed"].map(|kind| state(job, kind, true, reason, message))
        }
    };
    status["conditions"] = conditions.to_vec().into();
    access.set_status(job, status);
}

fn state(job: &Json, kind: &str, status: bool, reason: &str, message: &str) -> Json {
    let now = chance::now();
    let since = condition(job, kind).and_then(|known| known["lastTransitionTime"].as_str());
    json!({
        "type": kind, "status": if status { "True" } else { "False" }, "reason": reason, "message": message,
        "lastProbeTime": since.unwrap_or(&now), "lastTransitionTime": since.unwrap_or(&now),
    })
}

/// Deletes a job that ended long enough ago.
fn expire(access: &Access, job: &Json) -> Again {
    let limit = job["spec"]["ttlSecondsAfterFinished"].as_i64()?;
    let ended = ["Complete", "Failed"]
        .iter()
        .find_map(|kind| condition(job, kind)?["lastTransitionTime"].as_str());
    let left = limit - ended.map_or(0, age);
    if left <= 0 {
        access.delete(job);
        return None;
    }
    u64::try_from(left).ok().map(Duration::from_secs)
}
