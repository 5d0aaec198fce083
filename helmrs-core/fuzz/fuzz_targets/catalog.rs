//! No bytes make reading a catalog panic, or looking into what was read.

#![no_main]

use helmrs_core::repository::catalog::sidecar::{HEADER, Header};
use helmrs_core::repository::search::SearchIndex;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((header, rest)) = bytes.split_first_chunk::<HEADER>() else {
        return;
    };
    let Some(header) = Header::read(header) else {
        return;
    };
    let Some((numbers, texts)) = rest.split_at_checked(header.numbers) else {
        return;
    };
    let Ok(texts) = std::str::from_utf8(texts) else {
        return;
    };
    if let Some(catalog) = header.catalog(numbers.to_vec(), texts.to_owned()) {
        let _ = catalog.findings("fuzz");
        let _ = catalog.select("web", "");
        let mut index = SearchIndex::default();
        index.add("fuzz", &catalog);
        let _ = index.literal("e");
    }
});
