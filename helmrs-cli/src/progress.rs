//! What happens while an action runs, in words.

mod dependency;
mod plugin;
mod registry;

use helmrs_client::{Event, Watch};
use helmrs_core::finding::{self, Finding};

use crate::printer::{Level, Printer, Record};
use crate::quote::quote;

/// Prints what happens.
pub(crate) struct Progress {
    printer: Printer,
    /// Whether what is told of registries stays away from standard output.
    keeps_output_clean: bool,
}

impl Progress {
    /// Prints what happens through `printer`.
    pub(crate) fn new(printer: Printer, keeps_output_clean: bool) -> Self {
        Self {
            printer,
            keeps_output_clean,
        }
    }
}

impl Watch for Progress {
    fn event(&self, event: Event) {
        match event {
            Event::Finding(finding) => findings(&[finding], &self.printer),
            Event::Dependency(event) => {
                if let Some(text) = dependency::text(&event, self.printer.debug()) {
                    // A reader that went away is no reason to leave the charts half fetched.
                    let _ = self.printer.data(text);
                }
            }
            Event::Plugin(event) => plugin::tell(&event, &self.printer),
            Event::Pulled { .. } | Event::Pushed { .. } | Event::OldMediaType { .. } => {
                let text = registry::text(&event).unwrap_or_default();
                if self.keeps_output_clean {
                    self.printer.note(text.trim_end_matches('\n'));
                } else {
                    // As above: what is under way is finished.
                    let _ = self.printer.data(text);
                }
            }
            Event::Transferred { done, total } => {
                if self.printer.is_watched() {
                    self.printer.pass(&registry::bar(done, total));
                }
            }
            event => self.printer.log_some(record(event)),
        }
    }
}

/// Does what finds something out about a chart and prints what it found, even if it fails.
pub(crate) fn telling<T>(printer: &Printer, work: impl FnOnce(&mut Vec<Finding>) -> T) -> T {
    let mut found = Vec::new();
    let result = work(&mut found);
    findings(&found, printer);
    result
}

/// Prints what was found about a chart.
pub(crate) fn findings(findings: &[Finding], printer: &Printer) {
    for finding in findings {
        let level = match finding.level {
            finding::Level::Debug => Level::Debug,
            finding::Level::Info => Level::Info,
            finding::Level::Warning => Level::Warn,
        };
        let record = finding.attributes.iter().fold(
            Record::new(level, &finding.message),
            |record, (key, value)| record.with(key, value),
        );
        printer.log(&record);
    }
}

/// The log line of an event; none for those nobody needs to hear of.
// Parity: Helm, pkg/action and pkg/kube: the texts and keys of its log lines.
#[expect(clippy::too_many_lines, reason = "one arm an event")]
fn record(event: Event) -> Option<Record> {
    let error = |text: &str| Record::new(Level::Error, text);
    let warning = |text: &str| Record::new(Level::Warn, text);
    let record = match event {
        Event::Unreachable { error: cause } => error(&format!("cluster reachability check failed: {cause}")),
        Event::HidingNeedsDryRun => error("hiding Kubernetes secrets requires a dry-run mode"),
        Event::NameCheckFailed { error: cause } => error("release name check failed").with("error", &cause),
        Event::DependenciesFailed { error: cause } => {
            error("chart dependencies processing failed").with("error", &cause)
        }
        Event::DefinitionsNotInstalled => warning(
            "This chart or one of its subcharts contains CRDs. Rendering may fail or contain inaccuracies.",
        ),
        Event::RecordFailed { error: cause } => error("failed to record the release").with("error", &cause),
        Event::RecordUpdateFailed { name, revision, error: cause } => warning("failed to update release")
            .with("name", &name)
            .with("revision", &revision.to_string())
            .with("error", &cause),
        Event::UpgradeFailed { name, error: cause } => {
            warning("upgrade failed").with("name", &name).with("error", &cause)
        }
        Event::RollbackFailed { name, error: cause } => {
            warning(&format!("Rollback {} failed: {cause}", quote(&name)))
        }
        Event::LiveStateAsBaseline { namespace, name, kind } => {
            warning("resource exists on cluster but not in original release, using cluster state as baseline")
                .with("namespace", &namespace)
                .with("name", &name)
                .with("kind", &kind)
        }
        Event::SkippedUnowned { kind, name, namespace, release } => {
            warning("skipping delete of resource not owned by this release")
                .with("kind", &kind)
                .with("name", &name)
                .with("namespace", &namespace)
                .with("release", &release)
        }
        Event::SkippedUnverifiable { kind, name, namespace, release, error: cause } => {
            warning("skipping delete of resource because ownership could not be verified")
                .with("kind", &kind)
                .with("name", &name)
                .with("namespace", &namespace)
                .with("release", &release)
                .with("error", &cause)
        }
        Event::WouldSkipUnowned { release, count } => {
            warning("dry-run: resources would be skipped because they are not owned by this release")
                .with("release", &release)
                .with("count", &count.to_string())
        }
        Event::WouldSkip { kind, name, namespace } => warning("dry-run: would skip resource")
            .with("kind", &kind)
            .with("name", &name)
            .with("namespace", &namespace),
        Event::WouldSkipUnverifiable { release, count } => {
            warning("dry-run: resources would be skipped because their ownership could not be verified")
                .with("release", &release)
                .with("count", &count.to_string())
        }
        Event::WouldSkipUnverified { kind, name, namespace, error: cause } => {
            warning("dry-run: would skip resource (ownership could not be verified)")
                .with("kind", &kind)
                .with("name", &name)
                .with("namespace", &namespace)
                .with("error", &cause)
        }
        Event::HookLog { text } => Record::new(Level::Info, &text),
        Event::JobFailed { name, reason } => error("job failed").with("job", &name).with("reason", &reason),
        Event::PodFailed { name } => error("pod failed").with("pod", &name),
        Event::HookLogFailed { error: cause } => {
            Record::new(Level::Info, &format!("error outputting logs for hook failure: {cause}"))
        }
        Event::HookDeletionFailed { error: cause } => {
            Record::new(Level::Info, &format!("error deleting the hook resource on hook failure: {cause}"))
        }
        Event::ClosestVersion { chart, requested, selected } => {
            warning("unable to find exact version requested; falling back to closest available version")
                .with("chart", &chart)
                .with("requested", &requested)
                .with("selected", &selected)
        }
        Event::OldDigest => Record::new(
            Level::Info,
            "warning: a valid Helm v3 hash was not found. Checking against Helm v2 hash...",
        ),
        Event::RegistryPath { host, suggested } => {
            warning("registry login currently only supports registry hostname, not a repository path")
                .with("host", &host)
                .with("suggested", &suggested)
        }
        Event::Step { text, attributes } => attributes
            .iter()
            .fold(Record::new(Level::Debug, text), |record, (key, value)| {
                record.with(key, value)
            }),
        _ => return None,
    };
    Some(record)
}
