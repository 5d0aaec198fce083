//! Cases that are folders under `testdata`, with what the reference said about them.

use std::fs;
use std::path::{Path, PathBuf};

use helmrs_core::finding::{Finding, Level};
use helmrs_gotemplate::number::quote;

/// Runs a check on every case of an area; names the cases that fail.
pub(crate) fn each(area: &str, check: impl Fn(&Path) -> (String, String)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../testdata")
        .join(area);
    let mut failures = Vec::new();
    for case in folders(&folder) {
        let (actual, expected) = check(&case);
        if actual != expected {
            failures.push(format!(
                "{}\n--- expected\n{expected}\n--- actual\n{actual}",
                case.display()
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// The text of a file; nothing if there is none.
pub(crate) fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// Findings as the reference logs them.
pub(crate) fn logged(findings: &[Finding]) -> String {
    findings.iter().map(line).collect()
}

fn line(finding: &Finding) -> String {
    let level = match finding.level {
        Level::Debug => "DEBUG",
        Level::Info => "INFO",
        Level::Warning => "WARN",
    };
    let mut line = format!("level={level} msg={}", value(&finding.message));
    for (key, text) in &finding.attributes {
        line = line + " " + key + "=" + &value(text);
    }
    line + "\n"
}

fn value(text: &str) -> String {
    let plain = !text.is_empty() && !text.contains([' ', '"', '=', '\n', '\t']);
    if plain {
        text.to_string()
    } else {
        quote(text.as_bytes())
    }
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the area has cases");
    let mut folders: Vec<_> = entries
        .map(|entry| entry.expect("an entry is readable").path())
        .collect();
    folders.sort();
    folders
}
