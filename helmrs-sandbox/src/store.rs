//! Objects by resource, with resource versions and the history watches are fed from.
//!
//! One lock guards the objects, the history and the file: a write is decided, made durable and
//! made visible in one step, so that the order of resource versions is the order of events.
//!
//! Objects are kept as text, see [`Version`]: a tree of values takes ten times the memory.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value as Json;
use tokio::sync::watch;

use crate::error::ApiError;

pub(crate) mod file;
mod version;

pub(crate) use version::Version;

/// How many objects that were read last are kept as trees.
const RECENT: usize = 512;
/// How large an object may be.
const LARGEST: usize = 3 << 19;
/// How many changes a watch may lag behind before it is told to start over.
const HISTORY: usize = 20_000;

/// Where an object is kept; the version of the API it was written through is no part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    /// Group and plural name, such as `apps/deployments`.
    pub(crate) resource: Arc<str>,
    /// Empty for cluster-scoped objects.
    pub(crate) namespace: String,
    /// The object's name.
    pub(crate) name: String,
}

/// One write as watches see it.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    /// The resource version of the write.
    pub(crate) revision: u64,
    /// Which object.
    pub(crate) key: Key,
    /// The object before, if there was one.
    pub(crate) before: Option<Arc<Version>>,
    /// The object after, if it still exists.
    pub(crate) after: Option<Arc<Version>>,
}

/// What a decision makes of an object.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// This is the object from now on; the store sets its resource version.
    Put(Json),
    /// The object goes away; this is its last form.
    Remove(Json),
}

/// The objects of one cluster; clones share them.
#[derive(Clone)]
pub(crate) struct Store {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    revision: watch::Sender<u64>,
}

struct State {
    objects: BTreeMap<Key, Arc<Version>>,
    revision: u64,
    history: VecDeque<Change>,
    recent: VecDeque<Arc<Json>>,
    /// Which objects name an object as their owner, by its `uid`.
    owned: BTreeMap<String, BTreeSet<Key>>,
    file: Option<file::File>,
}

impl State {
    /// The objects of a resource, in all namespaces or in one, in order.
    fn of<'a>(
        &'a self,
        resource: &'a Arc<str>,
        namespace: Option<&'a str>,
    ) -> impl Iterator<Item = (&'a Key, &'a Arc<Version>)> {
        let first = Key {
            resource: resource.clone(),
            namespace: namespace.unwrap_or_default().to_owned(),
            name: String::new(),
        };
        self.objects.range(first..).take_while(move |(key, _)| {
            key.resource == *resource
                && namespace.is_none_or(|namespace| key.namespace == namespace)
        })
    }

    /// Notes who owns an object from now on.
    fn index(&mut self, key: &Key, before: Option<&Json>, after: Option<&Json>) {
        for owner in before.into_iter().flat_map(owners) {
            if let Some(keys) = self.owned.get_mut(owner) {
                keys.remove(key);
                if keys.is_empty() {
                    self.owned.remove(owner);
                }
            }
        }
        for owner in after.into_iter().flat_map(owners) {
            let keys = self.owned.entry(owner.to_owned()).or_default();
            keys.insert(key.clone());
        }
    }

    /// An object as a tree, which stays one for a while.
    fn tree(&mut self, version: &Version) -> Arc<Json> {
        let tree = version.tree();
        self.remember(&tree);
        tree
    }

    fn remember(&mut self, tree: &Arc<Json>) {
        if Arc::strong_count(tree) > 1 {
            // Somebody holds it already: most likely the list of recent ones itself.
            return;
        }
        if self.recent.len() >= RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(tree.clone());
    }
}

impl Store {
    /// An empty store that is forgotten with the process.
    pub(crate) fn in_memory() -> Self {
        Self::with(BTreeMap::new(), 1, None)
    }

    /// A store kept in one file, with what the file holds.
    pub(crate) fn open(path: &std::path::Path) -> Result<Self, file::FileError> {
        let (file, contents) = file::File::open(path)?;
        Ok(Self::with(
            contents.objects,
            contents.revision.max(1),
            Some(file),
        ))
    }

    fn with(objects: BTreeMap<Key, Arc<Version>>, revision: u64, file: Option<file::File>) -> Self {
        let mut state = State {
            objects,
            revision,
            history: VecDeque::new(),
            recent: VecDeque::new(),
            owned: BTreeMap::new(),
            file,
        };
        for (key, version) in state.objects.clone() {
            state.index(&key, None, Some(&version.tree()));
        }
        let (sender, _) = watch::channel(revision);
        Self {
            shared: Arc::new(Shared {
                state: Mutex::new(state),
                revision: sender,
            }),
        }
    }

