//! `registry login`.

use std::io::Read;
use std::path::PathBuf;

use clap::Args;
use helmrs_client::action::registry;
use helmrs_client::download::{Connection, Credentials, TlsOptions};
use helmrs_client::registry::Session;

use crate::error::CommandError;
use crate::invocation::Invocation;
use crate::printer::{Level, Record};
use crate::prompt;

/// Log in to a registry
///
/// Shows the registry a name and a password, which are asked for if they are not given, and keeps them in the file of
/// --registry-config if the registry takes them. A credential helper that the file names is told instead.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[host]",
    after_help = "\
# Log in, with name and password asked for
{program} registry login registry.example.com

# Log in from a script, with the password in a file
{program} registry login registry.example.com --username me --password-stdin < token

# Log in to a registry on this machine that has no certificate
{program} registry login localhost:5000 --plain-http"
)]
pub(crate) struct LoginArgs {
    /// host of the registry, with its port if that is not the usual one
    #[arg(required = true)]
    host: Vec<String>,
    /// certificate authority file the registry is verified with
    #[arg(long, value_name = "string")]
    ca_file: Option<String>,
    /// certificate file to identify with to the registry
    #[arg(long, value_name = "string")]
    cert_file: Option<String>,
    /// accept any certificate of the registry
    #[arg(long)]
    insecure: bool,
    /// key file of the certificate to identify with
    #[arg(long, value_name = "string")]
    key_file: Option<String>,
    /// password or identity token at the registry
    #[arg(long, short, value_name = "string")]
    password: Option<String>,
    /// read the password or identity token from standard input
    #[arg(long)]
    password_stdin: bool,
    /// talk to the registry over HTTP without TLS
    #[arg(long)]
    plain_http: bool,
    /// user name at the registry
    #[arg(long, short, value_name = "string")]
    username: Option<String>,
}

impl LoginArgs {
    fn tls(&self) -> TlsOptions {
        let path = |flag: &Option<String>| {
            flag.as_ref()
                .filter(|path| !path.is_empty())
                .map(PathBuf::from)
        };
        // Parity: Helm, pkg/registry/client.go, LoginOptTLSClientConfig: one of the two files alone does not count.
        let pair = path(&self.cert_file).zip(path(&self.key_file));
        let (cert_file, key_file) = pair.unzip();
        TlsOptions {
            cert_file,
            key_file,
            ca_file: path(&self.ca_file),
            insecure_skip_verify: self.insecure,
        }
    }

    /// Name and password, asked for if they are not given.
    // Parity: Helm, pkg/cmd/registry_login.go, getUsernamePassword.
    fn credentials(&self, invocation: &Invocation) -> Result<Credentials, CommandError> {
        let text = |flag: &Option<String>| flag.clone().unwrap_or_default();
        let (mut username, mut password) = (text(&self.username), text(&self.password));
        if self.password_stdin {
            let mut bytes = Vec::new();
            std::io::stdin().read_to_end(&mut bytes)?;
            let text = String::from_utf8_lossy(&bytes);
            let text = text.strip_suffix('\n').unwrap_or(&text);
            text.strip_suffix('\r')
                .unwrap_or(text)
                .clone_into(&mut password);
        } else if password.is_empty() {
            if username.is_empty() {
                let line = prompt::line("Username: ", &invocation.printer)?;
                line.trim().clone_into(&mut username);
            }
            let what = if username.is_empty() {
                "Token"
            } else {
                "Password"
            };
            password = prompt::secret(&format!("{what}: "), &invocation.printer)?;
            if password.is_empty() {
                let what = what.to_lowercase();
                return Err(CommandError::message(format!("{what} required")));
            }
        } else {
            let text = "using --password via the CLI is insecure. Use --password-stdin";
            invocation.printer.log(&Record::new(Level::Warn, text));
        }
        Ok(Credentials { username, password })
    }
}

// Parity: Helm, pkg/cmd/registry_login.go.
pub(crate) fn run(args: &LoginArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let connection = Connection {
        credentials: args.credentials(invocation)?,
        tls: args.tls(),
        plain_http: args.plain_http,
        session: Session::default(),
    };
    let context = invocation.context();
    let host = args.host.first().map_or("", String::as_str);
    invocation.wait_for(registry::login(&context, host, &connection))??;
    Ok(invocation.printer.data("Login Succeeded\n")?)
}
