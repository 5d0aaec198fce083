//! A real API server in process, and releases on it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use helmrs_client::action::uninstall::Uninstalled;
use helmrs_client::action::{
    self, InstallRequest, ListRequest, StatusRequest, UninstallRequest, UpgradeRequest,
};
use helmrs_client::event::Recorder;
use helmrs_client::{ClusterSettings, Context, KubeconfigFiles, chain};
use helmrs_core::chart::{self, Chart};
use helmrs_core::release::{Release, Status};
use helmrs_core::yaml::{self, Map};
use helmrs_sandbox::{Options, Pods, Sandbox};
use tempfile::TempDir;

use crate::support;

/// An API server, a context for it, and a folder for both.
pub(crate) struct World {
    pub(crate) context: Context,
    pub(crate) events: Recorder,
    folder: TempDir,
    _sandbox: Sandbox,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::where_pods(Pods::Run).await
    }

    pub(crate) async fn where_pods(pods: Pods) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sandbox = Sandbox::start(Options {
            pods,
            ..Options::default()
        })
        .await
        .unwrap();
        let kubeconfig = folder.path().join("kubeconfig");
        fs::write(&kubeconfig, sandbox.kubeconfig()).unwrap();
        let cluster = ClusterSettings {
            kubeconfig: KubeconfigFiles::Explicit(kubeconfig),
            ..ClusterSettings::default()
        };
        let (context, events) = support::context(folder.path(), cluster);
        Self {
            context,
            events,
            folder,
            _sandbox: sandbox,
        }
    }

    pub(crate) fn chart(&self, templates: &[(&str, &str)]) -> Chart {
        chart_in(&self.folder.path().join("chart"), templates)
    }

    pub(crate) fn install(&self, name: &str, templates: &[(&str, &str)]) -> InstallRequest {
        let chart = self.chart(templates);
        InstallRequest {
            name: name.into(),
            chart,
            create_namespace: true,
            ..InstallRequest::default()
        }
    }

    pub(crate) fn upgrade(
        &self,
        name: &str,
        values: &str,
        templates: &[(&str, &str)],
    ) -> UpgradeRequest {
        let (chart, values) = (self.chart(templates), parse(values));
        UpgradeRequest {
            name: name.into(),
            chart,
            values,
            ..UpgradeRequest::default()
        }
    }

    /// Installs what must be possible to install.
    pub(crate) async fn installed(&self, request: InstallRequest) -> Release {
        action::install(&self.context, request).await.unwrap()
    }

    /// What is said to an install that must fail.
    pub(crate) async fn refused(&self, request: InstallRequest) -> String {
        chain(&action::install(&self.context, request).await.unwrap_err())
    }

    /// Upgrades what must be possible to upgrade.
    pub(crate) async fn upgraded(&self, request: UpgradeRequest) -> Release {
        action::upgrade(&self.context, request).await.unwrap()
    }

    /// What is said to an upgrade that must fail.
    pub(crate) async fn not_upgraded(&self, request: UpgradeRequest) -> String {
        chain(&action::upgrade(&self.context, request).await.unwrap_err())
    }

    /// Takes a release away.
    pub(crate) async fn uninstalled(&self, name: &str) -> Uninstalled {
        let request = UninstallRequest {
            name: name.into(),
            ..UninstallRequest::default()
        };
        action::uninstall(&self.context, request).await.unwrap()
    }

    /// Whether nothing is recorded of a release.
    pub(crate) async fn is_unknown(&self, name: &str) -> bool {
        let history = action::history(&self.context, name).await;
        history.is_err_and(|error| error.is_not_found())
    }

    /// Whether there are no releases.
    pub(crate) async fn is_empty(&self) -> bool {
        let releases = action::list(&self.context, &ListRequest::default()).await;
        releases.unwrap().is_empty()
    }

    pub(crate) async fn states(&self, name: &str) -> Vec<(i64, Status)> {
        let history = action::history(&self.context, name).await.unwrap();
        history
            .into_iter()
            .map(|release| (release.revision, release.info.status))
            .collect()
    }

    /// What is said of the newest revision.
    pub(crate) async fn description(&self, name: &str) -> String {
        let history = action::history(&self.context, name).await.unwrap();
        history.last().unwrap().info.description.clone()
    }

    /// The same API server, where nobody has asked to stop.
    pub(crate) fn afresh(&self) -> Context {
        support::context(self.folder.path(), self.settings()).0
    }

    /// The same API server, as somebody else.
    pub(crate) fn as_user(&self, name: &str) -> Context {
        let settings = ClusterSettings {
            impersonate_user: Some(name.to_string()),
            ..self.settings()
        };
        support::context(self.folder.path(), settings).0
    }

    fn settings(&self) -> ClusterSettings {
        let kubeconfig = self.folder.path().join("kubeconfig");
        ClusterSettings {
            kubeconfig: KubeconfigFiles::Explicit(kubeconfig),
            ..ClusterSettings::default()
        }
    }

    /// The live objects of a release's newest revision, `version/Kind` and how many.
    pub(crate) async fn live(&self, name: &str) -> BTreeMap<String, usize> {
        let request = StatusRequest {
            name: name.into(),
            objects: action::status::Objects::Whole,
            ..StatusRequest::default()
        };
        let release = action::status(&self.context, &request).await.unwrap();
        release
            .info
            .resources
            .into_iter()
            .map(|(kind, objects)| (kind, objects.len()))
            .collect()
    }
}

fn parse(values: &str) -> Map {
    yaml::parse(values.as_bytes())
        .unwrap()
        .into_map()
        .unwrap_or_default()
}

/// A chart of these files, in a folder that is emptied first.
pub(crate) fn chart_in(folder: &Path, templates: &[(&str, &str)]) -> Chart {
    let write = |path: PathBuf, text: &str| {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let _ = fs::remove_dir_all(folder);
    write(
        folder.join("Chart.yaml"),
        "apiVersion: v2\nname: demo\nversion: 0.1.0\n",
    );
    write(folder.join("values.yaml"), "v: one\nextra: false\n");
    for (name, text) in templates {
        write(folder.join(name), text);
    }
    chart::load(folder, &mut Vec::new()).unwrap()
}

/// A client somebody else set up.
pub(crate) async fn client(sandbox: &Sandbox) -> kube::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let kubeconfig = kube::config::Kubeconfig::from_yaml(&sandbox.kubeconfig()).unwrap();
    let options = kube::config::KubeConfigOptions::default();
    let config = kube::Config::from_custom_kubeconfig(kubeconfig, &options)
        .await
        .unwrap();
    kube::Client::try_from(config).unwrap()
}
