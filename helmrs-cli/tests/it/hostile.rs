//! What charts may try against the machine they are worked on: a test for each class that Helm was found to fall for, named
//! in its first line. What needs no machine is in `helmrs-core/tests/it/hostile.rs`.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

/// The work folder, with a chart `shop` of these files.
fn chart(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = root.path().join("shop").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

/// Runs helmrs in a folder; gives its exit code and all it said.
fn helmrs(folder: &Path, arguments: &[&str]) -> (i32, String) {
    helmrs_with(folder, arguments, &[])
}

fn helmrs_with(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_helmrs"));
    command.args(arguments).current_dir(folder).env_clear();
    command.env("HOME", folder.join("home"));
    command.env("KUBECONFIG", folder.join("kubeconfig"));
    command.envs(environment.iter().copied());
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    (output.status.code().unwrap_or(-1), said)
}

const CHART_FILE: &str = "apiVersion: v2\nname: shop\nversion: 1.0.0\n";

/// CVE-2025-53547: a lock that is a link to a file that is run later.
#[test]
fn a_lock_that_is_a_link_is_not_written_through() {
    let dependency = "dependencies: [{name: sub, version: 1.0.0, repository: 'file://../sub'}]\n";
    for (lock, files) in [
        (
            "Chart.lock",
            vec![("Chart.yaml", format!("{CHART_FILE}{dependency}"))],
        ),
        (
            "requirements.lock",
            vec![
                ("Chart.yaml", CHART_FILE.replace("v2", "v1")),
                ("requirements.yaml", dependency.to_owned()),
            ],
        ),
    ] {
        let files: Vec<_> = files.iter().map(|(name, text)| (*name, &**text)).collect();
        let root = chart(&files);
        let sub = root.path().join("sub");
        fs::create_dir(&sub).unwrap();
        fs::write(sub.join("Chart.yaml"), CHART_FILE.replace("shop", "sub")).unwrap();
        let profile = root.path().join("profile");
        fs::write(&profile, "# mine\n").unwrap();
        symlink(&profile, root.path().join("shop").join(lock)).unwrap();
        for arguments in [["dependency", "update", "shop"], ["package", "-u", "shop"]] {
            let (code, said) = helmrs(root.path(), &arguments);
            assert_eq!(code, 1, "{said}");
            assert!(said.contains("is a symlink to"), "{said}");
        }
        assert_eq!(fs::read_to_string(&profile).unwrap(), "# mine\n");
    }
}

/// CVE-2020-11013: templates that ask the cluster where none was to be asked.
#[test]
fn rendering_without_a_cluster_contacts_none() {
    let root = chart(&[
        ("Chart.yaml", CHART_FILE),
        (
            "templates/x.yaml",
            r#"found: {{ lookup "v1" "Secret" "" "" | len }}"#,
        ),
    ]);
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap();
    let kubeconfig = format!(
        "{{apiVersion: v1, kind: Config, current-context: c, clusters: [{{name: c, cluster: {{server: 'http://{address}'}}}}], \
         contexts: [{{name: c, context: {{cluster: c}}}}]}}"
    );
    fs::write(root.path().join("kubeconfig"), kubeconfig).unwrap();
    for arguments in [
        &["template", "web", "shop"][..],
        &["install", "web", "shop", "--dry-run=client"],
        &["lint", "shop"],
    ] {
        let (code, said) = helmrs(root.path(), arguments);
        assert_eq!(code, 0, "{said}");
    }
    server.set_nonblocking(true).unwrap();
    assert!(server.accept().is_err());
}

/// CVE-2025-55199: a schema that refers to a device without end.
#[test]
fn schemas_do_not_read_devices() {
    let root = chart(&[
        ("Chart.yaml", CHART_FILE),
        ("values.yaml", "a: 1\n"),
        ("values.schema.json", r#"{"$ref": "file:///dev/zero"}"#),
    ]);
    for arguments in [["template", "shop"], ["lint", "shop"]] {
        let (code, said) = helmrs(root.path(), &arguments);
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("not a regular file"), "{said}");
    }
}

/// CVE-2019-18658: links are followed, but never in silence, and what is no file is no part of a chart.
#[test]
fn links_are_told_of_and_devices_refused() {
    let root = chart(&[("Chart.yaml", CHART_FILE)]);
    fs::write(root.path().join("secret"), "secret").unwrap();
    let link = root.path().join("shop/link");
    symlink(root.path().join("secret"), &link).unwrap();
    let (code, said) = helmrs(root.path(), &["package", "shop"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("found symbolic link in path"), "{said}");
    fs::remove_file(&link).unwrap();
    for (target, reason) in [
        ("/dev/zero", "irregular file"),
        ("nowhere", "error evaluating symlink"),
    ] {
        symlink(target, &link).unwrap();
        let (code, said) = helmrs(root.path(), &["package", "shop"]);
        assert_eq!(code, 1, "{said}");
        assert!(said.contains(reason), "{said}");
        fs::remove_file(&link).unwrap();
    }
}

/// CVE-2026-35206 and CVE-2024-25620: charts whose names lead elsewhere, unpacked, packed and depended upon.
#[test]
fn charts_named_like_paths_write_nothing() {
    for name in ["..", ".", "../up", "a/b"] {
        let root = chart(&[("Chart.yaml", &CHART_FILE.replace("shop", name))]);
        let before = fs::read_dir(root.path()).unwrap().count();
        let depends = format!(
            "apiVersion: v2\nname: top\nversion: 1.0.0\ndependencies: [{{name: '{name}', version: 1.0.0, repository: 'file://../shop'}}]\n"
        );
        let (code, said) = helmrs(root.path(), &["package", "shop"]);
        assert_eq!(code, 1, "{said}");
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), before);
        fs::create_dir(root.path().join("top")).unwrap();
        fs::write(root.path().join("top/Chart.yaml"), depends).unwrap();
        let (code, said) = helmrs(root.path(), &["dependency", "update", "top"]);
        assert_eq!(code, 1, "{said}");
        let charts = root.path().join("top/charts");
        let written = fs::read_dir(charts).map_or(0, Iterator::count);
        assert_eq!(written, 0);
    }
}

