//! Watching collections: which of some objects exist, and what they look like now.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use helmrs_core::manifest::object;
use helmrs_core::yaml::{Value, json};
use http_body_util::BodyExt;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::super::discovery::{Discovery, Mapping};
use super::super::request::{Connection, Request};
use super::super::resource::Resource;
use super::super::{ApiError, Cluster};
use super::WaitError;

/// The annotation that ends the objects that were there from the beginning.
const INITIAL_END: &str = "k8s.io/initial-events-end";

/// After how many seconds a watch is to be asked for again.
const WATCH_SECONDS: &str = "420";

/// How many objects a page of a list holds at most.
const PAGE: &str = "500";

/// How often what cannot be watched is listed.
const POLL: Duration = Duration::from_secs(1);

/// How long to wait before a broken watch is asked for again.
const PAUSE: Duration = Duration::from_millis(800);

/// How often states that depend on time alone are looked at again.
const TICK: Duration = Duration::from_secs(1);

/// What is known of one object.
pub(super) enum Observation {
    /// It has not been there since the watch began.
    NeverSeen,
    /// It was there and is no more.
    Gone,
    /// It is there.
    Present(Value),
}

/// The name of an object among all that are watched: its collection, namespace and name.
type Key = (String, String, String);

/// A piece of news from one collection.
enum News {
    Present(Key, Value),
    Gone(Key),
    /// All that was there at the beginning has been told: the collection and what is in it.
    Synced(String, BTreeSet<Key>),
    Failed(WaitError),
}

/// Watches the collections some objects are in.
pub(super) struct Observer {
    news: mpsc::Receiver<News>,
    objects: BTreeMap<Key, Option<Value>>,
    unsynced: BTreeSet<String>,
    /// The watches, which end with this.
    _watches: JoinSet<()>,
}

impl Observer {
    /// Begins to watch, after asking the server anew what it serves.
    // Parity: controller-runtime's dynamic mapper, which asks without a timeout and without any cache.
    pub(super) async fn start(
        cluster: &Cluster,
        resources: &[Resource],
    ) -> Result<Self, WaitError> {
        let connection = cluster.api().await?;
        Discovery::ask(connection, None).await?;
        let (sender, news) = mpsc::channel(64);
        let mut watches = JoinSet::new();
        let mut unsynced = BTreeSet::new();
        for resource in resources {
            let collection = resource.collection();
            if unsynced.insert(collection.clone()) {
                let watch = Watch {
                    connection: connection.clone(),
                    mapping: resource.mapping.clone(),
                    collection,
                    sender: sender.clone(),
                };
                watches.spawn(watch.run());
            }
        }
        Ok(Self {
            news,
            objects: BTreeMap::new(),
            unsynced,
            _watches: watches,
        })
    }

    /// Whether every collection has told what is in it.
    pub(super) fn is_synced(&self) -> bool {
        self.unsynced.is_empty()
    }

    /// Returns when something changed, or may have by the passing of time.
    pub(super) async fn changed(&mut self) -> Result<(), WaitError> {
        let Ok(Some(news)) = tokio::time::timeout(TICK, self.news.recv()).await else {
            return Ok(());
        };
        match news {
            News::Present(key, value) => {
                self.objects.insert(key, Some(value));
            }
            News::Gone(key) => {
                self.objects.insert(key, None);
            }
            News::Synced(collection, present) => {
                for (key, value) in &mut self.objects {
                    if key.0 == collection && !present.contains(key) {
                        *value = None;
                    }
                }
                self.unsynced.remove(&collection);
            }
            News::Failed(error) => return Err(error),
        }
        Ok(())
    }

    pub(super) fn observation(&self, resource: &Resource) -> Observation {
        let namespace = if resource.mapping.namespaced {
            resource.namespace.clone()
        } else {
            String::new()
        };
        match self
            .objects
            .get(&(resource.collection(), namespace, resource.name.clone()))
        {
            None => Observation::NeverSeen,
            Some(None) => Observation::Gone,
            Some(Some(value)) => Observation::Present(value.clone()),
        }
    }
}

/// The watch of one collection.
struct Watch {
    connection: Connection,
    mapping: Mapping,
    collection: String,
    sender: mpsc::Sender<News>,
}

/// Why a watch ended.
enum Ending {
    /// Nobody listens any more.
    Unheard,
    /// It is to be asked for again.
    Over,
    /// The server cannot stream what is there from the beginning.
    NoStreaming,
    /// What is there can be listed, but not watched.
    Unwatchable,
    Refused(ApiError),
}

