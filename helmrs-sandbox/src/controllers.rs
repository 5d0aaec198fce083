//! The few controllers installs wait for, and a stand-in for the machines pods run on.
//!
//! One task follows the store and reconciles one object at a time: each controller is a function from what
//! there is to the writes that are missing, so that running it again changes nothing. All writes go through
//! [`Objects`], as those of clients do.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value as Json;
use tokio::time::Instant;

use crate::objects::Objects;
use crate::store::{Change, Key, Version};

mod access;
mod claims;
mod cron_jobs;
mod daemon_sets;
mod deployments;
mod disruption;
mod endpoints;
mod events;
mod fingerprint;
mod garbage;
mod jobs;
mod kubelet;
mod namespaces;
mod pods;
mod queue;
mod replica_sets;
mod revisions;
mod schedule;
mod stateful_sets;

use access::Access;
pub(crate) use kubelet::{Kubelet, LOGS_ANNOTATION};
use queue::{Queue, Work};

/// When to look at an object again, if nothing happens before.
type Again = Option<Duration>;

/// The controllers of a cluster.
pub(crate) struct Controllers {
    access: Access,
    kubelet: Option<Kubelet>,
    queue: Queue,
    timers: BTreeMap<Work, Instant>,
}

impl Controllers {
    /// Controllers that have not started; without a kubelet pods wait for somebody else to run them.
    pub(crate) fn new(objects: Objects, kubelet: Option<Kubelet>) -> Self {
        Self {
            access: Access::new(objects),
            kubelet,
            queue: Queue::default(),
            timers: BTreeMap::new(),
        }
    }

    /// Works until the task is dropped.
    pub(crate) async fn run(mut self) {
        if self.kubelet.is_some() {
            Kubelet::register(&self.access);
        }
        let mut watch = self.start_over();
        loop {
            while let Some(work) = self.queue.pop() {
                self.reconcile(work);
                tokio::task::yield_now().await;
            }
            let wake = self.timers.values().min().copied();
            tokio::select! {
                changes = watch.next() => match changes {
                    Ok(changes) => changes.iter().for_each(|change| self.notice(change)),
                    Err(_) => watch = self.start_over(),
                },
                () = sleep_until(wake) => self.wake(),
            }
        }
    }

    /// Puts everything on the list, as if it had just been created.
    fn start_over(&mut self) -> crate::store::Watch {
        let store = self.access.store();
        let watch = store.watch(store.revision());
        for (key, _) in store.all() {
            self.queue.push(Work::Object(key));
        }
        watch
    }

    /// Puts on the list what a change may concern.
    fn notice(&mut self, change: &Change) {
        let tree = |version: &Option<Arc<Version>>| version.as_ref().map(|version| version.tree());
        let (before, after) = (tree(&change.before), tree(&change.after));
        let (before, after) = (before.as_deref(), after.as_deref());
        self.queue.push(Work::Object(change.key.clone()));
        for object in [before, after].into_iter().flatten() {
            self.queue
                .extend(self.access.owners(object).into_iter().map(Work::Object));
        }
        let namespace = Access::key("/namespaces", "", &change.key.namespace);
        if after.is_none() {
            let uid = before.and_then(|object| object["metadata"]["uid"].as_str());
            self.queue
                .extend(uid.map(|uid| Work::Dependents(uid.to_owned())));
            self.queue.push(Work::Object(namespace.clone()));
        }
        if matches!(&*change.key.resource, "/pods" | "/nodes") {
            self.queue
                .extend(self.concerned_by(&change.key).into_iter().map(Work::Object));
        }
    }

    /// What depends on pods or nodes without owning them.
    fn concerned_by(&self, key: &Key) -> Vec<Key> {
        let (resources, namespace): (&[&str], _) = if &*key.resource == "/nodes" {
            (&["apps/daemonsets"], None)
        } else {
            (
                &["/services", "policy/poddisruptionbudgets"],
                Some(key.namespace.as_str()),
            )
        };
        resources
            .iter()
            .flat_map(|resource| self.access.keys(resource, namespace))
            .collect()
    }

    fn wake(&mut self) {
        let now = Instant::now();
        let due: Vec<Work> = self
            .timers
            .iter()
            .filter(|(_, time)| **time <= now)
            .map(|(work, _)| work.clone())
            .collect();
        for work in due {
            self.timers.remove(&work);
            self.queue.push(work);
        }
    }

    fn reconcile(&mut self, work: Work) {
        let objects = self.access.objects().clone();
        let _calm = objects.calm();
        let again = match &work {
            Work::Dependents(uid) => {
                let keys = self.access.store().owned(uid);
                garbage::collect_dependents(&self.access, uid, keys);
                None
            }
            Work::Object(key) => self.reconcile_object(key),
        };
        match again {
            Some(after) => self.timers.insert(work, Instant::now() + after),
            None => self.timers.remove(&work),
        };
    }

    fn reconcile_object(&mut self, key: &Key) -> Again {
        let Some(object) = self.access.at(key) else {
            if &*key.resource == "/services" {
                endpoints::forget(&self.access, key);
            }
            return None;
        };
        garbage::reconcile(&self.access, key, &object, |uid| {
            self.access.store().owned(uid)
        });
        let access = &self.access;
        let ours = |run: fn(&Access, &Arc<Json>) -> Again| {
            let leaving = object["metadata"].get("deletionTimestamp").is_some();
            if leaving { None } else { run(access, &object) }
        };
        match &*key.resource {
            "/namespaces" => namespaces::reconcile(access, &object),
            "/pods" => self
                .kubelet
                .as_mut()
                .and_then(|kubelet| kubelet.reconcile(access, &object)),
            "/services" => {
                if self.kubelet.is_some() {
                    Kubelet::balance(access, &object);
                }
                ours(endpoints::reconcile)
            }
            "/persistentvolumeclaims" => claims::reconcile(access, &object, self.kubelet.is_some()),
            "/replicationcontrollers" | "apps/replicasets" => ours(replica_sets::reconcile),
            "/events" => events::reconcile(access, &object),
            "apps/deployments" => ours(deployments::reconcile),
            "apps/statefulsets" => ours(stateful_sets::reconcile),
            "apps/daemonsets" => ours(daemon_sets::reconcile),
            "batch/jobs" => ours(jobs::reconcile),
            "batch/cronjobs" => ours(cron_jobs::reconcile),
            "policy/poddisruptionbudgets" => ours(disruption::reconcile),
            _ => None,
        }
    }
}

async fn sleep_until(time: Option<Instant>) {
    match time {
        Some(time) => tokio::time::sleep_until(time).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests;
