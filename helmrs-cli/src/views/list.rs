//! The list of releases.

use helmrs_core::chart::Chart;
use helmrs_core::release::Release;
use serde::Serialize;

use super::color;
use super::document::View;
use super::table::Table;
use super::time;
use crate::error::CommandError;

/// One release of the list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Row {
    name: String,
    namespace: String,
    revision: String,
    updated: String,
    status: String,
    chart: String,
    app_version: String,
}

/// The releases of a namespace.
#[derive(Debug)]
pub(crate) struct ListView {
    rows: Vec<Row>,
    headers: bool,
    color: bool,
}

impl ListView {
    /// Lists releases; their times are written in `layout`, one of Go's, if there is one.
    pub(crate) fn new(releases: &[Release], layout: &str, headers: bool, color: bool) -> Self {
        let row = |release: &Release| Row {
            name: release.name.clone(),
            namespace: release.namespace.clone(),
            revision: release.revision.to_string(),
            updated: time::updated(release.info.last_deployed, layout),
            status: release.info.status.to_string(),
            chart: chart_name(release.chart.as_ref()),
            app_version: app_version(release.chart.as_ref()),
        };
        Self {
            rows: releases.iter().map(row).collect(),
            headers,
            color,
        }
    }
}

impl View for ListView {
    type Document = Vec<Row>;

    fn document(&self) -> Vec<Row> {
        self.rows.clone()
    }

    fn table(&self) -> Result<Vec<u8>, CommandError> {
        let mut table = Table::new(0);
        if self.headers {
            let names = [
                "NAME",
                "NAMESPACE",
                "REVISION",
                "UPDATED",
                "STATUS",
                "CHART",
                "APP VERSION",
            ];
            table.row(names.map(|name| color::header(name, self.color)));
        }
        for row in &self.rows {
            table.row([
                row.name.clone(),
                color::namespace(&row.namespace, self.color),
                row.revision.clone(),
                row.updated.clone(),
                color::status(&row.status, self.color),
                row.chart.clone(),
                row.app_version.clone(),
            ]);
        }
        Ok(table.render())
    }
}

/// A chart's name and version; some records hold none.
pub(crate) fn chart_name(chart: Option<&Chart>) -> String {
    chart.map_or_else(
        || "MISSING".to_owned(),
        |chart| format!("{}-{}", chart.metadata.name, chart.metadata.version),
    )
}

/// The version of what a chart installs; some records hold no chart.
pub(crate) fn app_version(chart: Option<&Chart>) -> String {
    chart.map_or_else(
        || "MISSING".to_owned(),
        |chart| chart.metadata.app_version.clone(),
    )
}
