//! Installing a chart as a new release.
// Parity: Helm, pkg/action/install.go.

use std::collections::BTreeMap;

use helmrs_core::capabilities::Capabilities;
use helmrs_core::chart::Chart;
use helmrs_core::name::NameError;
use helmrs_core::release::record::{self, ReservedLabel};
use helmrs_core::release::{HookEvent, Info, Release, Status};
use helmrs_core::yaml::Map;

use super::crds::{self, CrdError};
use super::options::{ApplyMethod, DryRun, Force, Hooks, Rendering, WaitStrategy, Waiting};
use super::render::{self, Moment, RenderError, Subject};
use super::uninstall::{UninstallError, UninstallRequest, uninstall};
use super::writing;
use crate::Context;
use crate::cluster::apply::{Change, Creation};
use crate::cluster::build::Validation;
use crate::cluster::resource::Resource;
use crate::cluster::validate::{self, Adoption};
use crate::cluster::{
    ApplyError, BuildError, CapabilitiesError, Cluster, HookError, OwnershipConflict,
    UnreachableError, wait::WaitError,
};
use crate::event::Event;
use crate::storage::{HistoryLimit, Storage, StorageError};

/// What to install, and how.
#[derive(Clone, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one flag of the command, independent of the others"
)]
pub struct InstallRequest {
    /// The release's name.
    pub name: String,
    /// The chart.
    pub chart: Chart,
    /// The user's values.
    pub values: Map,
    /// A sentence to record instead of the usual one.
    pub description: String,
    /// Labels for the record.
    pub labels: BTreeMap<String, String>,
    /// Whether anything is really done.
    pub dry_run: DryRun,
    /// How templates are rendered.
    pub rendering: Rendering,
    /// Who works out what a write changes.
    pub apply: ApplyMethod,
    /// What to do where an object resists.
    pub force: Force,
    /// Whether hooks run.
    pub hooks: Hooks,
    /// What is waited for.
    pub waiting: Waiting,
    /// Whether objects of others become the release's.
    pub take_ownership: bool,
    /// Whether the namespace is created if it is missing.
    pub create_namespace: bool,
    /// Whether a name that was used before may be used again.
    pub replace: bool,
    /// Whether a failed install is removed again.
    pub rollback_on_failure: bool,
    /// Whether the chart's definitions are left out.
    pub skip_crds: bool,
    /// Whether templates see an upgrade rather than an install; for dry runs only.
    pub as_upgrade: bool,
    /// What templates see where no API server is asked.
    pub capabilities: Capabilities,
}

