//! Deployment: a ReplicaSet for each template, and the way from one to the next.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value as Json, json};

use super::access::{Access, controller_reference, number, word};
use super::events::normal;
use super::pods::{age, condition, is_active, kept_condition};
use super::{Again, fingerprint};

/// The label that tells the pods of one template from those of another.
const HASH_LABEL: &str = "pod-template-hash";

/// The annotation that counts templates.
const REVISION: &str = "deployment.kubernetes.io/revision";

/// What a deployment asks for.
struct Plan {
    desired: i64,
    /// How many pods there may be at most.
    most: i64,
    /// How many must be available at least.
    least: i64,
    recreate: bool,
}

impl Plan {
    fn of(deployment: &Json) -> Self {
        let desired = number(deployment, "/spec/replicas");
        let rolling = &deployment["spec"]["strategy"]["rollingUpdate"];
        let surge = amount(&rolling["maxSurge"], desired, true);
        let mut missing = amount(&rolling["maxUnavailable"], desired, false);
        if surge == 0 && missing == 0 {
            missing = 1;
        }
        Self {
            desired,
            most: desired.saturating_add(surge),
            least: desired.saturating_sub(missing).max(0),
            recreate: deployment["spec"]["strategy"]["type"] == "Recreate",
        }
    }
}

/// A number, or a percentage of one.
pub(super) fn amount(value: &Json, whole: i64, up: bool) -> i64 {
    let percent = value
        .as_str()
        .and_then(|text| text.strip_suffix('%')?.parse::<i64>().ok());
    match percent {
        Some(percent) => {
            let product = percent.saturating_mul(whole);
            if up {
                product.saturating_add(99) / 100
            } else {
                product / 100
            }
        }
        None => value.as_i64().unwrap_or_default(),
    }
}

/// Brings the replica sets of a deployment a step nearer to what it asks for.
pub(super) fn reconcile(access: &Access, deployment: &Arc<Json>) -> Again {
    let plan = Plan::of(deployment);
    let paused = deployment["spec"]["paused"] == true;
    let mut sets = access.controlled("apps/replicasets", deployment);
    let template = &deployment["spec"]["template"];
    if !paused && find(&sets, template).is_none() {
        if plan.recreate && !stop(access, deployment, &sets) {
            write_status(access, deployment, &sets, None);
            return None;
        }
        let replicas = first_step(&plan, &sets);
        let made = make(access, deployment, &sets, replicas);
        sets.extend(made.inspect(|made| {
            if replicas > 0 {
                told(access, deployment, made, 0, replicas);
            }
        }));
    }
    let new = find(&sets, template);
    if let Some(new) = &new {
        number_revision(access, deployment, new, &sets);
        for set in &sets {
            access.annotate(set, &bounds(&plan));
        }
        let old: Vec<&Arc<Json>> = sets.iter().filter(|set| !same(set, new)).collect();
        if plan.recreate {
            scale(access, deployment, new, plan.desired);
        } else if !paused {
            roll(access, deployment, &plan, new, &old);
        } else if old.iter().all(|set| number(set, "/spec/replicas") == 0) {
            scale(access, deployment, new, plan.desired);
        }
        clean_up(access, deployment, &old);
    }
    write_status(access, deployment, &sets, new.as_deref())
}

