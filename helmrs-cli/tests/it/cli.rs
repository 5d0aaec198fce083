//! Whole commands, as folders: what to run, and what the reference says to it. `testdata/cli` has a folder a command,
//! `testdata/template` a folder for each thing that surprises in templates, values and YAML.
//!
//! A case's folder holds `arguments`, one line a command, and the inputs beside it; `stdout`, `stderr` and `code` were
//! recorded from the reference. With `HELMRS_REFERENCE_HELM` naming a Helm, the same cases are held against it instead,
//! and with `HELMRS_RECORD` set as well its answers are written down.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a case's folder holds besides its inputs.
const RECORDED: [&str; 4] = ["arguments", "stdout", "stderr", "code"];

/// What commands said and how they ended.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) stdout: String,
    stderr: String,
    code: String,
}

#[test]
fn every_command_says_what_the_reference_says() {
    check("cli");
}

#[test]
fn every_template_says_what_the_reference_says() {
    check("template");
}

/// Holds the cases of an area against what they have recorded.
fn check(area: &str) {
    let reference = std::env::var_os("HELMRS_REFERENCE_HELM").map(PathBuf::from);
    let record = reference.is_some() && std::env::var_os("HELMRS_RECORD").is_some();
    let program = reference.unwrap_or_else(|| env!("CARGO_BIN_EXE_helmrs").into());
    let mut failures = Vec::new();
    let cases = cases(area);
    assert!(!cases.is_empty(), "there are no cases");
    for case in cases {
        let found = run(&program, &case);
        if record {
            write(&case, &found);
        }
        let wanted = read(&case);
        if found != wanted {
            failures.push(format!(
                "{}:\nwanted {wanted:#?}\nfound {found:#?}",
                case.display()
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// The folders of all cases of an area: those with a file of arguments.
pub(crate) fn cases(area: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata");
    let mut cases = Vec::new();
    let mut pending = vec![root.join(area)];
    while let Some(folder) = pending.pop() {
        if folder.join("arguments").is_file() {
            cases.push(folder);
            continue;
        }
        let entries = fs::read_dir(&folder)
            .into_iter()
            .flatten()
            .filter_map(Result::ok);
        pending.extend(
            entries
                .map(|entry| entry.path())
                .filter(|path| path.is_dir()),
        );
    }
    cases.sort();
    cases
}

/// Runs a case in a folder of its own, which is `$ROOT` in what it says; our charts are `$CHARTS` in its arguments.
pub(crate) fn run(program: &Path, case: &Path) -> Outcome {
    let root = tempfile::tempdir().unwrap();
    let work = root.path().join("work");
    copy(case, &work);
    for name in RECORDED {
        let _ = fs::remove_file(work.join(name));
    }
    let helm = root.path().join("helm");
    std::os::unix::fs::symlink(fs::canonicalize(program).unwrap(), &helm).unwrap();
    let mut outcome = Outcome::default();
    let charts = concat!(env!("CARGO_MANIFEST_DIR"), "/../charts");
    let lines = fs::read_to_string(case.join("arguments")).unwrap();
    for line in lines.replace("$CHARTS", charts).lines() {
        let (variables, arguments): (Vec<&str>, Vec<&str>) = words(line)
            .into_iter()
            .partition(|word| word.starts_with("HELM_") && word.contains('='));
        let mut command = Command::new(&helm);
        command.args(arguments).current_dir(&work).env_clear();
        command
            .env("HOME", root.path().join("home"))
            .env("TZ", "UTC")
            .env("PATH", "/usr/bin:/bin");
        command.envs(
            variables
                .iter()
                .filter_map(|variable| variable.split_once('=')),
        );
        let output = command.output().unwrap();
        let shown = |text: &[u8]| {
            String::from_utf8_lossy(text).replace(&*root.path().to_string_lossy(), "$ROOT")
        };
        outcome.stdout.push_str(&shown(&output.stdout));
        outcome.stderr.push_str(&shown(&output.stderr));
        outcome.code += &output.status.code().unwrap_or(-1).to_string();
        outcome.code.push('\n');
    }
    outcome
}

/// The words of a command line; one with blanks stands in single quotes.
pub(crate) fn words(line: &str) -> Vec<&str> {
    let parts = line.trim_end().split('\'').enumerate();
    parts
        .flat_map(|(index, part)| match index % 2 {
            1 => vec![part],
            _ => part.split_whitespace().collect(),
        })
        .collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().filter_map(Result::ok) {
        let target = to.join(entry.file_name());
        if entry.path().is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(entry.path()).unwrap(), target).unwrap();
        } else if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

pub(crate) fn read(case: &Path) -> Outcome {
    let text = |name: &str| fs::read_to_string(case.join(name)).unwrap_or_default();
    Outcome {
        stdout: text("stdout"),
        stderr: text("stderr"),
        code: text("code"),
    }
}

pub(crate) fn write(case: &Path, outcome: &Outcome) {
    for (name, text) in [
        ("stdout", &outcome.stdout),
        ("stderr", &outcome.stderr),
        ("code", &outcome.code),
    ] {
        fs::write(case.join(name), text).unwrap();
    }
}
