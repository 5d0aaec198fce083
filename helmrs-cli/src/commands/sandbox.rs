//! `sandbox`: a cluster to try things out on.

mod dump;
mod kubeconfig;
mod load;
mod manifests;
mod options;
mod run;
mod start;
mod state;
mod status;
mod stop;

use clap::{Args, Subcommand};

use crate::error::CommandError;
use crate::invocation::Invocation;

/// Run a Kubernetes API server to try things out on
///
/// Runs an API server on this machine that kubectl and {program} can work against as against any cluster: objects are
/// stored, checked, merged and watched, and workloads become ready, but nothing is really run.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    after_help = "\
# Install a chart where it cannot break anything
{program} sandbox start
export KUBECONFIG=$({program} sandbox kubeconfig)
{program} install web ./shop
{program} sandbox stop

# The same in one line
{program} sandbox run -- {program} install web ./shop"
)]
pub(crate) struct SandboxArgs {
    #[command(subcommand)]
    command: SandboxCommand,
}

/// Everything that can be done with the sandbox.
#[derive(Subcommand, Debug)]
enum SandboxCommand {
    Start(start::StartArgs),
    Stop(stop::StopArgs),
    Status(status::StatusArgs),
    Kubeconfig(kubeconfig::KubeconfigArgs),
    Load(load::LoadArgs),
    Dump(dump::DumpArgs),
    Run(run::RunArgs),
}

pub(crate) fn run(args: &SandboxArgs, invocation: &Invocation) -> Result<(), CommandError> {
    match &args.command {
        SandboxCommand::Start(args) => start::run(args, invocation),
        SandboxCommand::Stop(args) => stop::run(args, invocation),
        SandboxCommand::Status(args) => status::run(args, invocation),
        SandboxCommand::Kubeconfig(args) => kubeconfig::run(args, invocation),
        SandboxCommand::Load(args) => load::run(args, invocation),
        SandboxCommand::Dump(args) => dump::run(args, invocation),
        SandboxCommand::Run(args) => run::run(args, invocation),
    }
}
