//! `sandbox run`.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use clap::Args;
use helmrs_sandbox::Options;

use super::options::BeginningFlags;
use crate::error::CommandError;
use crate::invocation::{Invocation, interrupted};

/// Run a command against a sandbox of its own
///
/// Starts a sandbox, runs a command with KUBECONFIG naming it, and ends with the command's exit code. Nothing is left
/// of the sandbox, and one that is running already is not touched.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[flags] -- COMMAND [ARGUMENT...]",
    after_help = "\
# Whether a chart installs
{program} sandbox run -- {program} install web ./shop --wait

# Whether an upgrade goes well from what production has
{program} sandbox run --load production.yaml -- sh -c '{program} upgrade web ./shop --wait && kubectl get pods'"
)]
pub(crate) struct RunArgs {
    /// command and its arguments, after --
    #[arg(required = true)]
    command: Vec<String>,
    #[command(flatten)]
    beginning: BeginningFlags,
}

pub(crate) fn run(args: &RunArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let folder = tempfile::tempdir()?;
    let kubeconfig = folder.path().join("kubeconfig");
    let [program, arguments @ ..] = args.command.as_slice() else {
        return Err(CommandError::message("there is no command to run"));
    };
    let status = invocation.wait_for(async {
        let sandbox = args.beginning.start(Options::default()).await?;
        std::fs::write(&kubeconfig, sandbox.kubeconfig())?;
        let mut command = tokio::process::Command::new(program);
        command.args(arguments).env("KUBECONFIG", &kubeconfig);
        let mut child = command
            .spawn()
            .map_err(|error| CommandError::message(format!("run {program:?}: {error}")))?;
        let status = loop {
            tokio::select! {
                status = child.wait() => break status?,
                // The command has been interrupted too, and says when it is done.
                () = interrupted() => {}
            }
        };
        sandbox.stop().await;
        Ok::<ExitStatus, CommandError>(status)
    })??;
    let code = code(status);
    if code == 0 {
        return Ok(());
    }
    let mut end = CommandError::silent();
    end.code = code;
    Err(end)
}

/// The exit code of a command, as a shell would put it.
fn code(status: ExitStatus) -> u8 {
    let code = status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
