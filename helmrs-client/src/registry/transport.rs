//! Requests to a registry and to where it sends them: redirects, second attempts, limits.
// Parity: Go, net/http/client.go; oras.land/oras-go/v2, registry/remote/retry; Helm, pkg/registry/transport.go.

mod answer;

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures::stream;
use helmrs_gotemplate::url::Url as GoUrl;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, HeaderName, LOCATION, RETRY_AFTER,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use tokio::time::{sleep, timeout};
use url::Url;

pub(super) use self::answer::{Answer, Stopped};
use super::error::RegistryError;
use crate::cluster::transport::{self, operation};
use crate::cluster::{AGENT, install_cryptography};
use crate::event::{Event, Watch};
use crate::tls::{self, TlsOptions};

/// How many requests one may lead to.
const REDIRECTS: usize = 10;

/// How big the pieces of an upload are.
const PIECE: usize = 64 << 10;

/// How often it is told how far an upload is.
const TICK: Duration = Duration::from_millis(100);

/// How long a registry is waited for, and how often it is asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How long an answer, and each piece of it, may take.
    pub answer: Duration,
    /// How many bytes a second content has to come or go at, as soon as that time is over.
    pub slowest: u64,
    /// How many more attempts there are when a registry is busy.
    pub attempts: u32,
    /// How long the first of them is put off; each further one is put off twice as long.
    pub pause: Duration,
    /// How many pages of tags are read.
    pub pages: usize,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            answer: Duration::from_secs(120),
            slowest: 4 << 10,
            attempts: 5,
            pause: Duration::from_millis(250),
            pages: 10_000,
        }
    }
}

impl Patience {
    /// How long it may take to move so much.
    fn to_move(self, bytes: u64) -> Duration {
        self.answer + Duration::from_secs(bytes / self.slowest.max(1))
    }
}

/// What a request carries.
#[derive(Clone, Default)]
pub(super) enum Body {
    /// Nothing.
    #[default]
    None,
    /// Something that is no secret, sent again wherever that is asked for.
    Content(Bytes),
    /// Something large that is sent once.
    Once(Bytes),
    /// Something that only the host it is meant for may see.
    Secret(Bytes),
}

impl Body {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::None => &[],
            Self::Content(bytes) | Self::Once(bytes) | Self::Secret(bytes) => bytes,
        }
    }
}

/// It may hold a password.
impl std::fmt::Debug for Body {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} bytes", self.bytes().len())
    }
}

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) method: Method,
    pub(super) url: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Body,
}

impl Request {
    pub(super) fn new(method: Method, url: String) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: Body::None,
        }
    }

    pub(super) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    pub(super) fn with_body(self, body: Body) -> Self {
        Self { body, ..self }
    }

    /// The same request, as somebody.
    pub(super) fn authorized(&self, value: &HeaderValue) -> Self {
        self.clone().with_header(AUTHORIZATION, value.clone())
    }

    /// No answer came.
    fn failed(&self, problem: impl Into<String>) -> RegistryError {
        RegistryError::Transport {
            operation: operation(&self.method),
            url: self.url.clone(),
            problem: problem.into(),
        }
    }
}

/// Sends requests.
#[derive(Clone, Debug)]
pub(super) struct Transport {
    client: Client,
    patience: Patience,
}

