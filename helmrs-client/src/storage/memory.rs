//! Records that last as long as the process.
// Parity: Helm, pkg/storage/driver/memory.go, and pkg/cmd/root.go, loadReleasesInMemory.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::future::{BoxFuture, FutureExt, ready};
use helmrs_core::release::{Release, ReleaseList, Status};
use helmrs_core::yaml;

use super::{Driver, Selection, StorageError};
use crate::event::{Event, Watch};

/// What every record's key begins with.
const KEY_PREFIX: &str = "sh.helm.release.v1.";

/// The namespace of a release that names none.
const DEFAULT_NAMESPACE: &str = "default";

/// Why no releases can be read from files.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum MemoryDataError {
    /// A file cannot be read.
    #[error("Unable to read memory driver dataopen {}: {problem}", path.display())]
    Read { path: PathBuf, problem: String },
    /// A file does not hold releases.
    #[error("Unable to unmarshal memory driver data: {problem}")]
    Parse { path: PathBuf, problem: String },
    /// Two releases have the same name and revision.
    #[error("{0}")]
    Duplicate(StorageError),
}

/// Releases in memory, by namespace and key.
///
/// Clones share what they hold and where they look.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    records: Arc<Mutex<Namespaces>>,
    /// The namespace asked in; empty for all.
    namespace: Arc<Mutex<String>>,
}

type Records = BTreeMap<(String, i64), Release>;

/// The records of each namespace.
type Namespaces = BTreeMap<String, Records>;

impl Memory {
    /// Releases read from YAML files, each a list of releases with the field names of records.
    pub fn from_files(paths: &[PathBuf], watch: &dyn Watch) -> Result<Self, MemoryDataError> {
        let memory = Self::default();
        for path in paths {
            for release in read(path)? {
                let key = super::key(&release.name, release.revision);
                watch.event(Event::step("creating release", [("key", &key)]));
                memory.add(&release).map_err(MemoryDataError::Duplicate)?;
            }
        }
        Ok(memory)
    }

