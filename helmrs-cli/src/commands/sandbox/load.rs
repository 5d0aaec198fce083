//! `sandbox load`.

use std::path::PathBuf;

use clap::Args;

use super::manifests;
use super::state::{self, State};
use crate::error::CommandError;
use crate::invocation::Invocation;

/// Load objects into the sandbox
///
/// Reads manifests in YAML or JSON and stores what they describe, definitions and namespaces first. What 'sandbox dump' wrote
/// comes back as it was, with its status; anything else is applied.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    after_help = "\
# Begin with what another cluster has
kubectl get all,secrets --namespace shop --output yaml > shop.yaml
{program} sandbox load shop.yaml

# Go back to how it was
{program} sandbox dump > before.yaml
{program} sandbox load before.yaml"
)]
pub(crate) struct LoadArgs {
    /// file of objects; - for standard input
    file: PathBuf,
}

pub(crate) fn run(args: &LoadArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let state = State::running(invocation).ok_or_else(|| state::not_running(invocation))?;
    let objects = manifests::read(&args.file)?;
    let connection = state.connection();
    let loaded = invocation.wait_for(connection.load(objects))??;
    Ok(invocation
        .printer
        .data(format!("{loaded} objects loaded\n"))?)
}
