//! Plugins are installed, updated and removed; whatever goes wrong, those that were there go on working.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use helmrs_client::download::{Connection, Credentials, Directories};
use helmrs_client::event::Recorder;
use helmrs_client::installer::{self, InstallRequest, Places};
use helmrs_client::plugin::{Surroundings, load_directory};
use helmrs_client::{chain, event::PluginEvent};
use helmrs_core::plugin::Plugin;
use helmrs_core::plugin::package::{Item, Kind, Owner, Packager};

use crate::server::{Answer, Server};

/// A machine with a repository of a plugin.
struct World {
    root: tempfile::TempDir,
    places: Places,
    watch: Recorder,
}

impl World {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let places = Places {
            plugins: root.path().join("plugins"),
            data: root.path().join("plugins"),
            cache: root.path().join("cache"),
            programs: std::env::var_os("PATH").unwrap_or_default(),
        };
        Self {
            root,
            places,
            watch: Recorder::default(),
        }
    }

    /// None where there is no Git.
    #[expect(clippy::print_stderr, reason = "whoever runs the tests is to know")]
    fn with_repository(test: &str) -> Option<Self> {
        if Command::new("git").arg("--version").output().is_err() {
            eprintln!("skipped: {test} (no git)");
            return None;
        }
        let world = Self::new();
        fs::create_dir(world.path("echo")).unwrap();
        world.git("echo", &["init", "--quiet", "--initial-branch", "main"]);
        world.publish("0.1.0");
        world.publish("0.2.0");
        Some(world)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn git(&self, folder: &str, args: &[&str]) {
        let mut command = Command::new("git");
        for (variable, value) in [
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_AUTHOR_NAME", "ann"),
            ("GIT_AUTHOR_EMAIL", "ann@example.com"),
            ("GIT_COMMITTER_NAME", "ann"),
            ("GIT_COMMITTER_EMAIL", "ann@example.com"),
        ] {
            command.env(variable, value);
        }
        let command = command.args(args).current_dir(self.path(folder));
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        assert!(status.unwrap().success(), "git {args:?}");
    }

    /// Commits what lies in the repository, and tags it.
    fn commit(&self, tag: &str) {
        self.git("echo", &["add", "--all"]);
        self.git("echo", &["commit", "--quiet", "--message", tag]);
        self.git("echo", &["tag", tag]);
    }

    fn publish(&self, version: &str) {
        fs::write(self.path("echo/plugin.yaml"), descriptor("echo", version)).unwrap();
        fs::write(self.path("echo/run.sh"), format!("echo {version}\n")).unwrap();
        self.commit(version);
    }

    fn install(&self, source: &str, version: &str) -> Result<Plugin, String> {
        self.install_as(source, version, Credentials::default())
    }

    fn install_as(
        &self,
        source: &str,
        version: &str,
        credentials: Credentials,
    ) -> Result<Plugin, String> {
        let request = InstallRequest {
            source,
            version,
            trust: None,
            connection: Connection {
                credentials,
                ..Connection::default()
            },
            directories: &Directories::default(),
            places: &self.places,
            surroundings: &surroundings(&[]),
            number: std::process::id(),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let installed = runtime.block_on(installer::install(&request, &self.watch));
        installed.map_err(|error| chain(&error))
    }

    fn source(&self) -> String {
        format!("file://{}", self.path("echo").display())
    }

    fn update(&self, variables: &[(&str, &str)]) -> Result<(), String> {
        let plugin = load_directory(&self.path("plugins/echo")).unwrap();
        let surroundings = surroundings(variables);
        let updated = installer::update(&plugin, &self.places, &surroundings, &self.watch);
        updated.map_err(|error| chain(&error))
    }

    /// What lies in the folder of plugins, without what is Git's own.
    fn plugins(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.places.plugins.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() && !path.ends_with(".git") {
                    folders.push(path);
                } else if path.is_file() {
                    let name = path.strip_prefix(&self.places.plugins).unwrap();
                    let text = fs::read(&path).unwrap();
                    let text = String::from_utf8_lossy(&text).into_owned();
                    found.insert(name.display().to_string(), text);
                }
            }
        }
        found
    }
}

/// A plugin whose hooks write down that they ran, and fail when they are told to.
fn descriptor(name: &str, version: &str) -> String {
    let hook = |moment: &str| {
        format!(
            "[{{command: sh, args: [-c, 'echo {moment} > $HELM_PLUGIN_DIR/{moment}; exit $STATUS']}}]"
        )
    };
    let (install, update) = (hook("install"), hook("update"));
    format!(
        "apiVersion: v1\nname: {name}\nversion: {version}\ntype: cli/v1\nruntime: subprocess\nruntimeConfig:\n  \
         platformCommand: [{{command: $HELM_PLUGIN_DIR/run.sh}}]\n  platformHooks: {{install: {install}, update: {update}}}\n"
    )
}

