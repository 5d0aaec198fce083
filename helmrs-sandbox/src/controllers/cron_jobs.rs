//! CronJob: a job whenever the clock says so.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value as Json, json};

use super::Again;
use super::access::{Access, controller_reference, number, word};
use super::events::normal;
use super::pods::condition;
use super::schedule::Schedule;

/// How often the clock is looked at, in seconds; schedules have minutes.
const MINUTE: i64 = 60;

/// Makes the job of this minute, and deletes jobs that ended long ago.
pub(super) fn reconcile(access: &Access, cron: &Arc<Json>) -> Again {
    let mut jobs = access.controlled("batch/jobs", cron);
    jobs.sort_by_key(|job| word(job, "creationTimestamp").to_owned());
    for (kind, limit) in [
        ("Complete", "successfulJobsHistoryLimit"),
        ("Failed", "failedJobsHistoryLimit"),
    ] {
        forget(access, cron, &jobs, kind, limit);
    }
    let schedule = Schedule::parse(cron["spec"]["schedule"].as_str()?)?;
    let now = jiff::Timestamp::now().as_second();
    let minute = now - now.rem_euclid(MINUTE);
    let zone = cron["spec"]["timeZone"].as_str().unwrap_or("UTC");
    let local = jiff::Timestamp::from_second(minute)
        .ok()?
        .in_tz(zone)
        .ok()?
        .datetime();
    let active: Vec<&Arc<Json>> = jobs.iter().filter(|job| !has_ended(job)).collect();
    let mut status = json!({});
    for field in ["lastScheduleTime", "lastSuccessfulTime"] {
        if let Some(time) = cron["status"].get(field) {
            status[field] = time.clone();
        }
    }
    if cron["spec"]["suspend"] != true && schedule.includes(&local) {
        match cron["spec"]["concurrencyPolicy"].as_str() {
            Some("Forbid") if !active.is_empty() => {}
            policy => {
                if policy == Some("Replace") {
                    for job in active {
                        access.delete(job);
                    }
                }
                if start(access, cron, minute).is_some() {
                    let time = jiff::Timestamp::from_second(minute).ok()?;
                    status["lastScheduleTime"] =
                        time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string().into();
                }
            }
        }
    }
    let active: Vec<Json> = access
        .controlled("batch/jobs", cron)
        .iter()
        .filter(|job| !has_ended(job))
        .map(|job| reference(job))
        .collect();
    if !active.is_empty() {
        status["active"] = active.into();
    }
    if let Some(done) = jobs
        .iter()
        .rev()
        .find(|job| condition(job, "Complete").is_some())
    {
        status["lastSuccessfulTime"] = done["status"]["completionTime"].clone();
    }
    access.set_status(cron, status);
    u64::try_from(MINUTE - now.rem_euclid(MINUTE))
        .ok()
        .map(Duration::from_secs)
}

fn has_ended(job: &Json) -> bool {
    condition(job, "Complete").is_some() || condition(job, "Failed").is_some()
}

fn reference(job: &Json) -> Json {
    let metadata = &job["metadata"];
    json!({"apiVersion": "batch/v1", "kind": "Job", "name": metadata["name"], "namespace": metadata["namespace"],
        "uid": metadata["uid"], "resourceVersion": metadata["resourceVersion"]})
}

/// Makes the job of a minute, unless it was made already.
fn start(access: &Access, cron: &Json, minute: i64) -> Option<Arc<Json>> {
    let name = format!("{}-{}", word(cron, "name"), minute / MINUTE);
    let template = &cron["spec"]["jobTemplate"];
    let mut metadata = template["metadata"].clone();
    metadata["name"] = name.into();
    metadata["namespace"] = word(cron, "namespace").into();
    metadata["ownerReferences"] = json!([controller_reference(cron)]);
    let job = access.create(json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": template["spec"]}))?;
    let message = format!("Created job {}", word(&job, "name"));
    access.tell(
        cron,
        normal("cronjob-controller", "SuccessfulCreate", message),
    );
    Some(job)
}

fn forget(access: &Access, cron: &Json, jobs: &[Arc<Json>], kind: &str, limit: &str) {
    let ended: Vec<&Arc<Json>> = jobs
        .iter()
        .filter(|job| condition(job, kind).is_some())
        .collect();
    let keep = usize::try_from(number(cron, &format!("/spec/{limit}"))).unwrap_or_default();
    let excess = ended.len().saturating_sub(keep);
    ended
        .into_iter()
        .take(excess)
        .for_each(|job| access.delete(job));
}
