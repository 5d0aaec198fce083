//! `get notes`.

use clap::Args;
use helmrs_client::action;

use crate::error::CommandError;
use crate::flags::revision::RevisionFlag;
use crate::invocation::Invocation;

/// Print the notes of a release
///
/// Prints what the chart had to say to whoever installed it, like how to reach the application.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "RELEASE_NAME",
    after_help = "\
# Read the notes once more
{program} get notes web"
)]
pub(crate) struct NotesArgs {
    /// name of the release
    name: String,
    #[command(flatten)]
    revision: RevisionFlag,
}

pub(crate) fn run(args: &NotesArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let release = invocation.wait_for(action::get(
        &invocation.context(),
        &args.name,
        args.revision.number(),
    ))??;
    match release.info.notes.as_str() {
        "" => Ok(()),
        notes => Ok(invocation.printer.data(format!("NOTES:\n{notes}\n"))?),
    }
}
