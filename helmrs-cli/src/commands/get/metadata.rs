//! `get metadata`.

use clap::Args;

use crate::error::CommandError;
use crate::flags::output::OutputFlag;
use crate::flags::revision::RevisionFlag;
use crate::invocation::Invocation;

/// show what a release was made of
///
/// Prints which chart a release was made from, and how and when it was deployed.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment, override_usage = "RELEASE_NAME")]
pub(crate) struct MetadataArgs {
    /// name of the release
    name: String,
    #[command(flatten)]
    output: OutputFlag,
    #[command(flatten)]
    revision: RevisionFlag,
}
