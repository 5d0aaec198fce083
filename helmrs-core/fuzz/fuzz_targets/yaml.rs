//! What is read of YAML is written and read back as the same.

#![no_main]

use helmrs_core::yaml;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let _ = yaml::parse_strict(text);
    let _ = yaml::documents(text);
    if let Ok(value) = yaml::parse(text) {
        yaml::to_yaml_pretty(&yaml::Node::from(&value));
        let written = yaml::to_yaml(&value).expect("what is read can be written");
        // The reference writes a key `<<` without quotes, which is then a merge, and line ends of other kinds as they are.
        if !written.contains("<<:") && !written.contains(['\u{85}', '\u{2028}', '\u{2029}']) {
            assert_eq!(yaml::parse(written.as_bytes()), Ok(value), "{written}");
        }
    }
});
