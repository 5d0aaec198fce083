//! `upgrade`: a new revision of a release.

use clap::Args;

use crate::error::CommandError;
use crate::flags::chart_location::ChartLocationFlags;
use crate::flags::dry_run::DryRunFlag;
use crate::flags::force::ForceFlags;
use crate::flags::list::Pairs;
use crate::flags::number::Integer;
use crate::flags::output::OutputFlag;
use crate::flags::post_renderer::PostRendererFlags;
use crate::flags::timeout::TimeoutFlag;
use crate::flags::values::ValuesFlags;
use crate::flags::wait::WaitFlag;
use crate::invocation::Invocation;

/// upgrade a release
///
/// Renders a chart anew and changes the release in the cluster into what comes out. Objects that are no longer part of
/// it are deleted, unless they are annotated to be kept.
///
/// Without any values, those of the last revision are used again. Otherwise the values are the chart's own with those
/// given over them; --reuse-values and --reset-then-reuse-values put those of the last revision in between.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[RELEASE] [CHART]",
    after_help = "  {program} upgrade web ./shop --values prod.yaml\n  {program} upgrade web ./shop --install --rollback-on-failure"
)]
pub(crate) struct UpgradeArgs {
    /// name of the release
    release: String,
    /// the chart: a directory, an archive, a URL or a name in a repository
    chart: String,
    /// deprecated: use --rollback-on-failure instead
    #[arg(long, hide = true)]
    atomic: bool,
    /// delete what this upgrade created if it fails
    #[arg(long)]
    cleanup_on_fail: bool,
    /// with --install, create the namespace if it is not there
    #[arg(long)]
    create_namespace: bool,
    /// download missing dependencies before anything else
    #[arg(long)]
    dependency_update: bool,
    /// what the history says about this revision
    #[arg(long, value_name = "string")]
    description: Option<String>,
    /// do not check objects against the cluster's OpenAPI description
    #[arg(long)]
    disable_openapi_validation: bool,
    #[command(flatten)]
    dry_run: DryRunFlag,
    /// let templates look up host names
    #[arg(long)]
    enable_dns: bool,
    #[command(flatten)]
    force: ForceFlags,
    /// do not print the chart's notes
    #[arg(long)]
    hide_notes: bool,
    /// leave Secrets out of what a dry run prints
    #[arg(long)]
    hide_secret: bool,
    /// how many revisions of the release to keep; 0 for all
    #[arg(long, value_name = "int")]
    history_max: Option<Integer>,
    /// install the chart if there is no such release
    #[arg(long, short = 'i')]
    install: bool,
    /// labels of the release record: key=value, separated by commas; key=null takes one away
    #[arg(long, short = 'l', value_name = "stringToString")]
    labels: Vec<Pairs>,
    #[command(flatten)]
    location: ChartLocationFlags,
    /// run no hooks
    #[arg(long)]
    no_hooks: bool,
    #[command(flatten)]
    output: OutputFlag,
    #[command(flatten)]
    post_renderer: PostRendererFlags,
    /// also render the notes of subcharts
    #[arg(long)]
    render_subchart_notes: bool,
    /// take the chart's own values, then those of the last revision, then those given
    #[arg(long)]
    reset_then_reuse_values: bool,
    /// take the chart's own values, then those given
    #[arg(long)]
    reset_values: bool,
    /// take the values of the last revision, then those given; ignored with --reset-values
    #[arg(long)]
    reuse_values: bool,
    /// go back to the last revision that worked if the upgrade fails; waits as --wait=watcher unless told otherwise
    #[arg(long)]
    rollback_on_failure: bool,
    /// let the API server work out what each change does: true, false, or auto for what the last revision did
    #[arg(long, value_name = "string", default_value = "auto")]
    server_side: String,
    /// with --install, install no CustomResourceDefinitions of the chart's crds directory
    #[arg(long)]
    skip_crds: bool,
    /// do not check values against the chart's JSON schema
    #[arg(long)]
    skip_schema_validation: bool,
    /// adopt objects that are there already, whatever their labels say
    #[arg(long)]
    take_ownership: bool,
    #[command(flatten)]
    timeout: TimeoutFlag,
    #[command(flatten)]
    values: ValuesFlags,
    #[command(flatten)]
    wait: WaitFlag,
    /// with --wait, wait until every Job is complete too
    #[arg(long)]
    wait_for_jobs: bool,
}
