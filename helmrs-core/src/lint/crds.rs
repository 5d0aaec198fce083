//! Rules about custom resource definitions.

use super::source::{Place, Source};
use super::{Report, Severity, chain, document};
use crate::chart::CRDS;

// Parity: Helm, pkg/chart/v2/lint/rules/crds.go, Crds.
pub(super) fn check(source: &Source, report: &mut Report) {
    match source.crds {
        Place::Missing => return,
        Place::File => {
            report.rule(Severity::Error, CRDS, Some("not a directory".to_string()));
            return;
        }
        Place::Directory => {}
    }
    report.findings.extend(source.findings.iter().cloned());
    let chart = match &source.loaded {
        Ok(chart) => chart,
        Err(error) => {
            report.rule(Severity::Error, CRDS, Some(chain(error)));
            return;
        }
    };
    for (_, file) in chart.crds() {
        for document in document::documents(&file.data) {
            let document = match document {
                Ok(document) => document,
                Err(error) => {
                    report.rule(Severity::Error, &file.name, Some(error));
                    return;
                }
            };
            let group = document.api_version.starts_with("apiextensions.k8s.io");
            let problem =
                (!group).then(|| "apiVersion is not in 'apiextensions.k8s.io'".to_string());
            report.rule(Severity::Error, &file.name, problem);
            let kind = document.kind == "CustomResourceDefinition";
            let problem =
                (!kind).then(|| "object kind is not 'CustomResourceDefinition'".to_string());
            report.rule(Severity::Error, &file.name, problem);
        }
    }
}
