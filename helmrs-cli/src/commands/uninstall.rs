//! `uninstall`: the end of a release.

use clap::Args;

use crate::error::CommandError;
use crate::flags::timeout::TimeoutFlag;
use crate::flags::wait::WaitFlag;
use crate::invocation::Invocation;

/// uninstall a release
///
/// Deletes everything that belongs to the release's last revision, and its history. Objects annotated to be kept, and
/// objects that belong to somebody else by now, are left alone and listed.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "RELEASE_NAME [...]",
    after_help = "  {program} uninstall web\n  {program} uninstall web shop --keep-history --wait"
)]
pub(crate) struct UninstallArgs {
    /// names of releases
    #[arg(required = true)]
    releases: Vec<String>,
    /// what becomes of dependents: background, foreground or orphan; foreground with --wait waits for all of them
    #[arg(long, value_name = "string", default_value = "background")]
    cascade: String,
    /// what the history says about the end
    #[arg(long, value_name = "string")]
    description: Option<String>,
    /// only say what would be done
    #[arg(long)]
    dry_run: bool,
    /// take it for a success if there is no such release
    #[arg(long)]
    ignore_not_found: bool,
    /// keep the history, so that the release can be rolled back to
    #[arg(long)]
    keep_history: bool,
    /// run no hooks
    #[arg(long)]
    no_hooks: bool,
    #[command(flatten)]
    timeout: TimeoutFlag,
    #[command(flatten)]
    wait: WaitFlag,
}
