//! The older way to wait for hooks: watching each by its name until it has ended.
// Parity: Helm, pkg/kube/wait.go, watchUntilReady; client-go, tools/watch, UntilWithSync.

use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use helmrs_core::manifest::object;
use helmrs_core::yaml::{Value, json};
use http_body_util::BodyExt;
use tokio::time::sleep;

use super::super::request::Request;
use super::super::resource::Resource;
use super::super::{ApiError, Cluster};
use super::WaitError;
use super::observe::Lines;
use super::stage::in_words;
use crate::event::Event;

/// How long to pause before a watch that ended is asked for again.
const PAUSE: Duration = Duration::from_millis(800);

/// What a wait that runs out of time says.
const CONDITION: &str = "timed out waiting for the condition";

impl Cluster {
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
            self.step(
                "watching for resource changes",
                [
                    ("kind", resource.kind()),
                    ("resource", &resource.name),
                    ("timeout", &in_words(timeout)),
                ],
            );
            tokio::select! {
                ended = self.until_ended(resource) => ended?,
                () = sleep(timeout) => return Err(WaitError::TimedOut { words: CONDITION }),
                () = self.cancellation.cancelled() => return Err(WaitError::Cancelled),
            }
        }
        Ok(())
    }

    /// Watches until the hook has ended; a server that refuses is asked again, as time allows.
    async fn until_ended(&self, resource: &Resource) -> Result<(), WaitError> {
        let selector = format!("metadata.name={}", resource.name);
        let mut streams = true;
        loop {
            let watched = if streams {
                let request = watch(resource, &selector)
                    .query("resourceVersionMatch", "NotOlderThan")
                    .query("sendInitialEvents", "true");
                self.end_of(resource, &request).await
            } else {
                self.list_and_watch_by_name(resource, &selector).await
            };
            match watched {
                Ok(Some(end)) => return end,
                Err(_) if streams => streams = false,
                Ok(None) | Err(_) => sleep(PAUSE).await,
            }
        }
    }

    async fn list_and_watch_by_name(
        &self,
        resource: &Resource,
        selector: &str,
    ) -> Result<Option<Result<(), WaitError>>, ApiError> {
        let list = Request::get(resource.collection())
            .query("fieldSelector", selector)
            .query("limit", "500")
            .query("resourceVersion", "0");
        let list = self.api().await?.json(list).await?;
        for item in object::items(&list, &["items"]) {
            if let Some(end) = self.end(resource, item) {
                return Ok(Some(end));
            }
        }
        let version = object::text(&list, &["metadata", "resourceVersion"]).unwrap_or_default();
        let request = watch(resource, selector).query("resourceVersion", version);
        self.end_of(resource, &request).await
    }

    /// Follows a watch until it tells that the hook has ended, or is over.
    async fn end_of(
        &self,
        resource: &Resource,
        request: &Request,
    ) -> Result<Option<Result<(), WaitError>>, ApiError> {
        let response = self.api().await?.open(request).await?;
        let stream = response
            .into_body()
            .into_data_stream()
            .map_err(std::io::Error::other);
        let mut lines = Lines::new(stream.boxed());
        let name = ("resource", resource.name.as_str());
        while let Some(line) = lines.next().await {
            let Ok(event) = json::parse(&line) else { break };
            match (object::text(&event, &["type"]), event.get("object")) {
                (Some(word @ ("ADDED" | "MODIFIED")), Some(live)) => {
                    let kind = ("eventType", word);
                    self.step("add/modify event received", [name, kind]);
                    if let Some(end) = self.end(resource, live) {
                        return Ok(Some(end));
                    }
                }
                (Some("DELETED"), _) => {
                    self.step("deleted event received", [name]);
                    return Ok(Some(Ok(())));
                }
                (Some("BOOKMARK"), _) => {}
                _ => break,
            }
        }
        Ok(None)
    }

    /// How a Job or a Pod ended, if it did.
    fn end(&self, resource: &Resource, live: &Value) -> Option<Result<(), WaitError>> {
        let name = &resource.name;
        if resource.kind() == "Pod" {
            return self.end_of_pod(name, live);
        }
        for condition in object::items(live, &["status", "conditions"]) {
            let text = |key: &str| object::text(condition, &[key]).unwrap_or_default();
            match (text("type"), text("status")) {
                ("Complete", "True") => return Some(Ok(())),
                ("Failed", "True") => {
                    let reason = text("reason");
                    self.tell(Event::JobFailed {
                        name: name.clone(),
                        reason: reason.to_string(),
                    });
                    let problem = format!("job {name} failed: {reason}");
                    return Some(Err(WaitError::Ended { problem }));
                }
                _ => {}
            }
        }
        let count = |key: &str| {
            let count = object::integer(live, &["status", key]);
            count.unwrap_or_default().to_string()
        };
        self.step(
            "job status update",
            [
                ("job", name),
                ("active", &count("active")),
                ("failed", &count("failed")),
                ("succeeded", &count("succeeded")),
            ],
        );
        None
    }

    fn end_of_pod(&self, name: &str, live: &Value) -> Option<Result<(), WaitError>> {
        let text = match object::text(live, &["status", "phase"]) {
            Some("Succeeded") => {
                self.step("pod succeeded", [("pod", name)]);
                return Some(Ok(()));
            }
            Some("Failed") => {
                let pod = name.to_string();
                self.tell(Event::PodFailed { name: pod });
                let problem = format!("pod {name} failed");
                return Some(Err(WaitError::Ended { problem }));
            }
            Some("Pending") => "pod pending",
            Some("Running") => "pod running",
            Some("Unknown") => "pod unknown",
            _ => return None,
        };
        self.step(text, [("pod", name)]);
        None
    }
}

fn watch(resource: &Resource, selector: &str) -> Request {
    Request::get(resource.collection())
        .query("allowWatchBookmarks", "true")
        .query("fieldSelector", selector)
        .query("watch", "true")
}
