//! Signing a file.
// Parity: Helm, pkg/provenance/sign.go, DecryptKey and ClearSign.

use pgp::crypto::hash::HashAlgorithm;

use super::certificate::Certificate;
use super::key::{PublicKey, UnlockedKey};
use super::signature::{self, Signature};
use super::{OpenPgpError, armor, cleartext, message};
use crate::time::Time;

/// The hash that every key signs with.
const HASH: HashAlgorithm = HashAlgorithm::Sha512;
/// How many random bytes go into a signature.
pub const SALT: usize = 32;
/// The name under which they do.
const SALT_NOTATION: &[u8] = b"salt@notations.openpgpjs.org";

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The key is public only.
    #[error("provided key is not a private key. Try providing a keyring with secret keys")]
    Public,
    /// The passphrase is wrong, or the key is broken.
    #[error(transparent)]
    Locked(OpenPgpError),
    /// The key cannot sign.
    #[error("failed to either sign or armor message block")]
    Signature(#[source] OpenPgpError),
}

/// A certificate whose primary key can be used.
#[derive(Debug)]
pub struct Signer<'a> {
    public: &'a PublicKey,
    key: UnlockedKey,
}

impl Certificate {
    /// The user IDs the key has signed, in their order.
    pub fn user_ids(&self) -> Vec<String> {
        self.identities
            .iter()
            .map(|identity| String::from_utf8_lossy(&identity.id).into_owned())
            .collect()
    }

    /// The fingerprint of the primary key, in capitals.
    pub fn fingerprint(&self) -> String {
        hex::encode_upper(&self.public().fingerprint)
    }

    /// Whether a passphrase is needed to sign; an error where signing is out of the question.
    pub fn is_locked(&self) -> Result<bool, SignError> {
        let secret = self.secret().ok_or(SignError::Public)?;
        Ok(secret.is_locked())
    }

    /// Unlocks the primary key, which is the one that signs. A passphrase that is not needed does not matter.
    pub fn unlock(&self, passphrase: &[u8]) -> Result<Signer<'_>, SignError> {
        let secret = self.secret().ok_or(SignError::Public)?;
        let key = secret.unlock(passphrase).map_err(SignError::Locked)?;
        Ok(Signer {
            public: &secret.public,
            key,
        })
    }
}

impl Signer<'_> {
    /// Signs metadata and the hash of a file: the contents of its `.prov`.
    ///
    /// `salt` is random; it keeps two signatures over the same text apart.
    pub fn sign(
        &self,
        archive: &[u8],
        file_name: &str,
        metadata: &[u8],
        now: Time,
        salt: &[u8; SALT],
    ) -> Result<Vec<u8>, SignError> {
        let text = message::text(archive, file_name, metadata);
        let signed = cleartext::to_sign(&text);
        let packet = self
            .packet(&signed, now, salt)
            .map_err(SignError::Signature)?;
        // Parity: who understands version 6 needs no header to know the hash.
        let hash = (self.public.version < 6).then_some("SHA512");
        Ok(cleartext::encode(&text, hash, &armor::encode(&packet)))
    }

    /// A signature packet over a text.
    // Parity: ProtonMail/go-crypto, openpgp/packet/signature.go, Sign and Serialize.
    fn packet(&self, text: &[u8], now: Time, salt: &[u8; SALT]) -> Result<Vec<u8>, OpenPgpError> {
        let version = self.public.version;
        let is_new = version == 6;
        let hashed = self.subpackets(now, salt);
        let fields = [signature::TEXT, self.public.number(), HASH.into()];
        let suffix = signature::suffix(version, fields, &hashed);
        // Version 6 hashes the salt first, older ones carry it as a notation.
        let first: &[u8] = if is_new { salt } else { &[] };
        let digest = HASH
            .digest(&[first, text, &*suffix].concat())
            .map_err(|error| OpenPgpError::Argument(error.to_string()))?;
        let raw = self.key.sign(HASH, &digest)?;
        // The suffix begins as the packet does, and ends with six bytes that are its own.
        let mut body = suffix[..suffix.len() - 6].to_vec();
        body.extend(if is_new { &[0; 4][..] } else { &[0; 2] });
        body.extend(&digest[..2]);
        if is_new {
            body.push(u8::try_from(SALT).unwrap_or_default());
            body.extend(salt);
        }
        body.extend(raw);
        // A secret part that is not that of the public one would sign nothing anybody could check.
        let signature = Signature::read(&mut &*body)?;
        let checked = self.public.verify(text, &signature);
        checked.map_err(|_| OpenPgpError::Key("invalid key parameters"))?;
        let mut packet = vec![0xc2];
        packet.extend(length(body.len()));
        packet.extend(body);
        Ok(packet)
    }

    /// What the signature says of itself.
    fn subpackets(&self, now: Time, salt: &[u8; SALT]) -> Vec<u8> {
        const CRITICAL: u8 = 0x80;
        let version = self.public.version;
        let seconds = u32::try_from(now.unix_seconds()).unwrap_or_default();
        let mut subpackets = subpacket(signature::CREATED | CRITICAL, &seconds.to_be_bytes());
        if version == 4 {
            let issuer = self.public.key_id.to_be_bytes();
            subpackets.extend(subpacket(signature::ISSUER, &issuer));
            let mut notation = vec![0; 4];
            for part in [SALT_NOTATION, salt] {
                notation.extend(u16::try_from(part.len()).unwrap_or_default().to_be_bytes());
            }
            notation.extend([SALT_NOTATION, salt].concat());
            subpackets.extend(subpacket(signature::NOTATION, &notation));
        }
        let mut fingerprint = vec![version];
        fingerprint.extend_from_slice(&self.public.fingerprint);
        let critical = if version == 6 { CRITICAL } else { 0 };
        subpackets.extend(subpacket(
            signature::ISSUER_FINGERPRINT | critical,
            &fingerprint,
        ));
        subpackets
    }
}

/// A subpacket of fewer than 192 bytes.
fn subpacket(kind: u8, data: &[u8]) -> Vec<u8> {
    let length = u8::try_from(data.len() + 1).unwrap_or_default();
    let mut subpacket = vec![length, kind];
    subpacket.extend_from_slice(data);
    subpacket
}

/// The length of a packet, as it is written.
// Parity: ProtonMail/go-crypto, openpgp/packet/packet.go, serializeLength.
fn length(length: usize) -> Vec<u8> {
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    match length {
        0..192 => vec![length.to_be_bytes()[3]],
        192..8384 => {
            let [.., third, last] = (length - 192).to_be_bytes();
            vec![third + 192, last]
        }
        _ => [&[255][..], &length.to_be_bytes()].concat(),
    }
}
