//! Packets of public keys, and what can be checked with them.
// Parity: ProtonMail/go-crypto, openpgp/packet/public_key.go.

mod secp256k1;
mod secret;

use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{PacketHeader, PublicKey as Parameters};
use pgp::types::{
    EcdsaPublicParams, EddsaLegacyPublicParams, KeyDetails, PacketHeaderVersion, PacketLength,
    PublicParams, SignatureBytes, Tag, VerifyingKey,
};

use super::OpenPgpError;
use super::algorithm::{self, Algorithm, Curve};
use super::signature::{Signature, mpi};
use super::source::Source;

pub(super) use secret::{SecretKey, UnlockedKey};

/// The shortest RSA key whose signatures count.
// Parity: Go, crypto/rsa/rsa.go, checkKeySize.
const SHORTEST_MODULUS: usize = 1024;

/// How long the contents of an EdDSA key are: head, curve, and a point of 33 bytes.
const EDWARDS_BODY: usize = 6 + 1 + 9 + 2 + 33;

/// A public key, of a certificate or below one.
#[derive(Debug)]
pub(super) struct PublicKey {
    pub(super) version: u8,
    pub(super) created: u32,
    pub(super) algorithm: Algorithm,
    pub(super) is_subkey: bool,
    pub(super) fingerprint: Vec<u8>,
    pub(super) key_id: u64,
    /// The packet's contents without what may come after them.
    body: Vec<u8>,
    arithmetic: Arithmetic,
}

/// What signatures of a key are checked with.
#[derive(Debug)]
enum Arithmetic {
    Of(Box<Parameters>),
    /// No signature of the key is right: it is too short, or no point of its curve.
    Worthless,
    /// Nobody here knows the curve, or the key is too long.
    Unsupported,
    /// The key makes no signatures.
    None,
}

impl PublicKey {
    pub(super) fn read<S: Source>(packet: &mut S, is_subkey: bool) -> Result<Self, OpenPgpError> {
        let head: [u8; 6] = packet.array()?;
        let [version, created @ .., number] = head;
        if version != 4 && version != 6 {
            let text = format!("public key version {version}");
            return Err(OpenPgpError::unsupported(text));
        }
        if version == 6 {
            // The length of what follows, which is worked out anew.
            packet.array::<4>()?;
        }
        let algorithm = algorithm::of(number)
            .ok_or_else(|| OpenPgpError::unsupported(format!("public key type: {number}")))?;
        let material = material(packet, algorithm, version)?;
        let mut body = head.to_vec();
        if version == 6 {
            body.extend(length_of(&material).to_be_bytes());
        }
        body.extend(material);
        let arithmetic = arithmetic(algorithm, &body)?;
        let (fingerprint, key_id) = identify(version, &body)?;
        Ok(Self {
            version,
            created: u32::from_be_bytes(created),
            algorithm,
            is_subkey,
            fingerprint,
            key_id,
            body,
            arithmetic,
        })
    }

    /// What is hashed where a signature is over this key.
    pub(super) fn to_hash(&self) -> Vec<u8> {
        framed(self.version, &self.body)
    }

    /// Checks that this key made a signature over these bytes.
    // Parity: go-crypto, openpgp/packet/public_key.go, VerifySignature.
    pub(super) fn verify(&self, signed: &[u8], signature: &Signature) -> Result<(), OpenPgpError> {
        if !self.algorithm.can_sign() {
            return Err(OpenPgpError::Argument(
                "public key cannot generate signatures".into(),
            ));
        }
        let digest = signature.digest(signed)?;
        if self.number() != signature.algorithm {
            return Err(OpenPgpError::Argument(
                "public key and signature use different algorithms".into(),
            ));
        }
        // Parity: short hashes count with every curve. Only RSA signs the name of the hash as well.
        let hash = match self.algorithm {
            Algorithm::Rsa => HashAlgorithm::from(signature.hash),
            _ => HashAlgorithm::Sha512,
        };
        let raw = self.normalized(signature.raw());
        match &self.arithmetic {
            Arithmetic::Of(key) if key.verify(hash, &digest, &raw).is_ok() => Ok(()),
            Arithmetic::Unsupported => Err(OpenPgpError::unsupported(
                "signature by a key of this curve or length",
            )),
            _ => Err(OpenPgpError::Signature(self.algorithm.failure().into())),
        }
    }

    /// Whether signatures of this key can be checked at all.
    pub(super) fn is_supported(&self) -> bool {
        !matches!(self.arithmetic, Arithmetic::Unsupported)
    }

