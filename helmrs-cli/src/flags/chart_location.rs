//! Where a chart comes from.

use clap::Args;
use helmrs_client::download::{ChartReference, Strategy};
use helmrs_client::registry::Session;

use super::tls::ConnectionFlags;
use crate::invocation::Invocation;

/// Flags of commands that take a chart: a directory, an archive, a URL or a name in a repository.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Chart Source Flags")]
pub(crate) struct ChartLocationFlags {
    #[command(flatten)]
    pub(crate) connection: ConnectionFlags,
    /// also consider versions still in development, as with --version '>0.0.0-0'; ignored with --version
    #[arg(long)]
    pub(crate) devel: bool,
    /// file of the public keys signatures are checked with
    #[arg(long, value_name = "string")]
    pub(crate) keyring: Option<String>,
    /// send user name and password to every host a download leads to
    #[arg(long)]
    pub(crate) pass_credentials: bool,
    /// URL of the repository the chart is in
    #[arg(long, value_name = "string")]
    pub(crate) repo: Option<String>,
    /// check the chart's signature before it is used
    #[arg(long)]
    pub(crate) verify: bool,
    /// version of the chart, as 1.1.1, or a range of versions, as ^2.0.0; the newest one by default
    #[arg(long, value_name = "string")]
    pub(crate) version: Option<String>,
}

impl ChartLocationFlags {
    /// Where the chart called `name` is to be looked for.
    pub(crate) fn reference(&self, name: &str, invocation: &Invocation) -> ChartReference {
        ChartReference {
            name: name.to_owned(),
            version: self.version(),
            repository: self.repo.clone().unwrap_or_default(),
            credentials: self.connection.credentials(),
            pass_credentials_all: self.pass_credentials,
            tls: self.connection.tls(),
            plain_http: self.connection.plain_http,
            session: Session::default(),
            verification: if self.verify {
                Strategy::Always(invocation.trust(self.keyring.as_deref()))
            } else {
                Strategy::Never
            },
        }
    }

    /// The version asked for; empty for the newest release.
    pub(crate) fn version(&self) -> String {
        match self.version.as_deref() {
            None | Some("") if self.devel => ">0.0.0-0".to_owned(),
            None => String::new(),
            Some(version) => version.to_owned(),
        }
    }
}
