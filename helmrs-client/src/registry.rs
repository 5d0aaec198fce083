//! One OCI registry: charts pulled and pushed, tags listed, logins.
//!
//! ```text
//! pull │ push │ tags ─► Repository ─► Authorizer ─► Transport ─► registry
//!                                         │
//!                                         ├─► Credentials: command line, files, programs
//!                                         └─► token ─► wherever the registry says
//! ```
//!
//! Requests are Helm's: method, path, headers and, where Helm sends one after the other, their order.

mod authorization;
mod credentials;
mod error;
mod helper;
mod login;
mod manifest;
mod patience;
mod plugin;
mod pull;
mod push;
mod repository;
mod resolve;
mod tags;
mod token;
mod transport;

use helmrs_core::registry::Credential;

use self::authorization::Authorizer;
use self::credentials::{Credentials, Store};
use self::transport::Transport;
use crate::tls::TlsOptions;

pub use authorization::Session;
pub use credentials::{Places, read as read_configuration};
pub use error::{CredentialError, RegistryError};
pub use login::{login, logout};
pub use patience::Patience;
pub use plugin::PluginContent;
pub use pull::Part;
pub use push::Archive;
pub use resolve::Resolved;

/// How registries are talked to.
#[derive(Clone, Debug, Default)]
pub struct RegistryOptions {
    /// Who asks; with an empty name or password, whoever is known to the registry.
    pub credential: Credential,
    /// Certificates.
    pub tls: TlsOptions,
    /// Whether there is no TLS.
    pub plain_http: bool,
    /// Where credentials are kept.
    pub places: Places,
    /// What registries took before.
    pub session: Session,
    /// How long they are waited for.
    pub patience: Patience,
}

impl RegistryOptions {
    /// Whether certificates are used that somebody names.
    // Parity: Helm, pkg/cmd/root.go, newRegistryClient: then --plain-http does not count, and nothing is tried again.
    fn has_own_tls(&self) -> bool {
        let tls = &self.tls;
        (tls.cert_file.is_some() && tls.key_file.is_some())
            || tls.ca_file.is_some()
            || tls.insecure_skip_verify
    }
}

/// Checks that certificates can be used, before anything else is done with them.
pub fn check_tls(tls: &TlsOptions) -> Result<(), RegistryError> {
    Registry::new(RegistryOptions {
        tls: tls.clone(),
        ..RegistryOptions::default()
    })
    .map(drop)
}

/// Whatever registries somebody has to do with.
pub struct Registry {
    authorizer: Authorizer,
    plain_http: bool,
    pages: usize,
}

impl Registry {
    /// Does no more than reading certificates.
    pub fn new(options: RegistryOptions) -> Result<Self, RegistryError> {
        let has_own_tls = options.has_own_tls();
        let credential = options.credential;
        let credentials = if credential.username.is_empty() || credential.password.is_empty() {
            Credentials::Kept(Store::new(options.places))
        } else {
            Credentials::Given(credential)
        };
        let (tls, patience) = if has_own_tls {
            let attempts = 0;
            (
                options.tls,
                Patience {
                    attempts,
                    ..options.patience
                },
            )
        } else {
            (TlsOptions::default(), options.patience)
        };
        Ok(Self {
            pages: patience.pages,
            authorizer: Authorizer {
                transport: Transport::new(&tls, patience)?,
                credentials,
                session: options.session,
                oauth: false,
            },
            plain_http: options.plain_http && !has_own_tls,
        })
    }

    fn scheme(&self) -> &'static str {
        if self.plain_http { "http" } else { "https" }
    }
}
