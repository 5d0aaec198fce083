//! `repo add`.

use std::io::Read;

use clap::Args;
use helmrs_client::action::repository::{self, Added, Existing};
use helmrs_core::repository::entries::Entry;
use helmrs_gotemplate::time::Duration;

use crate::error::CommandError;
use crate::invocation::Invocation;
use crate::prompt;
use crate::quote::quote;

/// Add a chart repository
///
/// Downloads the index of a repository and remembers the repository under a name. Adding it once more changes nothing;
/// another URL under a name that is taken needs --force-update.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[NAME] [URL]",
    after_help = "\
# Add a repository
{program} repo add example https://example.com/charts

# Add one that wants a password, which nobody sees
{program} repo add private https://example.com/private --username me --password-stdin < token"
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct AddArgs {
    /// name to remember it by
    name: String,
    /// where it is
    url: String,
    /// allow URLs of repositories that were closed down
    #[arg(long)]
    allow_deprecated_repos: bool,
    /// certificate authority file the repository is verified with
    #[arg(long, value_name = "string", help_heading = "Connection Flags")]
    ca_file: Option<String>,
    /// certificate file to identify with to the repository
    #[arg(long, value_name = "string", help_heading = "Connection Flags")]
    cert_file: Option<String>,
    /// replace a repository of that name
    #[arg(long)]
    force_update: bool,
    /// accept any certificate of the repository
    #[arg(long, help_heading = "Connection Flags")]
    insecure_skip_tls_verify: bool,
    /// key file of the certificate to identify with
    #[arg(long, value_name = "string", help_heading = "Connection Flags")]
    key_file: Option<String>,
    /// send user name and password to every host a download leads to
    #[arg(long, help_heading = "Connection Flags")]
    pass_credentials: bool,
    /// password at the repository
    #[arg(long, value_name = "string", help_heading = "Connection Flags")]
    password: Option<String>,
    /// read the password from standard input
    #[arg(long, help_heading = "Connection Flags")]
    password_stdin: bool,
    /// how long to wait for the index
    #[arg(long, value_name = "duration", default_value = "2m0s")]
    timeout: Duration,
    /// user name at the repository
    #[arg(long, value_name = "string", help_heading = "Connection Flags")]
    username: Option<String>,
}

/// Repositories that were closed down, and what took their place.
const CLOSED: [(&str, &str); 2] = [
    (
        "//kubernetes-charts.storage.googleapis.com",
        "https://charts.helm.sh/stable",
    ),
    (
        "//kubernetes-charts-incubator.storage.googleapis.com",
        "https://charts.helm.sh/incubator",
    ),
];

impl AddArgs {
    fn entry(&self, invocation: &Invocation) -> Result<Entry, CommandError> {
        let text = |flag: &Option<String>| flag.clone().unwrap_or_default();
        let mut password = text(&self.password);
        if !text(&self.username).is_empty() && password.is_empty() {
            password = self.ask_password(invocation)?;
        }
        Ok(Entry {
            name: self.name.clone(),
            url: self.url.clone(),
            username: text(&self.username),
            password,
            cert_file: text(&self.cert_file),
            key_file: text(&self.key_file),
            ca_file: text(&self.ca_file),
            insecure_skip_tls_verify: self.insecure_skip_tls_verify,
            pass_credentials_all: self.pass_credentials,
        })
    }

    /// Reads the password from standard input.
    fn ask_password(&self, invocation: &Invocation) -> Result<String, CommandError> {
        if !self.password_stdin {
            // Parity: the line ends whether there is an answer or not.
            invocation.printer.data("Password: ")?;
            let answer = prompt::hidden();
            invocation.printer.data("\n")?;
            return answer;
        }
        let mut password = String::new();
        std::io::stdin().read_to_string(&mut password)?;
        let password = password.strip_suffix('\n').unwrap_or(&password);
        Ok(password.strip_suffix('\r').unwrap_or(password).to_owned())
    }
}

// Parity: Helm, pkg/cmd/repo_add.go.
pub(crate) fn run(args: &AddArgs, invocation: &Invocation) -> Result<(), CommandError> {
    if !args.allow_deprecated_repos
        && let Some((_, instead)) = CLOSED.iter().find(|(closed, _)| args.url.contains(closed))
    {
        let (url, instead) = (quote(&args.url), quote(instead));
        return Err(CommandError::message(format!(
            "repo {url} is no longer available; try {instead} instead"
        )));
    }
    let context = invocation.context();
    let addition = repository::begin_to_add(&context)?;
    let entry = args.entry(invocation)?;
    let existing = if args.force_update {
        Existing::Replace
    } else {
        Existing::Keep
    };
    invocation.tell_getters();
    let name = quote(&args.name);
    let timeout = std::time::Duration::from_nanos(args.timeout.0.unsigned_abs());
    let added = repository::add(&context, addition, entry, existing, Some(timeout));
    let text = match invocation.wait_for(added)?? {
        Added::New => format!("{name} has been added to your repositories\n"),
        Added::Unchanged => {
            format!("{name} already exists with the same configuration, skipping\n")
        }
    };
    Ok(invocation.printer.data(text)?)
}
