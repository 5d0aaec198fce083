//! The older rules: yes or no, for the kinds they know; `--wait=legacy` asks them.
// Parity: Helm, pkg/kube/ready.go.

use super::conditions;
use crate::manifest::object::{self, integer, items, text};
use crate::yaml::Value;

/// A Job that failed more often than it may.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("job is failed: {namespace}/{name}")]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub struct JobFailed {
    pub namespace: String,
    pub name: String,
}

/// Whether a Pod says it is ready.
pub fn pod(object: &Value) -> bool {
    conditions(object).any(|condition| condition.kind == "Ready" && condition.status == "True")
}

/// Whether a Job has run as often as it should.
pub fn job(object: &Value) -> Result<bool, JobFailed> {
    let failed = integer(object, &["status", "failed"]).unwrap_or(0);
    if failed > integer(object, &["spec", "backoffLimit"]).unwrap_or(6) {
        return Err(JobFailed {
            namespace: object::namespace(object).to_owned(),
            name: object::name(object).to_owned(),
        });
    }
    let succeeded = integer(object, &["status", "succeeded"]).unwrap_or(0);
    Ok(
        integer(object, &["spec", "completions"])
            .is_none_or(|completions| succeeded >= completions),
    )
}

/// Whether a Service has an address.
pub fn service(object: &Value) -> bool {
    let kind = text(object, &["spec", "type"]).unwrap_or("");
    if kind == "ExternalName" {
        return true;
    }
    if text(object, &["spec", "clusterIP"])
        .unwrap_or("")
        .is_empty()
    {
        return false;
    }
    kind != "LoadBalancer"
        || !items(object, &["spec", "externalIPs"]).is_empty()
        || matches!(
            object.at(&["status", "loadBalancer", "ingress"]),
            Some(Value::List(_))
        )
}

/// Whether a PersistentVolumeClaim is bound.
pub fn volume_claim(object: &Value) -> bool {
    text(object, &["status", "phase"]) == Some("Bound")
}

/// Whether a controller has seen the newest spec of its object.
pub fn is_observed(object: &Value) -> bool {
    let observed = integer(object, &["status", "observedGeneration"]).unwrap_or(0);
    observed == integer(object, &["metadata", "generation"]).unwrap_or(0)
}

/// Whether enough Pods of a Deployment's newest ReplicaSet are ready.
pub fn deployment(object: &Value, newest: &Value) -> bool {
    let wanted = integer(object, &["spec", "replicas"]).unwrap_or(1);
    let ready = integer(newest, &["status", "readyReplicas"]).unwrap_or(0);
    is_observed(newest) && is_observed(object) && ready >= wanted - unavailable(object, wanted)
}

/// Whether a DaemonSet's Pods are updated and ready, but for those that may be missing.
pub fn daemon_set(object: &Value) -> bool {
    if !is_observed(object) {
        return false;
    }
    if text(object, &["spec", "updateStrategy", "type"]) != Some("RollingUpdate") {
        return true;
    }
    let status = |key| integer(object, &["status", key]).unwrap_or(0);
    let wanted = status("desiredNumberScheduled");
    if status("updatedNumberScheduled") != wanted {
        return false;
    }
    let allowed = object.at(&["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"]);
    let missing = allowed
        .map_or(Some(0), |allowed| scaled(allowed, wanted, Rounding::Up))
        .unwrap_or(wanted);
    status("numberReady") >= wanted - missing
}

/// Whether a StatefulSet's Pods are updated, down to its partition, and ready.
pub fn stateful_set(object: &Value) -> bool {
    if !is_observed(object) {
        return false;
    }
    if text(object, &["spec", "updateStrategy", "type"]) != Some("RollingUpdate") {
        return true;
    }
    let partition = integer(
        object,
        &["spec", "updateStrategy", "rollingUpdate", "partition"],
    )
    .unwrap_or(0);
    let wanted = integer(object, &["spec", "replicas"]).unwrap_or(1);
    let status = |key| integer(object, &["status", key]).unwrap_or(0);
    let revision = |key| text(object, &["status", key]).unwrap_or("");
    status("updatedReplicas") >= wanted - partition
        && status("readyReplicas") == wanted
        && (partition != 0 || revision("currentRevision") == revision("updateRevision"))
}

/// Whether a CustomResourceDefinition is served, or never will be.
pub fn definition(object: &Value) -> bool {
    conditions(object).any(|condition| {
        matches!(
            (condition.kind, condition.status),
            ("Established", "True") | ("NamesAccepted", "False")
        )
    })
}

/// How many Pods of a Deployment may be missing while it rolls.
// Parity: Helm, internal/third_party/k8s.io/kubernetes/deployment/util, MaxUnavailable.
fn unavailable(object: &Value, wanted: i64) -> i64 {
    if text(object, &["spec", "strategy", "type"]) != Some("RollingUpdate") || wanted == 0 {
        return 0;
    }
    let limit = |key, rounding| match object.at(&["spec", "strategy", "rollingUpdate", key]) {
        Some(limit) => scaled(limit, wanted, rounding),
        None => Some(0),
    };
    let (Some(surge), Some(missing)) = (
        limit("maxSurge", Rounding::Up),
        limit("maxUnavailable", Rounding::Down),
    ) else {
        return 0;
    };
    if surge == 0 && missing == 0 {
        1
    } else {
        missing.min(wanted)
    }
}

#[derive(Clone, Copy)]
enum Rounding {
    Up,
    Down,
}

/// A number, or so many per cent of `total`.
fn scaled(value: &Value, total: i64, rounding: Rounding) -> Option<i64> {
    let percent = match value {
        Value::Integer(number) => return Some(*number),
        Value::Float(number) => return Some(*number as i64),
        Value::String(text) => text.strip_suffix('%')?.parse::<i64>().ok()?,
        _ => return None,
    };
    let product = percent.checked_mul(total)?;
    Some(match rounding {
        Rounding::Up => product.div_euclid(100) + i64::from(product.rem_euclid(100) != 0),
        Rounding::Down => product.div_euclid(100),
    })
}
