//! `get notes`.

use clap::Args;
use helmrs_client::action;

use crate::error::CommandError;
use crate::flags::revision::RevisionFlag;
use crate::invocation::Invocation;

/// download the notes for a named release
///
/// Prints the notes the chart had for whoever installed it.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment, override_usage = "RELEASE_NAME")]
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
