//! Is a number prime? Fermat's test to the base 2, and Miller's and Rabin's to random bases.
//!
//! Numbers are `N` limbs of 64 bits, odd, with their two top bits set; `L` digits hold them for
//! multiplication, with 4 to 51 bits to spare.

use std::array;

use fearless_simd::Level;

use super::super::random::Generator;
use super::multiply::{DIGIT, LANES, Moduli, Number, Row};

/// Bits of an exponent that one multiplication takes in.
const WINDOW: usize = 4;

/// For which candidates is 2^(n-1) = 1? It is for a prime, and for next to no other number.
pub(super) fn fermat<const N: usize, const L: usize>(
    candidates: &[[u64; N]; LANES],
    level: Level,
) -> [bool; LANES] {
    let (moduli, mut power) = moduli_and_one::<N, L>(candidates, level);
    for at in (0..64 * N).rev() {
        let bits = candidates.each_ref().map(|limbs| bit(limbs, at));
        // The last bit of n is 1, that of n - 1 is 0.
        let doubled = if at == 0 { [0; LANES] } else { bits };
        power = moduli.square(&power, &doubled);
    }
    equal(&ordinary(&moduli, &power), &single(1))
}

/// Does none of eight random bases tell that a candidate is composite?
///
/// Parity: Go, crypto/internal/fips140/rsa/keygen.go asks five bases for 1024 bits, four for 2048.
pub(super) fn miller_rabin<const N: usize, const L: usize>(
    candidate: &[u64; N],
    level: Level,
    generator: &mut Generator,
) -> bool {
    let (moduli, one) = moduli_and_one::<N, L>(&[*candidate; LANES], level);
    let mut less_one = *candidate;
    less_one[0] -= 1;
    let minus_one = digits(&[less_one; LANES], 0);
    // n - 1 = 2^twos · odd
    let twos = (1..64 * N)
        .take_while(|at| bit(&less_one, *at) == 0)
        .count()
        + 1;
    // What a random number stands for in Montgomery's form is as random.
    let bases = digits(&array::from_fn(|_| generator.limbs::<N>()), 0);
    let windows = (twos..64 * N).step_by(WINDOW).rev().map(|first| {
        let bits = (first..first + WINDOW).rev();
        bits.fold(0, |window, at| window << 1 | bit(&less_one, at) as usize)
    });
    let mut power = raised(&moduli, &one, &bases, windows);
    let mut passed = equal(&ordinary(&moduli, &power), &single(1));
    for _ in 0..twos {
        let here = equal(&ordinary(&moduli, &power), &minus_one);
        passed = array::from_fn(|lane| passed[lane] || here[lane]);
        power = moduli.square(&power, &[0; LANES]);
    }
    passed == [true; LANES]
}

/// Each base to one exponent, given in windows of its bits from the highest on.
fn raised<const L: usize>(
    moduli: &Moduli<L>,
    one: &Number<L>,
    bases: &Number<L>,
    windows: impl Iterator<Item = usize>,
) -> Number<L> {
    let mut powers = [*one; 1 << WINDOW];
    for index in 1..powers.len() {
        powers[index] = moduli.multiply(&powers[index - 1], bases);
    }
    windows.fold(*one, |mut result, window| {
        for _ in 0..WINDOW {
            result = moduli.square(&result, &[0; LANES]);
        }
        moduli.multiply(&result, &powers[window])
    })
}

/// What to multiply with, and R modulo each candidate: what 1 is among the numbers multiplied.
fn moduli_and_one<const N: usize, const L: usize>(
    candidates: &[[u64; N]; LANES],
    level: Level,
) -> (Moduli<L>, Number<L>) {
    const { assert!(DIGIT * L >= 64 * N + 4 && DIGIT * L < 64 * N + DIGIT) };
    // Of a number with its two top bits set, 2^(64 N) leaves the two's complement, which is less
    // than a quarter of that; moved up to R it is less than R/4.
    let complements = candidates.each_ref().map(|limbs| {
        let mut carry = true;
        limbs.map(|limb| {
            let (sum, over) = (!limb).overflowing_add(u64::from(carry));
            carry = over;
            sum
        })
    });
    let one = digits(&complements, DIGIT * L - 64 * N);
    (Moduli::new(digits(candidates, 0), level), one)
}

