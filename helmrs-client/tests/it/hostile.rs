//! Servers that lie, break off, send too much or never end: a clear error, nothing half written, the old cache kept.

use std::fs;
use std::path::Path;
use std::time::Duration;

use helmrs_client::action::repository::{self, Existing};
use helmrs_client::download::{ChartReference, FetchError, FetchOptions, cache, http, locate};
use helmrs_client::event::Silent;
use helmrs_client::{ClusterSettings, Context, Event, chain};
use helmrs_core::repository::entries::Entry;

use crate::server::{Answer, Server};
use crate::support;

const INDEX: &str = "apiVersion: v1
entries:
  web:
  - {name: web, version: 1.0.0, urls: [web-1.0.0.tgz]}
";

fn raw(head: &str, body: &[u8]) -> Answer {
    Answer::Raw([b"HTTP/1.1 200 OK\r\n", head.as_bytes(), b"\r\n\r\n", body].concat())
}

/// A user who added a repository while it was good.
struct User {
    _folder: tempfile::TempDir,
    context: Context,
    server: Server,
    entry: Entry,
}

impl User {
    async fn of_a_good_repository() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (context, _) = support::context(folder.path(), ClusterSettings::default());
        let server = Server::start();
        server.answer("/index.yaml", Answer::File(INDEX.into()));
        let entry = Entry {
            name: "stable".into(),
            url: server.address("127.0.0.1"),
            ..Entry::default()
        };
        let addition = repository::begin_to_add(&context).unwrap();
        repository::add(&context, addition, entry.clone(), Existing::Keep, None)
            .await
            .unwrap();
        Self {
            _folder: folder,
            context,
            server,
            entry,
        }
    }

    /// What a refresh comes to once the index is answered so; nothing that was there may have changed.
    async fn refreshed(&self, answer: Answer) -> String {
        self.server.answer("/index.yaml", answer);
        let cache = &self.context.directories().repository_cache;
        let before = files(cache);
        let mut problem = None;
        let patience = Some(Duration::from_millis(500));
        let entries = vec![self.entry.clone()];
        repository::update(&self.context, entries, patience, |updated| {
            problem = updated.problem.map(|error| chain(&error));
        })
        .await;
        assert_eq!(files(cache), before);
        let address = self.server.address("127.0.0.1");
        problem.unwrap_or_default().replace(&address, "$SERVER")
    }

    /// Why the chart cannot be pulled once its archive is answered so; nothing may lie there afterwards.
    async fn pulled(&self, answer: Answer) -> String {
        self.server.answer("/web-1.0.0.tgz", answer);
        let into = tempfile::tempdir().unwrap();
        let wanted = ChartReference {
            name: "stable/web".into(),
            ..ChartReference::default()
        };
        let error = helmrs_client::action::pull(&self.context, &wanted, into.path())
            .await
            .unwrap_err();
        assert_eq!(files(into.path()), []);
        assert_eq!(files(&self.context.directories().content_cache), []);
        let address = self.server.address("127.0.0.1");
        chain(&error).replace(&address, "$SERVER")
    }
}

/// The files of a folder and what they hold.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, fs::read(entry.path()).unwrap_or_default())
        })
        .collect();
    files.sort();
    files
}

#[tokio::test]
async fn an_index_that_breaks_off_is_not_taken() {
    let user = User::of_a_good_repository().await;
    let short = raw("content-length: 500", INDEX.as_bytes());
    assert_eq!(user.refreshed(short).await, "unexpected EOF");
    let chunked = raw("transfer-encoding: chunked", b"5\r\napiVe");
    assert_eq!(user.refreshed(chunked).await, "unexpected EOF");
    let nothing = user.refreshed(Answer::Raw(Vec::new())).await;
    assert_eq!(nothing, "Get \"$SERVER/index.yaml\": EOF");
}

#[tokio::test]
async fn what_is_no_index_is_not_taken() {
    let user = User::of_a_good_repository().await;
    for (body, problem) in [
        ("", "empty index.yaml file"),
        (
            "<html>",
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go value of type repo.IndexFile",
        ),
        ("entries: {}", "no API version specified"),
        (
            "apiVersion: v1\nentries:\n  a: []\n  a: []\n",
            "error converting YAML to JSON: yaml: unmarshal errors:\n  line 4: key \"a\" already set in map",
        ),
        (
            "apiVersion: v1\nnope: 1\n",
            "error unmarshaling JSON: while decoding JSON: json: unknown field \"nope\"",
        ),
    ] {
        let answer = Answer::File(body.into());
        assert_eq!(user.refreshed(answer).await, problem);
    }
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n\
                d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n\
                g: [*f,*f,*f,*f,*f,*f,*f,*f,*f]\n";
    let problem = user.refreshed(Answer::File(bomb.into())).await;
    assert!(problem.contains("excessive aliasing"), "{problem}");
    let deep = format!("apiVersion: v1\nentries: {}", "[".repeat(1 << 20));
    let problem = user.refreshed(Answer::File(deep.into())).await;
    assert!(!problem.is_empty());
}

