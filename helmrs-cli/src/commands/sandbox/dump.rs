//! `sandbox dump`.

use clap::Args;

use super::manifests;
use super::state::{self, State};
use crate::error::CommandError;
use crate::invocation::Invocation;

/// Print everything that is in the sandbox
///
/// Prints every object as YAML, just as it is kept: secrets, status and all. 'sandbox load' reads it.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    after_help = "\
# Keep what a test left behind
{program} sandbox dump > after.yaml"
)]
pub(crate) struct DumpArgs {}

pub(crate) fn run(_: &DumpArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let state = State::running(invocation).ok_or_else(|| state::not_running(invocation))?;
    let connection = state.connection();
    let objects = invocation.wait_for(connection.dump())??;
    Ok(invocation.printer.data(manifests::write(&objects)?)?)
}
