//! `repo update`.

use clap::Args;
use helmrs_gotemplate::time::Duration;

use crate::error::CommandError;
use crate::invocation::Invocation;

/// update information of available charts locally from chart repositories
///
/// Downloads the indexes of repositories anew: of all, or of those named.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment, override_usage = "[REPO1 [REPO2 ...]]", after_help = "  {program} repo update\n  {program} repo update example")]
pub(crate) struct UpdateArgs {
    /// names of repositories
    names: Vec<String>,
    /// how long to wait for an index
    #[arg(long, value_name = "duration", default_value = "2m0s")]
    timeout: Duration,
}