impl Watch {
    async fn run(self) {
        let mut streams = true;
        loop {
            let ending = if streams {
                self.stream_all().await
            } else {
                self.list_and_watch().await
            };
            match ending {
                Ending::Unheard => return,
                Ending::NoStreaming => streams = false,
                Ending::Unwatchable => tokio::time::sleep(POLL).await,
                Ending::Refused(error) if matches!(error.code(), Some(403)) => {
                    let source = error;
                    let _ = self
                        .sender
                        .send(News::Failed(WaitError::List {
                            kind: self.mapping.kind.to_string(),
                            source,
                        }))
                        .await;
                    return;
                }
                // A collection that is not served any more holds nothing.
                Ending::Refused(error) if error.is_not_found() => {
                    if self
                        .tell(News::Synced(self.collection.clone(), BTreeSet::new()))
                        .await
                        .is_err()
                    {
                        return;
                    }
                    tokio::time::sleep(PAUSE).await;
                }
                // Also where a server answers with an error at once.
                Ending::Over | Ending::Refused(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// Asks for what is there and for changes in one stream.
    async fn stream_all(&self) -> Ending {
        let request = Request::get(self.collection.clone())
            .query("allowWatchBookmarks", "true")
            .query("resourceVersionMatch", "NotOlderThan")
            .query("sendInitialEvents", "true")
            .query("timeoutSeconds", WATCH_SECONDS)
            .query("watch", "true");
        match self.follow(&request, Some(BTreeSet::new())).await {
            Ok(ending) => ending,
            // Parity: client-go, tools/cache/reflector.go: whatever the reason, the older way is tried.
            Err(_) => Ending::NoStreaming,
        }
    }

    /// Asks for what is there, and then for changes.
    async fn list_and_watch(&self) -> Ending {
        let (items, version) = match self.list().await {
            Ok(list) => list,
            Err(error) => return Ending::Refused(error),
        };
        let mut present = BTreeSet::new();
        for item in items {
            let key = self.key(&item);
            present.insert(key.clone());
            if self
                .tell(News::Present(key, self.typed(item)))
                .await
                .is_err()
            {
                return Ending::Unheard;
            }
        }
        if self
            .tell(News::Synced(self.collection.clone(), present))
            .await
            .is_err()
        {
            return Ending::Unheard;
        }
        let request = Request::get(self.collection.clone())
            .query("allowWatchBookmarks", "true")
            .query("resourceVersion", version)
            .query("timeoutSeconds", WATCH_SECONDS)
            .query("watch", "true");
        self.follow(&request, None)
            .await
            .unwrap_or(Ending::Unwatchable)
    }

    /// What is there, page by page, and the version it was there at.
    async fn list(&self) -> Result<(Vec<Value>, String), ApiError> {
        let (mut items, mut next) = (Vec::new(), String::new());
        loop {
            let request = Request::get(self.collection.clone()).query("limit", PAGE);
            let request = if next.is_empty() {
                request.query("resourceVersion", "0")
            } else {
                request.query("continue", next)
            };
            let mut page = self.connection.json(request).await?;
            let text = |key| object::text(&page, &["metadata", key]).unwrap_or_default();
            next = text("continue").to_string();
            let version = text("resourceVersion").to_string();
            if let Some(Value::List(more)) = page.as_map_mut().and_then(|map| map.remove("items")) {
                items.extend(more);
            }
            if next.is_empty() {
                return Ok((items, version));
            }
        }
    }

    /// Tells of every event of a stream; `initial` gathers what is there until the stream says that this was all.
    async fn follow(
        &self,
        request: &Request,
        mut initial: Option<BTreeSet<Key>>,
    ) -> Result<Ending, ApiError> {
        let response = self.connection.open(request).await?;
        let stream = response
            .into_body()
            .into_data_stream()
            .map_err(std::io::Error::other);
        let mut lines = Lines::new(stream.boxed());
        while let Some(line) = lines.next().await {
            let Ok(event) = json::parse(&line) else {
                return Ok(Ending::Over);
            };
            let kind = object::text(&event, &["type"]).unwrap_or_default();
            let Some(value) = event.get("object") else {
                return Ok(Ending::Over);
            };
            let news = match kind {
                "ADDED" | "MODIFIED" => {
                    let key = self.key(value);
                    if let Some(initial) = &mut initial {
                        initial.insert(key.clone());
                    }
                    News::Present(key, value.clone())
                }
                "DELETED" => News::Gone(self.key(value)),
                "BOOKMARK" => match object::annotations(value)
                    .get(INITIAL_END)
                    .and_then(|_| initial.take())
                {
                    Some(present) => News::Synced(self.collection.clone(), present),
                    None => continue,
                },
                _ => return Ok(Ending::Over),
            };
            if self.tell(news).await.is_err() {
                return Ok(Ending::Unheard);
            }
        }
        Ok(Ending::Over)
    }

    async fn tell(&self, news: News) -> Result<(), mpsc::error::SendError<News>> {
        self.sender.send(news).await
    }

    fn key(&self, value: &Value) -> Key {
        (
            self.collection.clone(),
            object::namespace(value).to_string(),
            object::name(value).to_string(),
        )
    }

    /// Items of a list leave out what they are.
    fn typed(&self, mut item: Value) -> Value {
        if let Some(map) = item.as_map_mut() {
            map.get_or_insert_with("apiVersion", || self.mapping.kind.api_version().into());
            map.get_or_insert_with("kind", || self.mapping.kind.kind.as_str().into());
        }
        item
    }
}

/// The lines of a stream of bytes.
pub(super) struct Lines<S> {
    stream: S,
    buffer: Vec<u8>,
}

impl<S, B> Lines<S>
where
    S: futures::Stream<Item = Result<B, std::io::Error>> + Unpin,
    B: AsRef<[u8]>,
{
    pub(super) fn new(stream: S) -> Self {
        Self {
            stream,
            buffer: Vec::new(),
        }
    }

    /// The next line; none when the stream is over or broken.
    pub(super) async fn next(&mut self) -> Option<Vec<u8>> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let rest = self.buffer.split_off(end + 1);
                let line = std::mem::replace(&mut self.buffer, rest);
                return Some(line);
            }
            match self.stream.next().await {
                Some(Ok(bytes)) => self.buffer.extend_from_slice(bytes.as_ref()),
                Some(Err(_)) | None if self.buffer.is_empty() => return None,
                Some(Err(_)) | None => return Some(std::mem::take(&mut self.buffer)),
            }
        }
    }
}
