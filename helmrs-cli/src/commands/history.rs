//! `history`: the revisions of a release.

use clap::Args;
use helmrs_client::action;

use crate::error::CommandError;
use crate::flags::number::Integer;
use crate::flags::output::OutputFlag;
use crate::invocation::Invocation;
use crate::views::document;
use crate::views::history::HistoryView;

/// List the revisions of a release
///
/// Lists the revisions that are still recorded, oldest first: when each was deployed, from which chart, what became of
/// it, and what was said about it.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "RELEASE_NAME",
    after_help = "\
# List the revisions there are
{program} history web

# Look at the last five as a program would
{program} history web --max 5 --output yaml"
)]
pub(crate) struct HistoryArgs {
    /// name of the release
    name: String,
    /// how many revisions to list, counted from the newest
    #[arg(long, value_name = "int", default_value = "256")]
    max: Integer,
    #[command(flatten)]
    output: OutputFlag,
    /// add a column for the revision a rollback went back to
    #[arg(long, help_heading = "Output Flags")]
    show_rollback_revision: bool,
}

pub(crate) fn run(args: &HistoryArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let mut releases =
        invocation.wait_for(action::history(&invocation.context(), &args.name))??;
    releases.sort_by_key(|release| release.revision);
    let most = usize::try_from(args.max.0).unwrap_or_default();
    let surplus = releases.len().saturating_sub(most);
    let view = HistoryView::new(&releases[surplus..], args.show_rollback_revision);
    Ok(invocation.printer.data_as(
        args.output.format,
        document::render(&view, args.output.format)?,
    )?)
}
