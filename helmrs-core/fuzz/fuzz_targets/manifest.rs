//! No rendered text makes splitting, sorting or hooks panic.

#![no_main]

use std::collections::BTreeMap;

use helmrs_core::chart::Chart;
use helmrs_core::manifest::split;
use helmrs_core::release::build::{Assembly, assemble};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    split::documents(text);
    let assembly = Assembly {
        include_crds: true,
        hide_secrets: true,
    };
    let files = BTreeMap::from([("fuzz/templates/a.yaml".to_owned(), text.as_bytes().to_vec())]);
    let _ = assemble(&Chart::default(), &files, assembly, &mut Vec::new());
});
