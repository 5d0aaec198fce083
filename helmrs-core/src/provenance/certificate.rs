//! A key with everything that is said of it: user IDs, subkeys, and the signatures that hold them together.
// Parity: ProtonMail/go-crypto, openpgp/keys.go.

use super::OpenPgpError;
use super::key::{PublicKey, SIGN, SecretKey};
use super::packet::{Packet, Packets};
use super::signature::{self, Signature};
use super::source::Source;

/// The reason for a revocation that counts from the beginning.
const COMPROMISED: u8 = 2;

/// A key, its user IDs and its subkeys.
#[derive(Debug)]
pub struct Certificate {
    primary: Primary,
    pub(super) identities: Vec<Identity>,
    subkeys: Vec<Subkey>,
    revocations: Vec<Signature>,
    /// What a version 6 key says of itself, where older ones say it of a user ID.
    direct: Option<Signature>,
}

#[derive(Debug)]
enum Primary {
    Public(Box<PublicKey>),
    Secret(Box<SecretKey>),
}

/// A user ID that the key itself has signed.
#[derive(Debug)]
pub(super) struct Identity {
    /// By convention `Full Name (comment) <email@example.com>`; any bytes are possible.
    pub(super) id: Vec<u8>,
    self_signature: Option<Signature>,
    revocations: Vec<Signature>,
}

#[derive(Debug)]
struct Subkey {
    key: PublicKey,
    binding: Signature,
    revocations: Vec<Signature>,
}

/// A key of a certificate that may sign.
pub(super) struct SigningKey<'a> {
    certificate: &'a Certificate,
    /// None for the primary key.
    subkey: Option<&'a Subkey>,
}

impl Certificate {
    /// Reads the packets of one certificate; none at the end.
    pub(super) fn read<S: Source>(packets: &mut Packets<S>) -> Result<Option<Self>, OpenPgpError> {
        let primary = match packets.next()? {
            None => return Ok(None),
            Some(Packet::PublicKey(key)) => Primary::Public(key),
            Some(Packet::SecretKey(key)) => Primary::Secret(key),
            Some(packet) => {
                packets.unread(packet);
                let text = "first packet was not a public/private key";
                return Err(OpenPgpError::structure(text));
            }
        };
        if !primary.public().algorithm.can_sign() {
            let text = "primary key cannot be used for signatures";
            return Err(OpenPgpError::structure(text));
        }
        let mut certificate = Self {
            primary,
            identities: Vec::new(),
            subkeys: Vec::new(),
            revocations: Vec::new(),
            direct: None,
        };
        let loose = certificate.read_packets(packets)?;
        certificate.settle(loose)?;
        Ok(Some(certificate))
    }

    /// Reads what comes after the primary key; gives the signatures that are over the primary key alone.
    fn read_packets<S: Source>(
        &mut self,
        packets: &mut Packets<S>,
    ) -> Result<Vec<Signature>, OpenPgpError> {
        let mut loose = Vec::new();
        while let Some(packet) = packets.next()? {
            match packet {
                Packet::UserId(id) => self.read_user_id(packets, id)?,
                Packet::Signature(signature)
                    if matches!(
                        signature.kind,
                        signature::KEY_REVOCATION | signature::DIRECT_KEY
                    ) =>
                {
                    loose.push(*signature);
                }
                Packet::PublicKey(key) if key.is_subkey => self.read_subkey(packets, *key)?,
                Packet::SecretKey(key) if key.public.is_subkey => {
                    self.read_subkey(packets, key.public)?;
                }
                Packet::PublicKey(_) | Packet::SecretKey(_) => {
                    packets.unread(packet);
                    break;
                }
                Packet::Signature(_) | Packet::Other => {}
            }
        }
        Ok(loose)
    }

    fn read_user_id<S: Source>(
        &mut self,
        packets: &mut Packets<S>,
        id: Vec<u8>,
    ) -> Result<(), OpenPgpError> {
        let mut identity = Identity {
            id,
            self_signature: None,
            revocations: Vec::new(),
        };
        let mut is_own = false;
        while let Some(packet) = packets.next()? {
            let Packet::Signature(signature) = packet else {
                packets.unread(packet);
                break;
            };
            let is_revocation = signature.kind == signature::CERTIFICATION_REVOCATION;
            if !is_revocation && !signature::CERTIFICATIONS.contains(&signature.kind) {
                let text = "user ID signature with wrong type";
                return Err(OpenPgpError::structure(text));
            }
            let key = self.primary.public();
            if !signature.is_by(key.key_id, &key.fingerprint) {
                continue;
            }
            // A key that cannot be checked has a name here, and nothing it signs is taken.
            if key.is_supported() {
                key.verify_user_id(&identity.id, &signature)
                    .map_err(|error| {
                        OpenPgpError::structure(format!("user ID self-signature invalid: {error}"))
                    })?;
            }
            is_own = true;
            if is_revocation {
                identity.revocations.push(*signature);
            } else {
                keep_newer(&mut identity.self_signature, *signature);
            }
        }
        if is_own {
            self.identities.retain(|other| other.id != identity.id);
            self.identities.push(identity);
        }
        Ok(())
    }

