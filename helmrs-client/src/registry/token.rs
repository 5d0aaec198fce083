//! Tokens: had elsewhere, shown to the registry.
// Parity: oras.land/oras-go/v2, registry/remote/auth/client.go, fetchDistributionToken and fetchOAuth2Token.

use bytes::Bytes;
use helmrs_core::registry::{Credential, answer};
use helmrs_gotemplate::url::{Part, Url as GoUrl, escape};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, StatusCode};
use url::{Host, Url};

use super::authorization::basic;
use super::error::RegistryError;
use super::transport::{Answer, Body, Request, Transport};
use crate::event::Watch;

/// The most that is read of an answer.
const MOST: usize = 128 << 10;

/// What this program is called by those who ask.
const CLIENT: &str = "oras-go";

/// What token a registry wants.
pub(super) struct Wanted<'a> {
    /// Where it is had.
    pub(super) realm: &'a str,
    pub(super) service: &'a str,
    pub(super) scopes: &'a [String],
}

/// Refuses to ask for tokens where a registry has no business to send anybody: to other schemes, from TLS to none, to
/// addresses inside this network that are not the registry's own.
// Parity: oras-go, validateRealm.
pub(super) fn check_realm(realm: &str, registry: &str) -> Result<(), String> {
    if realm.is_empty() {
        return Ok(());
    }
    let unreadable = |error: &dyn std::fmt::Display| {
        format!("failed to parse bearer realm \"{realm}\": {error}")
    };
    let parsed = GoUrl::parse(realm.as_bytes()).map_err(|error| unreadable(&error))?;
    let registry = Url::parse(registry).ok();
    let is_secure = registry.as_ref().is_some_and(|url| url.scheme() == "https");
    match parsed.scheme.as_str() {
        "http" if is_secure => {
            return Err(format!(
                "bearer realm \"{realm}\" uses http but registry was contacted over https"
            ));
        }
        "https" | "http" => {}
        scheme => {
            return Err(format!(
                "bearer realm \"{realm}\" uses unsupported scheme \"{scheme}\""
            ));
        }
    }
    let url = Url::parse(realm).map_err(|error| unreadable(&error))?;
    let is_own = registry.is_some_and(|registry| registry.host() == url.host());
    if url.host().is_some_and(|host| is_inside(&host)) && !is_own {
        let host = url.host_str().unwrap_or_default();
        return Err(format!(
            "bearer realm host \"{host}\" is a loopback, link-local, private, or unspecified address"
        ));
    }
    Ok(())
}

/// Whether a host is an address that only this network knows.
fn is_inside(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(_) => false,
        Host::Ipv4(address) => {
            let is_local_multicast = address.octets()[..3] == [224, 0, 0];
            address.is_loopback()
                || address.is_link_local()
                || address.is_private()
                || address.is_unspecified()
                || is_local_multicast
        }
        Host::Ipv6(address) => match address.to_ipv4_mapped() {
            Some(address) => is_inside(&Host::Ipv4(address)),
            None => {
                address.is_loopback()
                    || address.is_unspecified()
                    || address.is_unicast_link_local()
                    || address.is_unique_local()
                    || address.segments()[0] == 0xff02
            }
        },
    }
}

/// Asks for a token.
pub(super) async fn fetch(
    transport: &Transport,
    wanted: &Wanted<'_>,
    credential: &Credential,
    oauth: bool,
    watch: &dyn Watch,
) -> Result<String, RegistryError> {
    let is_simple = credential.is_empty() || (credential.refresh_token.is_empty() && !oauth);
    let request = if is_simple {
        simple(wanted, credential)?
    } else {
        exchange(wanted, credential)?
    };
    let answer = transport.send(&request, watch).await?;
    if answer.status() != StatusCode::OK {
        return Err(answer.refusal().await);
    }
    read(answer, is_simple).await
}

/// A question with name and password.
fn simple(wanted: &Wanted<'_>, credential: &Credential) -> Result<Request, RegistryError> {
    let url = Url::parse(wanted.realm);
    let mut query: Vec<(String, String)> = match &url {
        Ok(url) => url.query_pairs().into_owned().collect(),
        Err(_) => Vec::new(),
    };
    if !wanted.service.is_empty() {
        query.retain(|(key, _)| key != "service");
        query.push(("service".to_string(), wanted.service.to_string()));
    }
    let scopes = wanted.scopes.iter();
    query.extend(scopes.map(|scope| ("scope".to_string(), scope.clone())));
    let query = encoded(query);
    let mut url = url.map_err(|_| RegistryError::Transport {
        operation: "Get".to_string(),
        url: format!("?{query}").trim_end_matches('?').to_string(),
        problem: "unsupported protocol scheme \"\"".to_string(),
    })?;
    url.set_query(
        Some(&query)
            .filter(|query| !query.is_empty())
            .map(String::as_str),
    );
    let mut request = Request::new(Method::GET, url.to_string());
    if !credential.username.is_empty() || !credential.password.is_empty() {
        request = request.with_header(AUTHORIZATION, basic(credential));
    }
    Ok(request)
}

