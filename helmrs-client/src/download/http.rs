//! One file fetched over HTTP.
// Parity: Helm, pkg/getter/httpgetter.go.

use std::io::Read;
use std::time::Duration;

use flate2::read::MultiGzDecoder;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, LOCATION,
};
use http::{HeaderMap, HeaderValue, Method};
use hyper::ext::ReasonPhrase;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use url::Url;

use super::link_local;
use super::meter::{Meter, Transfer};
use crate::cluster::AGENT;
use crate::cluster::transport;
use crate::event::{Event, Watch};
use crate::plugin::RunError;
use crate::proxy::Proxies;
use crate::tls;
pub use crate::tls::TlsOptions;

/// How long one fetch may take.
const TIMEOUT: Duration = Duration::from_secs(120);

/// The most that is read of a compressed answer.
const EXPANDED_LIMIT: usize = 100 << 20;

/// The most that is read where nobody says what would be too much; charts of a tenth of this cannot be loaded.
const MOST: usize = 1 << 30;

/// How many redirects are followed.
const REDIRECTS: usize = 10;

/// Why a file was not fetched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum FetchError {
    /// The text is no URL.
    #[error("unable to parse URL getting from: {problem}")]
    Url { problem: String },
    /// Certificates cannot be used.
    #[error("can't create TLS config for client: {problem}")]
    Tls { problem: String },
    /// No answer came.
    #[error("Get \"{url}\": {problem}")]
    Transport { url: String, problem: String },
    /// The answer broke off.
    #[error("unexpected EOF")]
    Truncated,
    /// The answer took too long.
    #[error(
        "context deadline exceeded (Client.Timeout or context cancellation while reading body)"
    )]
    TooSlow,
    /// The answer is bigger than anything that is wanted.
    #[error("the answer is larger than {most} bytes")]
    TooBig { most: usize },
    /// The answer is not the file.
    #[error("failed to fetch {url} : {status}")]
    Status { url: String, status: String },
    /// The plugin for the URL did not fetch it.
    #[error("plugin {plugin} failed to invoke")]
    Plugin {
        plugin: String,
        #[source]
        source: RunError,
    },
}

/// A user's name and password.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    /// The user's name.
    pub username: String,
    /// The user's password.
    pub password: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

impl Credentials {
    /// Whether there is anything to send.
    pub fn is_complete(&self) -> bool {
        !self.username.is_empty() && !self.password.is_empty()
    }
}

/// How a file is fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FetchOptions {
    /// The URL the credentials are meant for.
    pub owner: String,
    /// Who asks.
    pub credentials: Credentials,
    /// Whether the credentials go to every server rather than to their owner's alone.
    pub pass_credentials_all: bool,
    /// Certificates.
    pub tls: TlsOptions,
    /// What kind of file is wanted.
    pub accept: Option<&'static str>,
    /// Whether the server may compress what it sends.
    pub accept_gzip: bool,
    /// How long it may take; none stands for two minutes.
    pub timeout: Option<Duration>,
    /// How big it may be; none stands for a gibibyte.
    pub most_bytes: Option<usize>,
    /// Whether addresses are refused that mean something to this machine alone.
    pub refuse_link_local: bool,
}

/// Fetches a file.
pub async fn fetch(
    address: &str,
    options: &FetchOptions,
    watch: &dyn Watch,
) -> Result<Vec<u8>, FetchError> {
    fetch_among_others(address, options, &Meter::new(watch)).await
}

/// Fetches a file while others are fetched.
pub(super) async fn fetch_among_others(
    address: &str,
    options: &FetchOptions,
    meter: &Meter<'_>,
) -> Result<Vec<u8>, FetchError> {
    let url_of = ("url", address);
    meter.watch().event(Event::step("fetching", [url_of]));
    let response = ask(Method::GET, address, options).await?;
    let status = status(&response);
    let length = response.content_length();
    let shown = length.map_or_else(|| "-1".to_owned(), |length| length.to_string());
    let attributes = [url_of, ("status", &status), ("content-length", &shown)];
    let told = Event::step("fetch complete", attributes);
    meter.watch().event(told);
    if response.status() != reqwest::StatusCode::OK {
        return Err(FetchError::Status {
            url: address.to_string(),
            status,
        });
    }
    content(response, options, meter).await
}

/// Fetches what lies at a URL, whatever the server calls it.
pub(crate) async fn fetch_any(
    address: &str,
    options: &FetchOptions,
    watch: &dyn Watch,
) -> Result<Vec<u8>, FetchError> {
    let response = ask(Method::GET, address, options).await?;
    content(response, options, &Meter::new(watch)).await
}

/// What a server says a file is, without fetching it.
pub(crate) async fn media_type(
    address: &str,
    options: &FetchOptions,
) -> Result<String, FetchError> {
    let response = ask(Method::HEAD, address, options).await?;
    let media_type = response.headers().get(CONTENT_TYPE);
    let media_type = media_type.and_then(|media_type| media_type.to_str().ok());
    Ok(media_type.unwrap_or_default().to_owned())
}

