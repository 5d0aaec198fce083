//! How pods are reached: services, endpoints, ingresses.

use serde_json::{Value as Json, json};

use super::Layout;
use super::cell::{NONE, age, items, joined, name, selector, text};
use crate::resources::Kind;

pub(super) fn layout(kind: &Kind) -> Option<Layout> {
    let (columns, cells): (&str, fn(&Json) -> Vec<Json>) =
        match (kind.group.as_str(), kind.kind.as_str()) {
            ("", "Service") => (
                "Name Type Cluster-IP External-IP Port(s) Age *Selector",
                service,
            ),
            ("", "Endpoints") => ("Name Endpoints Age", endpoints),
            ("discovery.k8s.io", "EndpointSlice") => {
                ("Name AddressType Ports Endpoints Age", slice)
            }
            ("networking.k8s.io", "Ingress") => ("Name Class Hosts Address Ports Age", ingress),
            ("networking.k8s.io", "IngressClass") => ("Name Controller Parameters Age", class),
            ("networking.k8s.io", "NetworkPolicy") => ("Name Pod-Selector Age", policy),
            _ => return None,
        };
    Some(Layout { columns, cells })
}

fn service(object: &Json) -> Vec<Json> {
    let ports = items(object, "/spec/ports").map(|port| {
        let protocol = port["protocol"].as_str().unwrap_or("TCP");
        match port["nodePort"].as_i64().filter(|node| *node > 0) {
            Some(node) => format!("{}:{node}/{protocol}", port["port"]),
            None => format!("{}/{protocol}", port["port"]),
        }
    });
    vec![
        name(object),
        object["spec"]["type"].clone(),
        text(object, "/spec/clusterIP", NONE),
        external(object),
        joined(ports),
        age(object),
        selector(&object["spec"]["selector"]),
    ]
}

// Parity: Kubernetes, pkg/printers/internalversion/printers.go, getServiceExternalIP.
fn external(service: &Json) -> Json {
    let given = items(service, "/spec/externalIPs")
        .filter_map(Json::as_str)
        .map(str::to_owned);
    let given: Vec<String> = given.collect();
    match service["spec"]["type"].as_str() {
        Some("ExternalName") => service["spec"]["externalName"].clone(),
        Some("LoadBalancer") => {
            let mut all: Vec<String> = balanced(service);
            all.extend(given);
            if all.is_empty() {
                "<pending>".into()
            } else {
                all.join(",").into()
            }
        }
        _ => joined(given),
    }
}

fn balanced(object: &Json) -> Vec<String> {
    let ingress = items(object, "/status/loadBalancer/ingress");
    let word = |entry: &Json| {
        entry["ip"]
            .as_str()
            .or_else(|| entry["hostname"].as_str())
            .map(str::to_owned)
    };
    ingress.filter_map(word).collect()
}

fn endpoints(object: &Json) -> Vec<Json> {
    let all = items(object, "/subsets").flat_map(|subset| {
        let addresses = items(subset, "/addresses").filter_map(|address| address["ip"].as_str());
        addresses.flat_map(move |ip| {
            items(subset, "/ports").map(move |port| format!("{ip}:{}", port["port"]))
        })
    });
    vec![name(object), joined(all), age(object)]
}

fn slice(object: &Json) -> Vec<Json> {
    let ports = items(object, "/ports").map(|port| port["port"].to_string());
    let addresses = items(object, "/endpoints").flat_map(|endpoint| items(endpoint, "/addresses"));
    let addresses = addresses.filter_map(Json::as_str).map(str::to_owned);
    vec![
        name(object),
        object["addressType"].clone(),
        joined(ports),
        joined(addresses),
        age(object),
    ]
}

fn ingress(object: &Json) -> Vec<Json> {
    let hosts: Vec<String> = items(object, "/spec/rules")
        .filter_map(|rule| rule["host"].as_str())
        .filter(|host| !host.is_empty())
        .map(str::to_owned)
        .collect();
    let hosts = if hosts.is_empty() {
        "*".to_owned()
    } else {
        hosts.join(",")
    };
    let encrypted = items(object, "/spec/tls").next().is_some();
    vec![
        name(object),
        text(object, "/spec/ingressClassName", NONE),
        hosts.into(),
        balanced(object).join(",").into(),
        if encrypted { "80, 443" } else { "80" }.into(),
        age(object),
    ]
}

fn class(object: &Json) -> Vec<Json> {
    let parameters = match &object["spec"]["parameters"] {
        Json::Null => json!(NONE),
        parameters => {
            let word = |name: &str| parameters[name].as_str().unwrap_or_default();
            let group = word("apiGroup");
            let dot = if group.is_empty() { "" } else { "." };
            format!("{}{dot}{group}/{}", word("kind"), word("name")).into()
        }
    };
    vec![
        name(object),
        object["spec"]["controller"].clone(),
        parameters,
        age(object),
    ]
}

fn policy(object: &Json) -> Vec<Json> {
    vec![
        name(object),
        selector(&object["spec"]["podSelector"]),
        age(object),
    ]
}
