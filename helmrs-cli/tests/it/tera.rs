//! Charts with templates in Tera, as folders below `testdata/tera`. Helm has no such templates, so what they say was
//! recorded from this program, with `HELMRS_RECORD` set; read what changes before you commit it.

use std::path::Path;
use std::process::Command;

use helmrs_sandbox::{Options, Sandbox};

use crate::cli;

#[test]
fn every_chart_with_tera_says_what_was_recorded() {
    let program = Path::new(env!("CARGO_BIN_EXE_helmrs"));
    let record = std::env::var_os("HELMRS_RECORD").is_some()
        && std::env::var_os("HELMRS_REFERENCE_HELM").is_none();
    let mut failures = Vec::new();
    let cases = cli::cases("tera");
    assert!(!cases.is_empty(), "there are no cases");
    for case in cases {
        let mut found = cli::run(program, &case);
        found.stdout = timeless(&found.stdout);
        if record {
            cli::write(&case, &found);
        }
        let wanted = cli::read(&case);
        if found != wanted {
            failures.push(format!(
                "{}:\nwanted {wanted:#?}\nfound {found:#?}",
                case.display()
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// A text without the line that says when.
fn timeless(text: &str) -> String {
    let lines = text.split_inclusive('\n');
    lines
        .filter(|line| !line.starts_with("LAST DEPLOYED: "))
        .collect()
}

/// Our chart in Tera through its life, by the commands that people type.
#[test]
fn a_chart_in_tera_is_packaged_installed_upgraded_and_rolled_back() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sandbox = runtime
        .block_on(Sandbox::start(Options::default()))
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let kubeconfig = folder.path().join("kubeconfig");
    std::fs::write(&kubeconfig, sandbox.kubeconfig()).unwrap();
    let helmrs = |line: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_helmrs"))
            .args(line.split_whitespace())
            .env_clear()
            .env("HOME", folder.path())
            .env("KUBECONFIG", &kubeconfig)
            .current_dir(folder.path())
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{line}: {errors}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let chart = concat!(env!("CARGO_MANIFEST_DIR"), "/../charts/workers");
    helmrs(&format!("lint --strict {chart}"));
    helmrs(&format!("package {chart}"));
    let archive = "workers-0.1.0.tgz";
    let notes = helmrs(&format!("install tasks {archive} --wait"));
    assert!(notes.contains("2 queues served by tasks in namespace default"));
    let more = "--reuse-values --set queues.video.concurrency=1 --wait";
    let notes = helmrs(&format!("upgrade tasks {archive} {more}"));
    assert!(notes.contains("3 queues served"));
    let manifest = helmrs("get manifest tasks");
    assert!(manifest.contains("name: tasks-workers-video"));
    assert!(helmrs("test tasks").contains("Phase:          Succeeded"));
    helmrs("rollback tasks 1 --wait");
    let manifest = helmrs("get manifest tasks");
    assert!(manifest.contains("# Source: workers/templates/deployment.yaml.tera"));
    assert!(!manifest.contains("name: tasks-workers-video"));
    helmrs("uninstall tasks");
}
