//! `--timeout`.

use clap::Args;
use helmrs_gotemplate::time::Duration;

/// The flag of commands that wait for a cluster.
#[derive(Args, Debug)]
#[command(next_help_heading = "Waiting Flags")]
pub(crate) struct TimeoutFlag {
    /// how long to wait for any one operation of the cluster, like a hook's Job
    #[arg(long, value_name = "duration", default_value = "5m0s")]
    pub(crate) timeout: Duration,
}