#[tokio::test]
async fn odd_entries_are_left_out() {
    let user = User::of_a_good_repository().await;
    let odd = "apiVersion: v1\nentries:\n  web: [null, {name: ../../etc, version: 1.0.0}, {name: web, version: x}, {name: web, version: 2.0.0}]\n  none:\n";
    user.server.answer("/index.yaml", Answer::File(odd.into()));
    let entries = vec![user.entry.clone()];
    repository::update(&user.context, entries, None, |updated| {
        assert!(updated.problem.is_none());
    })
    .await;
    let read = helmrs_client::download::repositories::read_cached_index(
        user.context.directories(),
        "stable",
    );
    let (catalog, findings) = read.unwrap();
    assert_eq!(findings.len(), 3);
    let versions = catalog.chart("web").unwrap().versions();
    let versions: Vec<_> = versions.map(|version| version.version()).collect();
    assert_eq!(versions, ["2.0.0"]);
}

#[tokio::test]
async fn a_slow_server_is_given_up() {
    let user = User::of_a_good_repository().await;
    let silent = Answer::Stalled(Vec::new());
    assert_eq!(
        user.refreshed(silent).await,
        "Get \"$SERVER/index.yaml\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
    );
    let stalled = Answer::Stalled(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\napi".to_vec());
    assert_eq!(
        user.refreshed(stalled).await,
        "context deadline exceeded (Client.Timeout or context cancellation while reading body)"
    );
}

#[tokio::test]
async fn an_answer_larger_than_anything_is_not_even_read() {
    let user = User::of_a_good_repository().await;
    let length = 10_u64 << 30;
    let huge = raw(&format!("content-length: {length}"), b"apiVersion: v1");
    let most = 512 << 20;
    assert_eq!(
        user.refreshed(huge.clone()).await,
        format!("the answer is larger than {most} bytes")
    );
    let most = 1 << 30;
    assert_eq!(
        user.pulled(huge).await,
        format!("the answer is larger than {most} bytes")
    );
}

#[tokio::test]
async fn an_answer_without_an_end_ends_at_the_limit() {
    let server = Server::start();
    server.answer("/a", Answer::Endless(vec![b'a'; 1 << 16]));
    let options = FetchOptions {
        most_bytes: Some(1 << 20),
        ..FetchOptions::default()
    };
    let address = format!("{}/a", server.address("127.0.0.1"));
    let error = http::fetch(&address, &options, &Silent).await.unwrap_err();
    assert!(
        matches!(error, FetchError::TooBig { most } if most == 1 << 20),
        "{error}"
    );
}

#[tokio::test]
async fn compressed_answers_expand_to_the_limit_only() {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..64 {
        encoder.write_all(&vec![0; 1 << 16]).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    let server = Server::start();
    let head = format!("content-encoding: gzip\r\ncontent-length: {}", bomb.len());
    server.answer("/bomb", raw(&head, &bomb));
    let address = format!("{}/bomb", server.address("127.0.0.1"));
    let mut options = FetchOptions {
        accept_gzip: true,
        most_bytes: Some(1 << 20),
        ..FetchOptions::default()
    };
    let error = http::fetch(&address, &options, &Silent).await.unwrap_err();
    assert!(matches!(error, FetchError::TooBig { .. }), "{error}");
    options.most_bytes = None;
    let bytes = http::fetch(&address, &options, &Silent).await.unwrap();
    assert_eq!(bytes.len(), 64 << 16);
    // Who has not asked for compression gets what was sent.
    options.accept_gzip = false;
    let bytes = http::fetch(&address, &options, &Silent).await.unwrap();
    assert_eq!(bytes, bomb);
}

#[tokio::test]
async fn redirects_end() {
    let user = User::of_a_good_repository().await;
    let circle = Answer::Redirect("/index.yaml".into());
    assert_eq!(
        user.refreshed(circle).await,
        "Get \"/index.yaml\": stopped after 10 redirects"
    );
    assert_eq!(user.server.asked().len(), 1 + 10);
    let elsewhere = Answer::Redirect("file:///etc/passwd".into());
    let problem = user.refreshed(elsewhere).await;
    assert!(problem.contains("file:///etc/passwd"), "{problem}");
}

#[tokio::test]
async fn an_archive_that_breaks_off_is_not_there() {
    let user = User::of_a_good_repository().await;
    let short = raw("content-length: 500", b"chart");
    assert_eq!(user.pulled(short).await, "unexpected EOF");
    let missing = Answer::Raw(b"HTTP/1.1 500 Oh No\r\ncontent-length: 0\r\n\r\n".to_vec());
    assert_eq!(
        user.pulled(missing).await,
        "failed to fetch $SERVER/web-1.0.0.tgz : 500 Oh No"
    );
}

#[tokio::test]
async fn what_is_fetched_is_told_to_a_developer() {
    let folder = tempfile::tempdir().unwrap();
    let (context, events) = support::context(folder.path(), ClusterSettings::default());
    let server = Server::start();
    server.answer("/web.tgz", Answer::File(b"chart".to_vec()));
    let url = format!("{}/web.tgz", server.address("127.0.0.1"));
    let wanted = ChartReference {
        name: url.clone(),
        ..ChartReference::default()
    };
    locate(context.directories(), context.watch(), &wanted)
        .await
        .unwrap();
    let steps: Vec<_> = events
        .events()
        .into_iter()
        .filter_map(|event| match event {
            Event::Step { text, attributes } if text.starts_with("fetch") => {
                Some((text, attributes))
            }
            _ => None,
        })
        .collect();
    let url = ("url", url);
    let status = ("status", "200 OK".to_owned());
    let length = ("content-length", "5".to_owned());
    assert_eq!(
        steps,
        [
            ("fetching", vec![url.clone()]),
            ("fetch complete", vec![url, status, length])
        ]
    );
}

/// The index of a repository with one chart, whose archive is claimed to have a digest.
fn index_claiming(digest: &str) -> Vec<u8> {
    format!(
        "apiVersion: v1\nentries:\n  web:\n  - {{name: web, version: 1.0.0, urls: [web-1.0.0.tgz], digest: {digest}}}\n"
    )
    .into_bytes()
}

/// The user, whose repository has this archive and claims this digest of it.
async fn user_of(archive: &[u8], digest: &str) -> User {
    let user = User::of_a_good_repository().await;
    let index = Answer::File(index_claiming(digest));
    user.server.answer("/index.yaml", index);
    let archive = Answer::File(archive.to_vec());
    user.server.answer("/web-1.0.0.tgz", archive);
    repository::update(&user.context, vec![user.entry.clone()], None, |updated| {
        assert!(updated.problem.is_none());
    })
    .await;
    user
}

fn web() -> ChartReference {
    ChartReference {
        name: "stable/web".into(),
        ..ChartReference::default()
    }
}

async fn located(user: &User) -> Vec<u8> {
    let context = &user.context;
    let located = locate(context.directories(), &Silent, &web()).await;
    fs::read(located.unwrap().path).unwrap()
}

async fn pulled_file(user: &User) -> Vec<u8> {
    let into = tempfile::tempdir().unwrap();
    helmrs_client::action::pull(&user.context, &web(), into.path())
        .await
        .unwrap();
    fs::read(into.path().join("web-1.0.0.tgz")).unwrap()
}

#[tokio::test]
async fn a_cached_chart_that_somebody_exchanged_is_not_taken() {
    let name = hex::encode(cache::fingerprint(b"good"));
    let user = user_of(b"good", &name).await;
    let folder = user.context.directories().content_cache.join(&name[..2]);
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join(format!("{name}.chart"));
    fs::write(&file, b"poison").unwrap();
    assert_eq!(pulled_file(&user).await, b"good");
    assert_eq!(located(&user).await, b"good");
    assert_eq!(fs::read(&file).unwrap(), b"good");
}

#[tokio::test]
async fn an_index_cannot_put_its_chart_where_another_is_looked_for() {
    let name = hex::encode(cache::fingerprint(b"good"));
    let user = user_of(b"poison", &name).await;
    // Parity: a digest that is wrong is nothing the reference minds.
    assert_eq!(located(&user).await, b"poison");
    let cache = cache::Cache::new(&user.context.directories().content_cache);
    assert_eq!(cache.chart(&cache::fingerprint(b"good")), None);
    let own = cache.chart(&cache::fingerprint(b"poison")).unwrap();
    assert_eq!(own.bytes, b"poison");
}
