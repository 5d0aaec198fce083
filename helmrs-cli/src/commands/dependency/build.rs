//! `dependency build`.

use clap::Args;
use helmrs_client::action::dependency;
use helmrs_client::download::Strategy;

use crate::error::CommandError;
use crate::flags::dependency::DependencyFlags;
use crate::invocation::Invocation;

/// Fetch the dependencies that Chart.lock names
///
/// Puts exactly those versions into charts that Chart.lock names, whatever newer ones there are by now. If Chart.yaml
/// was changed after the lock was written, that is an error. A chart without a lock is updated, as by 'dependency
/// update'.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "CHART",
    after_help = "\
# Fetch what the lock of the chart in the working directory names
{program} dependency build

# Do so without asking repositories for their newest indexes
{program} dependency build ./shop --skip-refresh"
)]
pub(crate) struct BuildArgs {
    #[command(flatten)]
    dependency: DependencyFlags,
}

// Parity: Helm, pkg/cmd/dependency_build.go.
pub(crate) fn run(args: &BuildArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let request = args.dependency.request(Strategy::IfPossible, invocation)?;
    invocation.tell_getters();
    let context = invocation.context();
    Ok(invocation.wait_for(dependency::build(&context, &request))??)
}
