//! Many programs change the list of repositories at once, and nothing is lost: ours, and the reference among them if
//! `HELMRS_REFERENCE_HELM` names it.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

const INDEX: &str =
    "apiVersion: v1\nentries: {web: [{name: web, version: 1.0.0, urls: [a.tgz]}]}\n";

/// The address of a repository that is there until the test ends.
fn repository() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let lines = lines.map_while(Result::ok);
            let _ = lines.take_while(|line| !line.is_empty()).count();
            let length = INDEX.len();
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{INDEX}"
            );
        }
    });
    address
}

fn start(program: &OsString, home: &Path, arguments: &[&str]) -> Child {
    Command::new(program)
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn twenty_programs_add_a_repository_each() {
    let ours = OsString::from(env!("CARGO_BIN_EXE_helmrs"));
    let theirs = std::env::var_os("HELMRS_REFERENCE_HELM").unwrap_or_else(|| ours.clone());
    let home = tempfile::tempdir().unwrap();
    let address = repository();
    let names: Vec<String> = (0..20).map(|number| format!("r{number:02}")).collect();
    let end = |children: Vec<Child>| {
        for child in children {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{output:?}");
        }
    };
    let adding = names.iter().enumerate().map(|(number, name)| {
        let program = if number % 2 == 0 { &ours } else { &theirs };
        start(program, home.path(), &["repo", "add", name, &address])
    });
    end(adding.collect());
    let listed = || {
        let child = start(&ours, home.path(), &["repo", "list", "--no-headers"]);
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let first = |line: &str| {
            line.split_whitespace()
                .next()
                .unwrap_or_default()
                .to_owned()
        };
        let mut listed: Vec<_> = text.lines().map(first).collect();
        listed.sort();
        listed
    };
    assert_eq!(listed(), names);
    // Indexes are refreshed, searched and forgotten while others do the same.
    let busy = names[..10].iter().flat_map(|name| {
        [
            start(&ours, home.path(), &["repo", "remove", name]),
            start(&ours, home.path(), &["repo", "update", "r15"]),
            start(&ours, home.path(), &["search", "repo", "r15/web"]),
        ]
    });
    end(busy.collect());
    assert_eq!(listed(), names[10..]);
    let cache = home.path().join(".cache/helm/repository");
    let indexes = std::fs::read_dir(cache).unwrap().flatten();
    for entry in indexes.filter(|entry| entry.file_name().to_string_lossy().ends_with(".yaml")) {
        assert_eq!(std::fs::read_to_string(entry.path()).unwrap(), INDEX);
    }
}
