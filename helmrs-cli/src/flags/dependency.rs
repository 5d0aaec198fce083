//! How a chart's dependencies are fetched.

use clap::Args;
use helmrs_client::action::DependencyRequest;
use helmrs_client::download::{Strategy, Trust};

use super::tls::ConnectionFlags;
use crate::charts;
use crate::error::CommandError;
use crate::invocation::Invocation;
use crate::paths;

/// What `dependency build` and `dependency update` have in common.
#[derive(Args, Debug)]
pub(crate) struct DependencyFlags {
    /// directory of a chart; the working directory by default
    chart: Option<String>,
    #[command(flatten)]
    connection: ConnectionFlags,
    /// file of the public keys signatures are checked with
    #[arg(long, value_name = "string", help_heading = "Chart Source Flags")]
    keyring: Option<String>,
    /// use the indexes of repositories as they were last downloaded
    #[arg(long, help_heading = "Chart Source Flags")]
    skip_refresh: bool,
    /// check the signatures of what is downloaded
    #[arg(long, help_heading = "Chart Source Flags")]
    verify: bool,
}

impl DependencyFlags {
    /// What is to be fetched; `strategy` is what `--verify` asks for.
    pub(crate) fn request(
        &self,
        strategy: fn(Trust) -> Strategy,
        invocation: &Invocation,
    ) -> Result<DependencyRequest, CommandError> {
        let stamp = charts::epoch(invocation)?;
        self.connection.check()?;
        let chart = self.chart.as_deref().unwrap_or(".");
        Ok(DependencyRequest {
            chart: paths::clean(chart.as_ref()),
            skip_refresh: self.skip_refresh,
            stamp,
            connection: self.connection.connection(),
            quiet: false,
            verification: if self.verify {
                strategy(invocation.trust(self.keyring.as_deref()))
            } else {
                Strategy::Never
            },
        })
    }
}
