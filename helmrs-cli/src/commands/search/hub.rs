//! `search hub`.

use clap::Args;
use helmrs_client::action::{self, HubError};

use crate::error::{CommandError, chain};
use crate::flags::number::Unsigned;
use crate::flags::output::OutputFlag;
use crate::invocation::Invocation;
use crate::printer::{Level, Record};
use crate::views::document;
use crate::views::hub::HubView;

/// Search a hub for charts
///
/// Asks Artifact Hub, or another hub, which knows the charts of many repositories, and prints the page of each chart it
/// finds.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[KEYWORD]",
    after_help = "\
# Search for a word
{program} search hub database

# Show where to get the charts from
{program} search hub database --list-repo-url"
)]
pub(crate) struct HubArgs {
    /// words to look for
    keywords: Vec<String>,
    /// hub to ask
    #[arg(long, value_name = "string", default_value = "https://hub.helm.sh")]
    endpoint: String,
    /// fail if nothing is found
    #[arg(long)]
    fail_on_no_result: bool,
    /// also print the URL of each chart's repository
    #[arg(long, help_heading = "Output Flags")]
    list_repo_url: bool,
    /// how wide the table's columns may be; 0 for any width
    #[arg(
        long,
        value_name = "uint",
        default_value = "50",
        help_heading = "Output Flags"
    )]
    max_col_width: Unsigned,
    #[command(flatten)]
    output: OutputFlag,
}

// Parity: Helm, pkg/cmd/search_hub.go.
pub(crate) fn run(args: &HubArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let term = args.keywords.join(" ");
    let found = invocation.wait_for(action::search_hub(&args.endpoint, &term))?;
    if let Err(HubError::Search { cause, .. }) = &found {
        let record = Record::new(Level::Debug, "search failed").with("error", &chain(cause));
        invocation.printer.log(&record);
    }
    let found = found?;
    if found.is_empty() && args.fail_on_no_result {
        return Err(CommandError::message("no results found"));
    }
    let view = HubView {
        found: &found,
        repositories: args.list_repo_url,
        widest: usize::try_from(args.max_col_width.0).unwrap_or_default(),
    };
    Ok(invocation.printer.data_as(
        args.output.format,
        document::render(&view, args.output.format)?,
    )?)
}
