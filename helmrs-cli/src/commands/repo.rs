//! `repo`: the chart repositories a user knows.

mod add;
mod index;
mod list;
mod remove;
mod update;

use clap::{Args, Subcommand};

use crate::error::CommandError;
use crate::invocation::Invocation;

/// Manage the chart repositories you use
///
/// A repository is a web server with archives of charts and an index of them. Those that were added can be searched,
/// and their charts are called by a short name: REPOSITORY/CHART.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    after_help = "\
# Make a repository known, and see what it has
{program} repo add example https://example.com/charts
{program} search repo example/

# Ask all repositories what is new
{program} repo update"
)]
pub(crate) struct RepoArgs {
    #[command(subcommand)]
    command: RepoCommand,
}

/// Everything that can be done with repositories.
#[derive(Subcommand, Debug)]
enum RepoCommand {
    Add(add::AddArgs),
    #[command(visible_alias = "ls")]
    List(list::ListArgs),
    #[command(visible_alias = "rm")]
    Remove(remove::RemoveArgs),
    Index(index::IndexArgs),
    #[command(visible_alias = "up")]
    Update(update::UpdateArgs),
}

pub(crate) fn run(args: &RepoArgs, invocation: &Invocation) -> Result<(), CommandError> {
    match &args.command {
        RepoCommand::Add(args) => add::run(args, invocation),
        RepoCommand::List(args) => list::run(args, invocation),
        RepoCommand::Remove(args) => remove::run(args, invocation),
        RepoCommand::Index(args) => index::run(args, invocation),
        RepoCommand::Update(args) => update::run(args, invocation),
    }
}
