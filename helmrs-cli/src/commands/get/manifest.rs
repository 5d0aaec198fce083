//! `get manifest`.

use clap::Args;

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
