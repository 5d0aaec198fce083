//! `get values`.

use clap::Args;

use crate::error::CommandError;
use crate::flags::output::OutputFlag;
use crate::flags::revision::RevisionFlag;
use crate::invocation::Invocation;

/// download the values file for a named release
///
/// Prints the values a release was given, or with --all every value it was rendered with.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment, override_usage = "RELEASE_NAME")]
pub(crate) struct ValuesArgs {
    /// name of the release
    name: String,
    /// print computed values too: the chart's own with those given over them
    #[arg(long, short = 'a')]
    all: bool,
    #[command(flatten)]
    output: OutputFlag,
    #[command(flatten)]
    revision: RevisionFlag,
}
