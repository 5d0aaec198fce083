//! `status`: what became of a release.

use clap::Args;

use crate::error::CommandError;
use crate::flags::output::OutputFlag;
use crate::flags::revision::RevisionFlag;
use crate::invocation::Invocation;

/// display the status of the named release
///
/// Prints when the release was last deployed and how that went, what of it is in the cluster, how its tests ended, and
/// the chart's notes.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment, override_usage = "RELEASE_NAME", after_help = "  {program} status web\n  {program} status web --revision 3 --output json")]
pub(crate) struct StatusArgs {
    /// name of the release
    name: String,
    #[command(flatten)]
    output: OutputFlag,
    #[command(flatten)]
    revision: RevisionFlag,
}
