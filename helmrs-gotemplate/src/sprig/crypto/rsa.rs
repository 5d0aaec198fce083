//! RSA keys: made, written, and signed with.

use std::thread;

use num_bigint::{BigInt, BigUint};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};

use sha2::{Digest as _, Sha256};

use super::asn1::{Asn1Error, Fields, positive};
use super::der;
use super::primes::Search;
use super::random::Generator;

/// The public exponent that Go gives its keys.
const EXPONENT: u32 = 65537;

/// Why a key cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum RsaError {
    #[error(transparent)]
    Asn1(#[from] Asn1Error),
    #[error("x509: {0}")]
    Format(&'static str),
    #[error("crypto/rsa: {0}")]
    Value(&'static str),
    #[error(
        "crypto/rsa: {0}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)"
    )]
    Insecure(u64),
}

/// A private key of two primes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RsaKey {
    pub(super) modulus: BigUint,
    pub(super) exponent: BigUint,
    private: BigUint,
    primes: [BigUint; 2],
    /// The private exponent modulo each prime less one.
    exponents: [BigUint; 2],
    /// The inverse of the second prime modulo the first.
    coefficient: BigUint,
}

impl RsaKey {
    /// A new key of 2048 bits.
    pub(super) fn generate_2048(generator: &mut Generator) -> Self {
        Self::generate::<16, 20>(generator)
    }

    /// A new key of 4096 bits.
    pub(super) fn generate_4096(generator: &mut Generator) -> Self {
        Self::generate::<32, 40>(generator)
    }

    /// A key of two primes of `N` limbs, which `L` digits of 52 bits hold.
    fn generate<const N: usize, const L: usize>(generator: &mut Generator) -> Self {
        loop {
            let [p, q] = primes::<N, L>([generator.split(), generator.split()]);
            if let Some(key) = Self::from_primes(p, q) {
                return key;
            }
        }
    }

    /// The key of two primes, unless they do not fit the exponent or are too near one another.
    ///
    /// Parity: Go, crypto/internal/fips140/rsa/keygen.go, after FIPS 186-5, A.1.3.
    fn from_primes(p: BigUint, q: BigUint) -> Option<Self> {
        let distance = if p > q { &p - &q } else { &q - &p };
        if distance.bits() <= p.bits() - 100 {
            return None;
        }
        let less_one = [&p - 1_u32, &q - 1_u32];
        let totient = &less_one[0] * &less_one[1];
        let private = BigUint::from(EXPONENT).modinv(&totient)?;
        Some(Self {
            modulus: &p * &q,
            exponent: EXPONENT.into(),
            exponents: less_one.map(|number| &private % number),
            coefficient: q.modinv(&p)?,
            private,
            primes: [p, q],
        })
    }

