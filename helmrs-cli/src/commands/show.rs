//! `show`: what a chart holds.

mod part;

use clap::{Args, Subcommand};

use self::part::Part;
use crate::error::CommandError;
use crate::flags::chart_location::ChartLocationFlags;
use crate::invocation::Invocation;

/// show information of a chart
///
/// Prints what a chart says about itself: its definition, its values, its README, its CustomResourceDefinitions.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct ShowArgs {
    #[command(subcommand)]
    command: ShowCommand,
}

/// Every part that can be printed.
#[derive(Subcommand, Debug)]
enum ShowCommand {
    /// show all information of the chart
    ///
    /// Prints the chart's definition, values, README and CustomResourceDefinitions, one after the other.
    All(ChartArgs),
    /// show the chart's README
    Readme(ChartArgs),
    /// show the chart's values
    ///
    /// Prints values.yaml as it is, with its comments; or what --jsonpath picks from it.
    Values(ValuesArgs),
    /// show the chart's definition
    ///
    /// Prints what Chart.yaml says.
    Chart(ChartArgs),
    /// show the chart's CRDs
    ///
    /// Prints the CustomResourceDefinitions of the crds directory.
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
    #[arg(long, value_name = "string")]
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
