//! `dependency`: the charts a chart depends on.

mod build;
mod list;
mod update;

use clap::{Args, Subcommand};

use crate::error::CommandError;
use crate::invocation::Invocation;

/// manage a chart's dependencies
///
/// A chart names the charts it depends on in Chart.yaml:
///
///     dependencies:
///     - name: database
///       version: "^1.2.0"
///       repository: "https://example.com/charts"
///
/// The charts themselves lie in its charts/ directory: "update" puts them there and writes down their exact versions in
/// Chart.lock, "build" puts the very same ones there again.
///
/// A repository is a URL, the name of one that was added ("@example" or "alias:example"), a directory beside the chart
/// ("file://../database"), or nothing at all if the chart is in charts/ already.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment)]
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