fn surroundings(variables: &[(&str, &str)]) -> Surroundings {
    let variables = variables.iter();
    let mut variables: BTreeMap<_, _> = variables
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    variables.entry("STATUS".into()).or_insert("0".into());
    Surroundings {
        inherited: Arc::new(|name| std::env::var(name).ok()),
        variables,
    }
}

#[test]
fn a_repository_is_installed_at_the_version_that_is_asked_for() {
    let name = "a_repository_is_installed_at_the_version_that_is_asked_for";
    let Some(world) = World::with_repository(name) else {
        return;
    };
    for (wanted, found) in [
        ("", "0.2.0"),
        ("0.1.0", "0.1.0"),
        ("<0.2", "0.1.0"),
        ("^0", "0.2.0"),
        ("main", "0.2.0"),
        ("HEAD~1", "0.1.0"),
    ] {
        let plugin = world.install(&world.source(), wanted).unwrap();
        assert_eq!(plugin.metadata.version, found, "{wanted}");
        assert_eq!(world.plugins()["echo/install"], "install\n");
        let places = &world.places;
        installer::remove(&plugin, places, &surroundings(&[])).unwrap();
        assert!(world.plugins().is_empty());
    }
    let error = world.install(&world.source(), ">1").unwrap_err();
    let wanted = format!(
        "requested version \">1\" does not exist for plugin \"{}\"",
        world.source()
    );
    assert_eq!(error, wanted);
    let error = world.install(&world.source(), "-f").unwrap_err();
    assert_eq!(error, "improper constraint: \"-f\"");
    assert!(world.plugins().is_empty());
}

#[test]
fn an_update_brings_what_is_new() {
    let Some(world) = World::with_repository("an_update_brings_what_is_new") else {
        return;
    };
    world.install(&world.source(), "").unwrap();
    world.publish("0.3.0");
    world.update(&[]).unwrap();
    let plugins = world.plugins();
    let names: Vec<_> = plugins.keys().map(String::as_str).collect();
    assert_eq!(names, ["echo/plugin.yaml", "echo/run.sh", "echo/update"]);
    assert_eq!(plugins["echo/run.sh"], "echo 0.3.0\n");
}

/// In the reference each of these leaves a plugin that does not work, or none.
#[test]
fn an_update_that_does_not_work_leaves_the_plugin_as_it_was() {
    let name = "an_update_that_does_not_work_leaves_the_plugin_as_it_was";
    let Some(world) = World::with_repository(name) else {
        return;
    };
    world.install(&world.source(), "").unwrap();
    fs::write(world.path("plugins/echo/built"), "by the hook").unwrap();
    let before = world.plugins();
    let check = |variables: &[(&str, &str)], wanted: &str| {
        let error = world.update(variables).unwrap_err();
        assert!(error.contains(wanted), "{error}");
        assert_eq!(world.plugins(), before);
        let names: Vec<_> = fs::read_dir(&world.places.plugins).unwrap().collect();
        assert_eq!(names.len(), 1, "{names:?}");
    };
    fs::remove_file(world.path("echo/plugin.yaml")).unwrap();
    world.commit("gone");
    check(&[], "plugin metadata (plugin.yaml) missing");
    fs::write(
        world.path("echo/plugin.yaml"),
        descriptor("'e cho'", "0.4.0"),
    )
    .unwrap();
    world.commit("misnamed");
    check(&[], "invalid plugin `name`");
    world.publish("0.5.0");
    check(
        &[("STATUS", "3")],
        "plugin update hook for \"echo\" exited with error",
    );
    fs::rename(world.path("echo"), world.path("elsewhere")).unwrap();
    check(&[], "Unable to update repository: exit status ");
    fs::rename(world.path("elsewhere"), world.path("echo")).unwrap();
    fs::write(world.path("plugins/echo/run.sh"), "mine").unwrap();
    assert_eq!(world.update(&[]).unwrap_err(), "plugin repo was modified");
    fs::write(world.path("plugins/echo/run.sh"), "echo 0.2.0\n").unwrap();
    world.update(&[]).unwrap();
    assert_eq!(world.plugins()["echo/run.sh"], "echo 0.5.0\n");
}

#[test]
fn a_folder_that_is_linked_goes_back_to_the_revision_it_had() {
    let name = "a_folder_that_is_linked_goes_back_to_the_revision_it_had";
    let Some(world) = World::with_repository(name) else {
        return;
    };
    fs::create_dir(world.path("mine")).unwrap();
    world.git("mine", &["clone", "--quiet", &world.source()]);
    fs::create_dir(&world.places.plugins).unwrap();
    symlink(world.path("mine/echo"), world.path("plugins/echo")).unwrap();
    world.publish("0.3.0");
    assert!(world.update(&[("STATUS", "3")]).is_err());
    let text = |name: &str| fs::read_to_string(world.path(name)).unwrap();
    assert_eq!(text("mine/echo/run.sh"), "echo 0.2.0\n");
    world.update(&[]).unwrap();
    assert_eq!(text("mine/echo/run.sh"), "echo 0.3.0\n");
    assert!(world.path("plugins/echo").is_symlink());
}

