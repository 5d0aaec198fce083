//! Writing objects: created, patched by the server or by us, replaced; and what is no longer wanted taken away.
// Parity: Helm, pkg/kube/client.go, Create and Update.

mod client_side;
mod managed_fields;
mod server_side;
mod steps;

use std::time::Duration;

use futures::StreamExt;
use helmrs_core::manifest::ownership;

use super::delete::Cascade;
use super::resource::Resource;
use super::{ApiError, Cluster};
use crate::event::Event;

/// How many objects of one kind are written at once.
pub(super) const PARALLEL: usize = 16;

/// How often a write is tried again when somebody else was faster.
const ATTEMPTS: u32 = 5;

/// Who owns what is written here.
pub(super) const MANAGER: &str = "helm";

/// Why one object could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum ResourceError {
    /// The server said no, and that is all.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// Somebody else owns a field.
    #[error("conflict occurred while applying object {object}")]
    Conflict { object: String, source: ApiError },
    /// The server cannot apply.
    #[error("server-side apply not available on the server")]
    NoServerSideApply { source: ApiError },
    /// The server refused to apply.
    #[error("server-side apply failed for object {object}")]
    Apply { object: String, source: ApiError },
    /// The object to be changed could not be read first.
    #[error("failed to get object {object}")]
    Read { object: String, source: ApiError },
    /// Who owns which field could not be rewritten.
    #[error("failed to patch object to upgrade CSA field manager {object}")]
    Manager { object: String, source: ApiError },
    /// The change could not be worked out.
    #[error("failed to create patch: {problem}")]
    Patch { problem: String },
    /// The live object could not be read to work out the change.
    #[error("failed to create patch: unable to get data for current object {object}")]
    Live { object: String, source: ApiError },
    /// The server refused the change.
    #[error("cannot patch \"{name}\" with kind {kind}")]
    Refused {
        name: String,
        kind: String,
        source: ApiError,
    },
    /// The object did not change and could not be read again.
    #[error("failed to refresh resource information")]
    Refresh { source: ApiError },
    /// The server refused the replacement.
    #[error("failed to replace object")]
    Replace { source: ApiError },
    /// An object that was there a moment ago is gone.
    #[error("original object {kind} with the name \"{name}\" not found")]
    Vanished { name: String, kind: String },
    /// Whether an object exists cannot be told.
    #[error("could not get information about the resource")]
    Unknown { source: ApiError },
    /// An object that is missing could not be created.
    #[error("failed to create resource")]
    Create { source: Box<ResourceError> },
    /// An object that is no longer wanted could not be deleted.
    #[error("failed to delete resource namespace={namespace}, name={name}, kind={kind}")]
    Delete {
        namespace: String,
        name: String,
        kind: String,
        source: ApiError,
    },
}

/// Why a set of objects could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum ApplyError {
    /// The way of writing asked for makes no sense.
    #[error("invalid operation: cannot use server-side apply and force replace together")]
    ReplaceByServer,
    /// The way of writing asked for makes no sense.
    #[error(
        "invalid client update option(s): forceConflicts enabled when serverSideApply disabled"
    )]
    ForceByClient,
    /// Objects resisted; their errors, joined.
    #[error("{}", join(problems, separator))]
    Resources {
        problems: Vec<ResourceError>,
        separator: &'static str,
    },
    /// There is nothing to write.
    #[error("no objects visited")]
    Nothing,
    /// Somebody asked to stop.
    #[error("context canceled")]
    Cancelled,
}

impl ApplyError {
    /// Whether an object was there already, which is all that went wrong.
    pub(crate) fn is_already_exists(&self) -> bool {
        match self {
            Self::Resources { problems, .. } => problems
                .iter()
                .all(|one| matches!(one, ResourceError::Api(error) if error.is_already_exists())),
            _ => false,
        }
    }
}

fn join(problems: &[ResourceError], separator: &str) -> String {
    problems
        .iter()
        .map(|problem| crate::error::chain(problem))
        .collect::<Vec<_>>()
        .join(separator)
}

