//! `repo add`.

use clap::Args;
use helmrs_gotemplate::time::Duration;

use crate::error::CommandError;
use crate::invocation::Invocation;

/// add a chart repository
///
/// Downloads the index of a repository and remembers the repository under a name.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[NAME] [URL]",
    after_help = "  {program} repo add example https://example.com/charts\n  {program} repo add private https://example.com/private --username me --password-stdin < token"
)]
pub(crate) struct AddArgs {
    /// name to remember it by
    name: String,
    /// where it is
    url: String,
    /// allow URLs of repositories that were closed down
    #[arg(long)]
    allow_deprecated_repos: bool,
    /// certificate authority file the repository is verified with
    #[arg(long, value_name = "string")]
    ca_file: Option<String>,
    /// certificate file to identify with to the repository
    #[arg(long, value_name = "string")]
    cert_file: Option<String>,
    /// replace a repository of that name
    #[arg(long)]
    force_update: bool,
    /// accept any certificate of the repository
    #[arg(long)]
    insecure_skip_tls_verify: bool,
    /// key file of the certificate to identify with
    #[arg(long, value_name = "string")]
    key_file: Option<String>,
    /// deprecated in favour of --force-update
    #[arg(long, hide = true)]
    no_update: bool,
    /// send user name and password to every host a download leads to
    #[arg(long)]
    pass_credentials: bool,
    /// password at the repository
    #[arg(long, value_name = "string")]
    password: Option<String>,
    /// read the password from standard input
    #[arg(long)]
    password_stdin: bool,
    /// how long to wait for the index
    #[arg(long, value_name = "duration", default_value = "2m0s")]
    timeout: Duration,
    /// user name at the repository
    #[arg(long, value_name = "string")]
    username: Option<String>,
}
