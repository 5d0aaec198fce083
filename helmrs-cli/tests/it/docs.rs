//! What `docs` writes: a page a command, complete and well-formed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Writes documents of a kind and gives their texts by name.
fn documents(directory: &Path, arguments: &[&str]) -> BTreeMap<String, String> {
    let output = Command::new(env!("CARGO_BIN_EXE_helmrs"))
        .args(["docs", "--dir"])
        .arg(directory)
        .args(arguments)
        .env("SOURCE_DATE_EPOCH", "1700000000")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let entries = fs::read_dir(directory).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            let text = fs::read_to_string(entry.path()).unwrap();
            (entry.file_name().to_string_lossy().into_owned(), text)
        })
        .collect()
}

#[test]
fn every_command_has_a_manual_page_with_all_it_needs() {
    let directory = tempfile::tempdir().unwrap();
    let pages = documents(directory.path(), &["--type", "man"]);
    assert!(pages.len() > 50, "{:?}", pages.keys());
    for (name, page) in &pages {
        for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS"] {
            let heading = format!(".SH \"{section}\"\n");
            assert!(page.contains(&heading), "{name} has no {section}");
        }
        // Groups of commands lead to commands, which have examples.
        assert!(
            page.contains(".SH \"EXAMPLES\"") || page.contains("COMMANDS\"\n"),
            "{name} has no examples"
        );
        assert!(page.contains("\"2023-11-14\""), "{name} is not dated");
        assert!(!page.contains("{program}"), "{name} names no program");
    }
}

#[test]
fn manual_pages_are_well_formed() {
    if Command::new("mandoc").arg("-V").output().is_err() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    for name in documents(directory.path(), &["--type", "man"]).keys() {
        let lint = Command::new("mandoc")
            .args(["-Tlint", "-Wwarning"])
            .arg(directory.path().join(name))
            .output()
            .unwrap();
        let findings = String::from_utf8_lossy(&lint.stdout).into_owned();
        // Where the page is searched for by others, there may be no page yet.
        let findings: Vec<_> = findings
            .lines()
            .filter(|line| !line.contains("referenced manual not found"))
            .collect();
        assert!(findings.is_empty(), "{findings:#?}");
    }
}

#[test]
fn documents_lead_to_each_other() {
    let directory = tempfile::tempdir().unwrap();
    let documents = documents(directory.path(), &["--generate-headers"]);
    assert!(documents["helmrs_repo_add.md"].starts_with("---\ntitle: \"Helmrs Repo Add\"\n---\n"));
    for (name, text) in &documents {
        for (at, _) in text.match_indices("](") {
            let (link, _) = text[at + 2..].split_once(')').unwrap();
            assert!(documents.contains_key(link), "{name} leads to {link}");
        }
    }
}
