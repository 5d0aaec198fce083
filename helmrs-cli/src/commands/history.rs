//! `history`: the revisions of a release.

use clap::Args;
use helmrs_client::action;

use crate::error::CommandError;
use crate::flags::number::Integer;
use crate::flags::output::OutputFlag;
use crate::invocation::Invocation;
use crate::views::document;
use crate::views::history::HistoryView;

/// fetch release history
///
/// Lists the revisions of a release, oldest first: when each was deployed, what became of it, and why.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "RELEASE_NAME",
    after_help = "  {program} history web\n  {program} history web --max 5 --output yaml"
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
    #[arg(long)]
    show_rollback_revision: bool,
}

pub(crate) fn run(args: &HistoryArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let mut releases =
        invocation.wait_for(action::history(&invocation.context(), &args.name))??;
    releases.sort_by_key(|release| release.revision);
    let most = usize::try_from(args.max.0).unwrap_or_default();
    let surplus = releases.len().saturating_sub(most);
    let view = HistoryView::new(&releases[surplus..], args.show_rollback_revision);
    Ok(invocation
        .printer
        .data(document::render(&view, args.output.format)?)?)
}
