//! What happens while an action runs, in words.

use helmrs_core::finding::{self, Finding};

use crate::printer::{Level, Printer, Record};

/// Prints what was found about a chart.
pub(crate) fn findings(findings: &[Finding], printer: &Printer) {
    for finding in findings {
        let level = match finding.level {
            finding::Level::Info => Level::Info,
            finding::Level::Warning => Level::Warn,
        };
        let record = finding.attributes.iter().fold(
            Record::new(level, &finding.message),
            |record, (key, value)| record.with(key, value),
        );
        printer.log(&record);
    }
}
