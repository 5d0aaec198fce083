//! `pods/NAME/log`: fetched from the node the pod is on, if there is such a node.

use std::sync::Arc;
use std::time::Duration;

use http::Request as HttpRequest;
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, SignatureScheme};
use serde_json::Value as Json;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::read::request;
use super::reply::{self, Reply};
use super::{Call, Place};
use crate::controllers::LOGS_ANNOTATION;
use crate::error::ApiError;
use crate::objects::{Objects, Request};

/// How long a node may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Answers with the log of a container.
pub(super) async fn answer(
    objects: &Objects,
    call: &Call,
    place: &Place,
) -> Result<Reply, ApiError> {
    let request = request(call, place);
    let pod = objects.get(&request)?;
    let container = container(&pod, &request.name, call.query.text("container"))?;
    let node = pod["spec"]["nodeName"].as_str().unwrap_or_default();
    let Some(port) = port_of(objects, node) else {
        // Nothing runs in a sandbox: the log is what the pod says it is.
        let log = pod["metadata"]["annotations"][LOGS_ANNOTATION].as_str();
        return Ok(reply::text(log.unwrap_or_default().to_owned()));
    };
    let path = format!(
        "/containerLogs/{}/{}/{container}",
        request.namespace, request.name
    );
    let log = tokio::time::timeout(PATIENCE, fetch(port, &path))
        .await
        .map_err(|_| ApiError::internal("the node did not answer"))?
        .map_err(ApiError::internal)?;
    Ok(reply::text(log))
}

/// The container asked for, or the only one.
fn container(pod: &Json, pod_name: &str, asked: &str) -> Result<String, ApiError> {
    let names = |list: &str| {
        let containers = pod["spec"][list].as_array().into_iter().flatten();
        let names = containers.filter_map(|container| container["name"].as_str());
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    let (regular, init) = (names("containers"), names("initContainers"));
    if !asked.is_empty() {
        let known = regular.iter().chain(&init).any(|name| name == asked);
        return if known {
            Ok(asked.to_owned())
        } else {
            Err(ApiError::bad_request(format!(
                "container {asked} is not valid for pod {pod_name}"
            )))
        };
    }
    match regular.as_slice() {
        [only] => Ok(only.clone()),
        many => Err(ApiError::bad_request(format!(
            "a container name must be specified for pod {pod_name}, choose one of: [{}]",
            many.join(" ")
        ))),
    }
}

/// The port of a node's kubelet on this machine.
fn port_of(objects: &Objects, node: &str) -> Option<u16> {
    let kind = objects.kind("v1", "Node")?;
    let node = objects.get(&Request::new(&kind, "", node, "")).ok()?;
    let port = node["status"]["daemonEndpoints"]["kubeletEndpoint"]["Port"].as_u64()?;
    u16::try_from(port).ok().filter(|port| *port > 0)
}

type FetchError = Box<dyn std::error::Error + Send + Sync>;

/// Asks a node of this machine, over loopback alone.
async fn fetch(port: u16, path: &str) -> Result<String, FetchError> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AnyCertificate))
        .with_no_client_auth();
    let name = ServerName::try_from("localhost")?;
    let stream = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let request = HttpRequest::get(path)
        .header("host", "localhost")
        .body(Empty::<bytes::Bytes>::new())?;
    let answer = sender.send_request(request).await?;
    let bytes = answer.into_body().collect().await?.to_bytes();
    connection.abort();
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Kubelets sign their own certificates, as an API server expects of them.
#[derive(Debug)]
struct AnyCertificate;

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        rustls::crypto::ring::default_provider()
            .signature_verification_algorithms
            .supported_schemes()
    }
}
