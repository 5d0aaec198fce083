//! No archive makes unpacking a plugin panic or lead elsewhere, and no address makes its name a path.

#![no_main]

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use helmrs_core::plugin::archive::{ArchiveError, descriptor, unpack};
use helmrs_core::plugin::{repository, source};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::none());
    gzip.write_all(bytes).expect("memory is writable");
    let packed = gzip.finish().expect("memory is writable");
    for archive in [bytes, &packed] {
        let _ = descriptor(archive);
        let _ = unpack(archive, |entry| {
            assert!(!entry.path.starts_with('/'));
            assert!(entry.path.split('/').all(|part| part != ".."));
            Ok::<_, ArchiveError>(())
        });
    }
    let text = String::from_utf8_lossy(bytes);
    let _ = repository::told(&text);
    let _ = repository::read_page("https://example.com/echo", &text);
    if let Ok(key) = source::cache_key(&text) {
        assert!(!key.contains('/'));
    }
});
