//! Tokens that may change while the program runs: of files, and of programs that give credentials.
// Parity: client-go, transport/token_source.go and plugin/pkg/client/auth/exec/exec.go.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use helmrs_core::yaml::{self, Value};
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request};
use jiff::Timestamp;
use kube::client::Body;
use kube::config::{ExecConfig, ExecInteractiveMode};
use tokio::sync::Mutex;
use tower::BoxError;
use tower::filter::AsyncPredicate;

use super::kubeconfig;

/// How long a file's token is believed.
const FILE_LASTS: Duration = Duration::from_secs(60);

/// What is said where the program that gives credentials is missing.
const PLUGIN_HELP: &str = "\n\nIt looks like you are trying to use a client-go credential plugin that is not installed.\n\n\
    To learn more about this feature, consult the documentation available at:\n\
    \x20     https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins";

/// A certificate and its key, in PEM.
#[derive(Clone)]
pub(super) struct Identity {
    pub(super) certificate: String,
    pub(super) key: String,
}

/// Shows a token with every request, a new one where the last one is too old.
#[derive(Clone)]
pub(super) struct Credentials {
    source: Arc<Source>,
    current: Arc<Mutex<Token>>,
}

enum Source {
    File(PathBuf),
    Plugin(Box<ExecConfig>),
}

/// The token shown, if there is one.
#[derive(Clone)]
struct Token {
    header: Option<HeaderValue>,
    until: Option<Timestamp>,
}

impl Credentials {
    /// The token of a file, which must be there at first.
    pub(super) fn of_file(path: PathBuf) -> Result<Self, String> {
        let token = read(&path)?;
        Ok(Self::new(Source::File(path), token))
    }

    /// What a program gives: a token, or a certificate, which is for the caller to show.
    pub(super) async fn of_plugin(plugin: ExecConfig) -> Result<(Self, Option<Identity>), String> {
        let (token, identity) = run(&plugin).await?;
        Ok((Self::new(Source::Plugin(Box::new(plugin)), token), identity))
    }

    fn new(source: Source, token: Token) -> Self {
        Self {
            source: Arc::new(source),
            current: Arc::new(Mutex::new(token)),
        }
    }

    async fn header(&self) -> Result<Option<HeaderValue>, String> {
        let mut current = self.current.lock().await;
        if current.until.is_none_or(|until| Timestamp::now() <= until) {
            return Ok(current.header.clone());
        }
        match &*self.source {
            // A file that is gone leaves its last token.
            Source::File(path) => match read(path) {
                Ok(token) => *current = token,
                Err(_) => current.until = lasting(FILE_LASTS),
            },
            Source::Plugin(plugin) => *current = run(plugin).await?.0,
        }
        Ok(current.header.clone())
    }
}

impl AsyncPredicate<Request<Body>> for Credentials {
    type Future = BoxFuture<'static, Result<Self::Request, BoxError>>;
    type Request = Request<Body>;

    fn check(&mut self, mut request: Request<Body>) -> Self::Future {
        let credentials = self.clone();
        async move {
            let header = credentials.header().await;
            let header = header.map_err(|problem| format!("getting credentials: {problem}"))?;
            if let Some(header) = header {
                request.headers_mut().entry(AUTHORIZATION).or_insert(header);
            }
            Ok(request)
        }
        .boxed()
    }
}

fn lasting(time: Duration) -> Option<Timestamp> {
    Timestamp::now().checked_add(time).ok()
}

fn bearer(token: &str) -> Result<HeaderValue, String> {
    let mut header = HeaderValue::try_from(format!("Bearer {token}"))
        .map_err(|_| "net/http: invalid header field value for \"Authorization\"".to_string())?;
    header.set_sensitive(true);
    Ok(header)
}

fn read(path: &std::path::Path) -> Result<Token, String> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        let problem = crate::error::operating_system(&error);
        format!("open {}: {problem}", path.display())
    })?;
    match text.trim() {
        "" => Err(format!("read empty token from file \"{}\"", path.display())),
        token => Ok(Token {
            header: Some(bearer(token)?),
            until: lasting(FILE_LASTS),
        }),
    }
}

/// Runs a program for its credentials.
async fn run(plugin: &ExecConfig) -> Result<(Token, Option<Identity>), String> {
    let is_terminal = std::io::stdin().is_terminal();
    let interactive = match plugin.interactive_mode {
        Some(ExecInteractiveMode::Never) => false,
        Some(ExecInteractiveMode::Always) if !is_terminal => {
            return Err(
                "exec plugin cannot support interactive mode: standard input is not a terminal"
                    .to_string(),
            );
        }
        _ => is_terminal,
    };
    let started = command(plugin, interactive).spawn();
    let started = started.map_err(|error| not_started(&error, plugin))?;
    let output = started.wait_with_output().await;
    let output = output.map_err(|error| format!("exec: {error}"))?;
    if !output.status.success() {
        let command = plugin.command.as_deref().unwrap_or_default();
        let code = output.status.code().unwrap_or(-1);
        return Err(format!(
            "exec: executable {command} failed with exit code {code}"
        ));
    }
    understand(plugin, &output.stdout)
}

