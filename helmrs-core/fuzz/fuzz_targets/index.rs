//! No text makes reading an index panic, or choosing from it; a catalog of it lists the same.

#![no_main]

use helmrs_core::repository::{Catalog, IndexFile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let catalog = Catalog::read(text);
    match IndexFile::read(text, "fuzz") {
        Ok((index, findings)) => {
            let catalog = catalog.expect("what is an index has a catalog");
            assert_eq!(catalog.findings("fuzz"), findings);
            assert_eq!(catalog.charts().len(), index.entries.len());
            for name in index.entries.keys() {
                for wanted in ["", ">=1.0.0-0"] {
                    let one = index.select(name, wanted).ok();
                    let other = catalog.select(name, wanted).ok();
                    assert_eq!(
                        one.map(|found| found.chart.metadata.version.as_str()),
                        other.map(|(found, _)| found.version())
                    );
                }
            }
        }
        Err(error) => {
            let other = catalog.expect_err("what is no index has no catalog");
            assert_eq!(error.to_string(), other.to_string());
        }
    }
});
