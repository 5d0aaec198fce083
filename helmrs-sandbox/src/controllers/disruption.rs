//! PodDisruptionBudget: how many pods may go away at once.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::Again;
use super::access::{Access, number, word};
use super::deployments::amount;
use super::pods::{is_active, is_ready, kept_condition, selects};

/// Counts the pods of a budget.
pub(super) fn reconcile(access: &Access, budget: &Arc<Json>) -> Again {
    let mut pods = access.list("/pods", Some(word(budget, "namespace")));
    let selector = &budget["spec"]["selector"];
    pods.retain(|pod| is_active(pod) && selects(selector, &pod["metadata"]["labels"]));
    let count = |pods: usize| i64::try_from(pods).unwrap_or(i64::MAX);
    let (expected, healthy) = (
        count(pods.len()),
        count(pods.iter().filter(|pod| is_ready(pod)).count()),
    );
    let spec = &budget["spec"];
    let desired = match spec.get("maxUnavailable") {
        Some(most) => expected - amount(most, expected, true),
        None => amount(&spec["minAvailable"], expected, true),
    };
    let allowed = if expected > 0 {
        (healthy - desired.max(0)).max(0)
    } else {
        0
    };
    let mut condition = if allowed > 0 {
        kept_condition(budget, "DisruptionAllowed", true, "SufficientPods", "")
    } else {
        kept_condition(budget, "DisruptionAllowed", false, "InsufficientPods", "")
    };
    if let Some(fields) = condition.as_object_mut() {
        fields.remove("lastUpdateTime");
        fields.insert(
            "observedGeneration".to_owned(),
            number(budget, "/metadata/generation").into(),
        );
    }
    access.set_status(
        budget,
        json!({
            "observedGeneration": number(budget, "/metadata/generation"),
            "currentHealthy": healthy, "desiredHealthy": desired.max(0),
            "disruptionsAllowed": allowed, "expectedPods": expected,
            "conditions": [condition],
        }),
    );
    None
}
