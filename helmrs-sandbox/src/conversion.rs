//! Built-in kinds that have other fields in another version: each is kept in one version, its hub.

use serde_json::{Map, Value as Json, json};

use crate::resources::Kind;

/// Fields of an event: in the core group, and in `events.k8s.io`.
// Parity: Kubernetes, pkg/apis/events/v1/conversion.go.
const EVENT: &[(&str, &str)] = &[
    ("involvedObject", "regarding"),
    ("message", "note"),
    ("reportingComponent", "reportingController"),
    ("source", "deprecatedSource"),
    ("firstTimestamp", "deprecatedFirstTimestamp"),
    ("lastTimestamp", "deprecatedLastTimestamp"),
    ("count", "deprecatedCount"),
];

/// Where `autoscaling/v1` keeps metrics it has no field for.
const METRICS: &str = "autoscaling.alpha.kubernetes.io/metrics";

/// The version objects of a kind are kept in, if it is another.
pub(crate) fn hub(kind: &Kind) -> Option<(&'static str, &'static str)> {
    match (
        kind.group.as_str(),
        kind.version.as_str(),
        kind.kind.as_str(),
    ) {
        ("events.k8s.io", "v1", "Event") => Some(("v1", "Event")),
        ("autoscaling", "v1", "HorizontalPodAutoscaler") => {
            Some(("autoscaling/v2", "HorizontalPodAutoscaler"))
        }
        _ => None,
    }
}

/// The name a field of the hub has in a version.
pub(crate) fn hub_path(kind: &Kind, path: &str) -> String {
    if path == "source" && kind.kind == "Event" {
        return "source.component".to_owned();
    }
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let known = EVENT.iter().find(|(_, name)| *name == first);
    match known.filter(|_| kind.group == "events.k8s.io") {
        Some((name, _)) if rest.is_empty() => (*name).to_owned(),
        Some((name, _)) => format!("{name}.{rest}"),
        None => path.to_owned(),
    }
}

/// Turns an object of this version into one of the hub.
pub(crate) fn to_hub(kind: &Kind, object: &mut Json) {
    let Some((api_version, _)) = hub(kind) else {
        return;
    };
    object["apiVersion"] = api_version.into();
    match kind.kind.as_str() {
        "Event" => rename(object, EVENT.iter().map(|(hub, own)| (*own, *hub))),
        _ => to_second(object),
    }
}

/// Turns an object of the hub into one of this version.
pub(crate) fn from_hub(kind: &Kind, object: &mut Json) {
    object["apiVersion"] = kind.api_version().into();
    if hub(kind).is_none() {
        return;
    }
    match kind.kind.as_str() {
        "Event" => rename(object, EVENT.iter().copied()),
        _ => to_first(object),
    }
}

fn rename<'a>(object: &mut Json, names: impl Iterator<Item = (&'a str, &'a str)>) {
    let Some(fields) = object.as_object_mut() else {
        return;
    };
    for (from, to) in names {
        if let Some(value) = fields.remove(from) {
            fields.insert(to.to_owned(), value);
        }
    }
}

fn fields<'a>(object: &'a mut Json, name: &str) -> Option<&'a mut Map<String, Json>> {
    object.get_mut(name)?.as_object_mut()
}

/// The metric `autoscaling/v1` has a field for.
fn usage(percent: &Json) -> Json {
    json!({"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": percent}}})
}

fn is_usage(metric: &Json) -> bool {
    metric["resource"]["name"] == "cpu"
        && (metric["resource"]["target"]["averageUtilization"].is_number()
            || metric["resource"]["current"]["averageUtilization"].is_number())
}

// Parity: Kubernetes, pkg/apis/autoscaling/v1/conversion.go.
fn to_second(object: &mut Json) {
    let others = fields(object, "metadata")
        .and_then(|metadata| metadata.get_mut("annotations"))
        .and_then(Json::as_object_mut)
        .and_then(|annotations| annotations.remove(METRICS));
    let others = others.as_ref().and_then(Json::as_str);
    let mut metrics: Vec<Json> = others
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    if let Some(spec) = fields(object, "spec") {
        if let Some(percent) = spec.remove("targetCPUUtilizationPercentage") {
            metrics.insert(0, usage(&percent));
        }
        if !metrics.is_empty() {
            spec.insert("metrics".to_owned(), metrics.into());
        }
    }
    if let Some(status) = fields(object, "status")
        && let Some(percent) = status.remove("currentCPUUtilizationPercentage")
    {
        let current = json!([{"type": "Resource", "resource": {"name": "cpu", "current": {"averageUtilization": percent}}}]);
        status.insert("currentMetrics".to_owned(), current);
    }
}

fn to_first(object: &mut Json) {
    let taken = |part: Option<&mut Map<String, Json>>, name: &str| {
        let metrics = part.and_then(|part| part.remove(name));
        let metrics = metrics.and_then(|metrics| metrics.as_array().cloned());
        metrics.unwrap_or_default()
    };
    let mut others = taken(fields(object, "spec"), "metrics");
    if let Some(position) = others.iter().position(is_usage) {
        let usage = others.remove(position);
        let percent = &usage["resource"]["target"]["averageUtilization"];
        object["spec"]["targetCPUUtilizationPercentage"] = percent.clone();
    }
    if let Some(spec) = fields(object, "spec") {
        spec.remove("behavior");
    }
    if !others.is_empty() {
        object["metadata"]["annotations"][METRICS] = Json::from(others).to_string().into();
    }
    let current = taken(fields(object, "status"), "currentMetrics");
    if let Some(usage) = current.iter().find(|metric| is_usage(metric)) {
        let percent = &usage["resource"]["current"]["averageUtilization"];
        object["status"]["currentCPUUtilizationPercentage"] = percent.clone();
    }
    if let Some(status) = fields(object, "status") {
        status.remove("conditions");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources::Registry;

    fn there_and_back(api_version: &str, kind: &str, object: &Json) -> Json {
        let registry = Registry::new([]);
        let kind = registry.kind(api_version, kind).expect("a kind");
        let mut other = object.clone();
        to_hub(kind, &mut other);
        assert_ne!(other["apiVersion"], object["apiVersion"]);
        from_hub(kind, &mut other);
        other
    }

    #[test]
    fn an_autoscaler_survives_the_way_to_its_hub() {
        let metrics =
            json!([{"type": "External", "external": {"metric": {"name": "q"}}}]).to_string();
        let object = json!({"apiVersion": "autoscaling/v1", "kind": "HorizontalPodAutoscaler",
            "metadata": {"annotations": {METRICS: metrics}},
            "spec": {"maxReplicas": 3, "targetCPUUtilizationPercentage": 50},
            "status": {"currentCPUUtilizationPercentage": 7}});
        assert_eq!(
            there_and_back("autoscaling/v1", "HorizontalPodAutoscaler", &object),
            object
        );
    }

    #[test]
    fn an_event_survives_the_way_to_its_hub() {
        let object = json!({"apiVersion": "events.k8s.io/v1", "kind": "Event", "note": "n",
            "regarding": {"kind": "Pod"}, "reportingController": "c", "deprecatedCount": 2});
        assert_eq!(there_and_back("events.k8s.io/v1", "Event", &object), object);
    }
}
