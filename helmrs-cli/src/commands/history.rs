//! `history`: the revisions of a release.

use clap::Args;

use crate::error::CommandError;
use crate::flags::number::Integer;
use crate::flags::output::OutputFlag;
use crate::invocation::Invocation;

/// fetch release history
///
/// Lists the revisions of a release, oldest first: when each was deployed, what became of it, and why.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment, override_usage = "RELEASE_NAME", after_help = "  {program} history web\n  {program} history web --max 5 --output yaml")]
pub(crate) struct HistoryArgs {
    /// name of the release
    name: String,
    /// how many revisions to list, counted from the newest
    #[arg(long, value_name = "int", default_value = "256")]
    max: Integer,
    #[command(flatten)]
    output: OutputFlag,
    /// add a column for the revision a rollback went back to
    #[arg(long)]
    show_rollback_revision: bool,
}
