//! Packets of secret keys, and signing with them.
// Parity: ProtonMail/go-crypto, openpgp/packet/private_key.go.

use std::fmt;

use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::SecretKey as Parameters;
use pgp::ser::Serialize;
use pgp::types::{Password, SignatureBytes, SigningKey, Tag};

use super::{OpenPgpError, PublicKey, header};
use crate::provenance::source::Source;

/// How the secret part of a key is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Protection {
    /// As it is.
    Open,
    /// Encrypted, with a checksum of what is inside.
    Locked,
    /// Encrypted and authenticated, by the method that errors name.
    Sealed(&'static str),
    /// Not at all.
    Absent,
}

/// A secret key, locked or not.
pub(in crate::provenance) struct SecretKey {
    pub(in crate::provenance) public: PublicKey,
    protection: Protection,
    packet: Vec<u8>,
}

/// A secret key that can be used; what it shows of itself is not secret.
#[derive(Debug)]
pub(in crate::provenance) struct UnlockedKey(Option<Parameters>);

impl SecretKey {
    pub(in crate::provenance) fn read<S: Source>(
        packet: &mut S,
        is_subkey: bool,
    ) -> Result<Self, OpenPgpError> {
        let public = PublicKey::read(packet, is_subkey)?;
        let secret = packet.rest()?;
        let protection = protection(public.version, &secret)?;
        if protection == Protection::Open {
            check(public.version, &secret[1..])?;
        }
        let mut packet = public.body.clone();
        packet.extend(secret);
        Ok(Self {
            public,
            protection,
            packet,
        })
    }

    /// Whether a passphrase is needed.
    pub(in crate::provenance) fn is_locked(&self) -> bool {
        matches!(self.protection, Protection::Locked | Protection::Sealed(_))
    }

    /// Opens the key; the passphrase of one that is not locked does not matter.
    pub(in crate::provenance) fn unlock(
        &self,
        passphrase: &[u8],
    ) -> Result<UnlockedKey, OpenPgpError> {
        if self.protection == Protection::Absent {
            return Ok(UnlockedKey(None));
        }
        if !self.public.is_supported() {
            return Err(OpenPgpError::unsupported(
                "signing with a key of this curve or length",
            ));
        }
        let key = Parameters::try_from_reader(header(Tag::SecretKey, &self.packet)?, &*self.packet);
        let mut key = key.map_err(|_| self.failure())?;
        key.remove_password(&Password::from(passphrase))
            .map_err(|_| self.failure())?;
        Ok(UnlockedKey(Some(key)))
    }

    /// What is said of a key that does not open.
    fn failure(&self) -> OpenPgpError {
        match self.protection {
            Protection::Locked => OpenPgpError::structure("private key checksum failure"),
            Protection::Sealed(text) => OpenPgpError::Sealed(text),
            Protection::Open | Protection::Absent => OpenPgpError::Key("invalid key parameters"),
        }
    }
}

impl UnlockedKey {
    /// A signature of a hash, as it stands in a signature packet.
    pub(in crate::provenance) fn sign(
        &self,
        hash: HashAlgorithm,
        digest: &[u8],
    ) -> Result<Vec<u8>, OpenPgpError> {
        let key = self.0.as_ref().ok_or(OpenPgpError::Dummy)?;
        let failed = |error: pgp::errors::Error| OpenPgpError::Argument(error.to_string());
        let signature = key.sign(&Password::empty(), hash, digest).map_err(failed)?;
        match signature {
            SignatureBytes::Native(bytes) => Ok(bytes.to_vec()),
            SignatureBytes::Mpis(integers) => {
                let mut bytes = Vec::new();
                for integer in integers {
                    integer.to_writer(&mut bytes).map_err(failed)?;
                }
                Ok(bytes)
            }
        }
    }
}

/// Nothing secret is shown.
impl fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SecretKey")
            .field("public", &self.public)
            .field("protection", &self.protection)
            .finish_non_exhaustive()
    }
}

