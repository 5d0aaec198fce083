//! No `.helmignore` and no path make the rules panic.

#![no_main]

use helmrs_core::chart::ignore::Rules;
use helmrs_core::path_pattern;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&[u8], &str, &str)| {
    let (rules, path, pattern) = input;
    if let Ok(rules) = Rules::parse(rules) {
        rules.ignore(path, true);
        rules.ignore(path, false);
    }
    let _ = path_pattern::matches(pattern, path);
});
