//! No bytes make reading a keyring panic, or checking a provenance file, or signing with what is in it.

#![no_main]

use std::sync::LazyLock;

use helmrs_core::provenance::{Keyring, SALT};
use helmrs_core::time::Time;
use libfuzzer_sys::fuzz_target;

static KNOWN: LazyLock<Keyring> = LazyLock::new(|| {
    let ring = include_bytes!("../../../testdata/cli/verify/every-kind-of-keyring/known.gpg");
    Keyring::read("known.gpg", ring).expect("the ring is one")
});

fuzz_target!(|bytes: &[u8]| {
    let now = Time::from_unix(1_704_153_600, 0);
    let _ = KNOWN.verify(b"chart", bytes, "shop-0.1.0.tgz", now);
    let Ok(ring) = Keyring::read("fuzz", bytes) else {
        return;
    };
    if let Ok(Some(certificate)) = ring.find("")
        && let Ok(signer) = certificate.unlock(b"secret")
        && let Ok(provenance) = signer.sign(b"chart", "a.tgz", b"name: a\n", now, &[0; SALT])
    {
        let _ = ring.verify(b"chart", &provenance, "a.tgz", now);
    }
});
