//! Addresses that only mean something to this machine, such as those where clouds hand out its credentials.

use std::error::Error;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Names under which clouds answer for a machine's identity, whatever they resolve to.
const METADATA_NAMES: [&str; 3] = ["metadata", "metadata.goog", "metadata.google.internal"];

/// Addresses outside the link-local networks where clouds do so.
const METADATA_ADDRESSES: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
];

/// Whether a URL leads to such an address without a name having to be resolved.
pub(super) fn is_named_by(url: &Url) -> bool {
    match url.host() {
        None => false,
        Some(Host::Ipv4(address)) => holds(address.into()),
        Some(Host::Ipv6(address)) => holds(address.into()),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            METADATA_NAMES
                .iter()
                .any(|known| name.eq_ignore_ascii_case(known))
        }
    }
}

/// Whether an address is one of them, also where IPv6 wraps one of IPv4.
fn holds(address: IpAddr) -> bool {
    let address = address.to_canonical();
    let is_local = match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    };
    is_local || METADATA_ADDRESSES.contains(&address)
}

/// Resolves names, but not to such addresses: a name may mean another address each time it is asked for, so what is
/// looked at has to be what is connected to.
pub(super) struct Resolver;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let found: Vec<_> = found.collect();
            if found.iter().any(|address| holds(address.ip())) {
                let refusal = io::Error::other(refusal(name.as_str()));
                return Err(Box::<dyn Error + Send + Sync>::from(refusal));
            }
            Ok::<Addrs, _>(Box::new(found.into_iter()))
        })
    }
}

/// Why nobody is asked.
pub(super) fn refusal(host: &str) -> String {
    format!("{host} is link-local or answers for the machine's identity, and is not asked")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_metadata_are_known_in_every_form() {
        for url in [
            "http://169.254.169.254/latest",
            "http://0xa9fea9fe/",
            "http://2852039166/",
            "http://[fe80::1]/",
            "http://[::ffff:169.254.169.254]/",
            "http://[fd00:ec2::254]/",
            "http://100.100.100.200/",
            "http://METADATA.google.internal./",
        ] {
            assert!(is_named_by(&Url::parse(url).unwrap()), "{url}");
        }
        for url in [
            "http://127.0.0.1/",
            "http://10.0.0.1/",
            "https://example.com/",
            "http://[::1]/",
        ] {
            assert!(!is_named_by(&Url::parse(url).unwrap()), "{url}");
        }
    }

    #[tokio::test]
    async fn names_are_resolved_to_other_addresses() {
        let name = |text: &str| text.parse::<Name>().unwrap();
        assert!(Resolver.resolve(name("127.0.0.1")).await.is_ok());
        assert!(Resolver.resolve(name("169.254.169.254")).await.is_err());
    }
}