/// A number as it is, without R. It is at most the modulus, so that 1 and -1 have one form each.
fn ordinary<const L: usize>(moduli: &Moduli<L>, number: &Number<L>) -> Number<L> {
    moduli.multiply(number, &single(1))
}

fn single<const L: usize>(digit: u64) -> Number<L> {
    let mut number = Number([[0; LANES]; L]);
    number.0[0] = [digit; LANES];
    number
}

fn equal<const L: usize>(a: &Number<L>, b: &Number<L>) -> [bool; LANES] {
    array::from_fn(|lane| a.0.iter().zip(&b.0).all(|(a, b)| a[lane] == b[lane]))
}

/// A bit of a number, 0 above its last.
fn bit<const N: usize>(limbs: &[u64; N], at: usize) -> u64 {
    limbs.get(at / 64).map_or(0, |limb| limb >> (at % 64) & 1)
}

/// Limbs as digits, moved up by less than a digit.
fn digits<const N: usize, const L: usize>(numbers: &[[u64; N]; LANES], moved: usize) -> Number<L> {
    let limb = |limbs: &[u64; N], at: usize| u128::from(limbs.get(at).copied().unwrap_or(0));
    Number(array::from_fn(|k| -> Row {
        numbers.each_ref().map(|limbs| {
            let (at, below) = (
                (k * DIGIT).checked_sub(moved),
                moved.saturating_sub(k * DIGIT),
            );
            let at = at.unwrap_or(0);
            let two = limb(limbs, at / 64) | limb(limbs, at / 64 + 1) << 64;
            ((two >> (at % 64)) as u64) << below & ((1 << DIGIT) - 1)
        })
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The largest primes of 256 bits, and products with the two top bits set.
    const PRIMES: [u64; 3] = [189, 357, 435];

    fn below_2_256(difference: u64) -> [u64; 4] {
        [difference.wrapping_neg(), u64::MAX, u64::MAX, u64::MAX]
    }

    fn generator() -> Generator {
        Generator::from_seed([3; 32])
    }

    #[test]
    fn primes_pass_every_test_on_every_machine() {
        for level in [Level::new(), Level::baseline()] {
            for prime in PRIMES.map(below_2_256) {
                assert_eq!(fermat::<4, 5>(&[prime; LANES], level), [true; LANES]);
                assert!(miller_rabin::<4, 5>(&prime, level, &mut generator()));
            }
        }
    }

    #[test]
    fn each_lane_is_judged_alone() {
        let numbers = [189, 191, 357, 1, 435, 3, 5, 189].map(below_2_256);
        let expected = [true, false, true, false, true, false, false, true];
        for level in [Level::new(), Level::baseline()] {
            assert_eq!(fermat::<4, 5>(&numbers, level), expected);
        }
    }

    /// A Carmichael number (6k+1)(12k+1)(18k+1) of 256 bits.
    #[test]
    fn a_pseudoprime_to_the_base_2_is_found_out_by_random_bases() {
        let carmichael = [
            0x16DB_A25B_4FDD_EDC1,
            0xE20D_D636_3A57_ABAD,
            0x3D5D_B721_1F67_67D6,
            0xDF53_7FAC_E52A_58B8,
        ];
        for level in [Level::new(), Level::baseline()] {
            assert_eq!(fermat::<4, 5>(&[carmichael; LANES], level), [true; LANES]);
            assert!(!miller_rabin::<4, 5>(&carmichael, level, &mut generator()));
        }
    }
}
