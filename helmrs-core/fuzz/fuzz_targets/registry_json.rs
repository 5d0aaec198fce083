//! No bytes make reading what registries answer, or the file of credentials, panic.

#![no_main]

use helmrs_core::registry::manifest::MANIFESTS;
use helmrs_core::registry::{Configuration, Credential, Node, answer};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    for media_type in MANIFESTS {
        let _ = Node::successors(media_type, text);
    }
    let _ = answer::tags(text);
    let _ = answer::token(text, true);
    let _ = answer::problems(text);
    let _ = answer::kept(text);
    if let Ok(mut file) = Configuration::parse(text) {
        let _ = file.credential("localhost:5000");
        file.insert("localhost:5000", &Credential::basic("ann", "secret"));
        let again = Configuration::parse(&file.to_bytes()).expect("what is written can be read");
        assert_eq!(again.to_bytes(), file.to_bytes());
    }
});
