//! A session of the real kubectl; see `testdata/kubectl/README.md`.

use std::path::{Path, PathBuf};
use std::process::Command;

use helmrs_sandbox::{Options, Sandbox};
use regex::Regex;

/// The kubectl of the reference, which the session was recorded with; others word some things in other ways.
fn kubectl() -> Option<PathBuf> {
    std::env::var_os("HELMRS_REFERENCE_KUBECTL").map(PathBuf::from)
}

/// What differs from run to run, and what is written instead.
#[rustfmt::skip]
const CHANGING: &[(&str, &str)] = &[
    (r"Client Version: .*\nKustomize Version: .*\n", ""),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UID"),
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+ \+0000|Z)", "TIME"),
    (r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000", "TIME"),
    (r#"resourceVersion: "\d+""#, "resourceVersion: VERSION"),
    (r"-[bcdfghjklmnpqrstvwxz2456789]{5}\b", "-XXXXX"),
    (r"10\.244\.\d+\.\d+", "POD-IP"),
    (r"/\S*/(LIVE|MERGED)-\d+", "/$1"),
    (r"( )(<invalid>|\d+[smh](\d+[smh])?)( |\n)", "${1}AGE$4"),
    // Twice: ages may stand side by side.
    (r"( )(<invalid>|\d+[smh](\d+[smh])?)( |\n)", "${1}AGE$4"),
    (r"\n(<invalid>|\d+s) ", "\nAGE "),
    (r"Waiting for .*\n", ""),
    (r"waiting for .*\n", ""),
    (r"Waiting for .*\n", ""),
    (r"(\S) {2,}", "$1  "),
    (r" +\n", "\n"),
];

/// The words of a command: a blank after a backslash is part of one.
fn words(line: &str) -> Vec<String> {
    let line = line.replace("\\ ", "\u{0}");
    let words = line.split_whitespace();
    words.map(|word| word.replace('\u{0}', " ")).collect()
}

fn session(kubectl: &Path, folder: &Path, kubeconfig: &Path) -> String {
    let commands = std::fs::read_to_string(folder.join("commands")).expect("commands");
    let rules: Vec<(Regex, &str)> = CHANGING
        .iter()
        .map(|(pattern, to)| (Regex::new(pattern).expect("a pattern"), *to))
        .collect();
    let mut session = String::new();
    for line in commands.lines().filter(|line| !line.starts_with('#')) {
        let home = kubeconfig.parent().expect("a folder");
        let output = Command::new(kubectl)
            .args(words(line))
            .current_dir(folder)
            .env("KUBECONFIG", kubeconfig)
            .env("HOME", home)
            .env("TZ", "UTC")
            .output()
            .expect("kubectl runs");
        let said = [output.stdout, output.stderr].concat();
        let mut said = String::from_utf8_lossy(&said).into_owned();
        if !said.is_empty() && !said.ends_with('\n') {
            said.push('\n');
        }
        for (pattern, to) in &rules {
            said = pattern.replace_all(&said, *to).into_owned();
        }
        let code = output.status.code().unwrap_or(-1);
        let code = if code == 0 {
            String::new()
        } else {
            format!("(exit code {code})\n")
        };
        session.extend(["$ kubectl ", line, "\n", &said, &code]);
    }
    session
}

#[tokio::test(flavor = "multi_thread")]
async fn kubectl_finds_what_it_looks_for() {
    let Some(kubectl) = kubectl() else {
        println!("skipped: there is no kubectl");
        return;
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/kubectl");
    let sandbox = Sandbox::start(Options::default()).await.expect("a sandbox");
    let home = std::env::temp_dir().join(format!("helmrs-kubectl-{}", std::process::id()));
    std::fs::create_dir_all(&home).expect("a folder");
    let kubeconfig = home.join("kubeconfig");
    std::fs::write(&kubeconfig, sandbox.kubeconfig()).expect("a file");
    let run = {
        let folder = folder.clone();
        move || session(&kubectl, &folder, &kubeconfig)
    };
    let found = tokio::task::spawn_blocking(run).await.expect("a session");
    std::fs::remove_dir_all(&home).expect("a folder");
    let recorded = folder.join("session");
    if std::env::var_os("HELMRS_RECORD").is_some() {
        std::fs::write(&recorded, &found).expect("a file");
    }
    let wanted = std::fs::read_to_string(&recorded).unwrap_or_default();
    let differs = wanted
        .lines()
        .zip(found.lines())
        .find(|(wanted, found)| wanted != found);
    assert!(wanted == found, "{differs:?}\n{found}");
    sandbox.stop().await;
}
