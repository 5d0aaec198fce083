//! `repo list`.

use clap::Args;
use helmrs_client::download::repositories;

use crate::error::CommandError;
use crate::flags::output::{Format, OutputFlag};
use crate::invocation::Invocation;
use crate::views::document;
use crate::views::repositories::RepositoriesView;

/// List the chart repositories that were added
///
/// Lists the name and the URL of every repository.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    after_help = "\
# List them, or give them to a program
{program} repo list
{program} repo list --output json"
)]
pub(crate) struct ListArgs {
    /// leave out the table's headers
    #[arg(long, help_heading = "Output Flags")]
    no_headers: bool,
    #[command(flatten)]
    output: OutputFlag,
}

pub(crate) fn run(args: &ListArgs, invocation: &Invocation) -> Result<(), CommandError> {
    // Parity: Helm, pkg/cmd/repo_list.go: a list that cannot be read is an empty one.
    let list =
        repositories::read_list(invocation.settings.repository_config.as_ref()).unwrap_or_default();
    if list.repositories.is_empty() && args.output.format == Format::Table {
        invocation.printer.note("no repositories to show");
        return Ok(());
    }
    let view = RepositoriesView {
        entries: &list.repositories,
        headers: !args.no_headers,
    };
    Ok(invocation.printer.data_as(
        args.output.format,
        document::render(&view, args.output.format)?,
    )?)
}
