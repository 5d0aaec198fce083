//! What happens while an action runs, told as data.
//!
//! The client never words a message: it emits an [`Event`], and whoever listens decides whether and how to say it.

mod dependency;
mod plugin;

use std::sync::{Arc, Mutex, PoisonError};

use futures::Stream;
use futures::channel::mpsc;
use helmrs_core::finding::Finding;

pub use dependency::DependencyEvent;
pub use plugin::PluginEvent;

/// Something worth telling that happened during an action.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum Event {
    /// The API server did not answer before an install.
    Unreachable { error: String },
    /// Secrets were to be hidden, but the release is really installed.
    HidingNeedsDryRun,
    /// The release name cannot be used.
    NameCheckFailed { error: String },
    /// The chart's dependencies could not be processed.
    DependenciesFailed { error: String },
    /// The chart brings definitions that a dry run does not install.
    DefinitionsNotInstalled,
    /// The finished release could not be recorded.
    RecordFailed { error: String },
    /// A release record could not be updated on the way.
    RecordUpdateFailed {
        name: String,
        revision: i64,
        error: String,
    },
    /// The upgrade failed; the release is about to be recorded as failed.
    UpgradeFailed { name: String, error: String },
    /// The rollback failed; the release is about to be recorded as failed.
    RollbackFailed { name: String, error: String },
    /// An object exists that the previous revision did not hold: its live state is taken as the starting point.
    LiveStateAsBaseline {
        namespace: String,
        name: String,
        kind: String,
    },
    /// An object is left alone because it belongs to somebody else.
    SkippedUnowned {
        kind: String,
        name: String,
        namespace: String,
        release: String,
    },
    /// An object is left alone because nobody could tell whose it is.
    SkippedUnverifiable {
        kind: String,
        name: String,
        namespace: String,
        release: String,
        error: String,
    },
    /// A dry run would leave this many objects alone because they belong to somebody else.
    WouldSkipUnowned { release: String, count: usize },
    /// A dry run would leave this object alone because it belongs to somebody else.
    WouldSkip {
        kind: String,
        name: String,
        namespace: String,
    },
    /// A dry run would leave this many objects alone because nobody can tell whose they are.
    WouldSkipUnverifiable { release: String, count: usize },
    /// A dry run would leave this object alone because nobody can tell whose it is.
    WouldSkipUnverified {
        kind: String,
        name: String,
        namespace: String,
        error: String,
    },
    /// A hook that is a Job failed.
    JobFailed { name: String, reason: String },
    /// A hook that is a Pod failed.
    PodFailed { name: String },
    /// What a hook's container wrote.
    HookLog { text: String },
    /// What a hook's containers wrote could not be read.
    HookLogFailed { error: String },
    /// A failed hook's object could not be deleted.
    HookDeletionFailed { error: String },
    /// Something worth telling about a chart or its values.
    Finding(Finding),
    /// The chart version asked for does not exist as written; this one fits.
    ClosestVersion {
        chart: String,
        requested: String,
        selected: String,
    },
    /// A lock has no digest as it is made today; maybe it has an old one.
    OldDigest,
    /// A chart was pulled from a registry.
    Pulled { reference: String, digest: String },
    /// A chart was pushed to a registry.
    Pushed { reference: String, digest: String },
    /// A chart's archive is of a media type nobody should use any more.
    OldMediaType { media_type: &'static str },
    /// So many bytes of a transfer have come or gone.
    Transferred { done: u64, total: u64 },
    /// A registry was named with a path, which is not part of its name.
    RegistryPath { host: String, suggested: String },
    /// A chart's dependencies are being fetched.
    Dependency(DependencyEvent),
    /// A plugin is being installed or updated.
    Plugin(PluginEvent),
    /// An action did a step only a developer wants to know about.
    Step {
        text: &'static str,
        attributes: Vec<(&'static str, String)>,
    },
}

impl Event {
    /// A step, and what it is about.
    pub(crate) fn step<const N: usize>(
        text: &'static str,
        attributes: [(&'static str, &str); N],
    ) -> Self {
        let attributes = attributes.map(|(key, value)| (key, value.to_owned()));
        Self::Step {
            text,
            attributes: attributes.into(),
        }
    }
}

/// Listens to the events of an action.
pub trait Watch: Send + Sync {
    /// Hears of one event, while the action waits.
    fn event(&self, event: Event);
}

/// Hears everything and says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Watch for Silent {
    fn event(&self, _: Event) {}
}

/// A listener, and the stream of what it hears.
///
/// The stream ends when the listener is gone with every context that has it. What nobody reads is kept, so that an action
/// never waits for a reader.
///
/// ```
/// use futures::StreamExt;
/// use helmrs_client::event::{self, Event, Watch};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let (watch, mut events) = event::stream();
/// watch.event(Event::PodFailed { name: "probe".into() });
/// drop(watch);
/// assert!(matches!(events.next().await, Some(Event::PodFailed { .. })));
/// assert!(events.next().await.is_none());
/// # }
/// ```
pub fn stream() -> (Teller, impl Stream<Item = Event> + Send + Unpin) {
    let (sender, receiver) = mpsc::unbounded();
    (Teller(sender), receiver)
}

/// Passes everything on to a stream.
#[derive(Clone, Debug)]
pub struct Teller(mpsc::UnboundedSender<Event>);

impl Watch for Teller {
    fn event(&self, event: Event) {
        // Whoever does not read any more does not want to know.
        let _ = self.0.unbounded_send(event);
    }
}

/// Keeps every event, for tests and for callers that report afterwards.
#[derive(Clone, Debug, Default)]
pub struct Recorder(Arc<Mutex<Vec<Event>>>);

impl Recorder {
    /// The events so far, oldest first.
    pub fn events(&self) -> Vec<Event> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Watch for Recorder {
    fn event(&self, event: Event) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(event);
    }
}
