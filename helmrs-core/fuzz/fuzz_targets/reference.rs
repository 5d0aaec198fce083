//! No text makes reading a reference panic, and what is read is written so that it is read again.

#![no_main]

use helmrs_core::registry::{Address, Challenge, Digest, Reference, scope, tags};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(reference) = Reference::parse(text) {
        assert_eq!(Reference::parse(&reference.to_string()).as_ref(), Ok(&reference));
    }
    let _ = Address::parse(text).map(|address| address.to_string());
    let _ = Digest::parse(text);
    let _ = Challenge::parse(text);
    let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    let _ = scope::clean(&words);
    let versions = tags::versions(&words);
    let _ = tags::choose(&versions, text);
});
