//! ReplicaSet and ReplicationController: as many pods as asked for.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value as Json, json};

use super::Again;
use super::access::{Access, number};
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
            pods.extend(access.create(pod));
        }
    } else if pods.len() > wanted {
        expendable_first(&mut pods);
        for pod in pods.drain(..pods.len() - wanted) {
            access.delete(&pod);
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
