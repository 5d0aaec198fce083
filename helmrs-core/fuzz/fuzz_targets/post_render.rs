//! No text makes joining files for a post-renderer panic, or splitting what it wrote; what was joined can be split.

#![no_main]

use std::collections::BTreeMap;

use helmrs_core::release::post_render::{merge, unmerge};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let _ = unmerge(text);
    let files = BTreeMap::from([("chart/templates/a.yaml".to_owned(), text.to_vec())]);
    if let Ok(merged) = merge(&files) {
        let _ = unmerge(merged.as_bytes());
    }
});
