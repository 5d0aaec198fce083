//! A Kubernetes API server in one process, for trying things out and for tests.
//!
//! [`Sandbox::start`] serves the API over TLS on a loopback port, with a token of its own. Real
//! `kubectl` and `helm` work against it: objects are stored, defaulted, merged, validated and
//! watched, workloads become ready, but nothing is run.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

mod api;
mod apply;
mod certificate;
mod chance;
mod controllers;
mod defaults;
mod error;
mod objects;
mod patch;
mod protobuf;
mod resources;
mod schema;
mod serve;
mod store;
mod strategy;
mod validation;

use controllers::{Controllers, Kubelet};

pub use certificate::CertificateError;
pub use store::file::FileError;

/// How a sandbox is started.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The port to listen on; 0 for any that is free.
    pub port: u16,
    /// The file to keep objects in; without one they are gone with the sandbox.
    pub data: Option<PathBuf>,
    /// The bearer token of the administrator; without one a random one is made.
    pub token: Option<String>,
    /// What becomes of pods.
    pub pods: Pods,
}

/// What becomes of pods in a sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pods {
    /// They become ready, or finish, as if something ran them.
    #[default]
    Run,
    /// They stay pending until a client writes their status.
    Leave,
}

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The port is taken or may not be used.
    #[error("listen on {address}")]
    #[expect(missing_docs, reason = "fields are named for what they hold")]
    Listen {
        address: SocketAddr,
        #[source]
        source: std::io::Error,
    },
    /// The data file cannot be used.
    #[error(transparent)]
    Data(#[from] FileError),
    /// The certificates could not be made.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
}

/// A running API server.
pub struct Sandbox {
    address: SocketAddr,
    authority: String,
    token: String,
    server: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
    controllers: JoinHandle<()>,
}

impl std::fmt::Debug for Sandbox {
    /// Without the token, which must not end up in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Starts a server on a loopback port; it stops when the value is dropped.
    ///
    /// Must be called within a tokio runtime.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), options.port);
        let listener = TcpListener::bind(address)
            .await
            .map_err(|source| StartError::Listen { address, source })?;
        let address = listener
            .local_addr()
            .map_err(|source| StartError::Listen { address, source })?;
        let store = match &options.data {
            Some(path) => store::Store::open(path)?,
            None => store::Store::in_memory(),
        };
        let identity = certificate::identity(address.ip())?;
        let token = options.token.unwrap_or_else(chance::token);
        let objects = objects::Objects::new(store);
        objects::bootstrap(&objects);
        let kubelet = match options.pods {
            Pods::Run => Some(Kubelet::new(Duration::from_millis(100))),
            Pods::Leave => None,
        };
        let controllers = tokio::spawn(Controllers::new(objects.clone(), kubelet).run());
        let api = api::Api::new(objects, token.clone());
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(serve::serve(listener, identity.server, api, stopped));
        Ok(Self {
            address,
            authority: identity.authority,
            token,
            server: Some((stop, server)),
            controllers,
        })
    }

    /// The address clients connect to.
    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// The administrator's bearer token.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The certificate clients trust, in PEM.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// A kubeconfig file for the administrator.
    pub fn kubeconfig(&self) -> String {
        use base64::Engine as _;
        let authority = base64::engine::general_purpose::STANDARD.encode(&self.authority);
        format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: sandbox\n\
             clusters:\n- name: sandbox\n  cluster:\n    server: {}\n    certificate-authority-data: {authority}\n\
             users:\n- name: admin\n  user:\n    token: {}\n\
             contexts:\n- name: sandbox\n  context:\n    cluster: sandbox\n    user: admin\n",
            self.url(),
            self.token
        )
    }

    /// Stops serving. What is in a data file stays there.
    pub async fn stop(mut self) {
        self.controllers.abort();
        if let Some((stop, server)) = self.server.take() {
            // Both fail only if the server has ended already.
            let _ = stop.send(());
            let _ = server.await;
        }
        // An aborted task ends with an error that says so.
        let _ = (&mut self.controllers).await;
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.controllers.abort();
        if let Some((_, server)) = &self.server {
            server.abort();
        }
    }
}
