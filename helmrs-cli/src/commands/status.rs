//! `status`: what became of a release.

use clap::Args;
use helmrs_client::action;
use helmrs_client::action::status::{Objects, StatusRequest};

use crate::error::CommandError;
use crate::flags::output::{Format, OutputFlag};
use crate::flags::revision::RevisionFlag;
use crate::invocation::Invocation;
use crate::views::document;
use crate::views::status::{StatusOptions, StatusView};

/// Show how a release is doing
///
/// Prints when a release was last deployed and how that went, what of it is in the cluster, how its tests ended, and
/// the notes of the chart.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "RELEASE_NAME",
    after_help = "\
# Show it for a person
{program} status web

# Show an earlier revision to a program
{program} status web --revision 3 --output json"
)]
pub(crate) struct StatusArgs {
    /// name of the release
    name: String,
    #[command(flatten)]
    output: OutputFlag,
    #[command(flatten)]
    revision: RevisionFlag,
}

pub(crate) fn run(args: &StatusArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let request = StatusRequest {
        name: args.name.clone(),
        revision: args.revision.number(),
        objects: if args.output.format == Format::Table {
            Objects::Tables
        } else {
            Objects::Whole
        },
    };
    let mut release = invocation.wait_for(action::status(&invocation.context(), &request))??;
    release.chart = None;
    let options = StatusOptions {
        color: invocation.printer.color(),
        ..StatusOptions::default()
    };
    let view = StatusView {
        release: &release,
        options,
    };
    Ok(invocation.printer.data_as(
        args.output.format,
        document::render(&view, args.output.format)?,
    )?)
}
