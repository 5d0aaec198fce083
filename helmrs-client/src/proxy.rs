//! Which servers are asked through a proxy, and which one.
// Parity: Go, golang.org/x/net/http/httpproxy, which every client of the reference asks.

mod exception;

use reqwest::{ClientBuilder, Proxy};
use url::Url;

use self::exception::Exceptions;

/// Why a server is not asked at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ProxyError {
    /// A client of a CGI program may set this variable by a header.
    #[error("refusing to use HTTP_PROXY value in CGI environment; see golang.org/s/cgihttpproxy")]
    Gateway,
}

/// The proxies a user has named.
#[derive(Clone, Debug)]
pub(crate) struct Proxies {
    http: Option<Url>,
    https: Option<Url>,
    exceptions: Exceptions,
    /// Whether this program answers requests of the web.
    is_gateway: bool,
}

impl Proxies {
    /// The proxies that this process's environment names.
    pub(crate) fn of_this_process() -> Self {
        Self::new(|name| std::env::var(name).ok())
    }

    /// The proxies that variables name, big letters before small ones.
    fn new(variable: impl Fn(&str) -> Option<String>) -> Self {
        let any = |names: [&str; 2]| {
            let values = names.into_iter().filter_map(&variable);
            values.into_iter().find(|value| !value.is_empty())
        };
        Self {
            http: any(["HTTP_PROXY", "http_proxy"]).and_then(|text| address(&text)),
            https: any(["HTTPS_PROXY", "https_proxy"]).and_then(|text| address(&text)),
            exceptions: Exceptions::parse(&any(["NO_PROXY", "no_proxy"]).unwrap_or_default()),
            is_gateway: variable("REQUEST_METHOD").is_some_and(|method| !method.is_empty()),
        }
    }

    /// The proxy through which a server is asked, if through any.
    pub(crate) fn of(&self, url: &Url) -> Result<Option<&Url>, ProxyError> {
        let proxy = match url.scheme() {
            "https" => self.https.as_ref(),
            "http" if self.http.is_some() && self.is_gateway => return Err(ProxyError::Gateway),
            "http" => self.http.as_ref(),
            _ => None,
        };
        Ok(proxy.filter(|_| !self.exceptions.hold_for(url)))
    }

    /// Lets a client ask through them, and heed no other variables.
    pub(crate) fn configure(&self, builder: ClientBuilder) -> ClientBuilder {
        let proxies = self.clone();
        // Parity: a refusal is told before the client is asked for anything.
        let choose = move |url: &Url| proxies.of(url).ok().flatten().cloned();
        builder.proxy(Proxy::custom(choose))
    }
}

/// The address of a proxy, which may lack its scheme; one that is none is as good as not there.
fn address(text: &str) -> Option<Url> {
    let whole = Url::parse(text).ok().filter(Url::has_host);
    whole.or_else(|| Url::parse(&format!("http://{text}")).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The proxy for a URL in an environment, or why there is none.
    fn proxy(variables: &[(&str, &str)], url: &str) -> Option<String> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_string())
        };
        let proxies = Proxies::new(variable);
        match proxies.of(&Url::parse(url).unwrap()) {
            Ok(proxy) => proxy.map(ToString::to_string),
            Err(error) => Some(error.to_string()),
        }
    }

    #[test]
    fn each_scheme_has_its_own_proxy() {
        let variables = [("HTTP_PROXY", "http://one:1"), ("HTTPS_PROXY", "two:2")];
        let of = |url| proxy(&variables, url);
        assert_eq!(of("http://a.example"), Some("http://one:1/".into()));
        assert_eq!(of("https://a.example"), Some("http://two:2/".into()));
        assert_eq!(of("ftp://a.example"), None);
    }

    #[test]
    fn big_letters_go_before_small_ones_and_others_do_not_count() {
        let of = |variables: &[_]| proxy(variables, "http://a.example");
        let both = [("http_proxy", "http://small"), ("HTTP_PROXY", "http://big")];
        assert_eq!(of(&both), Some("http://big/".into()));
        let empty = [("http_proxy", "http://small"), ("HTTP_PROXY", "")];
        assert_eq!(of(&empty), Some("http://small/".into()));
        assert_eq!(of(&[("ALL_PROXY", "http://all")]), None);
        assert_eq!(of(&[("HTTP_PROXY", "a b")]), None);
    }

    #[test]
    fn a_gateway_believes_no_variable_that_a_request_can_set() {
        let variables = [
            ("HTTP_PROXY", "http://evil"),
            ("HTTPS_PROXY", "http://good"),
            ("REQUEST_METHOD", "GET"),
        ];
        let refusal = ProxyError::Gateway.to_string();
        assert_eq!(proxy(&variables, "http://a.example"), Some(refusal));
        assert_eq!(
            proxy(&variables, "https://a.example"),
            Some("http://good/".into())
        );
        assert_eq!(proxy(&variables[2..], "http://a.example"), None);
    }
}
