//! Debian's registry server, on loopback.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use helmrs_client::ClusterSettings;
use helmrs_client::action::{DependencyRequest, dependency, push};
use helmrs_client::download::{Connection, Credentials, TlsOptions, oci};
use helmrs_client::event::{Recorder, Silent};
use helmrs_client::registry::{self, Part, Registry, RegistryOptions};
use helmrs_core::registry::Descriptor;
use helmrs_core::registry::manifest::IMAGE_MANIFEST;
use helmrs_core::registry::plugin::PLUGIN;

use super::{archive, digests, is_there, plainly, skip, somebody, text};
use crate::support;

/// A registry server that ends with the test.
struct Server {
    process: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    /// Starts a server; `more` is added to its section of HTTP, `end` to the end of its configuration.
    fn start(
        test: &str,
        more: impl Fn(&Path) -> String,
        end: impl Fn(&Path) -> String,
    ) -> Option<Self> {
        if !is_there("docker-registry", test) {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let configuration = format!(
            "version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\nstorage:\n  filesystem: {{rootdirectory: \
             {}}}\nhttp:\n  addr: 127.0.0.1:{port}\n{}{}",
            root.join("data").display(),
            more(root),
            end(root)
        );
        fs::write(root.join("config.yml"), configuration).unwrap();
        let process = Command::new("docker-registry")
            .arg("serve")
            .arg(root.join("config.yml"))
            .env("OTEL_TRACES_EXPORTER", "none")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self {
            process,
            port,
            folder,
        };
        server.wait();
        Some(server)
    }

    fn plain(test: &str) -> Option<Self> {
        Self::start(test, |_| String::new(), |_| String::new())
    }

    /// A server that wants to know who asks.
    fn guarded(test: &str) -> Option<Self> {
        Self::start(
            test,
            |_| String::new(),
            |root| {
                let hash = bcrypt::hash("secret", 4).unwrap();
                fs::write(root.join("htpasswd"), format!("ann:{hash}\n")).unwrap();
                let path = root.join("htpasswd");
                format!(
                    "auth:\n  htpasswd: {{realm: test, path: {}}}\n",
                    path.display()
                )
            },
        )
    }

    fn wait(&self) {
        for _ in 0..600 {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return;
            }
            sleep(Duration::from_millis(50));
        }
        panic!("the registry does not start");
    }

    fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    fn url(&self, path: &str) -> String {
        format!("oci://{}/{path}", self.host())
    }

    fn address(&self, path: &str) -> String {
        format!("{}/{path}", self.host())
    }

    fn options(&self) -> RegistryOptions {
        plainly(self.folder.path())
    }

    fn registry(&self) -> Registry {
        Registry::new(self.options()).unwrap()
    }
}

#[tokio::test]
async fn what_is_pushed_is_pulled() {
    let Some(server) = Server::plain("what_is_pushed_is_pulled") else {
        return;
    };
    let (registry, watch) = (server.registry(), Recorder::default());
    for version in ["0.1.0", "0.2.0", "1.0.0-rc.1", "0.2.1+linux.5"] {
        let mut archive = archive(version);
        archive.provenance = (version == "0.2.0").then(|| "signed".into());
        let address = server.address(&format!("charts/web:{version}"));
        registry.push(&address, archive, &watch).await.unwrap();
    }
    let versions = registry
        .versions(&server.address("charts/web"), &watch)
        .await;
    assert_eq!(
        versions.unwrap(),
        ["1.0.0-rc.1", "0.2.1+linux.5", "0.2.0", "0.1.0"]
    );
    for (wanted, found) in [
        ("", "0.2.1+linux.5"),
        ("~0.1", "0.1.0"),
        (">0-0", "1.0.0-rc.1"),
    ] {
        let url = server.url("charts/web");
        let resolved = registry.find(&url, wanted, &watch).await.unwrap();
        assert_eq!(resolved.file_name(), format!("web-{found}.tgz"), "{wanted}");
        let content = registry.pull(&resolved.url, Part::Archive, &watch).await;
        assert_eq!(content.unwrap(), archive(found).content, "{wanted}");
    }
    let tagged = server.url("charts/web:0.2.0");
    let provenance = registry.pull(&tagged, Part::Provenance, &watch).await;
    assert_eq!(provenance.unwrap(), b"signed");
    let digests = digests(&watch);
    let by_digest = server.url(&format!("charts/web@{}", digests[0]));
    let content = registry.pull(&by_digest, Part::Archive, &watch).await;
    assert_eq!(content.unwrap(), archive("0.1.0").content);
    let wrong = server.url(&format!("charts/web:0.2.0@{}", digests[0]));
    let error = registry.find(&wrong, "", &watch).await.unwrap_err();
    assert!(text(error).starts_with("chart reference digest mismatch: "));
}

