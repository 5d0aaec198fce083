//! What `install` and `template` have in common.

use clap::Args;
use helmrs_client::action::{ApplyMethod, Budget, Hooks, InstallRequest, Rendering};

use super::chart_location::ChartLocationFlags;
use super::force::ForceFlags;
use super::list::Pairs;
use super::number::Boolean;
use super::post_renderer::PostRendererFlags;
use super::timeout::TimeoutFlag;
use super::values::ValuesFlags;
use super::wait::WaitFlag;
use crate::printer::Printer;

/// Flags of commands that make a new release, or pretend to.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct InstallFlags {
    /// deprecated: use --rollback-on-failure instead
    #[arg(long, hide = true)]
    atomic: bool,
    /// create the namespace if it is not there
    #[arg(long)]
    pub(crate) create_namespace: bool,
    /// download missing dependencies before anything else
    #[arg(long)]
    pub(crate) dependency_update: bool,
    /// what the history says about this revision
    #[arg(long, value_name = "string")]
    pub(crate) description: Option<String>,
    /// do not check objects against the cluster's OpenAPI description
    #[arg(long, help_heading = "Rendering Flags")]
    pub(crate) disable_openapi_validation: bool,
    /// let templates look up host names
    #[arg(long, help_heading = "Rendering Flags")]
    pub(crate) enable_dns: bool,
    #[command(flatten)]
    pub(crate) force: ForceFlags,
    /// make up a name, so that NAME is left out
    #[arg(long, short = 'g')]
    pub(crate) generate_name: bool,
    /// labels of the release record: key=value, separated by commas
    #[arg(long, short = 'l', value_name = "stringToString")]
    labels: Vec<Pairs>,
    /// template the name is made from
    #[arg(long, value_name = "string")]
    pub(crate) name_template: Option<String>,
    /// run no hooks
    #[arg(long)]
    pub(crate) no_hooks: bool,
    /// take a name whose release was uninstalled but is still in the history; unsafe in production
    #[arg(long)]
    pub(crate) replace: bool,
    /// undo everything if the install fails; waits as --wait=watcher unless told otherwise
    #[arg(long)]
    rollback_on_failure: bool,
    /// let the API server work out what each change does
    #[arg(
        long,
        value_name = "bool",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        default_value = "true"
    )]
    pub(crate) server_side: Boolean,
    /// install no CustomResourceDefinitions of the chart's crds directory
    #[arg(long)]
    pub(crate) skip_crds: bool,
    /// do not check values against the chart's JSON schema
    #[arg(long, help_heading = "Rendering Flags")]
    pub(crate) skip_schema_validation: bool,
    /// adopt objects that are there already, whatever their labels say
    #[arg(long)]
    pub(crate) take_ownership: bool,
    #[command(flatten)]
    pub(crate) timeout: TimeoutFlag,
    #[command(flatten)]
    pub(crate) wait: WaitFlag,
    /// with --wait, wait until every Job is complete too
    #[arg(long, help_heading = "Waiting Flags")]
    pub(crate) wait_for_jobs: bool,
    #[command(flatten)]
    pub(crate) location: ChartLocationFlags,
    #[command(flatten)]
    pub(crate) values: ValuesFlags,
    #[command(flatten)]
    pub(crate) post_renderer: PostRendererFlags,
}

impl InstallFlags {
    /// Whether a failed install is to be undone.
    pub(crate) fn rollback_on_failure(&self) -> bool {
        self.atomic || self.rollback_on_failure
    }

    /// The labels of the release record.
    pub(crate) fn labels(&self) -> std::collections::BTreeMap<String, String> {
        self.labels
            .iter()
            .flat_map(|pairs| pairs.0.iter().cloned())
            .collect()
    }
}

impl InstallFlags {
    /// What the flags ask for, with nothing yet to install.
    pub(crate) fn request(&self, printer: &Printer) -> InstallRequest {
        InstallRequest {
            description: self.description.clone().unwrap_or_default(),
            labels: self.labels(),
            rendering: self.rendering(),
            apply: if self.server_side.0 {
                ApplyMethod::ServerSide
            } else {
                ApplyMethod::ClientSide
            },
            force: self.force.choice(),
            hooks: if self.no_hooks {
                Hooks::Skip
            } else {
                Hooks::Run
            },
            waiting: self
                .wait
                .waiting(self.wait_for_jobs, self.timeout.timeout, printer),
            take_ownership: self.take_ownership,
            create_namespace: self.create_namespace,
            replace: self.replace,
            rollback_on_failure: self.rollback_on_failure(),
            skip_crds: self.skip_crds,
            ..InstallRequest::default()
        }
    }

    fn rendering(&self) -> Rendering {
        Rendering {
            skip_schema_validation: self.skip_schema_validation,
            disable_openapi_validation: self.disable_openapi_validation,
            enable_dns: self.enable_dns,
            budget: Budget::UNLIMITED,
            ..Rendering::default()
        }
    }
}
