//! Provenance both ways with GnuPG: it checks what we sign, we check what it signs, with keys it makes for the occasion.
//!
//! With `HELMRS_REFERENCE_HELM` naming a Helm, that one takes part as well. Without GnuPG nothing is tested.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The keys: what GnuPG calls their algorithm, and the user name before `@example.com`.
const KEYS: [(&str, &str); 6] = [
    ("rsa2048", "rsa"),
    ("ed25519", "edwards"),
    ("dsa2048", "dsa"),
    ("nistp256", "nist"),
    ("nistp521", "long"),
    ("secp256k1", "koblitz"),
];

/// A folder with a GnuPG of its own, keys and a chart.
pub(crate) struct World {
    root: TempDir,
}

impl World {
    /// None, with a word on why, where there is no GnuPG.
    #[expect(clippy::print_stderr, reason = "whoever runs the tests is to know")]
    pub(crate) fn new(test: &str) -> Option<Self> {
        if Command::new("gpg").arg("--version").output().is_err() {
            eprintln!("{test} is skipped: there is no gpg");
            return None;
        }
        // The socket of GnuPG's agent lies in it, whose path must be short.
        let root = tempfile::Builder::new()
            .prefix("hp")
            .tempdir_in("/tmp")
            .unwrap();
        let world = Self { root };
        fs::create_dir_all(world.path("shop/templates")).unwrap();
        fs::create_dir(world.path("gnupg")).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        fs::set_permissions(world.path("gnupg"), mode).unwrap();
        fs::write(
            world.path("shop/Chart.yaml"),
            "apiVersion: v2\nname: shop\nversion: 0.1.0\ndescription: '- dashes'\n",
        )
        .unwrap();
        fs::write(world.path("shop/templates/a.yaml"), "a: 1\n").unwrap();
        Some(world)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    pub(crate) fn run(&self, program: &Path, words: &[&str]) -> Output {
        Command::new(program)
            .args(words)
            .current_dir(self.root.path())
            .env_clear()
            .env("HOME", self.root.path())
            .env("GNUPGHOME", self.path("gnupg"))
            .env("PATH", "/usr/bin:/bin")
            .env("TZ", "UTC")
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    fn gpg(&self, words: &[&str]) -> Output {
        let common = ["--batch", "--yes", "--quiet", "--pinentry-mode", "loopback"];
        let words = [&common[..], words].concat();
        self.run(Path::new("gpg"), &words)
    }

    fn gpg_or_panic(&self, words: &[&str]) -> Vec<u8> {
        let output = self.gpg(words);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "gpg {words:?}: {said}");
        output.stdout
    }

    pub(crate) fn make_key(&self, algorithm: &str, user: &str, passphrase: &str) {
        let id = format!("{user} <{user}@example.com>");
        let usage = ["sign,cert", "never"];
        let words = [
            "--passphrase",
            passphrase,
            "--quick-gen-key",
            &id,
            algorithm,
        ];
        self.gpg_or_panic(&[&words[..], &usage].concat());
    }

    pub(crate) fn export(&self, file: &str, words: &[&str]) {
        let exported = self.gpg_or_panic(&[&["--passphrase", "secret"], words].concat());
        fs::write(self.path(file), exported).unwrap();
    }

    /// Signs the chart; the archive lies in `out`.
    fn package(&self, program: &Path, more: &[&str]) -> Output {
        let _ = fs::remove_dir_all(self.path("out"));
        let words = ["package", "shop", "-d", "out", "--sign"];
        self.run(program, &[&words[..], more].concat())
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let agent = ["--homedir", "gnupg", "--kill", "gpg-agent"];
        let _ = Command::new("gpgconf")
            .args(agent)
            .current_dir(self.root.path())
            .output();
    }
}

/// This program, and the reference where there is one.
pub(crate) fn programs() -> Vec<PathBuf> {
    let reference = std::env::var_os("HELMRS_REFERENCE_HELM").map(PathBuf::from);
    std::iter::once(env!("CARGO_BIN_EXE_helmrs").into())
        .chain(reference)
        .collect()
}

pub(crate) fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[&*output.stdout, &*output.stderr].concat()).into_owned()
}

#[test]
fn everybody_verifies_what_everybody_signs() {
    let Some(world) = World::new("everybody_verifies_what_everybody_signs") else {
        return;
    };
    for (algorithm, user) in KEYS {
        world.make_key(algorithm, user, "");
    }
    world.export("public.gpg", &["--export"]);
    world.export("public.asc", &["--armor", "--export"]);
    world.export("secret.gpg", &["--export-secret-keys"]);
    for (_, user) in KEYS {
        let key = format!("{user}@");
        for signer in programs() {
            let packaged = world.package(&signer, &["--key", &key, "--keyring", "secret.gpg"]);
            assert!(packaged.status.success(), "{user}: {}", text(&packaged));
            // Helm's armor has no checksum, over which older GnuPGs stumble after they have checked the signature.
            let checked = world.gpg(&["--verify", "out/shop-0.1.0.tgz.prov"]);
            assert!(
                text(&checked).contains("Good signature"),
                "{user}: {}",
                text(&checked)
            );
            for verifier in programs() {
                // The last is GnuPG's own keybox.
                for ring in [
                    &["--keyring", "public.gpg"][..],
                    &["--keyring", "public.asc"],
                    &[],
                ] {
                    let words = [&["verify", "out/shop-0.1.0.tgz"], ring].concat();
                    let said = text(&world.run(&verifier, &words));
                    let wanted = format!("Signed by: {user} <{user}@example.com>\nUsing Key");
                    assert!(said.starts_with(&wanted), "{user} {ring:?}: {said}");
                }
            }
        }
    }
}

