//! New charts: in either language they render to the same objects.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use helmrs_core::capabilities::Capabilities;
use helmrs_core::chart::scaffold::{self, Engine};
use helmrs_core::chart::{coalesce, load_files};
use helmrs_core::engine::{Budget, ReleaseOptions, Rendering, TERA_SUFFIX};
use helmrs_core::manifest::split;
use helmrs_core::release::build;
use helmrs_core::yaml::{self, Map, Value};
use helmrs_gotemplate::ambient::Fixed;

/// What users set: each of these reaches another part of the templates.
const VALUES: &[&str] = &[
    "{}",
    "{autoscaling: {enabled: true, targetMemoryUtilizationPercentage: 70}}",
    "{autoscaling: {enabled: true, targetCPUUtilizationPercentage: null}}",
    "{ingress: {enabled: true, className: nginx, annotations: {a: 'yes', b: '1'}}}",
    "{ingress: {enabled: true, hosts: [{host: a.b, paths: [{path: /}, {path: /x, pathType: Exact}]}, {host: c, paths: []}],
      tls: [{secretName: s, hosts: [a.b]}]}}",
    "{httpRoute: {enabled: true, annotations: {a: b}, hostnames: [], rules: [{matches: [{path: {value: /}}]}, {filters: [{type: X}]}]}}",
    "{service: {type: LoadBalancer, port: 8080}}",
    "{service: {type: NodePort}}",
    "{serviceAccount: {create: false}}",
    "{serviceAccount: {create: false, name: other}, image: {tag: '2.0'}, replicaCount: 1000000}",
    "{serviceAccount: {automount: false, annotations: {a: b}}}",
    "{nameOverride: shop, podAnnotations: {a: b}, podLabels: {c: d}, podSecurityContext: {fsGroup: 2000}}",
    "{nameOverride: r}",
    "{fullnameOverride: 'a-name-that-is-much-longer-than-the-sixty-three-characters-that-are-allowed'}",
    "{resources: {limits: {cpu: 1.5, memory: 1Gi}}, nodeSelector: {a: 'true'}, tolerations: [{key: k}], affinity: {x: {y: [1]}},
      volumes: [{name: v, emptyDir: {}}], volumeMounts: [{name: v, mountPath: /v}], imagePullSecrets: [{name: s}],
      securityContext: {runAsUser: 1000}, livenessProbe: null}",
];

/// The objects of each template, and the notes.
fn rendered(engine: Engine, values: &str, release: &str) -> (BTreeMap<String, Vec<Value>>, String) {
    let files = scaffold::files("web-app", "v2", engine).unwrap();
    let chart = load_files(files, &mut Vec::new()).unwrap();
    let Ok(Value::Map(values)) = yaml::parse(values.as_bytes()) else {
        panic!("{values} is no map");
    };
    let values: Map = coalesce::coalesce_values(&chart, &values, &mut Vec::new()).unwrap();
    let rendering = Rendering {
        chart: &chart,
        values: &values,
        release: ReleaseOptions {
            name: release.to_owned(),
            namespace: "shop".to_owned(),
            revision: 1,
            is_install: true,
            is_upgrade: false,
        },
        capabilities: &Capabilities::default(),
        lookup: None,
        ambient: &Fixed::default(),
        enable_dns: false,
        strict: false,
        budget: Budget::UNLIMITED,
    };
    let rendered = build::render(&rendering, false).unwrap();
    let objects = |(path, text): (String, Vec<u8>)| {
        let documents = split::documents_in_bytes(&text);
        let documents = documents.into_iter();
        let objects = documents.map(|document| yaml::parse(document).unwrap());
        let path = path.strip_suffix(TERA_SUFFIX).unwrap_or(&path).to_owned();
        (path, objects.collect())
    };
    (
        rendered.files.into_iter().map(objects).collect(),
        rendered.notes,
    )
}

#[test]
fn a_new_chart_renders_to_the_same_objects_in_either_language() {
    for values in VALUES {
        for release in ["r", "my-web-app"] {
            let (go, go_notes) = rendered(Engine::Go, values, release);
            let (tera, tera_notes) = rendered(Engine::Tera, values, release);
            assert!(go.len() >= 7);
            assert_eq!(tera, go, "with {values}");
            assert_eq!(tera_notes.trim_end(), go_notes.trim_end(), "with {values}");
        }
    }
}
