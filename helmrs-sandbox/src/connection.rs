//! A client for a sandbox in another process, for what no Kubernetes client asks.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{AUTHORIZATION, HOST};
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value as Json;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// Where a sandbox is and how to be let in.
#[derive(Clone)]
pub struct Connection {
    /// Its URL.
    pub url: String,
    /// The certificate to trust, in PEM.
    pub authority: String,
    /// The administrator's bearer token.
    pub token: String,
}

impl std::fmt::Debug for Connection {
    /// Without the token, which must not end up in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// Why a sandbox gave no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectionError {
    /// What is known of it cannot be used.
    #[error("no sandbox at {0:?}")]
    Place(String),
    /// It cannot be reached.
    #[error("connect to the sandbox")]
    Connect(#[from] std::io::Error),
    /// Its certificate is not the one to trust.
    #[error("trust the sandbox")]
    Trust(#[from] rustls::Error),
    /// It does not speak HTTP.
    #[error("talk to the sandbox")]
    Talk(#[from] hyper::Error),
    /// The request cannot be written.
    #[error("ask the sandbox")]
    Ask(#[from] http::Error),
    /// It refused.
    #[error("{0}")]
    Refused(String),
}

impl Connection {
    /// Every object, as JSON of kind `List`.
    pub async fn dump(&self) -> Result<String, ConnectionError> {
        let answer = self.send(Method::GET, Bytes::new()).await?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    /// Loads objects as [`Sandbox::load`](crate::Sandbox::load) does; says how many.
    pub async fn load(&self, objects: String) -> Result<u64, ConnectionError> {
        let answer = self.send(Method::POST, objects.into()).await?;
        let answer: Json = serde_json::from_slice(&answer).unwrap_or_default();
        Ok(answer["loaded"].as_u64().unwrap_or_default())
    }

    async fn send(&self, method: Method, body: Bytes) -> Result<Bytes, ConnectionError> {
        let address: Option<SocketAddr> = self
            .url
            .strip_prefix("https://")
            .and_then(|address| address.parse().ok());
        let address = address.ok_or_else(|| ConnectionError::Place(self.url.clone()))?;
        let stream = TcpStream::connect(address).await?;
        let connector = TlsConnector::from(Arc::new(self.tls()?));
        let stream = connector
            .connect(ServerName::IpAddress(address.ip().into()), stream)
            .await?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        let connection = tokio::spawn(connection);
        let request = Request::builder()
            .method(method)
            .uri(crate::api::OBJECTS_PATH)
            .header(HOST, address.to_string())
            .header(AUTHORIZATION, format!("Bearer {}", self.token))
            .body(Full::new(body))?;
        let answer = sender.send_request(request).await?;
        let status = answer.status();
        let bytes = answer.into_body().collect().await?.to_bytes();
        connection.abort();
        if status == StatusCode::OK {
            return Ok(bytes);
        }
        let refusal: Json = serde_json::from_slice(&bytes).unwrap_or_default();
        let text = refusal["message"].as_str().unwrap_or(status.as_str());
        Err(ConnectionError::Refused(text.to_owned()))
    }

    fn tls(&self) -> Result<ClientConfig, ConnectionError> {
        let bad = || ConnectionError::Place(self.url.clone());
        let authority =
            CertificateDer::from_pem_slice(self.authority.as_bytes()).map_err(|_| bad())?;
        let mut roots = RootCertStore::empty();
        roots.add(authority)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        Ok(ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth())
    }
}
