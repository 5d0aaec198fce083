//! A URL is read back from its own text.

#![no_main]

use helmrs_gotemplate::url::Url;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    if let Ok(url) = Url::parse(text) {
        url.hostname();
        let written = url.to_bytes();
        if let Ok(again) = Url::parse(&written) {
            assert_eq!(again.to_bytes(), written);
        }
    }
});
