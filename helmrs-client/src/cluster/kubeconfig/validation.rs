//! Whether what a kubeconfig says of one cluster and one user can be used.
// Parity: client-go, tools/clientcmd/validation.go, validateAuthInfo and validateClusterInfo.

use kube::config::{AuthInfo, Cluster, ExecConfig, ExecInteractiveMode, Kubeconfig};

use super::{KubeconfigError, Selection};

/// The versions of what programs give as credentials, the newest first.
const VERSIONS: [&str; 2] = [
    "client.authentication.k8s.io/v1",
    "client.authentication.k8s.io/v1beta1",
];

/// Refuses data that is no base64, before anything else is looked at.
pub(super) fn check_data(config: &Kubeconfig) -> Result<(), String> {
    let clusters = config.clusters.iter();
    let users = config.auth_infos.iter();
    let authorities = clusters.filter_map(|named| {
        named
            .cluster
            .as_ref()?
            .certificate_authority_data
            .as_deref()
    });
    let certificates =
        users.filter_map(|named| named.auth_info.as_ref()?.client_certificate_data.as_deref());
    let letter = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'\n' | b'\r')
    };
    for text in authorities.chain(certificates) {
        if let Some(at) = text.bytes().position(|byte| !letter(byte)) {
            return Err(format!("illegal base64 data at input byte {at}"));
        }
    }
    Ok(())
}

/// Reports everything that is wrong.
pub(super) fn check(selection: &Selection) -> Result<(), KubeconfigError> {
    let mut problems = Vec::new();
    user(&selection.user, &selection.user_name, &mut problems);
    cluster(&selection.cluster, &selection.cluster_name, &mut problems);
    let problem = match problems.as_slice() {
        [] => return Ok(()),
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    };
    Err(KubeconfigError::Invalid { problem })
}

fn user(user: &AuthInfo, name: &str, problems: &mut Vec<String>) {
    if is_given(user.client_certificate.as_ref()) || is_given(user.client_certificate_data.as_ref())
    {
        certificate(user, name, problems);
    }
    if let Some(plugin) = &user.exec {
        program(plugin, name, problems);
    }
    if user.token.is_some() && is_given(user.username.as_ref()) {
        problems.push(format!(
            "more than one authentication method found for {name}; found [token basicAuth], only one is allowed"
        ));
    }
    if takes_on_for_nobody(user) {
        problems.push(format!(
            "requesting uid, groups or user-extra for {name} without impersonating a user"
        ));
    }
}

/// A certificate to show needs its key, and files that open.
fn certificate(user: &AuthInfo, name: &str, problems: &mut Vec<String>) {
    if user.client_key_data.is_none() && !is_given(user.client_key.as_ref()) {
        problems.push(format!(
            "client-key-data or client-key must be specified for {name} to use the clientCert authentication method."
        ));
    }
    if user.client_certificate_data.is_none() {
        file(
            "client-cert",
            name,
            user.client_certificate.as_ref(),
            problems,
        );
    }
    if user.client_key_data.is_none() {
        file("client-key", name, user.client_key.as_ref(), problems);
    }
}

/// A program that is to give credentials.
fn program(plugin: &ExecConfig, name: &str, problems: &mut Vec<String>) {
    let mut must = |what: &str| {
        problems.push(format!(
            "{what} must be specified for {name} to use exec authentication plugin"
        ));
    };
    if !is_given(plugin.command.as_ref()) {
        must("command");
    }
    if !is_given(plugin.api_version.as_ref()) {
        must("apiVersion");
    }
    // Older versions had no such field.
    if plugin.interactive_mode.is_none() && plugin.api_version.as_deref() == Some(VERSIONS[0]) {
        must("interactiveMode");
    }
}

/// Whether a program can be asked for credentials at all.
// Parity: client-go, plugin/pkg/client/auth/exec/exec.go, newAuthenticator.
pub(in crate::cluster) fn check_version(plugin: &mut ExecConfig) -> Result<(), String> {
    let version = plugin.api_version.as_deref().unwrap_or_default();
    if !VERSIONS.contains(&version) {
        return Err(format!("exec plugin: invalid apiVersion \"{version}\""));
    }
    plugin
        .interactive_mode
        .get_or_insert(ExecInteractiveMode::IfAvailable);
    Ok(())
}

/// Groups and the like are taken on by whoever is somebody else, too.
fn takes_on_for_nobody(user: &AuthInfo) -> bool {
    let groups = user.impersonate_groups.as_deref().unwrap_or_default();
    let extra = user.impersonate_user_extra.as_ref();
    let takes_on = !groups.is_empty()
        || is_given(user.impersonate_uid.as_ref())
        || extra.is_some_and(|extra| !extra.is_empty());
    takes_on && !is_given(user.impersonate.as_ref())
}

fn cluster(cluster: &Cluster, name: &str, problems: &mut Vec<String>) {
    if let Some(proxy) = cluster
        .proxy_url
        .as_deref()
        .filter(|proxy| !proxy.is_empty())
        && let Err(problem) = proxy_address(proxy)
    {
        problems.push(format!(
            "invalid 'proxy-url' \"{proxy}\" for cluster \"{name}\": {problem}"
        ));
    }
    if cluster.certificate_authority_data.is_none() {
        file(
            "certificate-authority",
            name,
            cluster.certificate_authority.as_ref(),
            problems,
        );
    }
}

fn proxy_address(proxy: &str) -> Result<(), String> {
    let url =
        url::Url::parse(proxy).map_err(|error| format!("could not parse: {proxy}: {error}"))?;
    match url.scheme() {
        "http" | "https" | "socks5" => Ok(()),
        scheme => Err(format!(
            "unsupported scheme \"{scheme}\", must be http, https, or socks5"
        )),
    }
}

/// A file that is named must open.
fn file(what: &str, owner: &str, path: Option<&String>, problems: &mut Vec<String>) {
    let Some(path) = path.filter(|path| !path.is_empty()) else {
        return;
    };
    if let Err(error) = std::fs::File::open(path) {
        let problem = crate::error::operating_system(&error);
        problems.push(format!(
            "unable to read {what} {path} for {owner} due to open {path}: {problem}"
        ));
    }
}

fn is_given(text: Option<&String>) -> bool {
    text.is_some_and(|text| !text.is_empty())
}
