//! Montgomery's multiplication, eight moduli side by side.
//!
//! A number is `L` digits of 52 bits, each digit a row of eight lanes: that is what the vector
//! instructions of AVX-512 IFMA multiply, two of which a new processor starts in each cycle. With
//! R = 2^(52 L), a product is a·b/R modulo m. For factors below R/4 and a modulus below R/16 it
//! is below R/8, so twice it is a factor again: nothing is ever subtracted.

use fearless_simd::Level;

/// How many numbers are computed with at once.
pub(super) const LANES: usize = 8;
/// Bits of a digit.
pub(super) const DIGIT: usize = 52;
const MASK: u64 = (1 << DIGIT) - 1;

/// One 64-bit value a lane.
pub(super) type Row = [u64; LANES];
/// One number a lane, the least significant digits first.
pub(super) type Number<const L: usize> = [Row; L];

/// Eight odd moduli of at most 52·`L` - 4 bits.
#[derive(Debug, Clone)]
pub(super) struct Moduli<const L: usize> {
    pub(super) digits: Number<L>,
    /// The negative inverse of each modulus, modulo 2^52.
    inverse: Row,
    level: Level,
}

impl<const L: usize> Moduli<L> {
    pub(super) fn new(digits: Number<L>, level: Level) -> Self {
        Self {
            inverse: digits[0].map(negative_inverse),
            digits,
            level,
        }
    }

    /// The product of each lane, in the lanes of `doubled` that are 1 (else 0) times two.
    pub(super) fn multiply(&self, a: &Number<L>, b: &Number<L>, doubled: &Row) -> Number<L> {
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = self.level.as_avx512() {
            return vectors::multiply(simd, [a, b, &self.digits], &self.inverse, doubled);
        }
        let _ = self.level;
        let mut product = [[0; LANES]; L];
        for lane in 0..LANES {
            let [a, b, modulus] = [a, b, &self.digits].map(|number| number.map(|row| row[lane]));
            let one = plain(&a, &b, &modulus, self.inverse[lane], doubled[lane]);
            for (row, digit) in product.iter_mut().zip(one) {
                row[lane] = digit;
            }
        }
        product
    }
}

/// Newton's iteration: each step doubles the bits that are right, of which there is one at first.
fn negative_inverse(odd: u64) -> u64 {
    let mut inverse = 1_u64;
    for _ in 0..6 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(inverse)));
    }
    inverse.wrapping_neg() & MASK
}

/// One lane with plain instructions: column by column, of the product and of what clears its
/// lower half.
fn plain<const L: usize>(
    a: &[u64; L],
    b: &[u64; L],
    modulus: &[u64; L],
    inverse: u64,
    doubled: u64,
) -> [u64; L] {
    let mut quotient = [0; L];
    let mut column = 0_u128;
    for k in 0..L {
        column += convolution(&a[..=k], &b[..=k]) + convolution(&quotient[..k], &modulus[1..=k]);
        quotient[k] = (column as u64).wrapping_mul(inverse) & MASK;
        column = (column + u128::from(quotient[k]) * u128::from(modulus[0])) >> DIGIT;
    }
    let mut product = [0; L];
    let mut carry = 0;
    for (k, digit_of_product) in product.iter_mut().enumerate() {
        let upper = k + 1..L;
        column += convolution(&a[upper.clone()], &b[upper.clone()])
            + convolution(&quotient[upper.clone()], &modulus[upper]);
        let digit = ((column as u64 & MASK) << doubled) + carry;
        *digit_of_product = digit & MASK;
        carry = digit >> DIGIT;
        column >>= DIGIT;
    }
    product
}

/// The sum of the products of digits from one end with digits from the other.
fn convolution(a: &[u64], b: &[u64]) -> u128 {
    let products = a.iter().zip(b.iter().rev());
    products.map(|(a, b)| u128::from(*a) * u128::from(*b)).sum()
}

/// All lanes at once: row by row, so that few sums wait for one another.
#[cfg(target_arch = "x86_64")]
#[expect(
    clippy::inline_always,
    reason = "what is not inlined is compiled without the instructions it is for"
)]
mod vectors {
    use core::arch::x86_64::{
        __m512i, _mm512_madd52hi_epu64, _mm512_madd52lo_epu64, _mm512_sllv_epi64,
    };

    use fearless_simd::{Avx512, Simd as _, SimdBase as _, SimdInto as _, kernel, u64x8};

    use super::{DIGIT, LANES, MASK, Number, Row};

    type Vector = u64x8<Avx512>;

    kernel!(
        #[inline(always)]
        fn add_low(simd: Avx512, sum: __m512i, a: __m512i, b: __m512i) -> __m512i {
            _mm512_madd52lo_epu64(sum, a, b)
        }
    );
    kernel!(
        #[inline(always)]
        fn add_high(simd: Avx512, sum: __m512i, a: __m512i, b: __m512i) -> __m512i {
            _mm512_madd52hi_epu64(sum, a, b)
        }
    );
    kernel!(
        #[inline(always)]
        fn shift_left(simd: Avx512, a: __m512i, bits: __m512i) -> __m512i {
            _mm512_sllv_epi64(a, bits)
        }
    );

