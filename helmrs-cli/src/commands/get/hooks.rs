//! `get hooks`.

use clap::Args;
use helmrs_client::action;
use helmrs_core::release::build;

use crate::error::CommandError;
use crate::flags::revision::RevisionFlag;
use crate::invocation::Invocation;

/// download all hooks for a named release
///
/// Prints the hooks of a release as YAML documents.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment, override_usage = "RELEASE_NAME")]
pub(crate) struct HooksArgs {
    /// name of the release
    name: String,
    #[command(flatten)]
    revision: RevisionFlag,
}

pub(crate) fn run(args: &HooksArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let release = invocation.wait_for(action::get(
        &invocation.context(),
        &args.name,
        args.revision.number(),
    ))??;
    let mut text = String::new();
    for hook in &release.hooks {
        text.push_str(&build::sourced(&hook.path, &hook.manifest));
    }
    Ok(invocation.printer.data(text)?)
}
