//! From settings to a connection.

use std::sync::Once;

use http::header::USER_AGENT;
use http::{HeaderValue, Uri};
use kube::Config;
use kube::client::{AuthError, ClientBuilder};
use kube::config::{
    AuthInfo, Context, ExecConfig, KubeConfigOptions, Kubeconfig, NamedAuthInfo, NamedCluster,
    NamedContext,
};
use url::Url;

use super::kubeconfig::{self, KubeconfigError, Selection};
use super::pace::Pace;
use super::request::Connection;
use super::settings::{ClusterAccess, ClusterSettings};
use crate::proxy::{Proxies, ProxyError};

/// The program and version every request names; the server derives the owner of stored releases from it.
pub(crate) const AGENT: &str = "Helm/4.3.1";

/// The server that is meant when nothing names one.
const DEFAULT_SERVER: &str = "http://localhost:8080";

/// What is said where the program that gives credentials is missing.
const PLUGIN_HELP: &str = "\n\nIt looks like you are trying to use a client-go credential plugin that is not installed.\n\n\
    To learn more about this feature, consult the documentation available at:\n\
    \x20     https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins";

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
    #[error("Get \"{address}/version\": getting credentials: exec: {problem}")]
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
    check_files(&selection)?;
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
    client(config, address, pace)
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

fn client(
    mut config: Config,
    address: String,
    pace: Option<Pace>,
) -> Result<Connection, ConnectError> {
    config
        .headers
        .push((USER_AGENT, HeaderValue::from_static(AGENT)));
    // Waiting is bounded by each operation, and a watch may be silent for long.
    config.read_timeout = None;
    config.write_timeout = None;
    config.default_retry = false;
    let plugin = config.auth_info.exec.clone();
    let builder = ClientBuilder::try_from(config).map_err(|error| {
        let failed = plugin.and_then(|plugin| plugin_problem(&error, &plugin));
        match failed {
            Some(problem) => ConnectError::Plugin {
                address: address.clone(),
                problem,
            },
            None => ConnectError::Credentials {
                problem: error.to_string(),
            },
        }
    })?;
    Ok(Connection::new(builder.build(), address, pace))
}

/// What went wrong with a program that was to give credentials.
// Parity: client-go, plugin/pkg/client/auth/exec/exec.go, wrapCmdRunErrorLocked.
fn plugin_problem(error: &kube::Error, plugin: &ExecConfig) -> Option<String> {
    let command = plugin.command.as_deref().unwrap_or_default();
    let kube::Error::Auth(error) = error else {
        return None;
    };
    match error {
        AuthError::AuthExecStart(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let hint = plugin
                .install_hint
                .as_deref()
                .map(|hint| format!("\n\n{hint}"));
            let hint = hint.unwrap_or_default();
            Some(format!("executable {command} not found{PLUGIN_HELP}{hint}"))
        }
        AuthError::AuthExecRun { out, .. } => {
            let code = out.status.code().unwrap_or(-1);
            Some(format!("executable {command} failed with exit code {code}"))
        }
        _ => None,
    }
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

async fn from_selection(selection: Selection) -> Result<Config, ConnectError> {
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

/// Reports every certificate file that cannot be opened, before any is used.
// Parity: client-go, tools/clientcmd/validation.go, validateClusterInfo and validateAuthInfo.
fn check_files(selection: &Selection) -> Result<(), ConnectError> {
    let cluster = &selection.cluster;
    let user = &selection.user;
    let mut problems = Vec::new();
    let mut check = |what: &str, owner: &str, path: Option<&String>| {
        let Some(path) = path.filter(|path| !path.is_empty()) else {
            return;
        };
        if let Err(error) = std::fs::File::open(path) {
            let problem = crate::error::operating_system(&error);
            problems.push(format!(
                "unable to read {what} {path} for {owner} due to open {path}: {problem}"
            ));
        }
    };
    if cluster.certificate_authority_data.is_none() {
        check(
            "certificate-authority",
            &selection.cluster_name,
            cluster.certificate_authority.as_ref(),
        );
    }
    if user.client_certificate_data.is_none() {
        check(
            "client-cert",
            &selection.user_name,
            user.client_certificate.as_ref(),
        );
    }
    if user.client_key_data.is_none() {
        check("client-key", &selection.user_name, user.client_key.as_ref());
    }
    let problem = match problems.as_slice() {
        [] => return Ok(()),
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    };
    Err(KubeconfigError::Invalid { problem }.into())
}

/// Settles which cryptography TLS uses, once for the process.
pub(crate) fn install_cryptography() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // A provider somebody installed before is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
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
