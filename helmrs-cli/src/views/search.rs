//! Charts that were found.

use helmrs_core::repository::search::Found;
use serde::Serialize;

use super::document::View;
use super::table::Table;
use crate::error::CommandError;

/// One version of a chart.
#[derive(Debug, Serialize)]
pub(crate) struct Row<'a> {
    name: &'a str,
    version: &'a str,
    app_version: &'a str,
    description: &'a str,
}

/// What was found, the best first.
#[derive(Debug)]
pub(crate) struct SearchView<'a> {
    pub(crate) found: &'a [Found<'a>],
    /// How wide columns may be; zero for any width.
    pub(crate) widest: usize,
}

impl<'a> View for SearchView<'a> {
    type Document = Vec<Row<'a>>;

    fn document(&self) -> Vec<Row<'a>> {
        let row = |found: &'a Found<'a>| Row {
            name: found.name,
            version: found.version.version(),
            app_version: found.version.app_version(),
            description: found.version.description(),
        };
        self.found.iter().map(row).collect()
    }

    fn table(&self) -> Result<Vec<u8>, CommandError> {
        if self.found.is_empty() {
            return Ok(b"No results found\n".to_vec());
        }
        let mut table = Table::new(self.widest);
        table.row(["NAME", "CHART VERSION", "APP VERSION", "DESCRIPTION"]);
        for row in self.document() {
            table.row([row.name, row.version, row.app_version, row.description]);
        }
        Ok(table.render())
    }
}
