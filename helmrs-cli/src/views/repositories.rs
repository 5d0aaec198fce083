//! The repositories a user has added.

use helmrs_core::repository::entries::Entry;
use serde::Serialize;

use super::document::View;
use super::table::Table;
use crate::error::CommandError;

/// One repository.
#[derive(Debug, Serialize)]
pub(crate) struct Row<'a> {
    name: &'a str,
    url: &'a str,
}

/// The repositories, in the order they were added.
#[derive(Debug)]
pub(crate) struct RepositoriesView<'a> {
    pub(crate) entries: &'a [Entry],
    pub(crate) headers: bool,
}

impl<'a> View for RepositoriesView<'a> {
    type Document = Vec<Row<'a>>;

    fn document(&self) -> Vec<Row<'a>> {
        self.entries
            .iter()
            .map(|entry| Row {
                name: &entry.name,
                url: &entry.url,
            })
            .collect()
    }

    fn table(&self) -> Result<Vec<u8>, CommandError> {
        let mut table = Table::new(0);
        if self.headers {
            table.row(["NAME", "URL"]);
        }
        for entry in self.entries {
            table.row([entry.name.as_str(), entry.url.as_str()]);
        }
        Ok(table.render())
    }
}
