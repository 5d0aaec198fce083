//! No text makes the lexer or the parser panic.

#![no_main]

use helmrs_gotemplate::{Functions, MissingKey, TemplateSet, sprig};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let mut functions = Functions::new();
    sprig::register(&mut functions);
    let _ = TemplateSet::new("set", functions, MissingKey::Zero).parse("fuzz", text);
});