#[tokio::test]
async fn what_is_there_is_not_pushed_again() {
    let Some(server) = Server::plain("what_is_there_is_not_pushed_again") else {
        return;
    };
    let (registry, watch) = (server.registry(), Recorder::default());
    for _ in 0..2 {
        let address = server.address("charts/web:0.1.0");
        registry
            .push(&address, archive("0.1.0"), &watch)
            .await
            .unwrap();
    }
    let digests = digests(&watch);
    assert_eq!(digests[0], digests[1]);
    let error = registry
        .push(
            &server.address("charts/other:0.1.0"),
            archive("0.1.0"),
            &watch,
        )
        .await;
    assert!(text(error.unwrap_err()).starts_with("strict mode enabled"));
    let error = registry
        .pull(&server.url("charts/web:9.9.9"), Part::Archive, &watch)
        .await;
    assert_eq!(
        text(error.unwrap_err()),
        format!(
            "failed to perform \"FetchReference\" on source: {}: not found",
            server.address("charts/web:9.9.9")
        )
    );
}

#[tokio::test]
async fn a_login_is_kept_until_it_is_forgotten() {
    let Some(server) = Server::guarded("a_login_is_kept_until_it_is_forgotten") else {
        return;
    };
    let address = server.address("charts/web:0.1.0");
    let push = async || {
        server
            .registry()
            .push(&address, archive("0.1.0"), &Silent)
            .await
    };
    assert!(text(push().await.unwrap_err()).ends_with(": basic credential not found"));
    let mut options = server.options();
    options.credential.username = "ann".into();
    options.credential.password = "wrong".into();
    let error = registry::login(&server.host(), options.clone(), &Silent).await;
    assert_eq!(
        text(error.unwrap_err()),
        format!(
            "authenticating to \"{0}\": GET \"http://{0}/v2/\": response status code 401: unauthorized: authentication \
             required",
            server.host()
        )
    );
    assert!(!options.places.configuration.exists());
    options.credential = somebody();
    let login = registry::login(&server.host(), options.clone(), &Silent).await;
    login.unwrap();
    push().await.unwrap();
    registry::logout(&server.host(), options.places)
        .await
        .unwrap();
    assert!(push().await.is_err());
}

#[tokio::test]
async fn certificates_are_checked() {
    let certificate = rcgen::generate_simple_self_signed(["127.0.0.1".to_string()]).unwrap();
    let server = Server::start(
        "certificates_are_checked",
        |root| {
            fs::write(root.join("server.pem"), certificate.cert.pem()).unwrap();
            fs::write(
                root.join("server.key"),
                certificate.signing_key.serialize_pem(),
            )
            .unwrap();
            let (cert, key) = (root.join("server.pem"), root.join("server.key"));
            let (cert, key) = (cert.display(), key.display());
            format!("  tls: {{certificate: {cert}, key: {key}}}\n")
        },
        |_| String::new(),
    );
    let Some(server) = server else { return };
    let push = async |tls: TlsOptions, plain_http: bool| {
        let registry = Registry::new(RegistryOptions {
            tls,
            plain_http,
            ..server.options()
        });
        let address = server.address("charts/web:0.1.0");
        registry
            .unwrap()
            .push(&address, archive("0.1.0"), &Silent)
            .await
    };
    let error = push(TlsOptions::default(), false).await.unwrap_err();
    assert!(text(error).contains("x509: certificate signed by unknown authority"));
    let trusting = TlsOptions {
        ca_file: Some(server.folder.path().join("server.pem")),
        ..TlsOptions::default()
    };
    // A registry whose certificate is checked is never talked to in the clear.
    push(trusting, true).await.unwrap();
    let careless = TlsOptions {
        insecure_skip_verify: true,
        ..TlsOptions::default()
    };
    push(careless, false).await.unwrap();
}

