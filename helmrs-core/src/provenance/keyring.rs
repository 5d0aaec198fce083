//! Keyrings: certificates one after the other, in any of the three forms of GnuPG's.

use helmrs_gotemplate::number::quote;

use super::OpenPgpError;
use super::armor::Armored;
use super::certificate::Certificate;
use super::keybox::{self, KeyboxError};
use super::packet::{Packet, Packets};
use super::source::Source;

/// The keys of a file, public or secret.
#[derive(Debug, Default)]
pub struct Keyring {
    certificates: Vec<Certificate>,
}

/// Several keys are meant by one name.
// Parity: Helm, pkg/provenance/sign.go, NewFromKeyring.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("more than one key contain the id {}", quote(.0.as_bytes()))]
pub struct AmbiguousKey(pub String);

/// Why a file is no keyring.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum KeyringError {
    /// The file is a keybox, and broken.
    #[error("reading keybox {path}")]
    Keybox { path: String, source: KeyboxError },
    /// The file is armored, and broken.
    #[error("reading armored keyring {path}")]
    Armored { path: String, source: ArmoredError },
    /// The packets are no keys.
    #[error(transparent)]
    OpenPgp(#[from] OpenPgpError),
}

/// Why an armored file is no keyring.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArmoredError {
    /// A block is something else.
    #[error("expected a public or private key block, got {}", quote(.0))]
    Kind(Vec<u8>),
    /// There is no block, or none has a key.
    #[error("no keys found")]
    Empty,
    /// The packets are no keys.
    #[error(transparent)]
    OpenPgp(#[from] OpenPgpError),
}

impl Keyring {
    /// Reads a keyring: a `pubring.kbx`, a file that `gpg --export` writes, or an armored one. Keys that are not
    /// understood are left out.
    ///
    /// # Errors
    ///
    /// If the file is broken, or if there are keys and none of them is understood. `path` is what errors call the file.
    // Parity: Helm, pkg/provenance/sign.go, loadKeyRing.
    pub fn read(path: &str, bytes: &[u8]) -> Result<Self, KeyringError> {
        let path = || path.to_string();
        let certificates = if keybox::is_keybox(bytes) {
            let keys = keybox::keys(bytes).map_err(|source| KeyringError::Keybox {
                path: path(),
                source,
            })?;
            read_packets(&*keys)?
        } else if bytes.trim_ascii_start().starts_with(b"-----BEGIN PGP") {
            read_armored(bytes).map_err(|source| KeyringError::Armored {
                path: path(),
                source,
            })?
        } else {
            read_packets(bytes)?
        };
        Ok(Self { certificates })
    }

    /// The certificate with this user ID, or the only one with a user ID that contains it.
    // Parity: Helm, pkg/provenance/sign.go, NewFromKeyring: two user IDs of one key are two matches.
    pub fn find(&self, id: &str) -> Result<Option<&Certificate>, AmbiguousKey> {
        let mut found = None;
        let mut is_ambiguous = false;
        for certificate in &self.certificates {
            let ids = certificate.identities.iter().map(|identity| &*identity.id);
            for user_id in ids.clone() {
                if user_id == id.as_bytes() {
                    return Ok(Some(certificate));
                }
            }
            for user_id in ids {
                if memchr::memmem::find(user_id, id.as_bytes()).is_some() {
                    is_ambiguous |= found.is_some();
                    found = Some(certificate);
                }
            }
        }
        if is_ambiguous {
            return Err(AmbiguousKey(id.to_string()));
        }
        Ok(found)
    }

    pub(super) fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }
}

/// Reads certificates to the end.
// Parity: ProtonMail/go-crypto, openpgp/keys.go, ReadKeyRing.
fn read_packets<S: Source>(source: S) -> Result<Vec<Certificate>, OpenPgpError> {
    let mut packets = Packets::new(source);
    let mut certificates = Vec::new();
    let mut problem = None;
    loop {
        match Certificate::read(&mut packets) {
            Ok(Some(certificate)) => certificates.push(certificate),
            Ok(None) => break,
            Err(error @ (OpenPgpError::Unsupported(_) | OpenPgpError::Structure(_))) => {
                problem = Some(error);
                skip_to_public_key(&mut packets)?;
            }
            Err(error) => return Err(error),
        }
    }
    match problem {
        Some(error) if certificates.is_empty() => Err(error),
        _ => Ok(certificates),
    }
}

/// Reads one armored block after the other.
// Parity: Helm, pkg/provenance/sign.go, loadArmoredKeyRing: a block whose start was read ahead of is passed over.
fn read_armored(mut text: &[u8]) -> Result<Vec<Certificate>, ArmoredError> {
    let mut certificates = Vec::new();
    while let Some(mut block) = Armored::find(text) {
        if !matches!(
            block.kind,
            b"PGP PUBLIC KEY BLOCK" | b"PGP PRIVATE KEY BLOCK"
        ) {
            return Err(ArmoredError::Kind(block.kind.to_vec()));
        }
        certificates.extend(read_packets(&mut block)?);
        text = block.after();
    }
    if certificates.is_empty() {
        return Err(ArmoredError::Empty);
    }
    Ok(certificates)
}

/// Passes over packets up to the next public key.
// Parity: go-crypto, openpgp/keys.go, readToNextPublicKey: secret keys are passed over as well.
fn skip_to_public_key<S: Source>(packets: &mut Packets<S>) -> Result<(), OpenPgpError> {
    loop {
        match packets.next() {
            Ok(None) => return Ok(()),
            Ok(Some(Packet::PublicKey(key))) if !key.is_subkey => {
                packets.unread(Packet::PublicKey(key));
                return Ok(());
            }
            Ok(Some(_)) => {}
            Err(error) => return Err(error),
        }
    }
}
