//! Pods.

use serde_json::{Value as Json, json};

use super::Layout;
use super::cell::{NONE, age, items, name, number, since, text};
use crate::resources::Kind;

pub(super) fn layout(kind: &Kind) -> Option<Layout> {
    kind.is("", "Pod").then_some(Layout {
        columns: "Name Ready Status Restarts Age *IP *Node *Nominated_Node *Readiness_Gates",
        cells,
    })
}

// Parity: Kubernetes, pkg/printers/internalversion/printers.go, printPod.
fn cells(pod: &Json) -> Vec<Json> {
    let total = items(pod, "/spec/containers").count();
    let ready = items(pod, "/status/containerStatuses")
        .filter(|status| status["ready"] == true && status["state"]["running"].is_object())
        .count();
    vec![
        name(pod),
        format!("{ready}/{total}").into(),
        status(pod).into(),
        restarts(pod).into(),
        age(pod),
        text(pod, "/status/podIP", NONE),
        text(pod, "/spec/nodeName", NONE),
        text(pod, "/status/nominatedNodeName", NONE),
        NONE.into(),
    ]
}

/// The word for how a pod fares.
pub(in crate::api) fn status(pod: &Json) -> String {
    let phase = text(pod, "/status/phase", "");
    let mut reason = match pod["status"]["reason"].as_str() {
        Some(reason) if !reason.is_empty() => reason.to_owned(),
        _ => phase.as_str().unwrap_or_default().to_owned(),
    };
    let statuses: Vec<&Json> = items(pod, "/status/containerStatuses").collect();
    let mut running = false;
    for status in statuses.iter().rev() {
        let state = &status["state"];
        let word = |kind: &str| {
            state[kind]["reason"]
                .as_str()
                .filter(|word| !word.is_empty())
        };
        if let Some(word) = word("waiting").or_else(|| word("terminated")) {
            word.clone_into(&mut reason);
        } else if state["terminated"].is_object() {
            reason = format!("ExitCode:{}", number(state, "/terminated/exitCode"));
        } else if status["ready"] == true && state["running"].is_object() {
            running = true;
        }
    }
    if reason == "Completed" && running {
        let ready = items(pod, "/status/conditions")
            .any(|condition| condition["type"] == "Ready" && condition["status"] == "True");
        if ready { "Running" } else { "NotReady" }.clone_into(&mut reason);
    }
    if pod["metadata"].get("deletionTimestamp").is_some()
        && phase != "Succeeded"
        && phase != "Failed"
    {
        "Terminating".clone_into(&mut reason);
    }
    reason
}

fn restarts(pod: &Json) -> String {
    let count: i64 = items(pod, "/status/containerStatuses")
        .map(|status| number(status, "/restartCount"))
        .sum();
    let last = items(pod, "/status/containerStatuses")
        .filter_map(|status| status.pointer("/lastState/terminated/finishedAt"))
        .max_by_key(|time| time.as_str());
    match last {
        Some(time) if count > 0 => format!("{count} ({} ago)", since(time)),
        _ => json!(count).to_string(),
    }
}
