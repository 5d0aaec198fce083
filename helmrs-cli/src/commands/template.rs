//! `template`: what a chart renders to.

mod output;

use std::path::PathBuf;

use clap::Args;
use helmrs_core::capabilities::{Capabilities, KubeVersion};
use helmrs_core::chart::{self, coalesce};
use helmrs_core::engine::{ReleaseOptions, Rendering};
use helmrs_core::release::Release;
use helmrs_core::release::build::{self, Assembly, BuildError};
use helmrs_core::release::text::{self, Hooks};

use crate::ambient::Machine;
use crate::charts;
use crate::error::CommandError;
use crate::flags::dry_run::TemplateDryRunFlag;
use crate::flags::install::InstallFlags;
use crate::flags::list::List;
use crate::invocation::Invocation;
use crate::progress;
use crate::release_name::{self, NameAndChart};

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

impl TemplateArgs {
    fn hooks(&self) -> Hooks {
        match (self.install.no_hooks, self.skip_tests) {
            (true, _) => Hooks::None,
            (false, true) => Hooks::NoTests,
            (false, false) => Hooks::All,
        }
    }

    /// What the cluster is assumed to be.
    fn capabilities(&self) -> Result<Capabilities, CommandError> {
        let mut capabilities = Capabilities::default();
        if let Some(text) = self.kube_version.as_deref().filter(|text| !text.is_empty()) {
            capabilities.kube_version = KubeVersion::parse(text).map_err(|error| {
                CommandError::message(format!("invalid kube version '{text}': {error}"))
            })?;
        }
        capabilities
            .api_versions
            .extend(List::joined(&self.api_versions));
        Ok(capabilities)
    }

    /// The directory to write into, and the one within it that most files go to.
    fn output(&self, name: &str) -> Option<(PathBuf, Option<String>)> {
        let directory = self
            .output_dir
            .as_ref()
            .filter(|directory| !directory.is_empty())?;
        Some((
            PathBuf::from(directory),
            self.release_name.then(|| name.to_owned()),
        ))
    }
}

// Parity: Helm, pkg/cmd/template.go.
pub(crate) fn run(args: &TemplateArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let capabilities = args.capabilities()?;
    args.dry_run.mode(&invocation.printer)?;
    let NameAndChart { name, chart } =
        release_name::name_and_chart(&args.arguments, &args.install, Some("release-name"))?;
    let path = charts::locate(&chart, &args.install.location, invocation)?;
    let values = charts::values(&args.install.values, invocation)?;
    let mut chart = charts::load_installable(&path, invocation)?;
    let mut findings = Vec::new();
    release_name::check(&name, &invocation.printer)?;
    chart::process_dependencies(&mut chart, &values, &mut findings)?;
    let values = coalesce::coalesce_values(&chart, &values, &mut findings)?;
    progress::findings(&findings, &invocation.printer);
    let rendering = Rendering {
        chart: &chart,
        values: &values,
        release: ReleaseOptions {
            name: name.clone(),
            namespace: invocation.settings.namespace(),
            revision: 1,
            is_upgrade: args.is_upgrade,
            is_install: !args.is_upgrade,
        },
        capabilities: &capabilities,
        lookup: None,
        ambient: &Machine,
        enable_dns: args.install.enable_dns,
        strict: false,
    };
    let text = match rendered(args, &rendering, invocation) {
        Ok(text) => text,
        Err(error) => return unrenderable(error, invocation),
    };
    let shown = if args.show_only.is_empty() {
        text
    } else {
        text::show_only(&text, &args.show_only)?
    };
    Ok(invocation.printer.data(shown)?)
}

/// Renders the chart, writes files if they are wanted, and gives what is to be printed.
fn rendered(
    args: &TemplateArgs,
    rendering: &Rendering<'_>,
    invocation: &Invocation,
) -> Result<String, CommandError> {
    let rendered = build::render(rendering, false)?;
    let chart = rendering.chart;
    let Some((directory, folder)) = args.output(&rendering.release.name) else {
        let assembly = Assembly {
            include_crds: args.include_crds,
            hide_secrets: false,
        };
        let assembled = build::assemble(chart, &rendered.files, assembly)?;
        progress::findings(&assembled.findings, &invocation.printer);
        let release = Release {
            manifest: assembled.manifest,
            hooks: assembled.hooks,
            ..Release::default()
        };
        return Ok(text::release_text(&release, args.hooks()));
    };
    let sorted = build::sort(&rendered.files)?;
    progress::findings(&sorted.findings, &invocation.printer);
    let pieces = text::pieces(chart, &sorted, args.include_crds, folder.as_deref());
    output::write(&directory, &pieces, invocation)?;
    let pieces = text::hook_pieces(&sorted.hooks, args.hooks(), folder.as_deref());
    output::write(&directory, &pieces, invocation)?;
    Ok("\n".to_owned())
}

/// Fails, after printing what was rendered if that is what `--debug` asks for.
fn unrenderable(error: CommandError, invocation: &Invocation) -> Result<(), CommandError> {
    if !invocation.settings.debug {
        return Err(error.followed_by("\n\nUse --debug flag to render out invalid YAML"));
    }
    let files = match error.downcast::<BuildError>() {
        Some(BuildError::Yaml { files, .. }) => files.trim(),
        _ => "",
    };
    invocation.printer.data(format!("{files}\n"))?;
    Err(error)
}
