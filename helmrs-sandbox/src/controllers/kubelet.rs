//! A stand-in for the machines: takes pods nobody runs, and says that they run.
//!
//! Annotations of a pod tell how it fares; see [`Outcome`].

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value as Json, json};
use tokio::time::Instant;

use super::Again;
use super::access::{Access, word};
use super::events::{Teller, Telling, normal};
use super::pods::is_leaving;
use crate::chance;
use crate::objects::Propagation;

/// The name of the node.
const NODE: &str = "sandbox-node";

/// The annotation with an [`Outcome`].
const OUTCOME_ANNOTATION: &str = "helmrs.dev/sandbox-outcome";

/// The annotation with the seconds a pod takes to get there.
const DELAY_ANNOTATION: &str = "helmrs.dev/sandbox-delay";

/// The annotation with the text of a pod's log.
pub(crate) const LOGS_ANNOTATION: &str = "helmrs.dev/sandbox-logs";

/// The longest a pod may take to start, whatever it says.
const LONGEST_DELAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How a pod fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// It runs and serves (`ready`); what pods that restart do.
    Ready,
    /// It runs, and neither serves nor ends (`notready`, `hang`).
    NotReady,
    /// It ends well (`succeed`); what other pods do.
    Succeed,
    /// It ends badly (`fail`).
    Fail,
    /// It starts again and again (`crash`).
    Crash,
    /// It never starts (`pending`).
    Pending,
}

impl Outcome {
    fn of(pod: &Json) -> Self {
        let restarts = pod["spec"]["restartPolicy"] == "Always";
        match pod["metadata"]["annotations"][OUTCOME_ANNOTATION].as_str() {
            Some("ready") => Self::Ready,
            Some("notready" | "hang") => Self::NotReady,
            Some("succeed") => Self::Succeed,
            Some("fail") => Self::Fail,
            Some("crash") => Self::Crash,
            Some("pending") => Self::Pending,
            _ if restarts => Self::Ready,
            _ => Self::Succeed,
        }
    }

    fn phase(self) -> &'static str {
        match self {
            Self::Ready | Self::NotReady | Self::Crash => "Running",
            Self::Succeed => "Succeeded",
            Self::Fail => "Failed",
            Self::Pending => "Pending",
        }
    }
}

/// The machines of a sandbox.
#[derive(Debug, Clone)]
pub(crate) struct Kubelet {
    /// How long a pod takes to start, if it does not say.
    delay: Duration,
    /// When pods start that have been seen and not started, by `uid`.
    starts: BTreeMap<String, Instant>,
}

impl Kubelet {
    /// Machines on which pods take so long to start.
    pub(crate) fn new(delay: Duration) -> Self {
        Self {
            delay,
            starts: BTreeMap::new(),
        }
    }

    /// Adds the node pods run on.
    pub(super) fn register(access: &Access) {
        if access.at(&Access::key("/nodes", "", NODE)).is_some() {
            return;
        }
        let node = access.create(json!({"apiVersion": "v1", "kind": "Node",
            "metadata": {"name": NODE, "labels": {"kubernetes.io/hostname": NODE, "kubernetes.io/os": "linux"}}}));
        let Some(node) = node else { return };
        let now = chance::now();
        let amounts = json!({"cpu": "64", "memory": "64Gi", "pods": "1000"});
        access.set_status(
            &node,
            json!({
                "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}, {"type": "Hostname", "address": NODE}],
                "allocatable": amounts, "capacity": amounts,
                "conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady",
                    "message": "the sandbox runs", "lastHeartbeatTime": now, "lastTransitionTime": now}],
            }),
        );
    }

    /// Binds a pod to the node, starts it when its time has come, and lets it go.
    pub(super) fn reconcile(&mut self, access: &Access, pod: &Arc<Json>) -> Again {
        match pod["spec"]["nodeName"].as_str() {
            None | Some("") if !is_leaving(pod) => {
                access.modify(pod, "binding", |pod| pod["spec"]["nodeName"] = NODE.into());
                let (namespace, name) = (word(pod, "namespace"), word(pod, "name"));
                let message = format!("Successfully assigned {namespace}/{name} to {NODE}");
                access.tell(pod, normal("default-scheduler", "Scheduled", message));
                None
            }
            Some(NODE) if is_leaving(pod) => {
                self.starts.remove(word(pod, "uid"));
                if pod["status"]["phase"] == "Running" {
                    tell_of_containers(access, pod, "containers", |name| {
                        vec![("Killing", format!("Stopping container {name}"), false)]
                    });
                }
                access.delete_with(pod, Propagation::Background, Some(0));
                None
            }
            Some(NODE) if pod["status"]["phase"] == "Pending" => self.start(access, pod),
            _ => None,
        }
    }

    fn start(&mut self, access: &Access, pod: &Json) -> Again {
        let outcome = Outcome::of(pod);
        if outcome == Outcome::Pending {
            return None;
        }
        let asked = pod["metadata"]["annotations"][DELAY_ANNOTATION].as_str();
        let asked = asked.and_then(|text| text.parse::<f64>().ok());
        let asked = asked.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let delay = asked.unwrap_or(self.delay).min(LONGEST_DELAY);
        let now = Instant::now();
        let uid = word(pod, "uid");
        let start = *self
            .starts
            .entry(uid.to_owned())
            .or_insert_with(|| now + delay);
        if start > now {
            return Some(start.saturating_duration_since(now));
        }
        self.starts.remove(uid);
        access.set_status(pod, status(pod, outcome));
        tell_of_start(access, pod, outcome);
        None
    }

    /// Gives a load balancer to a service that asks for one.
    pub(super) fn balance(access: &Access, service: &Json) {
        let balanced = &service["status"]["loadBalancer"]["ingress"];
        if service["spec"]["type"] == "LoadBalancer" && !balanced.is_array() {
            access.set_status(
                service,
                json!({"loadBalancer": {"ingress": [{"ip": "127.0.0.1", "ipMode": "VIP"}]}}),
            );
        }
    }
}

