//! Changing a release to another chart or other values.
// Parity: Helm, pkg/action/upgrade.go.

use std::collections::BTreeMap;

use helmrs_core::chart::Chart;
use helmrs_core::chart::coalesce::{CoalesceError, coalesce_both, coalesce_values};
use helmrs_core::finding::Finding;
use helmrs_core::release::record::{self, ReservedLabel};
use helmrs_core::release::{ApplyMethod, HookEvent, Info, Release, Status};
use helmrs_core::yaml::Map;

use super::options::{DryRun, Force, Hooks, Rendering, ServerSide, WaitStrategy, Waiting};
use super::render::{self, Moment, RenderError, Subject};
use super::rollback::{RollbackError, RollbackRequest, rollback};
use super::writing::{change, method};
use crate::Context;
use crate::cluster::build::Validation;
use crate::cluster::delete::Cascade;
use crate::cluster::resource::Resource;
use crate::cluster::validate::{self, Adoption};
use crate::cluster::wait::WaitError;
use crate::cluster::{
    ApiError, ApplyError, BuildError, CapabilitiesError, HookError, OwnershipConflict,
    UnreachableError,
};
use crate::event::Event;
use crate::storage::{HistoryLimit, Storage, StorageError};

/// What becomes of the values of the revision before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ValuesPolicy {
    /// They are used again if none are given.
    #[default]
    ReuseIfNone,
    /// They are forgotten.
    Reset,
    /// They, and the chart's defaults of then, stay below the ones given.
    Reuse,
    /// They stay below the ones given, over the chart's defaults of now.
    ResetThenReuse,
}

/// What to upgrade a release to, and how.
#[derive(Clone, Default)]
pub struct UpgradeRequest {
    /// The release's name.
    pub name: String,
    /// The chart.
    pub chart: Chart,
    /// The user's values.
    pub values: Map,
    /// What becomes of the values of the revision before.
    pub values_policy: ValuesPolicy,
    /// A sentence to record instead of the usual one.
    pub description: String,
    /// Labels for the record; `null` takes one away.
    pub labels: BTreeMap<String, String>,
    /// Whether anything is really done.
    pub dry_run: DryRun,
    /// How templates are rendered.
    pub rendering: Rendering,
    /// Who works out what a write changes.
    pub server_side: ServerSide,
    /// What to do where an object resists.
    pub force: Force,
    /// Whether hooks run.
    pub hooks: Hooks,
    /// What is waited for.
    pub waiting: Waiting,
    /// How many revisions are kept.
    pub history: HistoryLimit,
    /// Whether objects of others become the release's.
    pub take_ownership: bool,
    /// Whether objects a failed upgrade created are deleted again.
    pub cleanup_on_fail: bool,
    /// Whether a failed upgrade is rolled back.
    pub rollback_on_failure: bool,
}

