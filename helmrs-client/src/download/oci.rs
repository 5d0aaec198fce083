//! Charts in registries, as files.
// Parity: Helm, pkg/downloader/chart_downloader.go and pkg/getter/ocigetter.go.

use helmrs_core::registry::Credential;
use helmrs_core::registry::reference::SCHEME;

use super::Directories;
use super::http::{Credentials, TlsOptions};
use super::reference::ChartReference;
use crate::event::{Silent, Watch};
use crate::registry::{
    Part, Patience, Places, Registry, RegistryError, RegistryOptions, Resolved, Session,
};

/// How registries are talked to by one command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connection {
    /// Who asks; without a name or a password, whoever is known to the registry.
    pub credentials: Credentials,
    /// Certificates.
    pub tls: TlsOptions,
    /// Whether there is no TLS.
    pub plain_http: bool,
    /// What registries took before.
    pub session: Session,
}

impl Connection {
    /// How registries are talked to, with what is kept of them on this machine.
    pub fn options(&self, directories: &Directories) -> RegistryOptions {
        let Credentials { username, password } = &self.credentials;
        RegistryOptions {
            credential: Credential::basic(username, password),
            tls: self.tls.clone(),
            plain_http: self.plain_http,
            places: places(directories),
            session: self.session.clone(),
            patience: Patience::default(),
        }
    }

    /// Whatever registries the command has to do with.
    pub fn registry(&self, directories: &Directories) -> Result<Registry, RegistryError> {
        Registry::new(self.options(directories))
    }
}

/// Where credentials are kept.
pub fn places(directories: &Directories) -> Places {
    Places {
        configuration: directories.registry_config.clone(),
        docker: directories.docker_config.clone(),
        programs: directories.programs.clone(),
    }
}

/// Whether a chart is in a registry.
pub(super) fn is_oci(name: &str) -> bool {
    name.get(..SCHEME.len())
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case(SCHEME))
}

/// The one chart in a registry that is meant.
pub(super) struct Chart {
    registry: Registry,
    pub(super) resolved: Resolved,
    /// Whether nobody is told of what is pulled.
    is_quiet: bool,
}

impl Chart {
    /// Finds out which chart is meant.
    pub(super) async fn find(
        directories: &Directories,
        watch: &dyn Watch,
        reference: &ChartReference,
    ) -> Result<Self, RegistryError> {
        let name = reference.name.trim();
        let registry = reference.connection().registry(directories)?;
        let version = reference.version.trim();
        let resolved = registry.find(name, version, watch).await?;
        Ok(Self {
            registry,
            resolved,
            // Parity: the reference pulls such charts with another client, which is silent.
            is_quiet: !name.starts_with(SCHEME),
        })
    }

    /// The chart that the index of a repository says is at a URL.
    ///
    /// Nobody is told of what is pulled, and the credentials of the repository are not for the registry.
    // Parity: the reference pulls such charts with another client.
    pub(super) fn in_index(
        directories: &Directories,
        url: &str,
        reference: &ChartReference,
    ) -> Result<Self, RegistryError> {
        let connection = Connection {
            credentials: Credentials::default(),
            ..reference.connection()
        };
        Ok(Self {
            registry: connection.registry(directories)?,
            resolved: Resolved {
                url: url.to_string(),
                digest: String::new(),
            },
            is_quiet: true,
        })
    }

    /// The same chart, once its version is known to agree with the URL's tag.
    pub(super) async fn in_version(
        mut self,
        version: &str,
        watch: &dyn Watch,
    ) -> Result<Self, RegistryError> {
        self.resolved = self
            .registry
            .find(&self.resolved.url, version, watch)
            .await?;
        Ok(self)
    }

    pub(super) async fn archive(&self, watch: &dyn Watch) -> Result<Vec<u8>, RegistryError> {
        self.pull(Part::Archive, watch).await
    }

    pub(super) async fn provenance(&self, watch: &dyn Watch) -> Result<Vec<u8>, RegistryError> {
        self.pull(Part::Provenance, watch).await
    }

    async fn pull(&self, part: Part, watch: &dyn Watch) -> Result<Vec<u8>, RegistryError> {
        let watch = if self.is_quiet { &Silent } else { watch };
        self.registry.pull(&self.resolved.url, part, watch).await
    }
}
