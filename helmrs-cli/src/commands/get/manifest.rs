//! `get manifest`.

use clap::Args;
use helmrs_client::action;

use crate::error::CommandError;
use crate::flags::revision::RevisionFlag;
use crate::invocation::Invocation;

/// Print what a release consists of
///
/// Prints the objects of a release as the YAML that was sent to the cluster, with the template each came from. What the
/// cluster has made of them since is not in it; kubectl shows that.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "RELEASE_NAME",
    after_help = "\
# Compare what was sent with what is there now
{program} get manifest web | kubectl diff -f -

# Print what an earlier revision consisted of
{program} get manifest web --revision 3"
)]
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
