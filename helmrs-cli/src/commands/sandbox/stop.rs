//! `sandbox stop`.

use std::thread::sleep;
use std::time::Duration;

use clap::Args;
use rustix::process::{Pid, Signal, kill_process};

use super::state::{self, State};
use crate::error::CommandError;
use crate::invocation::Invocation;

/// How often the sandbox is asked whether it has stopped, and how long to wait in between.
const PATIENCE: (u32, Duration) = (200, Duration::from_millis(50));

/// Stop the sandbox
///
/// Stops the sandbox that runs in the background. What it held in memory is gone.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    after_help = "\
# Stop it
{program} sandbox stop"
)]
pub(crate) struct StopArgs {}

pub(crate) fn run(_: &StopArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let state = State::running(invocation).ok_or_else(|| state::not_running(invocation))?;
    let process = i32::try_from(state.process)
        .ok()
        .and_then(Pid::from_raw)
        .ok_or_else(|| state::not_running(invocation))?;
    kill_process(process, Signal::TERM)?;
    for _ in 0..PATIENCE.0 {
        if State::running(invocation).is_none() {
            State::remove(invocation)?;
            return Ok(invocation.printer.data("sandbox stopped\n")?);
        }
        sleep(PATIENCE.1);
    }
    Err(CommandError::message("the sandbox did not stop in time"))
}
