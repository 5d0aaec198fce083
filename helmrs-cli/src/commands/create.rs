//! `create`: a new chart.

use std::path::Path;

use clap::Args;

use crate::error::CommandError;
use crate::invocation::Invocation;

/// create a new chart with the given name
///
/// Writes a directory with the files every chart has and a small application to start from:
///
///     shop/
///     ├── .helmignore    what packages leave out
///     ├── Chart.yaml     name, version, dependencies
///     ├── values.yaml    what users can set, and the defaults
///     ├── charts/        charts this chart depends on
///     └── templates/     what is sent to the cluster
///         └── tests/     what checks that it works
///
/// NAME may be a path; missing directories are made. Files that exist are overwritten, other files are left alone.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment, override_usage = "NAME", after_help = "  {program} create shop\n  {program} create charts/shop --starter web")]
pub(crate) struct CreateArgs {
    /// name of the chart, or the path of its directory
    name: String,
    /// chart to copy instead, by its name in the starters directory or by its path
    #[arg(long, short = 'p', value_name = "string")]
    starter: Option<String>,
}
