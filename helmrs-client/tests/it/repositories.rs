//! Repositories are added, refreshed, searched for charts and forgotten; credentials stay with their owner.

use std::fs;
use std::path::Path;

use helmrs_client::action::repository::{self, Added, Existing, ListChangeError};
use helmrs_client::download::locate;
use helmrs_client::download::{ChartReference, Credentials};
use helmrs_client::download::{Strategy, Trust};
use helmrs_client::{ClusterSettings, Context, Event, chain};
use helmrs_core::repository::entries::Entry;

use crate::server::{Answer, Server};
use crate::support;

const INDEX: &str = "apiVersion: v1
entries:
  web:
  - {name: web, version: 1.0.0, urls: [web-1.0.0.tgz]}
  - {name: web, version: 1.1.0, urls: [web-1.1.0.tgz]}
";

fn repository() -> Server {
    let server = Server::start();
    server.answer("/charts/index.yaml", Answer::File(INDEX.into()));
    server.answer("/charts/web-1.0.0.tgz", Answer::File(b"old".to_vec()));
    server.answer("/charts/web-1.1.0.tgz", Answer::File(b"new".to_vec()));
    server
}

fn entry(server: &Server) -> Entry {
    Entry {
        name: "stable".into(),
        url: format!("{}/charts", server.address("127.0.0.1")),
        ..Entry::default()
    }
}

async fn add(context: &Context, entry: Entry) -> Result<Added, ListChangeError> {
    let addition = repository::begin_to_add(context)?;
    repository::add(context, addition, entry, Existing::Keep, None).await
}

fn reference(name: &str) -> ChartReference {
    ChartReference {
        name: name.to_string(),
        ..ChartReference::default()
    }
}

fn credentials() -> Credentials {
    Credentials {
        username: "ann".into(),
        password: "secret".into(),
    }
}

async fn located(context: &Context, reference: &ChartReference) -> Result<Vec<u8>, String> {
    let located = locate(context.directories(), context.watch(), reference).await;
    located
        .map(|located| fs::read(located.path).unwrap())
        .map_err(|error| chain(&error))
}

#[tokio::test]
async fn an_added_repository_is_listed_and_cached() {
    let folder = tempfile::tempdir().unwrap();
    let (context, _) = support::context(folder.path(), ClusterSettings::default());
    let server = repository();
    assert_eq!(add(&context, entry(&server)).await.unwrap(), Added::New);
    assert_eq!(
        add(&context, entry(&server)).await.unwrap(),
        Added::Unchanged
    );
    let other = Entry {
        username: "bob".into(),
        ..entry(&server)
    };
    let error = add(&context, other).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "repository name (stable) already exists, please specify a different name"
    );
    let cached =
        |name: &str| fs::read_to_string(folder.path().join("cache/repository").join(name)).unwrap();
    assert_eq!(cached("stable-index.yaml"), INDEX);
    assert_eq!(cached("stable-charts.txt"), "web\n");
    assert_eq!(server.asked(), ["/charts/index.yaml user-agent=Helm/4.3.1"]);
    assert_private(&folder.path().join("config/repositories.yaml"));
    repository::remove(&context, "stable").unwrap();
    assert!(
        !folder
            .path()
            .join("cache/repository/stable-index.yaml")
            .exists()
    );
    assert_eq!(
        repository::remove(&context, "stable")
            .unwrap_err()
            .to_string(),
        "no repositories configured"
    );
}

#[cfg(unix)]
fn assert_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(
        fs::metadata(path).unwrap().permissions().mode() & 0o777,
        0o600
    );
}

#[cfg(not(unix))]
fn assert_private(_: &Path) {}

#[tokio::test]
async fn what_is_no_repository_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (context, _) = support::context(folder.path(), ClusterSettings::default());
    let server = Server::start();
    let url = server.address("127.0.0.1");
    let entry = Entry {
        name: "x".into(),
        url: url.clone(),
        ..Entry::default()
    };
    let error = add(&context, entry).await.unwrap_err();
    assert_eq!(
        chain(&error),
        format!(
            "looks like \"{url}\" is not a valid chart repository or cannot be reached: failed to fetch {url}/index.yaml \
             : 404 Not Found"
        )
    );
    let error = repository::to_update(&context, &[]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no repositories found. You must add one before updating"
    );
}

#[tokio::test]
async fn a_chart_is_found_by_name_and_version() {
    let folder = tempfile::tempdir().unwrap();
    let (context, events) = support::context(folder.path(), ClusterSettings::default());
    let server = repository();
    add(&context, entry(&server)).await.unwrap();
    let version = |version: &str| ChartReference {
        version: version.into(),
        ..reference("stable/web")
    };
    assert_eq!(located(&context, &version("")).await.unwrap(), b"new");
    assert_eq!(located(&context, &version("1.0.0")).await.unwrap(), b"old");
    assert_eq!(located(&context, &version("<1.1")).await.unwrap(), b"old");
    assert_eq!(located(&context, &version("v1.0.0")).await.unwrap(), b"old");
    let mut told = events.events();
    told.retain(|event| !matches!(event, Event::Step { .. } | Event::Transferred { .. }));
    assert!(
        matches!(told.as_slice(), [Event::ClosestVersion { selected, .. }] if selected == "1.0.0")
    );
    assert_eq!(
        located(&context, &version("9")).await.unwrap_err(),
        "chart \"web\" matching 9 not found in stable index. (try 'helm repo update'): no chart version found for web-9"
    );
    assert_eq!(
        located(&context, &reference("other/web"))
            .await
            .unwrap_err(),
        "repo other not found"
    );
    assert_eq!(
        located(&context, &reference("web")).await.unwrap_err(),
        "non-absolute URLs should be in form of repo_name/path_to_chart, got: web"
    );
}

