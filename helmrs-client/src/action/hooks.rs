//! Running the hooks of a release.
// Parity: Helm, pkg/action/hooks.go.

use std::sync::Arc;

use helmrs_core::manifest::object;
use helmrs_core::release::{
    ApplyMethod, Hook, HookDeletePolicy, HookEvent, HookExecution, HookOutputLogPolicy, HookPhase,
    Release,
};
use helmrs_core::yaml;

use super::options::Waiting;
use crate::Context;
use crate::cluster::apply::Creation;
use crate::cluster::build::Validation;
use crate::cluster::delete::Cascade;
use crate::cluster::wait::WaitError;
use crate::cluster::{ApplyError, Cluster, HookError};
use crate::event::Event;

/// Runs hooks in one way: how they are waited for and how they are written.
pub(super) struct Runner<'c> {
    context: &'c Context,
    cluster: Arc<Cluster>,
    waiting: Waiting,
    creation: Creation,
}

/// What is left to do after hooks ran: clean up behind all of them, or behind those before the one that failed.
pub(super) struct Aftermath {
    /// The hooks that ran, in order, as places in the release's list.
    ran: Vec<usize>,
    /// Why the last of them failed.
    failure: Option<HookError>,
}

impl<'c> Runner<'c> {
    pub(super) fn new(context: &'c Context, waiting: Waiting, apply: ApplyMethod) -> Self {
        let creation = super::writing::creation(apply);
        Self {
            context,
            cluster: context.cluster().clone(),
            waiting,
            creation,
        }
    }

    /// Runs the hooks of an event and cleans up behind them.
    pub(super) async fn run(
        &self,
        release: &mut Release,
        event: &HookEvent,
    ) -> Result<(), HookError> {
        let aftermath = self.start(release, event).await?;
        self.finish(release, aftermath).await
    }

    /// Runs the hooks of an event; what they leave behind stays until [`Runner::finish`].
    pub(super) async fn start(
        &self,
        release: &mut Release,
        event: &HookEvent,
    ) -> Result<Aftermath, HookError> {
        let mut ran = Vec::new();
        for place in order(&release.hooks, event) {
            if self.context.cancellation().is_cancelled() {
                return Err(HookError::Cancelled);
            }
            ran.push(place);
            if let Err(error) = self.run_one(release, place, event).await? {
                return Ok(Aftermath {
                    ran,
                    failure: Some(error),
                });
            }
        }
        Ok(Aftermath { ran, failure: None })
    }

    /// Runs one hook. The inner error is the hook's own failure, the outer one keeps it from running at all.
    async fn run_one(
        &self,
        release: &mut Release,
        place: usize,
        event: &HookEvent,
    ) -> Result<Result<(), HookError>, HookError> {
        let hook = &mut release.hooks[place];
        if hook.delete_policies.is_empty() {
            hook.delete_policies
                .push(HookDeletePolicy::BeforeHookCreation);
        }
        self.delete_by_policy(&release.hooks[place], &HookDeletePolicy::BeforeHookCreation)
            .await?;
        let hook = &mut release.hooks[place];
        let resources = self
            .cluster
            .build(&hook.manifest, Validation::Strict)
            .await
            .map_err(|source| HookError::Build {
                event: event.to_string(),
                path: hook.path.clone(),
                source,
            })?;
        hook.last_run = HookExecution {
            started_at: self.context.now(),
            phase: HookPhase::Running,
            ..HookExecution::default()
        };
        super::record(self.context, release).await;
        let hook = &mut release.hooks[place];
        hook.last_run.phase = HookPhase::Unknown;
        if let Err(source) = self.create(&resources).await {
            hook.last_run.completed_at = self.context.now();
            hook.last_run.phase = HookPhase::Failed;
            return Err(HookError::Create {
                event: event.to_string(),
                path: hook.path.clone(),
                source,
            });
        }
        let outcome = self
            .cluster
            .watch_until_ready(&resources, self.waiting)
            .await;
        // Parity: nobody is left to see how a hook ends when the reference is stopped.
        if matches!(outcome, Err(WaitError::Cancelled)) {
            return Err(HookError::Cancelled);
        }
        let hook = &mut release.hooks[place];
        hook.last_run.completed_at = self.context.now();
        match outcome {
            Ok(()) => {
                hook.last_run.phase = HookPhase::Succeeded;
                Ok(Ok(()))
            }
            Err(error) => {
                hook.last_run.phase = HookPhase::Failed;
                let namespace = release.namespace.clone();
                self.show_logs(
                    &release.hooks[place],
                    &namespace,
                    &HookOutputLogPolicy::HookFailed,
                )
                .await;
                Ok(Err(HookError::Failed(error)))
            }
        }
    }

