//! A process that is killed while it writes has lost nothing it answered for.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use helmrs_sandbox::{Connection, Options, Sandbox};
use serde_json::{Value, json};

use crate::client::{Cluster, client, token_and_url};

/// How often the server is killed.
const ROUNDS: u32 = 8;
const MAPS: &str = "/api/v1/namespaces/default/configmaps";

/// A server in a process of its own.
struct Server {
    process: Child,
    kubeconfig: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGKILL, which gives nobody a chance to tidy up.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The variable by which a process learns that it is the server.
const DATA: &str = "HELMRS_KILLED_DATA";

/// No test, but the process that is killed: this program, told to run this alone.
#[tokio::test]
async fn the_server_that_is_killed() {
    let Some(data) = std::env::var_os(DATA) else {
        return;
    };
    let options = Options {
        data: Some(data.into()),
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).await.expect("a sandbox");
    println!("\n{}", sandbox.kubeconfig());
    std::future::pending::<()>().await;
}

fn start(data: &Path) -> Server {
    let own = std::env::current_exe().expect("a program");
    let mut command = Command::new(own);
    command
        .args([
            "--exact",
            "killed::the_server_that_is_killed",
            "--nocapture",
        ])
        .env(DATA, data)
        .stdout(Stdio::piped());
    let mut process = command.spawn().expect("a process");
    let mut kubeconfig = String::new();
    let mut lines = BufReader::new(process.stdout.take().expect("a pipe"));
    while !kubeconfig.contains("user: admin") {
        let read = lines.read_line(&mut kubeconfig).expect("a line");
        assert!(read > 0, "the server has ended");
    }
    // What follows is not of interest, but the pipe must not fill.
    std::thread::spawn(move || lines.read_to_end(&mut Vec::new()));
    Server {
        process,
        kubeconfig,
    }
}

#[tokio::test]
async fn a_killed_server_has_lost_no_write_it_answered_for() {
    let data = std::env::temp_dir().join(format!("helmrs-killed-{}.redb", std::process::id()));
    let mut acknowledged: Vec<(String, Option<Value>)> = Vec::new();
    let mut first: Option<String> = None;
    for round in 0..ROUNDS {
        let server = start(&data);
        let (token, url, authority) = token_and_url(&server.kubeconfig);
        // The certificate and the token outlive the process.
        let known = first.get_or_insert_with(|| format!("{token}{authority}"));
        assert_eq!(*known, format!("{token}{authority}"));
        let client = client(&authority);
        let deadline =
            tokio::time::Instant::now() + Duration::from_millis(150 + 70 * u64::from(round));
        let writes = async {
            for number in 0.. {
                let name = format!("m{round}-{number}");
                let object = json!({"metadata": {"name": name}, "data": {"n": number.to_string()}});
                let post = client
                    .post(format!("{url}{MAPS}"))
                    .bearer_auth(&token)
                    .json(&object);
                let Ok(answer) = post.send().await else {
                    return;
                };
                let Ok(object) = answer.json::<Value>().await else {
                    return;
                };
                if number % 3 > 0 {
                    acknowledged.push((name, Some(object)));
                    continue;
                }
                // Between question and answer an object may be there or not.
                let delete = client.delete(format!("{url}{MAPS}/{name}"));
                let Ok(answer) = delete.bearer_auth(&token).send().await else {
                    return;
                };
                assert_eq!(answer.status(), 200);
                acknowledged.push((name, None));
            }
        };
        let _ = tokio::time::timeout_at(deadline, writes).await;
        drop(server);
    }
    assert!(acknowledged.len() > 10, "there was time to write");
    let options = Options {
        data: Some(data.clone()),
        ..Options::default()
    };
    let cluster = Cluster::with(options).await;
    for (name, written) in &acknowledged {
        let (code, found) = cluster.get(&format!("{MAPS}/{name}")).await;
        match written {
            Some(written) => assert_eq!((code, &found), (200, written), "{name}"),
            None => assert_eq!(code, 404, "{name} was deleted"),
        }
    }
    let connection = Connection {
        url: cluster.sandbox.url(),
        authority: cluster.sandbox.authority().to_owned(),
        token: cluster.sandbox.token().to_owned(),
    };
    assert!(connection.dump().await.expect("an answer").contains("m0-1"));
    cluster.sandbox.stop().await;
    let _ = std::fs::remove_file(data);
}