    /// A signature in the one of its two forms that the arithmetic takes: on secp256k1 that with the smaller number.
    fn normalized(&self, signature: SignatureBytes) -> SignatureBytes {
        let is_secp256k1 = matches!(&self.arithmetic, Arithmetic::Of(key)
            if matches!(key.public_params(), PublicParams::ECDSA(EcdsaPublicParams::Secp256k1 { .. })));
        match signature {
            SignatureBytes::Mpis(numbers) if is_secp256k1 => {
                SignatureBytes::Mpis(secp256k1::normalized(numbers))
            }
            signature => signature,
        }
    }

    /// Checks a signature by which this key takes another as its subkey, and the other's consent if it is to sign.
    pub(super) fn verify_subkey(
        &self,
        subkey: &Self,
        signature: &Signature,
    ) -> Result<(), OpenPgpError> {
        let signed = [self.to_hash(), subkey.to_hash()].concat();
        self.verify(&signed, signature)?;
        if !signature.allows(SIGN) {
            return Ok(());
        }
        let embedded = signature
            .embedded
            .as_ref()
            .ok_or_else(|| OpenPgpError::structure("signing subkey is missing cross-signature"))?;
        subkey.verify(&signed, embedded).map_err(|error| {
            OpenPgpError::structure(format!("error while verifying cross-signature: {error}"))
        })
    }

    /// Checks a signature over a user ID of this key.
    pub(super) fn verify_user_id(
        &self,
        id: &[u8],
        signature: &Signature,
    ) -> Result<(), OpenPgpError> {
        let mut signed = self.to_hash();
        signed.push(0xb4);
        signed.extend(length_of(id).to_be_bytes());
        signed.extend_from_slice(id);
        self.verify(&signed, signature)
    }

    /// Whether a self-signature says that the key's time is over; it may also lie ahead.
    pub(super) fn is_expired(&self, self_signature: &Signature, now: i64) -> bool {
        let created = i64::from(self.created);
        let lifetime = i64::from(self_signature.key_lifetime);
        created > now || (lifetime != 0 && now > created + lifetime)
    }

    /// The algorithm as a number, which tells apart what [`Algorithm`] does not.
    pub(super) fn number(&self) -> u8 {
        self.body[5]
    }
}

/// The use of a key for signatures over data.
pub(super) const SIGN: u8 = 2;

