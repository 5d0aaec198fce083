//! No three objects make a patch panic: what was, what shall be, what is.

#![no_main]

use helmrs_core::manifest::object::GroupVersionKind;
use helmrs_core::manifest::patch::{merge, strategic};
use helmrs_core::yaml::parse_map;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut objects = text
        .split("\n---\n")
        .map_while(|text| parse_map(text.as_bytes()).ok());
    if let (Some(original), Some(modified), Some(mut current)) =
        (objects.next(), objects.next(), objects.next())
    {
        for (version, kind) in [
            ("apps/v1", "Deployment"),
            ("v1", "Service"),
            ("example.com/v1", "Thing"),
        ] {
            let _ = strategic(
                &original,
                &modified,
                &current,
                &GroupVersionKind::new(version, kind),
            );
        }
        let patch = merge::three_way(&original, &modified, &current);
        merge::apply(&mut current, &patch);
    }
});