    /// The same releases, asked in another namespace; the empty one stands for all.
    #[must_use]
    pub fn in_namespace(&self, namespace: &str) -> Self {
        Self {
            records: Arc::clone(&self.records),
            namespace: Arc::new(Mutex::new(namespace.to_string())),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Namespaces> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn namespace(&self) -> String {
        let namespace = self.namespace.lock();
        namespace.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn read(path: &Path) -> Result<Vec<Release>, MemoryDataError> {
    let bytes = fs::read(path).map_err(|error| MemoryDataError::Read {
        path: path.to_path_buf(),
        problem: crate::error::operating_system(&error),
    })?;
    let releases: Result<ReleaseList, _> = yaml::read(&bytes);
    let ReleaseList(releases) = releases.map_err(|error| MemoryDataError::Parse {
        path: path.to_path_buf(),
        problem: error.to_string(),
    })?;
    Ok(releases)
}

impl Memory {
    fn find(&self, key: &str) -> Result<Release, StorageError> {
        let key = parse_key(key)?;
        let namespaces = self.lock();
        let records = namespaces.get(&self.namespace());
        let found = records.and_then(|records| records.get(&key));
        found.cloned().ok_or(StorageError::NotFound)
    }

    fn select(&self, selection: &Selection) -> Result<Vec<Release>, StorageError> {
        let fits = |release: &&Release| match selection {
            Selection::All => true,
            Selection::Name(name) => release.name == *name,
            Selection::Deployed(name) => {
                release.name == *name && release.info.status == Status::Deployed
            }
        };
        let wanted = self.namespace();
        let releases: Vec<_> = self
            .lock()
            .iter()
            .filter(|(namespace, _)| wanted.is_empty() || **namespace == wanted)
            .flat_map(|(_, records)| records.values())
            .filter(fits)
            .cloned()
            .collect();
        if releases.is_empty() && *selection != Selection::All {
            Err(StorageError::NotFound)
        } else {
            Ok(releases)
        }
    }

    fn add(&self, release: &Release) -> Result<(), StorageError> {
        let mut namespaces = self.lock();
        let records = self.records_of(&mut namespaces, release);
        let key = (release.name.clone(), release.revision);
        if records.contains_key(&key) {
            return Err(StorageError::AlreadyExists);
        }
        records.insert(key, release.clone());
        Ok(())
    }

    fn replace(&self, release: &Release) -> Result<(), StorageError> {
        let mut namespaces = self.lock();
        let records = self.records_of(&mut namespaces, release);
        let record = records.get_mut(&(release.name.clone(), release.revision));
        *record.ok_or(StorageError::NotFound)? = release.clone();
        Ok(())
    }

    fn remove(&self, key: &str) -> Result<(), StorageError> {
        let key = parse_key(key)?;
        let mut namespaces = self.lock();
        let records = namespaces.get_mut(&self.namespace());
        let removed = records.and_then(|records| records.remove(&key));
        removed.map(|_| ()).ok_or(StorageError::NotFound)
    }

    /// The records of a release's namespace, which is asked in from now on.
    fn records_of<'n>(&self, namespaces: &'n mut Namespaces, release: &Release) -> &'n mut Records {
        let namespace = if release.namespace.is_empty() {
            DEFAULT_NAMESPACE
        } else {
            &release.namespace
        };
        let mut asked = self
            .namespace
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *asked = namespace.to_string();
        namespaces.entry(namespace.to_string()).or_default()
    }
}

fn parse_key(key: &str) -> Result<(String, i64), StorageError> {
    let rest = key.strip_prefix(KEY_PREFIX).unwrap_or(key);
    let (name, revision) = rest.split_once(".v").ok_or(StorageError::InvalidKey)?;
    // Parity: a name with ".v" in it has no key here, whatever the other drivers make of it.
    let revision = revision.parse().map_err(|_| StorageError::InvalidKey)?;
    Ok((name.to_string(), revision))
}

impl Driver for Memory {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Release, StorageError>> {
        ready(self.find(key)).boxed()
    }

    fn query<'a>(
        &'a self,
        selection: &'a Selection,
    ) -> BoxFuture<'a, Result<Vec<Release>, StorageError>> {
        ready(self.select(selection)).boxed()
    }

    fn create<'a>(
        &'a self,
        _: &'a str,
        release: &'a Release,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        ready(self.add(release)).boxed()
    }

    fn update<'a>(
        &'a self,
        _: &'a str,
        release: &'a Release,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        ready(self.replace(release)).boxed()
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StorageError>> {
        ready(self.remove(key)).boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::super::conformance;
    use super::*;
    use crate::event::Silent;

    #[tokio::test]
    async fn it_passes_the_suite_every_driver_passes() {
        conformance::run(Arc::new(Memory::default().in_namespace("shop"))).await;
    }

    #[tokio::test]
    async fn handles_of_two_namespaces_keep_apart() {
        let memory = Memory::default();
        let (one, other) = (memory.in_namespace("one"), memory.in_namespace("other"));
        for (handle, namespace) in [(&one, "one"), (&other, "other")] {
            let release = Release {
                name: "web".to_string(),
                namespace: namespace.to_string(),
                revision: 1,
                ..Release::default()
            };
            handle.create("", &release).await.unwrap();
        }
        one.delete("sh.helm.release.v1.web.v1").await.unwrap();
        assert!(one.get("sh.helm.release.v1.web.v1").await.is_err());
        assert!(other.get("sh.helm.release.v1.web.v1").await.is_ok());
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = Memory::from_files(&[PathBuf::from("/nowhere.yaml")], &Silent).unwrap_err();
        assert_eq!(
            error.to_string(),
            "Unable to read memory driver dataopen /nowhere.yaml: no such file or directory"
        );
    }
}
