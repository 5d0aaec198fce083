//! The page at `/`, over HTTP and in a browser.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use helmrs_sandbox::Options;
use serde_json::{Value, json};

use crate::client::Cluster;

/// A record as a package manager stores it.
fn record(revision: u32, status: &str, manifest: &str) -> Value {
    let release = json!({
        "name": "web", "namespace": "default", "version": revision, "manifest": manifest,
        "info": {"status": status, "description": "<b>bold</b>", "last_deployed": "2026-11-30T10:00:00.5Z"},
        "chart": {"metadata": {"name": "shop", "version": "1.2.3", "appVersion": "9"}},
    });
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed
        .write_all(release.to_string().as_bytes())
        .expect("memory");
    let text = STANDARD.encode(packed.finish().expect("memory"));
    json!({
        "metadata": {
            "name": format!("sh.helm.release.v1.web.v{revision}"),
            "labels": {"owner": "helm", "name": "web", "status": status, "version": revision.to_string()},
        },
        "type": "helm.sh/release.v1",
        "data": {"release": STANDARD.encode(text)},
    })
}

/// A cluster with a release of two revisions, whose deployment has a pod that crashes.
async fn cluster() -> Cluster {
    let cluster = Cluster::with(Options::default()).await;
    let secrets = "/api/v1/namespaces/default/secrets";
    cluster
        .post(secrets, &record(1, "superseded", "replicas: 1\n"))
        .await;
    cluster
        .post(secrets, &record(2, "deployed", "replicas: 2\n"))
        .await;
    let owned =
        json!({"meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": "default"});
    let template = json!({
        "metadata": {"labels": {"app": "web"}, "annotations": {"helmrs.dev/sandbox-outcome": "crash"}},
        "spec": {"containers": [{"name": "web", "image": "nginx"}]},
    });
    let deployment = json!({
        "metadata": {"name": "web", "annotations": owned},
        "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "web"}}, "template": template},
    });
    let (code, made) = cluster
        .post("/apis/apps/v1/namespaces/default/deployments", &deployment)
        .await;
    assert_eq!(code, 201, "{made}");
    cluster
}

/// The cookie that a browser is given for the token.
async fn cookie(cluster: &Cluster) -> String {
    let token = cluster.sandbox.token();
    let request = cluster.anonymous("GET", &format!("/?token={token}"));
    let answer = request.header("accept", "text/html").send().await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.status(), 303);
    let cookie = answer.headers()["set-cookie"].to_str().expect("a text");
    // Whoever else gets to see it learns nothing of the token.
    assert!(!cookie.contains(token), "{cookie}");
    cookie.split(';').next().unwrap_or_default().to_owned()
}

/// A page as a browser with the cookie gets it.
async fn page(cluster: &Cluster, path: &str) -> (u16, String) {
    let cookie = cookie(cluster).await;
    let request = cluster.anonymous("GET", path).header("accept", "text/html");
    let answer = request
        .header("cookie", cookie)
        .send()
        .await
        .expect("an answer");
    (
        answer.status().as_u16(),
        answer.text().await.expect("a body"),
    )
}

#[tokio::test]
async fn the_page_shows_releases_their_objects_and_their_history() {
    let cluster = cluster().await;
    let mut text = String::new();
    // It answers when something has changed, until the pod has crashed.
    for _ in 0..20 {
        let seen = text
            .split("data-revision=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        text = page(&cluster, &format!("/?after={}", seen.unwrap_or("0")))
            .await
            .1;
        if text.contains("CrashLoopBackOff") {
            break;
        }
    }
    for part in [
        "shop-1.2.3",
        "revision 2",
        "0 of 1 objects ready",
        "CrashLoopBackOff",
        "2026-11-30 10:00:00",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let (code, text) = page(&cluster, "/sandbox/releases/default/web").await;
    assert_eq!(code, 200);
    let diff = "<span class=removed>- replicas: 1</span><span class=added>+ replicas: 2</span>";
    for part in ["changes since 1", diff, "&lt;b&gt;bold&lt;/b&gt;"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(
        page(&cluster, "/sandbox/releases/default/nope").await.0,
        404
    );
}

#[tokio::test]
async fn the_page_lets_in_who_has_the_token() {
    let cluster = cluster().await;
    let ask = |path: String| {
        cluster
            .anonymous("GET", &path)
            .header("accept", "text/html")
            .send()
    };
    let refused = ask("/".to_owned()).await.expect("an answer");
    assert_eq!(refused.status(), 401);
    assert!(!refused.text().await.expect("a body").contains("shop"));
    let wrong = ask("/?token=nope".to_owned()).await.expect("an answer");
    assert_eq!(wrong.status(), 401);
    // The cookie opens the page and nothing else.
    let cookie = cookie(&cluster).await;
    let secrets = cluster
        .anonymous("GET", "/api/v1/secrets")
        .header("cookie", cookie);
    assert_eq!(secrets.send().await.expect("an answer").status(), 403);
    // Whoever asks for data gets the paths.
    let (code, paths) = cluster.get("/").await;
    assert_eq!(
        (
            code,
            paths["paths"]
                .as_array()
                .is_some_and(|paths| paths.len() > 20)
        ),
        (200, true)
    );
}

fn browser() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let mut files = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    files.find(|file| file.is_file())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_shows_the_page_and_keeps_it_up_to_date() {
    let Some(browser) = browser() else {
        println!("skipped: there is no chromium");
        return;
    };
    let cluster = cluster().await;
    let folder = std::env::temp_dir().join(format!("helmrs-page-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let image = folder.join("page.png");
    let run = |arguments: Vec<String>| {
        let mut command = Command::new(&browser);
        command.args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--ignore-certificate-errors",
        ]);
        command.arg(format!(
            "--user-data-dir={}",
            folder.join("profile").display()
        ));
        command.args(arguments);
        tokio::task::spawn_blocking(move || command.output().expect("the browser runs"))
    };
    let shot = run(vec![
        "--window-size=1000,800".to_owned(),
        format!("--screenshot={}", image.display()),
        cluster.sandbox.page(),
    ]);
    shot.await.expect("a picture");
    let bytes = std::fs::read(&image).expect("a picture");
    assert!(bytes.starts_with(b"\x89PNG"), "a picture");
    assert!(bytes.len() > 10_000, "{} bytes", bytes.len());
    // An open page shows a new revision without being loaded again, and says so when the sandbox has stopped. The clock
    // of the browser stands still while it waits for an answer, so that it ends only then.
    let budget = "--virtual-time-budget=3000".to_owned();
    let dumped = run(vec![
        budget,
        "--dump-dom".to_owned(),
        cluster.sandbox.page(),
    ]);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let secrets = "/api/v1/namespaces/default/secrets";
    cluster
        .post(secrets, &record(3, "failed", "replicas: 3\n"))
        .await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    cluster.sandbox.stop().await;
    let dom = String::from_utf8_lossy(&dumped.await.expect("a page").stdout).into_owned();
    for part in [
        "<title>Releases</title>",
        "revision 3",
        "<body class=\"gone\">",
    ] {
        assert!(dom.contains(part), "{part} in {dom}");
    }
    let _ = std::fs::remove_dir_all(&folder);
}
