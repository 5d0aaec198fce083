//! A Kubernetes API server in one process, for trying things out and for tests.
//!
//! [`Sandbox::start`] serves the API over TLS on a loopback port, with a token of its own. Real
//! `kubectl` and `helm` work against it: objects are stored, defaulted, merged, validated and
//! watched, workloads become ready, but nothing is run. It is no cluster for production.
//!
//! ```
//! use helmrs_sandbox::{Options, Sandbox};
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let sandbox = Sandbox::start(Options::default()).await?;
//!     sandbox.load(r#"{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}"#)?;
//!     // For any client: `sandbox.kubeconfig()`, or its parts.
//!     assert!(sandbox.url().starts_with("https://127.0.0.1:"));
//!     assert!(sandbox.kubeconfig().contains(sandbox.token()));
//!     assert!(sandbox.dump().contains("shop"));
//!     sandbox.stop().await;
//!     Ok(())
//! }
//! ```

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
mod connection;
mod controllers;
mod conversion;
mod defaults;
mod error;
mod kubeconfig;
mod objects;
mod patch;
mod protobuf;
mod resources;
mod schema;
mod serve;
mod store;
mod strategy;
mod validation;

use certificate::Authority;
use controllers::{Controllers, Kubelet};
use objects::Objects;
use store::Store;

pub use certificate::CertificateError;
pub use connection::{Connection, ConnectionError};
pub use objects::LoadError;
pub use store::file::FileError;

/// How long a pod takes to start, if nobody says.
const START: Duration = Duration::from_millis(100);

/// How a sandbox is started.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The address to listen on; without one, this machine alone can connect.
    pub listen: Option<IpAddr>,
    /// The port to listen on; 0 for any that is free.
    pub port: u16,
    /// The file to keep objects in; without one they are gone with the sandbox.
    pub data: Option<PathBuf>,
    /// The bearer token of the administrator; without one a random one is made, and kept in the file.
    pub token: Option<String>,
    /// What becomes of pods.
    pub pods: Pods,
    /// How long a pod takes to start that does not say itself; a tenth of a second by default.
    pub pod_delay: Option<Duration>,
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
    /// The data file cannot be opened.
    #[error("{}", path.display())]
    #[expect(missing_docs, reason = "fields are named for what they hold")]
    Open { path: PathBuf, source: FileError },
    /// The certificates could not be made.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
}

/// A running API server.
pub struct Sandbox {
    address: SocketAddr,
    authority: String,
    token: String,
    objects: Objects,
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
    /// Starts a server; it stops when the value is dropped.
    ///
    /// Must be called within a tokio runtime.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let ip = options.listen.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let address = SocketAddr::new(ip, options.port);
        let refused = |source| StartError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let store = match &options.data {
            Some(path) => Store::open(path).map_err(|source| StartError::Open {
                path: path.clone(),
                source,
            })?,
            None => Store::in_memory(),
        };
        let authority = authority(&store)?;
        let tls = authority.server(address.ip())?;
        let token = match options.token {
            Some(token) => token,
            None => kept(&store, "token", || Ok(chance::token()))?,
        };
        let objects = Objects::new(store);
        objects::bootstrap(&objects, &authority.certificate);
        let delay = options.pod_delay.unwrap_or(START);
        let kubelet = (options.pods == Pods::Run).then(|| Kubelet::new(delay));
        let controllers = tokio::spawn(Controllers::new(objects.clone(), kubelet).run());
        let api = api::Api::new(objects.clone(), token.clone());
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(serve::serve(listener, tls, api, stopped));
        Ok(Self {
            address,
            authority: authority.certificate,
            token,
            objects,
            server: Some((stop, server)),
            controllers,
        })
    }

    /// The address clients on this machine connect to.
    pub fn url(&self) -> String {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
        }
        format!("https://{address}")
    }

    /// The address of a page about what is installed, for a browser; it lets in whoever has it.
    pub fn page(&self) -> String {
        format!("{}/?token={}", self.url(), self.token)
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
        kubeconfig::of(&self.url(), &self.authority, &self.token, None)
    }

    /// A kubeconfig file for somebody else: the administrator, who plays them.
    ///
    /// What they may do is for the roles in the sandbox to say.
    pub fn kubeconfig_as(&self, user: &str) -> String {
        kubeconfig::of(&self.url(), &self.authority, &self.token, Some(user))
    }

    /// Loads objects from JSON: one, a list of kind `List`, or an array; says how many.
    ///
    /// Objects as [`Sandbox::dump`] writes them come back as they were; others are applied.
    pub fn load(&self, objects: &str) -> Result<usize, LoadError> {
        self.objects.load(objects.as_bytes())
    }

    /// Every object, as JSON of kind `List`.
    pub fn dump(&self) -> String {
        self.objects.dump()
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

/// The authority of a cluster: made once, and kept with its objects.
fn authority(store: &Store) -> Result<Authority, StartError> {
    if let (Some(certificate), Some(key)) = (store.secret("authority")?, store.secret("key")?) {
        return Ok(Authority { certificate, key });
    }
    let authority = Authority::new()?;
    store.keep_secret("authority", &authority.certificate)?;
    store.keep_secret("key", &authority.key)?;
    Ok(authority)
}

/// What was kept under a name, or is from now on.
fn kept(
    store: &Store,
    name: &str,
    make: impl FnOnce() -> Result<String, StartError>,
) -> Result<String, StartError> {
    if let Some(kept) = store.secret(name)? {
        return Ok(kept);
    }
    let made = make()?;
    store.keep_secret(name, &made)?;
    Ok(made)
}