impl Transport {
    pub(super) fn new(tls: &TlsOptions, patience: Patience) -> Result<Self, RegistryError> {
        install_cryptography();
        let problem = |problem: String| RegistryError::Tls { problem };
        // The library would accept anything in so many words; the reference says nothing.
        let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(""))]);
        let builder = Client::builder()
            .user_agent(AGENT)
            .default_headers(headers)
            .connect_timeout(Duration::from_secs(30).min(patience.answer))
            .redirect(Policy::none())
            .http1_only();
        let builder = tls::configure(builder, tls).map_err(problem)?;
        let client = builder.build();
        let client = client.map_err(|error| problem(tls::key_pair(&error)))?;
        Ok(Self { client, patience })
    }

    /// Sends a request, and again to wherever the answers point.
    pub(super) async fn send(
        &self,
        request: &Request,
        watch: &dyn Watch,
    ) -> Result<Answer, RegistryError> {
        let mut hop = request.clone();
        let mut url = parse(&hop)?;
        for _ in 0..REDIRECTS {
            let response = self.attempt(&hop, &url, watch).await?;
            let Some(location) = redirect(&hop, &response) else {
                return Ok(Answer::new(hop, url, response, self.patience));
            };
            let next = join(&url, &location).map_err(|error| {
                hop.failed(format!(
                    "failed to parse Location header \"{location}\": {error}"
                ))
            })?;
            hop.url = location;
            hop = follow(hop, &url, &next, response.status())?;
            url = next;
        }
        let operation = operation(&request.method);
        Err(RegistryError::Transport {
            operation,
            url: hop.url,
            problem: format!("stopped after {REDIRECTS} redirects"),
        })
    }

    /// Sends a request to one place, again if that place is busy.
    async fn attempt(
        &self,
        request: &Request,
        url: &Url,
        watch: &dyn Watch,
    ) -> Result<Response, RegistryError> {
        let mut pause = self.patience.pause;
        let is_repeatable = !matches!(request.body, Body::Once(_));
        let mut attempts = if is_repeatable {
            self.patience.attempts
        } else {
            0
        };
        loop {
            let outcome = self.once(request, url, watch).await;
            let wait = match &outcome {
                Ok(response) if is_busy(response.status()) => retry_after(response),
                Err(error) if error.is_connecting_late() => None,
                _ => {
                    attempts = 0;
                    None
                }
            };
            if attempts == 0 {
                return match outcome {
                    Ok(response) => Ok(response),
                    Err(error) => Err(self.problem(request, url, &error).await),
                };
            }
            attempts -= 1;
            sleep(wait.unwrap_or(pause).min(self.patience.pause * 12)).await;
            pause *= 2;
        }
    }

    async fn once(
        &self,
        request: &Request,
        url: &Url,
        watch: &dyn Watch,
    ) -> Result<Response, Failure> {
        let mut builder = self
            .client
            .request(request.method.clone(), url.clone())
            .headers(request.headers.clone());
        if request.method != Method::HEAD {
            builder = builder.header(ACCEPT_ENCODING, "gzip");
        }
        let size = request.body.bytes().len() as u64;
        let sent = Arc::new(AtomicU64::new(0));
        builder = match &request.body {
            Body::Once(bytes) => builder
                .header(CONTENT_LENGTH, size)
                .body(pieces(bytes, sent.clone())),
            Body::None if request.method == Method::POST => builder.header(CONTENT_LENGTH, 0),
            Body::None => builder,
            Body::Content(bytes) | Body::Secret(bytes) => builder.body(bytes.clone()),
        };
        let mut answer = pin!(timeout(self.patience.to_move(size), builder.send()));
        loop {
            tokio::select! {
                outcome = &mut answer => return match outcome {
                    Ok(outcome) => outcome.map_err(Failure::Library),
                    Err(_) => Err(Failure::Late),
                },
                () = sleep(TICK), if matches!(request.body, Body::Once(_)) => {
                    let done = sent.load(Ordering::Relaxed);
                    watch.event(Event::Transferred { done, total: size });
                }
            }
        }
    }

    /// Why no answer came.
    async fn problem(&self, request: &Request, url: &Url, failure: &Failure) -> RegistryError {
        let problem = match failure {
            Failure::Late => "net/http: timeout awaiting response headers".to_string(),
            Failure::Library(error) => {
                let problem = transport::problem(error, url.as_str());
                if problem == transport::NOT_TLS && answer::speaks_http(url).await {
                    // Parity: Go, net/http/transport.go, tlsHandshake errors that begin with "HTTP/".
                    "http: server gave HTTP response to HTTPS client".to_string()
                } else {
                    problem
                }
            }
        };
        request.failed(problem)
    }
}

/// Why one attempt had no answer.
enum Failure {
    Library(reqwest::Error),
    Late,
}

impl Failure {
    /// Whether nobody took the connection in time.
    fn is_connecting_late(&self) -> bool {
        matches!(self, Self::Library(error) if error.is_connect() && error.is_timeout())
    }
}

fn parse(request: &Request) -> Result<Url, RegistryError> {
    Url::parse(&request.url).map_err(|error| match error {
        url::ParseError::InvalidPort => {
            let authority = request.url.split('/').nth(2).unwrap_or_default();
            let port = authority.rsplit(':').next().unwrap_or_default();
            request.failed(format!("dial tcp: address {port}: invalid port"))
        }
        error => request.failed(error.to_string()),
    })
}

/// Where a location leads to from a URL.
fn join(url: &Url, location: &str) -> Result<Url, String> {
    url.join(location).map_err(|error| {
        // In Go's words, if it finds anything wrong at all.
        let parsed = GoUrl::parse(location.as_bytes());
        parsed.map_or_else(|error| error.to_string(), |_| error.to_string())
    })
}

