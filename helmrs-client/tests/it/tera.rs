//! Templates in Tera on a real API server, in process: what they are installed as, upgraded and rolled back to.

use helmrs_client::action::{self, RollbackRequest};
use helmrs_core::release::Status;

use crate::world::World;

const CHART: &[(&str, &str)] = &[
    (
        "templates/cm.yaml.tera",
        "apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ Release.Name }}-a
  labels:
    {{- include(name=\"demo.labels\") | nindent(spaces=4) }}
data:
  v: {{ Values.v | quote }}
  {%- set found = lookup(apiVersion=\"v1\", kind=\"ConfigMap\", namespace=Release.Namespace, name=Release.Name ~ \"-a\") %}
  before: {{ found?.data?.v | default(value=\"nothing\") | quote }}
{%- if Values.extra %}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ Release.Name }}-extra
{%- endif %}
",
    ),
    (
        "templates/_labels.tpl",
        "{{ define \"demo.labels\" }}release: {{ .Release.Name }}-{{ .Release.Revision }}{{ end }}",
    ),
    (
        "templates/hook.yaml.tera",
        "apiVersion: batch/v1
kind: Job
metadata:
  name: {{ Release.Name }}-pre
  annotations:
    helm.sh/hook: {{ [\"pre-install\", \"pre-upgrade\"] | join(sep=\",\") }}
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  template:
    spec: {restartPolicy: Never, containers: [{name: c, image: i}]}
",
    ),
    ("templates/NOTES.txt.tera", "Revision {{ Release.Revision }}."),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_chart_in_tera_is_installed_upgraded_and_rolled_back() {
    let world = World::new().await;
    let installed = world.installed(world.install("web", CHART)).await;
    assert_eq!(installed.info.status, Status::Deployed);
    assert_eq!(installed.info.notes, "Revision 1.");
    assert_eq!(installed.hooks.len(), 1);
    assert!(
        installed
            .manifest
            .contains("# Source: demo/templates/cm.yaml.tera")
    );
    assert!(installed.manifest.contains("release: web-1"));
    assert!(installed.manifest.contains("before: \"nothing\""));
    let upgraded = world
        .upgraded(world.upgrade("web", "{v: two, extra: true}", CHART))
        .await;
    assert_eq!(upgraded.info.notes, "Revision 2.");
    assert!(upgraded.manifest.contains("before: \"one\""));
    assert_eq!(world.live("web").await["v1/ConfigMap"], 2);
    let back = RollbackRequest {
        name: "web".into(),
        ..RollbackRequest::default()
    };
    action::rollback(&world.context, back).await.unwrap();
    assert_eq!(world.live("web").await["v1/ConfigMap"], 1);
    world.uninstalled("web").await;
    assert!(world.is_empty().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_that_fails_leaves_nothing_behind() {
    let world = World::new().await;
    let broken = &[(
        "templates/cm.yaml.tera",
        "a: {{ fail(message=\"not today\") }}",
    )];
    let error = world.refused(world.install("web", broken)).await;
    assert_eq!(
        error,
        "execution error at (demo/templates/cm.yaml.tera:1:6): not today"
    );
    assert!(world.is_unknown("web").await);
}
