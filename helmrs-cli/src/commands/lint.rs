//! `lint`: what is wrong with a chart.

use clap::Args;

use crate::error::CommandError;
use crate::flags::values::ValuesFlags;
use crate::invocation::Invocation;

/// examine a chart for possible issues
///
/// Checks that charts are well-formed and would render. What would stop an install is an [ERROR]; what goes against
/// convention is a [WARNING] or an [INFO].
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "PATH",
    after_help = "  {program} lint ./shop\n  {program} lint ./shop --strict --values prod.yaml"
)]
pub(crate) struct LintArgs {
    /// directories or archives of charts
    #[arg(required = true)]
    paths: Vec<String>,
    /// Kubernetes version whose deprecations are looked for
    #[arg(long, value_name = "string")]
    kube_version: Option<String>,
    /// print only warnings and errors
    #[arg(long)]
    quiet: bool,
    /// do not check values against the chart's JSON schema
    #[arg(long)]
    skip_schema_validation: bool,
    /// fail on warnings too
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    values: ValuesFlags,
    /// also lint the charts this one depends on
    #[arg(long)]
    with_subcharts: bool,
}