    /// The sum and the lower 52 bits of the product of the lower 52 bits of each lane.
    #[inline(always)]
    fn low(simd: Avx512, sum: Vector, a: Vector, b: Vector) -> Vector {
        add_low(simd, sum.into(), a.into(), b.into()).simd_into(simd)
    }

    /// The sum and the upper 52 bits of that product.
    #[inline(always)]
    fn high(simd: Avx512, sum: Vector, a: Vector, b: Vector) -> Vector {
        add_high(simd, sum.into(), a.into(), b.into()).simd_into(simd)
    }

    pub(super) fn multiply<const L: usize>(
        simd: Avx512,
        [a, b, modulus]: [&Number<L>; 3],
        inverse: &Row,
        doubled: &Row,
    ) -> Number<L> {
        simd.vectorize(
            #[inline(always)]
            || {
                let sums = columns(simd, a, b, modulus, Vector::from_slice(simd, inverse));
                let doubled = Vector::from_slice(simd, doubled);
                let mut carry = Vector::splat(simd, 0);
                let mut product = [[0; LANES]; L];
                for (row, sum) in product.iter_mut().zip(sums) {
                    let shifted: Vector =
                        shift_left(simd, sum.into(), doubled.into()).simd_into(simd);
                    let digit = shifted + carry;
                    carry = digit >> DIGIT as u32;
                    (digit & Vector::splat(simd, MASK)).store_slice(row);
                }
                product
            },
        )
    }

    /// The digits of the product before their carries: at most 4 `L` values of 52 bits each, so
    /// that they fit 64 bits with one to spare for doubling.
    #[inline(always)]
    fn columns<const L: usize>(
        simd: Avx512,
        a: &Number<L>,
        b: &Number<L>,
        modulus: &Number<L>,
        inverse: Vector,
    ) -> [Vector; L] {
        let zero = Vector::splat(simd, 0);
        let mut sums = [zero; L];
        for digit in a {
            let digit = Vector::from_slice(simd, digit);
            let mut factor = Vector::from_slice(simd, &b[0]);
            let mut divisor = Vector::from_slice(simd, &modulus[0]);
            let first = low(simd, sums[0], digit, factor);
            let quotient = low(simd, zero, first, inverse);
            // The lower 52 bits are zero now; what is above goes to the next column.
            let mut carry = low(simd, first, quotient, divisor) >> DIGIT as u32;
            for k in 1..L {
                let product = high(simd, sums[k] + carry, digit, factor);
                let cleared = high(simd, zero, quotient, divisor);
                factor = Vector::from_slice(simd, &b[k]);
                divisor = Vector::from_slice(simd, &modulus[k]);
                let product = low(simd, product, digit, factor);
                let cleared = low(simd, cleared, quotient, divisor);
                sums[k - 1] = product + cleared;
                carry = zero;
            }
            let last = high(simd, zero, digit, factor);
            sums[L - 1] = high(simd, last, quotient, divisor);
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::prelude::*;

    use super::*;

    const L: usize = 5;

    fn value(number: &Number<L>, lane: usize) -> BigUint {
        let digits = number.iter().rev();
        digits.fold(BigUint::ZERO, |value, row| (value << DIGIT) + row[lane])
    }

    fn number(bits: usize) -> impl Strategy<Value = Number<L>> {
        any::<[[u64; LANES]; L]>().prop_map(move |mut rows| {
            for (k, row) in rows.iter_mut().enumerate() {
                let kept = bits.saturating_sub(k * DIGIT).min(DIGIT);
                *row = row.map(|digit| digit & ((1 << kept) - 1));
            }
            rows
        })
    }

    fn check(level: Level, a: &Number<L>, b: &Number<L>, modulus: &Number<L>, doubled: &Row) {
        let product = Moduli::new(*modulus, level).multiply(a, b, doubled);
        for lane in 0..LANES {
            let modulus = value(modulus, lane);
            let expected = (value(a, lane) * value(b, lane)) << doubled[lane];
            let r = BigUint::from(1_u8) << (DIGIT * L);
            let got = value(&product, lane);
            assert!(got < &r >> 2, "the product is small enough to go on with");
            assert_eq!(got * r % &modulus, expected % &modulus, "lane {lane}");
            assert!(product.iter().all(|row| row[lane] <= MASK));
        }
    }

    proptest! {
        #[test]
        fn a_product_is_that_of_the_residues_over_r(
            a in number(258), b in number(258), mut modulus in number(256),
            doubled in any::<[bool; LANES]>(),
        ) {
            modulus[0] = modulus[0].map(|digit| digit | 1);
            let doubled = doubled.map(u64::from);
            check(Level::new(), &a, &b, &modulus, &doubled);
            check(Level::baseline(), &a, &b, &modulus, &doubled);
        }

        #[test]
        fn an_odd_number_times_its_negative_inverse_is_minus_one(odd in any::<u64>()) {
            let odd = odd | 1;
            prop_assert_eq!(odd.wrapping_mul(negative_inverse(odd)) & MASK, MASK);
        }
    }
}