/// What commands that look at the schema of a chart say where it refers to this URL.
fn referring_to(url: &str, environment: &[(&str, &str)]) -> Vec<(i32, String)> {
    let schema = format!(r#"{{"$ref": "{url}"}}"#);
    let root = chart(&[
        ("Chart.yaml", CHART_FILE),
        ("values.yaml", "a: 1\n"),
        ("values.schema.json", &schema),
    ]);
    let lines = [
        &["template", "web", "shop"][..],
        &["lint", "shop"],
        &["install", "web", "shop", "--dry-run=client"],
    ];
    lines
        .iter()
        .map(|line| helmrs_with(root.path(), line, environment))
        .collect()
}

/// `$ref` to files: those of the chart may be read, those around it not, nor those a link in it leads to.
#[test]
fn schemas_read_no_files_but_the_charts_own() {
    let root = chart(&[
        ("Chart.yaml", CHART_FILE),
        ("values.yaml", "a: 1\n"),
        ("part.json", r#"{"required": ["a"]}"#),
    ]);
    let folder = root.path();
    fs::write(folder.join("secret.json"), "{}").unwrap();
    symlink(folder.join("secret.json"), folder.join("shop/link.json")).unwrap();
    for (file, allowed) in [
        ("shop/part.json", true),
        ("secret.json", false),
        ("shop/../secret.json", false),
        ("shop/link.json", false),
    ] {
        let schema = format!(r#"{{"$ref": "file://{}/{file}"}}"#, folder.display());
        fs::write(folder.join("shop/values.schema.json"), schema).unwrap();
        for line in [&["template", "web", "shop"][..], &["lint", "shop"]] {
            let (code, said) = helmrs(folder, line);
            assert_eq!(code, i32::from(!allowed), "{file}: {said}");
            assert_eq!(said.contains("not a file of the chart"), !allowed, "{said}");
        }
    }
}

/// `$ref` to where clouds hand out the credentials of a machine, in whatever form.
#[test]
fn schemas_do_not_ask_for_the_credentials_of_the_machine() {
    for host in [
        "169.254.169.254",
        "0xa9fea9fe",
        "[fe80::1]",
        "metadata.google.internal",
    ] {
        for (code, said) in referring_to(&format!("http://{host}/latest"), &[]) {
            assert_eq!(code, 1, "{said}");
            assert!(said.contains("is link-local"), "{said}");
        }
    }
}

/// `$ref` over HTTP goes on working, also where a server sends on, but not to a link-local address, and not at all if it is
/// switched off.
#[test]
fn schemas_ask_other_hosts_unless_that_is_switched_off() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap();
    let url = format!("http://{address}/part.json");
    let off = [("HELM_SCHEMA_REMOTE_REFS", "off")];
    for (code, said) in referring_to(&url, &off) {
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("switched off"), "{said}");
    }
    server.set_nonblocking(true).unwrap();
    assert!(server.accept().is_err());
    server.set_nonblocking(false).unwrap();
    std::thread::spawn(move || {
        for stream in server.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 1024];
            let length = stream.read(&mut request).unwrap();
            let answer: &[u8] = if request[..length].starts_with(b"GET /part.json") {
                b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
            } else {
                b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            };
            stream.write_all(answer).unwrap();
        }
    });
    for (code, said) in referring_to(&url, &[]) {
        assert_eq!(code, 0, "{said}");
    }
    for (code, said) in referring_to(&format!("http://{address}/elsewhere"), &[]) {
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("169.254.169.254 is link-local"), "{said}");
    }
}

/// Texts that a terminal would obey: whatever shows metadata shows none of it.
#[test]
fn terminals_see_no_control_characters_of_metadata() {
    let text = "apiVersion: v2\nname: shop\nversion: 1.0.0\ndescription: \"a\\e[31mb\\ac\"\n\
                dependencies: [{name: sub, version: 1.0.0, repository: \"f\\bg\"}]\n";
    let root = chart(&[("Chart.yaml", text)]);
    for line in [
        &["show", "chart", "shop"][..],
        &["dependency", "list", "shop"],
    ] {
        let (code, said) = helmrs(root.path(), line);
        assert_eq!(code, 0, "{said}");
        let odd = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
        assert!(!said.contains(odd), "{said:?}");
    }
}
