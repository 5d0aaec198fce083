//! Registries that mean no good: what they do ends in an error, soon, and leaves nothing behind.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use helmrs_client::ClusterSettings;
use helmrs_client::download::ChartReference;
use helmrs_client::download::locate;
use helmrs_client::event::{Recorder, Silent};
use helmrs_client::registry::{Patience, Registry, RegistryOptions};
use helmrs_core::registry::manifest::{
    CHART_CONFIGURATION, CHART_CONTENT, IMAGE_INDEX, IMAGE_MANIFEST,
};
use helmrs_core::registry::{Descriptor, Digest, Manifest};

use super::deputy::{Asked, Deputy, Said};
use super::{archive, plainly, somebody, text};
use crate::support;

/// Answers by path.
type Answers = BTreeMap<String, Said>;

const CONFIGURATION: &[u8] = br#"{"name":"web","version":"0.1.0","apiVersion":"v2"}"#;

fn said(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Said {
    Said::new(status, headers, body)
}

fn manifest(layers: Vec<Descriptor>) -> Vec<u8> {
    let config = Descriptor::of(CHART_CONFIGURATION, CONFIGURATION);
    Manifest::new(config, layers, BTreeMap::new()).to_json()
}

fn blob(content: &[u8]) -> String {
    format!("/v2/charts/web/blobs/{}", Digest::of(content))
}

const TAGGED: &str = "/v2/charts/web/manifests/0.1.0";

fn of_manifest(text: &[u8], media_type: &str) -> Said {
    let digest = Digest::of(text).to_string();
    let headers = [
        ("Content-Type", media_type),
        ("Docker-Content-Digest", digest.as_str()),
    ];
    said(200, &headers, text)
}

/// What an honest registry answers.
fn honest() -> Answers {
    let content = archive("0.1.0").content;
    let text = manifest(vec![Descriptor::of(CHART_CONTENT, &content)]);
    BTreeMap::from([
        (TAGGED.to_string(), of_manifest(&text, IMAGE_MANIFEST)),
        (blob(CONFIGURATION), said(200, &[], CONFIGURATION)),
        (blob(&content), said(200, &[], &content)),
    ])
}

fn deputy(answers: Answers) -> Deputy {
    Deputy::start(move |asked: &Asked| {
        let answer = answers.get(&asked.path).cloned();
        answer.unwrap_or_else(|| said(404, &[], b""))
    })
}

/// Pulls a chart into a folder; tells what happened, and what is in the folder then.
async fn pull(answers: Answers) -> (Result<(), String>, usize) {
    let deputy = deputy(answers);
    let folder = tempfile::tempdir().unwrap();
    let (context, _) = support::context(folder.path(), ClusterSettings::default());
    let target = folder.path().join("target");
    fs::create_dir(&target).unwrap();
    let reference = ChartReference {
        name: format!("oci://{}/charts/web:0.1.0", deputy.host()),
        plain_http: true,
        ..ChartReference::default()
    };
    let (directories, watch) = (context.directories(), context.watch());
    let outcome = locate::download(directories, watch, &reference, &target).await;
    let written = fs::read_dir(&target).unwrap().count();
    (outcome.map(drop).map_err(text), written)
}

/// The error of a pull, which leaves nothing behind.
async fn refused(answers: Answers) -> String {
    let (outcome, written) = pull(answers).await;
    assert_eq!(written, 0);
    outcome.unwrap_err()
}

fn with<const N: usize>(changes: [(String, Said); N]) -> Answers {
    let mut answers = honest();
    answers.extend(changes);
    answers
}

fn impatient(folder: &tempfile::TempDir) -> RegistryOptions {
    let patience = Patience {
        answer: Duration::from_millis(300),
        slowest: 1 << 30,
        attempts: 0,
        pause: Duration::from_millis(1),
        pages: 5,
    };
    RegistryOptions {
        patience,
        ..plainly(folder.path())
    }
}

#[tokio::test]
async fn an_honest_registry_is_believed() {
    assert_eq!(pull(honest()).await, (Ok(()), 1));
}

#[tokio::test]
async fn content_is_what_its_digest_says() {
    let content = archive("0.1.0").content.to_vec();
    let place = blob(&content);
    let mut other = content.clone();
    other[20] ^= 1;
    let cases = [
        (said(200, &[], &other), "mismatched digest"),
        (said(200, &[], &content[1..]), "mismatch Content-Length"),
        (
            said(200, &[], &[&content[..], b"x"].concat()),
            "mismatch Content-Length",
        ),
        (
            said(200, &[("Docker-Content-Digest", "sha256:1")], &content),
            "invalid response header",
        ),
        (
            said(
                200,
                &[("Docker-Content-Digest", Digest::of(b"").as_str())],
                &content,
            ),
            "digest mismatch in Docker-Content-Digest",
        ),
        (
            said(
                200,
                &[("Content-Length", &content.len().to_string())],
                &content[..9],
            ),
            "unexpected EOF",
        ),
        (
            said(
                200,
                &[("Transfer-Encoding", "chunked")],
                &chunked(&content[1..]),
            ),
            "unexpected EOF",
        ),
        (
            said(
                200,
                &[("Transfer-Encoding", "chunked")],
                &chunked(&[&content[..], b"x"].concat()),
            ),
            "trailing data",
        ),
        (
            said(200, &[("Content-Encoding", "gzip")], b"junk"),
            "unexpected EOF",
        ),
    ];
    for (answer, problem) in cases {
        let error = refused(with([(place.clone(), answer)])).await;
        assert!(error.contains(problem), "{problem}: {error}");
    }
}

fn chunked(content: &[u8]) -> Vec<u8> {
    let head = format!("{:x}\r\n", content.len());
    [head.as_bytes(), content, b"\r\n0\r\n\r\n"].concat()
}

#[tokio::test]
async fn a_manifest_is_what_it_says_it_is() {
    let text = manifest(Vec::new());
    let other = Digest::of(b"other").to_string();
    let kind = ("Content-Type", IMAGE_MANIFEST);
    let huge = Descriptor {
        size: 1 << 40,
        ..Descriptor::of(CHART_CONTENT, b"")
    };
    let escaping = Descriptor {
        digest: "sha256:../../../../secret".into(),
        ..Descriptor::of(CHART_CONTENT, b"")
    };
    let cases = [
        (
            said(200, &[kind, ("Docker-Content-Digest", &other)], &text),
            "mismatched digest",
        ),
        (
            said(200, &[("Content-Type", "")], &text),
            "mime: no media type",
        ),
        (of_manifest(b"hello", "text/html"), "descriptors found: 0"),
        (
            of_manifest(b"junk", IMAGE_MANIFEST),
            "invalid character 'j'",
        ),
        (
            of_manifest(&text, IMAGE_MANIFEST),
            "does not contain a layer with mediatype",
        ),
        (
            of_manifest(&vec![b' '; 5 << 20], IMAGE_MANIFEST),
            "size exceeds limit",
        ),
        (
            of_manifest(&manifest(vec![huge]), IMAGE_MANIFEST),
            "size exceeds limit",
        ),
        (
            of_manifest(&manifest(vec![escaping]), IMAGE_MANIFEST),
            "invalid checksum digest",
        ),
    ];
    for (answer, problem) in cases {
        let error = refused(with([(TAGGED.to_string(), answer)])).await;
        assert!(error.contains(problem), "{problem}: {error}");
    }
}

#[tokio::test]
async fn what_a_manifest_points_to_has_an_end() {
    let many: Vec<String> = (0..2000)
        .map(|size| format!(r#"{{"mediaType":"x","digest":"y","size":{size}}}"#))
        .collect();
    let text = format!(r#"{{"manifests":[{}]}}"#, many.join(","));
    let answer = of_manifest(text.as_bytes(), IMAGE_INDEX);
    let error = refused(with([(TAGGED.to_string(), answer)])).await;
    assert_eq!(error, "the manifest points to more than 1000 contents");
}

#[tokio::test]
async fn redirects_have_an_end() {
    let place = blob(&archive("0.1.0").content);
    let there = said(302, &[("Location", place.as_str())], b"");
    let error = refused(with([(place.clone(), there)])).await;
    assert!(error.ends_with("stopped after 10 redirects"), "{error}");
    let file = said(302, &[("Location", "file:///etc/hostname")], b"");
    let error = refused(with([(place, file)])).await;
    assert!(
        error.ends_with("unsupported protocol scheme \"file\""),
        "{error}"
    );
}

/// A page of tags that points to another page.
fn page(next: &str) -> Said {
    let link = format!("<{next}>; rel=\"next\"");
    said(200, &[("Link", link.as_str())], br#"{"tags":["0.1.0"]}"#)
}

#[tokio::test]
async fn lists_of_tags_have_an_end() {
    let folder = tempfile::tempdir().unwrap();
    let versions = async |say: fn(&Asked) -> Said| {
        let deputy = Deputy::start(say);
        let registry = Registry::new(impatient(&folder)).unwrap();
        let repository = format!("{}/charts/web", deputy.host());
        let versions = registry.versions(&repository, &Silent).await;
        (versions.map_err(text), deputy.asked().len())
    };
    let (outcome, asked) = versions(|asked| page(&format!("{}x", asked.path))).await;
    assert_eq!(
        outcome.unwrap_err(),
        "tag listing exceeded 5 pages: too many pages"
    );
    assert_eq!(asked, 5);
    let (outcome, asked) = versions(|asked| page(&asked.path)).await;
    assert!(outcome.unwrap_err().ends_with("too many pages"));
    assert_eq!(asked, 1);
    let (outcome, asked) = versions(|_| page("http://127.0.0.2/v2/")).await;
    assert!(outcome.unwrap_err().contains("not the same origin"));
    assert_eq!(asked, 1);
    let (outcome, _) = versions(|_| said(200, &[("Link", "next")], br#"{"tags":[]}"#)).await;
    assert_eq!(
        outcome.unwrap_err(),
        "invalid next link \"next\": missing '<'"
    );
}

#[tokio::test]
async fn bombs_do_not_go_off() {
    let folder = tempfile::tempdir().unwrap();
    let mut bomb = GzEncoder::new(Vec::new(), Compression::fast());
    bomb.write_all(b"{\"tags\":[\"").unwrap();
    for _ in 0..8 {
        bomb.write_all(&vec![b'0'; 1 << 20]).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    let deputy = Deputy::start(move |_| said(200, &[("Content-Encoding", "gzip")], &bomb));
    let registry = Registry::new(plainly(folder.path())).unwrap();
    let repository = format!("{}/charts/web", deputy.host());
    let error = registry.versions(&repository, &Silent).await.unwrap_err();
    assert!(text(error).ends_with("failed to decode response: unexpected EOF"));
}

#[tokio::test]
async fn nobody_is_waited_for_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let versions = async |say: fn(&Asked) -> Said| {
        let deputy = Deputy::start(say);
        let registry = Registry::new(impatient(&folder)).unwrap();
        let repository = format!("{}/charts/web", deputy.host());
        text(registry.versions(&repository, &Silent).await.unwrap_err())
    };
    let never = |_: &Asked| said(200, &[], b"{}").late(Duration::from_secs(3600));
    assert!(
        versions(never)
            .await
            .ends_with("timeout awaiting response headers")
    );
    // A byte now and then is not enough.
    let dripping = |_: &Asked| {
        let start = said(200, &[("Content-Length", "100000")], b"{");
        (0..200).fold(start, |said, _| said.then(Duration::from_millis(50), b" "))
    };
    assert!(versions(dripping).await.ends_with("unexpected EOF"));
}

#[tokio::test]
async fn credentials_stay_with_the_registry() {
    let folder = tempfile::tempdir().unwrap();
    let thief = Deputy::start(|_| said(401, &[("WWW-Authenticate", "Basic realm=\"x\"")], b""));
    let elsewhere = format!("http://{}/", thief.host());
    let realm = format!("Bearer realm=\"http://127.0.0.2:1/{}\"", thief.host());
    let registry = Deputy::start(move |asked: &Asked| match asked.path.as_str() {
        // Whoever shows something is sent to the thief.
        "/v2/a/web/tags/list" if asked.header("authorization").is_some() => {
            said(307, &[("Location", &elsewhere)], b"")
        }
        "/v2/a/web/tags/list" => said(401, &[("WWW-Authenticate", "Basic realm=\"x\"")], b""),
        "/v2/b/web/tags/list" => said(401, &[("WWW-Authenticate", &realm)], b""),
        _ => said(307, &[("Location", &elsewhere)], b""),
    });
    let client = Registry::new(RegistryOptions {
        credential: somebody(),
        ..plainly(folder.path())
    });
    let client = client.unwrap();
    for (name, problem) in [
        ("a", "response status code 401: Unauthorized"),
        (
            "b",
            "is a loopback, link-local, private, or unspecified address",
        ),
        ("c", "response status code 401: Unauthorized"),
    ] {
        let repository = format!("{}/{name}/web", registry.host());
        let error = text(client.versions(&repository, &Silent).await.unwrap_err());
        assert!(error.ends_with(problem), "{name}: {error}");
        assert!(!error.contains("secret"));
    }
    let told = thief.asked();
    assert_eq!(told.len(), 2);
    assert!(
        told.iter()
            .all(|asked| asked.header("authorization").is_none()),
        "{told:?}"
    );
}

#[tokio::test]
async fn uploads_stay_with_the_registry() {
    let folder = tempfile::tempdir().unwrap();
    let thief = Deputy::start(|_| said(201, &[], b""));
    let elsewhere = format!("http://{}/upload", thief.host());
    let registry = Deputy::start(move |asked: &Asked| match asked.method.as_str() {
        "POST" => said(202, &[("Location", &elsewhere)], b""),
        _ => said(404, &[], b""),
    });
    let client = Registry::new(plainly(folder.path())).unwrap();
    let address = format!("{}/charts/web:0.1.0", registry.host());
    let error = client
        .push(&address, archive("0.1.0"), &Silent)
        .await
        .unwrap_err();
    let error = text(error);
    assert!(
        error.contains("is on a different host than the registry"),
        "{error}"
    );
    assert!(thief.asked().is_empty());
}

#[tokio::test]
async fn tokens_are_had_where_the_registry_says_and_shown_to_it_alone() {
    let folder = tempfile::tempdir().unwrap();
    let registry = Deputy::start(|asked: &Asked| {
        let host = asked.header("host").unwrap_or_default();
        let challenge = format!("Bearer realm=\"http://{host}/token\",service=\"s\"");
        match (asked.path.as_str(), asked.header("authorization")) {
            (path, Some(shown)) if path.starts_with("/token") => {
                let is_right = shown == "Basic YW5uOnNlY3JldA==";
                said(if is_right { 200 } else { 403 }, &[], br#"{"token":"t"}"#)
            }
            (_, Some("Bearer t")) => said(200, &[], br#"{"tags":["0.1.0"]}"#),
            _ => said(401, &[("WWW-Authenticate", &challenge)], b""),
        }
    });
    let client = Registry::new(RegistryOptions {
        credential: somebody(),
        ..plainly(folder.path())
    });
    let (client, watch) = (client.unwrap(), Recorder::default());
    let repository = format!("{}/charts/web", registry.host());
    for _ in 0..2 {
        assert_eq!(
            client.versions(&repository, &watch).await.unwrap(),
            ["0.1.0"]
        );
    }
    let asked: Vec<String> = registry
        .asked()
        .into_iter()
        .map(|asked| asked.path)
        .collect();
    // The second time, the token is known.
    assert_eq!(
        asked,
        [
            "/v2/charts/web/tags/list",
            "/token?scope=repository%3Acharts%2Fweb%3Apull&service=s",
            "/v2/charts/web/tags/list",
            "/v2/charts/web/tags/list",
        ]
    );
}

#[tokio::test]
async fn a_busy_registry_is_asked_again() {
    let folder = tempfile::tempdir().unwrap();
    let registry = Deputy::start(|_| said(503, &[], b""));
    let mut options = impatient(&folder);
    options.patience.attempts = 2;
    let client = Registry::new(options).unwrap();
    let repository = format!("{}/charts/web", registry.host());
    let error = client.versions(&repository, &Silent).await.unwrap_err();
    assert!(text(error).ends_with("response status code 503: Service Unavailable"));
    assert_eq!(registry.asked().len(), 3);
}
