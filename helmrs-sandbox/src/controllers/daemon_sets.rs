//! DaemonSet: one pod on every node.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value as Json, json};

use super::Again;
use super::access::{Access, number, word};
use super::deployments::amount;
use super::events::normal;
use super::pods::{delete_all, from_template, is_active, is_available, is_ready};
use super::revisions;

const REVISION_LABEL: &str = "controller-revision-hash";

/// Makes a pod on every node that has none, and replaces outdated ones.
pub(super) fn reconcile(access: &Access, set: &Arc<Json>) -> Again {
    let revision = revisions::current(access, set, REVISION_LABEL).hash;
    let nodes: Vec<Arc<Json>> = access
        .list("/nodes", None)
        .into_iter()
        .filter(|node| accepts(set, node))
        .collect();
    let mut pods = access.controlled("/pods", set);
    for node in &nodes {
        if !pods
            .iter()
            .any(|pod| is_active(pod) && node_of(pod) == Some(word(node, "name")))
        {
            let labels = [
                (REVISION_LABEL, revision.as_str()),
                ("pod-template-generation", "1"),
            ];
            let mut pod = from_template(set, &set["spec"]["template"], None, &labels);
            pod["spec"]["affinity"]["nodeAffinity"] = only_on(word(node, "name"));
            let pod = access.create(pod);
            pods.extend(pod.inspect(|pod| {
                let message = format!("Created pod: {}", word(pod, "name"));
                access.tell(
                    set,
                    normal("daemonset-controller", "SuccessfulCreate", message),
                );
            }));
        }
    }
    let known = |pod: &Json| {
        nodes
            .iter()
            .any(|node| node_of(pod) == Some(word(node, "name")))
    };
    delete_all(
        access,
        pods.iter().filter(|pod| !known(pod) || !is_active(pod)),
    );
    pods.retain(|pod| known(pod) && is_active(pod));
    let outdated =
        |pod: &&Arc<Json>| pod["metadata"]["labels"][REVISION_LABEL] != revision.as_str();
    if set["spec"]["updateStrategy"]["type"] == "RollingUpdate" {
        let desired = i64::try_from(nodes.len()).unwrap_or(i64::MAX);
        let most = &set["spec"]["updateStrategy"]["rollingUpdate"]["maxUnavailable"];
        let most = amount(most, desired, true).max(1);
        let missing = pods.iter().filter(|pod| !is_ready(pod)).count();
        let room = usize::try_from(most).unwrap_or(1).saturating_sub(missing);
        let idle = pods.iter().filter(|pod| !is_ready(pod)).filter(outdated);
        let serving = pods
            .iter()
            .filter(|pod| is_ready(pod))
            .filter(outdated)
            .take(room);
        delete_all(access, idle.chain(serving));
    }
    revisions::clean_up(access, set, |old| {
        let hash = &old["metadata"]["labels"][REVISION_LABEL];
        *hash == revision.as_str()
            || pods
                .iter()
                .any(|pod| pod["metadata"]["labels"][REVISION_LABEL] == *hash)
    });
    let updated = pods.iter().filter(|pod| !outdated(pod)).count();
    write_status(access, set, &pods, nodes.len(), updated)
}

fn accepts(set: &Json, node: &Json) -> bool {
    let selector = set["spec"]["template"]["spec"]["nodeSelector"].as_object();
    let labels = &node["metadata"]["labels"];
    selector
        .into_iter()
        .flatten()
        .all(|(name, value)| labels.get(name) == Some(value))
}

fn only_on(node: &str) -> Json {
    json!({"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{
        "matchFields": [{"key": "metadata.name", "operator": "In", "values": [node]}],
    }]}})
}

/// The node a pod is for, whether or not it has been bound to it.
fn node_of(pod: &Json) -> Option<&str> {
    let term = "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms/0/matchFields/0/values/0";
    pod["spec"]["nodeName"]
        .as_str()
        .or_else(|| pod.pointer(term).and_then(Json::as_str))
}

fn write_status(
    access: &Access,
    set: &Json,
    pods: &[Arc<Json>],
    desired: usize,
    updated: usize,
) -> Again {
    let least = number(set, "/spec/minReadySeconds");
    let ready = pods.iter().filter(|pod| is_ready(pod)).count();
    let available = pods.iter().filter(|pod| is_available(pod, least)).count();
    let mut status = json!({
        "observedGeneration": set["metadata"]["generation"],
        "currentNumberScheduled": pods.len(),
        "desiredNumberScheduled": desired,
        "numberMisscheduled": 0,
        "numberReady": ready,
    });
    for (name, value) in [
        ("numberAvailable", available),
        ("numberUnavailable", desired.saturating_sub(available)),
        ("updatedNumberScheduled", updated),
    ] {
        if value > 0 {
            status[name] = value.into();
        }
    }
    access.set_status(set, status);
    (available < ready).then(|| Duration::from_secs(1))
}
