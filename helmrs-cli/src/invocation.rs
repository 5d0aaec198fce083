//! What each command is handed.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use helmrs_client::storage::Memory;
use helmrs_client::{Cancellation, ClusterSettings, Context, Directories, DriverKind, KubeconfigFiles, Settings};
use tokio::runtime::Builder;

use crate::ambient::Machine;
use crate::environment::{self, Environment};
use crate::error::CommandError;
use crate::printer::{Level, Printer, Record};
use crate::progress::Progress;
use crate::settings::{EnvSettings, KubeSettings};

/// How much stack a render may use up.
const STACK: usize = 512 << 20;

/// The name and path this program was called by.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    /// What it calls itself in help and errors.
    pub(crate) name: &'static str,
    /// The word it was called with.
    pub(crate) path: String,
}

impl Program {
    /// Takes the name from the word the program was called with.
    ///
    /// Installed under the name `helm` it stands in for Helm, and says so.
    pub(crate) fn new(path: String) -> Self {
        let stem = std::path::Path::new(&path).file_stem();
        let name = if stem.is_some_and(|stem| stem == "helm") { "helm" } else { "helmrs" };
        Self { name, path }
    }
}

/// One call of the program: the settings, the printer, and what else a command needs of the world.
pub(crate) struct Invocation {
    pub(crate) program: Program,
    pub(crate) environment: Environment,
    pub(crate) settings: EnvSettings,
    pub(crate) printer: Printer,
    /// Where releases are recorded.
    driver: DriverKind,
    /// Asks what is under way to stop.
    pub(crate) cancellation: Cancellation,
}

impl Invocation {
    /// Looks at where releases are recorded, which every command does first, whether it needs them or not.
    // Parity: Helm, pkg/cmd/root.go, NewRootCmd: what is wrong with the driver is a log line, not an error.
    pub(crate) fn new(
        program: Program,
        environment: Environment,
        settings: EnvSettings,
        printer: Printer,
    ) -> Result<Self, CommandError> {
        match driver(&environment) {
            Ok(driver) => {
                let cancellation = Cancellation::default();
                Ok(Self { program, environment, settings, printer, driver, cancellation })
            }
            Err(error) => {
                printer.log(&Record::new(Level::Info, &crate::error::chain(&*error)));
                Err(CommandError::silent())
            }
        }
    }

    /// What actions need of the world.
    pub(crate) fn context(&self) -> Context {
        Context::new(Settings {
            namespace: self.settings.namespace(),
            cluster: cluster(&self.settings),
            driver: self.driver.clone(),
            directories: self.directories(),
            ambient: Arc::new(Machine),
            watch: Arc::new(Progress::new(self.printer.clone())),
            cancellation: self.cancellation.clone(),
        })
    }

    /// Where the files of repositories and registries are.
    pub(crate) fn directories(&self) -> Directories {
        Directories {
            repository_config: PathBuf::from(&self.settings.repository_config),
            repository_cache: PathBuf::from(&self.settings.repository_cache),
            content_cache: PathBuf::from(&self.settings.content_cache),
            registry_config: PathBuf::from(&self.settings.registry_config),
        }
    }

    /// Runs what has to wait for others to its end.
    pub(crate) fn wait_for<F: Future>(&self, future: F) -> Result<F::Output, CommandError> {
        let runtime = Builder::new_current_thread().enable_all().thread_stack_size(STACK).build()?;
        Ok(runtime.block_on(future))
    }
}

/// The driver the environment names.
fn driver(environment: &Environment) -> Result<DriverKind, Box<dyn std::error::Error + Send + Sync>> {
    let word = environment.text(environment::DRIVER);
    if word == "memory" {
        let files = environment.text(environment::MEMORY_DRIVER_DATA);
        let files: Vec<PathBuf> = files.split(':').map(PathBuf::from).collect();
        return Ok(DriverKind::Memory(Memory::from_files(&files)?));
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
