//! `repo remove`.

use clap::Args;

use crate::error::CommandError;
use crate::invocation::Invocation;

/// remove one or more chart repositories
///
/// Forgets repositories and what was cached of them.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment, override_usage = "[REPO1 [REPO2 ...]]")]
pub(crate) struct RemoveArgs {
    /// names of repositories
    #[arg(required = true)]
    names: Vec<String>,
}
