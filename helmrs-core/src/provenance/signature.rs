//! Signature packets: what they say of themselves, and which bytes they are over.
// Parity: ProtonMail/go-crypto, openpgp/packet/signature.go.

mod subpacket;

use pgp::crypto::hash::HashAlgorithm;
use pgp::types::{Mpi, SignatureBytes};

use super::OpenPgpError;
use super::algorithm::{self, Algorithm};
use super::source::Source;

pub(super) use subpacket::{CREATED, ISSUER, ISSUER_FINGERPRINT, NOTATION};

/// A signature over a text.
pub(super) const TEXT: u8 = 0x01;
/// A signature over bytes.
pub(super) const BINARY: u8 = 0x00;
/// Certifications of a user ID, from "anybody" to "carefully checked".
pub(super) const CERTIFICATIONS: std::ops::RangeInclusive<u8> = 0x10..=0x13;
/// A primary key says that a subkey is its own.
pub(super) const SUBKEY_BINDING: u8 = 0x18;
/// A subkey says that it belongs to a primary key.
pub(super) const PRIMARY_KEY_BINDING: u8 = 0x19;
/// A key says something of itself.
pub(super) const DIRECT_KEY: u8 = 0x1f;
/// A key is no longer to be used.
pub(super) const KEY_REVOCATION: u8 = 0x20;
/// A subkey is no longer to be used.
pub(super) const SUBKEY_REVOCATION: u8 = 0x28;
/// A certification is withdrawn.
pub(super) const CERTIFICATION_REVOCATION: u8 = 0x30;

/// How deep signatures lie in signatures; one that binds a subkey holds one other.
const DEPTH: usize = 8;

/// A signature packet.
#[derive(Debug, Default)]
pub(super) struct Signature {
    pub(super) version: u8,
    pub(super) kind: u8,
    pub(super) algorithm: u8,
    pub(super) hash: u8,
    /// Random bytes hashed first; version 6 only.
    salt: Vec<u8>,
    /// What is hashed last.
    suffix: Vec<u8>,
    /// The first bytes of the hash.
    tag: [u8; 2],
    bytes: Vec<Vec<u8>>,
    pub(super) created: Option<u32>,
    pub(super) lifetime: u32,
    pub(super) key_lifetime: u32,
    pub(super) issuer: Option<u64>,
    issuer_fingerprint: Vec<u8>,
    pub(super) primary_user_id: bool,
    /// What the key may be used for, if that is said.
    pub(super) flags: Option<u8>,
    pub(super) revocation_reason: Option<u8>,
    pub(super) critical_notations: Vec<Vec<u8>>,
    pub(super) embedded: Option<Box<Signature>>,
}

impl Signature {
    pub(super) fn read<S: Source>(body: &mut S) -> Result<Self, OpenPgpError> {
        Self::read_at(body, 0)
    }

    fn read_at<S: Source>(body: &mut S, depth: usize) -> Result<Self, OpenPgpError> {
        if depth > DEPTH {
            return Err(OpenPgpError::structure("too many layers of signatures"));
        }
        let [version] = body.array()?;
        if version != 4 && version != 6 {
            let text = format!("signature packet version {version}");
            return Err(OpenPgpError::unsupported(text));
        }
        let mut signature = Self {
            version,
            ..Self::default()
        };
        signature.read_head(body, depth)?;
        signature.tag = body.array()?;
        if version == 6 {
            signature.read_salt(body)?;
        }
        signature.bytes = match algorithm::of(signature.algorithm) {
            Some(Algorithm::Rsa) => vec![mpi(body)?],
            Some(Algorithm::Ed25519) => vec![body.bytes(64)?],
            Some(Algorithm::Ed448) => vec![body.bytes(114)?],
            _ => vec![mpi(body)?, mpi(body)?],
        };
        Ok(signature)
    }

