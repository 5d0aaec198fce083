//! Waiting until objects are what they were asked to be, or gone.
// Parity: Helm, pkg/kube/{statuswait,wait}.go.

mod hook;
mod legacy;
mod observe;
mod stage;

use std::time::Duration;

use helmrs_core::manifest::readiness::{Status, Wait, readiness};
use helmrs_core::yaml::Value;
use tokio::time::Instant;

use super::resource::Resource;
use super::{ApiError, Cluster};
use observe::{Observation, Observer};

/// How long a wait of no stated length may take.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// For what an action waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strategy {
    /// For hooks alone.
    #[default]
    HookOnly,
    /// For all objects, watching them.
    Watcher,
    /// For all objects, asking again and again by older rules.
    Legacy,
}

/// How long and for what an action waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// What is waited for.
    pub strategy: Strategy,
    /// Whether jobs must be complete rather than started.
    pub jobs: bool,
    /// How long each wait may take.
    pub timeout: Duration,
}

impl Default for Waiting {
    fn default() -> Self {
        Self {
            strategy: Strategy::default(),
            jobs: false,
            timeout: Duration::from_secs(300),
        }
    }
}

/// Why objects did not become what was waited for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum WaitError {
    /// These objects did not get there; one line each, and the last one if time ran out.
    #[error("{}", lines.join("\n"))]
    NotReached { lines: Vec<String> },
    /// Objects cannot be listed.
    #[error("failed to list {kind}")]
    List { kind: String, source: ApiError },
    /// The server refused.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// Time ran out.
    #[error("{words}")]
    TimedOut { words: &'static str },
    /// A hook ended badly.
    #[error("{problem}")]
    Ended { problem: String },
    /// Somebody asked to stop.
    #[error("context canceled")]
    Cancelled,
}

/// What objects are waited to become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goal {
    Ready(Wait),
    Gone,
}

impl Cluster {
    /// Waits until the objects of a release are ready.
    pub(crate) async fn wait(
        &self,
        resources: &[Resource],
        waiting: Waiting,
    ) -> Result<(), WaitError> {
        match waiting.strategy {
            Strategy::HookOnly => Ok(()),
            Strategy::Legacy => self.poll_until_ready(resources, waiting).await,
            Strategy::Watcher => {
                let wait = if waiting.jobs {
                    Wait::ObjectsAndJobs
                } else {
                    Wait::Objects
                };
                let paused = |resource: &&Resource| {
                    resource.kind() != "Deployment"
                        || resource
                            .object
                            .at(&["spec", "paused"])
                            .and_then(Value::as_bool)
                            != Some(true)
                };
                let awaited: Vec<_> = resources.iter().filter(paused).cloned().collect();
                let goal = Goal::Ready(wait);
                self.watch_until_told(resources.len(), &awaited, goal, waiting.timeout)
                    .await
            }
        }
    }

    /// Waits until definitions are served.
    pub(crate) async fn wait_for_definitions(
        &self,
        resources: &[Resource],
        strategy: Strategy,
        timeout: Duration,
    ) -> Result<(), WaitError> {
        match strategy {
            Strategy::Legacy => {
                self.poll_until_ready(
                    resources,
                    Waiting {
                        strategy,
                        jobs: false,
                        timeout,
                    },
                )
                .await
            }
            Strategy::Watcher | Strategy::HookOnly => {
                let goal = Goal::Ready(Wait::Objects);
                self.watch_until_told(resources.len(), resources, goal, timeout)
                    .await
            }
        }
    }

    /// Waits until a hook has ended well; only Jobs and Pods have an end.
    pub(crate) async fn watch_until_ready(
        &self,
        resources: &[Resource],
        waiting: Waiting,
    ) -> Result<(), WaitError> {
        match waiting.strategy {
            Strategy::Legacy => self.watch_hook_by_name(resources, waiting.timeout).await,
            Strategy::Watcher | Strategy::HookOnly => {
                let goal = Goal::Ready(Wait::Hook);
                self.watch_until_told(resources.len(), resources, goal, waiting.timeout)
                    .await
            }
        }
    }

    /// Waits until objects are gone.
    pub(crate) async fn wait_for_delete(
        &self,
        resources: &[Resource],
        waiting: Waiting,
    ) -> Result<(), WaitError> {
        match waiting.strategy {
            Strategy::HookOnly => Ok(()),
            Strategy::Legacy => self.poll_until_gone(resources, waiting.timeout).await,
            Strategy::Watcher => {
                self.watch_until_told(resources.len(), resources, Goal::Gone, waiting.timeout)
                    .await
            }
        }
    }

