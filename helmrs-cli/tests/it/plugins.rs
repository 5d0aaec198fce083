//! Plugins both ways with the reference: each uses what the other packed, signed and installed.
//!
//! Without `HELMRS_REFERENCE_HELM` helmrs plays both parts; without GnuPG nothing is signed.

use std::fs;

use crate::provenance::{World, programs, text};

const PLUGIN: &str = "\
apiVersion: v1
name: echo
version: 1.2.3
type: cli/v1
runtime: subprocess
sourceURL: https://example.com/<echo>
config:
  usage: 'echo [words]'
  shortHelp: says what it is told
  ignoreFlags: true
runtimeConfig:
  platformCommand:
    - command: $HELM_PLUGIN_DIR/run.sh
      args: [told, '1']
      os: linux
    - command: sh
      args: [-c, 'echo told 1']
  platformHooks:
    install: [{command: sh, args: [-c, 'echo installed']}]
    delete: [{command: sh, args: [-c, 'echo deleted']}]
";

const OLD: &str = "name: old\nversion: 0.1.0\nusage: u\ndescription: d\ncommand: $HELM_PLUGIN_DIR/run.sh old\n\
                   hooks: {install: echo installed}\n";

fn write_plugin(world: &World, folder: &str, descriptor: &str) {
    use std::os::unix::fs::PermissionsExt;
    fs::create_dir_all(world.path(folder)).unwrap();
    fs::write(world.path(folder).join("plugin.yaml"), descriptor).unwrap();
    let program = world.path(folder).join("run.sh");
    fs::write(&program, "#!/bin/sh\necho ran \"$@\"\n").unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn everybody_uses_the_plugins_of_everybody() {
    let Some(world) = World::new("everybody_uses_the_plugins_of_everybody") else {
        return;
    };
    world.make_key("ed25519", "edwards", "");
    world.export("public.gpg", &["--export"]);
    world.export("secret.gpg", &["--export-secret-keys"]);
    write_plugin(&world, "echo", PLUGIN);
    write_plugin(&world, "old", OLD);
    for (plugin, archive, ran) in [
        ("echo", "out/echo-1.2.3.tgz", "ran told 1\n"),
        ("old", "out/old-0.1.0.tgz", "ran old\n"),
    ] {
        let mut signed = Vec::new();
        for packer in programs() {
            let words = ["plugin", "package", plugin, "-d", "out"];
            let key = ["--key", "edwards@", "--keyring", "secret.gpg"];
            let packed = world.run(&packer, &[&words[..], &key].concat());
            assert!(packed.status.success(), "{}", text(&packed));
            let provenance = fs::read_to_string(world.path(&format!("{archive}.prov"))).unwrap();
            let (message, _) = provenance.split_once("sha256:").unwrap();
            signed.push(message.to_owned());
            for user in programs() {
                let run = |words: &[&str]| {
                    let output = world.run(&user, words);
                    assert!(output.status.success(), "{words:?}: {}", text(&output));
                    text(&output)
                };
                let keyring = ["--keyring", "public.gpg"];
                let said = run(&[&["plugin", "verify", archive][..], &keyring].concat());
                assert!(
                    said.starts_with("Signed by: edwards <edwards@example.com>\n"),
                    "{said}"
                );
                let said = run(&[&["plugin", "install", archive][..], &keyring].concat());
                assert!(
                    said.ends_with(&format!("installed\nInstalled plugin: {plugin}\n")),
                    "{said}"
                );
                for other in programs() {
                    let listed = text(&world.run(&other, &["plugin", "list"]));
                    let row = listed.lines().nth(1).unwrap_or_default();
                    assert!(
                        row.starts_with(plugin) && row.contains("\tsigned "),
                        "{listed}"
                    );
                    assert_eq!(text(&world.run(&other, &[plugin])), ran);
                }
                let remover = programs().pop().unwrap();
                let removed = world.run(&remover, &["plugin", "uninstall", plugin]);
                assert!(removed.status.success(), "{}", text(&removed));
            }
        }
        // What is signed is the same to the byte.
        assert!(
            signed.windows(2).all(|pair| pair[0] == pair[1]),
            "{signed:#?}"
        );
    }
    let left = fs::read_dir(world.path(".local/share/helm/plugins")).unwrap();
    assert_eq!(left.count(), 0);
}

#[test]
fn the_environment_says_whether_plugins_are_verified() {
    let root = tempfile::tempdir().unwrap();
    let run = |variable: &str, words: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_helmrs"));
        let command = command.args(words).current_dir(root.path()).env_clear();
        let command = command.env("HOME", root.path());
        text(
            &command
                .env("HELM_PLUGIN_VERIFY", variable)
                .output()
                .unwrap(),
        )
    };
    fs::create_dir(root.path().join("old")).unwrap();
    fs::write(root.path().join("old/plugin.yaml"), OLD).unwrap();
    run("", &["plugin", "package", "old", "--sign=false"]);
    let install = ["plugin", "install", "old-0.1.0.tgz"];
    let refused = "plugin verification failed: no provenance file (.prov) found\n";
    for variable in ["", "true", "whatever"] {
        assert!(run(variable, &install).ends_with(refused), "{variable}");
    }
    let told = [&install[..], &["--verify"]].concat();
    assert!(run("false", &told).ends_with(refused));
    let said = run("false", &install);
    assert!(
        said.starts_with("WARNING: Skipping plugin signature verification\n"),
        "{said}"
    );
}
