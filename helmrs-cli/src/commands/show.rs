//! `show`: what a chart holds.

mod part;

use clap::{Args, Subcommand};

use self::part::Part;
use crate::error::CommandError;
use crate::flags::chart_location::ChartLocationFlags;
use crate::invocation::Invocation;

/// Print what a chart says about itself
///
/// Prints a chart's definition, its values, its README or its CustomResourceDefinitions. The chart need not be
/// installed or even downloaded.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    after_help = "\
# What can be set?
{program} show values example/shop

# Everything about a certain version
{program} show all example/shop --version 1.2.3"
)]
pub(crate) struct ShowArgs {
    #[command(subcommand)]
    command: ShowCommand,
}

/// Every part that can be printed.
#[derive(Subcommand, Debug)]
enum ShowCommand {
    /// Print everything a chart says about itself
    ///
    /// Prints the definition, the values, the README and the CustomResourceDefinitions of a chart, one after the other.
    #[command(
        verbatim_doc_comment,
        after_help = "\
# Look at a chart before it is installed
{program} show all example/shop"
    )]
    All(ChartArgs),
    /// Print the README of a chart
    ///
    /// Prints what the authors of a chart say about it, as it is.
    #[command(
        verbatim_doc_comment,
        after_help = "\
# Read it page by page
{program} show readme example/shop | less"
    )]
    Readme(ChartArgs),
    /// Print the values of a chart
    ///
    /// Prints values.yaml as it is, with its comments; or what --jsonpath picks from it.
    #[command(
        verbatim_doc_comment,
        after_help = "\
# Begin a file of values of your own
{program} show values example/shop > prod.yaml

# Print a single value
{program} show values ./shop --jsonpath '{.image.tag}'"
    )]
    Values(ValuesArgs),
    /// Print the definition of a chart
    ///
    /// Prints what Chart.yaml says: name, versions, dependencies, maintainers.
    #[command(
        verbatim_doc_comment,
        after_help = "\
# Look at the newest version, development included
{program} show chart example/shop --devel"
    )]
    Chart(ChartArgs),
    /// Print the CustomResourceDefinitions of a chart
    ///
    /// Prints what the directory crds of a chart and of those it depends on holds. An install creates these first, an
    /// upgrade never changes them.
    #[command(
        verbatim_doc_comment,
        after_help = "\
# Create them before the chart is installed with --skip-crds
{program} show crds example/shop | kubectl apply --server-side -f -"
    )]
    Crds(ChartArgs),
}

/// The chart to show.
#[derive(Args, Debug)]
#[command(override_usage = "[CHART]")]
struct ChartArgs {
    /// the chart: a directory, an archive, a URL or a name in a repository
    chart: String,
    #[command(flatten)]
    location: ChartLocationFlags,
}

/// The chart whose values to show.
#[derive(Args, Debug)]
#[command(override_usage = "[CHART]")]
struct ValuesArgs {
    #[command(flatten)]
    chart: ChartArgs,
    /// JSONPath expression that picks what to print
    #[arg(long, value_name = "string", help_heading = None)]
    jsonpath: Option<String>,
}

pub(crate) fn run(args: &ShowArgs, invocation: &Invocation) -> Result<(), CommandError> {
    match &args.command {
        ShowCommand::All(args) => part::show(args, Part::All, invocation),
        ShowCommand::Readme(args) => part::show(args, Part::Readme, invocation),
        ShowCommand::Values(args) => match args.jsonpath.as_deref() {
            None | Some("") => part::show(&args.chart, Part::Values, invocation),
            Some(path) => part::pick(&args.chart, path, invocation),
        },
        ShowCommand::Chart(args) => part::show(args, Part::Chart, invocation),
        ShowCommand::Crds(args) => part::show(args, Part::Crds, invocation),
    }
}
