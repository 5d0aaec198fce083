//! Charts a hub listed.

use helmrs_client::action::HubChart;
use serde::Serialize;

use super::document::View;
use super::table::Table;
use crate::error::CommandError;

/// One chart.
#[derive(Debug, Serialize)]
pub(crate) struct Row<'a> {
    url: &'a str,
    version: &'a str,
    app_version: &'a str,
    description: &'a str,
    repository: Repository<'a>,
}

/// The repository a chart is in.
#[derive(Debug, Serialize)]
struct Repository<'a> {
    url: &'a str,
    name: &'a str,
}

/// What a hub listed, in its order.
#[derive(Debug)]
pub(crate) struct HubView<'a> {
    pub(crate) found: &'a [HubChart],
    /// Whether the table shows the repositories' URLs.
    pub(crate) repositories: bool,
    /// How wide columns may be; zero for any width.
    pub(crate) widest: usize,
}

impl<'a> View for HubView<'a> {
    type Document = Vec<Row<'a>>;

    fn document(&self) -> Vec<Row<'a>> {
        let row = |found: &'a HubChart| Row {
            url: &found.url,
            version: &found.version,
            app_version: &found.app_version,
            description: &found.description,
            repository: Repository {
                url: &found.repository_url,
                name: &found.repository_name,
            },
        };
        self.found.iter().map(row).collect()
    }

    fn table(&self) -> Result<Vec<u8>, CommandError> {
        if self.found.is_empty() {
            return Ok(b"No results found\n".to_vec());
        }
        let shown = if self.repositories { 5 } else { 4 };
        let mut table = Table::new(self.widest);
        let headers = [
            "URL",
            "CHART VERSION",
            "APP VERSION",
            "DESCRIPTION",
            "REPO URL",
        ];
        table.row(headers.into_iter().take(shown));
        for row in self.document() {
            let cells = [
                row.url,
                row.version,
                row.app_version,
                row.description,
                row.repository.url,
            ];
            table.row(cells.into_iter().take(shown));
        }
        Ok(table.render())
    }
}
