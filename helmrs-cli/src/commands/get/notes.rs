//! `get notes`.

use clap::Args;

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
