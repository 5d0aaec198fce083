//! `get all`.

use clap::Args;
use helmrs_client::action;

use crate::error::CommandError;
use crate::flags::revision::RevisionFlag;
use crate::invocation::Invocation;
use crate::views::document::View;
use crate::views::release_struct;
use crate::views::status::{StatusOptions, StatusView};
use crate::views::template;

/// Print everything that is recorded about a release
///
/// Prints status, values, hooks, manifest and notes of a release, one after the other; or what a Go template makes of
/// the record, which it finds as .Release.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "RELEASE_NAME",
    after_help = "\
# Print all of it
{program} get all web

# Print when it was last deployed, and nothing else
{program} get all web --template '{{.Release.Info.LastDeployed}}'"
)]
pub(crate) struct AllArgs {
    /// name of the release
    name: String,
    /// Go template to print instead, as {{.Release.Name}}
    #[arg(long, value_name = "string")]
    template: Option<String>,
    #[command(flatten)]
    revision: RevisionFlag,
}

pub(crate) fn run(args: &AllArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let release = invocation.wait_for(action::get(
        &invocation.context(),
        &args.name,
        args.revision.number(),
    ))??;
    if let Some(text) = args.template.as_deref().filter(|text| !text.is_empty()) {
        return template::print(text, &release_struct::data(&release), &invocation.printer);
    }
    let options = StatusOptions {
        everything: true,
        chart: true,
        color: invocation.printer.color(),
        ..StatusOptions::default()
    };
    Ok(invocation.printer.data(
        StatusView {
            release: &release,
            options,
        }
        .table()?,
    )?)
}
