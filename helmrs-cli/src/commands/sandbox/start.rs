//! `sandbox start`.

use std::fs::{self, File};
use std::net::IpAddr;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use clap::Args;
use helmrs_sandbox::Options;

use super::options::BeginningFlags;
use super::state::{self, State};
use crate::error::CommandError;
use crate::flags::number::Unsigned;
use crate::invocation::{Invocation, interrupted};

/// How often a sandbox in the background is looked for, and for how long it may take.
const PATIENCE: (u32, Duration) = (300, Duration::from_millis(50));

/// Start the sandbox
///
/// Starts the sandbox in the background and prints the path of its kubeconfig. Objects are kept in memory, and gone
/// when it stops, unless --data names a file for them.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    after_help = "\
# Start it and work against it
export KUBECONFIG=$({program} sandbox start)

# Begin with roles, to see what somebody may not do
{program} sandbox start --load roles.yaml
{program} list --kube-as-user ann

# Keep what is created, and always listen on the same port
{program} sandbox start --data sandbox.db --port 6443"
)]
pub(crate) struct StartArgs {
    /// file to keep objects in, so that they outlast the sandbox
    #[arg(long, value_name = "string")]
    data: Option<PathBuf>,
    /// stay in the foreground until interrupted
    #[arg(long)]
    foreground: bool,
    /// address to listen on, for others to connect to; this machine alone can by default
    #[arg(long, value_name = "ip")]
    listen: Option<IpAddr>,
    /// port to listen on; any free one by default
    #[arg(long, value_name = "uint")]
    port: Option<Unsigned>,
    #[command(flatten)]
    beginning: BeginningFlags,
}

pub(crate) fn run(args: &StartArgs, invocation: &Invocation) -> Result<(), CommandError> {
    if let Some(state) = State::running(invocation) {
        let program = invocation.program.name;
        let mut error =
            CommandError::message(format!("a sandbox is running already, at {}", state.url));
        error.hints.push(format!(
            "use it with: export KUBECONFIG=$({program} sandbox kubeconfig)"
        ));
        return Err(error);
    }
    let port = port(args.port)?;
    if args.foreground {
        serve(args, port, invocation)
    } else {
        spawn(args, port, invocation)
    }
}

/// The port to listen on; 0 stands for any free one.
fn port(given: Option<Unsigned>) -> Result<u16, CommandError> {
    let Some(port) = given else { return Ok(0) };
    u16::try_from(port.0).map_err(|_| {
        CommandError::message(format!(
            "--port must be a number from 0 to {}, not {}",
            u16::MAX,
            port.0
        ))
    })
}

/// Serves until interrupted.
fn serve(args: &StartArgs, port: u16, invocation: &Invocation) -> Result<(), CommandError> {
    invocation.wait_for(async {
        let options = Options {
            listen: args.listen,
            port,
            data: args.data.clone(),
            ..Options::default()
        };
        let sandbox = args.beginning.start(options).await?;
        let state = State {
            process: std::process::id(),
            url: sandbox.url(),
            authority: sandbox.authority().to_owned(),
            token: sandbox.token().to_owned(),
        };
        state.write(&sandbox.kubeconfig(), invocation)?;
        announce(invocation)?;
        interrupted().await;
        sandbox.stop().await;
        State::remove(invocation)
    })?
}

/// Starts another process that serves, and waits until it does.
fn spawn(args: &StartArgs, port: u16, invocation: &Invocation) -> Result<(), CommandError> {
    let log = state::log_path(invocation);
    fs::create_dir_all(log.parent().unwrap_or(&log))?;
    let file = File::create(&log)?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args([
        "sandbox",
        "start",
        "--foreground",
        &format!("--port={port}"),
        &format!("--pod-delay={}", args.beginning.pod_delay),
    ]);
    if let Some(listen) = args.listen {
        command.arg(format!("--listen={listen}"));
    }
    for path in &args.beginning.load {
        command.arg("--load").arg(std::path::absolute(path)?);
    }
    if let Some(data) = &args.data {
        command.arg("--data").arg(std::path::absolute(data)?);
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(file)
        .process_group(0);
    let mut child = command.spawn()?;
    for _ in 0..PATIENCE.0 {
        if State::running(invocation).is_some_and(|state| state.process == child.id()) {
            return announce(invocation);
        }
        if has_ended(&mut child) {
            let said = fs::read_to_string(&log)?;
            let said = said.trim().trim_start_matches("Error: ");
            return Err(CommandError::message(format!(
                "the sandbox did not start: {said}"
            )));
        }
        sleep(PATIENCE.1);
    }
    Err(CommandError::message("the sandbox did not start in time"))
}

fn has_ended(child: &mut Child) -> bool {
    !matches!(child.try_wait(), Ok(None))
}

fn announce(invocation: &Invocation) -> Result<(), CommandError> {
    let path = state::kubeconfig_path(invocation);
    invocation.printer.data(format!("{}\n", path.display()))?;
    let program = invocation.program.name;
    invocation.printer.note(&format!(
        "The sandbox is running. Use it with:\n\n  export KUBECONFIG=$({program} sandbox kubeconfig)\n"
    ));
    Ok(())
}
