//! `sandbox status`.

use clap::Args;

use super::state::{self, State};
use crate::error::CommandError;
use crate::invocation::Invocation;

/// Show whether the sandbox is running
///
/// Prints the URL of the sandbox, the address of its page for a browser, and the process it runs in. That it is not running is an exit code other than 0.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    after_help = "\
# Start it unless it is there
{program} sandbox status || {program} sandbox start"
)]
pub(crate) struct StatusArgs {}

pub(crate) fn run(_: &StatusArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let State {
        process,
        url,
        token,
        ..
    } = State::running(invocation).ok_or_else(|| state::not_running(invocation))?;
    let kubeconfig = state::kubeconfig_path(invocation);
    Ok(invocation.printer.data(format!(
        "URL: {url}\nPAGE: {url}/?token={token}\nPROCESS: {process}\nKUBECONFIG: {}\n",
        kubeconfig.display()
    ))?)
}