fn length_of(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

/// A key's contents as they are hashed.
fn framed(version: u8, body: &[u8]) -> Vec<u8> {
    let length = length_of(body).to_be_bytes();
    let mut framed = vec![0x95 + version];
    framed.extend(if version == 6 {
        &length[..]
    } else {
        &length[2..]
    });
    framed.extend_from_slice(body);
    framed
}

/// The fingerprint and the ID of a key.
fn identify(version: u8, body: &[u8]) -> Result<(Vec<u8>, u64), OpenPgpError> {
    let hash = if version == 6 {
        HashAlgorithm::Sha256
    } else {
        HashAlgorithm::Sha1
    };
    let fingerprint = hash
        .digest(&framed(version, body))
        .map_err(|error| OpenPgpError::structure(error.to_string()))?;
    let id = if version == 6 {
        fingerprint.first_chunk()
    } else {
        fingerprint.last_chunk()
    };
    let id = u64::from_be_bytes(*id.expect("a hash has more than eight bytes"));
    Ok((fingerprint, id))
}

/// What the crate for the arithmetic makes of a key's contents.
fn arithmetic(algorithm: Algorithm, body: &[u8]) -> Result<Arithmetic, OpenPgpError> {
    if !algorithm.can_sign() {
        return Ok(Arithmetic::None);
    }
    let header = header(Tag::PublicKey, body)?;
    let key = match (algorithm, Parameters::try_from_reader(header, body)) {
        (_, Ok(key)) => key,
        (Algorithm::Ecdsa, Err(_)) => return Err(OpenPgpError::Point("ecdsa")),
        // Parity: of a point of EdDSA only the length is looked at.
        (Algorithm::EdDsa, Err(_)) if body.len() == EDWARDS_BODY => {
            return Ok(Arithmetic::Worthless);
        }
        (Algorithm::EdDsa, Err(_)) => return Err(OpenPgpError::Point("eddsa")),
        (_, Err(_)) => return Ok(Arithmetic::Unsupported),
    };
    Ok(match key.public_params() {
        PublicParams::ECDSA(EcdsaPublicParams::Unsupported { .. })
        | PublicParams::EdDSALegacy(EddsaLegacyPublicParams::Unsupported { .. }) => {
            Arithmetic::Unsupported
        }
        PublicParams::RSA(_) if modulus_bits(body) < SHORTEST_MODULUS => Arithmetic::Worthless,
        _ => Arithmetic::Of(Box::new(key)),
    })
}

/// How long an RSA key is.
fn modulus_bits(body: &[u8]) -> usize {
    let start = if body[0] == 6 { 10 } else { 6 };
    let modulus = mpi(&mut &body[start..]).unwrap_or_default();
    let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
    let first = modulus
        .get(zeros)
        .map_or(0, |byte| byte.leading_zeros() as usize);
    (modulus.len() - zeros) * 8 - first
}

fn header(tag: Tag, body: &[u8]) -> Result<PacketHeader, OpenPgpError> {
    let length = PacketLength::Fixed(length_of(body));
    PacketHeader::from_parts(PacketHeaderVersion::New, tag, length)
        .map_err(|error| OpenPgpError::structure(error.to_string()))
}

/// Reads the numbers that make up a public key.
fn material<S: Source>(
    packet: &mut S,
    algorithm: Algorithm,
    version: u8,
) -> Result<Vec<u8>, OpenPgpError> {
    let mut material = Vec::new();
    match algorithm {
        Algorithm::Rsa | Algorithm::RsaForEncryption => {
            integer(packet, &mut material)?;
            if integer(packet, &mut material)?.len() > 3 {
                return Err(OpenPgpError::unsupported("large public exponent"));
            }
        }
        Algorithm::Dsa => {
            for _ in 0..4 {
                integer(packet, &mut material)?;
            }
        }
        Algorithm::ElGamal => {
            for _ in 0..3 {
                integer(packet, &mut material)?;
            }
        }
        Algorithm::Ecdsa => {
            known_curve(packet, &mut material, &[Curve::Short])?;
            integer(packet, &mut material)?;
        }
        Algorithm::Ecdh => {
            known_curve(packet, &mut material, &[Curve::Short, Curve::Montgomery])?;
            integer(packet, &mut material)?;
            prefixed(packet, &mut material)?;
        }
        Algorithm::EdDsa => edwards_point(packet, version, &mut material)?,
        Algorithm::X25519 | Algorithm::Ed25519 => material = packet.bytes(32)?,
        Algorithm::X448 => material = packet.bytes(56)?,
        Algorithm::Ed448 => material = packet.bytes(57)?,
    }
    Ok(material)
}

fn edwards_point<S: Source>(
    packet: &mut S,
    version: u8,
    material: &mut Vec<u8>,
) -> Result<(), OpenPgpError> {
    if version == 6 {
        return Err(OpenPgpError::structure(
            "cannot generate v6 key with deprecated algorithm: EdDSALegacy",
        ));
    }
    known_curve(packet, material, &[Curve::Edwards])?;
    match integer(packet, material)?.first() {
        None => Err(OpenPgpError::structure("empty EdDSA public key")),
        Some(0x40) => Ok(()),
        Some(flag) => {
            let text = format!("unsupported EdDSA compression: {flag}");
            Err(OpenPgpError::unsupported(text))
        }
    }
}

/// Copies an integer; gives its bytes.
fn integer<S: Source>(packet: &mut S, to: &mut Vec<u8>) -> Result<Vec<u8>, OpenPgpError> {
    let mut recorded = Recorder { packet, to };
    mpi(&mut recorded)
}

/// Copies a field that begins with its length; gives its bytes.
fn prefixed<S: Source>(packet: &mut S, to: &mut Vec<u8>) -> Result<Vec<u8>, OpenPgpError> {
    let [length] = packet.array()?;
    if matches!(length, 0 | 0xff) {
        return Err(OpenPgpError::unsupported("reserved for future extensions"));
    }
    let field = packet.bytes(length.into())?;
    to.push(length);
    to.extend_from_slice(&field);
    Ok(field)
}

fn known_curve<S: Source>(
    packet: &mut S,
    to: &mut Vec<u8>,
    wanted: &[Curve],
) -> Result<(), OpenPgpError> {
    match algorithm::curve(&prefixed(packet, to)?) {
        Some(curve) if wanted.contains(&curve) => Ok(()),
        Some(_) => Err(OpenPgpError::unsupported("unsupported oid")),
        None => Err(OpenPgpError::unsupported("unknown oid")),
    }
}

/// A source that notes what was read.
struct Recorder<'a, S> {
    packet: &'a mut S,
    to: &'a mut Vec<u8>,
}

impl<S: Source> Source for Recorder<'_, S> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize, OpenPgpError> {
        let count = self.packet.read(into)?;
        self.to.extend_from_slice(&into[..count]);
        Ok(count)
    }
}
