//! Whoever asks to stop finds the release recorded as failed, wherever the action was.

use std::time::Duration;

use helmrs_client::action::{
    self, InstallRequest, RollbackRequest, UninstallRequest, UpgradeRequest, WaitStrategy, Waiting,
};
use helmrs_client::{Event, chain};
use helmrs_core::release::{HookPhase, Status};
use helmrs_sandbox::Pods;

use crate::world::World;

/// A pod that nobody runs, where the values ask for it.
const POD: &str = "{{ if .Values.extra }}
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: c, image: i}]}
{{ end }}
";

const CONFIG_MAP: &str =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {v: {{ .Values.v }}}\n";

const CHART: &[(&str, &str)] = &[
    ("templates/pod.yaml", POD),
    ("templates/a.yaml", CONFIG_MAP),
];

fn patient() -> Waiting {
    Waiting {
        strategy: WaitStrategy::Watcher,
        ..Waiting::default()
    }
}

/// A hook of this event that never ends.
fn hook(event: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: hook, annotations: {{helm.sh/hook: {event}}}}}\nspec: {{containers: \
         [{{name: c, image: i}}]}}\n"
    )
}

/// Asks to stop once a step has been told of so many times.
fn stop_at(world: &World, step: &'static str, times: usize) {
    let (token, events) = (world.context.cancellation().clone(), world.events.clone());
    tokio::spawn(async move {
        let is_it = |event: &&Event| matches!(event, Event::Step { text, .. } if *text == step);
        while events.events().iter().filter(is_it).count() < times {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        token.cancel();
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_stopped_while_it_waits_leaves_the_revision_before_deployed() {
    let world = World::where_pods(Pods::Leave).await;
    world.installed(world.install("web", CHART)).await;
    stop_at(&world, "waiting for resource", 1);
    let request = UpgradeRequest {
        waiting: patient(),
        cleanup_on_fail: true,
        ..world.upgrade("web", "{extra: true}", CHART)
    };
    let error = action::upgrade(&world.context, request).await.unwrap_err();
    assert!(error.is_cancelled());
    assert_eq!(
        world.states("web").await,
        [(1, Status::Deployed), (2, Status::Failed)]
    );
    assert_eq!(
        world.description("web").await,
        "Upgrade \"web\" failed: context canceled"
    );
    assert_eq!(
        world.live("web").await.get("v1/Pod"),
        Some(&1),
        "as in Helm"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_install_stopped_in_a_hook_leaves_its_end_open() {
    let world = World::where_pods(Pods::Leave).await;
    let hook = hook("pre-install");
    let chart = [CHART, &[("templates/hook.yaml", hook.as_str())]].concat();
    stop_at(&world, "waiting for resources", 1);
    let error = action::install(&world.context, world.install("web", &chart)).await;
    assert_eq!(chain(&error.unwrap_err()), "context canceled");
    let release = action::get(&world.context, "web", 1).await.unwrap();
    assert_eq!(release.info.status, Status::Failed);
    assert_eq!(release.hooks[0].last_run.phase, HookPhase::Unknown);
    assert!(
        world.live("web").await.is_empty(),
        "nothing was written yet"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollback_stopped_in_a_hook_is_recorded_as_failed() {
    let world = World::where_pods(Pods::Leave).await;
    let hook = hook("pre-rollback");
    let chart = [CHART, &[("templates/hook.yaml", hook.as_str())]].concat();
    world.installed(world.install("web", &chart)).await;
    world
        .upgraded(world.upgrade("web", "{v: two}", &chart))
        .await;
    stop_at(&world, "waiting for resources", 1);
    let back = RollbackRequest {
        name: "web".into(),
        ..RollbackRequest::default()
    };
    let error = action::rollback(&world.context, back).await.unwrap_err();
    assert_eq!(chain(&error), "context canceled");
    let states = [
        (1, Status::Superseded),
        (2, Status::Deployed),
        (3, Status::Failed),
    ];
    assert_eq!(world.states("web").await, states);
    assert_eq!(
        world.description("web").await,
        "Rollback \"web\" failed: context canceled"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_uninstall_stopped_in_a_hook_can_be_asked_for_again() {
    let world = World::where_pods(Pods::Leave).await;
    let hook = hook("pre-delete");
    let chart = [CHART, &[("templates/hook.yaml", hook.as_str())]].concat();
    world.installed(world.install("web", &chart)).await;
    stop_at(&world, "waiting for resources", 1);
    let request = UninstallRequest {
        name: "web".into(),
        ..UninstallRequest::default()
    };
    let error = action::uninstall(&world.context, request).await;
    assert_eq!(chain(&error.unwrap_err()), "context canceled");
    assert_eq!(world.states("web").await, [(1, Status::Failed)]);
    let request = UninstallRequest {
        name: "web".into(),
        hooks: action::Hooks::Skip,
        ..UninstallRequest::default()
    };
    let again = world.afresh();
    action::uninstall(&again, request).await.unwrap();
    assert!(world.is_unknown("web").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_watched_is_listed_again_and_again() {
    let world = World::new().await;
    let role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r}\nrules:\n- {apiGroups: [''], \
                resources: ['*'], verbs: [get, list, create, update, patch, delete]}\n---\napiVersion: \
                rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: r}\nroleRef: {apiGroup: \
                rbac.authorization.k8s.io, kind: Role, name: r}\nsubjects: [{kind: User, name: ann, apiGroup: \
                rbac.authorization.k8s.io}]\n";
    world
        .installed(world.install("rights", &[("templates/r.yaml", role)]))
        .await;
    let pod = POD
        .replace("{{ if .Values.extra }}", "")
        .replace("{{ end }}", "");
    let request = InstallRequest {
        waiting: patient(),
        create_namespace: false,
        ..world.install("web", &[("templates/pod.yaml", &pod)])
    };
    let ann = world.as_user("ann");
    let release = action::install(&ann, request).await.unwrap();
    assert_eq!(release.info.status, Status::Deployed);
}
