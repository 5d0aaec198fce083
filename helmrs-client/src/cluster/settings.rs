//! Which API server to talk to, and as whom.

use std::fmt;
use std::path::PathBuf;

/// Everything that picks an API server and a user, as flags and environment gave it.
#[derive(Clone, Default)]
pub struct ClusterSettings {
    /// Where the kubeconfig is read from.
    pub kubeconfig: KubeconfigFiles,
    /// The context to use instead of the kubeconfig's current one.
    pub context: Option<String>,
    /// The API server's address, instead of the context's.
    pub server: Option<String>,
    /// A bearer token, instead of the context's user.
    pub token: Option<String>,
    /// The user to act as.
    pub impersonate_user: Option<String>,
    /// The groups to act as.
    pub impersonate_groups: Vec<String>,
    /// A file of certificate authorities the API server is verified with.
    pub certificate_authority: Option<PathBuf>,
    /// The name the API server's certificate is checked against.
    pub tls_server_name: Option<String>,
    /// Whether the API server's certificate is believed unseen.
    pub insecure_skip_tls_verify: bool,
    /// How many requests may start at once before `queries_per_second` holds them back.
    pub burst: u32,
    /// How many requests may start each second; zero and less set no pace.
    pub queries_per_second: f32,
}

/// Without what proves who it is.
impl fmt::Debug for ClusterSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClusterSettings")
            .field("kubeconfig", &self.kubeconfig)
            .field("context", &self.context)
            .field("server", &self.server)
            .field("impersonate_user", &self.impersonate_user)
            .field("impersonate_groups", &self.impersonate_groups)
            .field("certificate_authority", &self.certificate_authority)
            .field("tls_server_name", &self.tls_server_name)
            .field("insecure_skip_tls_verify", &self.insecure_skip_tls_verify)
            .field("burst", &self.burst)
            .field("queries_per_second", &self.queries_per_second)
            .finish_non_exhaustive()
    }
}

/// The files a kubeconfig is put together from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KubeconfigFiles {
    /// One file, which must exist.
    Explicit(PathBuf),
    /// Files of which those that exist are merged, the first one winning.
    Search(Vec<PathBuf>),
}

impl Default for KubeconfigFiles {
    fn default() -> Self {
        Self::Search(Vec::new())
    }
}

/// How an API server is reached.
#[derive(Clone)]
pub enum ClusterAccess {
    /// Over a connection of our own, set up at the first request.
    Settings(ClusterSettings),
    /// Over a client that somebody else set up. It brings address, credentials and patience along: one that gives up
    /// reading early breaks off waits, and its `User-Agent` is the manager that records of releases name.
    Client(kube::Client),
}

impl Default for ClusterAccess {
    fn default() -> Self {
        Self::Settings(ClusterSettings::default())
    }
}

impl From<ClusterSettings> for ClusterAccess {
    fn from(settings: ClusterSettings) -> Self {
        Self::Settings(settings)
    }
}

impl From<kube::Client> for ClusterAccess {
    fn from(client: kube::Client) -> Self {
        Self::Client(client)
    }
}
