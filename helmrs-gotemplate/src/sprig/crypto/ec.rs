//! Keys on the elliptic curves that Go knows, and their signatures.

use p521::ecdsa::signature::hazmat::{PrehashSigner as _, RandomizedPrehashSigner as _};
use p521::elliptic_curve::rand_core::{CryptoRng, Error, RngCore};
use p521::elliptic_curve::sec1::ToEncodedPoint as _;
use sha2::{Digest as _, Sha256};

use super::der::{self, tag};
use super::random::Generator;

/// A curve of the NIST.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Curve {
    P224,
    P256,
    P384,
    P521,
}

impl Curve {
    const ALL: [Self; 4] = [Self::P224, Self::P256, Self::P384, Self::P521];

    /// The curve with an identifier.
    pub(super) fn named(identifier: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|curve| der::identifier(curve.identifier()).as_deref() == Some(identifier))
    }

    /// The bytes of the curve's identifier.
    pub(super) fn identifier(self) -> &'static [u8] {
        match self {
            Self::P224 => &[0x2B, 0x81, 0x04, 0x00, 0x21],
            Self::P256 => &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07],
            Self::P384 => &[0x2B, 0x81, 0x04, 0x00, 0x22],
            Self::P521 => &[0x2B, 0x81, 0x04, 0x00, 0x23],
        }
    }

    /// How many bytes a number of the curve has.
    pub(super) fn size(self) -> usize {
        match self {
            Self::P224 => 28,
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    /// The point of a secret number, uncompressed; none for zero or what the curve has not.
    fn public(self, secret: &[u8]) -> Option<Vec<u8>> {
        macro_rules! point {
            ($curve:ident) => {{
                let key = $curve::SecretKey::from_slice(secret).ok()?;
                let point = key.public_key().to_encoded_point(false);
                Some(point.as_bytes().to_vec())
            }};
        }
        match self {
            Self::P224 => point!(p224),
            Self::P256 => point!(p256),
            Self::P384 => point!(p384),
            Self::P521 => point!(p521),
        }
    }

    /// Whether bytes are a point of the curve, uncompressed.
    pub(super) fn has(self, point: &[u8]) -> bool {
        let uncompressed = point.first() == Some(&4);
        uncompressed
            && match self {
                Self::P224 => p224::PublicKey::from_sec1_bytes(point).is_ok(),
                Self::P256 => p256::PublicKey::from_sec1_bytes(point).is_ok(),
                Self::P384 => p384::PublicKey::from_sec1_bytes(point).is_ok(),
                Self::P521 => p521::PublicKey::from_sec1_bytes(point).is_ok(),
            }
    }
}

/// A private key: a number and its point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EcKey {
    pub(super) curve: Curve,
    secret: Vec<u8>,
    pub(super) point: Vec<u8>,
}

impl EcKey {
    /// The key of a number as long as the curve's; none if the curve does not have it.
    pub(super) fn new(curve: Curve, secret: Vec<u8>) -> Option<Self> {
        let point = curve.public(&secret)?;
        Some(Self {
            curve,
            secret,
            point,
        })
    }

    /// A new key on P-256.
    pub(super) fn generate(generator: &mut Generator) -> Self {
        loop {
            let mut secret = vec![0; Curve::P256.size()];
            generator.fill(&mut secret);
            // One number in 2^32 is too large.
            if let Some(key) = Self::new(Curve::P256, secret) {
                return key;
            }
        }
    }

    /// The key as SEC 1 has it.
    pub(super) fn to_sec1(&self) -> Vec<u8> {
        let identifier = der::element(tag::OBJECT_IDENTIFIER, &[self.curve.identifier()]);
        der::sequence(&[
            &der::integer(&[1]),
            &der::element(tag::OCTET_STRING, &[&self.secret]),
            &der::element(tag::constructed(0), &[&identifier]),
            &der::element(tag::constructed(1), &[&der::bit_string(&self.point)]),
        ])
    }

    /// Signs the hash of a message. The number that must never repeat is derived from key and
    /// hash, as RFC 6979 says; on P-521, where the crate has no such way, by a generator.
    pub(super) fn sign(&self, hash: &[u8]) -> Option<Vec<u8>> {
        macro_rules! signature {
            ($curve:ident) => {{
                let key = $curve::ecdsa::SigningKey::from_slice(&self.secret).ok()?;
                let signature: $curve::ecdsa::Signature = key.sign_prehash(hash).ok()?;
                Some(signature.to_der().as_bytes().to_vec())
            }};
        }
        match self.curve {
            Curve::P224 => signature!(p224),
            Curve::P256 => signature!(p256),
            Curve::P384 => signature!(p384),
            Curve::P521 => self.sign_with_generator(hash),
        }
    }

    fn sign_with_generator(&self, hash: &[u8]) -> Option<Vec<u8>> {
        let seed = Sha256::new_with_prefix(&self.secret).chain_update(hash);
        let mut generator = Generator::from_seed(seed.finalize().into());
        let key = p521::ecdsa::SigningKey::from_slice(&self.secret).ok()?;
        let signature = key.sign_prehash_with_rng(&mut generator, hash);
        let signature: p521::ecdsa::Signature = signature.ok()?;
        Some(signature.to_der().as_bytes().to_vec())
    }
}

impl RngCore for Generator {
    fn next_u32(&mut self) -> u32 {
        self.next_u64() as u32
    }

    fn next_u64(&mut self) -> u64 {
        let [limb] = self.limbs();
        limb
    }

    fn fill_bytes(&mut self, destination: &mut [u8]) {
        self.fill(destination);
    }

    fn try_fill_bytes(&mut self, destination: &mut [u8]) -> Result<(), Error> {
        self.fill(destination);
        Ok(())
    }
}

impl CryptoRng for Generator {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_on_every_curve_signs() {
        for curve in Curve::ALL {
            let mut secret = vec![0; curve.size()];
            secret[curve.size() - 1] = 5;
            let key = EcKey::new(curve, secret).expect("five is on every curve");
            assert!(curve.has(&key.point));
            assert!(key.sign(&[9; 64]).is_some());
        }
    }

    #[test]
    fn zero_is_no_key() {
        assert_eq!(EcKey::new(Curve::P256, vec![0; 32]), None);
        assert_eq!(EcKey::new(Curve::P256, vec![0xFF; 32]), None);
    }

    #[test]
    fn curves_are_found_by_their_identifiers() {
        assert_eq!(Curve::named("1.2.840.10045.3.1.7"), Some(Curve::P256));
        assert_eq!(Curve::named("1.3.132.0.35"), Some(Curve::P521));
        assert_eq!(Curve::named("1.3.132.0.10"), None);
    }
}
