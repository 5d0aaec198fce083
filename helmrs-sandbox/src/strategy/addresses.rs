//! The cluster addresses and node ports of services.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use serde_json::{Value as Json, json};

use super::{put, set};

/// The first address of the range services have theirs from, `10.96.0.0/16`.
const NETWORK: Ipv4Addr = Ipv4Addr::new(10, 96, 0, 0);

/// The addresses of the range that are given out: not the first, not the API server's, not the last.
const HOSTS: std::ops::Range<u32> = 2..65_535;

/// The ports nodes give to services.
const NODE_PORTS: std::ops::RangeInclusive<i64> = 30_000..=32_767;

/// What services have, so that no two have the same.
#[derive(Debug, Default)]
pub(crate) struct Addresses {
    cluster: BTreeSet<String>,
    ports: BTreeSet<i64>,
}

/// An address or port a service cannot have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OutOfAddresses {
    /// The field that asked for it.
    pub(crate) field: String,
    /// What it asked for.
    pub(crate) value: Json,
    /// Why it cannot have it.
    pub(crate) why: String,
}

impl Addresses {
    /// The addresses and ports of these services.
    pub(crate) fn of<'a>(services: impl IntoIterator<Item = &'a Json>) -> Self {
        let mut taken = Self::default();
        for service in services {
            let list = service.pointer("/spec/clusterIPs").and_then(Json::as_array);
            let addresses = list.into_iter().flatten().filter_map(Json::as_str);
            taken.cluster.extend(addresses.map(str::to_owned));
            taken.ports.extend(node_ports(service));
        }
        taken
    }

    /// Gives a service what it lacks. The addresses must not be those of the service itself.
    // Parity: Kubernetes, pkg/registry/core/service/storage/alloc.go.
    pub(crate) fn give(&mut self, service: &mut Json) -> Result<(), OutOfAddresses> {
        let kind = text(service, "/spec/type").to_owned();
        if kind == "ExternalName" {
            return Ok(());
        }
        self.give_address(service)?;
        if matches!(kind.as_str(), "NodePort" | "LoadBalancer")
            && service.pointer("/spec/allocateLoadBalancerNodePorts") != Some(&json!(false))
        {
            self.give_ports(service)?;
        }
        Ok(())
    }

    fn give_address(&mut self, service: &mut Json) -> Result<(), OutOfAddresses> {
        let wanted = match text(service, "/spec/clusterIP") {
            "" => text(service, "/spec/clusterIPs/0").to_owned(),
            address => address.to_owned(),
        };
        let headless = wanted == "None";
        let address = match wanted.as_str() {
            "" => self.free_address().ok_or_else(|| OutOfAddresses {
                field: "spec.clusterIPs[0]".to_owned(),
                value: json!([]),
                why: "failed to allocate a serviceIP: range is full".to_owned(),
            })?,
            "None" => wanted,
            _ if self.cluster.contains(&wanted) => {
                return Err(OutOfAddresses {
                    field: "spec.clusterIPs".to_owned(),
                    value: json!([wanted]),
                    why: format!(
                        "failed to allocate IP {wanted}: provided IP is already allocated"
                    ),
                });
            }
            _ => wanted,
        };
        if !headless {
            self.cluster.insert(address.clone());
        }
        let both = headless && service.pointer("/spec/selector").is_none();
        let (families, policy) = if both {
            (json!(["IPv4", "IPv6"]), "RequireDualStack")
        } else {
            (json!(["IPv4"]), "SingleStack")
        };
        set(service, &["spec"], "clusterIPs", json!([address]));
        set(service, &["spec"], "clusterIP", json!(address));
        for (name, value) in [("ipFamilies", families), ("ipFamilyPolicy", json!(policy))] {
            if service.pointer(&format!("/spec/{name}")).is_none() {
                set(service, &["spec"], name, value);
            }
        }
        Ok(())
    }

    fn give_ports(&mut self, service: &mut Json) -> Result<(), OutOfAddresses> {
        let ports = service
            .pointer_mut("/spec/ports")
            .and_then(Json::as_array_mut);
        for (index, port) in ports.into_iter().flatten().enumerate() {
            let wanted = port
                .get("nodePort")
                .and_then(Json::as_i64)
                .filter(|number| *number != 0);
            let refuse = |why: &str| OutOfAddresses {
                field: format!("spec.ports[{index}].nodePort"),
                value: wanted.into(),
                why: why.to_owned(),
            };
            let number = match wanted {
                None => NODE_PORTS
                    .clone()
                    .find(|number| !self.ports.contains(number))
                    .ok_or_else(|| refuse("failed to allocate a nodePort: range is full"))?,
                Some(number) if !NODE_PORTS.contains(&number) => {
                    return Err(refuse(
                        "provided port is not in the valid range. The range of valid ports is 30000-32767",
                    ));
                }
                Some(number) if self.ports.contains(&number) => {
                    return Err(refuse("provided port is already allocated"));
                }
                Some(number) => number,
            };
            self.ports.insert(number);
            port["nodePort"] = number.into();
        }
        Ok(())
    }

    fn free_address(&self) -> Option<String> {
        HOSTS
            .map(|host| Ipv4Addr::from_bits(NETWORK.to_bits() + host).to_string())
            .find(|address| !self.cluster.contains(address))
    }
}

