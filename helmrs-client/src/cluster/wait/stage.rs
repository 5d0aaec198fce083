//! What is told of a wait while it goes on, for those who look closely.
// Parity: Helm, pkg/kube/{statuswait,wait}.go: the texts and keys of its debug lines.

use std::time::Duration;

use helmrs_core::manifest::readiness::Status;

use super::super::Cluster;
use super::{Goal, State};

/// What was told last of a wait.
#[derive(Debug, Default)]
pub(super) struct Stage {
    told: Option<(String, Status)>,
}

impl Stage {
    /// Tells where a wait stands, if that is news: one object that is not where it should be stands for all of them.
    pub(super) fn tell(&mut self, cluster: &Cluster, states: &[State<'_>], goal: Goal) {
        let (wanted, counted): (_, Vec<_>) = match goal {
            Goal::Ready(_) => {
                let counted = states.iter().filter(|one| one.status != Status::Failed);
                (Status::Current, counted.collect())
            }
            Goal::Gone => {
                let counted = states.iter().filter(|one| one.status != Status::Unknown);
                (Status::NotFound, counted.collect())
            }
        };
        let behind = counted.iter().filter(|one| one.status != wanted);
        let Some(first) = behind.min_by_key(|one| &one.resource.name) else {
            let count = counted.len().to_string();
            cluster.step(
                "all resources achieved desired status",
                [("desiredStatus", wanted.word()), ("resourceCount", &count)],
            );
            return;
        };
        let news = Some((first.resource.name.clone(), first.status));
        if news == self.told {
            return;
        }
        self.told = news;
        let [namespace, name, kind] = first.resource.attributes();
        let wanted = ("expectedStatus", wanted.word());
        cluster.step(
            "waiting for resource",
            [
                namespace,
                name,
                kind,
                wanted,
                ("actualStatus", first.status.word()),
            ],
        );
    }
}

impl Cluster {
    /// Tells that a wait begins: for how many objects, and for how long at most.
    pub(super) fn tell_wait(&self, text: &'static str, count: usize, timeout: Duration) {
        self.step(
            text,
            [
                ("count", &count.to_string()),
                ("timeout", &in_words(timeout)),
            ],
        );
    }
}

/// A length of time as Go prints it.
pub(super) fn in_words(length: Duration) -> String {
    let nanoseconds = i64::try_from(length.as_nanos()).unwrap_or(i64::MAX);
    helmrs_gotemplate::time::Duration(nanoseconds).to_string()
}
