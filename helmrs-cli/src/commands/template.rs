//! `template`: what a chart renders to.

use clap::Args;

use crate::error::CommandError;
use crate::flags::dry_run::TemplateDryRunFlag;
use crate::flags::install::InstallFlags;
use crate::flags::list::List;
use crate::invocation::Invocation;

/// locally render templates
///
/// Renders a chart and prints what an install would send to the cluster. No cluster is asked: what depends on one, like
/// lookups and the APIs it serves, is made up. Name the APIs to assume with --api-versions, or ask a real cluster with
/// --dry-run=server.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[NAME] [CHART]",
    after_help = "  {program} template web ./shop\n  {program} template web ./shop --values prod.yaml --show-only templates/service.yaml\n  {program} template web ./shop --api-versions cert-manager.io/v1,monitoring.coreos.com/v1"
)]
pub(crate) struct TemplateArgs {
    /// name of the release, and the chart
    #[arg(required = true)]
    arguments: Vec<String>,
    /// APIs to assume the cluster serves; may be given several times
    #[arg(long, short = 'a', value_name = "strings")]
    api_versions: Vec<List>,
    #[command(flatten)]
    dry_run: TemplateDryRunFlag,
    /// deprecated: this flag has no effect for 'helm template' and will be removed in Helm 5
    #[arg(long, hide = true)]
    hide_notes: bool,
    /// also print the CustomResourceDefinitions of the crds directory
    #[arg(long)]
    include_crds: bool,
    #[command(flatten)]
    install: InstallFlags,
    /// render as for an upgrade: .Release.IsUpgrade is true
    #[arg(long)]
    is_upgrade: bool,
    /// Kubernetes version to assume
    #[arg(long, value_name = "string")]
    kube_version: Option<String>,
    /// directory to write files into instead of printing them
    #[arg(long, value_name = "string")]
    output_dir: Option<String>,
    /// write into a directory of the release's name within --output-dir
    #[arg(long)]
    release_name: bool,
    /// deprecated: this flag has no effect for 'helm template' and will be removed in Helm 5
    #[arg(long, hide = true)]
    render_subchart_notes: bool,
    /// print only what these templates render; may be given several times
    #[arg(long, short = 's', value_name = "stringArray")]
    show_only: Vec<String>,
    /// leave out tests
    #[arg(long)]
    skip_tests: bool,
    /// deprecated: use '--dry-run=server' instead
    #[arg(long, hide = true, conflicts_with = "dry_run")]
    validate: bool,
}
