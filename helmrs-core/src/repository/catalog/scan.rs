//! An index read entry by entry, of which only the catalog is kept.

use super::Catalog;
use super::builder::Builder;
use crate::repository::IndexError;
use crate::repository::index::{Rows, may_be_json};
use crate::repository::skipped::accept;
use crate::repository::version::Row;
use crate::yaml;

/// Reads an index of plain blocks, as all programs write them; none if it is anything else or anything is wrong with it.
pub(super) fn scan(text: &[u8]) -> Option<Result<Catalog, IndexError>> {
    // Of JSON less is refused.
    if may_be_json(text) {
        return None;
    }
    let mut builder = Builder::default();
    let take = |name: &str, row: Option<Row>| {
        builder.add(name, accept(row, name));
        Some(())
    };
    let rest: Rows = yaml::scan_strict(text, "entries", take)?;
    for (name, rows) in rest.entries {
        builder.add_chart(&name);
        // What was written in brackets was not handed over.
        for row in rows.unwrap_or_default() {
            builder.add(&name, accept(row, &name));
        }
    }
    if rest.api_version.is_empty() {
        return Some(Err(IndexError::NoApiVersion));
    }
    Some(builder.finish())
}
