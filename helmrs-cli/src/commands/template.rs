//! `template`: what a chart renders to.

mod output;

use std::path::Path;

use clap::Args;
use helmrs_client::action::{self, DryRun, InstallError, InstallRequest};
use helmrs_core::capabilities::{Capabilities, KubeVersion};
use helmrs_core::release::Release;
use helmrs_core::release::text::{self, Hooks};

use crate::charts::{self, Ingredients};
use crate::error::CommandError;
use crate::flags::dry_run::TemplateDryRunFlag;
use crate::flags::install::InstallFlags;
use crate::flags::list::List;
use crate::invocation::Invocation;

/// Render a chart without installing it
///
/// Renders a chart and prints what an install would send to the cluster. No cluster is asked: what depends on one, like
/// lookups and the APIs it serves, is made up. Name the APIs to assume with --api-versions, or ask a real cluster with
/// --dry-run=server.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[NAME] [CHART]",
    after_help = "\
# Render with the values of production
{program} template web ./shop --values prod.yaml

# Render one template only
{program} template web ./shop --show-only templates/service.yaml

# Render for a cluster that serves more than the usual APIs
{program} template web ./shop --api-versions cert-manager.io/v1,monitoring.coreos.com/v1

# Write one file a template
{program} template web ./shop --output-dir rendered"
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct TemplateArgs {
    /// name of the release, and the chart
    #[arg(required = true)]
    arguments: Vec<String>,
    /// APIs to assume the cluster serves; may be given several times
    #[arg(
        long,
        short = 'a',
        value_name = "strings",
        help_heading = "Rendering Flags"
    )]
    api_versions: Vec<List>,
    #[command(flatten)]
    dry_run: TemplateDryRunFlag,
    /// deprecated: this flag has no effect for 'helm template' and will be removed in Helm 5
    #[arg(long, hide = true)]
    hide_notes: bool,
    /// also print the CustomResourceDefinitions of the crds directory
    #[arg(long, help_heading = "Rendering Flags")]
    include_crds: bool,
    #[command(flatten)]
    install: InstallFlags,
    /// render as for an upgrade: .Release.IsUpgrade is true
    #[arg(long, help_heading = "Rendering Flags")]
    is_upgrade: bool,
    /// Kubernetes version to assume
    #[arg(long, value_name = "string", help_heading = "Rendering Flags")]
    kube_version: Option<String>,
    /// directory to write files into instead of printing them
    #[arg(long, value_name = "string", help_heading = "Output Flags")]
    output_dir: Option<String>,
    /// write into a directory of the release's name within --output-dir
    #[arg(long, help_heading = "Output Flags")]
    release_name: bool,
    /// deprecated: this flag has no effect for 'helm template' and will be removed in Helm 5
    #[arg(long, hide = true)]
    render_subchart_notes: bool,
    /// print only what these templates render; may be given several times
    #[arg(
        long,
        short = 's',
        value_name = "stringArray",
        help_heading = "Rendering Flags"
    )]
    show_only: Vec<String>,
    /// leave out tests
    #[arg(long, help_heading = "Rendering Flags")]
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

    /// The directory to write files into.
    fn directory(&self) -> Option<&str> {
        self.output_dir
            .as_deref()
            .filter(|directory| !directory.is_empty())
    }

    /// What is to be rendered.
    fn request(&self, invocation: &Invocation) -> Result<InstallRequest, CommandError> {
        let capabilities = self.capabilities()?;
        let mut dry_run = self.dry_run.mode(&invocation.printer)?;
        if self.validate {
            dry_run = DryRun::Server;
        }
        let Ingredients {
            name,
            chart,
            values,
            schema_reach,
        } = charts::ingredients(
            &self.arguments,
            &self.install,
            Some("release-name"),
            invocation,
        )?;
        let mut request = InstallRequest {
            name,
            chart,
            values,
            dry_run,
            replace: true,
            as_upgrade: self.is_upgrade,
            capabilities,
            ..self.install.request(&invocation.printer)
        };
        request.rendering.schema_reach = schema_reach;
        request.rendering.include_crds = self.include_crds;
        Ok(request)
    }
}

/// What is said after whatever goes wrong while a manifest is put together.
const DEBUG_HINT: &str = "\n\nUse --debug flag to render out invalid YAML";

// Parity: Helm, pkg/cmd/template.go.
pub(crate) fn run(args: &TemplateArgs, invocation: &Invocation) -> Result<(), CommandError> {
    invocation.keep_output_clean();
    let post_renderer = args.install.post_renderer.find(invocation)?;
    let mut request = args.request(invocation)?;
    request.rendering.post_renderer = post_renderer;
    let definitions: Vec<String> = request
        .chart
        .crds()
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    let context = invocation.context();
    // Without a cluster to ask there is nothing to wait for.
    let rendered = if request.dry_run == DryRun::Client {
        action::template(&context, request)
    } else {
        invocation.wait_for(action::install(&context, request))?
    };
    let (release, failure) = match rendered {
        Ok(release) => (release, None),
        Err(InstallError::Render { error, .. }) if !error.is_of_templates() => {
            return Err(CommandError::from(error));
        }
        Err(InstallError::Render { release, error }) if invocation.settings.debug => {
            (*release, Some(CommandError::from(error)))
        }
        Err(error @ InstallError::Render { .. }) => {
            return Err(CommandError::from(error).followed_by(DEBUG_HINT));
        }
        Err(error) => return Err(error.into()),
    };
    // What a failed render left may lack what was asked for, which says less than the failure.
    let printed = print(args, release, &definitions, invocation);
    failure.map_or(printed, Err)
}

/// Prints what was rendered, or writes it into files.
fn print(
    args: &TemplateArgs,
    mut release: Release,
    definitions: &[String],
    invocation: &Invocation,
) -> Result<(), CommandError> {
    if let Some(directory) = args.directory() {
        let folder = args.release_name.then_some(release.name.as_str());
        let pieces = output::pieces(&release, definitions, folder);
        let written = output::write(Path::new(directory), &pieces, invocation);
        written.map_err(|error| {
            if invocation.settings.debug {
                error
            } else {
                error.followed_by(DEBUG_HINT)
            }
        })?;
        let hooks = text::hook_pieces(&release.hooks, args.hooks(), folder);
        output::write_hooks(Path::new(directory), &hooks, invocation)?;
        release.manifest.clear();
        release.hooks.clear();
    }
    let text = text::release_text(release, args.hooks());
    let shown = if args.show_only.is_empty() {
        text
    } else {
        text::show_only(&text, &args.show_only)?
    };
    Ok(invocation.printer.data(shown)?)
}
