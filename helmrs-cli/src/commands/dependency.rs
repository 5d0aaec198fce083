//! `dependency`: the charts a chart depends on.

mod build;
mod list;
mod update;

use clap::{Args, Subcommand};

use crate::error::CommandError;
use crate::invocation::Invocation;

/// Fetch the charts that a chart depends on
///
/// A chart names the charts it depends on in Chart.yaml:
///
///     dependencies:
///     - name: database
///       version: "^1.2.0"
///       repository: "https://example.com/charts"
///
/// The charts themselves lie in its directory charts: 'update' looks for the newest versions allowed, puts them there
/// and writes down in Chart.lock which ones they are; 'build' puts the very same ones there again.
///
/// A repository is one of:
///
/// - a URL, of a repository or, with oci://, of a registry
/// - the name of a repository that was added:  "@example" or "alias:example"
/// - a directory beside the chart:  "file://../database"
/// - nothing, if the chart lies in charts already
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    after_help = "\
# See what a chart depends on, and what of it is there
{program} dependency list ./shop

# Fetch the newest versions that Chart.yaml allows
{program} dependency update ./shop

# Fetch the versions that were tested, on another machine
{program} dependency build ./shop"
)]
pub(crate) struct DependencyArgs {
    #[command(subcommand)]
    command: DependencyCommand,
}

/// Everything that can be done with dependencies.
#[derive(Subcommand, Debug)]
enum DependencyCommand {
    Build(build::BuildArgs),
    #[command(visible_alias = "ls")]
    List(list::ListArgs),
    #[command(visible_alias = "up")]
    Update(update::UpdateArgs),
}

pub(crate) fn run(args: &DependencyArgs, invocation: &Invocation) -> Result<(), CommandError> {
    match &args.command {
        DependencyCommand::Build(args) => build::run(args, invocation),
        DependencyCommand::Update(args) => update::run(args, invocation),
        DependencyCommand::List(args) => list::run(args, invocation),
    }
}
