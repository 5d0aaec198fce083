//! What real clients asked a real API server, asked again: the answers have the same status and the same message.
//!
//! The recordings lie beside the repository where it is developed; without them there is nothing to hold against.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use helmrs_sandbox::Options;
use serde_json::{Value, json};

use crate::client::Cluster;
use crate::wire;

/// What is written in a recording where the namespace was.
const NAMESPACE: &str = "NS";
/// What is written in a recording where a resource version was.
const VERSION: &str = "\"<RV>\"";
/// How long something may take that others do, such as a pod's start or an object's end.
const PATIENCE: (u32, Duration) = (40, Duration::from_millis(50));

/// Replays one recording.
struct Replay {
    cluster: Cluster,
    /// The name of the recording, for reports.
    name: String,
    /// What identifies the newest form of a document, by its path and form.
    tags: BTreeMap<String, String>,
    /// Objects whose content the recording leaves out, as far as they were made.
    made: BTreeSet<String>,
    failures: Vec<String>,
    asked: usize,
}

/// A recorded request.
struct Step<'a> {
    request: &'a Value,
    /// What the same client does afterwards.
    later: &'a [Value],
}

impl Step<'_> {
    fn text(&self, name: &str) -> &str {
        self.request[name].as_str().unwrap_or_default()
    }

    /// The path with its query; documents are asked for in their newest form.
    fn url(&self) -> String {
        let query = self.text("query").replace("hash=HASH&", "");
        match query.as_str() {
            "" => self.text("path").to_owned(),
            query => format!("{}?{query}", self.text("path")),
        }
    }

    /// The name of an object that is made here and named only later; a record's rather than another's.
    fn name(&self, made: &BTreeSet<String>) -> Option<String> {
        let collection = format!("{}/", self.text("path"));
        let paths = self
            .later
            .iter()
            .filter_map(|request| request["path"].as_str());
        let names = paths.filter_map(|path| path.strip_prefix(&collection));
        let names: Vec<&str> = names
            .filter(|name| !name.contains('/') && !made.contains(*name))
            .collect();
        let record = names
            .iter()
            .find(|name| name.starts_with("sh.helm.release."));
        record.or(names.first()).map(|name| (*name).to_owned())
    }
}

impl Replay {
    async fn of(path: &Path) -> Self {
        let cluster = Cluster::with(Options::default()).await;
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        Self {
            cluster,
            name,
            tags: BTreeMap::new(),
            made: BTreeSet::new(),
            failures: Vec::new(),
            asked: 0,
        }
    }