#[tokio::test]
async fn dependencies_come_from_registries() {
    let Some(server) = Server::guarded("dependencies_come_from_registries") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (context, _) = support::context(folder.path(), ClusterSettings::default());
    let connection = Connection {
        credentials: Credentials {
            username: "ann".into(),
            password: "secret".into(),
        },
        plain_http: true,
        ..Connection::default()
    };
    for version in ["0.1.0", "0.1.1", "0.2.0"] {
        let path = folder.path().join(format!("web-{version}.tgz"));
        fs::write(&path, archive(version).content).unwrap();
        push(&context, &path, &server.url("charts"), &connection)
            .await
            .unwrap();
    }
    let chart = folder.path().join("shop");
    fs::create_dir(&chart).unwrap();
    let yaml = format!(
        "apiVersion: v2\nname: shop\nversion: 0.1.0\ndependencies:\n- {{name: web, version: ^0.1.0, repository: \"{}\"}}\n",
        server.url("charts")
    );
    fs::write(chart.join("Chart.yaml"), yaml).unwrap();
    let request = DependencyRequest {
        chart: chart.clone(),
        connection: connection.clone(),
        ..DependencyRequest::default()
    };
    dependency::update(&context, &request).await.unwrap();
    let lock = fs::read_to_string(chart.join("Chart.lock")).unwrap();
    assert!(lock.contains("version: 0.1.1\n"));
    let fetched = || fs::read(chart.join("charts/web-0.1.1.tgz")).unwrap();
    assert_eq!(fetched(), archive("0.1.1").content);
    fs::remove_dir_all(chart.join("charts")).unwrap();
    dependency::build(&context, &request).await.unwrap();
    assert_eq!(fetched(), archive("0.1.1").content);
    let nobody = DependencyRequest {
        connection: Connection {
            plain_http: true,
            ..Connection::default()
        },
        ..request
    };
    let error = dependency::update(&context, &nobody).await.unwrap_err();
    assert!(text(error).starts_with("could not retrieve list of tags for repository oci://"));
    assert_eq!(oci::places(context.directories()).docker, None);
}

/// The reference, if the tests are told where it is.
fn reference(test: &str) -> Option<PathBuf> {
    let path = std::env::var_os("HELMRS_REFERENCE_HELM").map(PathBuf::from);
    if path.is_none() {
        skip(test, "HELMRS_REFERENCE_HELM is not set");
    }
    path
}