    async fn create(
        &self,
        resources: &[crate::cluster::resource::Resource],
    ) -> Result<(), ApplyError> {
        if resources.is_empty() && !self.cluster.is_pretended() {
            return Err(ApplyError::Nothing);
        }
        self.cluster.create(resources, self.creation).await
    }

    /// Shows logs and deletes objects as the hooks' policies say.
    pub(super) async fn finish(
        &self,
        release: &Release,
        aftermath: Aftermath,
    ) -> Result<(), HookError> {
        let Aftermath { mut ran, failure } = aftermath;
        if let Some(failure) = failure {
            if let Some(failed) = ran.pop() {
                let hook = &release.hooks[failed];
                if let Err(error) = self
                    .delete_by_policy(hook, &HookDeletePolicy::HookFailed)
                    .await
                {
                    self.context.tell(Event::HookDeletionFailed {
                        error: crate::error::chain(&error),
                    });
                }
            }
            for place in ran {
                self.delete_by_policy(&release.hooks[place], &HookDeletePolicy::HookSucceeded)
                    .await?;
            }
            return Err(failure);
        }
        for place in ran.into_iter().rev() {
            let hook = &release.hooks[place];
            self.show_logs(
                hook,
                &release.namespace,
                &HookOutputLogPolicy::HookSucceeded,
            )
            .await;
            self.delete_by_policy(hook, &HookDeletePolicy::HookSucceeded)
                .await?;
        }
        Ok(())
    }

    async fn delete_by_policy(
        &self,
        hook: &Hook,
        policy: &HookDeletePolicy,
    ) -> Result<(), HookError> {
        // Deleting a definition would take everything defined by it along.
        if hook.kind == "CustomResourceDefinition" || !hook.deletes(policy) {
            return Ok(());
        }
        let resources = self
            .cluster
            .build(&hook.manifest, Validation::Off)
            .await
            .map_err(|source| HookError::BuildForDelete {
                path: hook.path.clone(),
                source,
            })?;
        let problems = self.cluster.delete(&resources, Cascade::Background).await;
        if !problems.is_empty() {
            return Err(HookError::Delete { problems });
        }
        self.cluster
            .wait_for_delete(&resources, self.waiting)
            .await
            .map_err(HookError::Failed)
    }

    async fn show_logs(&self, hook: &Hook, namespace: &str, policy: &HookOutputLogPolicy) {
        if !hook.logs(policy) {
            return;
        }
        let selector = match hook.kind.as_str() {
            "Job" => ("labelSelector", format!("job-name={}", hook.name)),
            "Pod" => ("fieldSelector", format!("metadata.name={}", hook.name)),
            _ => return,
        };
        let namespace = own_namespace(hook).unwrap_or_else(|| namespace.to_string());
        match self.cluster.pod_logs(&namespace, selector).await {
            Ok(logs) => {
                // What was never written is not told of.
                for mut text in logs.into_iter().filter(|text| !text.is_empty()) {
                    // Parity: Go, log/slog, handlerWriter.Write.
                    if text.ends_with('\n') {
                        text.pop();
                    }
                    self.context.tell(Event::HookLog { text });
                }
            }
            Err(error) => self.context.tell(Event::HookLogFailed {
                error: crate::error::chain(&error),
            }),
        }
    }
}

impl Aftermath {
    /// Whether a hook failed.
    pub(super) fn failed(&self) -> bool {
        self.failure.is_some()
    }

    /// Notes that so many hooks were put before all others.
    pub(super) fn shift(&mut self, places: usize) {
        for place in &mut self.ran {
            *place += places;
        }
    }
}

/// The places of an event's hooks, by weight and then by name.
fn order(hooks: &[Hook], event: &HookEvent) -> Vec<usize> {
    let mut places: Vec<usize> = hooks
        .iter()
        .enumerate()
        .flat_map(|(place, hook)| {
            hook.events
                .iter()
                .filter(|own| *own == event)
                .map(move |_| place)
        })
        .collect();
    places.sort_by(|a, b| {
        let (a, b) = (&hooks[*a], &hooks[*b]);
        (a.weight, &a.name).cmp(&(b.weight, &b.name))
    });
    places
}

fn own_namespace(hook: &Hook) -> Option<String> {
    let object = yaml::parse(hook.manifest.as_bytes()).ok()?;
    Some(object::namespace(&object).to_string()).filter(|namespace| !namespace.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hooks_run_by_weight_and_then_by_name() {
        let hook = |name: &str, weight| Hook {
            name: name.to_string(),
            weight,
            events: vec![HookEvent::PreInstall],
            ..Hook::default()
        };
        let hooks = [hook("b", 0), hook("c", -1), hook("a", 0)];
        assert_eq!(order(&hooks, &HookEvent::PreInstall), [1, 2, 0]);
        assert!(order(&hooks, &HookEvent::Test).is_empty());
    }
}
