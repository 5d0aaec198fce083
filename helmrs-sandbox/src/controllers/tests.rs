//! What comes of objects when the controllers run.

use std::time::Duration;

use serde_json::{Value as Json, json};

use super::access::{Access, number};
use super::pods::{condition, is_ready};
use super::{Controllers, Kubelet};
use crate::objects::{Objects, Propagation};
use crate::store::Store;

struct Cluster {
    access: Access,
    task: tokio::task::JoinHandle<()>,
}

impl Cluster {
    fn start() -> Self {
        let objects = Objects::new(Store::in_memory());
        let access = Access::new(objects.clone());
        access
            .create(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}));
        let kubelet = Kubelet::new(Duration::from_millis(20));
        let task = tokio::spawn(Controllers::new(objects, Some(kubelet)).run());
        Self { access, task }
    }

    fn create(&self, object: Json) {
        assert!(self.access.create(object.clone()).is_some(), "{object}");
    }

    fn get(&self, resource: &str, name: &str) -> Option<Json> {
        self.access
            .at(&Access::key(resource, "shop", name))
            .map(|object| (*object).clone())
    }

    fn count(&self, resource: &str) -> usize {
        self.access.list(resource, Some("shop")).len()
    }

    async fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        for _ in 0..400 {
            if holds(self) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("never: {what}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn template(app: &str, image: &str) -> Json {
    json!({"metadata": {"labels": {"app": app}}, "spec": {"containers": [{"name": "main", "image": image}]}})
}

fn workload(kind: &str, image: &str) -> Json {
    json!({"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "web", "namespace": "shop"}, "spec": {
        "selector": {"matchLabels": {"app": "web"}}, "template": template("web", image)}})
}

fn is_available(deployment: &Json) -> bool {
    condition(deployment, "Available").is_some_and(|condition| condition["status"] == "True")
}

