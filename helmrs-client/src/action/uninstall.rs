//! Taking a release away.
// Parity: Helm, pkg/action/uninstall.go.

use helmrs_core::manifest::order::{UNINSTALL_ORDER, sort_by_kind};
use helmrs_core::manifest::{Head, split};
use helmrs_core::release::{ApplyMethod, HookEvent, Release, Status};

use super::get::{GetError, content};
use super::options::{Hooks, Waiting};
use super::rollback::supersede_deployed;
use crate::Context;
use crate::cluster::build::Validation;
use crate::cluster::resource::Resource;
use crate::cluster::{ApiError, HookError, UnreachableError};
use crate::event::Event;
use crate::storage::StorageError;

pub use crate::cluster::delete::Cascade;

/// Which release to take away, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UninstallRequest {
    /// The release's name.
    pub name: String,
    /// A sentence to record instead of the usual one, if the record stays.
    pub description: String,
    /// Whether nothing is really done.
    pub dry_run: bool,
    /// Whether a release that does not exist is no error.
    pub ignore_not_found: bool,
    /// Whether the records stay.
    pub keep_history: bool,
    /// What becomes of objects that depend on deleted ones.
    pub cascade: Cascade,
    /// Whether hooks run.
    pub hooks: Hooks,
    /// What is waited for.
    pub waiting: Waiting,
}

/// A kind and a name, as lists of objects show them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub struct Named {
    pub kind: String,
    pub name: String,
}

/// What became of a release that was taken away.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Uninstalled {
    /// The release; none if there was none and that is no error.
    pub release: Option<Release>,
    /// Objects that stay because their manifest asks for it.
    pub kept: Vec<Named>,
    /// Objects that stay because they belong to somebody else.
    pub unowned: Vec<Named>,
    /// Objects that stay because nobody could tell whose they are, and why not.
    pub unverifiable: Vec<(Named, String)>,
}