/// Asks for something, wherever the answers point.
async fn ask(
    method: Method,
    address: &str,
    options: &FetchOptions,
) -> Result<Response, FetchError> {
    let url = Url::parse(address).map_err(|error| FetchError::Url {
        problem: error.to_string(),
    })?;
    let proxies = Proxies::of_this_process();
    let client = client(options, &proxies)?;
    follow(&client, &proxies, &method, url, address, options).await
}

/// What an answer holds.
async fn content(
    response: Response,
    options: &FetchOptions,
    meter: &Meter<'_>,
) -> Result<Vec<u8>, FetchError> {
    let length = response.content_length();
    let compressed = response
        .headers()
        .get(CONTENT_ENCODING)
        .is_some_and(|encoding| options.accept_gzip && encoding == "gzip");
    let most = options.most_bytes.unwrap_or(MOST);
    if length.is_some_and(|length| length > most as u64) {
        return Err(FetchError::TooBig { most });
    }
    let bytes = body(response, most, &meter.begin(length)).await?;
    if compressed {
        return expand(&bytes, most);
    }
    Ok(bytes)
}

/// The status of an answer in the server's words.
// Parity: Go shows what the server calls it.
fn status(response: &Response) -> String {
    let status = response.status();
    let words = match response.extensions().get::<ReasonPhrase>() {
        Some(words) => String::from_utf8_lossy(words.as_bytes()),
        None => status.canonical_reason().unwrap_or_default().into(),
    };
    let status = format!("{} {words}", status.as_u16());
    status.trim_end().to_string()
}

async fn body(
    mut response: Response,
    most: usize,
    transfer: &Transfer<'_>,
) -> Result<Vec<u8>, FetchError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error))? {
        if bytes.len() + chunk.len() > most {
            return Err(FetchError::TooBig { most });
        }
        bytes.extend_from_slice(&chunk);
        transfer.moved(chunk.len());
    }
    Ok(bytes)
}

/// Why an answer broke off.
fn broken(error: &reqwest::Error) -> FetchError {
    if error.is_timeout() {
        FetchError::TooSlow
    } else {
        FetchError::Truncated
    }
}

/// What a server compressed.
fn expand(bytes: &[u8], most: usize) -> Result<Vec<u8>, FetchError> {
    let most = most.min(EXPANDED_LIMIT);
    let mut expanded = Vec::new();
    let mut reader = MultiGzDecoder::new(bytes).take(most as u64 + 1);
    reader
        .read_to_end(&mut expanded)
        .map_err(|_| FetchError::Truncated)?;
    if expanded.len() > most {
        return Err(FetchError::TooBig { most });
    }
    Ok(expanded)
}

/// Sends the request, and again to wherever the answers point.
async fn follow(
    client: &Client,
    proxies: &Proxies,
    method: &Method,
    start: Url,
    address: &str,
    options: &FetchOptions,
) -> Result<Response, FetchError> {
    let mut credentials = may_send(options, &start).then_some(&options.credentials);
    let mut url = start.clone();
    let mut named = address.to_string();
    for _ in 0..REDIRECTS {
        if options.refuse_link_local && link_local::is_named_by(&url) {
            let problem = link_local::refusal(url.host_str().unwrap_or_default());
            return Err(FetchError::Transport {
                url: named,
                problem,
            });
        }
        let proxy = proxies.of(&url).map_err(|error| FetchError::Transport {
            url: named.clone(),
            problem: error.to_string(),
        })?;
        let mut request = client.request(method.clone(), url.clone());
        if let Some(accept) = options.accept {
            request = request.header(ACCEPT, accept);
        }
        if options.accept_gzip {
            request = request.header(ACCEPT_ENCODING, "gzip");
        }
        if let Some(credentials) = credentials.filter(|credentials| credentials.is_complete()) {
            request = request.header(AUTHORIZATION, basic(credentials));
        }
        let response = request
            .send()
            .await
            .map_err(|error| transport_error(proxy, &named, &error))?;
        let code = response.status().as_u16();
        let location = response
            .headers()
            .get(LOCATION)
            .and_then(|value| value.to_str().ok());
        let Some(location) = location.filter(|_| matches!(code, 301 | 302 | 303 | 307 | 308))
        else {
            return Ok(response);
        };
        named = location.to_string();
        url = url.join(location).map_err(|error| FetchError::Transport {
            url: named.clone(),
            problem: format!("failed to parse Location header \"{location}\": {error}"),
        })?;
        if !may_follow(&start, &url) {
            credentials = None;
        }
    }
    Err(FetchError::Transport {
        url: named,
        problem: format!("stopped after {REDIRECTS} redirects"),
    })
}

