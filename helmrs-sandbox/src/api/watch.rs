//! Watches: what happens to a collection, as it happens.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures::stream;
use serde_json::{Value as Json, json};
use tokio::time::{Instant, sleep_until};

use super::query::Query;
use super::read::{presented, selector};
use super::reply::{self, Reply};
use super::selector::Selector;
use super::table::{self, Form};
use super::{Call, Place};
use crate::error::ApiError;
use crate::objects::Objects;
use crate::resources::Kind;
use crate::store::{self, Change, Version};

/// How long a watch lasts if it does not say.
const LASTS: Duration = Duration::from_secs(45 * 60);
/// How often a quiet watch hears how far it has come.
const BOOKMARKS: Duration = Duration::from_secs(60);

/// Which changes a watch shows, and how.
struct View {
    kind: Arc<Kind>,
    namespace: Option<String>,
    selector: Selector,
    form: Option<Form>,
    query: Query,
    /// Whether the columns of a table have been sent.
    headed: bool,
}

struct Watcher {
    view: View,
    changes: store::Watch,
    ready: VecDeque<Bytes>,
    bookmarks: bool,
    bookmark_at: Instant,
    ends: Instant,
    over: bool,
}

/// Answers with a stream of events.
pub(super) fn answer(objects: &Objects, call: &Call, place: &Place) -> Result<Reply, ApiError> {
    let query = &call.query;
    let mut view = View {
        kind: place.kind.clone(),
        namespace: place.namespace.clone(),
        selector: selector(call, place)?,
        form: table::wanted(&call.headers),
        query: query.clone(),
        headed: false,
    };
    let version = query.text("resourceVersion");
    let listing = query.flag("sendInitialEvents");
    if listing && query.text("resourceVersionMatch") != "NotOlderThan" {
        return Err(ApiError::unprocessable(
            "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
        ));
    }
    let mut ready = VecDeque::new();
    let seen = if listing || version.is_empty() || version == "0" {
        let (found, revision) = objects
            .store()
            .versions(&view.kind.storage, view.namespace.as_deref());
        for object in found.iter().map(|version| version.tree()) {
            if view.selector.matches(&object) {
                ready.push_back(view.event("ADDED", &object));
            }
        }
        if listing {
            ready.push_back(view.bookmark(revision, true));
        }
        revision
    } else {
        version
            .parse()
            .map_err(|_| ApiError::bad_request(format!("invalid resource version {version:?}")))?
    };
    let now = Instant::now();
    let watcher = Watcher {
        view,
        changes: objects.store().watch(seen),
        ready,
        bookmarks: query.flag("allowWatchBookmarks"),
        bookmark_at: now + BOOKMARKS,
        ends: now + query.seconds("timeoutSeconds").unwrap_or(LASTS),
        over: false,
    };
    let lines = stream::unfold(watcher, |mut watcher| async move {
        let line = watcher.next().await?;
        Some((Ok::<_, std::convert::Infallible>(line), watcher))
    });
    Ok(reply::stream(Body::from_stream(lines)))
}

impl Watcher {
    /// The next line, or none when the watch is over.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(line) = self.ready.pop_front() {
                return Some(line);
            }
            if self.over {
                return None;
            }
            tokio::select! {
                changes = self.changes.next() => match changes {
                    Ok(changes) => {
                        let view = &mut self.view;
                        self.ready.extend(changes.iter().filter_map(|change| view.change(change)));
                    }
                    Err(expired) => {
                        self.over = true;
                        self.ready.push_back(expired_event(expired));
                    }
                },
                () = sleep_until(self.bookmark_at), if self.bookmarks => {
                    self.bookmark_at += BOOKMARKS;
                    self.ready.push_back(self.view.bookmark(self.changes.revision(), false));
                }
                () = sleep_until(self.ends) => return None,
            }
        }
    }
}

fn expired_event(expired: store::Expired) -> Bytes {
    let text = format!(
        "too old resource version: {} ({})",
        expired.asked, expired.oldest
    );
    line(&json!({"type": "ERROR", "object": ApiError::expired(text).status()}))
}

impl View {
    /// A change as an event, if it shows.
    fn change(&mut self, change: &Change) -> Option<Bytes> {
        let here = change.key.resource == self.kind.storage
            && self
                .namespace
                .as_ref()
                .is_none_or(|namespace| change.key.namespace == *namespace);
        if !here {
            return None;
        }
        let tree = |version: &Option<Arc<Version>>| version.as_ref().map(|version| version.tree());
        let (before, after) = (tree(&change.before), tree(&change.after));
        let shows = |object: &Arc<Json>| self.selector.matches(object);
        let was = before.as_ref().is_some_and(shows);
        match (was, after.filter(shows)) {
            (false, Some(after)) => Some(self.event("ADDED", &after)),
            (true, Some(after)) => Some(self.event("MODIFIED", &after)),
            (true, None) => {
                let mut last = (*before?).clone();
                last["metadata"]["resourceVersion"] = change.revision.to_string().into();
                Some(self.event("DELETED", &Arc::new(last)))
            }
            (false, None) => None,
        }
    }

    fn event(&mut self, kind: &str, object: &Arc<Json>) -> Bytes {
        let object = presented(&self.kind, object);
        let object = match self.form {
            None => object,
            Some(form) => {
                let version = object["metadata"]["resourceVersion"].clone();
                let metadata = json!({"resourceVersion": version});
                let mut table = form.table(&self.kind, &[object], metadata, &self.query);
                if std::mem::replace(&mut self.headed, true) {
                    table["columnDefinitions"] = Json::Null;
                }
                table
            }
        };
        line(&json!({"type": kind, "object": object}))
    }

    fn bookmark(&mut self, revision: u64, end: bool) -> Bytes {
        let mut metadata =
            json!({"resourceVersion": revision.to_string(), "creationTimestamp": null});
        if end {
            metadata["annotations"] = json!({"k8s.io/initial-events-end": "true"});
        }
        let object = match self.form {
            None => {
                json!({"kind": self.kind.kind, "apiVersion": self.kind.api_version(), "metadata": metadata})
            }
            Some(form) => {
                let row = json!({"kind": self.kind.kind, "apiVersion": self.kind.api_version(), "metadata": metadata});
                form.bookmark(&row, revision)
            }
        };
        line(&json!({"type": "BOOKMARK", "object": object}))
    }
}

fn line(event: &Json) -> Bytes {
    let mut text = event.to_string();
    text.push('\n');
    Bytes::from(text)
}