    fn read_subkey<S: Source>(
        &mut self,
        packets: &mut Packets<S>,
        key: PublicKey,
    ) -> Result<(), OpenPgpError> {
        let invalid = |error| OpenPgpError::structure(format!("subkey signature invalid: {error}"));
        let mut binding = None;
        let mut revocations = Vec::new();
        while let Some(packet) = packets.next().map_err(invalid)? {
            let Packet::Signature(signature) = packet else {
                packets.unread(packet);
                break;
            };
            if !matches!(
                signature.kind,
                signature::SUBKEY_BINDING | signature::SUBKEY_REVOCATION
            ) {
                let text = "subkey signature with wrong type";
                return Err(OpenPgpError::structure(text));
            }
            let primary = self.primary.public();
            if !primary.is_supported() {
                continue;
            }
            match primary.verify_subkey(&key, &signature) {
                // The subkey consents in a way nobody here can check.
                Err(_) if !key.is_supported() => continue,
                verified => verified.map_err(invalid)?,
            }
            if signature.kind == signature::SUBKEY_REVOCATION {
                revocations.push(*signature);
            } else {
                keep_newer(&mut binding, *signature);
            }
        }
        let is_supported = self.primary.public().is_supported() && key.is_supported();
        match binding {
            Some(binding) => self.subkeys.push(Subkey {
                key,
                binding,
                revocations,
            }),
            None if !is_supported => {}
            None => {
                let text = "subkey packet not followed by signature";
                return Err(OpenPgpError::structure(text));
            }
        }
        Ok(())
    }

    /// Checks that enough is said of the primary key, and sorts what is.
    fn settle(&mut self, loose: Vec<Signature>) -> Result<(), OpenPgpError> {
        let key = self.primary.public();
        if self.identities.is_empty() && key.version < 6 {
            let text = format!("v{} entity without any identities", key.version);
            return Err(OpenPgpError::structure(text));
        }
        let (revocations, direct): (Vec<_>, Vec<_>) = loose
            .into_iter()
            .partition(|signature| signature.kind == signature::KEY_REVOCATION);
        if key.version == 6 {
            self.direct = Some(main_signature(key, direct)?);
        }
        for revocation in revocations {
            if key.is_supported() {
                key.verify(&key.to_hash(), &revocation).map_err(|_| {
                    OpenPgpError::structure("revocation signature signed by alternate key")
                })?;
            }
            self.revocations.push(revocation);
        }
        Ok(())
    }

    /// The primary key.
    pub(super) fn public(&self) -> &PublicKey {
        self.primary.public()
    }

    /// The secret part of the primary key.
    pub(super) fn secret(&self) -> Option<&SecretKey> {
        match &self.primary {
            Primary::Public(_) => None,
            Primary::Secret(key) => Some(key),
        }
    }

    /// The user ID that speaks for the key: not revoked, marked as primary or the newest.
    fn primary_identity(&self) -> Option<&Identity> {
        let mut identities = self.identities.iter();
        let first = identities.next()?;
        Some(identities.fold(first, |best, other| {
            if other.is_preferred_to(best) {
                other
            } else {
                best
            }
        }))
    }

    /// What the key says of itself, and the user ID it says that of.
    fn self_signature(&self) -> (Option<&Signature>, Option<&Identity>) {
        if self.public().version == 6 {
            return (self.direct.as_ref(), None);
        }
        let identity = self.primary_identity();
        let signature = identity.and_then(|identity| identity.self_signature.as_ref());
        (signature, identity)
    }