    /// Reads a key as PKCS#1 has it.
    ///
    /// Parity: Go, crypto/x509/pkcs1.go, ParsePKCS1PrivateKey.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, RsaError> {
        let (mut fields, rest) = Fields::of(bytes, "pkcs1PrivateKey")?;
        let version = fields.int()?;
        let modulus = fields.number()?;
        let exponent = fields.int()?;
        let [private, p, q] = [fields.number()?, fields.number()?, fields.number()?];
        let known = [
            fields.optional_number()?,
            fields.optional_number()?,
            fields.optional_number()?,
        ];
        if !rest.is_empty() {
            return Err(Asn1Error::Syntax("trailing data").into());
        }
        if version > 1 {
            return Err(RsaError::Format("unsupported private key version"));
        }
        let sign = RsaError::Format("private key contains zero or negative value");
        let mut numbers = [modulus, private, p, q].into_iter().map(positive);
        let mut next = || numbers.next().flatten().ok_or(sign.clone());
        let [modulus, private, p, q] = [next()?, next()?, next()?, next()?];
        Self::checked([modulus, private, p, q], exponent, known)
    }

    /// The key of these numbers, if they belong together: modulus, private exponent, primes; the
    /// public exponent; exponents and coefficient, where they are known.
    ///
    /// Parity: Go, crypto/internal/fips140/rsa/rsa.go, checkPrivateKey.
    fn checked(
        [modulus, private, p, q]: [BigUint; 4],
        exponent: i64,
        known: [Option<BigInt>; 3],
    ) -> Result<Self, RsaError> {
        let check = |holds: bool, error: &'static str| {
            let error = RsaError::Value(error);
            if holds { Ok(()) } else { Err(error) }
        };
        let one = BigUint::from(1_u32);
        check(modulus.bit(0), "modulus is even")?;
        check(exponent >= 2, "public exponent too small or negative")?;
        check(exponent % 2 == 1, "public exponent is even")?;
        check(exponent <= i64::from(i32::MAX), "public exponent too large")?;
        check(p > one && q > one, "invalid prime")?;
        check(&p * &q == modulus, "p * q != n")?;
        let exponent = BigUint::from(exponent as u64);
        let less_one = [&p - 1_u32, &q - 1_u32];
        let [first, second, coefficient] = known.map(|number| number.and_then(positive));
        let first = first.unwrap_or_else(|| &private % &less_one[0]);
        let second = second.unwrap_or_else(|| &private % &less_one[1]);
        let coefficient = coefficient.or_else(|| q.modinv(&p)).unwrap_or_default();
        let inverse = |number: &BigUint, modulus: &BigUint| number * &exponent % modulus == one;
        let exponents = inverse(&first, &less_one[0]) && inverse(&second, &less_one[1]);
        check(exponents, "invalid CRT exponent")?;
        check(&coefficient * &q % &p == one, "invalid CRT coefficient")?;
        check(&private % &less_one[0] == first, "d does not match dP")?;
        check(&private % &less_one[1] == second, "d does not match dQ")?;
        Ok(Self {
            modulus,
            exponent,
            private,
            primes: [p, q],
            exponents: [first, second],
            coefficient,
        })
    }

    /// The public key as PKCS#1 has it.
    pub(super) fn public(&self) -> Vec<u8> {
        let numbers = [&self.modulus, &self.exponent];
        der::sequence(&[&numbers
            .map(|number| der::integer(&number.to_bytes_be()))
            .concat()])
    }

    /// Signs a message with SHA-256, padded as PKCS#1 version 1.5 says.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, RsaError> {
        if self.modulus.bits() < 1024 {
            return Err(RsaError::Insecure(self.modulus.bits()));
        }
        if let Ok(pair) = RsaKeyPair::from_der(&self.to_pkcs1()) {
            let mut signature = vec![0; pair.public().modulus_len()];
            // This kind of signature asks for no randomness.
            let random = SystemRandom::new();
            if pair
                .sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                .is_ok()
            {
                return Ok(signature);
            }
        }
        Ok(self.sign_plainly(message))
    }

    /// The same for keys of other sizes than 2048 to 4096 bits.
    fn sign_plainly(&self, message: &[u8]) -> Vec<u8> {
        const HEADER: &[u8] = &[
            0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            0x01, 0x05, 0x00, 0x04, 0x20,
        ];
        let length = self.modulus.bits().div_ceil(8) as usize;
        let hash = Sha256::digest(message);
        let mut padded = vec![0xFF; length];
        let start = length - HEADER.len() - hash.len();
        padded[..2].copy_from_slice(&[0, 1]);
        padded[start - 1] = 0;
        padded[start..start + HEADER.len()].copy_from_slice(HEADER);
        padded[start + HEADER.len()..].copy_from_slice(&hash);
        let number = BigUint::from_bytes_be(&padded);
        let signature = number.modpow(&self.private, &self.modulus).to_bytes_be();
        let mut output = vec![0; length - signature.len()];
        output.extend(signature);
        output
    }

    /// The key as PKCS#1 has it.
    pub(super) fn to_pkcs1(&self) -> Vec<u8> {
        let [p, q] = &self.primes;
        let [first, second] = &self.exponents;
        let numbers = [
            &BigUint::ZERO,
            &self.modulus,
            &self.exponent,
            &self.private,
            p,
            q,
            first,
            second,
            &self.coefficient,
        ];
        der::sequence(&[&numbers
            .map(|number| der::integer(&number.to_bytes_be()))
            .concat()])
    }
}

/// Two primes, each looked for on a thread of its own.
fn primes<const N: usize, const L: usize>(generators: [Generator; 2]) -> [BigUint; 2] {
    let prime = |mut generator: Generator| {
        let limbs = Search::<N>::new(1).run::<L>(&mut generator, |random| random);
        BigUint::from_bytes_le(limbs.map(u64::to_le_bytes).as_flattened())
    };
    let [first, second] = generators;
    thread::scope(|scope| {
        let twin = second.clone();
        let other = thread::Builder::new().spawn_scoped(scope, || prime(twin));
        let p = prime(first);
        let q = match other.map(thread::ScopedJoinHandle::join) {
            Ok(Ok(q)) => q,
            // No thread to be had.
            _ => prime(second),
        };
        [p, q]
    })
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    static KEY: LazyLock<RsaKey> =
        LazyLock::new(|| RsaKey::generate_2048(&mut Generator::from_seed([5; 32])));

    fn key() -> RsaKey {
        KEY.clone()
    }

    #[test]
    fn a_key_has_exactly_the_bits_asked_for() {
        assert_eq!(key().modulus.bits(), 2048);
        for prime in &key().primes {
            assert_eq!(prime >> 1022_u32, BigUint::from(3_u32));
        }
    }

    #[test]
    fn what_the_public_exponent_does_the_private_one_undoes() {
        let key = key();
        let message = BigUint::from(123_456_789_u32);
        let encrypted = message.modpow(&key.exponent, &key.modulus);
        assert_eq!(encrypted.modpow(&key.private, &key.modulus), message);
        let [p, q] = &key.primes;
        assert_eq!(&key.coefficient * q % p, BigUint::from(1_u32));
    }

    #[test]
    fn a_prime_does_not_make_a_key_with_itself() {
        let prime = BigUint::from(65521_u32);
        assert_eq!(
            RsaKey::from_primes(prime.clone() << 200, prime << 200),
            None
        );
    }

    #[test]
    fn a_key_is_read_as_it_was_written() {
        assert_eq!(RsaKey::parse(&key().to_pkcs1()), Ok(key()));
    }

    #[test]
    fn both_ways_to_sign_give_the_same_signature() {
        let signature = key().sign(b"text").expect("long enough");
        assert_eq!(signature, key().sign_plainly(b"text"));
    }

    #[test]
    fn numbers_that_do_not_belong_together_are_refused() {
        let mut other = key();
        other.modulus += 2_u32;
        let error = RsaKey::parse(&other.to_pkcs1()).expect_err("not the product");
        assert_eq!(error.to_string(), "crypto/rsa: p * q != n");
    }
}
