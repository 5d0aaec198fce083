//! What is read of TOML is written, and the same again once that is read.

#![no_main]

use helmrs_core::toml::{Value, parse, to_toml};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    if let Ok(table) = parse(text) {
        if let Ok(written) = to_toml(&Value::Table(table)) {
            let again = parse(written.as_bytes()).expect("what is written is TOML");
            assert_eq!(to_toml(&Value::Table(again)), Ok(written));
        }
    }
});
