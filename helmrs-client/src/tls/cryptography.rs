//! Which cryptography TLS uses: ring's, and one curve more.

use std::sync::Once;

use p521::ecdsa::signature::Verifier;
use p521::ecdsa::{Signature, VerifyingKey};
use rustls::SignatureScheme;
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, ring};
use rustls::pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};

/// Settles which cryptography TLS uses, once for the process.
pub(crate) fn install_cryptography() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // A provider somebody installed before is as good.
        let _ = provider().install_default();
    });
}

fn provider() -> CryptoProvider {
    let mut provider = ring::default_provider();
    let known = provider.signature_verification_algorithms;
    let curve: &'static dyn SignatureVerificationAlgorithm = &P521;
    // The library wants lists that live for ever, and there is one of each.
    let curves: &'static [&'static dyn SignatureVerificationAlgorithm] = vec![curve].leak();
    let scheme = (SignatureScheme::ECDSA_NISTP521_SHA512, curves);
    provider.signature_verification_algorithms = WebPkiSupportedAlgorithms {
        all: [known.all, curves].concat().leak(),
        mapping: [known.mapping, &[scheme]].concat().leak(),
    };
    provider
}

/// Signatures on the curve P-521, which ring does not check and Go does.
#[derive(Debug)]
struct P521;

impl SignatureVerificationAlgorithm for P521 {
    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_P521
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_SHA512
    }

    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let key = VerifyingKey::from_sec1_bytes(public_key).map_err(|_| InvalidSignature)?;
        let signature = Signature::from_der(signature).map_err(|_| InvalidSignature)?;
        key.verify(message, &signature)
            .map_err(|_| InvalidSignature)
    }
}
