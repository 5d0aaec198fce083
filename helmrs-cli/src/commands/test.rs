//! `test`: a release's own tests.

use clap::Args;

use crate::error::CommandError;
use crate::flags::list::List;
use crate::flags::timeout::TimeoutFlag;
use crate::invocation::Invocation;

/// run tests for a release
///
/// Runs the hooks of the release's chart that are tests, and prints how they ended.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[RELEASE]",
    after_help = "  {program} test web --logs\n  {program} test web --filter name=web-connects,!name=web-slow"
)]
pub(crate) struct TestArgs {
    /// name of the release
    release: String,
    /// tests to run, as name=TEST, or to leave out, as !name=TEST; may be given several times
    #[arg(long, value_name = "strings")]
    filter: Vec<List>,
    /// print what the test pods wrote
    #[arg(long)]
    logs: bool,
    #[command(flatten)]
    timeout: TimeoutFlag,
}
