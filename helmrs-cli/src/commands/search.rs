//! `search`: which charts there are.

mod hub;
mod repo;

use clap::{Args, Subcommand};

use crate::error::CommandError;
use crate::invocation::Invocation;

/// Search for charts
///
/// Finds charts in the repositories that were added, or in a hub that knows the charts of many repositories.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    after_help = "\
# Search what was added
{program} search repo database

# Search everywhere
{program} search hub database"
)]
pub(crate) struct SearchArgs {
    #[command(subcommand)]
    command: SearchCommand,
}

/// Every place to search.
#[derive(Subcommand, Debug)]
enum SearchCommand {
    Hub(hub::HubArgs),
    Repo(repo::RepoArgs),
}

pub(crate) fn run(args: &SearchArgs, invocation: &Invocation) -> Result<(), CommandError> {
    match &args.command {
        SearchCommand::Hub(args) => hub::run(args, invocation),
        SearchCommand::Repo(args) => repo::run(args, invocation),
    }
}
