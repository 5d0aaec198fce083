//! What is read of JSON is written and read back as the same.

#![no_main]

use helmrs_gotemplate::Value;
use helmrs_gotemplate::json::{parse, parse_prefix, to_json};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let _ = parse_prefix::<Value>(text);
    if let Ok(value) = parse::<Value>(text) {
        let written = to_json(&value).expect("JSON has no infinite numbers");
        let again = parse::<Value>(&written).expect("what is written is JSON");
        assert_eq!(to_json(&again), Ok(written));
    }
});