/// What the reference says to a command, run in a folder of its own.
fn run(helm: &Path, folder: &Path, words: &str) -> String {
    let output = Command::new(helm)
        .args(words.split(' '))
        .current_dir(folder)
        .env("HOME", folder)
        .env("TZ", "UTC")
        .output()
        .unwrap();
    assert!(output.status.success(), "{words}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn helm_and_helmrs_read_each_others_pushes() {
    const TEST: &str = "helm_and_helmrs_read_each_others_pushes";
    let (Some(helm), Some(server)) = (reference(TEST), Server::plain(TEST)) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("web-0.1.0.tgz");
    fs::write(&path, archive("0.1.0").content).unwrap();
    fs::write(folder.path().join("web-0.1.0.tgz.prov"), "signed").unwrap();
    let (context, watch) = support::context(folder.path(), ClusterSettings::default());
    let connection = Connection {
        plain_http: true,
        ..Connection::default()
    };
    push(&context, &path, &server.url("ours"), &connection)
        .await
        .unwrap();
    let theirs = server.url("theirs");
    let told = run(
        &helm,
        folder.path(),
        &format!("push web-0.1.0.tgz {theirs} --plain-http"),
    );
    // The digest is one of the whole manifest: names, annotations, times, order, and every byte of it.
    assert!(told.contains(&digests(&watch)[0]), "{told}");
    fs::create_dir(folder.path().join("out")).unwrap();
    let ours = server.url("ours/web");
    run(
        &helm,
        folder.path(),
        &format!("pull {ours} --plain-http --prov -d out"),
    );
    let pulled = |name: &str| fs::read(folder.path().join("out").join(name)).unwrap();
    assert_eq!(pulled("web-0.1.0.tgz"), archive("0.1.0").content);
    assert_eq!(pulled("web-0.1.0.tgz.prov"), b"signed");
    let registry = server.registry();
    for (part, content) in [
        (Part::Archive, archive("0.1.0").content),
        (Part::Provenance, "signed".into()),
    ] {
        let url = server.url("theirs/web:0.1.0");
        assert_eq!(registry.pull(&url, part, &watch).await.unwrap(), content);
    }
}

/// Puts content into a repository; gives what names it.
async fn push_blob(server: &Server, repository: &str, content: &[u8]) -> Descriptor {
    let client = reqwest::Client::new();
    let url = format!("http://{}/v2/{repository}/blobs/uploads/", server.host());
    let post = client.post(url).basic_auth("ann", Some("secret"));
    let answer = post.send().await.unwrap();
    let location = answer.headers()["location"].to_str().unwrap();
    let descriptor = Descriptor::of("application/vnd.oci.image.layer.v1.tar", content);
    let url = format!("{location}&digest={}", descriptor.digest);
    let put = client.put(url).basic_auth("ann", Some("secret"));
    let answer = put.body(content.to_vec()).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    descriptor
}

/// Puts a plugin into a repository, as other programs do: there is no command for that.
async fn push_plugin(server: &Server, repository: &str, files: &[(&str, &[u8])]) {
    let empty = push_blob(server, repository, b"{}").await;
    let mut layers = Vec::new();
    for (title, content) in files {
        let Descriptor {
            media_type,
            digest,
            size,
        } = push_blob(server, repository, content).await;
        layers.push(serde_json::json!({
            "mediaType": media_type, "digest": digest, "size": size,
            "annotations": {"org.opencontainers.image.title": title},
        }));
    }
    let manifest = serde_json::json!({
        "schemaVersion": 2,
        "mediaType": IMAGE_MANIFEST,
        "artifactType": PLUGIN,
        "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": empty.digest, "size": empty.size},
        "layers": layers,
    });
    let url = format!("http://{}/v2/{repository}/manifests/1.0.0", server.host());
    let put = reqwest::Client::new().put(url);
    let put = put
        .basic_auth("ann", Some("secret"))
        .header("content-type", IMAGE_MANIFEST);
    let answer = put.body(manifest.to_string()).send().await.unwrap();
    assert_eq!(answer.status(), 201);
}

#[tokio::test]
async fn plugins_are_pulled_by_what_they_are_called() {
    let Some(server) = Server::guarded("plugins_are_pulled_by_what_they_are_called") else {
        return;
    };
    let files: [(&str, &[u8]); 3] = [
        ("echo-1.0.0.tgz.prov", b"signed"),
        ("other-1.0.0.tgz", b"other"),
        ("echo-1.0.0.tgz", b"archive"),
    ];
    push_plugin(&server, "plugins/echo", &files).await;
    push_plugin(&server, "plugins/bare", &[("bare-1.0.0.tgz", b"bare")]).await;
    let registry = Registry::new(RegistryOptions {
        credential: somebody(),
        ..server.options()
    });
    let registry = registry.unwrap();
    let address = server.url("plugins/echo:1.0.0");
    let echo = registry
        .pull_plugin(&address, "echo", &Silent)
        .await
        .unwrap();
    assert_eq!(echo.archive, b"archive");
    assert_eq!(echo.provenance.as_deref(), Some(&b"signed"[..]));
    let address = server.url("plugins/bare:1.0.0");
    let bare = registry
        .pull_plugin(&address, "bare", &Silent)
        .await
        .unwrap();
    assert_eq!(
        (bare.archive.as_slice(), bare.provenance),
        (&b"bare"[..], None)
    );
    let error = registry.pull_plugin(&address, "echo", &Silent).await;
    let wanted = "required layer matching pattern echo-VERSION.tgz not found in manifest";
    assert_eq!(text(error.unwrap_err()), wanted);
    let chart = server.address("charts/web:0.1.0");
    registry
        .push(&chart, archive("0.1.0"), &Silent)
        .await
        .unwrap();
    let error = registry.pull_plugin(&chart, "web", &Silent).await;
    assert!(text(error.unwrap_err()).starts_with("expected config media type "));
    let stranger = server
        .registry()
        .pull_plugin(&address, "bare", &Silent)
        .await;
    assert!(text(stranger.unwrap_err()).ends_with("basic credential not found"));
}
