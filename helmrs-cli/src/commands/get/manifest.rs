//! `get manifest`.

use clap::Args;
use helmrs_client::action;

use crate::error::CommandError;
use crate::flags::revision::RevisionFlag;
use crate::invocation::Invocation;

/// download the manifest for a named release
///
/// Prints what a release consists of in the cluster, as the YAML that was sent there.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment, override_usage = "RELEASE_NAME")]
pub(crate) struct ManifestArgs {
    /// name of the release
    name: String,
    #[command(flatten)]
    revision: RevisionFlag,
}

pub(crate) fn run(args: &ManifestArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let release = invocation.wait_for(action::get(
        &invocation.context(),
        &args.name,
        args.revision.number(),
    ))??;
    Ok(invocation.printer.data(format!("{}\n", release.manifest))?)
}