/// Whether the credentials are meant for this server.
pub(super) fn may_send(options: &FetchOptions, url: &Url) -> bool {
    options.pass_credentials_all
        || Url::parse(&options.owner).is_ok_and(|owner| is_same_origin(&owner, url))
}

/// Whether credentials go along where a server sends a request on to.
// Parity: Go, net/http/client.go, shouldCopyHeaderOnRedirect: ports do not count, subdomains may know. Go would show them in
// the clear, too.
fn may_follow(start: &Url, url: &Url) -> bool {
    let is_below = match (start.host_str(), url.host_str()) {
        (Some(start), Some(host)) => host == start || host.ends_with(&format!(".{start}")),
        _ => false,
    };
    is_below && (start.scheme() == "http" || url.scheme() == "https")
}

fn is_same_origin(one: &Url, other: &Url) -> bool {
    one.scheme() == other.scheme()
        && one.host_str() == other.host_str()
        && one.port() == other.port()
}

fn basic(credentials: &Credentials) -> HeaderValue {
    use base64::Engine;
    let text = format!("{}:{}", credentials.username, credentials.password);
    let encoded = base64::engine::general_purpose::STANDARD.encode(text);
    let mut value =
        HeaderValue::try_from(format!("Basic {encoded}")).expect("base64 is a header's text");
    value.set_sensitive(true);
    value
}

fn client(options: &FetchOptions, proxies: &Proxies) -> Result<Client, FetchError> {
    let problem = |problem: String| FetchError::Tls { problem };
    // The library would accept anything in so many words; the reference says nothing.
    let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(""))]);
    let mut builder = Client::builder()
        .user_agent(AGENT)
        .default_headers(headers)
        .timeout(options.timeout.unwrap_or(TIMEOUT))
        .redirect(Policy::none())
        .http1_only();
    if options.refuse_link_local {
        builder = builder.dns_resolver(link_local::Resolver);
    }
    let builder = tls::configure(builder, &options.tls).map_err(problem)?;
    let builder = proxies.configure(builder);
    builder
        .build()
        .map_err(|error| problem(crate::error::chain(&error)))
}

fn transport_error(proxy: Option<&Url>, url: &str, error: &reqwest::Error) -> FetchError {
    let address = error
        .url()
        .map_or_else(|| url.to_string(), ToString::to_string);
    let problem = if error.is_timeout() {
        "context deadline exceeded (Client.Timeout exceeded while awaiting headers)".to_string()
    } else {
        transport::problem_through(proxy, error, &address)
    };
    FetchError::Transport {
        url: redacted(url),
        problem,
    }
}

/// An address as it may be shown: without its password.
// Parity: Go, net/http/client.go, stripPassword.
pub(crate) fn redacted(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_string();
    };
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let named = authority
        .rsplit_once('@')
        .and_then(|(user, _)| user.split_once(':'));
    match named {
        Some((user, password)) => {
            let after = &rest[user.len() + 1 + password.len()..];
            format!("{scheme}://{user}:***{after}")
        }
        None => url.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(owner: &str) -> FetchOptions {
        FetchOptions {
            owner: owner.to_string(),
            ..FetchOptions::default()
        }
    }

    #[test]
    fn credentials_go_to_their_owner_alone() {
        let url = |text| Url::parse(text).unwrap();
        let options = options("https://charts.example.com/stable");
        assert!(may_send(&options, &url("https://charts.example.com/a.tgz")));
        assert!(!may_send(&options, &url("http://charts.example.com/a.tgz")));
        assert!(!may_send(
            &options,
            &url("https://charts.example.com:8443/a.tgz")
        ));
        assert!(!may_send(&options, &url("https://example.com/a.tgz")));
    }

    #[test]
    fn credentials_survive_a_redirect_to_the_same_host_only() {
        let url = |text| Url::parse(text).unwrap();
        let start = url("https://example.com/a");
        assert!(may_follow(&start, &url("https://example.com:99/b")));
        assert!(may_follow(&start, &url("https://cdn.example.com/b")));
        assert!(!may_follow(&start, &url("https://badexample.com/b")));
        assert!(!may_follow(&start, &url("http://example.com/b")));
        assert!(may_follow(
            &url("http://example.com/a"),
            &url("http://example.com/b")
        ));
    }

    #[test]
    fn an_address_is_shown_without_its_password() {
        for (url, shown) in [
            ("https://u:secret@h/a?b=c:d@e", "https://u:***@h/a?b=c:d@e"),
            ("https://u:se@cret@h", "https://u:***@h"),
            ("https://u@h/a", "https://u@h/a"),
            ("https://h/a:b@c", "https://h/a:b@c"),
            ("oci", "oci"),
        ] {
            assert_eq!(redacted(url), shown);
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let credentials = Credentials {
            username: "ann".into(),
            password: "secret".into(),
        };
        assert!(!format!("{credentials:?}").contains("secret"));
    }
}