fn command(plugin: &ExecConfig, interactive: bool) -> tokio::process::Command {
    let mut spec = serde_json::Map::new();
    if plugin.provide_cluster_info
        && let Ok(cluster) = serde_json::to_value(&plugin.cluster)
    {
        spec.insert("cluster".to_string(), cluster);
    }
    spec.insert("interactive".to_string(), interactive.into());
    let version = serde_json::Value::from(plugin.api_version.clone().unwrap_or_default());
    let spec = serde_json::Value::Object(spec);
    let info =
        format!("{{\"kind\":\"ExecCredential\",\"apiVersion\":{version},\"spec\":{spec}}}\n");
    let mut command = tokio::process::Command::new(plugin.command.as_deref().unwrap_or_default());
    command
        .args(plugin.args.iter().flatten())
        .stdin(if interactive {
            Stdio::inherit()
        } else {
            Stdio::null()
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit());
    for variable in plugin.env.iter().flatten() {
        if let (Some(name), Some(value)) = (variable.get("name"), variable.get("value")) {
            command.env(name, value);
        }
    }
    command.env("KUBERNETES_EXEC_INFO", info);
    command
}

fn not_started(error: &std::io::Error, plugin: &ExecConfig) -> String {
    let command = plugin.command.as_deref().unwrap_or_default();
    if error.kind() != std::io::ErrorKind::NotFound || command.contains('/') {
        let problem = crate::error::operating_system(error);
        return format!("exec: fork/exec {command}: {problem}");
    }
    let hint = plugin.install_hint.as_deref().unwrap_or_default();
    let hint = if hint.is_empty() {
        String::new()
    } else {
        format!("\n\n{hint}")
    };
    format!("exec: executable {command} not found{PLUGIN_HELP}{hint}")
}

/// Reads what a program printed.
fn understand(plugin: &ExecConfig, printed: &[u8]) -> Result<(Token, Option<Identity>), String> {
    let wanted = plugin.api_version.as_deref().unwrap_or_default();
    let value = yaml::parse(printed).map_err(|error| format!("decoding stdout: {error}"))?;
    kubeconfig::head(&value).map_err(|problem| format!("decoding stdout: {problem}"))?;
    let version = value
        .at(&["apiVersion"])
        .and_then(Value::as_str)
        .unwrap_or(wanted);
    if version != wanted {
        return Err(format!(
            "exec plugin is configured to use API version {wanted}, plugin returned version {version}"
        ));
    }
    let Some(status) = value
        .at(&["status"])
        .filter(|status| **status != Value::Null)
    else {
        return Err("exec plugin didn't return a status field".to_string());
    };
    let text = |key: &str| {
        let text = status.at(&[key]).and_then(Value::as_str);
        text.filter(|text| !text.is_empty())
    };
    let identity = match (text("clientCertificateData"), text("clientKeyData")) {
        (Some(certificate), Some(key)) => Some(Identity {
            certificate: certificate.to_string(),
            key: key.to_string(),
        }),
        (None, None) if text("token").is_none() => {
            return Err("exec plugin didn't return a token or cert/key pair".to_string());
        }
        (None, None) => None,
        _ => return Err("exec plugin returned only certificate or key, not both".to_string()),
    };
    let until = text("expirationTimestamp")
        .map(str::parse::<Timestamp>)
        .transpose()
        .map_err(|error| format!("decoding stdout: {error}"))?;
    let header = text("token").map(bearer).transpose()?;
    Ok((Token { header, until }, identity))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plugin() -> ExecConfig {
        serde_json::from_str(r#"{"apiVersion": "client.authentication.k8s.io/v1", "command": "p"}"#)
            .unwrap()
    }

    #[test]
    fn what_a_program_prints_is_held_against_what_was_asked_for() {
        let said = |printed: &str| {
            understand(&plugin(), printed.as_bytes())
                .err()
                .unwrap_or_default()
        };
        let head = r#""kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1""#;
        assert_eq!(
            said(&format!(r#"{{{head}, "status": {{"token": "t"}}}}"#)),
            ""
        );
        assert_eq!(
            said(&format!("{{{head}}}")),
            "exec plugin didn't return a status field"
        );
        assert_eq!(
            said(&format!(r#"{{{head}, "status": {{}}}}"#)),
            "exec plugin didn't return a token or cert/key pair"
        );
        assert_eq!(
            said(&format!(
                r#"{{{head}, "status": {{"clientKeyData": "k"}}}}"#
            )),
            "exec plugin returned only certificate or key, not both"
        );
        assert_eq!(
            said(
                r#"{"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1beta1"}"#
            ),
            "exec plugin is configured to use API version client.authentication.k8s.io/v1, plugin returned version \
             client.authentication.k8s.io/v1beta1"
        );
    }

    #[test]
    fn a_file_may_end_its_token_with_a_line() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "secret\n").unwrap();
        let token = read(file.path()).unwrap();
        assert_eq!(token.header.unwrap(), "Bearer secret");
        assert_eq!(
            read(std::path::Path::new("/nope9")).err().unwrap(),
            "open /nope9: no such file or directory"
        );
    }
}
