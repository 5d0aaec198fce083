//! No text makes reading an index panic, or choosing from it.

#![no_main]

use helmrs_core::repository::IndexFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    if let Ok((index, _)) = IndexFile::read(text, "fuzz") {
        for name in index.entries.keys() {
            let _ = index.select(name, "");
            let _ = index.select(name, ">=1.0.0-0");
        }
    }
});
