//! One API server: what it knows, what is there, and what is written to it.

pub(crate) mod apply;
pub(crate) mod build;
mod connect;
mod credentials;
pub(crate) mod delete;
pub(crate) mod discovery;
mod error;
pub(crate) mod hooks;
mod kubeconfig;
mod logs;
pub(crate) mod lookup;
mod pace;
pub(crate) mod request;
pub(crate) mod resource;
mod service;
mod settings;
pub(crate) mod table;
pub(crate) mod transport;
pub(crate) mod validate;
pub mod wait;

use std::sync::{Arc, Mutex, PoisonError};

use helmrs_core::capabilities::{Capabilities, KubeVersion};
use helmrs_core::time::Time;
use helmrs_core::yaml::Value;
use helmrs_gotemplate::Ambient;
use tokio::sync::OnceCell;

pub use apply::{ApplyError, ResourceError};
pub use build::BuildError;
pub(crate) use connect::AGENT;
pub use connect::ConnectError;
pub use error::ApiError;
pub use hooks::HookError;
pub use kubeconfig::{KubeconfigError, default_namespace};
pub(crate) use logs::container_name;
pub use settings::{ClusterAccess, ClusterSettings, KubeconfigFiles};
pub use validate::OwnershipConflict;

use crate::cancellation::Cancellation;
use crate::event::{Event, Watch};
use discovery::Discovery;
use request::{Connection, Request};
use resource::Resource;