#[tokio::test]
async fn a_deployment_becomes_available_and_rolls_to_the_next_template() {
    let cluster = Cluster::start();
    let mut deployment = workload("Deployment", "nginx:1");
    deployment["spec"]["replicas"] = 2.into();
    cluster.create(deployment);
    let settled = |cluster: &Cluster, revision: &str| {
        cluster.get("apps/deployments", "web").is_some_and(|web| {
            is_available(&web)
                && number(&web, "/status/updatedReplicas") == 2
                && number(&web, "/status/replicas") == 2
                && number(&web, "/status/readyReplicas") == 2
                && web["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == revision
        })
    };
    cluster
        .until("two pods", |cluster| settled(cluster, "1"))
        .await;
    let live = cluster
        .get("apps/deployments", "web")
        .expect("a deployment");
    cluster.access.modify(&live, "", |web| {
        web["spec"]["template"] = template("web", "nginx:2");
    });
    cluster
        .until("two other pods", |cluster| settled(cluster, "2"))
        .await;
    assert_eq!(cluster.count("apps/replicasets"), 2);
    cluster
        .until("only two pods", |cluster| cluster.count("/pods") == 2)
        .await;
    cluster.access.delete(&live);
    cluster
        .until("no pods", |cluster| {
            cluster.count("/pods") + cluster.count("apps/replicasets") == 0
        })
        .await;
}

#[tokio::test]
async fn dependents_of_an_orphaning_owner_stay() {
    let cluster = Cluster::start();
    cluster.create(workload("Deployment", "nginx:1"));
    cluster
        .until("a pod", |cluster| cluster.count("/pods") == 1)
        .await;
    let live = cluster
        .get("apps/deployments", "web")
        .expect("a deployment");
    cluster.access.delete_with(&live, Propagation::Orphan, None);
    cluster
        .until("no deployment", |cluster| {
            cluster.count("apps/deployments") == 0
        })
        .await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(
        (cluster.count("apps/replicasets"), cluster.count("/pods")),
        (1, 1)
    );
}

#[tokio::test]
async fn an_owner_deleted_in_the_foreground_goes_last() {
    let cluster = Cluster::start();
    cluster.create(workload("ReplicaSet", "nginx:1"));
    cluster
        .until("a pod", |cluster| cluster.count("/pods") == 1)
        .await;
    let live = cluster
        .get("apps/replicasets", "web")
        .expect("a replica set");
    cluster
        .access
        .delete_with(&live, Propagation::Foreground, None);
    cluster
        .until("nothing", |cluster| {
            let (sets, pods) = (cluster.count("apps/replicasets"), cluster.count("/pods"));
            assert!(sets == 1 || pods == 0, "the owner went before its pods");
            sets == 0
        })
        .await;
}

#[tokio::test]
async fn a_stateful_set_counts_its_pods_and_claims() {
    let cluster = Cluster::start();
    let mut set = workload("StatefulSet", "nginx:1");
    set["spec"]["replicas"] = 2.into();
    set["spec"]["volumeClaimTemplates"] = json!([{"metadata": {"name": "data"}, "spec": {
        "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}]);
    cluster.create(set);
    cluster
        .until("two pods", |cluster| {
            cluster
                .get("apps/statefulsets", "web")
                .is_some_and(|web| number(&web, "/status/readyReplicas") == 2)
        })
        .await;
    let second = cluster.get("/pods", "web-1").expect("the second pod");
    assert!(is_ready(&second));
    cluster
        .until("a bound claim", |cluster| {
            cluster
                .get("/persistentvolumeclaims", "data-web-1")
                .is_some_and(|claim| claim["status"]["phase"] == "Bound")
        })
        .await;
}

#[tokio::test]
async fn a_daemon_set_has_a_pod_on_the_node() {
    let cluster = Cluster::start();
    cluster.create(workload("DaemonSet", "nginx:1"));
    cluster
        .until("a ready pod", |cluster| {
            cluster.get("apps/daemonsets", "web").is_some_and(|web| {
                number(&web, "/status/numberReady") == 1
                    && number(&web, "/status/desiredNumberScheduled") == 1
            })
        })
        .await;
}

#[tokio::test]
async fn a_job_completes_or_fails() {
    let cluster = Cluster::start();
    let job = |name: &str, outcome: &str| {
        json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name, "namespace": "shop"}, "spec": {
            "backoffLimit": 0, "template": {
                "metadata": {"annotations": {"helmrs.dev/sandbox-outcome": outcome}},
                "spec": {"restartPolicy": "Never", "containers": [{"name": "main", "image": "busybox"}]}}}})
    };
    cluster.create(job("good", "succeed"));
    cluster.create(job("bad", "fail"));
    let ended = |cluster: &Cluster, name: &str, kind: &str| {
        cluster
            .get("batch/jobs", name)
            .is_some_and(|job| condition(&job, kind).is_some())
    };
    cluster
        .until("completion", |cluster| ended(cluster, "good", "Complete"))
        .await;
    cluster
        .until("failure", |cluster| ended(cluster, "bad", "Failed"))
        .await;
    let bad = cluster.get("batch/jobs", "bad").expect("the job");
    assert_eq!(number(&bad, "/status/failed"), 1);
}

#[tokio::test]
async fn a_namespace_goes_when_it_is_empty() {
    let cluster = Cluster::start();
    cluster.create(workload("Deployment", "nginx:1"));
    cluster.create(json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]}}));
    cluster
        .until("a ready pod behind the service", |cluster| {
            cluster
                .get("/endpoints", "web")
                .is_some_and(|web| web.pointer("/subsets/0/addresses/0/ip").is_some())
        })
        .await;
    assert!(cluster.get("/serviceaccounts", "default").is_some());
    let key = Access::key("/namespaces", "", "shop");
    let namespace = cluster.access.at(&key).expect("the namespace");
    cluster.access.delete(&namespace);
    cluster
        .until("no namespace", |cluster| cluster.access.at(&key).is_none())
        .await;
    assert_eq!(cluster.count("/pods") + cluster.count("/configmaps"), 0);
}