/// Why a release was not installed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum InstallError {
    /// The API server does not answer.
    #[error("cluster reachability check failed")]
    Unreachable(#[source] UnreachableError),
    /// Secrets can be hidden in dry runs only.
    #[error("hiding Kubernetes secrets requires a dry-run mode")]
    HidingNeedsDryRun,
    /// No release can be called that.
    #[error("release name check failed: release name \"{name}\"")]
    Name { name: String, source: NameError },
    /// A release is called that already.
    #[error("release name check failed: cannot reuse a name that is still in use")]
    NameInUse,
    /// A definition cannot be installed.
    #[error(transparent)]
    Crd(#[from] CrdError),
    /// What the API server offers is not known.
    #[error(transparent)]
    Capabilities(#[from] CapabilitiesError),
    /// A label has a name the records need for themselves.
    #[error(transparent)]
    SystemLabel(#[from] ReservedLabel),
    /// The chart's subcharts cannot be put together.
    #[error("chart dependencies processing failed")]
    Dependencies(#[source] RenderError),
    /// The chart cannot be rendered; `release` is what there is of it.
    #[error("{}", crate::error::chain(&**error))]
    Render {
        error: Box<RenderError>,
        release: Box<Release>,
    },
    /// What was rendered is no list of objects.
    #[error("unable to build kubernetes objects from release manifest")]
    Build(#[source] BuildError),
    /// An object exists and may not be touched.
    #[error("unable to continue with install")]
    Ownership(#[source] OwnershipConflict),
    /// The namespace cannot be created.
    #[error(transparent)]
    Namespace(ApplyError),
    /// The record cannot be written.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The install began and failed; the release is recorded as failed.
    #[error(transparent)]
    Failed(InstallFailure),
    /// The install began, failed and was undone.
    #[error("release {name} failed, and has been uninstalled due to rollback-on-failure being set")]
    Undone {
        name: String,
        #[source]
        source: InstallFailure,
    },
    /// The install began and failed, and could not be undone.
    #[error("an error occurred while uninstalling the release. original install error: {original}")]
    NotUndone {
        original: String,
        #[source]
        source: Box<UninstallError>,
    },
}

impl InstallError {
    /// Whether the install stopped because somebody asked for it.
    pub fn is_cancelled(&self) -> bool {
        matches!(
            self,
            Self::Failed(InstallFailure::Cancelled)
                | Self::Undone {
                    source: InstallFailure::Cancelled,
                    ..
                }
        )
    }
}

/// Why an install that had begun failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InstallFailure {
    /// A hook before the install failed.
    #[error("failed pre-install")]
    Before(#[source] HookError),
    /// Objects resisted.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// Objects did not become ready.
    #[error(transparent)]
    Wait(#[from] WaitError),
    /// A hook after the install failed.
    #[error("failed post-install")]
    After(#[source] HookError),
    /// Somebody asked to stop.
    #[error("context canceled")]
    Cancelled,
}

/// Installs a chart, or tells what would be installed.
pub async fn install(
    context: &Context,
    mut request: InstallRequest,
) -> Result<Release, InstallError> {
    if request.dry_run == DryRun::Client {
        return super::template::template(context, request);
    }
    let cluster = context.cluster();
    check_beforehand(context, &request).await?;
    render::dependencies(context, &mut request.chart, &request.values).map_err(|error| {
        context.tell(Event::DependenciesFailed {
            error: crate::error::chain(&error),
        });
        InstallError::Dependencies(error)
    })?;
    install_crds(context, &request).await?;
    if request.waiting.strategy == WaitStrategy::HookOnly && request.rollback_on_failure {
        request.waiting.strategy = WaitStrategy::Watcher;
    }
    let capabilities = cluster.capabilities().await?;
    let mut release = rendered(context, &mut request, capabilities).await?;
    let (resources, adopted) = built(cluster, &request, &release).await?;
    if request.dry_run.is_dry() {
        release.info.description = "Dry run complete".to_string();
        return Ok(release);
    }
    if request.create_namespace {
        create_namespace(context, &request).await?;
    }
    let storage = context.storage();
    if request.replace {
        replace(&storage, &mut release).await?;
    }
    storage.create(&release, HistoryLimit::None).await?;
    match perform(context, &request, &mut release, &resources, &adopted).await {
        Ok(()) => Ok(release),
        Err(failure) => Err(fail(context, &request, release, failure).await),
    }
}

/// What is checked before anything is rendered.
async fn check_beforehand(context: &Context, request: &InstallRequest) -> Result<(), InstallError> {
    if let Err(error) = context.cluster().reachable().await {
        context.tell(Event::Unreachable {
            error: crate::error::chain(&error),
        });
        return Err(InstallError::Unreachable(error));
    }
    if !request.dry_run.is_dry() && request.rendering.hide_secrets {
        context.tell(Event::HidingNeedsDryRun);
        return Err(InstallError::HidingNeedsDryRun);
    }
    check_name(context, request).await
}

/// Whether the release can be called what it is to be called.
async fn check_name(context: &Context, request: &InstallRequest) -> Result<(), InstallError> {
    if let Err(source) = valid_name(&request.name) {
        tell_name_problem(context, &source);
        return Err(source);
    }
    if request.dry_run.is_dry() {
        return Ok(());
    }
    // A history that cannot be read is none; recording the release will tell.
    let Ok(history) = context.storage().history(&request.name).await else {
        return Ok(());
    };
    let Some(last) = history.last() else {
        return Ok(());
    };
    if request.replace && matches!(last.info.status, Status::Uninstalled | Status::Failed) {
        return Ok(());
    }
    tell_name_problem(context, &InstallError::NameInUse);
    Err(InstallError::NameInUse)
}

/// Checks that a release can be called that.
pub(super) fn valid_name(name: &str) -> Result<(), InstallError> {
    helmrs_core::name::check_release_name(name).map_err(|source| InstallError::Name {
        name: name.to_string(),
        source,
    })
}

pub(super) fn tell_name_problem(context: &Context, error: &InstallError) {
    let text = crate::error::chain(error);
    let inner = text
        .strip_prefix("release name check failed: ")
        .unwrap_or(&text);
    context.tell(Event::NameCheckFailed {
        error: inner.to_string(),
    });
}

async fn install_crds(context: &Context, request: &InstallRequest) -> Result<(), InstallError> {
    if request.skip_crds || request.chart.crds().is_empty() {
        return Ok(());
    }
    if request.dry_run.is_dry() {
        context.tell(Event::DefinitionsNotInstalled);
        return Ok(());
    }
    let creation = match request.apply {
        ApplyMethod::ServerSide => Creation::ServerSide {
            force: request.force == Force::Conflicts,
        },
        ApplyMethod::ClientSide => Creation::ClientSide,
    };
    crds::install(
        context.cluster(),
        &request.chart,
        creation,
        request.waiting.strategy,
    )
    .await?;
    Ok(())
}

/// The release as it is to be recorded first, rendered.
async fn rendered(
    context: &Context,
    request: &mut InstallRequest,
    capabilities: Capabilities,
) -> Result<Release, InstallError> {
    let now = context.now();
    let subject = Subject {
        chart: std::mem::take(&mut request.chart),
        values: std::mem::take(&mut request.values),
        name: request.name.clone(),
        namespace: context.namespace().to_string(),
        revision: 1,
        moment: moment(request),
        rendering: request.rendering.clone(),
        capabilities,
    };
    let outcome = render::with_cluster(context, subject).await;
    release_of(request, context, outcome, now)
}

/// Which moment of a release's life templates see.
pub(super) fn moment(request: &InstallRequest) -> Moment {
    if request.as_upgrade && request.dry_run.is_dry() {
        Moment::Upgrade
    } else {
        Moment::Install
    }
}

/// A release made of what was rendered.
pub(super) fn release_of(
    request: &InstallRequest,
    context: &Context,
    outcome: render::Outcome,
    now: helmrs_core::time::Time,
) -> Result<Release, InstallError> {
    let info = Info {
        first_deployed: now,
        last_deployed: now,
        status: Status::Unknown,
        ..Info::default()
    };
    let mut release = Release {
        name: request.name.clone(),
        namespace: context.namespace().to_string(),
        config: Some(outcome.values),
        chart: Some(outcome.chart),
        info,
        revision: 1,
        labels: request.labels.clone(),
        apply_method: request.apply.as_str().to_string(),
        ..Release::default()
    };
    record::check_labels(&request.labels)?;
    match outcome.result {
        Ok(rendered) => {
            release.hooks = rendered.hooks;
            release.manifest = rendered.manifest;
            release.info.notes = rendered.notes;
            release.set_status(Status::PendingInstall, "Initial install underway");
            Ok(release)
        }
        Err(error) => {
            release.manifest = error.rendered().to_string();
            let description = format!("failed to render resource: {}", crate::error::chain(&error));
            release.set_status(Status::Failed, description);
            Err(InstallError::Render {
                error: Box::new(error),
                release: Box::new(release),
            })
        }
    }
}

/// The release's objects, and those of them that exist already.
async fn built(
    cluster: &Cluster,
    request: &InstallRequest,
    release: &Release,
) -> Result<(Vec<Resource>, Vec<Resource>), InstallError> {
    let validation = request.rendering.validation();
    let mut resources = cluster
        .build(&release.manifest, validation)
        .await
        .map_err(InstallError::Build)?;
    validate::mark(&mut resources, &release.name, &release.namespace);
    if moment(request) == Moment::Upgrade || resources.is_empty() {
        return Ok((resources, Vec::new()));
    }
    let adoption = if request.take_ownership {
        Adoption::All
    } else {
        Adoption::Own {
            release: release.name.clone(),
            namespace: release.namespace.clone(),
        }
    };
    let adopted = cluster
        .existing(&resources, &adoption)
        .await
        .map_err(InstallError::Ownership)?;
    Ok((resources, adopted))
}

async fn create_namespace(context: &Context, request: &InstallRequest) -> Result<(), InstallError> {
    let name = context.namespace();
    // Status and spec are empty rather than absent: the reference writes the typed object.
    let manifest = format!(
        "{{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{{\"name\":\"{name}\",\"labels\":{{\"name\":\"{name}\"}}}},\
         \"spec\":{{}},\"status\":{{}}}}"
    );
    let cluster = context.cluster();
    let resources = cluster
        .build(&manifest, Validation::Strict)
        .await
        .map_err(InstallError::Build)?;
    let creation = writing::creation(request.apply);
    match cluster.create(&resources, creation).await {
        Ok(()) => Ok(()),
        Err(error) if error.is_already_exists() => Ok(()),
        Err(error) => Err(InstallError::Namespace(error)),
    }
}

/// Takes the place of an earlier release of that name.
async fn replace(storage: &Storage, release: &mut Release) -> Result<(), InstallError> {
    let Ok(mut history) = storage.history(&release.name).await else {
        return Ok(());
    };
    let Some(mut last) = history.pop() else {
        return Ok(());
    };
    release.revision = last.revision + 1;
    if last.info.status == Status::Failed {
        return Ok(());
    }
    last.set_status(Status::Superseded, "superseded by new release");
    storage.update(&last).await?;
    Ok(())
}

/// What an install does once it is recorded as under way.
async fn perform(
    context: &Context,
    request: &InstallRequest,
    release: &mut Release,
    resources: &[Resource],
    adopted: &[Resource],
) -> Result<(), InstallFailure> {
    let cluster = context.cluster();
    let hooks = super::hooks::Runner::new(context, request.waiting, request.apply);
    if request.hooks == Hooks::Run {
        hooks
            .run(release, &HookEvent::PreInstall)
            .await
            .map_err(InstallFailure::Before)?;
    }
    stop_if_cancelled(context)?;
    if adopted.is_empty() && !resources.is_empty() {
        cluster
            .create(resources, writing::creation(request.apply))
            .await?;
    } else if !resources.is_empty() {
        let (_, result) = cluster
            .update(adopted, resources, change(cluster, request)?)
            .await;
        result?;
    }
    cluster.wait(resources, request.waiting).await?;
    stop_if_cancelled(context)?;
    if request.hooks == Hooks::Run {
        hooks
            .run(release, &HookEvent::PostInstall)
            .await
            .map_err(InstallFailure::After)?;
    }
    let description = if request.description.is_empty() {
        "Install complete".to_string()
    } else {
        request.description.clone()
    };
    release.set_status(Status::Deployed, description);
    if let Err(error) = context.storage().update(release).await {
        context.tell(Event::RecordFailed {
            error: crate::error::chain(&error),
        });
    }
    Ok(())
}

fn stop_if_cancelled(context: &Context) -> Result<(), InstallFailure> {
    if context.cancellation().is_cancelled() {
        Err(InstallFailure::Cancelled)
    } else {
        Ok(())
    }
}

/// How objects that exist already are changed.
fn change(cluster: &Cluster, request: &InstallRequest) -> Result<Change, ApplyError> {
    match writing::change(cluster, request.apply, request.force, true)? {
        Change::ClientSide { .. } => Ok(Change::ClientSide {
            three_way_always: request.take_ownership,
        }),
        change => Ok(change),
    }
}

/// Records an install as failed, or undoes it.
async fn fail(
    context: &Context,
    request: &InstallRequest,
    mut release: Release,
    failure: InstallFailure,
) -> InstallError {
    // Whatever broke off when somebody asked to stop, the stop is the reason.
    let stopped = context.cancellation().is_cancelled();
    let failure = if stopped {
        InstallFailure::Cancelled
    } else {
        failure
    };
    let name = release.name.clone();
    let text = crate::error::chain(&failure);
    release.set_status(Status::Failed, format!("Release \"{name}\" failed: {text}"));
    if !request.rollback_on_failure {
        // There is a worse error to tell of than a record that cannot be written.
        let _ = context.storage().update(&release).await;
        return InstallError::Failed(failure);
    }
    context.tell(Event::step(
        "install failed and rollback-on-failure is set, uninstalling release",
        [("release", &name)],
    ));
    let undo = UninstallRequest {
        name: name.clone(),
        hooks: request.hooks,
        waiting: request.waiting,
        ..UninstallRequest::default()
    };
    match Box::pin(uninstall(&context.undisturbed(), undo)).await {
        Ok(_) => InstallError::Undone {
            name,
            source: failure,
        },
        Err(error) => InstallError::NotUndone {
            original: text,
            source: Box::new(error),
        },
    }
}
