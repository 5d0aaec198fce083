//! Events: what controllers and machines did, for people who look into things.

use std::time::Duration;

use serde_json::{Value as Json, json};

use super::Again;
use super::access::{Access, word};
use super::pods::age;
use crate::chance;

/// How long events are kept, in seconds.
// Parity: Kubernetes, kube-apiserver --event-ttl.
const KEPT: i64 = 60 * 60;

/// Who tells.
#[derive(Debug, Clone, Copy)]
pub(super) enum Teller {
    /// A controller, by name.
    Controller(&'static str),
    /// A node, by name.
    Node(&'static str),
}

/// What there is to tell.
#[derive(Debug)]
pub(super) struct Telling<'a> {
    pub(super) teller: Teller,
    pub(super) reason: &'a str,
    pub(super) message: String,
    /// Whether somebody should look at it.
    pub(super) warning: bool,
    /// The part of the object it is about; mostly empty.
    pub(super) part: String,
}

/// Something that went as it should.
pub(super) fn normal<'a>(
    controller: &'static str,
    reason: &'a str,
    message: String,
) -> Telling<'a> {
    Telling {
        teller: Teller::Controller(controller),
        reason,
        message,
        warning: false,
        part: String::new(),
    }
}

impl Access {
    /// Stores an event about an object.
    pub(super) fn tell(&self, about: &Json, telling: Telling<'_>) {
        let now = chance::now();
        let (name, namespace) = (word(about, "name"), word(about, "namespace"));
        let namespace_of_event = if namespace.is_empty() {
            "default"
        } else {
            namespace
        };
        let (component, host) = match telling.teller {
            Teller::Controller(name) => (name, ""),
            Teller::Node(name) => ("kubelet", name),
        };
        let mut event = json!({
            "apiVersion": "v1", "kind": "Event",
            "metadata": {"name": format!("{name}.{:x}", chance::moment()), "namespace": namespace_of_event},
            "involvedObject": {
                "apiVersion": about["apiVersion"], "kind": about["kind"], "name": name,
                "resourceVersion": about["metadata"]["resourceVersion"], "uid": about["metadata"]["uid"],
            },
            "reason": telling.reason, "message": telling.message,
            "type": if telling.warning { "Warning" } else { "Normal" },
            "source": {"component": component},
            "firstTimestamp": now, "lastTimestamp": now, "count": 1,
            "reportingComponent": component, "reportingInstance": host,
        });
        if !namespace.is_empty() {
            event["involvedObject"]["namespace"] = namespace.into();
        }
        if !host.is_empty() {
            event["source"]["host"] = host.into();
        }
        if !telling.part.is_empty() {
            event["involvedObject"]["fieldPath"] = telling.part.into();
        }
        self.create(event);
    }
}

/// Deletes an event nobody needs any more.
pub(super) fn reconcile(access: &Access, event: &Json) -> Again {
    let time = event["lastTimestamp"]
        .as_str()
        .or_else(|| event["eventTime"].as_str());
    let time = time.unwrap_or_else(|| word(event, "creationTimestamp"));
    let left = KEPT - age(time);
    if left <= 0 {
        access.delete(event);
        return None;
    }
    u64::try_from(left).ok().map(Duration::from_secs)
}
