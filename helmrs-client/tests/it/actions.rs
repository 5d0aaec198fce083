//! Releases are installed, upgraded, rolled back and taken away on a real API server, in process.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use helmrs_client::action::uninstall::Named;
use helmrs_client::action::{
    self, ApplyMethod, DryRun, InstallRequest, ListRequest, RollbackRequest, ServerSide,
    StatusRequest, TestRequest, UninstallRequest, UpgradeRequest, WaitStrategy, Waiting,
};
use helmrs_client::event::Recorder;
use helmrs_client::storage::HistoryLimit;
use helmrs_client::{ClusterSettings, Context, Event, KubeconfigFiles, chain};
use helmrs_core::chart::{self, Chart};
use helmrs_core::release::{HookPhase, Release, Status};
use helmrs_core::yaml::{self, Map};
use helmrs_sandbox::{Options, Pods, Sandbox};
use tempfile::TempDir;

use crate::support;

/// An API server, a context for it, and a folder for both.
struct World {
    context: Context,
    events: Recorder,
    folder: TempDir,
    _sandbox: Sandbox,
}

const CONFIG_MAP: &str = "apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-a
data:
  v: {{ .Values.v | quote }}
{{- if .Values.extra }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-extra
{{- end }}
";

const HOOK: &str = "apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-pre
  annotations:
    helm.sh/hook: pre-install,pre-upgrade
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  template:
    spec: {restartPolicy: Never, containers: [{name: c, image: i}]}
";

impl World {
    async fn new() -> Self {
        Self::where_pods(Pods::Run).await
    }

    async fn where_pods(pods: Pods) -> Self {
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

    fn chart(&self, templates: &[(&str, &str)]) -> Chart {
        let folder = self.folder.path().join("chart");
        let write = |path: PathBuf, text: &str| {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        let _ = fs::remove_dir_all(&folder);
        write(
            folder.join("Chart.yaml"),
            "apiVersion: v2\nname: demo\nversion: 0.1.0\n",
        );
        write(folder.join("values.yaml"), "v: one\nextra: false\n");
        for (name, text) in templates {
            write(folder.join(name), text);
        }
        chart::load(Path::new(&folder)).unwrap().chart
    }

    fn install(&self, name: &str, templates: &[(&str, &str)]) -> InstallRequest {
        let chart = self.chart(templates);
        InstallRequest {
            name: name.into(),
            chart,
            create_namespace: true,
            ..InstallRequest::default()
        }
    }

    fn upgrade(&self, name: &str, values: &str, templates: &[(&str, &str)]) -> UpgradeRequest {
        let (chart, values) = (self.chart(templates), parse(values));
        UpgradeRequest {
            name: name.into(),
            chart,
            values,
            ..UpgradeRequest::default()
        }
    }

    async fn states(&self, name: &str) -> Vec<(i64, Status)> {
        let history = action::history(&self.context, name).await.unwrap();
        history
            .into_iter()
            .map(|release| (release.revision, release.info.status))
            .collect()
    }

    /// The live objects of a release's newest revision, `version/Kind` and how many.
    async fn live(&self, name: &str) -> BTreeMap<String, usize> {
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

fn counts(counts: &[(&str, usize)]) -> BTreeMap<String, usize> {
    counts
        .iter()
        .map(|(kind, count)| ((*kind).to_string(), *count))
        .collect()
}

const CHART: &[(&str, &str)] = &[("templates/cm.yaml", CONFIG_MAP)];

#[tokio::test(flavor = "multi_thread")]
async fn a_release_lives_from_install_to_uninstall() {
    let world = World::new().await;
    let installed = action::install(&world.context, world.install("web", CHART))
        .await
        .unwrap();
    assert_eq!(
        (installed.revision, &installed.info.status),
        (1, &Status::Deployed)
    );
    assert_eq!(installed.info.description, "Install complete");
    assert_eq!(world.live("web").await, counts(&[("v1/ConfigMap", 1)]));
    let upgraded = action::upgrade(
        &world.context,
        world.upgrade("web", "{v: two, extra: true}", CHART),
    )
    .await
    .unwrap();
    assert_eq!(
        (upgraded.revision, upgraded.info.description.as_str()),
        (2, "Upgrade complete")
    );
    assert_eq!(world.live("web").await, counts(&[("v1/ConfigMap", 2)]));
    let back = RollbackRequest {
        name: "web".into(),
        ..RollbackRequest::default()
    };
    action::rollback(&world.context, back).await.unwrap();
    let states = [
        (1, Status::Superseded),
        (2, Status::Superseded),
        (3, Status::Deployed),
    ];
    assert_eq!(world.states("web").await, states);
    assert_eq!(world.live("web").await, counts(&[("v1/ConfigMap", 1)]));
    let gone = UninstallRequest {
        name: "web".into(),
        ..UninstallRequest::default()
    };
    action::uninstall(&world.context, gone).await.unwrap();
    assert!(
        action::history(&world.context, "web")
            .await
            .unwrap_err()
            .is_not_found()
    );
    assert!(
        action::list(&world.context, &ListRequest::default())
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_in_use_is_refused_and_told() {
    let world = World::new().await;
    action::install(&world.context, world.install("web", CHART))
        .await
        .unwrap();
    let error = action::install(&world.context, world.install("web", CHART))
        .await
        .unwrap_err();
    assert_eq!(
        chain(&error),
        "release name check failed: cannot reuse a name that is still in use"
    );
    let told = Event::NameCheckFailed {
        error: "cannot reuse a name that is still in use".into(),
    };
    assert!(world.events.events().contains(&told));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_of_somebody_else_is_left_alone_unless_taken_over() {
    let world = World::new().await;
    action::install(&world.context, world.install("web", CHART))
        .await
        .unwrap();
    let same = CONFIG_MAP.replace("{{ .Release.Name }}-a", "web-a");
    let other = &[("templates/cm.yaml", same.as_str())];
    let error = action::install(&world.context, world.install("other", other))
        .await
        .unwrap_err();
    assert_eq!(
        chain(&error),
        "unable to continue with install: ConfigMap \"web-a\" in namespace \"shop\" exists and cannot be imported into \
         the current release: invalid ownership metadata; annotation validation error: key \
         \"meta.helm.sh/release-name\" must equal \"other\": current value is \"web\""
    );
    assert!(
        action::history(&world.context, "other")
            .await
            .unwrap_err()
            .is_not_found(),
        "nothing is recorded"
    );
    let taken = InstallRequest {
        take_ownership: true,
        ..world.install("other", other)
    };
    action::install(&world.context, taken).await.unwrap();
    let gone = UninstallRequest {
        name: "web".into(),
        ..UninstallRequest::default()
    };
    let done = action::uninstall(&world.context, gone).await.unwrap();
    assert_eq!(
        done.unowned,
        [Named {
            kind: "ConfigMap".into(),
            name: "web-a".into()
        }]
    );
    assert_eq!(world.live("other").await, counts(&[("v1/ConfigMap", 1)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn hooks_run_and_are_cleaned_up() {
    let world = World::new().await;
    let chart = [CHART, &[("templates/hook.yaml", HOOK)]].concat();
    let waiting = Waiting {
        strategy: WaitStrategy::Watcher,
        ..Waiting::default()
    };
    let request = InstallRequest {
        waiting,
        ..world.install("web", &chart)
    };
    let release = action::install(&world.context, request).await.unwrap();
    assert_eq!(release.hooks[0].last_run.phase, HookPhase::Succeeded);
    let upgraded = action::upgrade(&world.context, world.upgrade("web", "{}", &chart))
        .await
        .unwrap();
    assert_eq!(upgraded.hooks[0].last_run.phase, HookPhase::Succeeded);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_upgrade_is_recorded_and_the_deployed_revision_stays() {
    let world = World::new().await;
    action::install(&world.context, world.install("web", CHART))
        .await
        .unwrap();
    let broken = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web-a}\nnonsense: true\n";
    let request = world.upgrade("web", "{}", &[("templates/cm.yaml", broken)]);
    let error = action::upgrade(&world.context, request).await.unwrap_err();
    assert!(
        chain(&error)
            .starts_with("server-side apply failed for object shop/web-a /v1, Kind=ConfigMap: "),
        "{error}"
    );
    assert_eq!(
        world.states("web").await,
        [(1, Status::Deployed), (2, Status::Failed)]
    );
    let request = UpgradeRequest {
        rollback_on_failure: true,
        ..world.upgrade("web", "{}", &[("templates/cm.yaml", broken)])
    };
    let error = action::upgrade(&world.context, request).await.unwrap_err();
    let text = chain(&error);
    assert!(
        text.starts_with(
            "release web failed, and has been rolled back due to rollback-on-failure being set: "
        ),
        "{text}"
    );
    let states = [
        (1, Status::Superseded),
        (2, Status::Failed),
        (3, Status::Failed),
        (4, Status::Deployed),
    ];
    assert_eq!(world.states("web").await, states);
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_written_by_the_client_can_become_the_servers() {
    let world = World::new().await;
    let request = InstallRequest {
        apply: ApplyMethod::ClientSide,
        ..world.install("web", CHART)
    };
    let release = action::install(&world.context, request).await.unwrap();
    assert_eq!(release.apply_method, "csa");
    action::upgrade(&world.context, world.upgrade("web", "{v: two}", CHART))
        .await
        .unwrap();
    let request = UpgradeRequest {
        server_side: ServerSide::Always,
        ..world.upgrade("web", "{v: three}", CHART)
    };
    let release = action::upgrade(&world.context, request).await.unwrap();
    assert_eq!(
        (release.revision, release.apply_method.as_str()),
        (3, "ssa")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn old_revisions_are_pruned() {
    let world = World::new().await;
    action::install(&world.context, world.install("web", CHART))
        .await
        .unwrap();
    for value in ["a", "b", "c"] {
        let values = format!("{{v: {value}}}");
        let request = UpgradeRequest {
            history: HistoryLimit::Keep(2),
            ..world.upgrade("web", &values, CHART)
        };
        action::upgrade(&world.context, request).await.unwrap();
    }
    assert_eq!(
        world.states("web").await,
        [(3, Status::Superseded), (4, Status::Deployed)]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_changes_nothing() {
    let world = World::new().await;
    let request = InstallRequest {
        dry_run: DryRun::Server,
        create_namespace: false,
        ..world.install("web", CHART)
    };
    let release = action::install(&world.context, request).await.unwrap();
    assert_eq!(
        (&release.info.status, release.info.description.as_str()),
        (&Status::PendingInstall, "Dry run complete")
    );
    assert!(
        action::list(&world.context, &ListRequest::default())
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_can_look_up_live_objects() {
    let world = World::new().await;
    action::install(&world.context, world.install("web", CHART))
        .await
        .unwrap();
    let asking = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata:\n  found: {{ (lookup \"v1\" \"ConfigMap\" \
                  \"shop\" \"web-a\").data.v | quote }}\n  missing: {{ lookup \"v1\" \"ConfigMap\" \"shop\" \"x\" | len \
                  | quote }}\n";
    let release = action::install(
        &world.context,
        world.install("asking", &[("templates/a.yaml", asking)]),
    )
    .await
    .unwrap();
    assert!(
        release
            .manifest
            .contains("found: \"one\"\n  missing: \"0\""),
        "{}",
        release.manifest
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn tests_tell_how_they_ended() {
    let world = World::new().await;
    let pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: t\n  annotations: {helm.sh/hook: test}\nspec:\n  restartPolicy: \
               Never\n  containers: [{name: c, image: i}]\n";
    let chart = [CHART, &[("templates/t.yaml", pod)]].concat();
    action::install(&world.context, world.install("web", &chart))
        .await
        .unwrap();
    let request = TestRequest {
        name: "web".into(),
        timeout: Duration::from_secs(20),
        ..TestRequest::default()
    };
    let tested = action::test(&world.context, &request).await.unwrap();
    assert_eq!(tested.problems, Vec::<String>::new());
    assert_eq!(phases(&tested.release), [HookPhase::Succeeded]);
}

fn phases(release: &Release) -> Vec<HookPhase> {
    release
        .hooks
        .iter()
        .map(|hook| hook.last_run.phase.clone())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_install_is_recorded_as_failed() {
    let world = World::where_pods(Pods::Leave).await;
    let never = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: c, image: i}]}\n";
    let waiting = Waiting {
        strategy: WaitStrategy::Watcher,
        ..Waiting::default()
    };
    let request = InstallRequest {
        waiting,
        ..world.install("web", &[("templates/pod.yaml", never)])
    };
    let token = world.context.cancellation().clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(500)).await;
        token.cancel();
    });
    let error = action::install(&world.context, request).await.unwrap_err();
    assert_eq!(chain(&error), "context canceled");
    assert!(error.is_cancelled());
    assert_eq!(world.states("web").await, [(1, Status::Failed)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_ready_in_time_is_named() {
    let world = World::where_pods(Pods::Leave).await;
    let never = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: c, image: i}]}\n";
    let timeout = Duration::from_secs(2);
    let waiting = Waiting {
        strategy: WaitStrategy::Watcher,
        timeout,
        ..Waiting::default()
    };
    let request = InstallRequest {
        waiting,
        ..world.install("web", &[("templates/pod.yaml", never)])
    };
    let error = action::install(&world.context, request).await.unwrap_err();
    assert_eq!(
        chain(&error),
        "resource Pod/shop/web not ready. status: InProgress, message: Pod is in the Pending phase\ncontext deadline \
         exceeded"
    );
    let release = action::get(&world.context, "web", 1).await.unwrap();
    assert!(
        release
            .info
            .description
            .starts_with("Release \"web\" failed: resource Pod/shop/web not ready.")
    );
}
