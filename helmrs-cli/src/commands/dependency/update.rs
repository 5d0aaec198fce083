//! `dependency update`.

use clap::Args;
use helmrs_client::action::dependency;
use helmrs_client::download::Strategy;

use crate::error::CommandError;
use crate::flags::dependency::DependencyFlags;
use crate::invocation::Invocation;

/// Fetch the newest dependencies that Chart.yaml allows
///
/// Puts the newest versions that Chart.yaml allows into charts, removes archives that are no longer wanted, and writes
/// down in Chart.lock which versions these are. Nothing in charts changes unless everything could be downloaded.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "CHART",
    after_help = "\
# Update the chart in the working directory
{program} dependency update

# Update without asking repositories for their newest indexes
{program} dependency update ./shop --skip-refresh"
)]
pub(crate) struct UpdateArgs {
    #[command(flatten)]
    dependency: DependencyFlags,
}

// Parity: Helm, pkg/cmd/dependency_update.go.
pub(crate) fn run(args: &UpdateArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let request = args.dependency.request(Strategy::Always, invocation)?;
    invocation.tell_getters();
    let context = invocation.context();
    Ok(invocation.wait_for(dependency::update(&context, &request))??)
}
