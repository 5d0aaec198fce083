//! `repo remove`.

use clap::Args;
use helmrs_client::action;

use crate::error::CommandError;
use crate::invocation::Invocation;

/// Forget chart repositories
///
/// Forgets repositories and what was cached of them. Releases that were made from their charts are not touched.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[REPO1 [REPO2 ...]]",
    after_help = "\
# Forget two repositories
{program} repo remove example private"
)]
pub(crate) struct RemoveArgs {
    /// names of repositories
    #[arg(required = true)]
    names: Vec<String>,
}

pub(crate) fn run(args: &RemoveArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let context = invocation.context();
    for name in &args.names {
        action::repository::remove(&context, name)?;
        let name = crate::quote::quote(name);
        invocation
            .printer
            .data(format!("{name} has been removed from your repositories\n"))?;
    }
    Ok(())
}
