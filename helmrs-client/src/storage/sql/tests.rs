//! A real PostgreSQL server, on loopback; tests are skipped by name where there is none.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use helmrs_gotemplate::ambient::Fixed;

use super::*;
use crate::storage::conformance;

const PASSWORD: &str = "its' \\ secret";

/// A server that ends with the test.
struct Server {
    programs: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
}

impl Server {
    fn start(test: &str) -> Option<Self> {
        let Some(programs) = programs() else {
            skip(test, "no initdb");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("password"), PASSWORD).unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let server = Self {
            programs,
            folder,
            port,
        };
        let path = |name: &str| server.folder.path().join(name).display().to_string();
        let begun = give_to_server(server.folder.path())
            && server.run(
                "initdb",
                &[
                    "--auth=scram-sha-256",
                    "--username=helm",
                    "--no-sync",
                    &format!("--pwfile={}", path("password")),
                    &format!("--pgdata={}", path("data")),
                ],
            )
            && server.run(
                "pg_ctl",
                &[
                    "start",
                    "--wait",
                    &format!("--pgdata={}", path("data")),
                    &format!("--log={}", path("log")),
                    &format!(
                        "--options=-p {port} -k {} -c listen_addresses=127.0.0.1 -c fsync=off",
                        server.folder.path().display()
                    ),
                ],
            );
        if !begun {
            skip(test, "the server does not start");
            return None;
        }
        Some(server)
    }

    /// Runs one of the server's programs, as somebody else if need be: it refuses to be root.
    fn run(&self, program: &str, arguments: &[&str]) -> bool {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command
            .args(arguments)
            .current_dir("/")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    fn settings(&self, more: &str) -> SqlSettings {
        let text = format!("user=helm dbname=postgres port={} {more}", self.port);
        let mut settings = SqlSettings::parse(&text, SqlSettings::default()).unwrap();
        settings.password = Some(PASSWORD.to_string());
        settings
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = format!("--pgdata={}", self.folder.path().join("data").display());
        self.run("pg_ctl", &["stop", "--mode=immediate", &data]);
    }
}

fn skip(test: &str, reason: &str) {
    eprintln!("skipped: {test} ({reason})");
}

/// Where the server's programs are: on the path, or where Debian puts them.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<_> = std::env::split_paths(&path).collect();
    let versions = std::fs::read_dir("/usr/lib/postgresql");
    folders.extend(
        versions
            .into_iter()
            .flatten()
            .flatten()
            .map(|version| version.path().join("bin")),
    );
    folders
        .into_iter()
        .find(|folder| folder.join("initdb").is_file())
}

fn is_root() -> bool {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else {
        return false;
    };
    status
        .lines()
        .any(|line| line.split_whitespace().take(2).eq(["Uid:", "0"]))
}

fn give_to_server(folder: &Path) -> bool {
    let give = || {
        Command::new("chown")
            .arg("-R")
            .arg("postgres")
            .arg(folder)
            .status()
    };
    !is_root() || give().is_ok_and(|status| status.success())
}

#[tokio::test(flavor = "multi_thread")]
async fn it_passes_the_suite_every_driver_passes() {
    let Some(server) = Server::start("it_passes_the_suite_every_driver_passes") else {
        return;
    };
    let over_network = server.settings("host=127.0.0.1 sslmode=prefer search_path=public");
    let database = Sql::new(over_network);
    conformance::run(database.driver("shop", Arc::new(Fixed::default()))).await;
    let rows = database.client().await.unwrap();
    let rows = rows
        .query("SELECT id FROM gorp_migrations ORDER BY id", &[])
        .await
        .unwrap();
    let steps: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(steps, ["custom_labels", "init"]);
    let socket = format!("host={}", server.folder.path().display());
    let again = Sql::new(server.settings(&socket));
    let all = again.driver("", Arc::new(Fixed::default()));
    assert_eq!(all.query(&Selection::All).await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_come_first_make_the_tables_once() {
    let Some(server) = Server::start("two_who_come_first_make_the_tables_once") else {
        return;
    };
    let settings = server.settings("host=127.0.0.1 sslmode=disable");
    let (one, other) = (Sql::new(settings.clone()), Sql::new(settings));
    let (one, other) = tokio::join!(one.connect(), other.connect());
    one.unwrap();
    other.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_refuses_is_quoted() {
    let Some(server) = Server::start("a_server_that_refuses_is_quoted") else {
        return;
    };
    let refused = |settings| async { Sql::new(settings).connect().await.unwrap_err().to_string() };
    let settings = server.settings("host=127.0.0.1 sslmode=require");
    assert_eq!(
        refused(settings).await,
        "pq: SSL is not enabled on the server"
    );
    let mut settings = server.settings("host=127.0.0.1 sslmode=disable");
    settings.password = Some("wrong".to_string());
    assert_eq!(
        refused(settings).await,
        "pq: password authentication failed for user \"helm\" (28P01)"
    );
    let mut settings = server.settings("host=127.0.0.1 sslmode=disable");
    settings.database = "nowhere".to_string();
    assert_eq!(
        refused(settings).await,
        "pq: database \"nowhere\" does not exist (3D000)"
    );
}

#[tokio::test]
async fn nobody_at_an_address_is_said_as_go_says_it() {
    let settings = SqlSettings {
        host: "127.0.0.1".to_string(),
        port: 1,
        ..SqlSettings::default()
    };
    assert_eq!(
        Sql::new(settings).connect().await.unwrap_err().to_string(),
        "dial tcp 127.0.0.1:1: connect: connection refused"
    );
}
