//! Looks for mistakes in a chart.
//!
//! - [`run`] applies every rule to a [`Source`]: a chart's directory, or the files of its archive.
//! - Each subject has its own module: `Chart.yaml`, values, templates, dependencies, custom resource definitions.

mod chartfile;
mod contact;
mod crds;
mod dependencies;
mod deprecations;
mod document;
mod object_name;
mod source;
mod templates;
mod values;

use std::fmt;

use helmrs_gotemplate::{Ambient, Budget};

pub use source::Source;

use crate::capabilities::KubeVersion;
use crate::error_chain::joined as chain;
use crate::finding::Finding;
use crate::values::schema;
use crate::yaml::Map;

/// How bad a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Against good practice, but it will do.
    Warning,
    /// It will not do.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
        })
    }
}

/// Something a rule has to say: `[ERROR] Chart.yaml: name is required`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// How bad it is.
    pub severity: Severity,
    /// The file it is about.
    pub path: String,
    /// What is wrong with it.
    pub text: String,
}

impl fmt::Display for Message {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "[{}] {}: {}",
            self.severity, self.path, self.text
        )
    }
}

/// What a chart is checked with.
pub struct Request<'a> {
    /// The chart.
    pub source: &'a Source,
    /// The user's values.
    pub values: &'a Map,
    /// The namespace that templates see.
    pub namespace: &'a str,
    /// The version of Kubernetes that templates see, and by which APIs are deprecated.
    pub kube_version: Option<&'a KubeVersion>,
    /// Whether values may break the chart's schema.
    pub skip_schema_validation: bool,
    /// Fetches what the chart's schema refers to.
    pub schema_loader: &'a dyn schema::Loader,
    /// The clock, the entropy and the resolver that templates use.
    pub ambient: &'a dyn Ambient,
    /// What the templates may cost.
    pub budget: Budget,
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Request")
            .field("source", self.source)
            .finish_non_exhaustive()
    }
}

/// What came of checking a chart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What the rules have to say, in their order.
    pub messages: Vec<Message>,
    /// What was worth telling on the way.
    pub findings: Vec<Finding>,
}

/// Applies every rule.
// Parity: Helm, pkg/chart/v2/lint/lint.go, RunAll: the order of the subjects.
pub fn run(request: &Request<'_>) -> Report {
    let mut report = Report::default();
    chartfile::check(request.source, &mut report);
    values::check(request, &mut report);
    templates::check(request, &mut report);
    dependencies::check(request.source, &mut report);
    crds::check(request.source, &mut report);
    report
}

impl Report {
    /// Notes a rule's objection; says whether it had none.
    fn rule(&mut self, severity: Severity, path: &str, problem: Option<String>) -> bool {
        let Some(text) = problem else { return true };
        self.messages.push(Message {
            severity,
            path: path.to_string(),
            text,
        });
        false
    }
}