#[test]
fn only_one_of_many_installs_the_same() {
    let Some(world) = World::with_repository("only_one_of_many_installs_the_same") else {
        return;
    };
    let source = world.source();
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| world.install(&source, "^0")))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert_eq!(
        outcomes.iter().filter(|outcome| outcome.is_ok()).count(),
        1,
        "{outcomes:?}"
    );
    let plugins = world.plugins();
    let names: Vec<_> = plugins.keys().map(String::as_str).collect();
    assert_eq!(names, ["echo/install", "echo/plugin.yaml", "echo/run.sh"]);
}

/// The archive of a plugin with one more item.
fn archive(name: &str, more: Option<(&str, Kind)>) -> Vec<u8> {
    let text = descriptor(name, "1.0.0").into_bytes();
    let mut items = vec![(format!("{name}/plugin.yaml"), Kind::File(text))];
    items.extend(more.map(|(path, kind)| (path.to_owned(), kind)));
    let mut packager = Packager::default();
    for (path, kind) in items {
        let item = Item {
            path,
            kind,
            mode: 0o644,
            modified: 0,
            user: Owner::default(),
            group: Owner::default(),
        };
        packager.add(&item).unwrap();
    }
    packager.finish().unwrap()
}

#[test]
fn an_archive_that_means_no_good_leaves_no_plugin() {
    let (world, server) = (World::new(), Server::start());
    server.answer(
        "/echo-1.0.0.tgz",
        Answer::File(archive("echo", Some(("echo/link", Kind::Link)))),
    );
    server.answer(
        "/colon-1.0.0.tgz",
        Answer::File(archive("colon", Some(("colon/a:b", Kind::Pipe)))),
    );
    server.answer(
        "/junk-1.0.0.tgz",
        Answer::File(b"<html>nothing here</html>".to_vec()),
    );
    let address = server.address("127.0.0.1");
    for (name, wanted) in [
        (
            "echo",
            "extracting files from archive: unknown type: 110010 in echo/link",
        ),
        (
            "colon",
            "extracting files from archive: path contains ':', which is illegal",
        ),
        (
            "junk",
            "failed to extract plugin metadata from tarball: gzip: invalid header",
        ),
    ] {
        let url = format!("{address}/{name}-1.0.0.tgz");
        assert_eq!(world.install(&url, "").unwrap_err(), wanted);
        assert!(!world.places.plugins.join(name).exists());
    }
}

#[test]
fn a_plugin_s_password_is_for_its_server_alone() {
    let (world, server) = (World::new(), Server::start());
    let elsewhere = format!("{}/echo-1.0.0.tgz", server.address("localhost"));
    server.answer("/moved/echo-1.0.0.tgz", Answer::Redirect(elsewhere));
    server.answer("/echo-1.0.0.tgz", Answer::File(archive("echo", None)));
    let credentials = Credentials {
        username: "ann".into(),
        password: "secret".into(),
    };
    let url = format!("{}/moved/echo-1.0.0.tgz", server.address("127.0.0.1"));
    world.install_as(&url, "", credentials).unwrap();
    let asked = server.asked();
    let is_authorized = |path: &str| {
        let asked = asked.iter().find(|asked| asked.starts_with(path)).unwrap();
        asked.contains("authorization")
    };
    assert!(is_authorized("/moved/echo-1.0.0.tgz"));
    assert!(!is_authorized("/echo-1.0.0.tgz"));
}

#[test]
fn what_is_installed_over_is_told() {
    let world = World::new();
    fs::create_dir(world.path("echo")).unwrap();
    fs::write(world.path("echo/plugin.yaml"), descriptor("echo", "1.0.0")).unwrap();
    let source = world.path("echo").display().to_string();
    world.install(&source, "").unwrap();
    assert_eq!(
        fs::read_link(world.path("plugins/echo")).unwrap(),
        Path::new(&source)
    );
    assert_eq!(
        world.install(&source, "").unwrap_err(),
        "plugin already exists"
    );
    let mut told = world
        .watch
        .events()
        .into_iter()
        .filter_map(|event| match event {
            helmrs_client::Event::Plugin(event) => Some(event),
            _ => None,
        });
    let exists = PluginEvent::Exists {
        path: world.path("plugins/echo").display().to_string(),
        error: None,
    };
    assert_eq!(told.next_back(), Some(exists));
}
