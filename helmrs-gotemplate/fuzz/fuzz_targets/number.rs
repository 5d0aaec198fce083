//! What is written of a float is read back as the same float.

#![no_main]

use helmrs_gotemplate::number::{format_float, parse_float, parse_int};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (f64, &str)| {
    let (float, text) = input;
    if float.is_finite() {
        for form in ['e', 'f', 'g', 'x'] {
            assert_eq!(parse_float(&format_float(float, form, None)), Some(float));
        }
    }
    parse_float(text);
    parse_int(text, 0);
});
