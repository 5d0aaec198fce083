//! From settings to a connection.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::USER_AGENT;
use http::{HeaderValue, Uri};
use kube::Config;
use kube::config::{
    AuthInfo, Context, KubeConfigOptions, Kubeconfig, NamedAuthInfo, NamedCluster, NamedContext,
};
use url::Url;

use super::credentials::Credentials;
use super::kubeconfig::{self, KubeconfigError, Selection};
use super::pace::Pace;
use super::request::Connection;
use super::service;
use super::settings::{ClusterAccess, ClusterSettings};
use crate::proxy::{Proxies, ProxyError};
use crate::tls::install_cryptography;

/// The program and version every request names; the server derives the owner of stored releases from it.
pub(crate) const AGENT: &str = "Helm/4.3.1";

/// The server that is meant when nothing names one.
const DEFAULT_SERVER: &str = "http://localhost:8080";

/// What the one context, cluster or user is called that has no name of its own.
const SELECTED: &str = "selected";

/// Why no connection can be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum ConnectError {
    /// The kubeconfig cannot be used.
    #[error(transparent)]
    Kubeconfig(#[from] KubeconfigError),
    /// The server's address is none.
    #[error("parse \"{address}\": {problem}")]
    Address { address: String, problem: String },
    /// The address names a protocol other than HTTP.
    #[error("Get \"{address}/version\": unsupported protocol scheme \"{scheme}\"")]
    Scheme { address: String, scheme: String },
    /// The server is not to be asked through the proxy there is.
    #[error("Get \"{address}/version\": {problem}")]
    Proxy { address: String, problem: String },
    /// The program that gives credentials does not.
    #[error("Get \"{address}/version\": getting credentials: {problem}")]
    Plugin { address: String, problem: String },
    /// Certificates or credentials cannot be used.
    #[error("{problem}")]
    Credentials { problem: String },
}

/// The way to the API server; nothing is sent yet.
pub(super) async fn open(access: &ClusterAccess) -> Result<Connection, ConnectError> {
    match access {
        ClusterAccess::Settings(settings) => connect(settings).await,
        // Where a client's requests go only the client knows.
        ClusterAccess::Client(client) => Ok(Connection::new(client.clone(), String::new(), None)),
    }
}

/// Sets up the way to the API server the settings name.
async fn connect(settings: &ClusterSettings) -> Result<Connection, ConnectError> {
    install_cryptography();
    let mut selection = kubeconfig::select(settings)?;
    let named = selection.cluster.proxy_url.clone();
    let named = named.filter(|proxy| !proxy.is_empty());
    let (mut config, address) = match &selection.cluster.server {
        None if selection.cluster_name.is_empty() && settings.token.is_none() => {
            match Config::incluster_env() {
                Ok(config) => {
                    let address = config.cluster_url.to_string();
                    (config, address)
                }
                Err(_) => (
                    Config::new(Uri::from_static(DEFAULT_SERVER)),
                    DEFAULT_SERVER.to_string(),
                ),
            }
        }
        server => {
            let address = server_address(server.as_deref().unwrap_or_default())?;
            if !address.starts_with("https://") {
                forget_credentials(&mut selection.user);
            }
            selection.cluster.server = Some(address.clone());
            (from_selection(selection).await?, address)
        }
    };
    config.proxy_url = proxy(named.as_deref(), &address)?;
    let pace = Pace::new(settings.queries_per_second, settings.burst);
    client(config, address, pace).await
}

/// The proxy through which the server is asked: the kubeconfig's, else that of the environment.
// Parity: client-go, rest/transport.go and Go, net/http, ProxyFromEnvironment: exceptions are for the environment's alone.
fn proxy(named: Option<&str>, address: &str) -> Result<Option<Uri>, ConnectError> {
    let failed = |problem: String| ConnectError::Proxy {
        address: address.to_string(),
        problem,
    };
    let chosen = match (named, Url::parse(address)) {
        (Some(named), _) => Some(named.to_string()),
        (None, Ok(url)) => Proxies::of_this_process()
            .of(&url)
            .map_err(|error: ProxyError| failed(error.to_string()))?
            .map(ToString::to_string),
        (None, Err(_)) => None,
    };
    let parse = |text: String| {
        text.parse()
            .map_err(|_| failed(format!("invalid proxy address \"{text}\"")))
    };
    chosen.map(parse).transpose()
}

async fn client(
    mut config: Config,
    address: String,
    pace: Option<Pace>,
) -> Result<Connection, ConnectError> {
    config
        .headers
        .push((USER_AGENT, HeaderValue::from_static(AGENT)));
    let credentials = credentials(&mut config.auth_info, &address).await?;
    let client = service::client(&config, credentials);
    let client = client.map_err(|problem| ConnectError::Credentials { problem })?;
    let proxy = config
        .proxy_url
        .and_then(|proxy| proxy.to_string().parse().ok());
    Ok(Connection::new(client, address, pace).through(proxy))
}

