//! `install`: a new release.

use clap::Args;
use helmrs_client::action::{self, DryRun, InstallRequest};
use helmrs_client::plugin::PostRenderer;
use helmrs_core::release::Release;

use crate::charts::{self, Ingredients};
use crate::error::CommandError;
use crate::flags::dry_run::DryRunFlag;
use crate::flags::install::InstallFlags;
use crate::flags::output::OutputFlag;
use crate::invocation::Invocation;
use crate::views::document;
use crate::views::status::{StatusOptions, StatusView};

/// Install a chart as a new release
///
/// Renders a chart with the values given and creates what comes out in the cluster, as revision 1 of a release.
///
/// CHART is one of:
///
/// - a name in a repository that was added:  {program} install web example/shop
/// - a directory:  {program} install web ./shop
/// - an archive:  {program} install web ./shop-1.2.3.tgz
/// - a URL:  {program} install web https://example.com/charts/shop-1.2.3.tgz
/// - a name in the repository at --repo:  {program} install web shop --repo https://example.com/charts
/// - a reference into a registry:  {program} install web oci://example.com/charts/shop
///
/// Values come from the chart's own values.yaml, then from each --values file, then from --set and its relatives:
/// whatever comes later wins. A list is replaced as a whole, a table key by key, and null removes a key.
///
/// To see what would be sent, use --dry-run=client or --dry-run=server; Secrets are shown unless --hide-secret says
/// otherwise.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[NAME] [CHART]",
    after_help = "\
# Install a chart with a file of values, and wait until it runs
{program} install web ./shop --values prod.yaml --wait

# Set single values
{program} install web example/shop --set replicas=3,image.tag=1.2

# Leave nothing behind if anything goes wrong
{program} install web example/shop --rollback-on-failure --timeout 2m

# Let a name be made up
{program} install example/shop --generate-name"
)]
pub(crate) struct InstallArgs {
    /// name of the release, and the chart
    #[arg(required = true)]
    arguments: Vec<String>,
    #[command(flatten)]
    dry_run: DryRunFlag,
    /// do not print the chart's notes
    #[arg(long, help_heading = "Output Flags")]
    hide_notes: bool,
    /// leave Secrets out of what a dry run prints
    #[arg(long, help_heading = "Output Flags")]
    hide_secret: bool,
    #[command(flatten)]
    install: InstallFlags,
    #[command(flatten)]
    output: OutputFlag,
    /// also render the notes of subcharts
    #[arg(long, help_heading = "Output Flags")]
    render_subchart_notes: bool,
}

impl InstallArgs {
    fn request(&self, invocation: &Invocation) -> Result<InstallRequest, CommandError> {
        let Ingredients {
            name,
            chart,
            values,
            schema_reach,
        } = charts::ingredients(&self.arguments, &self.install, None, invocation)?;
        let mut request = InstallRequest {
            name,
            chart,
            values,
            ..self.install.request(&invocation.printer)
        };
        request.rendering.schema_reach = schema_reach;
        request.rendering.hide_secrets = self.hide_secret;
        request.rendering.sub_notes = self.render_subchart_notes;
        Ok(request)
    }
}

pub(crate) fn run(args: &InstallArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let post_renderer = args.install.post_renderer.find(invocation)?;
    args.install.location.connection.check()?;
    let dry_run = args.dry_run.mode(&invocation.printer)?;
    let release = install(args, dry_run, post_renderer, invocation)
        .map_err(|error| error.prefixed("INSTALLATION FAILED"))?;
    let options = StatusOptions {
        everything: invocation.settings.debug,
        hide_notes: args.hide_notes,
        color: invocation.printer.color(),
        ..StatusOptions::default()
    };
    let view = StatusView {
        release: &release,
        options,
    };
    let text = document::render(&view, args.output.format)?;
    let printed = invocation.printer.data_as(args.output.format, text);
    printed.map_err(|error| {
        if dry_run.is_dry() {
            error.into()
        } else {
            CommandError::untold(error, "The release was installed")
        }
    })
}

fn install(
    args: &InstallArgs,
    dry_run: DryRun,
    post_renderer: Option<PostRenderer>,
    invocation: &Invocation,
) -> Result<Release, CommandError> {
    let mut request = InstallRequest {
        dry_run,
        ..args.request(invocation)?
    };
    request.rendering.post_renderer = post_renderer;
    let context = invocation.context();
    Ok(invocation.until_stopped(&args.arguments[0], action::install(&context, request))??)
}
