//! A URL is read back from its own text.

#![no_main]

use helmrs_gotemplate::url::Url;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    if let Ok(url) = Url::parse(text) {
        let written = url.to_bytes();
        // As in Go, a path that starts with two slashes is taken for a host.
        if let Ok(again) = Url::parse(&written)
            && (again.hostname() == url.hostname() || !written.starts_with(b"//"))
        {
            assert_eq!(again.to_bytes(), written);
        }
    }
});
