//! The layers between a request and the network: kube's own, but for who believes certificates and where tokens come from.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderValue, Uri};
use http_body_util::BodyExt;
use hyper::rt::{Read, Write};
use hyper_rustls::{FixedServerNameResolver, HttpsConnector, HttpsConnectorBuilder};
use hyper_timeout::TimeoutConnector;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::legacy::connect::{Connection, HttpConnector};
use hyper_util::rt::TokioExecutor;
use kube::client::{Body, ConfigExt};
use kube::{Client, Config};
use rustls::ClientConfig;
use rustls::pki_types::{CertificateDer, ServerName};
use tower::filter::AsyncFilterLayer;
use tower::{BoxError, Service, ServiceBuilder};
use tower_http::decompression::DecompressionLayer;

use super::credentials::Credentials;
use crate::tls::Verifier;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(30);

/// A client of the server that a configuration names.
pub(super) fn client(config: &Config, credentials: Option<Credentials>) -> Result<Client, String> {
    let tls = encryption(config)?;
    let mut plain = HttpConnector::new();
    plain.enforce_http(false);
    let Some(proxy) = config.proxy_url.clone() else {
        return stack(plain, config, tls, credentials);
    };
    match proxy.scheme_str() {
        Some("socks5") => stack(SocksV5::new(proxy, plain), config, tls, credentials),
        Some("http") => {
            let tunnel = authorized(Tunnel::new(proxy.clone(), plain), &proxy);
            stack(tunnel, config, tls, credentials)
        }
        Some("https") => {
            let encrypted = HttpsConnectorBuilder::new()
                .with_tls_config(tls.clone())
                .https_or_http()
                .enable_http1()
                .wrap_connector(plain);
            let tunnel = authorized(Tunnel::new(proxy.clone(), encrypted), &proxy);
            stack(tunnel, config, tls, credentials)
        }
        scheme => {
            let scheme = scheme.unwrap_or_default();
            Err(format!("proxy: unknown scheme: {scheme}"))
        }
    }
}

/// TLS as the configuration wants it.
fn encryption(config: &Config) -> Result<ClientConfig, String> {
    let mut tls = config
        .rustls_client_config()
        .map_err(|error| error.to_string())?;
    if !config.accept_invalid_certs {
        let authorities = config.root_cert.as_ref().map(|authorities| {
            let authorities = authorities.iter().cloned();
            authorities.map(CertificateDer::from).collect()
        });
        let verifier = authorities.map_or_else(Verifier::system, Verifier::given);
        let verifier = verifier.map_err(|problem| match config.root_cert.as_deref() {
            Some([]) => {
                "unable to load root certificates: unable to parse bytes as PEM block".to_string()
            }
            _ => problem,
        })?;
        tls.dangerous().set_certificate_verifier(Arc::new(verifier));
    }
    Ok(tls)
}

/// Shows the proxy the name and password of its address.
fn authorized<C>(tunnel: Tunnel<C>, proxy: &Uri) -> Tunnel<C> {
    let named = proxy
        .authority()
        .and_then(|authority| authority.as_str().rsplit_once('@'));
    let header = named.and_then(|(user, _)| {
        let user: Vec<u8> = percent_encoding::percent_decode_str(user).collect();
        HeaderValue::try_from(format!("Basic {}", STANDARD.encode(user))).ok()
    });
    match header {
        Some(header) => tunnel.with_auth(header),
        None => tunnel,
    }
}

fn stack<H>(
    connector: H,
    config: &Config,
    tls: ClientConfig,
    credentials: Option<Credentials>,
) -> Result<Client, String>
where
    H: Service<Uri> + Clone + Send + Sync + 'static,
    H::Response: Connection + Read + Write + Send + Unpin + 'static,
    H::Future: Send + 'static,
    H::Error: std::error::Error + Send + Sync + 'static,
{
    let mut connector = TimeoutConnector::new(encrypted(connector, config, tls)?);
    connector.set_connect_timeout(config.connect_timeout.or(Some(CONNECT)));
    let network =
        hyper_util::client::legacy::Builder::new(TokioExecutor::new()).build::<_, Body>(connector);
    let problem = |error: kube::Error| error.to_string();
    let service = ServiceBuilder::new()
        .map_response(|response: http::Response<_>| {
            response.map(|body| BodyExt::map_err(body, BoxError::from).boxed_unsync())
        })
        .layer(config.base_uri_layer())
        .layer(DecompressionLayer::new().gzip(!config.disable_compression))
        .option_layer(config.auth_layer().map_err(problem)?)
        .option_layer(credentials.map(AsyncFilterLayer::new))
        .layer(config.extra_headers_layer().map_err(problem)?)
        .map_err(BoxError::from)
        .service(network);
    Ok(Client::new(service, config.default_namespace.clone()))
}

fn encrypted<H>(
    connector: H,
    config: &Config,
    tls: ClientConfig,
) -> Result<HttpsConnector<H>, String> {
    let mut builder = HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http();
    if let Some(name) = config.tls_server_name.clone() {
        let name = ServerName::try_from(name).map_err(|error| error.to_string())?;
        builder = builder.with_server_name_resolver(FixedServerNameResolver::new(name));
    }
    Ok(builder.enable_http1().wrap_connector(connector))
}
