//! `get all`.

use clap::Args;

use crate::error::CommandError;
use crate::flags::revision::RevisionFlag;
use crate::invocation::Invocation;

/// download all information for a named release
///
/// Prints everything that is recorded about a release: its status, values, hooks, manifest and notes; or what a template
/// makes of it.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment, override_usage = "RELEASE_NAME")]
pub(crate) struct AllArgs {
    /// name of the release
    name: String,
    /// Go template to print instead, as {{.Release.Name}}
    #[arg(long, value_name = "string")]
    template: Option<String>,
    #[command(flatten)]
    revision: RevisionFlag,
}
