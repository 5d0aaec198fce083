//! The older way to wait: asking for every object again and again.
// Parity: Helm, pkg/kube/{wait,ready}.go.

use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use helmrs_core::manifest::object;
use helmrs_core::manifest::readiness::legacy as rules;
use helmrs_core::yaml::{Value, json};
use http_body_util::BodyExt;
use tokio::time::{Instant, sleep, sleep_until};

use super::super::request::Request;
use super::super::resource::Resource;
use super::super::{ApiError, Cluster};
use super::observe::Lines;
use super::{WaitError, Waiting};

/// How long to pause between two rounds of questions.
const PERIOD: Duration = Duration::from_secs(2);

/// How many failures in a row one object may have.
const RETRIES: u32 = 30;

/// What a wait that runs out of time says.
const DEADLINE: &str = "context deadline exceeded";
/// What a wait for a hook that runs out of time says.
const CONDITION: &str = "timed out waiting for the condition";

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
        let deadline = Instant::now() + timeout;
        loop {
            if self.all_gone(resources).await? {
                return Ok(());
            }
            self.pause(deadline).await?;
        }
    }

    async fn all_gone(&self, resources: &[Resource]) -> Result<bool, WaitError> {
        for resource in resources {
            match self.get(resource).await {
                Ok(_) => return Ok(false),
                Err(error) if error.is_not_found() => {
                    // Parity: cli-runtime, Info.Get, looks whether the namespace itself is gone.
                    if resource.mapping.namespaced
                        && resource.namespace != "default"
                        && !resource.namespace.is_empty()
                    {
                        let path = format!("/api/v1/namespaces/{}", resource.namespace);
                        let _ = self.api().await?.send(Request::get(path)).await;
                    }
                }
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

    /// Watches hooks one by one, each by its name, until they end.
    pub(super) async fn watch_hook_by_name(
        &self,
        resources: &[Resource],
        timeout: Duration,
    ) -> Result<(), WaitError> {
        for resource in resources
            .iter()
            .filter(|resource| matches!(resource.kind(), "Job" | "Pod"))
        {
            tokio::select! {
                ended = self.until_ended(resource) => ended?,
                () = sleep(timeout) => return Err(WaitError::TimedOut { words: CONDITION }),
                () = self.cancellation.cancelled() => return Err(WaitError::Cancelled),
            }
        }
        Ok(())
    }

    async fn until_ended(&self, resource: &Resource) -> Result<(), WaitError> {
        let selector = format!("metadata.name={}", resource.name);
        loop {
            let connection = self.api().await?;
            let list = Request::get(resource.collection()).query("fieldSelector", selector.clone());
            let list = connection.json(list).await?;
            for item in object::items(&list, &["items"]) {
                if let Some(end) = end(resource, item) {
                    return end;
                }
            }
            let version = object::text(&list, &["metadata", "resourceVersion"]).unwrap_or_default();
            let watch = Request::get(resource.collection())
                .query("allowWatchBookmarks", "true")
                .query("fieldSelector", selector.clone())
                .query("resourceVersion", version)
                .query("watch", "true");
            let response = connection.open(&watch).await?;
            let stream = response
                .into_body()
                .into_data_stream()
                .map_err(std::io::Error::other);
            let mut lines = Lines::new(stream.boxed());
            while let Some(line) = lines.next().await {
                let Ok(event) = json::parse(&line) else { break };
                match (object::text(&event, &["type"]), event.get("object")) {
                    (Some("ADDED" | "MODIFIED"), Some(live)) => {
                        if let Some(end) = end(resource, live) {
                            return end;
                        }
                    }
                    (Some("DELETED"), _) => return Ok(()),
                    (Some("BOOKMARK"), _) => {}
                    _ => break,
                }
            }
            sleep(PERIOD).await;
        }
    }
}

/// How a Job or a Pod ended, if it did.
fn end(resource: &Resource, live: &Value) -> Option<Result<(), WaitError>> {
    let name = &resource.name;
    let ended = |problem| Some(Err(WaitError::Ended { problem }));
    if resource.kind() == "Pod" {
        return match object::text(live, &["status", "phase"]) {
            Some("Succeeded") => Some(Ok(())),
            Some("Failed") => ended(format!("pod {name} failed")),
            _ => None,
        };
    }
    for condition in object::items(live, &["status", "conditions"]) {
        let text = |key: &str| {
            condition
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        match (text("type"), text("status")) {
            ("Complete", "True") => return Some(Ok(())),
            ("Failed", "True") => return ended(format!("job {name} failed: {}", text("reason"))),
            _ => {}
        }
    }
    None
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