    async fn run(&mut self, trace: &Value) {
        let commands: Vec<&Value> = trace["commands"].as_array().into_iter().flatten().collect();
        let makes = |command: &&Value| {
            command["cmd"]
                .as_str()
                .unwrap_or_default()
                .contains("--create-namespace")
        };
        if !commands.iter().any(makes) {
            let namespace = json!({"metadata": {"name": "ns"}});
            self.cluster.post("/api/v1/namespaces", &namespace).await;
        }
        if self.name == "12-ownership-conflicts" {
            // Made before the recording began, by somebody else.
            let object = json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"v": "theirs"}});
            let path = "/api/v1/namespaces/ns/configmaps/r1-a?fieldManager=e2e-setup";
            self.cluster.patch("apply", path, &object).await;
        }
        let mut all: Vec<(&str, Value)> = Vec::new();
        for command in commands {
            let requests = command["requests"].as_array().cloned().unwrap_or_default();
            let line = command["cmd"].as_str().unwrap_or_default();
            all.extend(requests.into_iter().map(|request| (line, request)));
        }
        let (lines, requests): (Vec<&str>, Vec<Value>) = all.into_iter().unzip();
        for (index, request) in requests.iter().enumerate() {
            let later = &requests[index + 1..];
            self.step(&Step { request, later }, lines[index]).await;
        }
    }

    async fn step(&mut self, step: &Step<'_>, command: &str) {
        self.asked += 1;
        let wanted = step.request["code"].as_u64().unwrap_or_default();
        let message = step.text("message").replace(NAMESPACE, "ns");
        let mut found = (0, String::new());
        for _ in 0..PATIENCE.0 {
            found = self.ask(step, wanted == 304).await;
            let writes = !matches!(step.text("verb"), "GET");
            if found == (wanted, message.clone()) || writes {
                break;
            }
            // Between the recorded requests others were at work: controllers, a kubelet.
            tokio::time::sleep(PATIENCE.1).await;
        }
        if found != (wanted, message.clone()) {
            let (verb, url) = (step.text("verb"), step.url());
            self.failures.push(format!(
                "{}: {command}\n  {verb} {url}\n  wanted {wanted} {message}\n  found {} {}",
                self.name, found.0, found.1
            ));
        }
    }

    /// Asks once; says the status and the message of a refusal.
    async fn ask(&mut self, step: &Step<'_>, known: bool) -> (u64, String) {
        let url = step.url().replace(NAMESPACE, "ns");
        let mut request = self.cluster.request(step.text("verb"), &url);
        let accept = step.text("accept");
        if !accept.is_empty() {
            request = request.header("accept", accept);
        }
        if known && let Some(tag) = self.tags.get(&format!("{url} {accept}")) {
            request = request.header("if-none-match", tag);
        }
        if let Some(body) = self.body(step).await {
            request = request
                .header("content-type", step.text("content_type"))
                .body(body);
        }
        let watches = url.contains("watch=true") || url.contains("follow=true");
        let mut answer = request.send().await.expect("an answer");
        let code = u64::from(answer.status().as_u16());
        if let Some(tag) = answer
            .headers()
            .get("etag")
            .and_then(|tag| tag.to_str().ok())
        {
            self.tags.insert(format!("{url} {accept}"), tag.to_owned());
        }
        if watches && code == 200 {
            return (code, String::new());
        }
        let mut text = Vec::new();
        while let Some(part) = answer.chunk().await.expect("a body") {
            text.extend(part);
        }
        let status: Value = serde_json::from_slice(&text).unwrap_or_default();
        let message = if code >= 400 {
            status["message"].as_str()
        } else {
            None
        };
        (code, message.unwrap_or_default().to_owned())
    }

    /// The body as it was, or one like it where the recording has none.
    async fn body(&mut self, step: &Step<'_>) -> Option<Vec<u8>> {
        let body = step.request.get("body")?;
        if body != "<protobuf>" {
            return Some(self.filled(step, body).await);
        }
        let path = step.text("path");
        let (name, kind) = match step.text("verb") {
            "DELETE" => return Some(wire::options()),
            "POST" if path.ends_with("/selfsubjectaccessreviews") => return Some(wire::review()),
            "POST" => (step.name(&self.made)?, path.rsplit('/').next()?),
            _ => (
                path.rsplit('/').next()?.to_owned(),
                path.rsplit('/').nth(1)?,
            ),
        };
        self.made.insert(name.clone());
        let release = name.split('.').nth(4).unwrap_or_default().to_owned();
        let namespace = path
            .split('/')
            .nth(4)
            .unwrap_or_default()
            .replace(NAMESPACE, "ns");
        Some(wire::record(kind, &name, &namespace, &release))
    }

    /// A JSON body with what differs from run to run: the namespace and versions.
    async fn filled(&self, step: &Step<'_>, body: &Value) -> Vec<u8> {
        let text = body.to_string().replace(NAMESPACE, "ns");
        if !text.contains(VERSION) {
            return text.into_bytes();
        }
        let path = step.text("path").replace(NAMESPACE, "ns");
        let (_, live) = self.cluster.get(&path).await;
        let version = live["metadata"]["resourceVersion"].to_string();
        text.replace(VERSION, &version).into_bytes()
    }
}

/// The recordings, if they are there.
fn recordings() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/spec/traces");
    let files = std::fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<PathBuf> = files
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .collect();
    files.sort();
    files
}

#[tokio::test]
async fn real_clients_hear_what_a_real_server_says() {
    let files = recordings();
    if files.is_empty() {
        println!("skipped: no recordings in ../shared/spec/traces");
        return;
    }
    let (mut failures, mut asked) = (Vec::new(), 0);
    for file in files {
        let text = std::fs::read(&file).expect("a readable file");
        let trace: Value = serde_json::from_slice(&text).expect("a recording");
        let mut replay = Replay::of(&file).await;
        replay.run(&trace).await;
        asked += replay.asked;
        failures.extend(replay.failures);
    }
    println!("{asked} requests, {} answered otherwise", failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