/// What is told of one container: reason, message, and whether it is a warning.
type Told = (&'static str, String, bool);

fn tell_of_containers(access: &Access, pod: &Json, list: &str, what: impl Fn(&str) -> Vec<Told>) {
    let containers = pod["spec"][list].as_array();
    for container in containers.into_iter().flatten() {
        let name = container["name"].as_str().unwrap_or_default();
        for (reason, message, warning) in what(name) {
            let telling = Telling {
                teller: Teller::Node(NODE),
                reason,
                message,
                warning,
                part: format!("spec.{list}{{{name}}}"),
            };
            access.tell(pod, telling);
        }
    }
}

fn tell_of_start(access: &Access, pod: &Json, outcome: Outcome) {
    let started = |list: &'static str| {
        move |name: &str| {
            let containers = pod["spec"][list].as_array();
            let mut containers = containers.into_iter().flatten();
            let own = containers.find(|container| container["name"] == name);
            let image = own.map_or(&Json::Null, |container| &container["image"]);
            vec![
                (
                    "Pulled",
                    format!(
                        "Container image {image} already present on machine and can be accessed by the pod"
                    ),
                    false,
                ),
                ("Created", "Container created".to_owned(), false),
                ("Started", "Container started".to_owned(), false),
            ]
        }
    };
    tell_of_containers(access, pod, "initContainers", started("initContainers"));
    tell_of_containers(access, pod, "containers", started("containers"));
    let identity = format!(
        "{}_{}({})",
        word(pod, "name"),
        word(pod, "namespace"),
        word(pod, "uid")
    );
    match outcome {
        Outcome::Crash => tell_of_containers(access, pod, "containers", |name| {
            let text = format!("Back-off restarting failed container {name} in pod {identity}");
            vec![("BackOff", text, true)]
        }),
        Outcome::NotReady => tell_of_containers(access, pod, "containers", |_| {
            let text = format!("Readiness probe failed: {OUTCOME_ANNOTATION} says so");
            vec![("Unhealthy", text, true)]
        }),
        Outcome::Ready | Outcome::Succeed | Outcome::Fail | Outcome::Pending => {}
    }
}

fn status(pod: &Json, outcome: Outcome) -> Json {
    let now = chance::now();
    let ready = outcome == Outcome::Ready;
    let condition = |kind: &str, holds: bool| {
        let mut condition = json!({"type": kind, "status": if holds { "True" } else { "False" },
            "lastProbeTime": null, "lastTransitionTime": now});
        if !holds {
            let reason = if outcome == Outcome::Succeed {
                "PodCompleted"
            } else {
                "ContainersNotReady"
            };
            condition["reason"] = reason.into();
        }
        condition
    };
    let containers = |list: &str| -> Vec<Json> {
        let initial = list == "initContainers";
        let fate = if initial { Outcome::Succeed } else { outcome };
        let list = pod["spec"][list].as_array();
        list.into_iter()
            .flatten()
            .map(|container| container_status(container, fate, &now))
            .collect()
    };
    let address = address(word(pod, "uid"));
    let mut status = json!({
        "phase": outcome.phase(),
        "conditions": [condition("PodScheduled", true), condition("Initialized", true),
            condition("Ready", ready), condition("ContainersReady", ready)],
        "containerStatuses": containers("containers"),
        "hostIP": "127.0.0.1", "hostIPs": [{"ip": "127.0.0.1"}],
        "podIP": address, "podIPs": [{"ip": address}],
        "qosClass": pod["status"]["qosClass"],
        "startTime": pod["status"]["startTime"].as_str().unwrap_or(&now),
    });
    let initial = containers("initContainers");
    if !initial.is_empty() {
        status["initContainerStatuses"] = initial.into();
    }
    status
}

/// An address in `10.244.0.0/16`, by the pod's `uid`.
fn address(uid: &str) -> String {
    let sum = uid.bytes().fold(7_u16, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u16::from(byte))
    });
    let [high, low] = sum.to_be_bytes();
    format!("10.244.{high}.{}", low.clamp(2, 254))
}

fn container_status(container: &Json, outcome: Outcome, now: &str) -> Json {
    let ended = |code: i64, reason: &str| json!({"terminated": {"exitCode": code, "reason": reason, "startedAt": now, "finishedAt": now}});
    let (state, restarts) = match outcome {
        Outcome::Succeed => (ended(0, "Completed"), 0),
        Outcome::Fail => (ended(1, "Error"), 0),
        Outcome::Crash => {
            let message = format!("back-off restarting container {}", container["name"]);
            (
                json!({"waiting": {"reason": "CrashLoopBackOff", "message": message}}),
                5,
            )
        }
        Outcome::Ready | Outcome::NotReady | Outcome::Pending => {
            (json!({"running": {"startedAt": now}}), 0)
        }
    };
    json!({
        "name": container["name"], "image": container["image"], "imageID": "",
        "ready": outcome == Outcome::Ready, "started": matches!(outcome, Outcome::Ready | Outcome::NotReady),
        "restartCount": restarts, "state": state,
    })
}