/// Whether services of a type have ports on every node.
fn has_node_ports(service: &Json) -> bool {
    matches!(text(service, "/spec/type"), "NodePort" | "LoadBalancer")
}

/// Takes from the new form of a service what its old type was given and its new one does not have.
// Parity: Kubernetes, pkg/registry/core/service/strategy.go, dropTypeDependentFields: only what was left as it was.
pub(super) fn drop_what_the_type_has_not(old: &Json, new: &mut Json) {
    if has_node_ports(old) && !has_node_ports(new) && node_ports(old).eq(node_ports(new)) {
        let ports = new.pointer_mut("/spec/ports").and_then(Json::as_array_mut);
        for port in ports.into_iter().flatten().filter_map(Json::as_object_mut) {
            port.remove("nodePort");
        }
    }
    let same = |name: &str, new: &Json| {
        let path = format!("/spec/{name}");
        old.pointer(&path) == new.pointer(&path)
    };
    let loses_address =
        text(old, "/spec/type") != "ExternalName" && text(new, "/spec/type") == "ExternalName";
    if loses_address && same("clusterIP", new) && same("clusterIPs", new) {
        for name in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
            put(new, &["spec"], name, None);
        }
    }
}

/// Copies to the new form of a service what it was given and says nothing about.
// Parity: Kubernetes, pkg/registry/core/service/storage/storage.go, patchAllocatedValues.
pub(super) fn keep(old: &Json, new: &mut Json) {
    if text(new, "/spec/type") == "ExternalName" || text(old, "/spec/type") == "ExternalName" {
        return;
    }
    let unsaid = |new: &Json, name: &str| {
        new.pointer(&format!("/spec/{name}"))
            .is_none_or(|value| value == "" || value == &json!([]))
    };
    if unsaid(new, "clusterIP") && unsaid(new, "clusterIPs") {
        for name in ["clusterIP", "clusterIPs"] {
            put(
                new,
                &["spec"],
                name,
                old.pointer(&format!("/spec/{name}")).cloned(),
            );
        }
    }
    for name in ["ipFamilies", "ipFamilyPolicy", "healthCheckNodePort"] {
        if unsaid(new, name) {
            put(
                new,
                &["spec"],
                name,
                old.pointer(&format!("/spec/{name}")).cloned(),
            );
        }
    }
    if has_node_ports(new) {
        keep_node_ports(old, new);
    }
}

fn keep_node_ports(old: &Json, new: &mut Json) {
    let known = old
        .pointer("/spec/ports")
        .and_then(Json::as_array)
        .cloned()
        .unwrap_or_default();
    let same = |left: &Json, right: &Json| {
        ["port", "protocol"]
            .iter()
            .all(|name| left.get(name) == right.get(name))
    };
    let ports = new.pointer_mut("/spec/ports").and_then(Json::as_array_mut);
    for port in ports
        .into_iter()
        .flatten()
        .filter(|port| port.get("nodePort").is_none())
    {
        let number = known
            .iter()
            .find(|other| same(other, port))
            .and_then(|other| other.get("nodePort"));
        if let (Some(number), Some(fields)) = (number, port.as_object_mut()) {
            fields.insert("nodePort".to_owned(), number.clone());
        }
    }
}

fn node_ports(service: &Json) -> impl Iterator<Item = i64> {
    let ports = service.pointer("/spec/ports").and_then(Json::as_array);
    ports
        .into_iter()
        .flatten()
        .filter_map(|port| port.get("nodePort").and_then(Json::as_i64))
}

fn text<'a>(object: &'a Json, path: &str) -> &'a str {
    object
        .pointer(path)
        .and_then(Json::as_str)
        .unwrap_or_default()
}
