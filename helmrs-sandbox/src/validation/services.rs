//! The rules of services.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use super::{Findings, names};
use crate::error::FieldError;

const TYPES: &[&str] = &["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

/// Checks a service.
pub(super) fn check(service: &Json, found: &mut Findings) {
    let kind = text(service, "/spec/type");
    let headless = text(service, "/spec/clusterIP") == "None";
    let ports = service.pointer("/spec/ports").and_then(Json::as_array);
    let ports = ports.map(Vec::as_slice).unwrap_or_default();
    if ports.is_empty() && !headless && kind != "ExternalName" {
        found.push(FieldError::required("spec.ports", ""));
    }
    if kind == "ExternalName" && text(service, "/spec/externalName").is_empty() {
        found.push(FieldError::required("spec.externalName", ""));
    }
    if kind == "LoadBalancer" && headless {
        let value = json!("None");
        found.push(FieldError::invalid(
            "spec.clusterIPs[0]",
            &value,
            "may not be set to 'None' for LoadBalancer services",
        ));
    }
    let mut seen = BTreeSet::new();
    for (index, port) in ports.iter().enumerate() {
        check_port(
            port,
            &format!("spec.ports[{index}]"),
            ports.len() > 1,
            &mut seen,
            found,
        );
        if kind == "ClusterIP" && port.get("nodePort").is_some_and(|number| number != 0) {
            let field = format!("spec.ports[{index}].nodePort");
            found.push(FieldError::forbidden(
                field,
                "may not be used when `type` is 'ClusterIP'",
            ));
        }
    }
    if !TYPES.contains(&kind) {
        found.push(FieldError::not_supported("spec.type", &kind.into(), TYPES));
    }
    let affinity = text(service, "/spec/sessionAffinity");
    if !matches!(affinity, "None" | "ClientIP") {
        let field = "spec.sessionAffinity";
        found.push(FieldError::not_supported(
            field,
            &affinity.into(),
            &["ClientIP", "None"],
        ));
    }
}

fn check_port<'a>(
    port: &'a Json,
    path: &str,
    several: bool,
    seen: &mut BTreeSet<&'a str>,
    found: &mut Findings,
) {
    let name = text(port, "/name");
    if several && name.is_empty() {
        found.push(FieldError::required(format!("{path}.name"), ""));
    } else if !name.is_empty() {
        for problem in names::label(name) {
            found.push(FieldError::invalid(
                format!("{path}.name"),
                &name.into(),
                &problem,
            ));
        }
        if !seen.insert(name) {
            found.push(FieldError::duplicate(format!("{path}.name"), &name.into()));
        }
    }
    check_number(port.get("port"), &format!("{path}.port"), found);
    let protocol = text(port, "/protocol");
    if !matches!(protocol, "TCP" | "UDP" | "SCTP") {
        let field = format!("{path}.protocol");
        found.push(FieldError::not_supported(
            field,
            &protocol.into(),
            &["SCTP", "TCP", "UDP"],
        ));
    }
    match port.get("targetPort") {
        Some(Json::String(name)) => {
            for problem in names::port(name) {
                let field = format!("{path}.targetPort");
                found.push(FieldError::invalid(field, &name.as_str().into(), &problem));
            }
        }
        number => check_number(number, &format!("{path}.targetPort"), found),
    }
}

/// Checks that a number is one of a port.
pub(super) fn check_number(number: Option<&Json>, field: &str, found: &mut Findings) {
    let number = number.and_then(Json::as_i64).unwrap_or_default();
    if !(1..=65_535).contains(&number) {
        let rule = "must be between 1 and 65535, inclusive";
        found.push(FieldError::invalid(field, &number.into(), rule));
    }
}

/// Checks that a service keeps its address.
pub(super) fn check_update(old: &Json, new: &Json, found: &mut Findings) {
    let external = [old, new]
        .iter()
        .any(|service| text(service, "/spec/type") == "ExternalName");
    let (before, after) = (
        old.pointer("/spec/clusterIPs"),
        new.pointer("/spec/clusterIPs"),
    );
    if !external && before.is_some() && before != after {
        let value = after.cloned().unwrap_or_else(|| json!([]));
        found.push(FieldError::invalid(
            "spec.clusterIPs[0]",
            &value,
            "may not change once set",
        ));
    }
}

fn text<'a>(object: &'a Json, path: &str) -> &'a str {
    object
        .pointer(path)
        .and_then(Json::as_str)
        .unwrap_or_default()
}