/// Why a release was not taken away, or not wholly.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum UninstallError {
    /// The API server does not answer.
    #[error(transparent)]
    Unreachable(#[from] UnreachableError),
    /// No release can be called that.
    #[error("uninstall: Release name is invalid: {name}")]
    InvalidName { name: String },
    /// The release cannot be read, for a dry run.
    #[error(transparent)]
    Get(#[from] GetError),
    /// The release cannot be read.
    #[error("uninstall: Release not loaded: {name}")]
    NotLoaded { name: String, source: StorageError },
    /// Records exist, but none of them can be read.
    #[error("no release provided")]
    NoRelease,
    /// Records cannot be deleted.
    #[error("uninstall: Failed to purge the release")]
    Purge(#[source] StorageError),
    /// It is gone already.
    #[error("the release named \"{name}\" is already deleted")]
    AlreadyDeleted { name: String },
    /// A hook before the uninstall failed.
    #[error(transparent)]
    Hook(#[from] HookError),
    /// Its objects cannot be deleted.
    #[error("failed to delete release: {name}")]
    Delete { name: String },
    /// The deployed revisions cannot be marked.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Somebody asked to stop; the release is recorded as failed.
    #[error("context canceled")]
    Cancelled,
    /// It is gone, but not everything went well.
    #[error("uninstallation completed with {} error(s): {}", problems.len(), problems.join("; "))]
    Incomplete {
        problems: Vec<String>,
        done: Box<Uninstalled>,
    },
}

/// Takes a release away, or tells what would be taken away.
pub async fn uninstall(
    context: &Context,
    request: UninstallRequest,
) -> Result<Uninstalled, UninstallError> {
    context.cluster().reachable().await?;
    if request.dry_run {
        return dry_run(context, &request).await;
    }
    if helmrs_core::name::check_release_name(&request.name).is_err() {
        return Err(UninstallError::InvalidName { name: request.name });
    }
    let storage = context.storage();
    let mut history = match storage.history(&request.name).await {
        Ok(history) => history,
        // Parity: Helm, pkg/action/uninstall.go: whatever the error is.
        Err(_) if request.ignore_not_found => return Ok(Uninstalled::default()),
        Err(source) => {
            return Err(UninstallError::NotLoaded {
                name: request.name,
                source,
            });
        }
    };
    let revisions: Vec<i64> = history.iter().map(|release| release.revision).collect();
    let mut release = history.pop().ok_or(UninstallError::NoRelease)?;
    if release.info.status == Status::Uninstalled {
        return purge_only(context, &request, &revisions, release).await;
    }
    context.tell(Event::step(
        "uninstall: deleting release",
        [("name", &request.name)],
    ));
    release.info.deleted = context.now();
    release.set_status(
        Status::Uninstalling,
        "Deletion in progress (or silently failed)",
    );
    let hooks = super::hooks::Runner::new(context, request.waiting, ApplyMethod::ServerSide);
    if request.hooks == Hooks::Run {
        let ran = hooks.run(&mut release, &HookEvent::PreDelete).await;
        stop_if_cancelled(context, &mut release).await?;
        ran?;
    } else {
        let text = "delete hooks disabled";
        context.tell(Event::step(text, [("release", &request.name)]));
    }
    // Whether this state is recorded does not decide whether the objects go.
    note(context, &release).await;
    let deleted = delete_objects(context, &request, &release).await;
    stop_if_cancelled(context, &mut release).await?;
    let (deleted, mut done) = deleted?;
    let mut problems = Vec::new();
    if let Err(error) = context
        .cluster()
        .wait_for_delete(&deleted, request.waiting)
        .await
    {
        problems.push(crate::error::chain(&error));
    }
    stop_if_cancelled(context, &mut release).await?;
    if request.hooks == Hooks::Run
        && let Err(error) = hooks.run(&mut release, &HookEvent::PostDelete).await
    {
        problems.push(crate::error::chain(&error));
    }
    stop_if_cancelled(context, &mut release).await?;
    settle(context, &request, &mut release, &revisions, &mut problems).await?;
    done.release = Some(release);
    if problems.is_empty() {
        Ok(done)
    } else {
        Err(UninstallError::Incomplete {
            problems,
            done: Box::new(done),
        })
    }
}

/// The objects are gone already: only records are left.
async fn purge_only(
    context: &Context,
    request: &UninstallRequest,
    revisions: &[i64],
    release: Release,
) -> Result<Uninstalled, UninstallError> {
    if request.keep_history {
        return Err(UninstallError::AlreadyDeleted {
            name: request.name.clone(),
        });
    }
    purge(context, &request.name, revisions)
        .await
        .map_err(UninstallError::Purge)?;
    Ok(Uninstalled {
        release: Some(release),
        ..Uninstalled::default()
    })
}

/// Records that somebody asked to stop, if so.
async fn stop_if_cancelled(context: &Context, release: &mut Release) -> Result<(), UninstallError> {
    if !context.cancellation().is_cancelled() {
        return Ok(());
    }
    let description = format!("Release \"{}\" failed: context canceled", release.name);
    release.set_status(Status::Failed, description);
    note(context, release).await;
    Err(UninstallError::Cancelled)
}

/// Records how far an uninstall is; that this cannot be written is no reason to stop.
async fn note(context: &Context, release: &Release) {
    if let Err(error) = context.storage().update(release).await {
        let error = crate::error::chain(&error);
        let text = "uninstall: Failed to store updated release";
        context.tell(Event::step(text, [("error", &error)]));
    }
}

async fn purge(context: &Context, name: &str, revisions: &[i64]) -> Result<(), StorageError> {
    for revision in revisions {
        context.storage().delete(name, *revision).await?;
    }
    Ok(())
}

/// Deletes the records, or records that the release is gone.
async fn settle(
    context: &Context,
    request: &UninstallRequest,
    release: &mut Release,
    revisions: &[i64],
    problems: &mut Vec<String>,
) -> Result<(), UninstallError> {
    let description = if request.description.is_empty() {
        "Uninstallation complete"
    } else {
        &request.description
    };
    release.set_status(Status::Uninstalled, description);
    if request.keep_history {
        // Parity: a record that cannot be written is no error here.
        note(context, release).await;
        supersede_deployed(context, &request.name).await?;
        return Ok(());
    }
    let text = "purge requested";
    context.tell(Event::step(text, [("release", &request.name)]));
    if let Err(error) = purge(context, &request.name, revisions).await {
        problems.push(crate::error::chain(&UninstallError::Purge(error)));
    }
    Ok(())
}

/// The manifests of a release in the order of deletion: those to delete, and those to keep.
struct Manifests {
    doomed: String,
    kept: Vec<Named>,
}

fn manifests(release: &Release) -> Option<Manifests> {
    let mut documents = Vec::new();
    for document in split::documents(&release.manifest) {
        let head = Head::read(document.as_bytes()).ok()?;
        documents.push((head, document));
    }
    sort_by_kind(&mut documents, UNINSTALL_ORDER, |(head, _)| &head.kind);
    let mut manifests = Manifests {
        doomed: String::new(),
        kept: Vec::new(),
    };
    for (head, document) in documents {
        if head.is_kept() {
            manifests.kept.push(Named {
                kind: head.kind,
                name: head.name,
            });
        } else {
            manifests.doomed.push_str("\n---\n");
            manifests.doomed.push_str(document);
        }
    }
    Some(manifests)
}

/// Deletes the objects that are the release's, and tells which are not.
async fn delete_objects(
    context: &Context,
    request: &UninstallRequest,
    release: &Release,
) -> Result<(Vec<Resource>, Uninstalled), UninstallError> {
    let failed = || UninstallError::Delete {
        name: request.name.clone(),
    };
    let cluster = context.cluster();
    let manifests = manifests(release).ok_or_else(failed)?;
    let resources = cluster
        .build(&manifests.doomed, Validation::Off)
        .await
        .map_err(|_| failed())?;
    let sorted = cluster
        .ownership(resources, &release.name, &release.namespace)
        .await;
    for resource in &sorted.unowned {
        let Resource {
            name, namespace, ..
        } = resource.clone();
        let kind = resource.kind().to_string();
        context.tell(Event::SkippedUnowned {
            kind,
            name,
            namespace,
            release: release.name.clone(),
        });
    }
    for (resource, error) in &sorted.unverifiable {
        let Resource {
            name, namespace, ..
        } = resource.clone();
        let (kind, error) = (resource.kind().to_string(), error.to_string());
        context.tell(Event::SkippedUnverifiable {
            kind,
            name,
            namespace,
            release: release.name.clone(),
            error,
        });
    }
    for resource in &sorted.owned {
        let [namespace, name, kind] = resource.attributes();
        cluster.step(
            "deleting resource owned by this release",
            [kind, name, namespace, ("release", &release.name)],
        );
    }
    if !sorted.owned.is_empty()
        && !cluster
            .delete(&sorted.owned, request.cascade)
            .await
            .is_empty()
    {
        return Err(failed());
    }
    let done = Uninstalled {
        release: None,
        kept: manifests.kept,
        unowned: sorted.unowned.iter().map(named).collect(),
        unverifiable: sorted
            .unverifiable
            .iter()
            .map(|(one, error)| (named(one), error.to_string()))
            .collect(),
    };
    Ok((sorted.owned, done))
}

fn named(resource: &Resource) -> Named {
    Named {
        kind: resource.kind().to_string(),
        name: resource.name.clone(),
    }
}

/// Tells which objects would stay.
async fn dry_run(
    context: &Context,
    request: &UninstallRequest,
) -> Result<Uninstalled, UninstallError> {
    let release = match content(context, &request.name, 0).await {
        Ok(release) => release,
        Err(GetError::Storage(error)) if request.ignore_not_found && error.is_not_found() => {
            return Ok(Uninstalled::default());
        }
        Err(error) => return Err(error.into()),
    };
    let mut done = Uninstalled::default();
    if let Some(manifests) = manifests(&release) {
        if let Ok(resources) = context
            .cluster()
            .build(&manifests.doomed, Validation::Off)
            .await
        {
            let sorted = context
                .cluster()
                .ownership(resources, &release.name, &release.namespace)
                .await;
            tell_dry_run(
                context,
                &release.name,
                &sorted.unowned,
                &sorted.unverifiable,
            );
        }
        done.kept = manifests.kept;
    }
    done.release = Some(release);
    Ok(done)
}

fn tell_dry_run(
    context: &Context,
    release: &str,
    unowned: &[Resource],
    unverifiable: &[(Resource, ApiError)],
) {
    let release = release.to_string();
    if !unowned.is_empty() {
        context.tell(Event::WouldSkipUnowned {
            release: release.clone(),
            count: unowned.len(),
        });
    }
    for resource in unowned {
        let Resource {
            name, namespace, ..
        } = resource.clone();
        context.tell(Event::WouldSkip {
            kind: resource.kind().to_string(),
            name,
            namespace,
        });
    }
    if !unverifiable.is_empty() {
        context.tell(Event::WouldSkipUnverifiable {
            release,
            count: unverifiable.len(),
        });
    }
    for (resource, error) in unverifiable {
        let Resource {
            name, namespace, ..
        } = resource.clone();
        let (kind, error) = (resource.kind().to_string(), error.to_string());
        context.tell(Event::WouldSkipUnverified {
            kind,
            name,
            namespace,
            error,
        });
    }
}
