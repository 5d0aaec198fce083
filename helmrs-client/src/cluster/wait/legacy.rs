//! The older way to wait: asking for every object again and again.
// Parity: Helm, pkg/kube/{wait,ready}.go.

use std::time::Duration;

use helmrs_core::manifest::object;
use helmrs_core::manifest::readiness::legacy as rules;
use helmrs_core::yaml::Value;
use tokio::time::{Instant, sleep, sleep_until};

use super::super::request::Request;
use super::super::resource::Resource;
use super::super::{ApiError, Cluster};
use super::stage::in_words;
use super::{WaitError, Waiting};

/// How long to pause between two rounds of questions.
const PERIOD: Duration = Duration::from_secs(2);

/// How many failures in a row one object may have.
const RETRIES: u32 = 30;

/// What a wait that runs out of time says.
const DEADLINE: &str = "context deadline exceeded";

/// Why it cannot be told whether an object is ready.
enum Doubt {
    Api(ApiError),
    Failed(String),
}

impl Doubt {
    fn is_retryable(&self) -> bool {
        match self {
            Self::Api(error) => error
                .code()
                .is_none_or(|code| code == 429 || (code >= 500 && code != 501)),
            Self::Failed(_) => true,
        }
    }

    fn into_error(self) -> WaitError {
        match self {
            Self::Api(error) => error.into(),
            Self::Failed(problem) => WaitError::Ended { problem },
        }
    }
}

impl From<ApiError> for Doubt {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl Cluster {
    /// Asks for the objects in turn until all are ready.
    pub(super) async fn poll_until_ready(
        &self,
        resources: &[Resource],
        waiting: Waiting,
    ) -> Result<(), WaitError> {
        let text = "beginning wait for resources";
        self.tell_wait(text, resources.len(), waiting.timeout);
        let deadline = Instant::now() + waiting.timeout;
        let mut failures = vec![0; resources.len()];
        loop {
            if self
                .all_ready(resources, waiting.jobs, &mut failures)
                .await?
            {
                return Ok(());
            }
            self.pause(deadline).await?;
        }
    }

    /// Whether all are ready; the first that is not ends the round.
    async fn all_ready(
        &self,
        resources: &[Resource],
        jobs: bool,
        failures: &mut [u32],
    ) -> Result<bool, WaitError> {
        for (resource, failures) in resources.iter().zip(failures) {
            match self.is_ready(resource, jobs).await {
                Ok(true) => *failures = 0,
                Ok(false) => {
                    *failures = 0;
                    return Ok(false);
                }
                Err(doubt) if doubt.is_retryable() && *failures < RETRIES => {
                    *failures += 1;
                    return Ok(false);
                }
                Err(doubt) => return Err(doubt.into_error()),
            }
        }
        Ok(true)
    }

    async fn is_ready(&self, resource: &Resource, jobs: bool) -> Result<bool, Doubt> {
        let mapping = &resource.mapping.kind;
        match (mapping.group.as_str(), mapping.kind.as_str()) {
            ("", "Pod") => Ok(rules::pod(&self.get(resource).await?)),
            ("batch", "Job") if jobs => rules::job(&self.get(resource).await?)
                .map_err(|failed| Doubt::Failed(failed.to_string())),
            ("apps" | "extensions", "Deployment") => self.is_deployment_ready(resource).await,
            ("", "PersistentVolumeClaim") => Ok(rules::volume_claim(&self.get(resource).await?)),
            ("", "Service") => Ok(rules::service(&self.get(resource).await?)),
            ("apps" | "extensions", "DaemonSet") => {
                Ok(rules::daemon_set(&self.get(resource).await?))
            }
            ("apps", "StatefulSet") => Ok(rules::stateful_set(&self.get(resource).await?)),
            ("apiextensions.k8s.io", "CustomResourceDefinition") => {
                Ok(rules::definition(&self.get(resource).await?))
            }
            ("", "ReplicationController") | ("apps" | "extensions", "ReplicaSet") => {
                self.is_replica_set_ready(resource).await
            }
            _ => Ok(true),
        }
    }

