//! Where credentials are kept: in Helm's file, in Docker's, or by a program.
// Parity: oras.land/oras-go/v2, registry/remote/credentials/{store,file_store,registry}.go; Helm, pkg/registry/client.go.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use helmrs_core::path_error::PathError;
use helmrs_core::registry::{Configuration, ConfigurationError, Credential};
use tempfile::NamedTempFile;

use super::error::CredentialError;
use super::helper::{Helper, find};
use crate::folder;

/// The most that is read of a file of credentials.
const MOST: u64 = 8 << 20;

/// Who asks.
pub(super) enum Credentials {
    /// Whoever the command line names.
    Given(Credential),
    /// Whoever wants to be known to one host.
    Of {
        host: String,
        credential: Credential,
    },
    /// Whoever is known to each host.
    Kept(Store),
}

impl Credentials {
    /// What a host is shown.
    pub(super) async fn get(&self, host: &str) -> Result<Credential, CredentialError> {
        match self {
            Self::Given(credential) => Ok(credential.clone()),
            Self::Of {
                host: known,
                credential,
            } if known == host => Ok(credential.clone()),
            Self::Of { .. } => Ok(Credential::default()),
            Self::Kept(store) => store.get(server_of_host(host)).await,
        }
    }
}

/// The name a registry's credentials are kept under; the best-known registry has an old one.
pub(super) fn server_of_registry(registry: &str) -> &str {
    match registry {
        "docker.io" => DOCKER_HUB,
        registry => server_of_host(registry),
    }
}

fn server_of_host(host: &str) -> &str {
    match host {
        "registry-1.docker.io" => DOCKER_HUB,
        host => host,
    }
}

const DOCKER_HUB: &str = "https://index.docker.io/v1/";

/// Where credentials are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Helm's file, which is written too.
    pub configuration: PathBuf,
    /// Docker's file, which is only read.
    pub docker: Option<PathBuf>,
    /// The folders of programs, as `PATH` has them.
    pub programs: OsString,
}

/// The credentials a user keeps.
pub(super) struct Store {
    places: Places,
}

impl Store {
    pub(super) fn new(places: Places) -> Self {
        Self { places }
    }

    async fn get(&self, server: &str) -> Result<Credential, CredentialError> {
        let own = read(&self.places.configuration)?;
        let found = self.of_file(&own, server).await?;
        let Some(docker) = self.places.docker.as_ref().filter(|_| found.is_empty()) else {
            return Ok(found);
        };
        // Parity: a file of Docker's that cannot be read counts as none.
        match read(docker) {
            Ok(docker) => self.of_file(&docker, server).await,
            Err(_) => Ok(found),
        }
    }

    async fn of_file(
        &self,
        file: &Configuration,
        server: &str,
    ) -> Result<Credential, CredentialError> {
        match self.helper(file, server) {
            Some(helper) => helper.get(server).await,
            None => Ok(file.credential(server)?),
        }
    }

    /// Keeps what a server is shown.
    pub(super) async fn put(
        &self,
        server: &str,
        credential: &Credential,
    ) -> Result<(), CredentialError> {
        let mut file = read(&self.places.configuration)?;
        let Some(helper) = self.helper(&file, server) else {
            if credential.username.contains(':') {
                return Err(CredentialError::Colon);
            }
            file.insert(server, credential);
            return self.write(&file);
        };
        helper.put(server, credential).await?;
        // The program that was found keeps all credentials from now on.
        if file.is_empty() {
            file.set_store(helper.suffix());
            self.write(&file)?;
        }
        Ok(())
    }

    /// Forgets what a server is shown.
    pub(super) async fn remove(&self, server: &str) -> Result<(), CredentialError> {
        let mut file = read(&self.places.configuration)?;
        if let Some(helper) = self.helper(&file, server) {
            return helper.remove(server).await;
        }
        if file.remove(server) {
            self.write(&file)?;
        }
        Ok(())
    }

