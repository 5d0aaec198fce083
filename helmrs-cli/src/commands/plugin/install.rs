//! `plugin install`.

use clap::Args;
use helmrs_client::download::Connection;
use helmrs_client::installer::{self, InstallRequest};

use crate::error::CommandError;
use crate::flags::number::Boolean;
use crate::flags::tls::ConnectionFlags;
use crate::invocation::Invocation;
use crate::plugins::bare;

/// Install a plugin
///
/// Installs a plugin from a folder, an archive, a URL, a registry or a Git repository. A folder stays where it is and is
/// only linked to, for trying out what is being worked on.
///
/// An archive has to be signed: beside it lies a file of the same name that ends in .prov, made by somebody whose public
/// key is in the keyring. Repositories are not signed. --verify=false, or HELM_PLUGIN_VERIFY=false in the environment,
/// installs what nobody signed; think twice, a plugin can do all that you can.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[options] <path|url>",
    after_help = "\
# Install an archive, checking who signed it
{program} plugin install https://example.com/echo-1.2.3.tgz --keyring team.gpg
{program} plugin install oci://example.com/plugins/echo:1.2.3 --keyring team.gpg

# Install the newest 1.x of a repository
{program} plugin install https://example.com/echo.git --version '^1' --verify=false

# Try out the plugin in a folder
{program} plugin install ./echo"
)]
pub(crate) struct InstallArgs {
    /// path of a folder or an archive, URL of an archive or a repository
    #[arg(required = true)]
    source: Option<String>,
    /// file of the public keys signatures are checked with
    #[arg(long, value_name = "string")]
    keyring: Option<String>,
    /// check who signed the plugin
    #[arg(
        long,
        value_name = "bool",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    verify: Option<Boolean>,
    /// version of a repository: a tag, a branch, a revision, or a range of versions
    #[arg(long, value_name = "string")]
    version: Option<String>,
    #[command(flatten)]
    server: ServerFlags,
}

/// Flags about the server a plugin comes from.
#[derive(Args, Debug, Clone)]
#[command(next_help_heading = "Server Flags")]
struct ServerFlags {
    /// certificate authority file the server is verified with
    #[arg(long, value_name = "string")]
    ca_file: Option<String>,
    /// certificate file to identify with to the server
    #[arg(long, value_name = "string")]
    cert_file: Option<String>,
    /// accept any certificate of the server
    #[arg(long)]
    insecure_skip_tls_verify: bool,
    /// key file of the certificate to identify with
    #[arg(long, value_name = "string")]
    key_file: Option<String>,
    /// password at the server
    #[arg(long, value_name = "string")]
    password: Option<String>,
    /// talk to a registry over HTTP without TLS
    #[arg(long)]
    plain_http: bool,
    /// user name at the server
    #[arg(long, value_name = "string")]
    username: Option<String>,
}

impl ServerFlags {
    fn connection(&self) -> Connection {
        let flags = self.clone();
        ConnectionFlags {
            ca_file: flags.ca_file,
            cert_file: flags.cert_file,
            insecure_skip_tls_verify: flags.insecure_skip_tls_verify,
            key_file: flags.key_file,
            password: flags.password,
            plain_http: flags.plain_http,
            username: flags.username,
        }
        .connection()
    }
}

// Parity: Helm, pkg/cmd/plugin_install.go.
pub(crate) fn run(args: &InstallArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let verify = args
        .verify
        .map_or(invocation.settings.plugin_verify, |Boolean(verify)| verify);
    let mut number = [0; 4];
    invocation.context().ambient().fill_random(&mut number);
    let request = InstallRequest {
        source: args.source.as_deref().unwrap_or_default(),
        version: args.version.as_deref().unwrap_or_default(),
        trust: verify.then(|| invocation.trust(args.keyring.as_deref())),
        connection: args.server.connection(),
        directories: &invocation.directories(),
        places: &super::places(invocation),
        surroundings: &bare(&invocation.environment),
        number: u32::from_ne_bytes(number),
    };
    let progress = invocation.progress();
    let plugin = invocation.wait_for(installer::install(&request, &progress))??;
    let name = plugin.metadata.name;
    Ok(invocation
        .printer
        .data(format!("Installed plugin: {name}\n"))?)
}
