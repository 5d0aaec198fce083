//! What a registry answers, read no further than it may be.

use std::io::Read;
use std::time::Duration;

use flate2::read::MultiGzDecoder;
use helmrs_core::registry::answer::problems;
use http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, HeaderName};
use http::{HeaderValue, Method, StatusCode};
use reqwest::Response;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use url::Url;

use super::{Patience, RegistryError, Request};
use crate::event::{Event, Watch};

/// The most that is read of a refusal.
const REFUSAL: usize = 8 << 10;

/// An answer, and the request it is to.
pub(in crate::registry) struct Answer {
    request: Request,
    url: Url,
    response: Response,
    patience: Patience,
}

impl Answer {
    pub(super) fn new(request: Request, url: Url, response: Response, patience: Patience) -> Self {
        Self {
            request,
            url,
            response,
            patience,
        }
    }

    pub(in crate::registry) fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// Where the answer came from.
    pub(in crate::registry) fn url(&self) -> &Url {
        &self.url
    }

    pub(in crate::registry) fn header(&self, name: impl Into<HeaderName>) -> Option<&str> {
        self.response.headers().get(name.into())?.to_str().ok()
    }

    /// What the answered request showed.
    pub(in crate::registry) fn authorization(&self) -> Option<&HeaderValue> {
        self.request.headers.get(AUTHORIZATION)
    }

    /// How long the content is, if the answer says so.
    // Parity: Go, net/http/transport.go: of what it expands itself, the length is not known.
    pub(in crate::registry) fn length(&self) -> Option<u64> {
        if self.is_compressed() {
            return None;
        }
        self.header(CONTENT_LENGTH)?.parse().ok()
    }

    fn is_compressed(&self) -> bool {
        self.request.method != Method::HEAD
            && self
                .header(CONTENT_ENCODING)
                .is_some_and(|encoding| encoding.eq_ignore_ascii_case("gzip"))
    }

    /// The answer is not what it should be.
    pub(in crate::registry) fn wrong(&self, problem: impl Into<String>) -> RegistryError {
        RegistryError::Answer {
            method: self.request.method.to_string(),
            url: self.request.url.clone(),
            problem: problem.into(),
        }
    }

    /// What goes wrong because of the answer.
    pub(in crate::registry) fn because(&self, source: RegistryError) -> RegistryError {
        RegistryError::Request {
            method: self.request.method.to_string(),
            url: self.request.url.clone(),
            source: Box::new(source),
        }
    }

    /// The answer is a refusal.
    pub(in crate::registry) async fn refusal(mut self) -> RegistryError {
        let (text, _) = self.read(REFUSAL, None).await;
        let status = self.status();
        let message = problems(&text)
            .unwrap_or_else(|| status.canonical_reason().unwrap_or_default().to_string());
        RegistryError::Status {
            method: self.request.method.to_string(),
            url: self.request.url.clone(),
            code: status.as_u16(),
            message,
        }
    }

    /// The content up to so many bytes, and what stopped it before its end.
    pub(in crate::registry) async fn read(
        &mut self,
        most: usize,
        watch: Option<&dyn Watch>,
    ) -> (Vec<u8>, Option<Stopped>) {
        if !self.is_compressed() {
            return self.read_plain(most, watch).await;
        }
        // What cannot be made smaller becomes a little larger.
        let (bytes, stopped) = self.read_plain(most + most / 64 + 1024, watch).await;
        let mut expanded = Vec::new();
        let limit = most as u64 + 1;
        let outcome = MultiGzDecoder::new(&*bytes)
            .take(limit)
            .read_to_end(&mut expanded);
        let stopped = match outcome {
            _ if expanded.len() > most => Some(Stopped::Limit),
            Err(_) => Some(stopped.unwrap_or(Stopped::Broken)),
            Ok(_) => stopped,
        };
        expanded.truncate(most);
        (expanded, stopped)
    }

    async fn read_plain(
        &mut self,
        most: usize,
        watch: Option<&dyn Watch>,
    ) -> (Vec<u8>, Option<Stopped>) {
        let mut bytes = Vec::new();
        let end = Instant::now() + self.patience.to_move(most as u64);
        loop {
            let late = end.min(Instant::now() + self.patience.answer);
            let piece = match timeout_at(late, self.response.chunk()).await {
                Err(_) => return (bytes, Some(Stopped::Late)),
                Ok(Err(_)) => return (bytes, Some(Stopped::Broken)),
                Ok(Ok(None)) => return (bytes, None),
                Ok(Ok(Some(piece))) => piece,
            };
            let room = most - bytes.len();
            bytes.extend_from_slice(&piece[..piece.len().min(room)]);
            if piece.len() > room {
                return (bytes, Some(Stopped::Limit));
            }
            if let Some(watch) = watch {
                let (done, total) = (bytes.len() as u64, most as u64);
                watch.event(Event::Transferred { done, total });
            }
        }
    }
}

/// Why content was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::registry) enum Stopped {
    /// There is more than is wanted.
    Limit,
    /// It broke off.
    Broken,
    /// It took too long.
    Late,
}

/// Whether what should speak TLS speaks HTTP, which is worth saying: it is asked once more, and told nothing.
pub(super) async fn speaks_http(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let port = url.port_or_known_default().unwrap_or_default();
    let asked = async {
        let mut stream = TcpStream::connect((host, port)).await.ok()?;
        // The beginning of a handshake, and an end of line for servers that wait for one.
        stream
            .write_all(b"\x16\x03\x01\x00\x04\x01\x00\x00\x00\r\n\r\n")
            .await
            .ok()?;
        let mut start = [0; 5];
        stream.read_exact(&mut start).await.ok()?;
        Some(start)
    };
    let start = timeout(Duration::from_secs(2), asked).await;
    start.ok().flatten() == Some(*b"HTTP/")
}
