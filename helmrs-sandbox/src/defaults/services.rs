//! Defaults of services and of what else is about the network.

use serde_json::{Value as Json, json};

use super::{fields_at, fill, items, text_at};

/// Completes a service; addresses and ports are given to it when it is stored.
pub(super) fn complete_service(service: &mut Json) {
    fill(
        fields_at(service, &["spec"]),
        [
            ("sessionAffinity", json!("None")),
            ("type", json!("ClusterIP")),
        ],
    );
    let kind = text_at(service, "/spec/type").to_owned();
    if text_at(service, "/spec/sessionAffinity") == "ClientIP" {
        let client = fields_at(service, &["spec", "sessionAffinityConfig", "clientIP"]);
        fill(client, [("timeoutSeconds", json!(10_800))]);
    }
    for port in items(service, "/spec/ports") {
        let number = port.get("port").cloned().unwrap_or_default();
        fill(
            port.as_object_mut(),
            [("protocol", json!("TCP")), ("targetPort", number.clone())],
        );
        if port
            .get("targetPort")
            .is_some_and(|target| target == 0 || target == "")
        {
            port["targetPort"] = number;
        }
    }
    let spec = fields_at(service, &["spec"]);
    match kind.as_str() {
        "ClusterIP" => fill(spec, [("internalTrafficPolicy", json!("Cluster"))]),
        "NodePort" => fill(
            spec,
            [
                ("externalTrafficPolicy", json!("Cluster")),
                ("internalTrafficPolicy", json!("Cluster")),
            ],
        ),
        "LoadBalancer" => fill(
            spec,
            [
                ("allocateLoadBalancerNodePorts", json!(true)),
                ("externalTrafficPolicy", json!("Cluster")),
                ("internalTrafficPolicy", json!("Cluster")),
            ],
        ),
        _ => {}
    }
}

/// Completes an endpoints object.
pub(super) fn complete_endpoints(endpoints: &mut Json) {
    for subset in items(endpoints, "/subsets") {
        for port in items(subset, "/ports") {
            fill(port.as_object_mut(), [("protocol", json!("TCP"))]);
        }
    }
}

/// Completes an endpoint slice, whose ports have a name even if it is empty.
pub(super) fn complete_endpoint_slice(slice: &mut Json) {
    for port in items(slice, "/ports") {
        let defaults = [("name", json!("")), ("protocol", json!("TCP"))];
        fill(port.as_object_mut(), defaults);
    }
}

/// Completes a network policy, whose types follow from its rules.
pub(super) fn complete_network_policy(policy: &mut Json) {
    let types = match policy.pointer("/spec/egress") {
        Some(_) => json!(["Ingress", "Egress"]),
        None => json!(["Ingress"]),
    };
    fill(fields_at(policy, &["spec"]), [("policyTypes", types)]);
    for rules in ["/spec/ingress", "/spec/egress"] {
        for rule in items(policy, rules) {
            for port in items(rule, "/ports") {
                fill(port.as_object_mut(), [("protocol", json!("TCP"))]);
            }
        }
    }
}
