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

/// download the values file for a named release
///
/// Prints the values a release was given, or with --all every value it was rendered with.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment, override_usage = "RELEASE_NAME")]
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
    Ok(invocation.printer.data(text)?)
}

fn heading(scope: ValuesScope) -> &'static str {
    match scope {
        ValuesScope::User => "USER-SUPPLIED VALUES:\n",
        ValuesScope::Computed => "COMPUTED VALUES:\n",
    }
}
