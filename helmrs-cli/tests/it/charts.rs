//! The charts of `charts/` render to what the reference renders, recorded in `testdata/charts`.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

use crate::cli::words;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .expect("the workspace exists")
}

/// A command that sees nothing of this machine's home.
fn isolated(program: &str, home: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("HOME", home)
        .env("TZ", "UTC")
        .current_dir(root());
    command
}

/// A text without the line that says when.
fn timeless(text: &[u8]) -> String {
    let lines = String::from_utf8_lossy(text);
    lines
        .lines()
        .filter(|line| !line.starts_with("LAST DEPLOYED: "))
        .flat_map(|line| [line, "\n"])
        .collect()
}

fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = fs::read_dir(root().join("testdata/charts"))
        .expect("the cases are there")
        .map(|entry| entry.expect("a case is readable").path())
        .collect();
    cases.sort();
    cases
}

fn check(program: &str) {
    let home = tempfile::tempdir().expect("a temporary folder");
    for case in cases() {
        let line = fs::read_to_string(case.join("arguments")).expect("a case has arguments");
        let output = isolated(program, home.path())
            .args(words(&line))
            .output()
            .expect("the program runs");
        let expected = |name: &str| timeless(&fs::read(case.join(name)).unwrap_or_default());
        assert_eq!(
            timeless(&output.stdout),
            expected("stdout"),
            "stdout of {}",
            case.display()
        );
        assert_eq!(
            timeless(&output.stderr),
            expected("stderr"),
            "stderr of {}",
            case.display()
        );
    }
}

#[test]
fn our_charts_render_as_recorded() {
    check(env!("CARGO_BIN_EXE_helmrs"));
}

#[test]
fn the_reference_still_renders_our_charts_so() {
    if let Ok(helm) = std::env::var("HELMRS_REFERENCE_HELM") {
        check(&helm);
    }
}

/// The archives in `charts/*/charts` are what `charts/` holds now.
#[test]
fn the_vendored_archives_are_current() {
    for (chart, archive) in [
        ("mysql", "common"),
        ("webapp", "common"),
        ("webapp", "mysql"),
        ("workers", "common"),
    ] {
        let path = root().join(format!("charts/{chart}/charts/{archive}-0.1.0.tgz"));
        let vendored =
            helmrs_core::chart::load(&path, &mut Vec::new()).expect("the archive is a chart");
        let source =
            helmrs_core::chart::load(&root().join("charts").join(archive), &mut Vec::new())
                .expect("the chart loads");
        let contents = |chart: &helmrs_core::chart::Chart| {
            let mut files: Vec<(String, Vec<u8>)> = chart
                .templates
                .iter()
                .chain(&chart.files)
                .map(|file| (file.name.clone(), file.data.to_vec()))
                .collect();
            files.sort();
            files
        };
        assert!(
            contents(&vendored) == contents(&source),
            "{} is old: run `just charts`",
            path.display()
        );
    }
}
