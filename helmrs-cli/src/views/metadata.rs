//! The facts of a release that are neither values nor manifests.

use std::collections::BTreeMap;
use std::fmt::Write;

use helmrs_client::action::get::Metadata;
use helmrs_core::chart::Dependency;
use serde::Serialize;

use super::document::View;
use crate::error::CommandError;
use crate::quote::quote;

/// The facts, to be shown.
#[derive(Debug)]
pub(crate) struct MetadataView<'a>(pub(crate) &'a Metadata);

/// The facts as data.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Document<'a> {
    name: &'a str,
    chart: &'a str,
    version: &'a str,
    app_version: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    annotations: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "<[Dependency]>::is_empty")]
    dependencies: &'a [Dependency],
    namespace: &'a str,
    revision: i64,
    status: &'a str,
    deployed_at: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    apply_method: &'a str,
}

impl<'a> View for MetadataView<'a> {
    type Document = Document<'a>;

    fn document(&self) -> Document<'a> {
        let metadata = self.0;
        Document {
            name: &metadata.name,
            chart: &metadata.chart,
            version: &metadata.version,
            app_version: &metadata.app_version,
            annotations: &metadata.annotations,
            labels: &metadata.labels,
            dependencies: &metadata.dependencies,
            namespace: &metadata.namespace,
            revision: metadata.revision,
            status: &metadata.status,
            deployed_at: super::time::rfc3339(metadata.deployed_at),
            apply_method: &metadata.apply_method,
        }
    }

    fn table(&self) -> Result<Vec<u8>, CommandError> {
        let metadata = self.0;
        let mut dependencies: Vec<_> = metadata
            .dependencies
            .iter()
            .map(|dependency| dependency.name.as_str())
            .collect();
        dependencies.sort_unstable();
        let mut text = String::new();
        let mut line = |name: &str, value: &str| {
            writeln!(text, "{name}: {value}").expect("writing to a string cannot fail");
        };
        line("NAME", &metadata.name);
        line("CHART", &metadata.chart);
        line("VERSION", &metadata.version);
        line("APP_VERSION", &metadata.app_version);
        line("ANNOTATIONS", &pairs(&metadata.annotations));
        line("LABELS", &pairs(&metadata.labels));
        line("DEPENDENCIES", &dependencies.join(","));
        line("NAMESPACE", &metadata.namespace);
        line("REVISION", &metadata.revision.to_string());
        line("STATUS", &metadata.status);
        line("DEPLOYED_AT", &super::time::rfc3339(metadata.deployed_at));
        line("APPLY_METHOD", &apply_method(&metadata.apply_method));
        Ok(text.into_bytes())
    }
}

fn pairs(map: &BTreeMap<String, String>) -> String {
    map.iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect::<Vec<_>>()
        .join(",")
}

fn apply_method(word: &str) -> String {
    match word {
        "" => "client-side apply (defaulted)".to_owned(),
        "csa" => "client-side apply".to_owned(),
        "ssa" => "server-side apply".to_owned(),
        other => format!("unknown ({})", quote(other)),
    }
}
