//! Going back to an earlier revision.
// Parity: Helm, pkg/action/rollback.go.

use helmrs_core::release::{ApplyMethod, HookEvent, Info, Release, Status};

use super::options::{DryRun, Force, Hooks, ServerSide, Waiting};
use super::writing::{change, method};
use crate::Context;
use crate::cluster::build::Validation;
use crate::cluster::delete::Cascade;
use crate::cluster::resource::Resource;
use crate::cluster::validate;
use crate::cluster::wait::WaitError;
use crate::cluster::{ApiError, ApplyError, BuildError, HookError, UnreachableError};
use crate::event::Event;
use crate::storage::{HistoryLimit, StorageError};

/// How long a description may be.
const DESCRIPTION_LIMIT: usize = 256;

/// Which revision to go back to, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RollbackRequest {
    /// The release's name.
    pub name: String,
    /// The revision to go back to; 0 stands for the one before the newest.
    pub revision: i64,
    /// A sentence to record instead of the usual one.
    pub description: String,
    /// Whether anything is really done.
    pub dry_run: DryRun,
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
    /// Whether objects a failed rollback created are deleted again.
    pub cleanup_on_fail: bool,
}

/// Why a release was not rolled back.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum RollbackError {
    /// The description is too long.
    #[error("description must be {DESCRIPTION_LIMIT} characters or less, got {length}")]
    Description { length: usize },
    /// The API server does not answer.
    #[error(transparent)]
    Unreachable(#[from] UnreachableError),
    /// No release can be called that.
    #[error("prepareRollback: Release name is invalid: {name}")]
    InvalidName { name: String },
    /// No revision can be numbered that.
    #[error("invalid release revision")]
    InvalidRevision,
    /// Records cannot be read or written.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// There is no such revision.
    #[error("release has no {revision} version")]
    NoRevision { revision: i64 },
    /// Nobody knows how objects are to be written.
    #[error("invalid/unknown release server-side apply method: {word}")]
    ServerSide { word: String },
    /// The newest revision holds an API the server no longer serves.
    #[error("unable to build kubernetes objects from current release manifest")]
    BuildCurrent(#[source] BuildError),
    /// The revision to go back to holds an API the server no longer serves.
    #[error("unable to build kubernetes objects from new release manifest")]
    BuildTarget(#[source] BuildError),
    /// A hook failed.
    #[error(transparent)]
    Hook(#[from] HookError),
    /// Objects resisted; the new revision is recorded as failed.
    #[error(transparent)]
    Apply(ApplyError),
    /// What a failed rollback created could not be deleted again.
    #[error(
        "an error occurred while cleaning up resources. original rollback error: unable to cleanup resources: {problem}"
    )]
    NotCleanedUp { problem: String },
    /// Somebody asked to stop; the new revision is recorded as failed.
    #[error("context canceled")]
    Cancelled,
    /// Objects did not become ready; the new revision is recorded as failed.
    #[error("release {name} failed")]
    Wait { name: String, source: WaitError },
}

/// A revision about to take another's place.
struct Prepared {
    current: Release,
    target: Release,
    apply: ApplyMethod,
}

/// Goes back to an earlier revision of a release.
pub async fn rollback(context: &Context, request: RollbackRequest) -> Result<(), RollbackError> {
    let length = request.description.chars().count();
    if length > DESCRIPTION_LIMIT {
        return Err(RollbackError::Description { length });
    }
    context.cluster().reachable().await?;
    let step = |text| context.tell(Event::step(text, [("name", &request.name)]));
    step("preparing rollback");
    let mut prepared = prepare(context, &request).await?;
    if request.dry_run.is_dry() {
        step("performing rollback");
        step("dry run");
        return Ok(());
    }
    let storage = context.storage();
    step("creating rolled back release");
    storage.create(&prepared.target, request.history).await?;
    step("performing rollback");
    if let Err(error) = perform(context, &request, &mut prepared).await {
        if context.cancellation().is_cancelled() {
            stop(context, &mut prepared.target).await;
            return Err(RollbackError::Cancelled);
        }
        return Err(error);
    }
    step("updating status for rolled back release");
    storage.update(&prepared.target).await?;
    Ok(())
}

/// Records that somebody asked to stop, whatever broke off because of it.
async fn stop(context: &Context, target: &mut Release) {
    let description = format!("Rollback \"{}\" failed: context canceled", target.name);
    target.set_status(Status::Failed, description);
    super::record(context, target).await;
}

/// Finds the revision to go back to and makes a new one of it.
async fn prepare(context: &Context, request: &RollbackRequest) -> Result<Prepared, RollbackError> {
    if helmrs_core::name::check_release_name(&request.name).is_err() {
        return Err(RollbackError::InvalidName {
            name: request.name.clone(),
        });
    }
    if request.revision < 0 {
        return Err(RollbackError::InvalidRevision);
    }
    let storage = context.storage();
    let current = storage.last(&request.name).await?;
    let revision = if request.revision == 0 {
        current.revision - 1
    } else {
        request.revision
    };
    let history = storage.history(&request.name).await?;
    if !history.iter().any(|release| release.revision == revision) {
        return Err(RollbackError::NoRevision { revision });
    }
    context.tell(Event::step(
        "rolling back",
        [
            ("name", &request.name),
            ("currentVersion", &current.revision.to_string()),
            ("targetVersion", &revision.to_string()),
        ],
    ));
    let previous = storage.get(&request.name, revision).await?;
    let apply = method(&request.server_side, &previous.apply_method).ok_or_else(|| {
        RollbackError::ServerSide {
            word: request.server_side.word().to_string(),
        }
    })?;
    let description = if request.description.is_empty() {
        format!("Rollback to {revision}")
    } else {
        request.description.clone()
    };
    let target = Release {
        name: request.name.clone(),
        namespace: current.namespace.clone(),
        info: Info {
            first_deployed: current.info.first_deployed,
            last_deployed: context.now(),
            status: Status::PendingRollback,
            notes: previous.info.notes.clone(),
            rollback_revision: revision,
            description,
            ..Info::default()
        },
        revision: current.revision + 1,
        apply_method: apply.as_str().to_string(),
        ..previous
    };
    Ok(Prepared {
        current,
        target,
        apply,
    })
}

/// What a rollback does once it is recorded as under way.
async fn perform(
    context: &Context,
    request: &RollbackRequest,
    prepared: &mut Prepared,
) -> Result<(), RollbackError> {
    let cluster = context.cluster();
    let current = cluster
        .build(&prepared.current.manifest, Validation::Off)
        .await
        .map_err(RollbackError::BuildCurrent)?;
    let mut target = cluster
        .build(&prepared.target.manifest, Validation::Off)
        .await
        .map_err(RollbackError::BuildTarget)?;
    let hooks = super::hooks::Runner::new(context, request.waiting, prepared.apply);
    if request.hooks == Hooks::Run {
        hooks
            .run(&mut prepared.target, &HookEvent::PreRollback)
            .await?;
    } else {
        let name = [("name", prepared.target.name.as_str())];
        cluster.step("rollback hooks disabled", name);
    }
    validate::mark(
        &mut target,
        &prepared.target.name,
        &prepared.target.namespace,
    );
    apply(context, request, prepared, &current, &target).await?;
    if let Err(source) = cluster.wait(&target, request.waiting).await {
        let name = prepared.target.name.clone();
        let description = format!(
            "Release \"{name}\" failed: {}",
            crate::error::chain(&source)
        );
        prepared.target.set_status(Status::Failed, description);
        super::record(context, &prepared.current).await;
        super::record(context, &prepared.target).await;
        return Err(RollbackError::Wait { name, source });
    }
    if context.cancellation().is_cancelled() {
        return Err(RollbackError::Cancelled);
    }
    if request.hooks == Hooks::Run {
        hooks
            .run(&mut prepared.target, &HookEvent::PostRollback)
            .await?;
    }
    supersede_deployed(context, &prepared.current.name).await?;
    prepared.target.info.status = Status::Deployed;
    Ok(())
}

/// Marks every deployed revision as superseded.
pub(super) async fn supersede_deployed(context: &Context, name: &str) -> Result<(), StorageError> {
    let deployed = match context.storage().deployed_all(name).await {
        Err(StorageError::NoDeployedReleases { .. }) => Vec::new(),
        deployed => deployed?,
    };
    for mut release in deployed {
        let version = release.revision.to_string();
        let text = "superseding previous deployment";
        context.tell(Event::step(text, [("version", &version)]));
        release.info.status = Status::Superseded;
        super::record(context, &release).await;
    }
    Ok(())
}

/// Brings the objects to where they were, or records that this failed.
async fn apply(
    context: &Context,
    request: &RollbackRequest,
    prepared: &mut Prepared,
    current: &[Resource],
    target: &[Resource],
) -> Result<(), RollbackError> {
    let (update, result) = match change(context.cluster(), prepared.apply, request.force, true) {
        Ok(change) => context.cluster().update(current, target, change).await,
        Err(error) => (crate::cluster::apply::Update::default(), Err(error)),
    };
    let Err(error) = result else { return Ok(()) };
    let name = prepared.target.name.clone();
    let text = crate::error::chain(&error);
    context.tell(Event::RollbackFailed {
        name: name.clone(),
        error: text.clone(),
    });
    prepared.current.info.status = Status::Superseded;
    prepared.target.set_status(
        Status::Failed,
        format!("Rollback \"{name}\" failed: {text}"),
    );
    super::record(context, &prepared.current).await;
    super::record(context, &prepared.target).await;
    if request.cleanup_on_fail {
        let count = update.created.len().to_string();
        let text = "cleanup on fail set, cleaning up resources";
        context.tell(Event::step(text, [("count", &count)]));
        let problems = context
            .cluster()
            .delete(&update.created, Cascade::Background)
            .await;
        if !problems.is_empty() {
            let problem = problems
                .iter()
                .map(ApiError::to_string)
                .collect::<Vec<_>>()
                .join(", ");
            return Err(RollbackError::NotCleanedUp { problem });
        }
        context.tell(Event::step("resource cleanup complete", []));
    }
    Err(RollbackError::Apply(error))
}
