//! Checking that a file is what somebody signed.
// Parity: Helm, pkg/provenance/sign.go, Verify.

use helmrs_gotemplate::number::quote;

use super::certificate::{Certificate, SigningKey};
use super::cleartext::SignedText;
use super::packet::{Packet, Packets};
use super::signature::{self, Signature};
use super::source::Source;
use super::{Keyring, MessageError, OpenPgpError, message};
use crate::time::Time;

/// Who signed a file, and what they signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// The user IDs of the certificate, in its own order.
    pub signed_by: Vec<String>,
    /// The fingerprint of the primary key, in capitals.
    pub fingerprint: String,
    /// The hash of the file: `sha256:…`.
    pub file_hash: String,
    /// The name of the file.
    pub file_name: String,
}

/// Why a file is not what somebody signed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum VerifyError {
    /// There is no signed text.
    #[error("signature block not found")]
    NoSignature,
    /// The signature does not count.
    #[error(transparent)]
    OpenPgp(#[from] OpenPgpError),
    /// The signed text is no provenance.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// The signed text is about other files.
    #[error("provenance does not contain a SHA for a file named {}", quote(.0.as_bytes()))]
    OtherFile(String),
    /// The file is another one.
    #[error("sha256 sum does not match for {file}: {} != {}", quote(signed.as_bytes()), quote(actual.as_bytes()))]
    OtherHash {
        file: String,
        signed: String,
        actual: String,
    },
}

impl Keyring {
    /// Checks that a key of this ring signed a file of this name and content, and that the key counts now.
    pub fn verify(
        &self,
        archive: &[u8],
        provenance: &[u8],
        file_name: &str,
        now: Time,
    ) -> Result<Verification, VerifyError> {
        let text = SignedText::find(provenance).ok_or(VerifyError::NoSignature)?;
        let certificate = self.check_signature(&text.signed, text.signature, now.unix_seconds())?;
        let actual = message::hash(archive);
        let mut sums = message::sums(&text.plain)?;
        match sums.files.remove(file_name) {
            None => Err(VerifyError::OtherFile(file_name.to_string())),
            Some(signed) if signed != actual => Err(VerifyError::OtherHash {
                file: file_name.to_string(),
                signed,
                actual,
            }),
            Some(file_hash) => Ok(Verification {
                signed_by: certificate.user_ids(),
                fingerprint: certificate.fingerprint(),
                file_hash,
                file_name: file_name.to_string(),
            }),
        }
    }

    /// Checks a signature over a text; gives the certificate it was made with.
    // Parity: ProtonMail/go-crypto, openpgp/read.go, verifyDetachedSignature: the first signature of somebody known counts.
    fn check_signature<S: Source>(
        &self,
        signed: &[u8],
        signature: S,
        now: i64,
    ) -> Result<&Certificate, OpenPgpError> {
        let mut packets = Packets::new(signature);
        let (signature, keys) = loop {
            let signature = match packets.next()? {
                None => return Err(OpenPgpError::UnknownIssuer),
                Some(Packet::Signature(signature)) => signature,
                Some(_) => return Err(OpenPgpError::structure("non signature packet found")),
            };
            let issuer = signature
                .issuer
                .ok_or_else(|| OpenPgpError::structure("signature doesn't have an issuer"))?;
            let keys = self.signing_keys(issuer);
            if !keys.is_empty() {
                break (signature, keys);
            }
        };
        let signed = canonical(signed, &signature)?;
        let mut problem = OpenPgpError::UnknownIssuer;
        for key in keys {
            match key.public().verify(&signed, &signature) {
                Ok(()) => {
                    key.check(&signature, now)?;
                    return Ok(key.certificate());
                }
                Err(error) => problem = error,
            }
        }
        Err(problem)
    }

    fn signing_keys(&self, id: u64) -> Vec<SigningKey<'_>> {
        let certificates = self.certificates().iter();
        certificates
            .flat_map(|certificate| certificate.signing_keys(id))
            .collect()
    }
}

/// The text as a signature of this kind is over it.
// Parity: ProtonMail/go-crypto, openpgp/canonical_text.go: whatever follows a `\r` is taken as it is.
fn canonical(text: &[u8], signature: &Signature) -> Result<Vec<u8>, OpenPgpError> {
    match signature.kind {
        signature::BINARY => Ok(text.to_vec()),
        signature::TEXT => {
            let mut canonical = Vec::with_capacity(text.len());
            let mut bytes = text.iter();
            while let Some(byte) = bytes.next() {
                match byte {
                    b'\n' => canonical.extend(b"\r\n"),
                    b'\r' => {
                        canonical.push(b'\r');
                        canonical.extend(bytes.next());
                    }
                    _ => canonical.push(*byte),
                }
            }
            Ok(canonical)
        }
        kind => Err(OpenPgpError::unsupported(format!(
            "unsupported signature type: {kind}"
        ))),
    }
}
