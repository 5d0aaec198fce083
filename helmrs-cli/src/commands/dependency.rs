//! `dependency`: the charts a chart depends on.

mod list;

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
/// The charts themselves lie in its charts/ directory.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct DependencyArgs {
    #[command(subcommand)]
    command: DependencyCommand,
}

/// Everything that can be done with dependencies.
#[derive(Subcommand, Debug)]
enum DependencyCommand {
    #[command(visible_alias = "ls")]
    List(list::ListArgs),
}

pub(crate) fn run(args: &DependencyArgs, invocation: &Invocation) -> Result<(), CommandError> {
    match &args.command {
        DependencyCommand::List(args) => list::run(args, invocation),
    }
}
