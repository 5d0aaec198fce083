//! No schema makes checking values panic.

#![no_main]

use helmrs_core::values::schema::{NoLoader, validate};
use helmrs_core::yaml::parse_map;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (values, schema) = text
        .split_once("\n---\n")
        .unwrap_or(("{a: {b: [1, x]}}", text));
    if let Ok(values) = parse_map(values.as_bytes()) {
        let _ = validate(&values, schema.as_bytes(), &NoLoader);
    }
});
