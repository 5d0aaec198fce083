//! `get hooks`.

use clap::Args;

use crate::error::CommandError;
use crate::flags::revision::RevisionFlag;
use crate::invocation::Invocation;

/// download all hooks for a named release
///
/// Prints the hooks of a release as YAML documents.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment, override_usage = "RELEASE_NAME")]
pub(crate) struct HooksArgs {
    /// name of the release
    name: String,
    #[command(flatten)]
    revision: RevisionFlag,
}
