//! Which proxy a request goes through, by the environment.
// Parity: Go, golang.org/x/net/http/httpproxy/proxy.go.

use std::net::IpAddr;

use url::Url;

/// The proxies of an environment, and whom none of them is for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies {
    http: Option<Url>,
    https: Option<Url>,
    exceptions: Vec<Exception>,
}

/// Whom no proxy is for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Exception {
    Everybody,
    Network {
        address: IpAddr,
        bits: u32,
    },
    Address {
        address: IpAddr,
        port: Option<String>,
    },
    /// Hosts whose names end so; the name without its dot is meant as well unless it was written with one.
    Domain {
        ending: String,
        port: Option<String>,
        and_itself: bool,
    },
}

impl Proxies {
    /// The proxies that the variables of this process name.
    pub(crate) fn from_environment() -> Self {
        Self::new(|name| std::env::var(name).ok())
    }

    fn new(variable: impl Fn(&str) -> Option<String>) -> Self {
        let any = |upper: &str, lower: &str| {
            let names = [upper, lower].into_iter();
            names.filter_map(&variable).find(|text| !text.is_empty())
        };
        // Within CGI the variable holds what a client sent as a header.
        let is_cgi = variable("REQUEST_METHOD").is_some_and(|method| !method.is_empty());
        let http = any("HTTP_PROXY", "http_proxy").filter(|_| !is_cgi);
        Self {
            http: http.as_deref().and_then(address),
            https: any("HTTPS_PROXY", "https_proxy")
                .as_deref()
                .and_then(address),
            exceptions: any("NO_PROXY", "no_proxy")
                .iter()
                .flat_map(|list| list.split(','))
                .filter_map(exception)
                .collect(),
        }
    }

    /// The proxy for a request; none if it goes straight.
    pub(crate) fn of(&self, target: &Url) -> Option<Url> {
        let proxy = match target.scheme() {
            "https" => self.https.as_ref()?,
            "http" => self.http.as_ref()?,
            _ => return None,
        };
        let host = target.host_str()?.trim_matches(['[', ']']).to_lowercase();
        let port = target.port_or_known_default()?.to_string();
        let ip = host.parse::<IpAddr>().ok().map(|ip| ip.to_canonical());
        let is_here = host == "localhost" || ip.is_some_and(|ip| ip.is_loopback());
        let is_excepted = || {
            self.exceptions
                .iter()
                .any(|exception| exception.holds(&host, &port, ip))
        };
        (!is_here && !is_excepted()).then(|| proxy.clone())
    }

    /// For the library that fetches.
    pub(crate) fn into_reqwest(self) -> reqwest::Proxy {
        reqwest::Proxy::custom(move |target| self.of(target))
    }
}

impl Exception {
    fn holds(&self, host: &str, port: &str, ip: Option<IpAddr>) -> bool {
        let is_port = |wanted: &Option<String>| wanted.as_ref().is_none_or(|wanted| wanted == port);
        match self {
            Self::Everybody => true,
            Self::Network { address, bits } => ip.is_some_and(|ip| shares(*address, ip, *bits)),
            Self::Address { address, port } => ip == Some(*address) && is_port(port),
            Self::Domain {
                ending,
                port,
                and_itself,
            } => (host.ends_with(ending) || *and_itself && host == &ending[1..]) && is_port(port),
        }
    }
}

/// Whether two addresses begin with the same bits.
fn shares(one: IpAddr, other: IpAddr, bits: u32) -> bool {
    match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) => {
            (one.to_bits() ^ other.to_bits()).leading_zeros() >= bits
        }
        (IpAddr::V6(one), IpAddr::V6(other)) => {
            (one.to_bits() ^ other.to_bits()).leading_zeros() >= bits
        }
        _ => false,
    }
}

/// A proxy's address, which may leave out `http://`.
fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok().filter(Url::has_host);
    url.or_else(|| Url::parse(&format!("http://{text}")).ok())
}

fn exception(text: &str) -> Option<Exception> {
    let text = text.trim().to_lowercase();
    if text == "*" {
        return Some(Exception::Everybody);
    }
    if let Some((address, bits)) = text.split_once('/')
        && let (Ok(address), Ok(bits)) = (address.parse::<IpAddr>(), bits.parse())
        && bits <= if address.is_ipv4() { 32 } else { 128 }
    {
        return Some(Exception::Network { address, bits });
    }
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => {
            (host, Some(port.to_string()))
        }
        _ => (text.as_str(), None),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = host.parse::<IpAddr>() {
        let address = address.to_canonical();
        return Some(Exception::Address { address, port });
    }
    let domain = host
        .strip_prefix('*')
        .filter(|rest| rest.starts_with('.'))
        .unwrap_or(host);
    let and_itself = !domain.starts_with('.');
    let dot = if and_itself { "." } else { "" };
    (!domain.is_empty()).then(|| Exception::Domain {
        ending: format!("{dot}{domain}"),
        port,
        and_itself,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a request goes through a proxy where a list names exceptions.
    fn goes(list: &str, target: &str) -> bool {
        let proxies = Proxies::new(|name| match name {
            "HTTP_PROXY" | "https_proxy" => Some("proxy:3128".to_owned()),
            "no_proxy" => Some(list.to_owned()),
            _ => None,
        });
        let found = proxies.of(&Url::parse(target).unwrap());
        assert!(
            found
                .as_ref()
                .is_none_or(|url| url.as_str() == "http://proxy:3128/")
        );
        found.is_some()
    }

    #[test]
    fn exceptions_are_read_as_go_reads_them() {
        for (list, target, expected) in [
            ("", "https://example.com", true),
            ("", "ftp://example.com", false),
            ("", "http://localhost:1", false),
            ("", "http://127.9.9.9", false),
            ("", "https://[::1]:2", false),
            ("", "http://localhost.example", true),
            ("*", "http://example.com", false),
            ("example.com", "http://example.com", false),
            ("example.com", "http://a.example.com", false),
            ("example.com", "http://anexample.com", true),
            (".example.com", "http://example.com", true),
            (".example.com", "http://a.example.com", false),
            ("*.example.com", "http://a.example.com", false),
            ("*.example.com", "http://example.com", true),
            ("example.com:8080", "http://example.com", true),
            ("example.com:8080", "http://example.com:8080", false),
            ("example.com:443", "https://example.com", false),
            (" EXAMPLE.com ,x", "http://Example.com", false),
            ("10.0.0.0/8", "http://10.1.2.3", false),
            ("10.0.0.0/8", "http://11.1.2.3", true),
            ("10.0.0.0/33", "http://10.1.2.3", true),
            ("10.1.2.3", "http://10.1.2.3:9", false),
            ("10.1.2.3:8", "http://10.1.2.3:9", true),
            ("fd00::/8", "http://[fd00::1]", false),
            ("[fd00::1]:80", "http://[fd00::1]", false),
            ("fd00::1", "http://[fd00::1]:8", false),
            (":80", "http://example.com", true),
            (",,", "http://example.com", true),
        ] {
            assert_eq!(goes(list, target), expected, "{list:?} {target}");
        }
    }

    #[test]
    fn a_script_of_a_server_believes_no_header() {
        let proxies = Proxies::new(|name| match name {
            "HTTP_PROXY" | "HTTPS_PROXY" => Some("http://user:word@proxy".to_owned()),
            "REQUEST_METHOD" => Some("GET".to_owned()),
            _ => None,
        });
        assert!(proxies.of(&Url::parse("http://a").unwrap()).is_none());
        assert!(proxies.of(&Url::parse("https://a").unwrap()).is_some());
    }
}
