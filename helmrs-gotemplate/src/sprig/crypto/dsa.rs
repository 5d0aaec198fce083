//! DSA keys: outdated, yet `genPrivateKey` makes them.

use std::array;

use num_bigint::BigUint;

use super::asn1::{Asn1Error, Fields};
use super::der;
use super::primes::Search;
use super::random::Generator;

/// A key with its parameters: p, q, g, y, x.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DsaKey([num_bigint::BigInt; 5]);

/// Eights of random bases that vouch for q: as many bases as Go asks. For p, where far fewer
/// composites deceive, eight are as sure as these.
const ROUNDS: usize = 8;

impl DsaKey {
    /// A new key: p of 2048 bits, q of 256.
    pub(super) fn generate(generator: &mut Generator) -> Self {
        Self::of_size::<32, 40>(generator)
    }

    /// A new key: p of `N` limbs, which `L` digits of 52 bits hold, q of 256 bits.
    ///
    /// Parity: Go, crypto/dsa, dsa.go, GenerateParameters.
    #[expect(clippy::many_single_char_names, reason = "the standard's names")]
    fn of_size<const N: usize, const L: usize>(generator: &mut Generator) -> Self {
        let q = Search::<4>::new(ROUNDS).run::<5>(generator, |random| random);
        let q = number(&q);
        let twice: BigUint = &q << 1;
        let search = Search::<N> {
            step: limbs(&twice),
            rounds: 1,
        };
        let start = |random: [u64; N]| {
            let random = number(&random);
            limbs(&(&random - &random % &twice + 1_u32))
        };
        let p = number(&search.run::<L>(generator, start));
        let exponent = (&p - 1_u32) / &q;
        let one = BigUint::from(1_u32);
        let mut base = BigUint::from(2_u32);
        let g = loop {
            let g = base.modpow(&exponent, &p);
            if g != one {
                break g;
            }
            base += 1_u32;
        };
        let x = loop {
            let x = number(&generator.limbs::<4>());
            if x != BigUint::ZERO && x < q {
                break x;
            }
        };
        let y = g.modpow(&x, &p);
        Self([p, q, g, y, x].map(Into::into))
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Asn1Error> {
        let (mut fields, _) = Fields::of(bytes, "DSAKeyFormat")?;
        fields.int()?;
        let mut numbers = [const { num_bigint::BigInt::ZERO }; 5];
        for number in &mut numbers {
            *number = fields.number()?;
        }
        Ok(Self(numbers))
    }

    pub(super) fn to_der(&self) -> Vec<u8> {
        let numbers = self.0.each_ref().map(|number| {
            let bytes = number.to_signed_bytes_be();
            der::element(der::tag::INTEGER, &[&bytes])
        });
        der::sequence(&[&der::integer(&[0]), &numbers.concat()])
    }
}

fn number<const N: usize>(limbs: &[u64; N]) -> BigUint {
    BigUint::from_bytes_le(limbs.map(u64::to_le_bytes).as_flattened())
}

/// The limbs of a number that has no more.
fn limbs<const N: usize>(number: &BigUint) -> [u64; N] {
    let digits = number.to_u64_digits();
    array::from_fn(|limb| digits.get(limb).copied().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::many_single_char_names, reason = "the standard's names")]
    fn a_new_key_fits_its_parameters() {
        let key = DsaKey::of_size::<8, 10>(&mut Generator::from_seed([9; 32]));
        assert_eq!(DsaKey::parse(&key.to_der()), Ok(key.clone()));
        let [p, q, g, y, x] = key
            .0
            .map(|number| number.to_biguint().expect("none is negative"));
        assert_eq!((p.bits(), q.bits()), (512, 256));
        assert_eq!((&p - 1_u32) % &q, BigUint::ZERO);
        assert_eq!(g.modpow(&q, &p), BigUint::from(1_u32));
        assert_eq!(g.modpow(&x, &p), y);
    }
}