/// An exchange of a password, or of another token.
fn exchange(wanted: &Wanted<'_>, credential: &Credential) -> Result<Request, RegistryError> {
    let mut form = vec![("client_id", CLIENT), ("service", wanted.service)];
    if !credential.refresh_token.is_empty() {
        form.push(("grant_type", "refresh_token"));
        form.push(("refresh_token", &credential.refresh_token));
    } else if credential.username.is_empty() || credential.password.is_empty() {
        return Err(RegistryError::IncompleteCredential { scheme: "bearer" });
    } else {
        form.push(("grant_type", "password"));
        form.push(("username", &credential.username));
        form.push(("password", &credential.password));
    }
    let scope = wanted.scopes.join(" ");
    if !scope.is_empty() {
        form.push(("scope", &scope));
    }
    let form = form
        .into_iter()
        .map(|(key, value)| (key.to_string(), value.to_string()));
    let body = Bytes::from(encoded(form.collect()));
    let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
    Ok(Request::new(Method::POST, wanted.realm.to_string())
        .with_header(CONTENT_TYPE, kind)
        .with_body(Body::Secret(body)))
}

/// Pairs as a query has them, sorted by their keys.
// Parity: Go, net/url/url.go, Values.Encode.
pub(super) fn encoded(mut pairs: Vec<(String, String)>) -> String {
    pairs.sort_by(|left, right| left.0.cmp(&right.0));
    let escaped =
        |text: &str| String::from_utf8_lossy(&escape(text.as_bytes(), Part::Query)).into_owned();
    let pairs = pairs
        .iter()
        .map(|(key, value)| format!("{}={}", escaped(key), escaped(value)));
    pairs.collect::<Vec<_>>().join("&")
}

async fn read(mut answer: Answer, old: bool) -> Result<String, RegistryError> {
    let (text, _) = answer.read(MOST, None).await;
    let token =
        answer::token(&text, old).map_err(|error| answer.because(RegistryError::Decode(error)))?;
    if token.is_empty() {
        return Err(answer.wrong("empty token returned"));
    }
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_not_asked_for_inside_the_network() {
        let refused = |realm: &str| check_realm(realm, "https://registry.example.com/v2/").is_err();
        assert!(!refused("https://auth.example.com/token"));
        assert!(!refused("https://8.8.8.8/token"));
        for realm in [
            "http://auth.example.com/token",
            "ftp://auth.example.com",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://169.254.169.254/latest",
            "https://10.0.0.1",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[fd00::1]/",
            "https://0.0.0.0",
            "token",
        ] {
            assert!(refused(realm), "{realm}");
        }
        assert!(check_realm("http://127.0.0.1:5001/token", "http://127.0.0.1:5000/v2/").is_ok());
        assert!(check_realm("http://127.0.0.2/token", "http://127.0.0.1/v2/").is_err());
    }

    #[test]
    fn a_question_names_every_scope() {
        let scopes = ["repository:a/b:pull".to_string(), "x".to_string()];
        let wanted = Wanted {
            realm: "https://a/token?scope=y&b=1",
            service: "s t",
            scopes: &scopes,
        };
        let request = simple(&wanted, &Credential::basic("ann", "secret")).unwrap();
        assert_eq!(
            request.url,
            "https://a/token?b=1&scope=y&scope=repository%3Aa%2Fb%3Apull&scope=x&service=s+t"
        );
        assert!(request.headers.contains_key(AUTHORIZATION));
        assert!(!format!("{request:?}").contains("YW5u"));
    }

    #[test]
    fn an_exchange_needs_a_password_or_a_token() {
        let wanted = Wanted {
            realm: "https://a",
            service: "s",
            scopes: &[],
        };
        assert!(exchange(&wanted, &Credential::basic("ann", "")).is_err());
        let credential = Credential {
            refresh_token: "t".to_string(),
            ..Credential::default()
        };
        assert!(exchange(&wanted, &credential).is_ok());
    }
}
