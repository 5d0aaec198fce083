//! `sandbox status`.

use clap::Args;

use super::state::{self, State};
use crate::error::CommandError;
use crate::invocation::Invocation;

/// show whether the sandbox is running
#[derive(Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct StatusArgs {}

pub(crate) fn run(_: &StatusArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let State { process, url } =
        State::running(invocation).ok_or_else(|| state::not_running(invocation))?;
    let kubeconfig = state::kubeconfig_path(invocation);
    Ok(invocation.printer.data(format!(
        "URL: {url}\nPROCESS: {process}\nKUBECONFIG: {}\n",
        kubeconfig.display()
    ))?)
}
