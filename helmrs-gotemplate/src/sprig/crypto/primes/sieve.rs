//! The sieve: numbers of a progression that no small prime divides.

use std::sync::LazyLock;

use fearless_simd::{Level, Simd as _, dispatch};

/// How many numbers of a progression are looked at: for a prime of 2048 bits among odd numbers,
/// twenty-three are expected here.
pub(super) const LENGTH: usize = 1 << 14;

/// Primes of 16 bits: without their multiples, one in 36 odd numbers of 1024 bits is prime.
struct SmallPrime {
    value: u32,
    /// 2^32 divided by it.
    reciprocal: u32,
}

/// Every odd prime of 16 bits, by the sieve of Eratosthenes.
static SMALL_PRIMES: LazyLock<Vec<SmallPrime>> = LazyLock::new(|| {
    // At `index` stands 2·index + 1.
    let mut composite = vec![false; 1 << 15];
    for index in 1..128 {
        if !composite[index] {
            let prime = 2 * index + 1;
            composite[prime * prime / 2..]
                .iter_mut()
                .step_by(prime)
                .for_each(|it| *it = true);
        }
    }
    (1_u32..1 << 15)
        .filter(|index| !composite[*index as usize])
        .map(|index| {
            let value = 2 * index + 1;
            let reciprocal = ((1_u64 << 32) / u64::from(value)) as u32;
            SmallPrime { value, reciprocal }
        })
        .collect()
});

/// Which k < [`LENGTH`] give a number start + k·step without a small divisor.
pub(super) fn survivors<const N: usize>(start: &[u64; N], step: &[u64; N]) -> Vec<u32> {
    let (starts, steps) = (remainders(start), remainders(step));
    let mut divisible = vec![false; LENGTH];
    for ((prime, start), step) in SMALL_PRIMES.iter().zip(starts).zip(steps) {
        let prime = prime.value;
        match step {
            0 if start == 0 => return Vec::new(),
            0 => {}
            _ => {
                // start + k·step = 0
                let k = u64::from(prime - start) * u64::from(inverse(step, prime));
                let first = (k % u64::from(prime)) as usize;
                let multiples = divisible.iter_mut().skip(first).step_by(prime as usize);
                multiples.for_each(|it| *it = true);
            }
        }
    }
    (0..LENGTH as u32)
        .filter(|k| !divisible[*k as usize])
        .collect()
}

/// A number modulo each small prime, sixteen bits at a time.
fn remainders<const N: usize>(number: &[u64; N]) -> Vec<u32> {
    let mut remainders = vec![0_u32; SMALL_PRIMES.len()];
    for limb in number.iter().rev().skip_while(|limb| **limb == 0) {
        for shift in [48, 32, 16, 0] {
            let digit = (limb >> shift) as u16;
            // The same instructions for many primes side by side, of the best kind there is.
            dispatch!(Level::new(), simd => simd.vectorize(
                #[inline(always)]
                || append(&mut remainders, u32::from(digit)),
            ));
        }
    }
    remainders
}

/// The remainders of a number with sixteen more bits.
#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "what is not inlined is compiled without the instructions it is for"
)]
fn append(remainders: &mut [u32], digit: u32) {
    for (remainder, prime) in remainders.iter_mut().zip(SMALL_PRIMES.iter()) {
        let number = *remainder << 16 | digit;
        // The quotient by the reciprocal is at most one too small.
        let quotient = (u64::from(number) * u64::from(prime.reciprocal)) >> 32;
        let rest = number - quotient as u32 * prime.value;
        *remainder = rest.min(rest.wrapping_sub(prime.value));
    }
}

/// The inverse modulo a prime, by Euclid.
fn inverse(number: u32, prime: u32) -> u32 {
    let (mut a, mut b) = (i64::from(prime), i64::from(number));
    let (mut x, mut y) = (0_i64, 1_i64);
    while b > 1 {
        let quotient = a / b;
        (a, b) = (b, a - quotient * b);
        (x, y) = (y, x - quotient * y);
    }
    y.rem_euclid(i64::from(prime)) as u32
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::prelude::*;

    use super::*;

    fn big(limbs: &[u64]) -> BigUint {
        limbs
            .iter()
            .rev()
            .fold(BigUint::ZERO, |value, limb| (value << 64) + limb)
    }

    #[test]
    fn there_are_6541_odd_primes_of_16_bits() {
        assert_eq!(SMALL_PRIMES.len(), 6541);
        assert_eq!(SMALL_PRIMES[0].value, 3);
        assert_eq!(SMALL_PRIMES[6540].value, 65521);
    }

    proptest! {
        #[test]
        fn remainders_are_those_of_division(number in any::<[u64; 3]>()) {
            let value = big(&number);
            for (remainder, prime) in remainders(&number).iter().zip(SMALL_PRIMES.iter()) {
                prop_assert_eq!(BigUint::from(*remainder), &value % prime.value);
            }
        }

        #[test]
        fn survivors_have_no_small_divisor_and_the_others_have_one(
            start in any::<[u64; 3]>(), step in 1_u64..,
        ) {
            let (start, step) = ([start[0], start[1], start[2] >> 1], [step, 0, 0]);
            let survivors = survivors(&start, &step);
            for k in 0..100 {
                let number = big(&start) + big(&step) * k;
                let divided = SMALL_PRIMES.iter().any(|prime| &number % prime.value == BigUint::ZERO);
                prop_assert_eq!(survivors.contains(&k), !divided);
            }
        }
    }
}
