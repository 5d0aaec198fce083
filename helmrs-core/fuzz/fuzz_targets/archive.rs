//! No archive makes loading panic, neither as it is nor once it is compressed.

#![no_main]

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use helmrs_core::chart::{archive, load_archive};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = load_archive(bytes, &mut Vec::new());
    let mut gzip = GzEncoder::new(Vec::new(), Compression::none());
    gzip.write_all(bytes).expect("memory is writable");
    let packed = gzip.finish().expect("memory is writable");
    let _ = archive::expand(&packed);
    let _ = load_archive(&packed, &mut Vec::new());
});
