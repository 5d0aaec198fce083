//! Rules about what a chart depends on.

use std::collections::BTreeSet;

use super::source::Source;
use super::{Report, Severity, chain};
use crate::chart::{Chart, Dependency};

// Parity: Helm, pkg/chart/v2/lint/rules/dependencies.go, Dependencies.
pub(super) fn check(source: &Source, report: &mut Report) {
    report.findings.extend(source.findings.iter().cloned());
    let chart = match &source.loaded {
        Ok(chart) => chart,
        Err(error) => {
            report.rule(
                Severity::Error,
                "",
                Some(format!("unable to load chart\n\t{}", chain(error))),
            );
            return;
        }
    };
    let directory = source.directory.display().to_string();
    report.rule(Severity::Error, &directory, unasked(chart));
    report.rule(Severity::Error, &directory, shadowed(chart));
    report.rule(Severity::Warning, &directory, missing(chart));
}

fn unasked(chart: &Chart) -> Option<String> {
    let asked: BTreeSet<_> = chart
        .metadata
        .dependencies
        .iter()
        .map(|dependency| dependency.name.as_str())
        .collect();
    let unasked: Vec<_> = chart
        .dependencies
        .iter()
        .map(Chart::name)
        .filter(|name| !asked.contains(name))
        .collect();
    list("chart metadata is missing these dependencies", &unasked)
}

fn missing(chart: &Chart) -> Option<String> {
    let present: BTreeSet<_> = chart.dependencies.iter().map(Chart::name).collect();
    let asked = chart
        .metadata
        .dependencies
        .iter()
        .map(|dependency| dependency.name.as_str());
    let missing: Vec<_> = asked.filter(|name| !present.contains(name)).collect();
    list("chart directory is missing these dependencies", &missing)
}

fn shadowed(chart: &Chart) -> Option<String> {
    let mut seen = BTreeSet::new();
    let name = |dependency: &'_ Dependency| -> String {
        if dependency.alias.is_empty() {
            dependency.name.clone()
        } else {
            dependency.alias.clone()
        }
    };
    let names: Vec<String> = chart.metadata.dependencies.iter().map(name).collect();
    let shadowed: Vec<_> = names
        .iter()
        .map(String::as_str)
        .filter(|name| !seen.insert(*name))
        .collect();
    list("multiple dependencies with name or alias", &shadowed)
}

fn list(problem: &str, names: &[&str]) -> Option<String> {
    (!names.is_empty()).then(|| format!("{problem}: {}", names.join(",")))
}