/// Why a release was not upgraded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum UpgradeError {
    /// The API server does not answer.
    #[error(transparent)]
    Unreachable(#[from] UnreachableError),
    /// No release can be called that.
    #[error("release name is invalid: {name}")]
    InvalidName { name: String },
    /// Secrets can be hidden in dry runs only.
    #[error("hiding Kubernetes secrets requires a dry-run mode")]
    HidingNeedsDryRun,
    /// Somebody else is at it.
    #[error("another operation (install/upgrade/rollback) is in progress")]
    Pending,
    /// Records cannot be read or written.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The values of the revision before cannot be worked out again.
    #[error("failed to rebuild old values")]
    OldValues(#[source] CoalesceError),
    /// What the API server offers is not known.
    #[error(transparent)]
    Capabilities(#[from] CapabilitiesError),
    /// The chart cannot be rendered.
    #[error("{}", crate::error::chain(&**_0))]
    Render(Box<RenderError>),
    /// A label has a name the records need for themselves.
    #[error(transparent)]
    SystemLabel(#[from] ReservedLabel),
    /// Nobody knows how objects are to be written.
    #[error("invalid/unknown release server-side apply method: {word}")]
    ServerSide { word: String },
    /// What was rendered is no list of objects.
    #[error(transparent)]
    Validate(BuildError),
    /// The revision before holds an API the server no longer serves.
    #[error("unable to build kubernetes objects from current release manifest")]
    BuildCurrent(#[source] BuildError),
    /// What was rendered is no list of objects.
    #[error("unable to build kubernetes objects from new release manifest")]
    BuildTarget(#[source] BuildError),
    /// An object exists and may not be touched.
    #[error("unable to continue with update")]
    Ownership(#[source] OwnershipConflict),
    /// The upgrade began and failed; the new revision is recorded as failed.
    #[error(transparent)]
    Failed(UpgradeFailure),
    /// What a failed upgrade created could not be deleted again.
    #[error(
        "an error occurred while cleaning up resources. original upgrade error: {original}: unable to cleanup resources: {problem}"
    )]
    NotCleanedUp { original: String, problem: String },
    /// Nothing is there to roll back to.
    #[error(
        "unable to find a previously successful release when attempting to rollback. original upgrade error"
    )]
    NothingToRollBackTo(#[source] UpgradeFailure),
    /// What to roll back to cannot be found out.
    #[error(
        "an error occurred while finding last successful release. original upgrade error: {original}"
    )]
    History {
        original: String,
        #[source]
        source: StorageError,
    },
    /// The rollback failed, too.
    #[error("an error occurred while rolling back the release. original upgrade error: {original}")]
    NotRolledBack {
        original: String,
        #[source]
        source: Box<RollbackError>,
    },
    /// The upgrade failed and was rolled back.
    #[error("release {name} failed, and has been rolled back due to rollback-on-failure being set")]
    RolledBack {
        name: String,
        #[source]
        source: UpgradeFailure,
    },
}

impl UpgradeError {
    /// Whether the upgrade stopped because somebody asked for it.
    pub fn is_cancelled(&self) -> bool {
        match self {
            Self::Failed(failure)
            | Self::RolledBack {
                source: failure, ..
            } => {
                matches!(failure, UpgradeFailure::Cancelled)
            }
            _ => false,
        }
    }
}

/// Why an upgrade that had begun failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UpgradeFailure {
    /// A hook before the upgrade failed.
    #[error("pre-upgrade hooks failed")]
    Before(#[source] HookError),
    /// Objects resisted.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// Objects did not become ready.
    #[error(transparent)]
    Wait(#[from] WaitError),
    /// A hook after the upgrade failed.
    #[error("post-upgrade hooks failed")]
    After(#[source] HookError),
    /// Somebody asked to stop.
    #[error("context canceled")]
    Cancelled,
}

/// A revision about to take another's place.
struct Prepared {
    current: Release,
    upgraded: Release,
    apply: ApplyMethod,
}

/// The objects of both revisions.
struct Objects {
    current: Vec<Resource>,
    target: Vec<Resource>,
}

/// Upgrades a release, or tells what would be upgraded.
pub async fn upgrade(
    context: &Context,
    mut request: UpgradeRequest,
) -> Result<Release, UpgradeError> {
    context.cluster().reachable().await?;
    if request.waiting.strategy == WaitStrategy::HookOnly && request.rollback_on_failure {
        request.waiting.strategy = WaitStrategy::Watcher;
    }
    if helmrs_core::name::check_release_name(&request.name).is_err() {
        return Err(UpgradeError::InvalidName { name: request.name });
    }
    step(context, "preparing upgrade", &request.name);
    let mut prepared = prepare(context, &mut request).await?;
    step(context, "performing update", &request.name);
    let objects = build(context, &request, &prepared).await?;
    if request.dry_run.is_dry() {
        step(context, "dry run for release", &request.name);
        prepared.upgraded.info.description = described(&request, "Dry run complete");
        return Ok(prepared.upgraded);
    }
    step(context, "creating upgraded release", &request.name);
    let storage = context.storage();
    storage.create(&prepared.upgraded, request.history).await?;
    let mut created = Vec::new();
    match perform(context, &request, &mut prepared, &objects, &mut created).await {
        Ok(()) => {
            step(
                context,
                "updating status for upgraded release",
                &request.name,
            );
            storage.update(&prepared.upgraded).await?;
            Ok(prepared.upgraded)
        }
        Err(failure) => Err(fail(context, &request, prepared.upgraded, &created, failure).await),
    }
}

/// Tells of a step in the upgrade of a release.
fn step(context: &Context, text: &'static str, name: &str) {
    context.tell(Event::step(text, [("name", name)]));
}

fn described(request: &UpgradeRequest, usual: &str) -> String {
    if request.description.is_empty() {
        usual.to_string()
    } else {
        request.description.clone()
    }
}

/// Finds what is there and renders what is to be.
async fn prepare(
    context: &Context,
    request: &mut UpgradeRequest,
) -> Result<Prepared, UpgradeError> {
    if !request.dry_run.is_dry() && request.rendering.hide_secrets {
        return Err(UpgradeError::HidingNeedsDryRun);
    }
    let (last, mut current) = revisions(&context.storage(), &request.name).await?;
    reuse_values(context, request, &mut current)?;
    render::dependencies(context, &mut request.chart, &request.values)
        .map_err(|error| UpgradeError::Render(Box::new(error)))?;
    let capabilities = context.cluster().capabilities().await?;
    let subject = Subject {
        chart: std::mem::take(&mut request.chart),
        values: std::mem::take(&mut request.values),
        name: request.name.clone(),
        namespace: current.namespace.clone(),
        revision: last.revision + 1,
        moment: Moment::Upgrade,
        rendering: request.rendering.clone(),
        capabilities,
    };
    let outcome = if request.dry_run.asks_server() {
        render::with_cluster(context, subject).await
    } else {
        render::alone(context, subject).await
    };
    let rendered = outcome
        .result
        .map_err(|error| UpgradeError::Render(Box::new(error)))?;
    record::check_labels(&request.labels)?;
    let apply = method(&request.server_side, &last.apply_method).ok_or_else(|| {
        UpgradeError::ServerSide {
            word: request.server_side.word().to_string(),
        }
    })?;
    let server_side = (apply == ApplyMethod::ServerSide).to_string();
    context.tell(Event::step(
        "determined release apply method",
        [
            ("server_side_apply", &server_side),
            ("previous_release_apply_method", &last.apply_method),
        ],
    ));
    let upgraded = Release {
        name: request.name.clone(),
        namespace: current.namespace.clone(),
        chart: Some(outcome.chart),
        config: Some(outcome.values),
        info: Info {
            first_deployed: current.info.first_deployed,
            last_deployed: context.now(),
            status: Status::PendingUpgrade,
            description: "Preparing upgrade".to_string(),
            notes: rendered.notes,
            ..Info::default()
        },
        revision: last.revision + 1,
        manifest: rendered.manifest,
        hooks: rendered.hooks,
        labels: record::merge_labels(&last.labels, &request.labels),
        apply_method: apply.as_str().to_string(),
    };
    let validation = request.rendering.validation();
    context
        .cluster()
        .build(&upgraded.manifest, validation)
        .await
        .map_err(UpgradeError::Validate)?;
    Ok(Prepared {
        current,
        upgraded,
        apply,
    })
}

/// The newest revision, and the one whose objects are taken to be live.
async fn revisions(storage: &Storage, name: &str) -> Result<(Release, Release), UpgradeError> {
    let last = match storage.last(name).await {
        Err(error) if error.is_not_found() => {
            return Err(StorageError::NoDeployedReleases {
                name: name.to_string(),
            }
            .into());
        }
        last => last?,
    };
    if last.info.status.is_pending() {
        return Err(UpgradeError::Pending);
    }
    if last.info.status == Status::Deployed {
        return Ok((last.clone(), last));
    }
    match storage.deployed(name).await {
        Ok(current) => Ok((last, current)),
        Err(StorageError::NoDeployedReleases { .. })
            if matches!(last.info.status, Status::Failed | Status::Superseded) =>
        {
            Ok((last.clone(), last))
        }
        Err(error) => Err(error.into()),
    }
}

/// Mixes the values of the revision before into the ones given, as asked.
fn reuse_values(
    context: &Context,
    request: &mut UpgradeRequest,
    current: &mut Release,
) -> Result<(), UpgradeError> {
    match request.values_policy {
        ValuesPolicy::Reset => {
            let text = "resetting values to the chart's original version";
            context.tell(Event::step(text, []));
        }
        ValuesPolicy::Reuse => {
            context.tell(Event::step("reusing the old release's values", []));
            let chart = current.chart.clone().unwrap_or_default();
            let mut findings = Vec::new();
            let old = coalesce_values(&chart, current.user_values(), &mut findings)
                .map_err(UpgradeError::OldValues)?;
            mix(request, current, &mut findings);
            request.chart.values = Some(old);
            render::tell(context, findings);
        }
        ValuesPolicy::ResetThenReuse => {
            let text = "merging values from old release to new values";
            context.tell(Event::step(text, []));
            let mut findings = Vec::new();
            mix(request, current, &mut findings);
            render::tell(context, findings);
        }
        ValuesPolicy::ReuseIfNone => {
            if request.values.is_empty() && !current.user_values().is_empty() {
                let revision = current.revision.to_string();
                context.tell(Event::step(
                    "copying values from old release",
                    [("name", &current.name), ("version", &revision)],
                ));
                request.values.clone_from(current.user_values());
            }
        }
    }
    Ok(())
}

/// Mixes the values of the revision before into the ones given.
// Parity: Helm, pkg/action/upgrade.go, reuseValues: nulls that are given get into the old record as well.
fn mix(request: &mut UpgradeRequest, current: &mut Release, findings: &mut Vec<Finding>) {
    let (values, old) = coalesce_both(&request.values, current.user_values(), findings);
    request.values = values;
    if let Some(config) = &mut current.config {
        *config = old;
    }
}

/// The objects of both revisions, those of others checked.
async fn build(
    context: &Context,
    request: &UpgradeRequest,
    prepared: &Prepared,
) -> Result<Objects, UpgradeError> {
    let cluster = context.cluster();
    let upgraded = &prepared.upgraded;
    let mut current = cluster
        .build(&prepared.current.manifest, Validation::Off)
        .await
        .map_err(UpgradeError::BuildCurrent)?;
    let validation = request.rendering.validation();
    let mut target = cluster
        .build(&upgraded.manifest, validation)
        .await
        .map_err(UpgradeError::BuildTarget)?;
    validate::mark(&mut target, &upgraded.name, &upgraded.namespace);
    let new: Vec<Resource> = target
        .iter()
        .filter(|new| !current.iter().any(|old| old.has_same_key(new)))
        .cloned()
        .collect();
    let adoption = if request.take_ownership {
        Adoption::All
    } else {
        Adoption::Own {
            release: upgraded.name.clone(),
            namespace: upgraded.namespace.clone(),
        }
    };
    let adopted = cluster
        .existing(&new, &adoption)
        .await
        .map_err(UpgradeError::Ownership)?;
    current.extend(adopted);
    Ok(Objects { current, target })
}

/// What an upgrade does once it is recorded as under way.
async fn perform(
    context: &Context,
    request: &UpgradeRequest,
    prepared: &mut Prepared,
    objects: &Objects,
    created: &mut Vec<Resource>,
) -> Result<(), UpgradeFailure> {
    let hooks = super::hooks::Runner::new(context, request.waiting, prepared.apply);
    if request.hooks == Hooks::Run {
        hooks
            .run(&mut prepared.upgraded, &HookEvent::PreUpgrade)
            .await
            .map_err(UpgradeFailure::Before)?;
    } else {
        step(context, "upgrade hooks disabled", &request.name);
    }
    stop_if_cancelled(context)?;
    if let Err(failure) = apply_and_wait(context, request, prepared, objects, created).await {
        if !context.cancellation().is_cancelled() {
            super::record(context, &prepared.current).await;
        }
        return Err(failure);
    }
    stop_if_cancelled(context)?;
    if request.hooks == Hooks::Run {
        hooks
            .run(&mut prepared.upgraded, &HookEvent::PostUpgrade)
            .await
            .map_err(UpgradeFailure::After)?;
    }
    prepared.current.info.status = Status::Superseded;
    super::record(context, &prepared.current).await;
    prepared
        .upgraded
        .set_status(Status::Deployed, described(request, "Upgrade complete"));
    Ok(())
}

fn stop_if_cancelled(context: &Context) -> Result<(), UpgradeFailure> {
    if context.cancellation().is_cancelled() {
        Err(UpgradeFailure::Cancelled)
    } else {
        Ok(())
    }
}

async fn apply_and_wait(
    context: &Context,
    request: &UpgradeRequest,
    prepared: &Prepared,
    objects: &Objects,
    created: &mut Vec<Resource>,
) -> Result<(), UpgradeFailure> {
    let adopt_fields = prepared.current.applied_by() == ApplyMethod::ClientSide
        && prepared.apply == ApplyMethod::ServerSide;
    let change = change(
        context.cluster(),
        prepared.apply,
        request.force,
        adopt_fields,
    )?;
    let (update, result) = context
        .cluster()
        .update(&objects.current, &objects.target, change)
        .await;
    *created = update.created;
    result?;
    context
        .cluster()
        .wait(&objects.target, request.waiting)
        .await?;
    Ok(())
}

/// Records an upgrade as failed and cleans up behind it as asked.
async fn fail(
    context: &Context,
    request: &UpgradeRequest,
    mut release: Release,
    created: &[Resource],
    failure: UpgradeFailure,
) -> UpgradeError {
    // Whatever broke off when somebody asked to stop, the stop is the reason.
    let stopped = context.cancellation().is_cancelled();
    let failure = if stopped {
        UpgradeFailure::Cancelled
    } else {
        failure
    };
    let name = release.name.clone();
    let original = crate::error::chain(&failure);
    context.tell(Event::UpgradeFailed {
        name: name.clone(),
        error: original.clone(),
    });
    release.set_status(
        Status::Failed,
        format!("Upgrade \"{name}\" failed: {original}"),
    );
    super::record(context, &release).await;
    // Parity: a stopped upgrade does not know what it created.
    if request.cleanup_on_fail && !created.is_empty() && !stopped {
        let count = created.len().to_string();
        let text = "cleanup on fail set";
        context.tell(Event::step(text, [("cleaning_resources", &count)]));
        let problems = context.cluster().delete(created, Cascade::Background).await;
        if !problems.is_empty() {
            let problem = problems
                .iter()
                .map(ApiError::to_string)
                .collect::<Vec<_>>()
                .join(", ");
            return UpgradeError::NotCleanedUp { original, problem };
        }
        context.tell(Event::step("resource cleanup complete", []));
    }
    if !request.rollback_on_failure {
        return UpgradeError::Failed(failure);
    }
    let text = "Upgrade failed and rollback-on-failure is set, rolling back to previous successful release";
    context.tell(Event::step(text, []));
    roll_back(&context.undisturbed(), request, name, failure).await
}

/// Goes back to the newest revision that was once deployed.
async fn roll_back(
    context: &Context,
    request: &UpgradeRequest,
    name: String,
    failure: UpgradeFailure,
) -> UpgradeError {
    let original = crate::error::chain(&failure);
    // Parity: the reference asks for the history as a user would, the API server's answer first.
    let history = match super::history(context, &name).await {
        Ok(history) => history,
        Err(super::HistoryError::Storage(source)) => {
            return UpgradeError::History { original, source };
        }
        Err(_) => return UpgradeError::NothingToRollBackTo(failure),
    };
    let was_deployed =
        |release: &&Release| matches!(release.info.status, Status::Superseded | Status::Deployed);
    let Some(revision) = history
        .iter()
        .rev()
        .find(was_deployed)
        .map(|release| release.revision)
    else {
        return UpgradeError::NothingToRollBackTo(failure);
    };
    let undo = RollbackRequest {
        name: name.clone(),
        revision,
        server_side: request.server_side.clone(),
        force: request.force,
        hooks: request.hooks,
        waiting: request.waiting,
        ..RollbackRequest::default()
    };
    match Box::pin(rollback(context, undo)).await {
        Ok(()) => UpgradeError::RolledBack {
            name,
            source: failure,
        },
        Err(error) => UpgradeError::NotRolledBack {
            original,
            source: Box::new(error),
        },
    }
}