/// How objects are created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Creation {
    /// The server merges; `force` takes over fields of others.
    ServerSide { force: bool },
    /// A plain creation, refused if the object exists.
    ClientSide,
}

/// How existing objects are changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// The server merges.
    ServerSide {
        force: bool,
        /// Fields we once owned as a client become ours as an applier.
        adopt_fields: bool,
    },
    /// We work out the change from three states; for objects of unknown kinds from two, unless told otherwise.
    ClientSide { three_way_always: bool },
    /// Objects are replaced.
    Replace,
}

impl Change {
    fn creation(self) -> Creation {
        match self {
            Self::ServerSide { force, .. } => Creation::ServerSide { force },
            Self::ClientSide { .. } | Self::Replace => Creation::ClientSide,
        }
    }
}

/// What an update did, as far as it came.
#[derive(Debug, Default)]
pub(crate) struct Update {
    /// Objects that did not exist before, created or at least tried.
    pub(crate) created: Vec<Resource>,
}

impl Cluster {
    /// Creates objects, those of one kind at once; goes on after an error.
    pub(crate) async fn create(
        &self,
        resources: &[Resource],
        creation: Creation,
    ) -> Result<(), ApplyError> {
        self.tell_creation_of(resources, creation);
        let mut problems = Vec::new();
        for batch in batches(resources) {
            if self.cancellation.is_cancelled() {
                return Err(ApplyError::Cancelled);
            }
            // Parity: Helm creates one at a time where the client decides.
            let width = if creation == Creation::ClientSide {
                1
            } else {
                PARALLEL
            };
            let results = at_once(
                batch.iter().map(|one| self.create_one(one, creation)),
                width,
            );
            let results: Vec<_> = results.await;
            problems.extend(results.into_iter().filter_map(Result::err));
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(ApplyError::Resources {
                problems,
                separator: "\n",
            })
        }
    }

    async fn create_one(
        &self,
        resource: &Resource,
        creation: Creation,
    ) -> Result<(), ResourceError> {
        match creation {
            Creation::ServerSide { force } => self.create_by_server(resource, force).await,
            Creation::ClientSide => self.create_by_client(resource).await,
        }
    }

    /// Brings the cluster from `originals` to `targets`: creates, changes, and then deletes what is left over.
    pub(crate) async fn update(
        &self,
        originals: &[Resource],
        targets: &[Resource],
        change: Change,
    ) -> (Update, Result<(), ApplyError>) {
        let mut update = Update::default();
        let result = self
            .update_into(&mut update, originals, targets, change)
            .await;
        (update, result)
    }

    async fn update_into(
        &self,
        update: &mut Update,
        originals: &[Resource],
        targets: &[Resource],
        change: Change,
    ) -> Result<(), ApplyError> {
        self.tell_change_of(targets, change);
        let mut problems = Vec::new();
        for target in targets {
            if self.cancellation.is_cancelled() {
                return Err(ApplyError::Cancelled);
            }
            match self.get(target).await {
                Err(error) if error.is_not_found() => {
                    update.created.push(target.clone());
                    self.create_one(target, change.creation())
                        .await
                        .map_err(|error| {
                            alone(ResourceError::Create {
                                source: Box::new(error),
                            })
                        })?;
                    self.step("created a new resource", target.attributes());
                }
                Err(source) => return Err(alone(ResourceError::Unknown { source })),
                Ok(_) => {
                    let original = self.original(originals, target).await.map_err(alone)?;
                    if let Err(error) = self.change_one(&original, target, change).await {
                        problems.push(error);
                    }
                }
            }
        }
        if problems.is_empty() {
            self.delete_leftovers(originals, targets, &mut problems)
                .await?;
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(ApplyError::Resources {
                problems,
                separator: " && ",
            })
        }
    }

