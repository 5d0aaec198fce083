//! No text makes the parser of label selectors panic.

#![no_main]

use std::collections::BTreeMap;

use helmrs_core::selector::Selector;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(selector) = Selector::parse(text) {
        selector.matches(&BTreeMap::from([("a".to_owned(), "1".to_owned())]));
    }
});