    /// Reads everything up to the first bytes of the hash.
    fn read_head<S: Source>(&mut self, body: &mut S, depth: usize) -> Result<(), OpenPgpError> {
        // Parity: the fixed fields are read at once, together with the first length.
        let (fields, length) = if self.version == 6 {
            let [a, b, c, length @ ..] = body.array::<7>()?;
            ([a, b, c], u32::from_be_bytes(length) as usize)
        } else {
            let [a, b, c, length @ ..] = body.array::<5>()?;
            ([a, b, c], u16::from_be_bytes(length).into())
        };
        [self.kind, self.algorithm, self.hash] = fields;
        if !algorithm::of(self.algorithm).is_some_and(Algorithm::can_sign) {
            let text = format!("public key algorithm {}", self.algorithm);
            return Err(OpenPgpError::unsupported(text));
        }
        if !matches!(self.hash, 8..=12 | 14) && (self.hash, self.version) != (2, 4) {
            let text = format!("hash function {}", self.hash);
            return Err(OpenPgpError::unsupported(text));
        }
        let hashed = body.bytes(length)?;
        self.suffix = suffix(self.version, fields, &hashed);
        self.read_subpackets(&hashed, true, depth)?;
        let length = if self.version == 6 {
            u32::from_be_bytes(body.array()?) as usize
        } else {
            u16::from_be_bytes(body.array()?).into()
        };
        let unhashed = body.bytes(length)?;
        self.read_subpackets(&unhashed, false, depth)
    }

    fn read_salt<S: Source>(&mut self, body: &mut S) -> Result<(), OpenPgpError> {
        let [length] = body.array()?;
        if HashAlgorithm::from(self.hash).salt_len() != Some(length.into()) {
            return Err(OpenPgpError::structure(
                "unexpected salt size for the given hash algorithm",
            ));
        }
        self.salt = body.bytes(length.into())?;
        Ok(())
    }

    /// The hash of what is signed and of what the signature says of itself.
    pub(super) fn digest(&self, signed: &[u8]) -> Result<Vec<u8>, OpenPgpError> {
        let hashed = [&*self.salt, signed, &*self.suffix].concat();
        let digest = HashAlgorithm::from(self.hash)
            .digest(&hashed)
            .map_err(|error| OpenPgpError::unsupported(error.to_string()))?;
        if self.version == 6 && !digest.starts_with(&self.tag) {
            return Err(OpenPgpError::Signature("hash tag doesn't match".into()));
        }
        Ok(digest)
    }

    /// The signature itself.
    pub(super) fn raw(&self) -> SignatureBytes {
        match (algorithm::of(self.algorithm), &*self.bytes) {
            (Some(Algorithm::Ed25519 | Algorithm::Ed448), [bytes]) => {
                SignatureBytes::Native(bytes.clone().into())
            }
            (_, integers) => SignatureBytes::Mpis(
                integers
                    .iter()
                    .map(|integer| Mpi::from_slice(integer))
                    .collect(),
            ),
        }
    }

    /// Whether the signature names this key as its maker.
    pub(super) fn is_by(&self, key_id: u64, fingerprint: &[u8]) -> bool {
        if self.issuer_fingerprint.is_empty() {
            return self.issuer == Some(key_id);
        }
        self.issuer_fingerprint == fingerprint
    }

    /// Whether the signature no longer counts, or not yet.
    pub(super) fn is_expired(&self, now: i64) -> bool {
        let created = i64::from(self.created.unwrap_or_default());
        created > now || (self.lifetime != 0 && now > created + i64::from(self.lifetime))
    }

    /// Whether all these uses of the key are allowed.
    pub(super) fn allows(&self, flags: u8) -> bool {
        self.flags.is_some_and(|allowed| allowed & flags == flags)
    }
}

/// What is hashed last: the fields of the signature that are under it, and their length.
pub(super) fn suffix(version: u8, fields: [u8; 3], hashed: &[u8]) -> Vec<u8> {
    let mut suffix = vec![version];
    suffix.extend(fields);
    let length = u32::try_from(hashed.len())
        .unwrap_or(u32::MAX)
        .to_be_bytes();
    suffix.extend(if version == 6 {
        &length[..]
    } else {
        &length[2..]
    });
    suffix.extend_from_slice(hashed);
    let length = u32::try_from(suffix.len()).unwrap_or(u32::MAX);
    suffix.extend([version, 0xff]);
    suffix.extend(length.to_be_bytes());
    suffix
}

/// Reads an integer of any length, as it is written.
pub(super) fn mpi<S: Source>(body: &mut S) -> Result<Vec<u8>, OpenPgpError> {
    let bits = u16::from_be_bytes(body.array()?);
    body.bytes(usize::from(bits).div_ceil(8))
}
