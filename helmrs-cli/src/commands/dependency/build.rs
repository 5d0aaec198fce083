//! `dependency build`.

use clap::Args;
use helmrs_client::action::dependency;
use helmrs_client::download::Strategy;

use crate::error::CommandError;
use crate::flags::dependency::DependencyFlags;
use crate::invocation::Invocation;

/// rebuild the charts/ directory based on the Chart.lock file
///
/// Puts the very versions into charts/ that Chart.lock names, whatever newer ones there are. A chart without a lock is
/// updated, as by "dependency update".
#[derive(Args, Debug)]
#[command(verbatim_doc_comment, override_usage = "CHART")]
pub(crate) struct BuildArgs {
    #[command(flatten)]
    dependency: DependencyFlags,
}

// Parity: Helm, pkg/cmd/dependency_build.go.
pub(crate) fn run(args: &BuildArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let request = args.dependency.request(Strategy::IfPossible, invocation)?;
    let context = invocation.context();
    Ok(invocation.wait_for(dependency::build(&context, &request))??)
}
