//! `sandbox kubeconfig`.

use clap::Args;

use super::state::{self, State};
use crate::error::CommandError;
use crate::invocation::Invocation;

/// Print the path of the sandbox's kubeconfig
///
/// Prints the path alone, for the shell to put where commands look for it.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    after_help = "\
# Work against the sandbox from now on
export KUBECONFIG=$({program} sandbox kubeconfig)

# Work against it once
kubectl --kubeconfig $({program} sandbox kubeconfig) get namespaces"
)]
pub(crate) struct KubeconfigArgs {}

pub(crate) fn run(_: &KubeconfigArgs, invocation: &Invocation) -> Result<(), CommandError> {
    State::running(invocation).ok_or_else(|| state::not_running(invocation))?;
    let path = state::kubeconfig_path(invocation);
    Ok(invocation.printer.data(format!("{}\n", path.display()))?)
}