/// Why the API server cannot be talked to.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UnreachableError {
    /// No way to it is known.
    #[error("kubernetes cluster unreachable")]
    Connect(#[source] ConnectError),
    /// It does not answer.
    #[error("kubernetes cluster unreachable")]
    Api(#[source] ApiError),
}

/// Why what the API server offers is not known.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CapabilitiesError {
    /// No way to it is known.
    #[error("could not get Kubernetes discovery client")]
    Connect(#[source] ConnectError),
    /// It does not tell its version.
    #[error("could not get server version from Kubernetes")]
    Version(#[source] ApiError),
    /// It does not tell its APIs.
    #[error("could not get apiVersions from Kubernetes: could not get apiVersions from Kubernetes")]
    Versions(#[source] ApiError),
}

/// Whether there is an API server at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    /// There is one, to be asked and written to.
    Real,
    /// Objects are neither looked for nor written: releases live in memory, or nothing is to be asked.
    // Parity: Helm, pkg/kube/fake.PrintingKubeClient, which stands in for both.
    Pretended,
}

/// One API server, connected to at the first request.
pub(crate) struct Cluster {
    access: ClusterAccess,
    /// Where namespaced objects without a namespace go.
    pub(crate) namespace: String,
    presence: Presence,
    connection: OnceCell<Connection>,
    discovery: Mutex<Option<Arc<Discovery>>>,
    surroundings: Surroundings,
    pub(crate) cancellation: Cancellation,
}

/// What an API server's client needs of the world besides the network.
#[derive(Clone)]
pub(crate) struct Surroundings {
    pub(crate) ambient: Arc<dyn Ambient + Send + Sync>,
    pub(crate) watch: Arc<dyn Watch>,
    pub(crate) cancellation: Cancellation,
}

impl Cluster {
    pub(crate) fn new(
        access: ClusterAccess,
        namespace: String,
        presence: Presence,
        surroundings: Surroundings,
    ) -> Self {
        let cancellation = surroundings.cancellation.clone();
        Self {
            access,
            namespace,
            presence,
            connection: OnceCell::new(),
            discovery: Mutex::new(None),
            surroundings,
            cancellation,
        }
    }

    /// The current time in the local zone.
    pub(crate) fn now(&self) -> Time {
        let now = self.surroundings.ambient.now();
        let nanoseconds = i32::try_from(now.nanosecond()).unwrap_or_default();
        Time::from_unix(now.unix(), nanoseconds).with_offset(now.offset().0)
    }

    pub(crate) fn is_pretended(&self) -> bool {
        self.presence == Presence::Pretended
    }

    /// The connection, set up at the first call.
    pub(crate) async fn connection(&self) -> Result<&Connection, ConnectError> {
        self.connection
            .get_or_try_init(|| connect::open(&self.access))
            .await
    }

    /// The connection, where a failure to set it up is a failure of the request.
    pub(crate) async fn api(&self) -> Result<&Connection, ApiError> {
        self.connection()
            .await
            .map_err(|error| ApiError::Impossible {
                message: error.to_string(),
            })
    }

    /// Asks whether the API server answers at all.
    pub(crate) async fn reachable(&self) -> Result<(), UnreachableError> {
        if self.is_pretended() {
            return Ok(());
        }
        let connection = self.connection().await.map_err(UnreachableError::Connect)?;
        connection
            .send(version_request())
            .await
            .map_err(UnreachableError::Api)?;
        Ok(())
    }

    /// What templates see of the API server, asked anew.
    // Parity: Helm, pkg/action/action.go, getCapabilities: asked even where objects are only pretended.
    pub(crate) async fn capabilities(&self) -> Result<Capabilities, CapabilitiesError> {
        let connection = self
            .connection()
            .await
            .map_err(CapabilitiesError::Connect)?;
        let request = version_request().query("timeout", "32s");
        let version = connection
            .json(request)
            .await
            .map_err(CapabilitiesError::Version)?;
        self.forget_discovery();
        let discovery = self
            .discovery()
            .await
            .map_err(CapabilitiesError::Versions)?;
        let text = |key: &str| {
            version
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_string()
        };
        let kube_version =
            KubeVersion::of_server(&text("gitVersion"), &text("major"), &text("minor"));
        let mut capabilities = Capabilities {
            kube_version,
            ..Capabilities::default()
        };
        let versions = discovery.versions();
        if !versions.is_empty() {
            capabilities.api_versions = versions;
        }
        Ok(capabilities)
    }

    /// What the API server serves, asked once.
    pub(crate) async fn discovery(&self) -> Result<Arc<Discovery>, ApiError> {
        if let Some(known) = self.known_discovery() {
            return Ok(known);
        }
        let asked = Arc::new(Discovery::ask(self.api().await?, Some(("timeout", "32s"))).await?);
        *self
            .discovery
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(asked.clone());
        Ok(asked)
    }

    fn known_discovery(&self) -> Option<Arc<Discovery>> {
        self.discovery
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Forgets what the API server serves, because it may have changed.
    pub(crate) fn forget_discovery(&self) {
        *self
            .discovery
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The live object.
    pub(crate) async fn get(&self, resource: &Resource) -> Result<Value, ApiError> {
        // Parity: client-go refuses an empty name before anything is sent.
        if resource.name.is_empty() {
            return Err(ApiError::Impossible {
                message: "resource name may not be empty".to_string(),
            });
        }
        self.api().await?.json(Request::get(resource.path())).await
    }

    /// The live object; where it is missing, whether its namespace is there is asked, too.
    // Parity: cli-runtime, pkg/resource/visitor.go, Info.Get.
    pub(crate) async fn get_or_its_namespace(
        &self,
        resource: &Resource,
    ) -> Result<Value, ApiError> {
        let error = match self.get(resource).await {
            Err(error) if error.is_not_found() => error,
            settled => return settled,
        };
        let namespace = resource.namespace.as_str();
        if !resource.mapping.namespaced || matches!(namespace, "" | "default") {
            return Err(error);
        }
        let request = Request::get(format!("/api/v1/namespaces/{namespace}"));
        match self.api().await?.send(request).await {
            Err(missing) if missing.is_not_found() => Err(missing),
            _ => Err(error),
        }
    }

    pub(crate) fn tell(&self, event: Event) {
        self.surroundings.watch.event(event);
    }

    /// Tells of a step only a developer wants to know about.
    pub(crate) fn step<const N: usize>(
        &self,
        text: &'static str,
        attributes: [(&'static str, &str); N],
    ) {
        self.tell(Event::step(text, attributes));
    }
}

// Parity: client-go, discovery.ServerVersion: no timeout in the reachability check's query, one elsewhere.
fn version_request() -> Request {
    Request::get("/version")
        .accept("application/json, */*")
        .without_account()
}
