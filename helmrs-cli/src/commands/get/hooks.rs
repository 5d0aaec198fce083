//! `get hooks`.

use clap::Args;
use helmrs_client::action;
use helmrs_core::release::build;

use crate::error::CommandError;
use crate::flags::revision::RevisionFlag;
use crate::invocation::Invocation;

/// Print the hooks of a release
///
/// Prints the objects that run at certain moments of a release's life, like before an upgrade, as YAML documents. They
/// are no part of the manifest.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "RELEASE_NAME",
    after_help = "\
# Print the hooks of the newest revision
{program} get hooks web"
)]
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
