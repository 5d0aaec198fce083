//! A record is refused, or read as what is written of it again.

#![no_main]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use helmrs_core::release::record::{decode, encode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = decode(bytes);
    if let Ok(release) = decode(STANDARD.encode(bytes).as_bytes()) {
        let record = encode(&release).expect("what is read can be written");
        assert_eq!(decode(record.as_bytes()).expect("a record"), release);
    }
});
