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
/// One number a lane, the least significant digits first; no digit lies across two lines of the cache.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(super) struct Number<const L: usize>(pub(super) [Row; L]);

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
            inverse: digits.0[0].map(negative_inverse),
            digits,
            level,
        }
    }

    /// The product of each lane.
    pub(super) fn multiply(&self, a: &Number<L>, b: &Number<L>) -> Number<L> {
        self.product(a, Some(b), &[0; LANES])
    }

    /// The square of each lane, in the lanes of `doubled` that are 1 (else 0) times two.
    pub(super) fn square(&self, number: &Number<L>, doubled: &Row) -> Number<L> {
        self.product(number, None, doubled)
    }

    /// The product of `a` with `b`, or with itself.
    fn product(&self, a: &Number<L>, b: Option<&Number<L>>, doubled: &Row) -> Number<L> {
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = self.level.as_avx512() {
            return vectors::multiply(simd, [a, &self.digits], b, &self.inverse, doubled);
        }
        let _ = self.level;
        let mut product = Number([[0; LANES]; L]);
        for lane in 0..LANES {
            let numbers = [a, b.unwrap_or(a), &self.digits];
            let [a, b, modulus] = numbers.map(|number| number.0.map(|row| row[lane]));
            let one = plain(&a, &b, &modulus, self.inverse[lane], doubled[lane]);
            for (row, digit) in product.0.iter_mut().zip(one) {
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

/// All lanes at once: four columns side by side, whose sums stay in registers. Each row of a number that is loaded serves
/// four products, and the eight sums do not wait for one another.
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

    /// How many columns are summed at once.
    const WIDTH: usize = 4;

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

    /// The product modulo each lane's modulus. `b` is left out for the square of `a`, of whose products half are another's twin.
    pub(super) fn multiply<const L: usize>(
        simd: Avx512,
        [a, modulus]: [&Number<L>; 2],
        b: Option<&Number<L>>,
        inverse: &Row,
        doubled: &Row,
    ) -> Number<L> {
        const { assert!(L >= WIDTH) }
        simd.vectorize(
            #[inline(always)]
            || {
                let zero = Vector::splat(simd, 0);
                let inverse = Vector::from_slice(simd, inverse);
                let doubled = Vector::from_slice(simd, doubled);
                let mut quotients = Number([[0; LANES]; L]);
                let mut product = quotients;
                // What the columns before leave to the next one, and what the digits before leave.
                let (mut rest, mut carry) = (zero, zero);
                for first in (0..2 * L).step_by(WIDTH) {
                    let mut columns = Columns::new(simd, first);
                    match b {
                        Some(b) => columns.add(a, b, L),
                        None => columns.add_square(a),
                    }
                    columns.add(&quotients, modulus, first);
                    for at in 0..WIDTH {
                        let sum = columns.sums[at].low + rest;
                        if let Some(quotients) = quotients.0.get_mut(first + at) {
                            let quotient = low(simd, zero, sum, inverse);
                            quotient.store_slice(quotients);
                            // The lower 52 bits are zero now; what is above goes to the next column.
                            let divisor = Vector::from_slice(simd, &modulus.0[0]);
                            rest = low(simd, sum, quotient, divisor) >> DIGIT as u32;
                            columns.add_row(at, quotient, modulus);
                            rest += columns.sums[at].high;
                        } else if let Some(product) = product.0.get_mut(first + at - L) {
                            let shifted = shift_left(simd, sum.into(), doubled.into());
                            let shifted: Vector = shifted.simd_into(simd);
                            let digit = shifted + carry;
                            (digit & Vector::splat(simd, MASK)).store_slice(product);
                            carry = digit >> DIGIT as u32;
                            rest = columns.sums[at].high;
                        }
                    }
                }
                product
            },
        )
    }

    /// The sum of one column of a product: of the lower 52 bits of the digits' products, which belong to the column, and
    /// of the upper 52, which belong to the next. Both are at most 4 `L` values of 52 bits, so that they fit 64 bits with
    /// one to spare for doubling.
    #[derive(Clone, Copy)]
    struct Sum {
        simd: Avx512,
        low: Vector,
        high: Vector,
    }

    impl Sum {
        #[inline(always)]
        fn add(&mut self, one: Vector, other: &Row) {
            let other = Vector::from_slice(self.simd, other);
            self.low = low(self.simd, self.low, one, other);
            self.high = high(self.simd, self.high, one, other);
        }
    }

    /// Neighbouring columns of a product.
    struct Columns {
        simd: Avx512,
        first: usize,
        sums: [Sum; WIDTH],
    }

    impl Columns {
        #[inline(always)]
        fn new(simd: Avx512, first: usize) -> Self {
            let zero = Vector::splat(simd, 0);
            let (low, high) = (zero, zero);
            let sums = [Sum { simd, low, high }; WIDTH];
            Self { simd, first, sums }
        }

        /// Adds the products of digits of `a` before `end` with those digits of `b` that make these columns.
        #[inline(always)]
        fn add<const L: usize>(&mut self, a: &Number<L>, b: &Number<L>, end: usize) {
            let (first, end) = (self.first, end.min(L));
            // Between these, a digit of `a` meets a digit of `b` in each of the columns.
            let from = (first + WIDTH).saturating_sub(L);
            let to = end.min(first + 1);
            if from < to {
                let others = b.0[first + 1 - to..first + WIDTH - from].windows(WIDTH);
                let mut sums = self.sums;
                for (row, others) in a.0[from..to].iter().zip(others.rev()) {
                    let digit = Vector::from_slice(self.simd, row);
                    for at in 0..WIDTH {
                        sums[at].add(digit, &others[at]);
                    }
                }
                self.sums = sums;
            }
            // The digits before them meet the last digits of `b`, those after them the first.
            for columns in 1..WIDTH {
                let row = (first + columns).checked_sub(L).filter(|row| *row < end);
                if let Some(row) = row {
                    let digit = Vector::from_slice(self.simd, &a.0[row]);
                    for at in 0..columns {
                        self.sums[at].add(digit, &b.0[L - columns + at]);
                    }
                }
                if first + columns < end {
                    let digit = Vector::from_slice(self.simd, &a.0[first + columns]);
                    self.add_row(columns, digit, b);
                }
            }
        }

        /// Adds the products of one digit with the first of `b`, from a column on.
        #[inline(always)]
        fn add_row<const L: usize>(&mut self, column: usize, digit: Vector, b: &Number<L>) {
            for at in column..WIDTH {
                self.sums[at].add(digit, &b.0[at - column]);
            }
        }

        /// Adds the products of the digits of `a` with one another.
        #[inline(always)]
        fn add_square<const L: usize>(&mut self, a: &Number<L>) {
            // Two different digits meet twice. A digit meets itself in every other column.
            self.add(a, a, self.first / 2);
            for one in 0..WIDTH / 2 {
                for other in one + 1..WIDTH - one {
                    self.add_pair(a, one, other);
                }
            }
            for sum in &mut self.sums {
                sum.low += sum.low;
                sum.high += sum.high;
            }
            for one in 0..WIDTH / 2 {
                self.add_pair(a, one, one);
            }
        }

        /// Adds the product of two digits of `a`, counted from those that meet in the first column's middle.
        #[inline(always)]
        fn add_pair<const L: usize>(&mut self, a: &Number<L>, one: usize, other: usize) {
            let half = self.first / 2;
            if let (Some(one_row), Some(other_row)) = (a.0.get(half + one), a.0.get(half + other)) {
                self.sums[one + other].add(Vector::from_slice(self.simd, one_row), other_row);
            }
        }
    }

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
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::prelude::*;

    use super::*;

    fn value<const L: usize>(number: &Number<L>, lane: usize) -> BigUint {
        let digits = number.0.iter().rev();
        digits.fold(BigUint::ZERO, |value, row| (value << DIGIT) + row[lane])
    }

    fn number<const L: usize>(digits: &[[u64; LANES]; 20], bits: usize) -> Number<L> {
        let mut rows = *digits
            .first_chunk()
            .expect("more digits than a test asks for");
        for (k, row) in rows.iter_mut().enumerate() {
            let kept = bits.saturating_sub(k * DIGIT).min(DIGIT);
            *row = row.map(|digit| digit & ((1 << kept) - 1));
        }
        Number(rows)
    }

    /// Checks products and squares of numbers that are as long as `L` digits allow.
    fn check<const L: usize>(numbers: &[[[u64; LANES]; 20]; 3], doubled: &Row) {
        let [a, b] = [0, 1].map(|at| number::<L>(&numbers[at], DIGIT * L - 2));
        let mut modulus = number::<L>(&numbers[2], DIGIT * L - 4);
        modulus.0[0] = modulus.0[0].map(|digit| digit | 1);
        for level in [Level::new(), Level::baseline()] {
            let moduli = Moduli::new(modulus, level);
            check_product(&moduli.multiply(&a, &b), [&a, &b, &modulus], &[0; LANES]);
            check_product(&moduli.square(&a, doubled), [&a, &a, &modulus], doubled);
        }
    }

    fn check_product<const L: usize>(
        product: &Number<L>,
        [a, b, modulus]: [&Number<L>; 3],
        doubled: &Row,
    ) {
        for lane in 0..LANES {
            let modulus = value(modulus, lane);
            let expected = (value(a, lane) * value(b, lane)) << doubled[lane];
            let r = BigUint::from(1_u8) << (DIGIT * L);
            let got = value(product, lane);
            assert!(got < &r >> 2, "the product is small enough to go on with");
            assert_eq!(got * r % &modulus, expected % &modulus, "lane {lane}");
            assert!(product.0.iter().all(|row| row[lane] <= MASK));
        }
    }

    proptest! {
        #[test]
        fn a_product_is_that_of_the_residues_over_r(
            numbers in any::<[[[u64; LANES]; 20]; 3]>(), doubled in any::<[bool; LANES]>(),
        ) {
            let doubled = doubled.map(u64::from);
            check::<4>(&numbers, &doubled);
            check::<5>(&numbers, &doubled);
            check::<6>(&numbers, &doubled);
            check::<7>(&numbers, &doubled);
            check::<20>(&numbers, &doubled);
        }

        #[test]
        fn an_odd_number_times_its_negative_inverse_is_minus_one(odd in any::<u64>()) {
            let odd = odd | 1;
            prop_assert_eq!(odd.wrapping_mul(negative_inverse(odd)) & MASK, MASK);
        }
    }
}
