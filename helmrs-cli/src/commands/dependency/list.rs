//! `dependency list`.

use clap::Args;

use crate::error::CommandError;
use crate::flags::number::Unsigned;
use crate::invocation::Invocation;

/// list the dependencies for the given chart
///
/// Lists the charts that Chart.yaml names, and whether each is in charts/ in the version wanted.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment, override_usage = "CHART")]
pub(crate) struct ListArgs {
    /// directory or archive of a chart; the working directory by default
    chart: Option<String>,
    /// how wide the table's columns may be
    #[arg(long, value_name = "uint", default_value = "80")]
    max_col_width: Unsigned,
}