    /// What the object was before: the earlier revision's, or, where that did not hold it, what is live.
    async fn original(
        &self,
        originals: &[Resource],
        target: &Resource,
    ) -> Result<Resource, ResourceError> {
        if let Some(original) = originals.iter().find(|original| original.is_same(target)) {
            return Ok(original.clone());
        }
        let (name, kind) = (target.name.clone(), target.kind().to_string());
        let namespace = target.namespace.clone();
        self.tell(Event::LiveStateAsBaseline {
            namespace,
            name: name.clone(),
            kind: kind.clone(),
        });
        let object = self
            .get(target)
            .await
            .map_err(|_| ResourceError::Vanished { name, kind })?;
        Ok(Resource {
            object,
            ..target.clone()
        })
    }

    async fn change_one(
        &self,
        original: &Resource,
        target: &Resource,
        change: Change,
    ) -> Result<(), ResourceError> {
        match change {
            Change::Replace => {
                let replaced = self.replace(target).await;
                self.tell_replacement(original, target, &replaced);
                replaced
            }
            Change::ServerSide {
                force,
                adopt_fields,
            } => {
                if adopt_fields {
                    let adopted = self.adopt_fields(original).await;
                    self.tell_adoption(target, &adopted);
                    adopted?;
                }
                let patched = self.apply_by_server(target, force).await;
                self.tell_patch(target, &patched);
                patched
            }
            Change::ClientSide { three_way_always } => {
                self.patch_by_client(original, target, three_way_always)
                    .await
            }
        }
    }

    /// Deletes what was there and is no longer wanted, unless it is marked to stay.
    async fn delete_leftovers(
        &self,
        originals: &[Resource],
        targets: &[Resource],
        problems: &mut Vec<ResourceError>,
    ) -> Result<(), ApplyError> {
        for original in originals {
            if targets.iter().any(|target| target.is_same(original)) {
                continue;
            }
            if self.cancellation.is_cancelled() {
                return Err(ApplyError::Cancelled);
            }
            self.step("deleting resource", original.attributes());
            let live = match self.get_or_its_namespace(original).await {
                Ok(live) => live,
                Err(error) => {
                    self.tell_failure("unable to get object", original, &error);
                    continue;
                }
            };
            if ownership::is_kept(&live) {
                self.tell_kept(original);
                continue;
            }
            match self.delete_one(original, Cascade::Background).await {
                Ok(()) => {}
                Err(source) => {
                    self.tell_failure("failed to delete resource", original, &source);
                    if !source.is_not_found() {
                        problems.push(ResourceError::Delete {
                            namespace: original.namespace.clone(),
                            name: original.name.clone(),
                            kind: original.kind().to_string(),
                            source,
                        });
                    }
                }
            }
        }
        Ok(())
    }
}

/// An error that ends the whole update.
fn alone(problem: ResourceError) -> ApplyError {
    ApplyError::Resources {
        problems: vec![problem],
        separator: "\n",
    }
}

/// Runs so many at once, and gives their results in order.
// The futures are made before any of them runs: a closure kept in here would bind the caller to one thread.
pub(super) async fn at_once<F: Future>(
    futures: impl Iterator<Item = F>,
    width: usize,
) -> Vec<F::Output> {
    let futures: Vec<_> = futures.collect();
    futures::stream::iter(futures)
        .buffered(width)
        .collect()
        .await
}

/// Neighbours of one kind, which may be written at once.
pub(super) fn batches(resources: &[Resource]) -> impl Iterator<Item = &[Resource]> {
    resources.chunk_by(|one, next| one.kind() == next.kind())
}

/// Sends a write again, a few times and a little later, while somebody else is faster.
// Parity: client-go, util/retry, DefaultRetry.
pub(super) async fn retry_on_conflict<T, F>(mut send: impl FnMut() -> F) -> Result<T, ApiError>
where
    F: Future<Output = Result<T, ApiError>>,
{
    let mut attempt = 1;
    loop {
        match send().await {
            Err(error) if error.is_conflict() && attempt < ATTEMPTS => {
                tokio::time::sleep(Duration::from_millis(10)).await;
                attempt += 1;
            }
            settled => return settled,
        }
    }
}
