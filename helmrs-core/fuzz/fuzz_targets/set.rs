//! No argument of the `--set` family makes its parser panic, whatever is set already.

#![no_main]

use helmrs_core::values::set;
use helmrs_core::yaml::Map;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|arguments: Vec<(u8, &str)>| {
    let mut values = Map::new();
    for (kind, text) in arguments {
        let _ = match kind % 5 {
            0 => set::parse_into(&mut values, text),
            1 => set::parse_string_into(&mut values, text),
            2 => set::parse_json_into(&mut values, text),
            3 => set::parse_literal_into(&mut values, text),
            _ => set::parse_file_into(&mut values, text, &mut |path| Ok(path.as_bytes().to_vec())),
        };
    }
});
