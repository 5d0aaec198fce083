//! `search repo`.

use clap::Args;

use crate::error::CommandError;
use crate::flags::number::Unsigned;
use crate::flags::output::OutputFlag;
use crate::invocation::Invocation;

/// search repositories for a keyword in charts
///
/// Looks through the cached indexes of the repositories that were added; 'repo update' makes them new. Without a
/// keyword, every chart is listed.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[keyword]",
    after_help = "  {program} search repo nginx\n  {program} search repo nginx --versions --version ^1.0.0"
)]
pub(crate) struct RepoArgs {
    /// words to look for
    keywords: Vec<String>,
    /// also list versions still in development; ignored with --version
    #[arg(long)]
    devel: bool,
    /// fail if nothing is found
    #[arg(long)]
    fail_on_no_result: bool,
    /// how wide the table's columns may be; 0 for any width
    #[arg(long, value_name = "uint", default_value = "50")]
    max_col_width: Unsigned,
    #[command(flatten)]
    output: OutputFlag,
    /// take the keyword for a regular expression
    #[arg(long, short = 'r')]
    regexp: bool,
    /// range of versions to list
    #[arg(long, value_name = "string")]
    version: Option<String>,
    /// list every version of every chart
    #[arg(long, short = 'l')]
    versions: bool,
}