/// The annotations by which replica sets remember what their deployment asked for.
fn bounds(plan: &Plan) -> [(&'static str, String); 2] {
    [
        (
            "deployment.kubernetes.io/desired-replicas",
            plan.desired.to_string(),
        ),
        (
            "deployment.kubernetes.io/max-replicas",
            plan.most.to_string(),
        ),
    ]
}

fn same(left: &Json, right: &Json) -> bool {
    word(left, "uid") == word(right, "uid")
}

fn scale(access: &Access, deployment: &Json, set: &Json, replicas: i64) {
    let before = number(set, "/spec/replicas");
    if before != replicas {
        access.set_spec(set, "replicas", replicas.into());
        told(access, deployment, set, before, replicas);
    }
}

// Parity: Kubernetes, pkg/controller/deployment/sync.go, scaleReplicaSet.
fn told(access: &Access, deployment: &Json, set: &Json, before: i64, after: i64) {
    let way = if after > before { "up" } else { "down" };
    let message = format!(
        "Scaled {way} replica set {} from {before} to {after}",
        word(set, "name")
    );
    access.tell(
        deployment,
        normal("deployment-controller", "ScalingReplicaSet", message),
    );
}

/// The replica set of a template.
fn find(sets: &[Arc<Json>], template: &Json) -> Option<Arc<Json>> {
    let mut sets: Vec<&Arc<Json>> = sets
        .iter()
        .filter(|set| {
            let mut own = set["spec"]["template"].clone();
            if let Some(labels) = own
                .pointer_mut("/metadata/labels")
                .and_then(Json::as_object_mut)
            {
                labels.remove(HASH_LABEL);
            }
            own == *template
        })
        .collect();
    sets.sort_by_key(|set| word(set, "creationTimestamp").to_owned());
    sets.first().map(|set| (*set).clone())
}

fn make(
    access: &Access,
    deployment: &Json,
    sets: &[Arc<Json>],
    replicas: i64,
) -> Option<Arc<Json>> {
    let spec = &deployment["spec"];
    let hash = fingerprint::of(&spec["template"]);
    let (mut selector, mut template) = (spec["selector"].clone(), spec["template"].clone());
    selector["matchLabels"][HASH_LABEL] = hash.as_str().into();
    template["metadata"]["labels"][HASH_LABEL] = hash.as_str().into();
    let mut annotations = deployment["metadata"]
        .get("annotations")
        .cloned()
        .unwrap_or_else(|| json!({}));
    if let Some(annotations) = annotations.as_object_mut() {
        annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
    }
    annotations[REVISION] = (newest_revision(sets) + 1).to_string().into();
    for (name, value) in bounds(&Plan::of(deployment)) {
        annotations[name] = value.into();
    }
    access.create(json!({
        "apiVersion": "apps/v1", "kind": "ReplicaSet",
        "metadata": {
            "name": format!("{}-{hash}", word(deployment, "name")),
            "namespace": word(deployment, "namespace"),
            "labels": template["metadata"]["labels"],
            "annotations": annotations,
            "ownerReferences": [controller_reference(deployment)],
        },
        "spec": {
            "replicas": replicas,
            "minReadySeconds": number(deployment, "/spec/minReadySeconds"),
            "selector": selector,
            "template": template,
        },
    }))
}

fn revision(object: &Json) -> i64 {
    let text = object["metadata"]["annotations"][REVISION].as_str();
    text.and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn newest_revision(sets: &[Arc<Json>]) -> i64 {
    sets.iter()
        .map(|set| revision(set))
        .max()
        .unwrap_or_default()
}

/// A template in use again is the newest revision.
fn number_revision(access: &Access, deployment: &Json, new: &Json, sets: &[Arc<Json>]) {
    let others = sets
        .iter()
        .filter(|set| !same(set, new))
        .map(|set| revision(set))
        .max();
    let number = revision(new).max(others.unwrap_or_default() + 1);
    let mark = [(REVISION, number.to_string())];
    access.annotate(new, &mark);
    access.annotate(deployment, &mark);
}

fn total(sets: &[Arc<Json>], field: &str) -> i64 {
    sets.iter().map(|set| number(set, field)).sum()
}

/// How many pods a new replica set may start with.
fn first_step(plan: &Plan, sets: &[Arc<Json>]) -> i64 {
    if plan.recreate {
        return plan.desired;
    }
    (plan.most - total(sets, "/spec/replicas")).clamp(0, plan.desired)
}

/// Stops what runs of older templates; says whether all of it is gone.
fn stop(access: &Access, deployment: &Json, sets: &[Arc<Json>]) -> bool {
    for set in sets {
        scale(access, deployment, set, 0);
    }
    sets.iter().all(|set| {
        let pods = access.controlled("/pods", set);
        number(set, "/status/replicas") == 0 && !pods.iter().any(|pod| is_active(pod))
    })
}

/// Moves pods from the old templates to the new one, as far as availability allows.
// Parity: Kubernetes, pkg/controller/deployment/rolling.go.
fn roll(access: &Access, deployment: &Json, plan: &Plan, new: &Json, old: &[&Arc<Json>]) {
    let count = |set: &Json| number(set, "/spec/replicas");
    let available = |set: &Json| number(set, "/status/availableReplicas");
    let old_count: i64 = old.iter().map(|set| count(set)).sum();
    let mut new_count = count(new);
    if new_count > plan.desired {
        new_count = plan.desired;
    } else if new_count < plan.desired {
        let room = plan.most - old_count - new_count;
        new_count += room.clamp(0, plan.desired - new_count);
    }
    scale(access, deployment, new, new_count);
    if old_count == 0 {
        return;
    }
    let new_missing = new_count - available(new).min(new_count);
    let mut spare = old_count + new_count - plan.least - new_missing;
    let mut serving = available(new) + old.iter().map(|set| available(set)).sum::<i64>();
    for set in old {
        let idle = (count(set) - available(set)).clamp(0, spare.max(0));
        spare -= idle;
        let working = (count(set) - idle)
            .min(serving - plan.least)
            .clamp(0, spare.max(0));
        spare -= working;
        serving -= working;
        scale(access, deployment, set, count(set) - idle - working);
    }
}

/// Forgets the oldest templates beyond those to be kept.
fn clean_up(access: &Access, deployment: &Json, old: &[&Arc<Json>]) {
    let keep =
        usize::try_from(number(deployment, "/spec/revisionHistoryLimit")).unwrap_or_default();
    let mut idle: Vec<&&Arc<Json>> = old
        .iter()
        .filter(|set| number(set, "/spec/replicas") == 0 && number(set, "/status/replicas") == 0)
        .collect();
    idle.sort_by_key(|set| revision(set));
    let excess = old.len().saturating_sub(keep).min(idle.len());
    idle.into_iter()
        .take(excess)
        .for_each(|set| access.delete(set));
}

fn write_status(
    access: &Access,
    deployment: &Json,
    sets: &[Arc<Json>],
    new: Option<&Json>,
) -> Again {
    // What was just written counts, not what was read before.
    let fresh = access.controlled("apps/replicasets", deployment);
    let sets = if fresh.is_empty() { sets } else { &fresh };
    let new = new.and_then(|new| sets.iter().find(|set| same(set, new)));
    let count = |field: &str| total(sets, field);
    let of_new = |field: &str| new.map_or(0, |set| number(set, field));
    let (replicas, available) = (
        count("/status/replicas"),
        count("/status/availableReplicas"),
    );
    let updated = of_new("/status/replicas");
    let missing = (count("/spec/replicas") - available).max(0);
    let plan = Plan::of(deployment);
    let complete = updated == plan.desired && replicas == plan.desired && available == plan.desired;
    let (progressing, again) = progress(
        deployment,
        new.map(|set| &**set),
        complete,
        [replicas, updated, available],
    );
    let served = available >= plan.least;
    let served = if served {
        kept_condition(
            deployment,
            "Available",
            true,
            "MinimumReplicasAvailable",
            "Deployment has minimum availability.",
        )
    } else {
        let message = "Deployment does not have minimum availability.";
        kept_condition(
            deployment,
            "Available",
            false,
            "MinimumReplicasUnavailable",
            message,
        )
    };
    let mut status = json!({
        "observedGeneration": deployment["metadata"]["generation"],
        "conditions": [served, progressing],
        "terminatingReplicas": count("/status/terminatingReplicas"),
    });
    for (name, value) in [
        ("replicas", replicas),
        ("updatedReplicas", updated),
        ("readyReplicas", count("/status/readyReplicas")),
        ("availableReplicas", available),
        ("unavailableReplicas", missing),
    ] {
        if value > 0 {
            status[name] = value.into();
        }
    }
    access.set_status(deployment, status);
    again
}

/// Whether the deployment gets anywhere, and when to ask again.
fn progress(
    deployment: &Json,
    new: Option<&Json>,
    complete: bool,
    counts: [i64; 3],
) -> (Json, Again) {
    let name = new.map_or_else(|| word(deployment, "name"), |new| word(new, "name"));
    let before = condition(deployment, "Progressing");
    if complete {
        let message = format!("ReplicaSet \"{name}\" has successfully progressed.");
        return (
            kept_condition(
                deployment,
                "Progressing",
                true,
                "NewReplicaSetAvailable",
                &message,
            ),
            None,
        );
    }
    let was = |field: &str| number(deployment, &format!("/status/{field}"));
    let moved = counts
        != [
            was("replicas"),
            was("updatedReplicas"),
            was("availableReplicas"),
        ];
    let was_over = before.is_some_and(|before| before["reason"] == "NewReplicaSetAvailable");
    let renamed = before.is_none_or(|before| {
        !before["message"]
            .as_str()
            .unwrap_or_default()
            .contains(name)
    });
    let limit = number(deployment, "/spec/progressDeadlineSeconds");
    let since = before
        .and_then(|before| before["lastUpdateTime"].as_str())
        .map_or(0, age);
    let message = format!("ReplicaSet \"{name}\" is progressing.");
    let mut progressing = kept_condition(
        deployment,
        "Progressing",
        true,
        "ReplicaSetUpdated",
        &message,
    );
    if moved || was_over || renamed {
        progressing["lastUpdateTime"] = crate::chance::now().into();
        return (progressing, wait(limit));
    }
    let timed_out = before.is_some_and(|before| before["reason"] == "ProgressDeadlineExceeded");
    if timed_out || since >= limit {
        let message = format!("ReplicaSet \"{name}\" has timed out progressing.");
        return (
            kept_condition(
                deployment,
                "Progressing",
                false,
                "ProgressDeadlineExceeded",
                &message,
            ),
            None,
        );
    }
    (progressing, wait(limit - since))
}

fn wait(seconds: i64) -> Again {
    u64::try_from(seconds).ok().map(Duration::from_secs)
}
