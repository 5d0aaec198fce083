//! `upgrade`: a new revision of a release.

use std::collections::BTreeMap;

use clap::Args;
use helmrs_client::action::{
    self, ApplyMethod, Budget, DryRun, Hooks, InstallRequest, Rendering, ServerSide,
    UpgradeRequest, ValuesPolicy, Waiting,
};
use helmrs_client::download::SchemaReach;
use helmrs_client::storage::HistoryLimit;
use helmrs_core::release::{Release, Status};

use crate::charts::{self, Missing};
use crate::error::CommandError;
use crate::flags::chart_location::ChartLocationFlags;
use crate::flags::dry_run::DryRunFlag;
use crate::flags::force::ForceFlags;
use crate::flags::list::Pairs;
use crate::flags::number::Integer;
use crate::flags::output::{Format, OutputFlag};
use crate::flags::post_renderer::PostRendererFlags;
use crate::flags::timeout::TimeoutFlag;
use crate::flags::values::ValuesFlags;
use crate::flags::wait::WaitFlag;
use crate::invocation::Invocation;
use crate::printer::OutputError;
use crate::views::document;
use crate::views::status::{StatusOptions, StatusView};

/// Upgrade a release
///
/// Renders a chart anew and changes the release in the cluster into what comes out, as a new revision. Objects that are
/// no longer part of it are deleted, unless they are annotated to be kept. CHART is named as for 'install'.
///
/// Without any values, those of the last revision are used again. Otherwise the values are the chart's own with those
/// given over them; --reuse-values and --reset-then-reuse-values put those of the last revision in between.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[RELEASE] [CHART]",
    after_help = "\
# Upgrade with a file of values
{program} upgrade web ./shop --values prod.yaml

# Install or upgrade, whichever it takes, and undo what fails
{program} upgrade web example/shop --install --rollback-on-failure

# Change one value of what is there
{program} upgrade web example/shop --reuse-values --set image.tag=1.3"
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
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
    #[arg(long, help_heading = "Rendering Flags")]
    disable_openapi_validation: bool,
    #[command(flatten)]
    dry_run: DryRunFlag,
    /// let templates look up host names
    #[arg(long, help_heading = "Rendering Flags")]
    enable_dns: bool,
    #[command(flatten)]
    force: ForceFlags,
    /// do not print the chart's notes
    #[arg(long, help_heading = "Output Flags")]
    hide_notes: bool,
    /// leave Secrets out of what a dry run prints
    #[arg(long, help_heading = "Output Flags")]
    hide_secret: bool,
    /// how many revisions of the release to keep; 0 for all
    #[arg(long, value_name = "int", help_heading = None)]
    history_max: Option<Integer>,
    /// install the chart if there is no such release
    #[arg(long, short = 'i', help_heading = None)]
    install: bool,
    /// labels of the release record: key=value, separated by commas; key=null takes one away
    #[arg(long, short = 'l', value_name = "stringToString", help_heading = None)]
    labels: Vec<Pairs>,
    #[command(flatten)]
    location: ChartLocationFlags,
    /// run no hooks
    #[arg(long, help_heading = None)]
    no_hooks: bool,
    #[command(flatten)]
    output: OutputFlag,
    #[command(flatten)]
    post_renderer: PostRendererFlags,
    /// also render the notes of subcharts
    #[arg(long, help_heading = "Output Flags")]
    render_subchart_notes: bool,
    /// take the chart's own values, then those of the last revision, then those given
    #[arg(long, help_heading = "Values Flags")]
    reset_then_reuse_values: bool,
    /// take the chart's own values, then those given
    #[arg(long, help_heading = "Values Flags")]
    reset_values: bool,
    /// take the values of the last revision, then those given; ignored with --reset-values
    #[arg(long, help_heading = "Values Flags")]
    reuse_values: bool,
    /// go back to the last revision that worked if the upgrade fails; waits as --wait=watcher unless told otherwise
    #[arg(long, help_heading = None)]
    rollback_on_failure: bool,
    /// let the API server work out what each change does: true, false, or auto for what the last revision did
    #[arg(long, value_name = "string", default_value = "auto", help_heading = None)]
    server_side: String,
    /// with --install, install no CustomResourceDefinitions of the chart's crds directory
    #[arg(long, help_heading = None)]
    skip_crds: bool,
    /// do not check values against the chart's JSON schema
    #[arg(long, help_heading = "Rendering Flags")]
    skip_schema_validation: bool,
    /// adopt objects that are there already, whatever their labels say
    #[arg(long, help_heading = None)]
    take_ownership: bool,
    #[command(flatten)]
    timeout: TimeoutFlag,
    #[command(flatten)]
    values: ValuesFlags,
    #[command(flatten)]
    wait: WaitFlag,
    /// with --wait, wait until every Job is complete too
    #[arg(long, help_heading = "Waiting Flags")]
    wait_for_jobs: bool,
}