/// How a secret part is kept, by what it begins with.
fn protection(version: u8, mut secret: &[u8]) -> Result<Protection, OpenPgpError> {
    let source = &mut secret;
    let [usage] = source.array()?;
    if version == 6 && usage != 0 {
        source.array::<1>()?;
    }
    if !matches!(usage, 0 | 253..=255) {
        return Err(OpenPgpError::unsupported(
            "deprecated s2k function in private key",
        ));
    }
    if usage == 0 {
        return Ok(Protection::Open);
    }
    if version == 6 && usage == 255 {
        return Err(OpenPgpError::structure(
            "wrong s2k identifier for version 6",
        ));
    }
    let [cipher] = source.array()?;
    if !matches!(cipher, 0 | 2 | 3 | 7..=9) {
        return Err(OpenPgpError::unsupported(
            "unsupported cipher function in private key",
        ));
    }
    let mut protection = Protection::Locked;
    if usage == 253 {
        protection = Protection::Sealed(match source.array()? {
            [1] => "crypto/eax: Tag authentication failed",
            [2] => "crypto/ocb: Tag authentication failed",
            [3] => "cipher: message authentication failed",
            _ => {
                return Err(OpenPgpError::unsupported(
                    "unsupported aead mode in private key",
                ));
            }
        });
    }
    if version == 6 {
        source.array::<1>()?;
    }
    match derivation(source)? {
        GNU => return Ok(Protection::Absent),
        ARGON2 if usage != 253 => {
            let text = "using Argon2 S2K without AEAD is not allowed";
            return Err(OpenPgpError::structure(text));
        }
        SIMPLE if version == 6 => {
            let text = "using Simple S2K with version 6 keys is not allowed";
            return Err(OpenPgpError::structure(text));
        }
        _ => {}
    }
    if cipher == 0 {
        return Err(OpenPgpError::unsupported(
            "unsupported cipher in private key: 0",
        ));
    }
    Ok(protection)
}

const SIMPLE: u8 = 0;
const SALTED: u8 = 1;
const ITERATED: u8 = 3;
const ARGON2: u8 = 4;
/// An extension: there is no secret part.
const GNU: u8 = 101;

/// Reads how a passphrase becomes a key; gives the method.
// Parity: ProtonMail/go-crypto, openpgp/s2k/s2k.go, ParseIntoParams and Function.
fn derivation(source: &mut &[u8]) -> Result<u8, OpenPgpError> {
    let [mode] = source.array()?;
    let hash = match mode {
        SIMPLE => source.array::<1>()?[0],
        SALTED => source.array::<9>()?[0],
        ITERATED => source.array::<10>()?[0],
        ARGON2 => {
            let parameters = source.array::<19>()?;
            let [.., passes, parallelism, memory] = parameters;
            return argon2(passes, parallelism, memory);
        }
        GNU => {
            let [_, mark @ ..] = source.array::<5>()?;
            return if mark == *b"GNU\x01" {
                Ok(GNU)
            } else {
                Err(OpenPgpError::unsupported("GNU S2K extension"))
            };
        }
        _ => return Err(OpenPgpError::unsupported("S2K function")),
    };
    if matches!(hash, 2 | 8..=12 | 14) {
        Ok(mode)
    } else {
        let text = format!("hash for S2K function: {hash}");
        Err(OpenPgpError::unsupported(text))
    }
}

/// The most memory Argon2 may be told to use, as a power of two of KiB: 2 GiB.
const MOST_MEMORY: u8 = 21;

fn argon2(passes: u8, parallelism: u8, memory: u8) -> Result<u8, OpenPgpError> {
    let wrong = |what: &str| {
        let text = format!("invalid argon2 params: {what}");
        Err(OpenPgpError::structure(text))
    };
    if parallelism == 0 {
        return wrong("parallelism is 0");
    }
    if passes == 0 {
        return wrong("iterations is 0");
    }
    if memory > 31 || 1 << memory < 8 * u32::from(parallelism) {
        return wrong("memory is out of bounds");
    }
    if memory > MOST_MEMORY {
        return Err(OpenPgpError::unsupported("argon2 with more than 2 GiB"));
    }
    Ok(ARGON2)
}

/// Checks the sum at the end of a secret part that is not encrypted.
fn check(version: u8, secret: &[u8]) -> Result<(), OpenPgpError> {
    let Some((secret, sum)) = secret.split_last_chunk() else {
        return Err(OpenPgpError::structure("truncated private key data"));
    };
    let wanted = secret
        .iter()
        .fold(0_u16, |sum, byte| sum.wrapping_add((*byte).into()));
    if version == 4 && u16::from_be_bytes(*sum) != wanted {
        return Err(OpenPgpError::structure("private key checksum failure"));
    }
    Ok(())
}
