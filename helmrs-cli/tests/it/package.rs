//! What packaging leaves behind.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../testdata/cli/package")
        .join(name)
        .canonicalize()
        .unwrap()
}

fn run(folder: &Path, epoch: Option<&str>, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_helmrs"));
    command
        .args(words)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .envs(epoch.map(|epoch| ("SOURCE_DATE_EPOCH", epoch)));
    command.output().unwrap()
}

/// Every file below a folder, with what is in it.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else {
                let bytes = fs::read(&path).unwrap();
                files.insert(path, bytes);
            }
        }
    }
    files
}

#[test]
fn what_cannot_be_packaged_leaves_no_file() {
    let charts = case("what-cannot-be-packaged");
    let codes = fs::read_to_string(charts.join("code")).unwrap();
    let lines = fs::read_to_string(charts.join("arguments")).unwrap();
    let refused = lines.lines().zip(codes.lines()).filter(|(line, code)| {
        *code != "0" && line.split(' ').count() == 2 && charts.join(&line[8..]).is_dir()
    });
    let mut count = 0;
    for (line, _) in refused {
        let root = tempfile::tempdir().unwrap();
        let below = root.path().join("deep/down");
        fs::create_dir_all(&below).unwrap();
        let chart = charts.join(&line[8..]);
        let words = ["package", &chart.to_string_lossy(), "-d", "out/of"];
        let output = run(&below, None, &words);
        assert!(!output.status.success(), "{line}");
        assert_eq!(files(root.path()), BTreeMap::new(), "{line}");
        count += 1;
    }
    assert!(count > 10, "there are only {count} such charts");
}

#[test]
fn with_an_epoch_every_archive_of_a_chart_is_the_same() {
    let chart = case("names-and-versions").join("a");
    let chart = chart.to_string_lossy();
    let root = tempfile::tempdir().unwrap();
    let archive = |folder: &str, epoch| {
        let output = run(root.path(), epoch, &["package", &chart, "-d", folder]);
        assert!(output.status.success());
        fs::read(root.path().join(folder).join("a-1.0.0.tgz")).unwrap()
    };
    let first = archive("first", Some("1700000000"));
    assert_eq!(first, archive("second", Some("1700000000")));
    assert_ne!(first, archive("third", Some("1700000001")));
    for (epoch, said) in [
        (
            "-1",
            "Error: invalid SOURCE_DATE_EPOCH: must not be negative\n",
        ),
        (
            "now",
            "Error: invalid SOURCE_DATE_EPOCH: strconv.ParseInt: parsing \"now\": invalid syntax\n",
        ),
    ] {
        let output = run(root.path(), Some(epoch), &["package", &chart]);
        assert_eq!(String::from_utf8_lossy(&output.stderr), said);
    }
}