/// An upload in pieces, which counts what has left.
fn pieces(bytes: &Bytes, sent: Arc<AtomicU64>) -> reqwest::Body {
    let bytes = bytes.clone();
    let steps = (0..bytes.len()).step_by(PIECE);
    reqwest::Body::wrap_stream(stream::iter(steps.map(move |start| {
        let end = bytes.len().min(start + PIECE);
        sent.store(start as u64, Ordering::Relaxed);
        Ok::<_, Infallible>(bytes.slice(start..end))
    })))
}

/// Whether a registry may have an answer later.
fn is_busy(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS
    ) || status.as_u16() >= 500
}

fn retry_after(response: &Response) -> Option<Duration> {
    let seconds = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    let seconds: u64 = seconds.parse().ok()?;
    (response.status() == StatusCode::TOO_MANY_REQUESTS && seconds > 0)
        .then(|| Duration::from_secs(seconds))
}

/// Where an answer points, if it is to be followed.
fn redirect(request: &Request, response: &Response) -> Option<String> {
    let repeats = match response.status().as_u16() {
        301..=303 => false,
        307 | 308 => true,
        _ => return None,
    };
    if repeats && matches!(request.body, Body::Once(_)) {
        return None;
    }
    let location = response.headers().get(LOCATION)?;
    Some(String::from_utf8_lossy(location.as_bytes()).into_owned()).filter(|to| !to.is_empty())
}

/// The request that follows a redirect.
// Parity: Go, net/http/client.go, redirectBehavior; oras-go drops the authorization for every other origin.
fn follow(
    mut request: Request,
    from: &Url,
    to: &Url,
    status: StatusCode,
) -> Result<Request, RegistryError> {
    let is_elsewhere = !is_same_origin(from, to);
    if is_elsewhere {
        request.headers.remove(AUTHORIZATION);
    }
    if !matches!(to.scheme(), "http" | "https") {
        let scheme = to.scheme();
        return Err(request.failed(format!("unsupported protocol scheme \"{scheme}\"")));
    }
    if matches!(status.as_u16(), 301..=303) {
        if request.method != Method::HEAD {
            request.method = Method::GET;
        }
        request.body = Body::None;
        request.headers.remove(http::header::CONTENT_TYPE);
    } else if is_elsewhere && matches!(request.body, Body::Secret(_)) {
        // The reference would tell the other host the password.
        return Err(request.failed("refused to send credentials to another host"));
    }
    Ok(request)
}

/// Whether two URLs have scheme, host and port in common.
pub(super) fn is_same_origin(one: &Url, other: &Url) -> bool {
    one.scheme() == other.scheme()
        && one.host_str() == other.host_str()
        && one.port_or_known_default() == other.port_or_known_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn request(body: Body) -> Request {
        Request::new(Method::POST, "https://a/v2/".to_string())
            .with_body(body)
            .authorized(&HeaderValue::from_static("Basic x"))
    }

    #[test]
    fn authorization_stays_with_scheme_host_and_port() {
        let from = url("https://a/v2/");
        let keeps = |to: &str| {
            let next = follow(
                request(Body::None),
                &from,
                &url(to),
                StatusCode::TEMPORARY_REDIRECT,
            );
            next.unwrap().headers.contains_key(AUTHORIZATION)
        };
        assert!(keeps("https://a:443/b"));
        assert!(!keeps("https://a:444/b"));
        assert!(!keeps("http://a/b"));
        assert!(!keeps("https://b.a/b"));
    }

    #[test]
    fn a_secret_is_not_repeated_elsewhere() {
        let from = url("https://a/token");
        let secret = || request(Body::Secret(Bytes::from_static(b"password")));
        let there = url("https://b/token");
        assert!(follow(secret(), &from, &there, StatusCode::PERMANENT_REDIRECT).is_err());
        let next = follow(secret(), &from, &there, StatusCode::FOUND).unwrap();
        assert_eq!(next.method, Method::GET);
        assert!(next.body.bytes().is_empty());
        let here = url("https://a/other");
        assert!(follow(secret(), &from, &here, StatusCode::PERMANENT_REDIRECT).is_ok());
    }

    #[test]
    fn files_of_this_machine_are_no_place_to_be_sent_to() {
        let error = follow(
            request(Body::None),
            &url("https://a"),
            &url("file:///etc/passwd"),
            StatusCode::FOUND,
        );
        assert!(
            error
                .unwrap_err()
                .to_string()
                .contains("unsupported protocol scheme")
        );
    }
}
