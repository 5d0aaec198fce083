//! What becomes of output that nobody takes, and who may change what commands leave behind.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// What the kernel calls a write to a pipe that nobody reads.
const SIGPIPE: i32 = 13;

const RELEASES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../testdata/cli/list/memory/releases.yaml"
);

fn helmrs(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_helmrs"));
    command
        .env_clear()
        .env("HOME", home)
        .env("PATH", "/usr/bin:/bin")
        .env("HELM_DRIVER", "memory")
        .env("HELM_MEMORY_DRIVER_DATA", RELEASES)
        .current_dir(home);
    command
}

#[test]
fn a_closed_pipe_ends_a_command_as_its_signal_would() {
    let home = tempfile::tempdir().unwrap();
    for words in [&["completion", "bash"][..], &["list", "-o", "json"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = helmrs(home.path())
            .args(words)
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        assert_eq!(output.status.signal(), Some(SIGPIPE), "{words:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    }
}

#[test]
fn a_full_disk_is_told_with_what_could_not_be_written() {
    let home = tempfile::tempdir().unwrap();
    let cause = "write /dev/stdout: no space left on device";
    for (words, before) in [
        (&["completion", "bash"][..], ""),
        (&["list"], "unable to write table output: "),
        (&["list", "-o", "json"], "unable to write JSON output: "),
        (
            &["list", "-q", "-o", "yaml"],
            "unable to write YAML output: ",
        ),
        (&["get", "values", "web"], "unable to write YAML output: "),
        (&["history", "web"], "unable to write table output: "),
    ] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = helmrs(home.path())
            .args(words)
            .stdout(full)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{words:?}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(said, format!("Error: {before}{cause}\n"), "{words:?}");
    }
}

#[test]
fn what_was_done_is_true_even_if_it_cannot_be_told() {
    let home = tempfile::tempdir().unwrap();
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = helmrs(home.path())
        .args(["uninstall", "web", "--no-hooks"])
        .stdout(full)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(
        said.ends_with(
            "Error: write /dev/stdout: no space left on device\n\
             Release web was uninstalled; only telling of it failed.\n"
        ),
        "{said}"
    );
}

/// The rights of everything below a folder, by path.
fn rights(folder: &Path) -> Vec<(bool, u32)> {
    let mut found = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(path) = pending.pop() {
        let metadata = fs::metadata(&path).unwrap();
        found.push((metadata.is_dir(), metadata.permissions().mode() & 0o777));
        if metadata.is_dir() {
            pending.extend(
                fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        }
    }
    found
}

#[test]
fn nobody_else_may_change_charts_whatever_the_mask_allows() {
    let home = tempfile::tempdir().unwrap();
    let script = r#"umask 000 && "$0" create web && "$0" template web --output-dir out"#;
    let status = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_helmrs")])
        .env("HOME", home.path())
        .current_dir(home.path())
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    for (is_folder, mode) in rights(&home.path().join("web")) {
        assert_eq!(mode, if is_folder { 0o755 } else { 0o644 });
    }
    for (is_folder, mode) in rights(&home.path().join("out")) {
        // What is rendered may be changed as the mask says, as in the reference.
        assert_eq!(mode, if is_folder { 0o755 } else { 0o666 });
    }
}

#[test]
fn a_hint_is_for_those_who_look() {
    let home = tempfile::tempdir().unwrap();
    let output = helmrs(home.path())
        .args(["template", "x", "--post-renderer", "./nope"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("not found"), "{said}");
    assert!(!said.contains("hint"), "{said}");
}

/// The tar stream of an archive.
fn stream(path: &Path) -> Vec<u8> {
    let output = Command::new("gzip")
        .arg("-dc")
        .stdin(File::open(path).unwrap())
        .output()
        .unwrap();
    assert!(output.status.success());
    output.stdout
}

/// A chart with names that are too long for one field of a header, too long for any, and not ASCII.
fn chart_with_names(folder: &Path) {
    let part = "d".repeat(60);
    let deep = folder.join(format!("files/{part}/{part}/{part}"));
    fs::create_dir_all(&deep).unwrap();
    fs::write(
        folder.join("Chart.yaml"),
        "{apiVersion: v2, name: web, version: 1.0.0}",
    )
    .unwrap();
    fs::write(deep.join("x"), "x").unwrap();
    fs::write(folder.join(format!("files/{part}/{part}/y")), "y").unwrap();
    fs::write(folder.join(format!("files/{}", "n".repeat(120))), "n").unwrap();
    fs::write(folder.join("files/é"), vec![7; 100_000]).unwrap();
}

#[test]
fn archives_hold_the_references_bytes() {
    let Some(reference) = std::env::var_os("HELMRS_REFERENCE_HELM") else {
        eprintln!("skipped: HELMRS_REFERENCE_HELM names no Helm");
        return;
    };
    let home = tempfile::tempdir().unwrap();
    chart_with_names(&home.path().join("web"));
    for epoch in ["0", "1700000000", "8589934592"] {
        let [ours, theirs] =
            [env!("CARGO_BIN_EXE_helmrs").as_ref(), reference.as_os_str()].map(|program| {
                let status = Command::new(program)
                    .args(["package", "web"])
                    .env("HOME", home.path())
                    .env("SOURCE_DATE_EPOCH", epoch)
                    .current_dir(home.path())
                    .stdout(Stdio::null())
                    .status()
                    .unwrap();
                assert!(status.success());
                let archive = home.path().join("web-1.0.0.tgz");
                let mut head = [0; 10];
                File::open(&archive).unwrap().read_exact(&mut head).unwrap();
                (head, stream(&archive))
            });
        assert!(ours == theirs, "the archives of {epoch} differ");
    }
}
