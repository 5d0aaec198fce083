//! Archives, most of them hostile: `testdata/archive`, against what `show chart` says.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use helmrs_core::chart::{self, package};
use helmrs_core::error_chain::joined;
use helmrs_core::yaml::{self, Value};

use crate::goldens;

#[test]
fn archives_are_read_or_refused_as_the_reference_does() {
    goldens::each("archive", |case| {
        let archive = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(case.file_name().expect("a case has a name"));
        fs::write(&archive, build(&goldens::text(&case.join("entries.json"))))
            .expect("the file is writable");
        let actual = match chart::load_any(&archive, &mut Vec::new()) {
            Ok(chart) => {
                let text = package::chart_file(&chart.metadata).expect("metadata can be written");
                format!("{}\n", String::from_utf8(text).expect("YAML is UTF-8"))
            }
            Err(error) => format!("Error: {}\n", joined(&error))
                .replace(&archive.display().to_string(), "<ARCHIVE>"),
        };
        (actual, goldens::text(&case.join("expected")))
    });
}

/// The archive that a list of entries describes.
fn build(entries: &str) -> Vec<u8> {
    let entries = yaml::parse(entries.as_bytes()).expect("the list is JSON");
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    for entry in entries.as_list().expect("a list") {
        let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
        let number = |key: &str| entry.get(key).and_then(Value::as_integer);
        let times = usize::try_from(number("repeat").unwrap_or(1)).expect("no negative count");
        let kind = text("type").bytes().next().unwrap_or(b'0');
        let data = if matches!(kind, b'1' | b'2' | b'5') {
            String::new()
        } else {
            text("data").repeat(times)
        };
        let size = number("size").unwrap_or(data.len() as i64);
        let header = header(text("name"), kind, size, text("link"));
        gzip.write_all(&header).expect("memory is writable");
        gzip.write_all(data.as_bytes()).expect("memory is writable");
        gzip.write_all(&vec![0; data.len().next_multiple_of(512) - data.len()])
            .expect("memory is writable");
    }
    gzip.write_all(&[0; 1024]).expect("memory is writable");
    gzip.finish().expect("memory is writable")
}

/// A header by hand, since no library would write what these cases need.
fn header(name: &str, kind: u8, size: i64, link: &str) -> [u8; 512] {
    let mut header = [0; 512];
    let mut put =
        |at: usize, text: &str| header[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, name);
    put(100, "0000644");
    put(124, &format!("{size:011o}"));
    put(136, "14524600400");
    put(148, "        ");
    put(157, link);
    put(257, "ustar\u{0}00");
    header[156] = kind;
    let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
    header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    header
}
