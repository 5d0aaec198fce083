//! Entries of an index that are left out.

use super::ChartVersion;
use super::version::Row;
use crate::chart::API_VERSION_1;
use crate::finding::Finding;

/// An entry that is left out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Skipped {
    /// The chart it is listed under.
    pub(super) name: String,
    /// Its version and what is wrong with it; nothing if it is null.
    pub(super) problem: Option<(String, String)>,
}

impl Skipped {
    /// What is told of it; `source` is where the index comes from.
    // Parity: Helm, pkg/repo/v1/index.go, loadIndex.
    pub(super) fn finding(self, source: &str) -> Finding {
        let Some((version, error)) = self.problem else {
            let finding = Finding::warning("skipping loading invalid entry for chart: empty entry");
            return finding.with("name", self.name).with("source", source);
        };
        Finding::warning("skipping loading invalid entry for chart")
            .with("name", self.name)
            .with("version", version)
            .with("source", source)
            .with("error", error)
    }
}

/// Makes a version of a row, or says why it is left out.
pub(super) fn accept(row: Option<Row>, name: &str) -> Result<ChartVersion, Skipped> {
    let skipped = |problem| Skipped {
        name: name.to_owned(),
        problem,
    };
    let Some(row) = row else {
        return Err(skipped(None));
    };
    let null = row.null_entry();
    let mut version = ChartVersion::from(row);
    if version.metadata.api_version.is_empty() {
        version.metadata.api_version = API_VERSION_1.to_string();
    }
    let error = version.metadata.validate().err().or(null);
    match error {
        // Parity: Helm, pkg/repo/v1/index.go, ignoreSkippableChartValidationError.
        Some(error)
            if !error
                .0
                .starts_with("more than one dependency with name or alias") =>
        {
            Err(skipped(Some((version.metadata.version, error.to_string()))))
        }
        _ => Ok(version),
    }
}