impl UpgradeArgs {
    fn rendering(&self, schema_reach: SchemaReach) -> Rendering {
        Rendering {
            sub_notes: self.render_subchart_notes,
            schema_reach,
            skip_schema_validation: self.skip_schema_validation,
            disable_openapi_validation: self.disable_openapi_validation,
            enable_dns: self.enable_dns,
            hide_secrets: self.hide_secret,
            budget: Budget::UNLIMITED,
            ..Rendering::default()
        }
    }

    fn labels(&self) -> BTreeMap<String, String> {
        self.labels
            .iter()
            .flat_map(|pairs| pairs.0.iter().cloned())
            .collect()
    }

    fn values_policy(&self) -> ValuesPolicy {
        match (
            self.reset_values,
            self.reuse_values,
            self.reset_then_reuse_values,
        ) {
            (true, _, _) => ValuesPolicy::Reset,
            (false, true, _) => ValuesPolicy::Reuse,
            (false, false, true) => ValuesPolicy::ResetThenReuse,
            (false, false, false) => ValuesPolicy::ReuseIfNone,
        }
    }

    fn hooks(&self) -> Hooks {
        if self.no_hooks {
            Hooks::Skip
        } else {
            Hooks::Run
        }
    }

    fn waiting(&self, invocation: &Invocation) -> Waiting {
        self.wait.waiting(
            self.wait_for_jobs,
            self.timeout.timeout,
            &invocation.printer,
        )
    }

    fn request(
        &self,
        dry_run: DryRun,
        invocation: &Invocation,
    ) -> Result<UpgradeRequest, CommandError> {
        charts::tell_default_version(&self.location, invocation);
        let path = charts::locate(&self.chart, &self.location, invocation)?;
        let values = charts::values(&self.values, invocation)?;
        let missing = Missing::of(self.dependency_update, &self.location);
        let chart = charts::load_complete(&path, missing, invocation)?;
        let most = self
            .history_max
            .map_or(invocation.settings.max_history, |most| most.0);
        Ok(UpgradeRequest {
            name: self.release.clone(),
            chart,
            values,
            values_policy: self.values_policy(),
            description: self.description.clone().unwrap_or_default(),
            labels: self.labels(),
            dry_run,
            rendering: self.rendering(charts::schema_reach(&path, invocation)),
            server_side: ServerSide::parse(&self.server_side),
            force: self.force.choice(),
            hooks: self.hooks(),
            waiting: self.waiting(invocation),
            history: HistoryLimit::of(most),
            take_ownership: self.take_ownership,
            cleanup_on_fail: self.cleanup_on_fail,
            rollback_on_failure: self.atomic || self.rollback_on_failure,
        })
    }

