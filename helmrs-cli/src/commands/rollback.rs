//! `rollback`: back to an earlier revision.

use clap::Args;
use helmrs_client::action::{self, Hooks, RollbackRequest, ServerSide};
use helmrs_client::storage::HistoryLimit;

use crate::error::CommandError;
use crate::flags::dry_run::DryRunFlag;
use crate::flags::force::ForceFlags;
use crate::flags::number::Integer;
use crate::flags::timeout::TimeoutFlag;
use crate::flags::wait::WaitFlag;
use crate::invocation::Invocation;

/// Take a release back to an earlier revision
///
/// Makes a new revision that equals an earlier one: the one named, or the one before the last. '{program} history'
/// lists what can be gone back to.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "<RELEASE> [REVISION]",
    after_help = "\
# Go back by one
{program} rollback web

# Go back to revision 3, and wait until it runs
{program} rollback web 3 --wait"
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
    #[arg(long, help_heading = "Waiting Flags")]
    wait_for_jobs: bool,
}

impl RollbackArgs {
    fn request(&self, invocation: &Invocation) -> Result<RollbackRequest, CommandError> {
        let printer = &invocation.printer;
        let most = self
            .history_max
            .map_or(invocation.settings.max_history, |most| most.0);
        Ok(RollbackRequest {
            name: self.release.clone(),
            revision: self
                .revision
                .first()
                .map_or(Ok(0), |revision| number(revision))?,
            description: self.description.clone().unwrap_or_default(),
            dry_run: self.dry_run.mode(printer)?,
            server_side: ServerSide::parse(&self.server_side),
            force: self.force.choice(),
            hooks: if self.no_hooks {
                Hooks::Skip
            } else {
                Hooks::Run
            },
            waiting: self
                .wait
                .waiting(self.wait_for_jobs, self.timeout.timeout, printer),
            history: HistoryLimit::of(most),
            cleanup_on_fail: self.cleanup_on_fail,
        })
    }
}

// Parity: Go, strconv.Atoi.
fn number(text: &str) -> Result<i64, CommandError> {
    text.parse().map_err(|error: std::num::ParseIntError| {
        let reason = match error.kind() {
            std::num::IntErrorKind::PosOverflow | std::num::IntErrorKind::NegOverflow => {
                "value out of range"
            }
            _ => "invalid syntax",
        };
        let text = crate::quote::quote(text);
        CommandError::message(format!(
            "could not convert revision to a number: strconv.Atoi: parsing {text}: {reason}"
        ))
    })
}

pub(crate) fn run(args: &RollbackArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let request = args.request(invocation)?;
    let context = invocation.context();
    let name = request.name.clone();
    let is_dry = request.dry_run.is_dry();
    invocation.until_stopped(&name, action::rollback(&context, request))??;
    let printed = invocation
        .printer
        .data("Rollback was a success! Happy Helming!\n");
    printed.map_err(|error| {
        if is_dry {
            error.into()
        } else {
            CommandError::untold(error, "The release was rolled back")
        }
    })
}
