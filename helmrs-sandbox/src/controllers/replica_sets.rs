//! ReplicaSet and ReplicationController: as many pods as asked for.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value as Json, json};

use super::Again;
use super::access::{Access, number, word};
use super::events::normal;
use super::pods::{expendable_first, from_template, is_active, is_available, is_leaving, is_ready};

/// The most pods made at one go.
const BURST: usize = 500;

/// Makes or deletes pods until there are as many as asked for.
pub(super) fn reconcile(access: &Access, set: &Arc<Json>) -> Again {
    let all = access.controlled("/pods", set);
    let leaving = all.iter().filter(|pod| is_leaving(pod)).count();
    let mut pods: Vec<Arc<Json>> = all.into_iter().filter(|pod| is_active(pod)).collect();
    let wanted = usize::try_from(number(set, "/spec/replicas")).unwrap_or_default();
    if pods.len() < wanted {
        for _ in 0..(wanted - pods.len()).min(BURST) {
            let pod = from_template(set, &set["spec"]["template"], None, &[]);
            let pod = access.create(pod);
            pods.extend(pod.inspect(|pod| told(access, set, "SuccessfulCreate", "Created", pod)));
        }
    } else if pods.len() > wanted {
        expendable_first(&mut pods);
        for pod in pods.drain(..pods.len() - wanted) {
            access.delete(&pod);
            told(access, set, "SuccessfulDelete", "Deleted", &pod);
        }
    }
    let least = number(set, "/spec/minReadySeconds");
    let ready = pods.iter().filter(|pod| is_ready(pod)).count();
    let available = pods.iter().filter(|pod| is_available(pod, least)).count();
    let mut status = json!({
        "observedGeneration": set["metadata"]["generation"],
        "replicas": pods.len(),
    });
    for (name, count) in [
        ("fullyLabeledReplicas", pods.len()),
        ("readyReplicas", ready),
        ("availableReplicas", available),
    ] {
        if count > 0 {
            status[name] = count.into();
        }
    }
    if set["kind"] == "ReplicaSet" {
        status["terminatingReplicas"] = leaving.into();
    }
    access.set_status(set, status);
    (available < ready).then(|| Duration::from_secs(1))
}

fn told(access: &Access, set: &Json, reason: &str, done: &str, pod: &Json) {
    let controller = match set["kind"].as_str() {
        Some("ReplicaSet") => "replicaset-controller",
        _ => "replication-controller",
    };
    let message = format!("{done} pod: {}", word(pod, "name"));
    access.tell(set, normal(controller, reason, message));
}
