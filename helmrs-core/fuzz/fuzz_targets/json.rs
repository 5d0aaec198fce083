//! What is read of JSON is written in each way and read back as the same.

#![no_main]

use helmrs_core::yaml::json::{parse, to_json, to_json_pretty, to_json_raw};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    if let Ok(value) = parse(text) {
        for written in [
            to_json(&value),
            to_json_raw(&value),
            to_json_pretty(&value, "  "),
        ] {
            let written = written.expect("what is read can be written");
            assert_eq!(parse(written.as_bytes()), Ok(value.clone()));
        }
    }
});
