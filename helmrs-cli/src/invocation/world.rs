//! What actions need of the world.

use std::path::PathBuf;
use std::sync::Arc;

use helmrs_client::download::{Getters, Indexes, Trust};
use helmrs_client::storage::Memory;
use helmrs_client::{
    ClusterSettings, Context, Directories, DriverKind, KubeconfigFiles, Settings, Watch,
};
use helmrs_core::plugin::GETTER;

use super::{Invocation, database};
use crate::ambient::Machine;
use crate::environment::{self, Environment};
use crate::plugins::surroundings;
use crate::printer::Printer;
use crate::progress::Progress;
use crate::settings::{EnvSettings, KubeSettings};

impl Invocation {
    /// What actions need of the world.
    pub(crate) fn context(&self) -> Context {
        Context::new(Settings {
            namespace: self.settings.namespace(),
            cluster: cluster(&self.settings).into(),
            driver: self.driver.clone(),
            directories: self.directories(),
            ambient: Arc::new(Machine),
            watch: Arc::new(self.progress()),
            cancellation: self.cancellation.clone(),
        })
    }

    /// What prints what happens.
    pub(crate) fn progress(&self) -> Progress {
        Progress::new(self.printer.clone(), self.keeps_output_clean.get())
    }

    /// Whose signatures count: those of the keys in a file, by default GnuPG's own.
    pub(crate) fn trust(&self, keyring: Option<&str>) -> Trust {
        Trust {
            keyring: self.keyring(keyring),
            now: self.context().now(),
        }
    }

    /// The file of keys: the one a flag names, or GnuPG's own.
    pub(crate) fn keyring(&self, flag: Option<&str>) -> PathBuf {
        flag.map_or_else(|| PathBuf::from(self.settings.keyring()), PathBuf::from)
    }

    /// What fetches URLs that are not the network's.
    pub(crate) fn getters(&self) -> Getters {
        let silent = Printer::silent();
        let plugins = self.plugins.of_type(GETTER, &silent);
        // Parity: Helm, pkg/getter/getter.go, All: what is wrong with plugins is no reason to fail.
        let plugins: Vec<_> = plugins
            .map(|found| found.cloned().collect())
            .unwrap_or_default();
        if plugins.is_empty() {
            return Getters::default();
        }
        let surroundings = surroundings(&self.environment, &self.settings, &self.program.path);
        Getters::new(plugins, surroundings, Arc::new(self.progress()))
    }

    /// Tells of plugins that cannot be loaded, where the reference looks for getters among them.
    pub(crate) fn tell_getters(&self) {
        let _ = self.plugins.of_type(GETTER, &self.printer);
    }

    /// Where the files of repositories and registries are.
    pub(crate) fn directories(&self) -> Directories {
        Directories {
            repository_config: PathBuf::from(&self.settings.repository_config),
            repository_cache: PathBuf::from(&self.settings.repository_cache),
            content_cache: PathBuf::from(&self.settings.content_cache),
            registry_config: PathBuf::from(&self.settings.registry_config),
            docker_config: docker_config(&self.environment),
            programs: self.environment.text(environment::PATH).into(),
            getters: self.getters(),
            indexes: Indexes::default(),
        }
    }
}

/// Docker's file of registry logins, if there is a place for one.
// Parity: oras-go, registry/remote/credentials/store.go, getDockerConfigPath.
fn docker_config(environment: &Environment) -> Option<PathBuf> {
    let given = |variable| Some(environment.text(variable)).filter(|text| !text.is_empty());
    let folder = match given(environment::DOCKER_CONFIG) {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(given(environment::HOME)?).join(".docker"),
    };
    Some(folder.join("config.json"))
}

/// The driver the environment names.
pub(super) fn driver(
    environment: &Environment,
    watch: &dyn Watch,
) -> Result<DriverKind, Box<dyn std::error::Error + Send + Sync>> {
    let word = environment.text(environment::DRIVER);
    if word == "memory" {
        let files = environment.text(environment::MEMORY_DRIVER_DATA);
        let files: Vec<PathBuf> = files.split(':').map(PathBuf::from).collect();
        return Ok(DriverKind::Memory(Memory::from_files(&files, watch)?));
    }
    if word == "sql" {
        let database = database::named(environment);
        let database = database.map_err(|error| format!("{}: {error}", database::UNUSABLE))?;
        return Ok(DriverKind::Sql(database));
    }
    Ok(DriverKind::parse(&word)?)
}

/// Which API server to talk to, and as whom.
fn cluster(settings: &EnvSettings) -> ClusterSettings {
    let kube = &settings.kube;
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    ClusterSettings {
        kubeconfig: kubeconfig(kube),
        context: given(&kube.context),
        server: given(&kube.api_server),
        token: given(&kube.token),
        impersonate_user: given(&kube.as_user),
        impersonate_groups: kube.as_groups.clone(),
        certificate_authority: given(&kube.ca_file).map(PathBuf::from),
        tls_server_name: given(&kube.tls_server_name),
        insecure_skip_tls_verify: kube.insecure_skip_tls_verify,
        burst: u32::try_from(settings.burst_limit).unwrap_or_default(),
        queries_per_second: settings.qps,
    }
}

fn kubeconfig(kube: &KubeSettings) -> KubeconfigFiles {
    if kube.config.is_empty() {
        KubeconfigFiles::Search(kube.config_files())
    } else {
        KubeconfigFiles::Explicit(PathBuf::from(&kube.config))
    }
}
