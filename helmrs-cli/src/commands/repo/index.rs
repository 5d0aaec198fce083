//! `repo index`.

use clap::Args;

use crate::error::CommandError;
use crate::invocation::Invocation;

/// generate an index file given a directory containing packaged charts
///
/// Writes index.yaml into the directory: it lists the archives there, so that the directory can be served as a
/// repository. With --merge, entries of another index are kept.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment, override_usage = "[DIR]", after_help = "  {program} repo index dist --url https://example.com/charts")]
pub(crate) struct IndexArgs {
    /// directory of archives
    directory: String,
    /// write JSON into the index file
    #[arg(long)]
    json: bool,
    /// index whose entries are kept
    #[arg(long, value_name = "string")]
    merge: Option<String>,
    /// where the archives will be served
    #[arg(long, value_name = "string")]
    url: Option<String>,
}
