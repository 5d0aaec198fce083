//! One HTTP exchange with the API server.

use std::sync::Arc;

use helmrs_core::yaml::{Value, json};
use http::{HeaderValue, Method, Response};
use http_body_util::BodyExt;
use kube::client::Body;
use url::{Url, form_urlencoded};

use super::error::{Answer, ApiError};
use super::pace::Pace;
use super::transport;

/// What most requests accept in return.
pub(crate) const JSON: &str = "application/json";

/// How many times a server that asks for patience is asked again.
const PATIENCE: u32 = 10;

/// A request to the API server, path and query apart.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    method: Method,
    path: String,
    query: Vec<(&'static str, String)>,
    accept: &'static str,
    content: Option<(&'static str, Vec<u8>)>,
    /// Whether the server's account of a failure is read, or its HTTP status alone.
    account: bool,
}

impl Request {
    pub(crate) fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            query: Vec::new(),
            accept: JSON,
            content: None,
            account: true,
        }
    }

    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    /// Adds a query parameter.
    pub(crate) fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    pub(crate) fn accept(mut self, accept: &'static str) -> Self {
        self.accept = accept;
        self
    }

    pub(crate) fn body(mut self, content_type: &'static str, body: Vec<u8>) -> Self {
        self.content = Some((content_type, body));
        self
    }

    /// Words a failure by its HTTP status, whatever the server says of it.
    // Parity: client-go, rest.Result.Raw: discovery never looks into the body of a failure.
    pub(crate) fn without_account(mut self) -> Self {
        self.account = false;
        self
    }

    /// The path with the query, parameters sorted by name as Go's url.Values.Encode writes them.
    fn target(&self) -> String {
        if self.query.is_empty() {
            return self.path.clone();
        }
        let mut query = self.query.clone();
        query.sort_by_key(|(name, _)| *name);
        let mut encoded = form_urlencoded::Serializer::new(String::new());
        for (name, value) in &query {
            encoded.append_pair(name, value);
        }
        format!("{}?{}", self.path, encoded.finish())
    }

    fn to_http(&self) -> Result<http::Request<Body>, ApiError> {
        let mut builder = http::Request::builder()
            .method(self.method.clone())
            .uri(self.target())
            .header(http::header::ACCEPT, self.accept);
        let body = match &self.content {
            Some((content_type, body)) => {
                builder = builder.header(
                    http::header::CONTENT_TYPE,
                    HeaderValue::from_static(content_type),
                );
                body.clone()
            }
            None => Vec::new(),
        };
        builder
            .body(Body::from(body))
            .map_err(|error| ApiError::Impossible {
                message: error.to_string(),
            })
    }
}

/// The way to one API server.
#[derive(Clone)]
pub(crate) struct Connection {
    client: kube::Client,
    /// The server's address, as errors name it.
    address: String,
    /// The proxy on the way there.
    proxy: Option<Url>,
    /// How fast requests may follow each other, if that was asked for.
    pace: Option<Arc<Pace>>,
}

impl Connection {
    pub(super) fn new(client: kube::Client, address: String, pace: Option<Pace>) -> Self {
        Self {
            client,
            pace: pace.map(Arc::new),
            address: address.trim_end_matches('/').to_string(),
            proxy: None,
        }
    }

    /// Says which proxy is on the way.
    pub(super) fn through(self, proxy: Option<Url>) -> Self {
        Self { proxy, ..self }
    }

    /// Sends a request and returns the body of the answer.
    pub(crate) async fn send(&self, request: Request) -> Result<Vec<u8>, ApiError> {
        let response = self.open(&request).await?;
        let (_, body) = response.into_parts();
        let bytes = body
            .collect()
            .await
            .map_err(|error| self.transport(&request, &error))?;
        Ok(bytes.to_bytes().to_vec())
    }

    /// Sends a request and returns the answer as JSON.
    pub(crate) async fn json(&self, request: Request) -> Result<Value, ApiError> {
        let bytes = self.send(request).await?;
        json::parse(&bytes).map_err(|error| ApiError::Malformed {
            message: error.to_string(),
        })
    }

    /// Sends a request and returns the answer once its head is there; failures are read whole.
    pub(crate) async fn open(&self, request: &Request) -> Result<Response<Body>, ApiError> {
        let mut patience = PATIENCE;
        loop {
            if let Some(pace) = &self.pace {
                pace.turn().await;
            }
            let response = self
                .client
                .send(request.to_http()?)
                .await
                .map_err(|error| self.transport(request, &error))?;
            let code = response.status().as_u16();
            if (200..=206).contains(&code) {
                return Ok(response);
            }
            if let Some(pause) = retry_after(&response).filter(|_| patience > 0) {
                patience -= 1;
                tokio::time::sleep(std::time::Duration::from_secs(pause)).await;
                continue;
            }
            return Err(self.failure(request, code, response).await);
        }
    }

    async fn failure(&self, request: &Request, code: u16, response: Response<Body>) -> ApiError {
        let is_text = response
            .headers()
            .get(http::header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.starts_with("text/"));
        let body = match response.into_body().collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) => return self.transport(request, &error),
        };
        let answer = Answer {
            method: request.method.as_str(),
            code,
            is_text,
            body: &body,
        };
        if request.account {
            ApiError::from_answer(&answer)
        } else {
            ApiError::unexplained(&answer)
        }
    }

    fn transport(&self, request: &Request, error: &(dyn std::error::Error + 'static)) -> ApiError {
        ApiError::Transport {
            operation: transport::operation(&request.method),
            url: format!("{}{}", self.address, request.target()),
            problem: transport::problem_through(self.proxy.as_ref(), error, &self.address),
        }
    }
}

/// The seconds a server asks to wait before the same request may come again.
// Parity: client-go, rest/with_retry.go: 429 and 5xx with a Retry-After header.
fn retry_after(response: &Response<Body>) -> Option<u64> {
    let code = response.status().as_u16();
    if code != 429 && code < 500 {
        return None;
    }
    response
        .headers()
        .get(http::header::RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_parameters_are_sorted_and_escaped_as_go_does() {
        let request = Request::get("/api/v1/secrets")
            .query("labelSelector", "name=a,owner=helm")
            .query("force", "true");
        assert_eq!(
            request.target(),
            "/api/v1/secrets?force=true&labelSelector=name%3Da%2Cowner%3Dhelm"
        );
    }
}
