//! What every action needs of the world: an API server, storage, folders, a clock, somebody who listens.

use std::sync::Arc;

use helmrs_core::time::Time;
use helmrs_gotemplate::Ambient;

use crate::cancellation::Cancellation;
use crate::cluster::{Cluster, ClusterAccess, Presence, Surroundings};
use crate::download::Directories;
use crate::event::{Event, Silent, Watch};
use crate::storage::{self, Driver, Memory, Storage};
use crate::world::World;

/// What releases are recorded in.
#[derive(Clone, Debug, Default)]
pub enum DriverKind {
    /// Secrets of the release's namespace.
    #[default]
    Secret,
    /// ConfigMaps of the release's namespace.
    ConfigMap,
    /// Memory; the API server is asked what it can do, and otherwise left alone.
    Memory(Memory),
    /// A PostgreSQL database.
    #[cfg(feature = "sql")]
    Sql(storage::Sql),
}

/// A word that names no driver.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown driver \"{0}\"")]
pub struct UnknownDriver(pub String);

impl DriverKind {
    /// The driver a word names; `memory` starts empty.
    pub fn parse(word: &str) -> Result<Self, UnknownDriver> {
        match word {
            "secret" | "secrets" | "" => Ok(Self::Secret),
            "configmap" | "configmaps" => Ok(Self::ConfigMap),
            "memory" => Ok(Self::Memory(Memory::default())),
            other => Err(UnknownDriver(other.to_string())),
        }
    }
}

/// What a [`Context`] is made of.
#[derive(Clone)]
pub struct Settings {
    /// The namespace releases live in.
    pub namespace: String,
    /// Which API server to talk to.
    pub cluster: ClusterAccess,
    /// What releases are recorded in.
    pub driver: DriverKind,
    /// Where files are.
    pub directories: Directories,
    /// Clock, entropy and DNS.
    pub ambient: Arc<dyn Ambient + Send + Sync>,
    /// Hears what happens.
    pub watch: Arc<dyn Watch>,
    /// Asks actions to stop.
    pub cancellation: Cancellation,
}

impl Settings {
    /// Releases in Secrets of a namespace of this API server, this machine's clock and DNS, and nobody who listens.
    pub fn new(namespace: impl Into<String>, cluster: impl Into<ClusterAccess>) -> Self {
        Self {
            namespace: namespace.into(),
            cluster: cluster.into(),
            driver: DriverKind::default(),
            directories: Directories::default(),
            ambient: Arc::new(World),
            watch: Arc::new(Silent),
            cancellation: Cancellation::default(),
        }
    }
}

/// What every action needs of the world.
///
/// Making one does no I/O: the API server is connected to when an action first asks it something.
#[derive(Clone)]
pub struct Context {
    settings: Settings,
    cluster: Arc<Cluster>,
}

impl Context {
    /// A context of these settings.
    pub fn new(settings: Settings) -> Self {
        let presence = match settings.driver {
            DriverKind::Memory(_) => Presence::Pretended,
            _ => Presence::Real,
        };
        let surroundings = Surroundings {
            ambient: settings.ambient.clone(),
            watch: settings.watch.clone(),
            cancellation: settings.cancellation.clone(),
        };
        let cluster = Cluster::new(
            settings.cluster.clone(),
            settings.namespace.clone(),
            presence,
            surroundings,
        );
        Self {
            cluster: Arc::new(cluster),
            settings,
        }
    }

    /// The namespace releases live in.
    pub fn namespace(&self) -> &str {
        &self.settings.namespace
    }

    /// Where files are.
    pub fn directories(&self) -> &Directories {
        &self.settings.directories
    }

    /// Clock, entropy and DNS.
    pub fn ambient(&self) -> &Arc<dyn Ambient + Send + Sync> {
        &self.settings.ambient
    }

    /// The token that asks actions to stop.
    pub fn cancellation(&self) -> &Cancellation {
        &self.settings.cancellation
    }

    /// The current time in the local zone.
    pub fn now(&self) -> Time {
        self.cluster.now()
    }

    /// The releases of the namespace.
    pub fn storage(&self) -> Storage {
        self.storage_in(&self.settings.namespace)
    }

    /// The releases of another namespace; the empty one stands for all, for listing.
    pub fn storage_in(&self, namespace: &str) -> Storage {
        let ambient = self.settings.ambient.clone();
        let driver: Arc<dyn Driver> = match &self.settings.driver {
            DriverKind::Secret => storage::secret::driver(self.cluster.clone(), namespace, ambient),
            DriverKind::ConfigMap => {
                storage::config_map::driver(self.cluster.clone(), namespace, ambient)
            }
            DriverKind::Memory(memory) => Arc::new(memory.in_namespace(namespace)),
            #[cfg(feature = "sql")]
            DriverKind::Sql(database) => database.driver(namespace, ambient),
        };
        Storage::new(driver, self.settings.watch.clone())
    }

    pub(crate) fn cluster(&self) -> &Arc<Cluster> {
        &self.cluster
    }

    /// The same context, where nobody has asked to stop: what a stopped action began is still undone.
    pub(crate) fn undisturbed(&self) -> Self {
        let cancellation = Cancellation::default();
        Self::new(Settings {
            cancellation,
            ..self.settings.clone()
        })
    }

    /// Who hears what happens.
    pub fn watch(&self) -> &dyn Watch {
        &*self.settings.watch
    }

    pub(crate) fn tell(&self, event: Event) {
        self.settings.watch.event(event);
    }
}
