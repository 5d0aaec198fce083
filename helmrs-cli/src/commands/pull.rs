//! `pull`: a chart downloaded.

use clap::Args;

use crate::error::CommandError;
use crate::flags::chart_location::ChartLocationFlags;
use crate::invocation::Invocation;

/// download a chart from a repository and (optionally) unpack it in local directory
///
/// Downloads archives of charts, to look at them or to keep them, without installing anything.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[chart URL | repo/chartname] [...]",
    after_help = "  {program} pull example/shop --version 1.2.3\n  {program} pull example/shop --untar --untardir charts"
)]
pub(crate) struct PullArgs {
    /// charts: URLs or names in repositories
    #[arg(required = true)]
    charts: Vec<String>,
    /// directory to write archives into
    #[arg(long, short = 'd', value_name = "string", default_value = ".")]
    destination: String,
    #[command(flatten)]
    location: ChartLocationFlags,
    /// also download the signature, but do not check it
    #[arg(long)]
    prov: bool,
    /// unpack the archive
    #[arg(long)]
    untar: bool,
    /// directory to unpack into, within --destination
    #[arg(long, value_name = "string", default_value = ".")]
    untardir: String,
}
