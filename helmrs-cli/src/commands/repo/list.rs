//! `repo list`.

use clap::Args;

use crate::error::CommandError;
use crate::flags::output::OutputFlag;
use crate::invocation::Invocation;

/// list chart repositories
#[derive(Args, Debug)]
#[command(verbatim_doc_comment)]
pub(crate) struct ListArgs {
    /// leave out the table's headers
    #[arg(long)]
    no_headers: bool,
    #[command(flatten)]
    output: OutputFlag,
}
