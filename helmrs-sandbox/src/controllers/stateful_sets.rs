//! StatefulSet: pods with numbers, one after the other, each with its own claims.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value as Json, json};

use super::Again;
use super::access::{Access, controller_reference, number, word};
use super::events::normal;
use super::pods::{from_template, is_active, is_available, is_leaving, is_ready};
use super::revisions;

const REVISION_LABEL: &str = "controller-revision-hash";
/// The label of a revision with its hash.
const HASH_LABEL: &str = "controller.kubernetes.io/hash";

/// Makes, replaces or deletes at most one pod at a time, unless pods are managed in parallel.
pub(super) fn reconcile(access: &Access, set: &Arc<Json>) -> Again {
    let revision = revisions::current(access, set, HASH_LABEL).name;
    let current = match set["status"]["currentRevision"].as_str() {
        Some(current) if !current.is_empty() => current.to_owned(),
        _ => revision.clone(),
    };
    let mut pods = access.controlled("/pods", set);
    pods.sort_by_key(|pod| ordinal(pod));
    step(access, set, &pods, &revision);
    revisions::clean_up(access, set, |old| {
        let name = word(old, "name");
        name == revision || name == current || pods.iter().any(|pod| is_of(pod, name))
    });
    write_status(access, set, &revision, &current)
}

fn ordinal(pod: &Json) -> i64 {
    let number = word(pod, "name")
        .rsplit_once('-')
        .and_then(|(_, number)| number.parse().ok());
    number.unwrap_or(i64::MAX)
}

fn is_of(pod: &Json, revision: &str) -> bool {
    pod["metadata"]["labels"][REVISION_LABEL] == revision
}

fn step(access: &Access, set: &Json, pods: &[Arc<Json>], revision: &str) {
    let parallel = set["spec"]["podManagementPolicy"] == "Parallel";
    let first = number(set, "/spec/ordinals/start");
    let wanted = first..first.saturating_add(number(set, "/spec/replicas"));
    let mut steady = true;
    for index in wanted.clone() {
        let pod = pods.iter().find(|pod| ordinal(pod) == index);
        let settled = match pod {
            None => {
                make(access, set, index, revision);
                false
            }
            Some(pod) if !is_active(pod) && !is_leaving(pod) => {
                access.delete(pod);
                false
            }
            Some(pod) => is_ready(pod) && !is_leaving(pod),
        };
        steady &= settled;
        if !settled && !parallel {
            return;
        }
    }
    let excess: Vec<&Arc<Json>> = pods
        .iter()
        .filter(|pod| !wanted.contains(&ordinal(pod)))
        .collect();
    for pod in excess.iter().rev() {
        if !is_leaving(pod) {
            access.delete(pod);
            told(access, set, "delete", word(pod, "name"));
        }
        steady = false;
        if !parallel {
            return;
        }
    }
    if steady && set["spec"]["updateStrategy"]["type"] == "RollingUpdate" {
        let partition = number(set, "/spec/updateStrategy/rollingUpdate/partition");
        let outdated = pods
            .iter()
            .rev()
            .find(|pod| ordinal(pod) >= partition && !is_of(pod, revision));
        if let Some(pod) = outdated {
            access.delete(pod);
            told(access, set, "delete", word(pod, "name"));
        }
    }
}

fn make(access: &Access, set: &Json, index: i64, revision: &str) {
    let name = format!("{}-{index}", word(set, "name"));
    let number = index.to_string();
    let labels = [
        ("apps.kubernetes.io/pod-index", number.as_str()),
        (REVISION_LABEL, revision),
        ("statefulset.kubernetes.io/pod-name", &name),
    ];
    let mut pod = from_template(set, &set["spec"]["template"], Some(&name), &labels);
    pod["spec"]["hostname"] = name.as_str().into();
    if let Some(service) = set["spec"]["serviceName"].as_str() {
        pod["spec"]["subdomain"] = service.into();
    }
    for template in set["spec"]["volumeClaimTemplates"]
        .as_array()
        .into_iter()
        .flatten()
    {
        claim(access, set, template, &mut pod);
    }
    if access.create(pod).is_some() {
        told(access, set, "create", &name);
    }
}

fn told(access: &Access, set: &Json, verb: &str, pod: &str) {
    let reason = if verb == "create" {
        "SuccessfulCreate"
    } else {
        "SuccessfulDelete"
    };
    let message = format!(
        "{verb} Pod {pod} in StatefulSet {} successful",
        word(set, "name")
    );
    access.tell(set, normal("statefulset-controller", reason, message));
}

/// Makes the claim of a pod, and has the pod use it.
fn claim(access: &Access, set: &Json, template: &Json, pod: &mut Json) {
    let (volume, namespace) = (word(template, "name"), word(set, "namespace"));
    let name = format!("{volume}-{}", word(pod, "name"));
    let key = Access::key("/persistentvolumeclaims", namespace, &name);
    if access.at(&key).is_none() {
        let mut claim = template.clone();
        claim["metadata"]["name"] = name.as_str().into();
        claim["metadata"]["namespace"] = namespace.into();
        let labels = set["spec"]["selector"]["matchLabels"].as_object();
        for (label, value) in labels.into_iter().flatten() {
            claim["metadata"]["labels"][label] = value.clone();
        }
        if set["spec"]["persistentVolumeClaimRetentionPolicy"]["whenDeleted"] == "Delete" {
            claim["metadata"]["ownerReferences"] = json!([controller_reference(set)]);
        }
        access.create(claim);
    }
    let source = json!({"name": volume, "persistentVolumeClaim": {"claimName": name}});
    match pod["spec"]["volumes"].as_array_mut() {
        Some(volumes) => {
            volumes.retain(|other| other["name"] != volume);
            volumes.push(source);
        }
        None => pod["spec"]["volumes"] = json!([source]),
    }
}

fn write_status(access: &Access, set: &Json, revision: &str, current: &str) -> Again {
    let pods = access.controlled("/pods", set);
    let pods: Vec<&Arc<Json>> = pods.iter().filter(|pod| is_active(pod)).collect();
    let count = |rule: &dyn Fn(&Json) -> bool| pods.iter().filter(|pod| rule(pod)).count();
    let least = number(set, "/spec/minReadySeconds");
    let (ready, available) = (
        count(&|pod| is_ready(pod)),
        count(&|pod| is_available(pod, least)),
    );
    let updated = count(&|pod| is_of(pod, revision));
    let wanted = usize::try_from(number(set, "/spec/replicas")).unwrap_or_default();
    let done = updated == pods.len() && ready == wanted && updated == wanted;
    let current = if done { revision } else { current };
    let mut status = json!({
        "observedGeneration": set["metadata"]["generation"],
        "replicas": pods.len(),
        "availableReplicas": available,
        "currentRevision": current,
        "updateRevision": revision,
        "collisionCount": 0,
    });
    for (name, value) in [
        ("readyReplicas", ready),
        ("currentReplicas", count(&|pod| is_of(pod, current))),
        ("updatedReplicas", updated),
    ] {
        if value > 0 {
            status[name] = value.into();
        }
    }
    access.set_status(set, status);
    (available < ready).then(|| Duration::from_secs(1))
}
