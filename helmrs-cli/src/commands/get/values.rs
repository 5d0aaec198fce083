//! `get values`.

use clap::Args;
use helmrs_client::action;
use helmrs_client::action::get::ValuesScope;
use helmrs_core::yaml::Value;

use crate::error::CommandError;
use crate::flags::output::{Format, OutputFlag};
use crate::flags::revision::RevisionFlag;
use crate::invocation::Invocation;
use crate::views::document;

/// Print the values of a release
///
/// Prints the values that were given for a release; with --all, every value it was rendered with, the chart's own among
/// them.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "RELEASE_NAME",
    after_help = "\
# Save what was given, to give it again
{program} get values web --output yaml > values.yaml

# Print every value, as JSON
{program} get values web --all --output json"
)]
pub(crate) struct ValuesArgs {
    /// name of the release
    name: String,
    /// print computed values too: the chart's own with those given over them
    #[arg(long, short = 'a')]
    all: bool,
    #[command(flatten)]
    output: OutputFlag,
    #[command(flatten)]
    revision: RevisionFlag,
}

pub(crate) fn run(args: &ValuesArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let scope = if args.all {
        ValuesScope::Computed
    } else {
        ValuesScope::User
    };
    let context = invocation.context();
    let values = invocation.wait_for(action::values(
        &context,
        &args.name,
        args.revision.number(),
        scope,
    ))??;
    let values = values.map_or(Value::Null, Value::Map);
    let text = match args.output.format {
        Format::Json => document::json(&values)?,
        Format::Yaml => document::yaml(&values)?,
        Format::Table => {
            let mut text = heading(scope).as_bytes().to_vec();
            text.extend(document::yaml(&values)?);
            text
        }
    };
    // Parity: Helm, pkg/cmd/get_values.go: the table is YAML with a heading.
    let written = match args.output.format {
        Format::Table => Format::Yaml,
        format => format,
    };
    Ok(invocation.printer.data_as(written, text)?)
}

fn heading(scope: ValuesScope) -> &'static str {
    match scope {
        ValuesScope::User => "USER-SUPPLIED VALUES:\n",
        ValuesScope::Computed => "COMPUTED VALUES:\n",
    }
}
