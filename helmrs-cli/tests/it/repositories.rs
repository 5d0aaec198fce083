//! What repositories are asked, how often, and through whom.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

/// Files by their paths.
type Files = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// A web server that remembers what it was asked, and takes what is asked through it for its own.
struct Server {
    address: String,
    files: Files,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            address: format!("http://{}", listener.local_addr().unwrap()),
            files: Files::default(),
            asked: Arc::default(),
        };
        let (files, asked) = (server.files.clone(), server.asked.clone());
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let lines = lines.map_while(Result::ok);
                let head: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
                let Some(first) = head.first() else { continue };
                asked.lock().unwrap().push(first.clone());
                let target = first.split(' ').nth(1).unwrap();
                let path = target.rsplit('/').next().unwrap();
                let file = files.lock().unwrap().get(path).cloned();
                let status = if file.is_some() {
                    "200 OK"
                } else {
                    "404 Not Found"
                };
                let body = file.unwrap_or_default();
                let length = body.len();
                let head = format!(
                    "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
                );
                let _ = stream.write_all(&[head.as_bytes(), &body].concat());
            }
        });
        server
    }

    fn put(&self, name: &str, bytes: Vec<u8>) {
        self.files.lock().unwrap().insert(name.to_string(), bytes);
    }

    /// The first lines of what was asked since this was called last.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

/// A command of a user whose home is this folder.
fn helmrs(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_helmrs"));
    command
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .current_dir(home);
    command
}

fn ran(home: &Path, arguments: &[&str]) -> Output {
    let output = helmrs(home, arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    output
}

/// How many charts the repository has.
const CHARTS: usize = 8;

/// A repository of several charts, and a home with a chart `all` that depends on each of them, twice.
fn repository_and_dependent(home: &Path, named: impl Fn(&Server) -> String) -> Server {
    let server = Server::start();
    fs::create_dir(home.join("packed")).unwrap();
    for number in 0..CHARTS {
        let chart = home.join(format!("c{number}"));
        fs::create_dir(&chart).unwrap();
        let metadata = format!("apiVersion: v2\nname: c{number}\nversion: 1.0.0\n");
        fs::write(chart.join("Chart.yaml"), metadata).unwrap();
        ran(home, &["package", &format!("c{number}"), "-d", "packed"]);
    }
    ran(home, &["repo", "index", "packed"]);
    for entry in fs::read_dir(home.join("packed")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        server.put(&name, fs::read(&path).unwrap());
    }
    let repository = named(&server);
    let dependencies = (0..CHARTS).flat_map(|number| {
        ["first", "second"].map(|alias| {
            format!("- {{name: c{number}, version: 1.x, alias: {alias}{number}, repository: \"{repository}\"}}\n")
        })
    });
    let dependencies: String = dependencies.collect();
    let metadata =
        format!("apiVersion: v2\nname: all\nversion: 1.0.0\ndependencies:\n{dependencies}");
    fs::create_dir(home.join("all")).unwrap();
    fs::write(home.join("all/Chart.yaml"), metadata).unwrap();
    server
}

fn indexes(asked: &[String]) -> usize {
    let of_indexes = asked.iter().filter(|line| line.contains("/index.yaml "));
    of_indexes.count()
}

#[test]
fn dependencies_ask_a_repository_nobody_added_for_its_index_once() {
    let home = tempfile::tempdir().unwrap();
    let server = repository_and_dependent(home.path(), |server| server.address.clone());
    ran(home.path(), &["dependency", "update", "all"]);
    let asked = server.asked();
    assert_eq!(indexes(&asked), 1, "{asked:#?}");
    ran(
        home.path(),
        &["dependency", "update", "all", "--skip-refresh"],
    );
    let asked = server.asked();
    assert_eq!(indexes(&asked), 1, "{asked:#?}");
    let charts = fs::read_dir(home.path().join("all/charts")).unwrap();
    assert_eq!(charts.count(), CHARTS);
}

#[test]
fn dependencies_ask_a_repository_that_was_added_for_its_index_once_or_never() {
    let home = tempfile::tempdir().unwrap();
    let server = repository_and_dependent(home.path(), |_| "@stable".to_string());
    ran(home.path(), &["repo", "add", "stable", &server.address]);
    assert_eq!(indexes(&server.asked()), 1);
    ran(home.path(), &["dependency", "update", "all"]);
    assert_eq!(indexes(&server.asked()), 1);
    ran(
        home.path(),
        &["dependency", "update", "all", "--skip-refresh"],
    );
    assert_eq!(indexes(&server.asked()), 0);
    ran(
        home.path(),
        &["dependency", "build", "all", "--skip-refresh"],
    );
    assert_eq!(indexes(&server.asked()), 0);
}

/// How adding a repository of another host ends in an environment: what the proxy was asked, and the error.
fn added_through(variables: &[(&str, &str)]) -> (Vec<String>, String) {
    let home = tempfile::tempdir().unwrap();
    let proxy = Server::start();
    proxy.put("index.yaml", b"apiVersion: v1\nentries: {}\n".to_vec());
    let arguments = ["repo", "add", "other", "http://charts.invalid/stable"];
    let mut command = helmrs(home.path(), &arguments);
    for (name, value) in variables {
        command.env(name, value.replace("$PROXY", &proxy.address));
    }
    let output = command.output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    (proxy.asked(), error)
}

#[test]
fn repositories_are_asked_through_the_proxy() {
    let through = ["GET http://charts.invalid/stable/index.yaml HTTP/1.1".to_string()];
    for name in ["HTTP_PROXY", "http_proxy"] {
        let (asked, error) = added_through(&[(name, "$PROXY")]);
        assert_eq!(asked, through, "{error}");
    }
    let elsewhere = [
        ("HTTP_PROXY", "$PROXY"),
        ("NO_PROXY", "charts.invalid:8080"),
    ];
    assert_eq!(added_through(&elsewhere).0, through);
}

#[test]
fn repositories_are_not_asked_through_a_proxy_that_is_not_for_them() {
    for variables in [
        [("HTTP_PROXY", "$PROXY"), ("NO_PROXY", "invalid")],
        [("HTTP_PROXY", "$PROXY"), ("no_proxy", "*")],
        [("HTTPS_PROXY", "$PROXY"), ("ALL_PROXY", "$PROXY")],
    ] {
        let (asked, error) = added_through(&variables);
        assert!(asked.is_empty(), "{asked:?}");
        assert!(error.contains("dial tcp: lookup charts.invalid"), "{error}");
    }
}

#[test]
fn a_gateway_asks_through_no_proxy_that_a_request_could_name() {
    let variables = [("HTTP_PROXY", "$PROXY"), ("REQUEST_METHOD", "GET")];
    let (asked, error) = added_through(&variables);
    assert!(asked.is_empty(), "{asked:?}");
    let told = "refusing to use HTTP_PROXY value in CGI environment";
    assert!(error.contains(told), "{error}");
}
