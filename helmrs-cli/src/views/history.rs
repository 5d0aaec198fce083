//! The revisions of a release.

use helmrs_core::release::Release;
use helmrs_core::time::Time;
use serde::Serialize;

use super::document::View;
use super::list::{app_version, chart_name};
use super::table::Table;
use super::time;
use crate::error::CommandError;

/// One revision.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Row {
    revision: i64,
    #[serde(skip_serializing_if = "Time::is_zero")]
    updated: Time,
    status: String,
    chart: String,
    app_version: String,
    #[serde(skip_serializing_if = "is_zero")]
    rollback_revision: i64,
    description: String,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature is serde's"
)]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// The revisions, oldest first.
#[derive(Debug)]
pub(crate) struct HistoryView {
    rows: Vec<Row>,
    rollbacks: bool,
}

impl HistoryView {
    /// Lists revisions; with `rollbacks`, the table has a column for what each one was rolled back to.
    pub(crate) fn new(releases: &[Release], rollbacks: bool) -> Self {
        let row = |release: &Release| Row {
            revision: release.revision,
            updated: release.info.last_deployed,
            status: release.info.status.to_string(),
            chart: chart_name(release.chart.as_ref()),
            app_version: app_version(release.chart.as_ref()),
            rollback_revision: release.info.rollback_revision,
            description: release.info.description.clone(),
        };
        Self {
            rows: releases.iter().map(row).collect(),
            rollbacks,
        }
    }
}

impl View for HistoryView {
    type Document = Vec<Row>;

    fn document(&self) -> Vec<Row> {
        self.rows.clone()
    }

    fn table(&self) -> Result<Vec<u8>, CommandError> {
        let mut table = Table::new(0);
        let mut headers = vec![
            "REVISION",
            "UPDATED",
            "STATUS",
            "CHART",
            "APP VERSION",
            "DESCRIPTION",
        ];
        if self.rollbacks {
            headers.insert(5, "ROLLBACK");
        }
        table.row(headers);
        for row in &self.rows {
            let mut cells = vec![
                row.revision.to_string(),
                time::ansic(row.updated),
                row.status.clone(),
                row.chart.clone(),
                row.app_version.clone(),
                row.description.clone(),
            ];
            if self.rollbacks {
                let number = row.rollback_revision;
                cells.insert(
                    5,
                    if number > 0 {
                        number.to_string()
                    } else {
                        String::new()
                    },
                );
            }
            table.row(cells);
        }
        Ok(table.render())
    }
}
