//! Requests to a registry and to where it sends them: redirects, second attempts, limits.
// Parity: Go, net/http/client.go; oras.land/oras-go/v2, registry/remote/retry; Helm, pkg/registry/transport.go.

mod answer;
mod redirect;
mod request;

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures::stream;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_LENGTH, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use tokio::time::{sleep, timeout};
use url::Url;

pub(super) use self::answer::{Answer, Stopped};
pub(super) use self::redirect::is_same_origin;
use self::redirect::{follow, join, redirect};
pub(super) use self::request::{Body, Request};
use super::Patience;
use super::error::RegistryError;
use crate::cluster::AGENT;
use crate::cluster::transport::{self, operation};
use crate::event::{Event, Watch};
use crate::proxy::Proxies;
use crate::tls::{self, TlsOptions};

/// How many requests one may lead to.
const REDIRECTS: usize = 10;

/// How big the pieces of an upload are.
const PIECE: usize = 64 << 10;

/// How often it is told how far an upload is.
const TICK: Duration = Duration::from_millis(100);

/// Sends requests.
#[derive(Clone, Debug)]
pub(super) struct Transport {
    client: Client,
    proxies: Proxies,
    patience: Patience,
}

impl Transport {
    pub(super) fn new(tls: &TlsOptions, patience: Patience) -> Result<Self, RegistryError> {
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
        let proxies = Proxies::of_this_process();
        let client = proxies.configure(builder).build();
        let client = client.map_err(|error| problem(crate::error::chain(&error)))?;
        Ok(Self {
            client,
            proxies,
            patience,
        })
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
            let refused = self.proxies.of(&url).err();
            if let Some(refusal) = refused {
                return Err(hop.failed(refusal.to_string()));
            }
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
                let proxy = self.proxies.of(url).ok().flatten();
                let problem = transport::problem_through(proxy, error, url.as_str());
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
