//! The servers that are asked directly, whatever proxy there is: `NO_PROXY`.
// Parity: Go, golang.org/x/net/http/httpproxy/proxy.go, useProxy and init.

use std::net::IpAddr;

use ipnet::IpNet;
use url::{Host, Url};

/// What one word of the list stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Exception {
    /// Every server.
    Everything,
    /// The addresses of a network.
    Network(IpNet),
    /// One address, on one port or any.
    Address { address: IpAddr, port: String },
    /// A name's subdomains, on one port or any.
    Domain {
        /// With a dot before it.
        suffix: String,
        port: String,
        /// Whether the name itself is meant as well.
        is_meant_itself: bool,
    },
}

/// All that is asked directly.
#[derive(Clone, Debug, Default)]
pub(super) struct Exceptions(Vec<Exception>);

impl Exceptions {
    /// The exceptions a list names, separated by commas; what cannot be read is left out.
    pub(super) fn parse(list: &str) -> Self {
        let words = list.split(',').map(|word| word.trim().to_lowercase());
        Self(words.filter_map(|word| exception(&word)).collect())
    }

    /// Whether a server is asked directly; this machine always is.
    pub(super) fn hold_for(&self, url: &Url) -> bool {
        let port = url.port_or_known_default().unwrap_or_default().to_string();
        match url.host() {
            None => false,
            Some(Host::Domain("localhost")) => true,
            Some(Host::Domain(name)) => self.0.iter().any(|one| one.holds_for_name(name, &port)),
            Some(Host::Ipv4(address)) => self.hold_for_address(address.into(), &port),
            Some(Host::Ipv6(address)) => self.hold_for_address(address.into(), &port),
        }
    }

    fn hold_for_address(&self, address: IpAddr, port: &str) -> bool {
        let address = address.to_canonical();
        let mut exceptions = self.0.iter();
        address.is_loopback() || exceptions.any(|one| one.holds_for_address(address, port))
    }
}

impl Exception {
    fn holds_for_address(&self, wanted: IpAddr, wanted_port: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Network(network) => network.contains(&wanted),
            Self::Address { address, port } => *address == wanted && is_port(port, wanted_port),
            // Parity: an address is held against names too, digit by digit.
            Self::Domain { .. } => self.holds_for_name(&wanted.to_string(), wanted_port),
        }
    }

    fn holds_for_name(&self, name: &str, wanted_port: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Domain {
                suffix,
                port,
                is_meant_itself,
            } => {
                let is_name = *is_meant_itself && suffix[1..] == *name;
                (name.ends_with(suffix) || is_name) && is_port(port, wanted_port)
            }
            Self::Network(_) | Self::Address { .. } => false,
        }
    }
}

fn is_port(port: &str, wanted: &str) -> bool {
    port.is_empty() || port == wanted
}

fn exception(word: &str) -> Option<Exception> {
    if word == "*" {
        return Some(Exception::Everything);
    }
    if let Ok(network) = word.parse() {
        return Some(Exception::Network(network));
    }
    let (host, port) = split(word);
    if let Ok(address) = host.parse::<IpAddr>() {
        let address = address.to_canonical();
        return Some(Exception::Address { address, port });
    }
    let host = host
        .strip_prefix('*')
        .filter(|rest| rest.starts_with('.'))
        .unwrap_or(&host);
    let name = host.strip_prefix('.').unwrap_or(host);
    if name.is_empty() {
        return None;
    }
    Some(Exception::Domain {
        suffix: format!(".{}", ascii(name)),
        port,
        is_meant_itself: name == host,
    })
}

/// A host without its brackets, and a port, which is empty if there is none.
// Parity: Go, net.SplitHostPort.
fn split(word: &str) -> (String, String) {
    let whole = || (word.to_string(), String::new());
    if let Some(rest) = word.strip_prefix('[') {
        let parts = rest.split_once("]:");
        return parts.map_or_else(whole, |(host, port)| (host.to_string(), port.to_string()));
    }
    match word.split_once(':') {
        Some((host, port)) if !port.contains(':') => (host.to_string(), port.to_string()),
        _ => whole(),
    }
}

/// A name as servers are asked for it.
fn ascii(name: &str) -> String {
    let is_foreign = !name.is_ascii();
    let parsed = is_foreign.then(|| Host::parse(name).ok()).flatten();
    parsed.map_or_else(|| name.to_string(), |host| host.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_asked_directly_as_the_list_says() {
        for (list, url, is_direct) in [
            ("", "http://localhost:8080", true),
            ("", "http://127.1.2.3", true),
            ("", "http://[::1]:80", true),
            ("", "http://localhost.example", false),
            ("*", "https://a.example", true),
            ("b.example, * ,c.example", "https://10.0.0.1", true),
            ("a.example", "http://a.example", true),
            ("a.example", "http://www.a.example", true),
            ("a.example", "http://wwwa.example", false),
            (".a.example", "http://a.example", false),
            (".a.example", "http://www.a.example", true),
            ("*.a.example", "http://a.example", false),
            ("*.a.example", "http://www.a.example", true),
            ("*a.example", "http://wwwa.example", false),
            ("A.Example", "http://a.EXAMPLE", true),
            ("a.example:8080", "http://a.example", false),
            ("a.example:8080", "http://a.example:8080", true),
            ("a.example:443", "https://a.example", true),
            (".a.example:80", "http://www.a.example", true),
            ("10.0.0.0/8", "http://10.9.8.7:81", true),
            ("10.0.0.0/8", "http://11.9.8.7", false),
            ("10.0.0.1", "http://10.0.0.1:9", true),
            ("10.0.0.1:8", "http://10.0.0.1:9", false),
            ("10.0.0.1:9", "http://10.0.0.1:9", true),
            ("fd00::/8", "http://[fd12::1]", true),
            ("[fd12::1]:80", "http://[fd12::1]", true),
            ("fd12::1", "http://[fd12::1]:81", true),
            ("::ffff:10.0.0.1", "http://10.0.0.1", true),
            (".0.0.1", "http://10.0.0.1", true),
            (":80", "http://a.example", false),
            (",,", "http://a.example", false),
            ("bücher.example", "http://bücher.example", true),
        ] {
            let held = Exceptions::parse(list).hold_for(&Url::parse(url).unwrap());
            assert_eq!(held, is_direct, "{url} with {list:?}");
        }
    }
}
