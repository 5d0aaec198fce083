//! `plugin verify`.

use std::path::Path;

use clap::Args;
use helmrs_client::installer;

use crate::error::CommandError;
use crate::invocation::Invocation;
use crate::views;

/// Check who signed a plugin
///
/// Checks an archive against the .prov file beside it: somebody whose public key is in the keyring must have signed the
/// archive's name and hash. Installed plugins keep both beside their folder, in the directory "{program} env HELM_PLUGINS"
/// names.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[PATH]",
    after_help = "\
# Check an archive
{program} plugin verify echo-1.2.3.tgz --keyring team.gpg"
)]
pub(crate) struct VerifyArgs {
    /// archive of a plugin
    #[arg(required = true)]
    path: Option<String>,
    /// file of the public keys signatures are checked with
    #[arg(long, value_name = "string")]
    keyring: Option<String>,
}

// Parity: Helm, pkg/cmd/plugin_verify.go.
pub(crate) fn run(args: &VerifyArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let path = Path::new(args.path.as_deref().unwrap_or_default());
    let trust = invocation.trust(args.keyring.as_deref());
    let verification = installer::verify(path, &trust)?;
    let text = views::verification::render("Plugin", &verification);
    Ok(invocation.printer.data(text)?)
}
