//! `rollback`: back to an earlier revision.

use clap::Args;

use crate::error::CommandError;
use crate::flags::dry_run::DryRunFlag;
use crate::flags::force::ForceFlags;
use crate::flags::number::Integer;
use crate::flags::timeout::TimeoutFlag;
use crate::flags::wait::WaitFlag;
use crate::invocation::Invocation;

/// roll back a release to a previous revision
///
/// Makes a new revision that equals an earlier one: the one named, or the one before the last. The revisions of a
/// release are listed by '{program} history RELEASE'.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "<RELEASE> [REVISION]",
    after_help = "  {program} rollback web\n  {program} rollback web 3 --wait"
)]
pub(crate) struct RollbackArgs {
    /// name of the release
    release: String,
    /// the revision to go back to, and words that are passed over
    revision: Vec<String>,
    /// delete what this rollback created if it fails
    #[arg(long)]
    cleanup_on_fail: bool,
    /// what the history says about this revision
    #[arg(long, value_name = "string")]
    description: Option<String>,
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    force: ForceFlags,
    /// how many revisions of the release to keep; 0 for all
    #[arg(long, value_name = "int")]
    history_max: Option<Integer>,
    /// run no hooks
    #[arg(long)]
    no_hooks: bool,
    /// let the API server work out what each change does: true, false, or auto for what the earlier revision did
    #[arg(long, value_name = "string", default_value = "auto")]
    server_side: String,
    #[command(flatten)]
    timeout: TimeoutFlag,
    #[command(flatten)]
    wait: WaitFlag,
    /// with --wait, wait until every Job is complete too
    #[arg(long)]
    wait_for_jobs: bool,
}
