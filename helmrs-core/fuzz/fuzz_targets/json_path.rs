//! No expression makes its parser or its evaluation panic.

#![no_main]

use helmrs_core::values::json_path::JsonPath;
use helmrs_core::yaml::parse_map;
use libfuzzer_sys::fuzz_target;

const VALUES: &[u8] = b"{a: {b: [1, 2.5, x, null]}, list: [{k: v, n: 1}, {k: w, n: 2}], t: true}";

fuzz_target!(|text: &str| {
    if let Ok(path) = JsonPath::parse(text) {
        let _ = path.print(&parse_map(VALUES).expect("the values are YAML"));
    }
});