    /// The same as an install, for a release that does not exist; `replace` if it did once.
    fn install_request(
        &self,
        dry_run: DryRun,
        replace: bool,
        invocation: &Invocation,
    ) -> Result<InstallRequest, CommandError> {
        charts::tell_version("Original chart version", &self.location, invocation);
        let path = charts::locate_installable(&self.chart, &self.location, invocation)?;
        let values = charts::values(&self.values, invocation)?;
        let missing = Missing::of(self.dependency_update, &self.location);
        let chart = charts::load_installable(&path, missing, invocation)?;
        let client_side = self.server_side == "false";
        Ok(InstallRequest {
            name: self.release.clone(),
            chart,
            values,
            description: self.description.clone().unwrap_or_default(),
            labels: self.labels(),
            dry_run,
            rendering: self.rendering(charts::schema_reach(&path, invocation)),
            apply: if client_side {
                ApplyMethod::ClientSide
            } else {
                ApplyMethod::ServerSide
            },
            force: self.force.choice(),
            hooks: self.hooks(),
            waiting: self.waiting(invocation),
            take_ownership: self.take_ownership,
            create_namespace: self.create_namespace,
            replace,
            rollback_on_failure: self.atomic || self.rollback_on_failure,
            skip_crds: self.skip_crds,
            ..InstallRequest::default()
        })
    }
}

// Parity: Helm, pkg/cmd/upgrade.go.
/// What is true even if it cannot be told.
const UPGRADED: &str = "The release was upgraded";

pub(crate) fn run(args: &UpgradeArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let post_renderer = args.post_renderer.find(invocation)?;
    args.location.connection.check()?;
    let dry_run = args.dry_run.mode(&invocation.printer)?;
    let is_table = args.output.format == Format::Table;
    let context = invocation.context();
    if args.install
        && let Some(before) = missing(&args.release, invocation)?
    {
        if is_table {
            let name = crate::quote::quote(&args.release);
            invocation.printer.data(format!(
                "Release {name} does not exist. Installing it now.\n"
            ))?;
        }
        let replace = before == Before::Uninstalled;
        let mut request = args.install_request(dry_run, replace, invocation)?;
        request.rendering.post_renderer = post_renderer;
        let release =
            invocation.until_stopped(&args.release, action::install(&context, request))??;
        let printed = print(args, &release, invocation)?;
        return printed.map_err(|error| untold(error, dry_run, "The release was installed"));
    }
    let mut request = args.request(dry_run, invocation)?;
    request.rendering.post_renderer = post_renderer;
    let upgraded = invocation.until_stopped(&args.release, action::upgrade(&context, request))?;
    let release = upgraded.map_err(|error| CommandError::from(error).prefixed("UPGRADE FAILED"))?;
    if is_table {
        let name = crate::quote::quote(&args.release);
        let sentence = format!("Release {name} has been upgraded. Happy Helming!\n");
        let printed = invocation.printer.data(sentence);
        printed.map_err(|error| untold(error, dry_run, UPGRADED))?;
    }
    let printed = print(args, &release, invocation)?;
    printed.map_err(|error| untold(error, dry_run, UPGRADED))
}

/// The result cannot be told; unless nothing was to be done, it has been done all the same.
fn untold(error: OutputError, dry_run: DryRun, done: &str) -> CommandError {
    if dry_run.is_dry() {
        error.into()
    } else {
        CommandError::untold(error, done)
    }
}

/// What was there before a release that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Uninstalled,
}

/// Whether a release does not exist, and if so whether it did once.
fn missing(name: &str, invocation: &Invocation) -> Result<Option<Before>, CommandError> {
    match invocation.wait_for(action::history(&invocation.context(), name))? {
        Ok(releases) => {
            let newest = releases.iter().max_by_key(|release| release.revision);
            let uninstalled =
                newest.is_some_and(|release| release.info.status == Status::Uninstalled);
            Ok(uninstalled.then_some(Before::Uninstalled))
        }
        Err(error) if error.is_not_found() => Ok(Some(Before::Nothing)),
        Err(error) => Err(error.into()),
    }
}

fn print(
    args: &UpgradeArgs,
    release: &Release,
    invocation: &Invocation,
) -> Result<Result<(), OutputError>, CommandError> {
    let options = StatusOptions {
        everything: invocation.settings.debug,
        hide_notes: args.hide_notes,
        color: invocation.printer.color(),
        ..StatusOptions::default()
    };
    let view = StatusView { release, options };
    let text = document::render(&view, args.output.format)?;
    Ok(invocation.printer.data_as(args.output.format, text))
}
