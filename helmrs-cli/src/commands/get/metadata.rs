//! `get metadata`.

use clap::Args;
use helmrs_client::action;

use crate::error::CommandError;
use crate::flags::output::OutputFlag;
use crate::flags::revision::RevisionFlag;
use crate::invocation::Invocation;
use crate::views::document;
use crate::views::metadata::MetadataView;

/// Print what a release was made from
///
/// Prints the chart, its version and annotations, the dependencies, and when and how the release was deployed.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "RELEASE_NAME",
    after_help = "\
# Print it for a person, or for a program
{program} get metadata web
{program} get metadata web --output json"
)]
pub(crate) struct MetadataArgs {
    /// name of the release
    name: String,
    #[command(flatten)]
    output: OutputFlag,
    #[command(flatten)]
    revision: RevisionFlag,
}

pub(crate) fn run(args: &MetadataArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let context = invocation.context();
    let metadata = invocation.wait_for(action::metadata(
        &context,
        &args.name,
        args.revision.number(),
    ))??;
    let view = MetadataView(&metadata);
    Ok(invocation.printer.data_as(
        args.output.format,
        document::render(&view, args.output.format)?,
    )?)
}
