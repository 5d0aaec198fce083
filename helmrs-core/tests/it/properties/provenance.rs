//! Laws of signing and verifying.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use helmrs_core::provenance::{Keyring, SALT, Signer};
use helmrs_core::time::Time;
use proptest::prelude::*;

const NOW: Time = Time::ZERO;

fn case(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/cli");
    fs::read(folder.join(name)).unwrap()
}

/// A ring with the secret keys of an EdDSA and an RSA certificate.
static RING: LazyLock<Keyring> =
    LazyLock::new(|| Keyring::read("secret.gpg", &case("package/signing/secret.gpg")).unwrap());

fn signer(id: &str) -> Signer<'static> {
    RING.find(id).unwrap().unwrap().unlock(b"").unwrap()
}

/// The keys are of the first day of 2024.
fn today() -> Time {
    Time::from_unix(1_704_153_600, 0)
}

fn signed(archive: &[u8], name: &str, metadata: &str, salt: [u8; SALT]) -> Vec<u8> {
    let signer = signer("ann@example.com");
    signer
        .sign(archive, name, metadata.as_bytes(), today(), &salt)
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_signed_verifies(
        archive in prop::collection::vec(any::<u8>(), 0..256),
        name in "[a-zA-Z0-9 .:#é-]{1,40}[.]tgz",
        metadata in "([ -~\t\r]{0,20}\n){0,8}",
        salt: [u8; SALT],
    ) {
        prop_assume!(!metadata.contains("\n...\n") && !metadata.starts_with("...\n"));
        let provenance = signed(&archive, &name, &metadata, salt);
        let verification = RING.verify(&archive, &provenance, &name, today()).unwrap();
        prop_assert_eq!(verification.signed_by, ["Ann Signer <ann@example.com>"]);
        prop_assert_eq!(verification.file_name, name);
    }

    #[test]
    fn whatever_is_changed_is_refused(
        archive in prop::collection::vec(any::<u8>(), 1..64),
        place: prop::sample::Index,
        change in 1..=u8::MAX,
    ) {
        let provenance = signed(&archive, "a.tgz", "name: a\n", [7; SALT]);
        let mut other = archive.clone();
        other[place.index(archive.len())] ^= change;
        prop_assert!(RING.verify(&other, &provenance, "a.tgz", today()).is_err());
        prop_assert!(RING.verify(&archive, &provenance, "b.tgz", today()).is_err());
        // A key that is not yet there signs nothing.
        prop_assert!(RING.verify(&archive, &provenance, "a.tgz", NOW).is_err());
    }

    #[test]
    fn any_bytes_are_a_keyring_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        let _ = Keyring::read("any", &bytes);
        let _ = RING.verify(b"", &bytes, "a.tgz", today());
        let armored = [b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n".as_slice(), &bytes].concat();
        let _ = Keyring::read("any", &armored);
        let keybox = [b"\0\0\0\x0c\x01\x01\0\0KBXf".as_slice(), &bytes].concat();
        let _ = Keyring::read("any", &keybox);
    }
}

proptest! {
    // Each reads eleven keys and checks what they say of themselves.
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_broken_keyring_is_read_or_refused(
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
    ) {
        for name in ["known.kbx", "both.asc", "secret.gpg"] {
            let mut ring = case(&format!("verify/every-kind-of-keyring/{name}"));
            for (place, byte) in &places {
                let place = place.index(ring.len());
                ring[place] = *byte;
            }
            let _ = Keyring::read(name, &ring);
        }
    }
}

#[test]
fn keys_of_the_newest_version_sign_and_verify() {
    let later = Time::from_unix(1_798_761_600, 0);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/provenance");
    for (name, passphrase) in [
        ("version-6.gpg", ""),
        ("version-6-locked.gpg", "secret"),
        ("ed448.gpg", ""),
    ] {
        let ring = Keyring::read(name, &fs::read(folder.join(name)).unwrap()).unwrap();
        let certificate = ring.find("@example.com").unwrap().unwrap();
        let signer = certificate.unlock(passphrase.as_bytes()).unwrap();
        let provenance = signer
            .sign(b"chart", "a.tgz", b"name: a\n", later, &[1; SALT])
            .unwrap();
        let verified = ring.verify(b"chart", &provenance, "a.tgz", later);
        assert_eq!(verified.unwrap().fingerprint.len(), 64, "{name}");
    }
}

#[test]
fn a_wrong_passphrase_is_told_by_how_the_key_is_locked() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata");
    for (name, said) in [
        (
            "provenance/version-6-locked.gpg",
            "crypto/ocb: Tag authentication failed",
        ),
        (
            "cli/package/signing/locked.gpg",
            "openpgp: invalid data: private key checksum failure",
        ),
    ] {
        let ring = Keyring::read(name, &fs::read(folder.join(name)).unwrap()).unwrap();
        let certificate = ring.find("@example.com").unwrap().unwrap();
        assert!(certificate.is_locked().unwrap());
        let error = certificate.unlock(b"wrong").unwrap_err();
        assert_eq!(error.to_string(), said);
    }
}

#[test]
fn signatures_in_signatures_end_somewhere() {
    // Version 6 counts with 32 bits, so that thousands of layers would fit.
    let mut signature = Vec::new();
    for _ in 0..10_000 {
        let embedded = match signature.len() {
            0 => Vec::new(),
            length => {
                let length = u32::try_from(length + 1).unwrap();
                let mut subpacket = vec![255];
                subpacket.extend(length.to_be_bytes());
                subpacket.push(32);
                subpacket.extend(&signature);
                subpacket
            }
        };
        let hashed = [&[5, 2, 0, 0, 0, 0][..], &embedded].concat();
        signature = vec![6, 0x19, 27, 10];
        signature.extend(u32::try_from(hashed.len()).unwrap().to_be_bytes());
        signature.extend(hashed);
    }
    let mut packet = vec![0xc2, 0xff];
    packet.extend(u32::try_from(signature.len()).unwrap().to_be_bytes());
    packet.extend(signature);
    let error = Keyring::read("deep", &packet).unwrap_err();
    assert_eq!(
        error.to_string(),
        "openpgp: invalid data: too many layers of signatures"
    );
}