    /// The program that keeps a server's credentials: the one the file names, or else the system's, if it is there.
    fn helper(&self, file: &Configuration, server: &str) -> Option<Helper> {
        let named = file.helper(server);
        if !named.is_empty() {
            return Some(Helper::new(named, &self.places.programs));
        }
        let suffix = self.system_store().filter(|_| file.is_empty())?;
        let helper = Helper::new(suffix, &self.places.programs);
        helper.is_there().then_some(helper)
    }

    /// What keeps credentials on this system, by the end of its name.
    fn system_store(&self) -> Option<&'static str> {
        if cfg!(target_os = "macos") {
            Some("osxkeychain")
        } else if find("pass", &self.places.programs).is_some() {
            Some("pass")
        } else {
            Some("secretservice")
        }
    }

    /// Writes Helm's file whole, for its owner's eyes only.
    fn write(&self, file: &Configuration) -> Result<(), CredentialError> {
        let path = &self.places.configuration;
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        folder::make_private(folder).map_err(|source| CredentialError::Folder {
            path: folder.display().to_string(),
            source,
        })?;
        let failed = |error: io::Error| CredentialError::Save {
            source: PathError::new("open", path, error),
        };
        let mut new = NamedTempFile::new_in(folder).map_err(failed)?;
        new.write_all(&file.to_bytes()).map_err(failed)?;
        new.persist(path).map_err(|error| failed(error.error))?;
        Ok(())
    }
}

/// Reads a file of credentials; where there is none, there are no credentials.
pub fn read(path: &Path) -> Result<Configuration, CredentialError> {
    let shown = || path.display().to_string();
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(Configuration::default());
        }
        Err(error) => {
            let source = PathError::new("open", path, error);
            return Err(CredentialError::Open {
                path: shown(),
                source,
            });
        }
    };
    let mut text = Vec::new();
    file.take(MOST)
        .read_to_end(&mut text)
        .map_err(|error| CredentialError::Unreadable {
            path: shown(),
            source: PathError::new("read", path, error),
        })?;
    Configuration::parse(&text).map_err(|source| match source {
        ConfigurationError::Field { .. } => CredentialError::Field(source),
        source => CredentialError::Decode {
            path: shown(),
            source,
        },
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use std::fs;

    use super::*;

    fn store(folder: &Path) -> Store {
        Store::new(Places {
            configuration: folder.join("a/config.json"),
            docker: Some(folder.join("docker.json")),
            programs: folder.join("bin").into_os_string(),
        })
    }

    #[tokio::test]
    async fn what_is_kept_is_found_again_and_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let credential = Credential::basic("ann", "secret");
        store.put("a:1", &credential).await.unwrap();
        assert_eq!(store.get("a:1").await.unwrap(), credential);
        assert!(store.get("a:2").await.unwrap().is_empty());
        let mode = |path: &str| {
            fs::metadata(folder.path().join(path))
                .unwrap()
                .permissions()
                .mode()
        };
        assert_eq!(mode("a/config.json") & 0o777, 0o600);
        assert_eq!(mode("a") & 0o777, 0o700);
        store.remove("a:1").await.unwrap();
        assert!(store.get("a:1").await.unwrap().is_empty());
        let colon = Credential::basic("a:b", "c");
        assert!(matches!(
            store.put("a:1", &colon).await,
            Err(CredentialError::Colon)
        ));
    }

    #[tokio::test]
    async fn docker_is_asked_last() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let docker = r#"{"auths":{"a:1":{"auth":"YTpi"},"b:1":{"auth":"YzpkCg=="}}}"#;
        fs::write(folder.path().join("docker.json"), docker).unwrap();
        assert_eq!(store.get("a:1").await.unwrap(), Credential::basic("a", "b"));
        let own = Credential::basic("x", "y");
        store.put("a:1", &own).await.unwrap();
        assert_eq!(store.get("a:1").await.unwrap(), own);
    }

    #[test]
    fn the_best_known_registry_has_an_old_name() {
        assert_eq!(server_of_registry("docker.io"), DOCKER_HUB);
        assert_eq!(server_of_registry("registry-1.docker.io"), DOCKER_HUB);
        assert_eq!(server_of_registry("localhost:5000"), "localhost:5000");
    }
}