    /// What was kept under a name beside the objects; nothing in memory.
    pub(crate) fn secret(&self, name: &str) -> Result<Option<String>, file::FileError> {
        match &self.lock().file {
            Some(file) => file.secret(name),
            None => Ok(None),
        }
    }

    /// Keeps a text under a name for as long as the objects.
    pub(crate) fn keep_secret(&self, name: &str, secret: &str) -> Result<(), file::FileError> {
        match &self.lock().file {
            Some(file) => file.keep_secret(name, secret),
            None => Ok(()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic while the lock was held left every map consistent: all changes are made last.
        self.shared
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The resource version of the newest write.
    pub(crate) fn revision(&self) -> u64 {
        self.lock().revision
    }

    /// One object.
    pub(crate) fn get(&self, key: &Key) -> Option<Arc<Json>> {
        let mut state = self.lock();
        let version = state.objects.get(key)?.clone();
        Some(state.tree(&version))
    }

    /// The objects of a resource, in all namespaces or in one, in order, and the revision they are of.
    pub(crate) fn list(
        &self,
        resource: &Arc<str>,
        namespace: Option<&str>,
    ) -> (Vec<Arc<Json>>, u64) {
        let (versions, revision) = self.versions(resource, namespace);
        let trees: Vec<Arc<Json>> = versions.iter().map(|version| version.tree()).collect();
        if trees.len() <= RECENT {
            let mut state = self.lock();
            for tree in &trees {
                state.remember(tree);
            }
        }
        (trees, revision)
    }

    /// The same as they are kept, for those who need not hold all of them at once.
    pub(crate) fn versions(
        &self,
        resource: &Arc<str>,
        namespace: Option<&str>,
    ) -> (Vec<Arc<Version>>, u64) {
        let state = self.lock();
        let objects = state.of(resource, namespace);
        let objects = objects.map(|(_, object)| object.clone()).collect();
        (objects, state.revision)
    }

    /// The same with where they are.
    pub(crate) fn entries(
        &self,
        resource: &Arc<str>,
        namespace: Option<&str>,
    ) -> (Vec<(Key, Arc<Version>)>, u64) {
        let state = self.lock();
        let objects = state.of(resource, namespace);
        let objects = objects.map(|(key, object)| (key.clone(), object.clone()));
        (objects.collect(), state.revision)
    }

    /// Where the objects of a resource are.
    pub(crate) fn keys(&self, resource: &Arc<str>, namespace: Option<&str>) -> Vec<Key> {
        let state = self.lock();
        let objects = state.of(resource, namespace);
        objects.map(|(key, _)| key.clone()).collect()
    }

    /// Where the objects are that name an object as their owner, by its `uid`.
    pub(crate) fn owned(&self, uid: &str) -> BTreeSet<Key> {
        self.lock().owned.get(uid).cloned().unwrap_or_default()
    }

    /// Every object, in order.
    pub(crate) fn all(&self) -> Vec<(Key, Arc<Version>)> {
        self.lock()
            .objects
            .iter()
            .map(|(key, object)| (key.clone(), object.clone()))
            .collect()
    }

    /// Decides about one object and carries the verdict out, with nothing happening in between.
    ///
    /// Returns the object as it now is, or as it last was. `decide` must not call the store.
    pub(crate) fn write(
        &self,
        key: &Key,
        decide: impl FnOnce(Option<&Arc<Json>>) -> Result<Verdict, ApiError>,
    ) -> Result<Option<Arc<Json>>, ApiError> {
        let mut state = self.lock();
        let before = state.objects.get(key).cloned();
        let live = before.as_ref().map(|before| state.tree(before));
        let (mut object, kept) = match decide(live.as_ref())? {
            Verdict::Put(object) => (object, true),
            Verdict::Remove(object) => (object, false),
        };
        let revision = state.revision + 1;
        if let Some(metadata) = object.get_mut("metadata").and_then(Json::as_object_mut) {
            metadata.insert("resourceVersion".to_owned(), revision.to_string().into());
        }
        let object = Arc::new(object);
        let version = Arc::new(Version::new(&object));
        if version.text().len() > LARGEST && kept {
            // Parity: what a cluster's own store says of it.
            return Err(ApiError::unknown("etcdserver: request is too large"));
        }
        state.remember(&object);
        if let Some(file) = &state.file {
            let kept = kept.then_some(version.text());
            file.write(key, kept, revision)
                .map_err(ApiError::internal)?;
        }
        state.index(key, live.as_deref(), kept.then_some(&*object));
        if kept {
            state.objects.insert(key.clone(), version.clone());
        } else {
            state.objects.remove(key);
        }
        state.revision = revision;
        state.history.push_back(Change {
            revision,
            key: key.clone(),
            before: if kept { before } else { Some(version.clone()) },
            after: kept.then_some(version),
        });
        if state.history.len() > HISTORY {
            state.history.pop_front();
        }
        drop(state);
        self.shared.revision.send_replace(revision);
        Ok(Some(object))
    }

    /// Follows the writes after `revision`.
    pub(crate) fn watch(&self, revision: u64) -> Watch {
        Watch {
            store: self.clone(),
            seen: revision,
            newest: self.shared.revision.subscribe(),
        }
    }

    fn changes_after(&self, revision: u64) -> Result<(Vec<Change>, u64), Expired> {
        let state = self.lock();
        let oldest = state
            .history
            .front()
            .map_or(state.revision + 1, |change| change.revision);
        if revision + 1 < oldest {
            return Err(Expired {
                asked: revision,
                oldest,
            });
        }
        let start = state
            .history
            .partition_point(|change| change.revision <= revision);
        Ok((
            state.history.range(start..).cloned().collect(),
            state.revision,
        ))
    }
}

/// The `uid`s of an object's owners.
fn owners(object: &Json) -> impl Iterator<Item = &str> {
    let references = object["metadata"]["ownerReferences"].as_array();
    let references = references.into_iter().flatten();
    references.filter_map(|reference| reference["uid"].as_str())
}

/// A watch asked for changes that are no longer remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Expired {
    /// The revision the watch had seen.
    pub(crate) asked: u64,
    /// The oldest revision that is remembered.
    pub(crate) oldest: u64,
}

/// A reader of the store's history.
pub(crate) struct Watch {
    store: Store,
    seen: u64,
    newest: watch::Receiver<u64>,
}

impl Watch {
    /// Waits for the next changes: at least one, in order.
    pub(crate) async fn next(&mut self) -> Result<Vec<Change>, Expired> {
        loop {
            self.newest.borrow_and_update();
            let (changes, revision) = self.store.changes_after(self.seen)?;
            self.seen = self.seen.max(revision);
            if !changes.is_empty() {
                return Ok(changes);
            }
            if self.newest.changed().await.is_err() {
                // The sender lives in the store this watch holds; without it nothing ever comes.
                std::future::pending::<()>().await;
            }
        }
    }

    /// The revision up to which changes have been handed out.
    pub(crate) fn revision(&self) -> u64 {
        self.seen
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn key(name: &str) -> Key {
        Key {
            resource: Arc::from("/configmaps"),
            namespace: "default".to_owned(),
            name: name.to_owned(),
        }
    }

    fn write(store: &Store, name: &str, keep: bool, value: u8) {
        let object = json!({"metadata": {"name": name}, "data": {"v": value}});
        let verdict = |there: bool| match (keep, there) {
            (true, _) => Ok(Verdict::Put(object)),
            (false, true) => Ok(Verdict::Remove(object)),
            (false, false) => Err(ApiError::internal("nothing to remove")),
        };
        let _ = store.write(&key(name), |live| verdict(live.is_some()));
    }

    proptest! {
        /// A list and the changes after it are the later list: none is lost, none comes twice.
        #[test]
        fn a_list_and_its_watch_are_the_later_list(
            writes in proptest::collection::vec((0..4u8, any::<bool>(), any::<u8>()), 0..40),
            cut in 0..40usize,
        ) {
            let store = Store::in_memory();
            let names = ["a", "b", "c", "d"];
            let cut = cut.min(writes.len());
            let (before, after) = writes.split_at(cut);
            for (name, keep, value) in before {
                write(&store, names[usize::from(*name)], *keep, *value);
            }
            let (list, revision) = store.list(&Arc::from("/configmaps"), None);
            let named = |object: &Json| object["metadata"]["name"].as_str().unwrap_or_default().to_owned();
            let mut seen: BTreeMap<String, Arc<Json>> = list.iter().map(|object| (named(object), object.clone())).collect();
            for (name, keep, value) in after {
                write(&store, names[usize::from(*name)], *keep, *value);
            }
            let (changes, newest) = store.changes_after(revision).expect("a short history");
            let mut last = revision;
            for change in changes {
                prop_assert_eq!(change.revision, last + 1);
                last = change.revision;
                match change.after {
                    Some(object) => seen.insert(change.key.name, object.tree()),
                    None => seen.remove(&change.key.name),
                };
            }
            prop_assert_eq!(last, newest);
            let (list, _) = store.list(&Arc::from("/configmaps"), None);
            prop_assert_eq!(list, seen.into_values().collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_version_before_the_history_has_expired() {
        let store = Store::in_memory();
        write(&store, "a", true, 1);
        assert_eq!(
            store.changes_after(0).map(|_| ()),
            Err(Expired {
                asked: 0,
                oldest: 2
            })
        );
        assert_eq!(
            store.changes_after(1).map(|(changes, _)| changes.len()),
            Ok(1)
        );
    }
}