    /// Watches objects until all are where they should be, telling how far that is.
    async fn watch_until_told(
        &self,
        count: usize,
        awaited: &[Resource],
        goal: Goal,
        timeout: Duration,
    ) -> Result<(), WaitError> {
        let timeout = if timeout.is_zero() {
            DEFAULT_TIMEOUT
        } else {
            timeout
        };
        let text = match goal {
            Goal::Ready(_) => "waiting for resources",
            Goal::Gone => "waiting for resources to be deleted",
        };
        self.tell_wait(text, count, timeout);
        self.watch_until(awaited, goal, timeout).await
    }

    /// Watches objects until all are where they should be, none can get there any more, or time runs out.
    async fn watch_until(
        &self,
        resources: &[Resource],
        goal: Goal,
        timeout: Duration,
    ) -> Result<(), WaitError> {
        if resources.is_empty() {
            return Ok(());
        }
        let deadline = Instant::now() + timeout;
        let mut observer = tokio::select! {
            observer = Observer::start(self, resources) => observer?,
            () = self.cancellation.cancelled() => return Err(WaitError::Cancelled),
            () = tokio::time::sleep_until(deadline) => return Err(timed_out(unobserved(resources, goal))),
        };
        let mut stage = stage::Stage::default();
        loop {
            if observer.is_synced() {
                let states = self.states(&observer, resources, goal);
                stage.tell(self, &states, goal);
                if states.iter().all(|state| state.is_settled(goal)) {
                    return report(states, goal);
                }
            }
            tokio::select! {
                changed = observer.changed() => changed?,
                () = self.cancellation.cancelled() => return Err(WaitError::Cancelled),
                () = tokio::time::sleep_until(deadline) => {
                    let states = self.states(&observer, resources, goal);
                    return Err(timed_out(lines(states, goal)));
                }
            }
        }
    }

    fn states<'r>(
        &self,
        observer: &Observer,
        resources: &'r [Resource],
        goal: Goal,
    ) -> Vec<State<'r>> {
        let now = self.now();
        let wait = if let Goal::Ready(wait) = goal {
            wait
        } else {
            Wait::Objects
        };
        resources
            .iter()
            .map(|resource| {
                let (status, message) = match observer.observation(resource) {
                    Observation::NeverSeen => (Status::Unknown, String::new()),
                    Observation::Gone => (Status::NotFound, "Resource not found".to_string()),
                    Observation::Present(live) => {
                        let found = readiness(&live, wait, now);
                        (found.status, found.message)
                    }
                };
                State {
                    resource,
                    status,
                    message,
                }
            })
            .collect()
    }
}

/// Where one object stands.
struct State<'r> {
    resource: &'r Resource,
    status: Status,
    message: String,
}

impl State<'_> {
    /// Whether there is nothing more to wait for.
    fn is_settled(&self, goal: Goal) -> bool {
        match goal {
            // What failed does not get ready by waiting.
            Goal::Ready(_) => matches!(self.status, Status::Current | Status::Failed),
            // What was never seen was gone before.
            Goal::Gone => matches!(self.status, Status::NotFound | Status::Unknown),
        }
    }

    fn is_reached(&self, goal: Goal) -> bool {
        match goal {
            Goal::Ready(_) => self.status == Status::Current,
            Goal::Gone => self.is_settled(goal),
        }
    }
}

fn identity(resource: &Resource) -> String {
    let namespace = if resource.mapping.namespaced {
        resource.namespace.as_str()
    } else {
        ""
    };
    format!("{}/{namespace}/{}", resource.kind(), resource.name)
}

fn report(states: Vec<State<'_>>, goal: Goal) -> Result<(), WaitError> {
    let lines = lines(states, goal);
    if lines.is_empty() {
        Ok(())
    } else {
        Err(WaitError::NotReached { lines })
    }
}

fn lines(states: Vec<State<'_>>, goal: Goal) -> Vec<String> {
    let words = if goal == Goal::Gone {
        "still exists"
    } else {
        "not ready"
    };
    states
        .into_iter()
        .filter(|state| !state.is_reached(goal))
        .map(|state| {
            format!(
                "resource {} {words}. status: {}, message: {}",
                identity(state.resource),
                state.status,
                state.message
            )
        })
        .collect()
}

/// What is said of objects nobody could look at in time.
fn unobserved(resources: &[Resource], goal: Goal) -> Vec<String> {
    let unknown = |resource| State {
        resource,
        status: Status::Unknown,
        message: String::new(),
    };
    lines(resources.iter().map(unknown).collect(), goal)
}

fn timed_out(mut lines: Vec<String>) -> WaitError {
    lines.push("context deadline exceeded".to_string());
    WaitError::NotReached { lines }
}