    async fn is_deployment_ready(&self, resource: &Resource) -> Result<bool, Doubt> {
        let live = self.get(resource).await?;
        if live.at(&["spec", "paused"]).and_then(Value::as_bool) == Some(true) {
            return Ok(true);
        }
        let path = format!(
            "/apis/apps/v1/namespaces/{}/replicasets",
            resource.namespace
        );
        let sets = self.selected(path, &live).await?;
        let uid = object::text(&live, &["metadata", "uid"]).unwrap_or_default();
        let owned = sets.iter().filter(|set| is_owned_by(set, uid));
        let template = live.at(&["spec", "template"]);
        let newest = owned.into_iter().find(|set| same_template(set, template));
        Ok(newest.is_some_and(|newest| rules::deployment(&live, newest)))
    }

    async fn is_replica_set_ready(&self, resource: &Resource) -> Result<bool, Doubt> {
        let live = self.get(resource).await?;
        if !rules::is_observed(&live) {
            return Ok(false);
        }
        let path = format!("/api/v1/namespaces/{}/pods", resource.namespace);
        let pods = self.selected(path, &live).await?;
        Ok(pods.iter().all(rules::pod))
    }

    /// The objects of a collection a workload's selector fits.
    async fn selected(&self, path: String, workload: &Value) -> Result<Vec<Value>, ApiError> {
        let mut labels = object::texts(workload, &["spec", "selector", "matchLabels"]);
        if labels.is_empty() {
            labels = object::texts(workload, &["spec", "selector"]);
        }
        let selector = labels
            .into_iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join(",");
        let request = Request::get(path).query("labelSelector", selector);
        let list = self.api().await?.json(request).await?;
        Ok(object::items(&list, &["items"]).to_vec())
    }

    /// Asks for the objects in turn until none is there.
    pub(super) async fn poll_until_gone(
        &self,
        resources: &[Resource],
        timeout: Duration,
    ) -> Result<(), WaitError> {
        let text = "beginning wait for resources to be deleted";
        self.tell_wait(text, resources.len(), timeout);
        let start = Instant::now();
        let gone = self.poll_gone_until(resources, start + timeout).await;
        let elapsed = Duration::from_secs_f64(start.elapsed().as_secs_f64().round());
        let elapsed = ("elapsed", &*in_words(elapsed));
        match &gone {
            Ok(()) => self.step("wait for resources succeeded", [elapsed]),
            Err(error) => {
                let error = ("error", &*crate::error::chain(error));
                self.step("wait for resources failed", [elapsed, error]);
            }
        }
        gone
    }

    async fn poll_gone_until(
        &self,
        resources: &[Resource],
        deadline: Instant,
    ) -> Result<(), WaitError> {
        loop {
            if self.all_gone(resources).await? {
                return Ok(());
            }
            self.pause(deadline).await?;
        }
    }

    async fn all_gone(&self, resources: &[Resource]) -> Result<bool, WaitError> {
        for resource in resources {
            match self.get_or_its_namespace(resource).await {
                Ok(_) => return Ok(false),
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(true)
    }

    async fn pause(&self, deadline: Instant) -> Result<(), WaitError> {
        tokio::select! {
            () = sleep(PERIOD) => Ok(()),
            () = sleep_until(deadline) => Err(WaitError::TimedOut { words: DEADLINE }),
            () = self.cancellation.cancelled() => Err(WaitError::Cancelled),
        }
    }
}

fn is_owned_by(set: &Value, uid: &str) -> bool {
    object::items(set, &["metadata", "ownerReferences"])
        .iter()
        .any(|owner| object::text(owner, &["uid"]) == Some(uid))
}

/// Whether a ReplicaSet was made for this template: equal but for the label the controller adds.
// Parity: kubectl, pkg/util/deployment, EqualIgnoreHash.
fn same_template(set: &Value, template: Option<&Value>) -> bool {
    let mut own = set.at(&["spec", "template"]).cloned();
    let labels = own
        .as_mut()
        .and_then(Value::as_map_mut)
        .and_then(|template| template.get_mut("metadata"))
        .and_then(Value::as_map_mut)
        .and_then(|metadata| metadata.get_mut("labels"))
        .and_then(Value::as_map_mut);
    if let Some(labels) = labels {
        labels.remove("pod-template-hash");
    }
    own.as_ref() == template
}