#[tokio::test]
async fn a_chart_is_found_in_a_repository_nobody_added() {
    let folder = tempfile::tempdir().unwrap();
    let (context, _) = support::context(folder.path(), ClusterSettings::default());
    let server = repository();
    let url = format!("{}/charts", server.address("127.0.0.1"));
    let there = |name: &str| ChartReference {
        repository: url.clone(),
        credentials: credentials(),
        ..reference(name)
    };
    assert_eq!(located(&context, &there("web")).await.unwrap(), b"new");
    assert_eq!(
        located(&context, &there("db")).await.unwrap_err(),
        format!("chart \"db\" not found in {url} repository")
    );
}

#[tokio::test]
async fn credentials_do_not_follow_a_chart_to_another_host() {
    let folder = tempfile::tempdir().unwrap();
    let (context, _) = support::context(folder.path(), ClusterSettings::default());
    let (server, elsewhere) = (Server::start(), Server::start());
    let away = format!("{}/web.tgz", elsewhere.address("localhost"));
    let index = format!(
        "apiVersion: v1\nentries: {{web: [{{name: web, version: 1.0.0, urls: ['{away}']}}]}}\n"
    );
    server.answer("/index.yaml", Answer::File(index.into()));
    elsewhere.answer("/web.tgz", Answer::File(b"chart".to_vec()));
    let repository = server.address("127.0.0.1");
    let mut wanted = ChartReference {
        repository,
        credentials: credentials(),
        ..reference("web")
    };
    located(&context, &wanted).await.unwrap();
    assert!(
        server.asked()[0].contains("authorization=Basic"),
        "{:?}",
        server.asked()
    );
    assert!(
        !elsewhere.asked()[0].contains("authorization"),
        "{:?}",
        elsewhere.asked()
    );
    assert!(elsewhere.asked()[0].contains("accept=application/gzip,application/octet-stream"));
    wanted.pass_credentials_all = true;
    located(&context, &wanted).await.unwrap();
    assert!(
        elsewhere.asked()[1].contains("authorization=Basic"),
        "{:?}",
        elsewhere.asked()
    );
}

#[tokio::test]
async fn credentials_do_not_follow_a_redirect_to_another_host() {
    let folder = tempfile::tempdir().unwrap();
    let (context, _) = support::context(folder.path(), ClusterSettings::default());
    let (server, elsewhere) = (Server::start(), Server::start());
    server.answer(
        "/web.tgz",
        Answer::Redirect(format!("{}/a.tgz", elsewhere.address("localhost"))),
    );
    elsewhere.answer(
        "/a.tgz",
        Answer::Redirect(format!("{}/b.tgz", server.address("127.0.0.1"))),
    );
    server.answer("/b.tgz", Answer::File(b"chart".to_vec()));
    let name = format!("{}/web.tgz", server.address("127.0.0.1"));
    let wanted = ChartReference {
        credentials: credentials(),
        ..reference(&name)
    };
    assert_eq!(located(&context, &wanted).await.unwrap(), b"chart");
    assert!(server.asked()[0].contains("authorization=Basic"));
    assert!(!elsewhere.asked()[0].contains("authorization"));
    assert!(
        !server.asked()[1].contains("authorization"),
        "what was dropped stays dropped"
    );
}

#[tokio::test]
async fn a_pulled_chart_lies_under_its_own_name_with_its_provenance() {
    let folder = tempfile::tempdir().unwrap();
    let (context, _) = support::context(folder.path(), ClusterSettings::default());
    let server = repository();
    add(&context, entry(&server)).await.unwrap();
    let into = folder.path().join("charts");
    fs::create_dir(&into).unwrap();
    let mut wanted = reference("stable/web");
    let pulled = helmrs_client::action::pull(&context, &wanted, &into)
        .await
        .unwrap();
    assert_eq!(pulled.path, into.join("web-1.1.0.tgz"));
    wanted.verification = Strategy::Always(Trust {
        keyring: folder.path().join("keys.gpg"),
        now: context.now(),
    });
    let error = helmrs_client::action::pull(&context, &wanted, &into)
        .await
        .unwrap_err();
    let url = format!("{}/charts/web-1.1.0.tgz.prov", server.address("127.0.0.1"));
    assert_eq!(
        error.to_string(),
        format!("failed to fetch provenance \"{url}\"")
    );
}