#[test]
fn what_gnupg_signs_is_verified() {
    let Some(world) = World::new("what_gnupg_signs_is_verified") else {
        return;
    };
    let helmrs = &programs()[0];
    world.make_key("ed25519", "edwards", "");
    world.export("public.gpg", &["--export"]);
    assert!(world.run(helmrs, &["package", "shop"]).status.success());
    let hash = text(&world.run(Path::new("sha256sum"), &["shop-0.1.0.tgz"]));
    let hash = hash.split(' ').next().unwrap();
    let message = format!("name: shop\n\n...\nfiles:\n  shop-0.1.0.tgz: sha256:{hash}\n");
    fs::write(world.path("message"), &message).unwrap();
    let sign = ["-o", "shop-0.1.0.tgz.prov", "--clearsign", "message"];
    world.gpg_or_panic(&sign);
    let words = ["verify", "shop-0.1.0.tgz", "--keyring", "public.gpg"];
    let said = text(&world.run(helmrs, &words));
    let wanted = format!("Chart Hash Verified: sha256:{hash}\n");
    assert!(said.ends_with(&wanted), "{said}");

    let revocation = world.gpg_or_panic(&["--list-keys", "--with-colons"]);
    let revocation = String::from_utf8(revocation).unwrap();
    let fingerprint = revocation.lines().find(|line| line.starts_with("fpr"));
    let fingerprint = fingerprint.unwrap().split(':').nth(9).unwrap();
    let path = world.path(&format!("gnupg/openpgp-revocs.d/{fingerprint}.rev"));
    let text_of_it = fs::read_to_string(&path)
        .unwrap()
        .replace("\n:---", "\n---");
    fs::write(&path, text_of_it).unwrap();
    world.gpg_or_panic(&["--import", &path.to_string_lossy()]);
    let said = text(&world.run(helmrs, &["verify", "shop-0.1.0.tgz"]));
    assert_eq!(said, "Error: openpgp: signature made by revoked key\n");
}

#[test]
fn a_locked_key_asks_for_its_passphrase() {
    let Some(world) = World::new("a_locked_key_asks_for_its_passphrase") else {
        return;
    };
    world.make_key("rsa2048", "locked", "secret");
    world.export("secret.gpg", &["--export-secret-keys"]);
    world.export("public.gpg", &["--export"]);
    fs::write(world.path("right"), "secret\nand more\n").unwrap();
    fs::write(world.path("wrong"), "public\n").unwrap();
    for program in programs() {
        let key = ["--key", "locked", "--keyring", "secret.gpg"];
        let with = |file| [&key[..], &["--passphrase-file", file]].concat();
        assert!(world.package(&program, &with("right")).status.success());
        let verified = ["verify", "out/shop-0.1.0.tgz", "--keyring", "public.gpg"];
        assert!(world.run(&program, &verified).status.success());
        let refused = world.package(&program, &with("wrong"));
        assert_eq!(
            text(&refused),
            "Error: openpgp: invalid data: private key checksum failure\n"
        );
        assert!(world.path("out/shop-0.1.0.tgz").exists());
        assert!(!world.path("out/shop-0.1.0.tgz.prov").exists());
        let asked = world.package(&program, &key);
        assert_eq!(
            text(&asked),
            "Password for key \"locked <locked@example.com>\" >  \nError: inappropriate ioctl for device\n"
        );
    }
}

#[test]
fn archives_and_provenance_are_whole_files_of_ordinary_mode() {
    use std::os::unix::fs::PermissionsExt;
    let root = tempfile::tempdir().unwrap();
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/cli/package/signing");
    let output = Command::new(env!("CARGO_BIN_EXE_helmrs"))
        .current_dir(&case)
        .env_clear()
        .env("HOME", root.path())
        .args(["package", "shop", "--sign", "--key", "ann@", "--keyring"])
        .args(["secret.gpg", "-d"])
        .arg(root.path().join("out"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output));
    let names = ["shop-0.1.0.tgz", "shop-0.1.0.tgz.prov"];
    let mut found: Vec<_> = fs::read_dir(root.path().join("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    found.sort();
    assert_eq!(found, names);
    let plain = root.path().join("plain");
    fs::write(&plain, "").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
    for name in names {
        assert_eq!(mode(&root.path().join("out").join(name)), mode(&plain));
    }
}
