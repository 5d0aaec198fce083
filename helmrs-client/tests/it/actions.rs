//! Releases are installed, upgraded, rolled back and taken away on a real API server, in process.

use std::collections::BTreeMap;
use std::time::Duration;

use helmrs_client::action::uninstall::Named;
use helmrs_client::action::{
    self, ApplyMethod, DryRun, InstallRequest, RollbackRequest, ServerSide, TestRequest,
    UpgradeRequest, WaitStrategy, Waiting,
};
use helmrs_client::storage::HistoryLimit;
use helmrs_client::{Event, chain};
use helmrs_core::release::{HookPhase, Release, Status};
use helmrs_sandbox::Pods;

use crate::world::World;

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

/// A pod that nobody runs.
const POD: &str = "apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: c, image: i}]}
";

const CHART: &[(&str, &str)] = &[("templates/cm.yaml", CONFIG_MAP)];

fn counts(counts: &[(&str, usize)]) -> BTreeMap<String, usize> {
    counts
        .iter()
        .map(|(kind, count)| ((*kind).to_string(), *count))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_lives_from_install_to_uninstall() {
    let world = World::new().await;
    let installed = world.installed(world.install("web", CHART)).await;
    assert_eq!(
        (installed.revision, &installed.info.status),
        (1, &Status::Deployed)
    );
    assert_eq!(installed.info.description, "Install complete");
    assert_eq!(world.live("web").await, counts(&[("v1/ConfigMap", 1)]));
    let upgraded = world
        .upgraded(world.upgrade("web", "{v: two, extra: true}", CHART))
        .await;
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
    world.uninstalled("web").await;
    assert!(world.is_unknown("web").await);
    assert!(world.is_empty().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_in_use_is_refused_and_told() {
    let world = World::new().await;
    world.installed(world.install("web", CHART)).await;
    let error = world.refused(world.install("web", CHART)).await;
    assert_eq!(
        error,
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
    world.installed(world.install("web", CHART)).await;
    let same = CONFIG_MAP.replace("{{ .Release.Name }}-a", "web-a");
    let other = &[("templates/cm.yaml", same.as_str())];
    let error = world.refused(world.install("other", other)).await;
    assert_eq!(
        error,
        "unable to continue with install: ConfigMap \"web-a\" in namespace \"shop\" exists and cannot be imported into \
         the current release: invalid ownership metadata; annotation validation error: key \
         \"meta.helm.sh/release-name\" must equal \"other\": current value is \"web\""
    );
    assert!(world.is_unknown("other").await, "nothing is recorded");
    let taken = InstallRequest {
        take_ownership: true,
        ..world.install("other", other)
    };
    world.installed(taken).await;
    let done = world.uninstalled("web").await;
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
    let release = world.installed(request).await;
    assert_eq!(release.hooks[0].last_run.phase, HookPhase::Succeeded);
    let upgraded = world.upgraded(world.upgrade("web", "{}", &chart)).await;
    assert_eq!(upgraded.hooks[0].last_run.phase, HookPhase::Succeeded);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_upgrade_is_recorded_and_the_deployed_revision_stays() {
    let world = World::new().await;
    world.installed(world.install("web", CHART)).await;
    let broken = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web-a}\nnonsense: true\n";
    let request = world.upgrade("web", "{}", &[("templates/cm.yaml", broken)]);
    let error = world.not_upgraded(request).await;
    assert!(
        error.starts_with("server-side apply failed for object shop/web-a /v1, Kind=ConfigMap: "),
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
    let error = world.not_upgraded(request).await;
    assert!(
        error.starts_with(
            "release web failed, and has been rolled back due to rollback-on-failure being set: "
        ),
        "{error}"
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
    let release = world.installed(request).await;
    assert_eq!(release.apply_method, "csa");
    world
        .upgraded(world.upgrade("web", "{v: two}", CHART))
        .await;
    let request = UpgradeRequest {
        server_side: ServerSide::Always,
        ..world.upgrade("web", "{v: three}", CHART)
    };
    let release = world.upgraded(request).await;
    assert_eq!(
        (release.revision, release.apply_method.as_str()),
        (3, "ssa")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn old_revisions_are_pruned() {
    let world = World::new().await;
    world.installed(world.install("web", CHART)).await;
    for value in ["a", "b", "c"] {
        let values = format!("{{v: {value}}}");
        let request = UpgradeRequest {
            history: HistoryLimit::Keep(2),
            ..world.upgrade("web", &values, CHART)
        };
        world.upgraded(request).await;
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
    let release = world.installed(request).await;
    assert_eq!(
        (&release.info.status, release.info.description.as_str()),
        (&Status::PendingInstall, "Dry run complete")
    );
    assert!(world.is_empty().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_can_look_up_live_objects() {
    let world = World::new().await;
    world.installed(world.install("web", CHART)).await;
    let asking = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata:\n  found: {{ (lookup \"v1\" \"ConfigMap\" \
                  \"shop\" \"web-a\").data.v | quote }}\n  missing: {{ lookup \"v1\" \"ConfigMap\" \"shop\" \"x\" | len \
                  | quote }}\n";
    let request = world.install("asking", &[("templates/a.yaml", asking)]);
    let release = world.installed(request).await;
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
    world.installed(world.install("web", &chart)).await;
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
    let waiting = Waiting {
        strategy: WaitStrategy::Watcher,
        ..Waiting::default()
    };
    let request = InstallRequest {
        waiting,
        ..world.install("web", &[("templates/pod.yaml", POD)])
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
    let timeout = Duration::from_secs(2);
    let waiting = Waiting {
        strategy: WaitStrategy::Watcher,
        timeout,
        ..Waiting::default()
    };
    let request = InstallRequest {
        waiting,
        ..world.install("web", &[("templates/pod.yaml", POD)])
    };
    assert_eq!(
        world.refused(request).await,
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