/// What shows tokens that may change; what stays as it is, is left to the library.
async fn credentials(
    user: &mut AuthInfo,
    address: &str,
) -> Result<Option<Credentials>, ConnectError> {
    let unusable = |problem: String| ConnectError::Credentials { problem };
    if let Some(path) = user.token_file.take().filter(|path| !path.is_empty()) {
        match Credentials::of_file(path.into()) {
            // The file's token is the newer one.
            Ok(credentials) => {
                user.token = None;
                return Ok(Some(credentials));
            }
            Err(_) if user.token.is_some() => return Ok(None),
            Err(problem) => return Err(unusable(problem)),
        }
    }
    let Some(mut plugin) = user.exec.take() else {
        return Ok(None);
    };
    kubeconfig::check_version(&mut plugin).map_err(unusable)?;
    if user.token.is_some() || user.username.is_some() {
        return Ok(None);
    }
    let given = Credentials::of_plugin(plugin).await;
    let (credentials, identity) = given.map_err(|problem| ConnectError::Plugin {
        address: address.to_string(),
        problem,
    })?;
    if let Some(identity) = identity {
        user.client_certificate_data = Some(STANDARD.encode(identity.certificate));
        user.client_key_data = Some(STANDARD.encode(identity.key).into());
    }
    Ok(Some(credentials))
}

/// The server's address with a scheme: plain HTTP, whatever certificates there are.
// Parity: client-go, tools/clientcmd/client_config.go, ClientConfig: the address is read before anything of TLS is.
fn server_address(server: &str) -> Result<String, ConnectError> {
    if server.is_empty() {
        return Ok(DEFAULT_SERVER.to_string());
    }
    let address = match server.split_once("://") {
        Some(_) => server.to_string(),
        None => format!("http://{server}"),
    };
    let address = address.trim_end_matches('/').to_string();
    if let Some((scheme, _)) = address.split_once("://")
        && !matches!(scheme, "http" | "https")
    {
        return Err(ConnectError::Scheme {
            scheme: scheme.to_string(),
            address,
        });
    }
    match address.parse::<Uri>() {
        Ok(_) => Ok(address),
        Err(error) => Err(ConnectError::Address {
            problem: error.to_string(),
            address,
        }),
    }
}

/// Credentials never travel unencrypted; whom to act as may.
// Parity: client-go, tools/clientcmd/client_config.go, ClientConfig: users are read for TLS only.
fn forget_credentials(user: &mut AuthInfo) {
    *user = AuthInfo {
        impersonate: user.impersonate.take(),
        impersonate_groups: user.impersonate_groups.take(),
        impersonate_uid: user.impersonate_uid.take(),
        impersonate_user_extra: user.impersonate_user_extra.take(),
        ..AuthInfo::default()
    };
}

/// What client-go finds out only when it sets up a connection.
// Parity: client-go, transport/transport.go, TLSConfigFor, and rest/plugin.go, GetAuthProvider.
fn check_usable(selection: &Selection) -> Result<(), ConnectError> {
    let cluster = &selection.cluster;
    let is_given = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
    let has_authority =
        is_given(&cluster.certificate_authority_data) || is_given(&cluster.certificate_authority);
    let provider = selection.user.auth_provider.as_ref();
    let removed = |name: &str, plugin: &str, page: &str| {
        format!(
            "The {name} auth plugin has been removed.\nPlease use the {plugin} kubectl/client-go credential plugin \
             instead.\nSee {page} for further details"
        )
    };
    let problem = match provider.map(|provider| provider.name.as_str()) {
        _ if has_authority && cluster.insecure_skip_tls_verify == Some(true) => {
            "specifying a root certificates file with the insecure flag is not allowed".to_string()
        }
        None | Some("oidc") => return Ok(()),
        Some("gcp") => removed(
            "gcp",
            "\"gke-gcloud-auth-plugin\"",
            "https://cloud.google.com/blog/products/containers-kubernetes/kubectl-auth-changes-in-gke",
        ),
        Some("azure") => removed(
            "azure",
            "https://github.com/Azure/kubelogin",
            "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins",
        ),
        Some(name) => format!("no Auth Provider found for name \"{name}\""),
    };
    Err(ConnectError::Credentials { problem })
}

async fn from_selection(selection: Selection) -> Result<Config, ConnectError> {
    check_usable(&selection)?;
    let named = |name: &str| {
        if name.is_empty() {
            SELECTED.to_string()
        } else {
            name.to_string()
        }
    };
    let cluster_name = named(&selection.cluster_name);
    let user_name = named(&selection.user_name);
    let context = Context {
        cluster: cluster_name.clone(),
        user: Some(user_name.clone()),
        ..Context::default()
    };
    let kubeconfig = Kubeconfig {
        current_context: Some(SELECTED.to_string()),
        contexts: vec![NamedContext {
            name: SELECTED.to_string(),
            context: Some(context),
            ..NamedContext::default()
        }],
        clusters: vec![NamedCluster {
            name: cluster_name,
            cluster: Some(selection.cluster),
            ..NamedCluster::default()
        }],
        auth_infos: vec![NamedAuthInfo {
            name: user_name,
            auth_info: Some(selection.user),
            ..NamedAuthInfo::default()
        }],
        ..Kubeconfig::default()
    };
    Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default())
        .await
        .map_err(|error| ConnectError::Credentials {
            problem: error.to_string(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_a_scheme_is_plain_http() {
        assert_eq!(server_address("127.0.0.1:1").unwrap(), "http://127.0.0.1:1");
        assert_eq!(server_address("").unwrap(), "http://localhost:8080");
    }

    #[test]
    fn credentials_are_forgotten_but_not_whom_to_act_as() {
        let mut user = AuthInfo {
            impersonate: Some("ann".into()),
            username: Some("bob".into()),
            ..AuthInfo::default()
        };
        forget_credentials(&mut user);
        assert_eq!(user.username, None);
        assert_eq!(user.impersonate.as_deref(), Some("ann"));
    }
}
