//! `sandbox`: one that is started and stopped, and ones for a single command.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const OBJECTS: &str = "\
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: prices, namespace: shop}
  data: {apple: '1'}
";

/// The program, at home in a folder of its own.
fn helmrs(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_helmrs"));
    command
        .env_clear()
        .env("HOME", home)
        .env("PATH", "/usr/bin:/bin");
    command.current_dir(home);
    command
}

fn ran(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {stderr}");
    output
}

/// Stops the sandbox of a home, whatever became of the test.
struct Stopped<'a>(&'a Path);

impl Drop for Stopped<'_> {
    fn drop(&mut self) {
        let _ = helmrs(self.0).args(["sandbox", "stop"]).output();
    }
}

#[test]
fn a_sandbox_is_loaded_dumped_and_loaded_again() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    fs::write(home.join("objects.yaml"), OBJECTS).unwrap();
    let _stopped = Stopped(home);
    ran(helmrs(home).args(["sandbox", "start"]));
    let output = ran(helmrs(home).args(["sandbox", "load", "objects.yaml"]));
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "2 objects loaded\n"
    );
    let status = ran(helmrs(home).args(["sandbox", "status"])).stdout;
    let status = String::from_utf8_lossy(&status);
    assert!(status.contains("PAGE: https://127.0.0.1:"), "{status}");
    let first = ran(helmrs(home).args(["sandbox", "dump"])).stdout;
    let text = String::from_utf8_lossy(&first);
    assert!(text.contains("apple: \"1\""), "{text}");
    ran(helmrs(home).args(["sandbox", "stop"]));

    fs::write(home.join("dump.yaml"), &first).unwrap();
    ran(helmrs(home).args(["sandbox", "start", "--load", "dump.yaml"]));
    let second = ran(helmrs(home).args(["sandbox", "dump"])).stdout;
    let prices = |dump: &[u8]| {
        let text = String::from_utf8_lossy(dump).into_owned();
        let mut documents = text.split("---\n");
        let prices = documents
            .find(|text| text.contains("name: prices"))
            .unwrap();
        let lines = prices
            .lines()
            .filter(|line| !line.contains("resourceVersion"));
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(prices(&first), prices(&second));
}

#[test]
fn a_command_has_a_sandbox_of_its_own() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    fs::write(home.join("objects.yaml"), OBJECTS).unwrap();
    let program = env!("CARGO_BIN_EXE_helmrs");
    let chart = concat!(env!("CARGO_MANIFEST_DIR"), "/../charts/webapp");
    let script = format!("{program} install web {chart} -n shop && {program} list -A -q && exit 7");
    let mut command = helmrs(home);
    command.args([
        "sandbox",
        "run",
        "--load",
        "objects.yaml",
        "--",
        "sh",
        "-c",
        &script,
    ]);
    let output = command.output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(7), "{output:?}");
    assert!(stdout.ends_with("web\n"), "{stdout}");
    let status = helmrs(home).args(["sandbox", "status"]).output().unwrap();
    assert!(!status.status.success(), "nothing is left of it");
}

#[test]
fn a_command_that_is_not_there_is_an_error() {
    let home = tempfile::tempdir().unwrap();
    let mut command = helmrs(home.path());
    let output = command
        .args(["sandbox", "run", "--", "no-such-command"])
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        stderr.starts_with("Error: run \"no-such-command\": "),
        "{stderr}"
    );
}

#[test]
fn a_word_that_is_no_command_of_the_sandbox_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let output = helmrs(home.path())
        .args(["sandbox", "strat"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "Error: unknown command \"strat\" for \"helmrs sandbox\"\n\nDid you mean this?\n\tstart\n\n\
         Run 'helmrs sandbox --help' for usage.\n"
    );
}

#[test]
fn what_a_sandbox_cannot_start_with_is_named() {
    let home = tempfile::tempdir().unwrap();
    for (flag, value, named) in [
        (
            "--port",
            "99999",
            "--port must be a number from 0 to 65535, not 99999",
        ),
        ("--data", "/nope/x", "/nope/x: "),
    ] {
        let words = ["sandbox", "start", "--foreground", flag, value];
        let output = helmrs(home.path()).args(words).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1));
        assert!(said.contains(named), "{said}");
    }
}

#[test]
fn a_command_that_is_not_parted_from_the_flags_gets_a_hint() {
    let home = tempfile::tempdir().unwrap();
    let output = helmrs(home.path())
        .args(["sandbox", "run", "ls", "-la"])
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "Error: unknown shorthand flag: 'l' in -la\nhint: what belongs to the command that is run comes after '--'\n"
    );
}
