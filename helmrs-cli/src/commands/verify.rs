//! `verify`: whether a chart is what somebody signed.

use std::path::Path;

use clap::Args;
use helmrs_client::download;

use crate::error::CommandError;
use crate::invocation::Invocation;
use crate::views;

/// Check the signature of a chart
///
/// Checks an archive against the .prov file beside it: somebody whose public key is in the keyring must have signed the
/// archive's name and hash. "package --sign" makes such files; --verify of other commands does the same check on the way.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "PATH",
    after_help = "\
# Check an archive with the keys of GnuPG
{program} verify shop-1.2.3.tgz

# Check it with the keys of one's own file
{program} verify shop-1.2.3.tgz --keyring team.gpg"
)]
pub(crate) struct VerifyArgs {
    /// archive of a chart
    path: String,
    /// file of the public keys signatures are checked with
    #[arg(long, value_name = "string")]
    keyring: Option<String>,
}

// Parity: Helm, pkg/cmd/verify.go.
pub(crate) fn run(args: &VerifyArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let trust = invocation.trust(args.keyring.as_deref());
    let verification = download::verify_chart(Path::new(&args.path), &trust)?;
    let text = views::verification::render("Chart", &verification);
    Ok(invocation.printer.data(text)?)
}
