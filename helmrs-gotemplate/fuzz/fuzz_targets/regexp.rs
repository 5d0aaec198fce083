//! No pattern makes the translation panic, and what is found lies in the text.

#![no_main]

use helmrs_gotemplate::regexp::{Regexp, quote_meta};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&[u8], &[u8])| {
    let (pattern, text) = input;
    if let Ok(regexp) = Regexp::compile_bytes(pattern) {
        assert_eq!(regexp.is_match(text), regexp.find(text).is_some());
        regexp.split(text, -1);
        regexp.replace_all(text, b"${1}$x$0");
    }
    if std::str::from_utf8(text).is_ok() {
        let itself = Regexp::compile_bytes(&quote_meta(text)).expect("a quoted text is a pattern");
        assert_eq!(itself.find(text), Some(text));
    }
});