    /// The keys of an ID that may sign.
    pub(super) fn signing_keys(&self, id: u64) -> Vec<SigningKey<'_>> {
        let mut keys = Vec::new();
        let may_sign = |signature: &Signature| signature.allows(SIGN);
        if self.public().key_id == id && self.self_signature().0.is_some_and(may_sign) {
            keys.push(SigningKey {
                certificate: self,
                subkey: None,
            });
        }
        for subkey in &self.subkeys {
            if subkey.key.key_id == id && may_sign(&subkey.binding) {
                keys.push(SigningKey {
                    certificate: self,
                    subkey: Some(subkey),
                });
            }
        }
        keys
    }
}

impl Primary {
    fn public(&self) -> &PublicKey {
        match self {
            Self::Public(key) => key,
            Self::Secret(key) => &key.public,
        }
    }
}

impl Identity {
    // Parity: go-crypto, openpgp/keys.go, shouldPreferIdentity; the first of equals wins, where Go's map has no order.
    fn is_preferred_to(&self, other: &Self) -> bool {
        if self.revocations.len() != other.revocations.len() {
            return self.revocations.len() < other.revocations.len();
        }
        let (Some(mine), Some(theirs)) = (&self.self_signature, &other.self_signature) else {
            return other.self_signature.is_none();
        };
        if mine.primary_user_id != theirs.primary_user_id {
            return mine.primary_user_id;
        }
        mine.created > theirs.created
    }
}

impl<'a> SigningKey<'a> {
    /// The certificate the key is of.
    pub(super) fn certificate(&self) -> &'a Certificate {
        self.certificate
    }

    /// The key itself.
    pub(super) fn public(&self) -> &'a PublicKey {
        self.subkey
            .map_or(self.certificate.public(), |subkey| &subkey.key)
    }

    /// Checks that a signature by this key counts now.
    // Parity: go-crypto, openpgp/read.go, checkMessageSignatureDetails: the order decides which error is seen.
    pub(super) fn check(&self, signature: &Signature, now: i64) -> Result<(), OpenPgpError> {
        let (self_signature, identity) = self.certificate.self_signature();
        let mut signatures = vec![signature];
        signatures.extend(self_signature);
        if let Some(subkey) = self.subkey {
            signatures.push(&subkey.binding);
            signatures.extend(subkey.binding.embedded.as_deref());
        }
        for signature in &signatures {
            if let Some(name) = signature.critical_notations.first() {
                let name = String::from_utf8_lossy(name);
                let text = format!("unknown critical notation: {name}");
                return Err(OpenPgpError::Signature(text));
            }
        }
        if is_revoked(&self.certificate.revocations, now)
            || self
                .subkey
                .is_some_and(|subkey| is_revoked(&subkey.revocations, now))
            || identity.is_some_and(|identity| is_revoked(&identity.revocations, now))
        {
            return Err(OpenPgpError::Revoked);
        }
        let is_expired = |key: &PublicKey, signature: Option<&Signature>| {
            signature.is_some_and(|signature| key.is_expired(signature, now))
        };
        if is_expired(self.certificate.public(), self_signature)
            || self
                .subkey
                .is_some_and(|subkey| is_expired(&subkey.key, Some(&subkey.binding)))
        {
            return Err(OpenPgpError::KeyExpired);
        }
        if signatures.iter().any(|signature| signature.is_expired(now)) {
            return Err(OpenPgpError::SignatureExpired);
        }
        Ok(())
    }
}

/// Puts a signature in the place of an older one.
fn keep_newer(kept: &mut Option<Signature>, signature: Signature) {
    if kept
        .as_ref()
        .is_none_or(|kept| signature.created > kept.created)
    {
        *kept = Some(signature);
    }
}

/// The newest of the signatures by which a version 6 key describes itself.
fn main_signature(key: &PublicKey, direct: Vec<Signature>) -> Result<Signature, OpenPgpError> {
    if direct.is_empty() {
        let text = "v6 entity without a valid direct-key signature";
        return Err(OpenPgpError::structure(text));
    }
    let mut main = None;
    for signature in direct {
        if signature.is_by(key.key_id, &key.fingerprint) {
            keep_newer(&mut main, signature);
        }
    }
    let main = main.ok_or_else(|| {
        OpenPgpError::structure("no valid direct-key self-signature for v6 primary key found")
    })?;
    key.verify(&key.to_hash(), &main).map_err(|_| {
        OpenPgpError::structure("invalid direct-key self-signature for v6 primary key")
    })?;
    Ok(main)
}

/// Whether a revocation counts now.
fn is_revoked(revocations: &[Signature], now: i64) -> bool {
    revocations.iter().any(|revocation| {
        revocation.revocation_reason == Some(COMPROMISED) || !revocation.is_expired(now)
    })
}
