//! No text makes reading a plugin's files panic, nor preparing its commands or printing it.

#![no_main]

use std::path::PathBuf;

use helmrs_core::plugin::{CompletionCommand, Metadata, Platform, Plugin, Runtime, prepare};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    if let Ok(completion) = CompletionCommand::read(text) {
        let _ = completion.fake_flags();
    }
    let Ok(metadata) = Metadata::read(text) else {
        return;
    };
    if let Runtime::Subprocess(runtime) = &metadata.runtime_config {
        let platform = Platform {
            os: "linux",
            arch: "amd64",
        };
        let _ = prepare(&runtime.platform_command, platform, true, &|name| name.to_owned());
    }
    let directory = PathBuf::from("plugin");
    let _ = Plugin { metadata, directory }.dump();
});
