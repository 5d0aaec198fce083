//! Numbers compared by their digits.

use std::cmp::Ordering;

use super::instance::Number;

/// A decimal number: `0.DIGITS` times a power of ten.
// Parity: Go, math/big, Rat.SetString of what fmt prints: a float is its shortest decimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    is_negative: bool,
    /// Digits without zeros at either end; none for zero.
    digits: Vec<u8>,
    /// The exponent of ten.
    point: i64,
}

impl Decimal {
    /// Reads a JSON number; none if its exponent is out of all bounds.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (is_negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits = [whole.as_bytes(), fraction.as_bytes()].concat();
        let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
        digits.drain(..zeros);
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        let whole = i64::try_from(whole.len()).ok()?;
        let point = whole - i64::try_from(zeros).ok()? + i64::from(exponent);
        let is_zero = digits.is_empty();
        Some(Self {
            is_negative: is_negative && !is_zero,
            point: if is_zero { 0 } else { point },
            digits,
        })
    }

    pub(super) fn of(number: Number) -> Option<Self> {
        match number {
            Number::Integer(number) => Self::parse(&number.to_string()),
            Number::Float(number) if number.is_finite() => Self::parse(&format!("{number:e}")),
            Number::Float(_) => None,
        }
    }

    /// The float next to this.
    pub(super) fn float(&self) -> f64 {
        let sign = if self.is_negative { "-" } else { "" };
        let digits = String::from_utf8_lossy(&self.digits);
        let text = format!("{sign}0.{digits}e{}", self.point);
        text.parse().unwrap_or_default()
    }

    pub(super) fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    pub(super) fn is_negative(&self) -> bool {
        self.is_negative
    }

    /// A whole number that fits.
    pub(super) fn count(&self) -> Option<usize> {
        let (mantissa, exponent) = self.mantissa()?;
        let exponent = u32::try_from(exponent).ok()?;
        let number = mantissa.checked_mul(10_u128.checked_pow(exponent)?)?;
        u32::try_from(number).ok()?.try_into().ok()
    }

    /// Whether this is a whole multiple of `step`; none if the numbers are too long to tell.
    pub(super) fn is_multiple_of(&self, step: &Self) -> Option<bool> {
        if step.is_zero() {
            return None;
        }
        if self.is_zero() {
            return Some(true);
        }
        let (mantissa, exponent) = self.mantissa()?;
        let (step, step_exponent) = step.mantissa()?;
        if step > u128::from(u64::MAX) {
            return None;
        }
        let shift = exponent - step_exponent;
        if shift < 0 {
            let Some(power) = power_of_ten(shift.checked_neg()?) else {
                return Some(false);
            };
            return Some(
                step.checked_mul(power)
                    .is_some_and(|step| mantissa.is_multiple_of(step)),
            );
        }
        let mut rest = mantissa % step;
        for _ in 0..shift.min(400) {
            rest = rest * 10 % step;
        }
        (shift <= 400 || rest == 0).then_some(rest == 0)
    }

    /// Digits as a number, and the power of ten to multiply it with.
    fn mantissa(&self) -> Option<(u128, i64)> {
        let mut mantissa = 0_u128;
        for digit in &self.digits {
            mantissa = mantissa
                .checked_mul(10)?
                .checked_add(u128::from(digit.wrapping_sub(b'0')))?;
        }
        let length = i64::try_from(self.digits.len()).ok()?;
        Some((mantissa, self.point - length))
    }
}

fn power_of_ten(exponent: i64) -> Option<u128> {
    10_u128.checked_pow(u32::try_from(exponent).ok()?)
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let size = |number: &Self| (!number.is_zero(), number.point);
        let sizes = size(self)
            .cmp(&size(other))
            .then_with(|| self.digits.cmp(&other.digits));
        match (self.is_negative, other.is_negative) {
            (false, false) => sizes,
            (true, true) => sizes.reverse(),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Decimal, Number};

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn equal_numbers_may_be_written_differently() {
        for (first, second) in [
            ("1", "1.0"),
            ("100", "1e2"),
            ("0.05", "5E-2"),
            ("-0", "0.0"),
        ] {
            assert_eq!(decimal(first), decimal(second));
        }
        assert_eq!(Decimal::of(Number::Float(0.1)), Some(decimal("0.1")));
        assert_eq!(Decimal::of(Number::Float(1e22)), Some(decimal("1e22")));
    }

    #[test]
    fn multiples_are_exact() {
        for (number, step, is_multiple) in [
            ("0.3", "0.1", true),
            ("1e300", "0.1", true),
            ("1e300", "3", false),
            ("7.5", "2.5", true),
            ("0.35", "0.1", false),
            ("1e-300", "1", false),
            ("0", "7", true),
        ] {
            let found = decimal(number).is_multiple_of(&decimal(step));
            assert_eq!(found, Some(is_multiple), "{number} of {step}");
        }
    }

    #[test]
    fn only_whole_numbers_count() {
        for (text, count) in [
            ("0", Some(0)),
            ("2e2", Some(200)),
            ("3.0", Some(3)),
            ("1.5", None),
            ("2e20", None),
        ] {
            assert_eq!(decimal(text).count(), count, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_order_is_that_of_floats(first in any::<f64>(), second in any::<f64>()) {
            prop_assume!(first.is_finite() && second.is_finite());
            let [one, two] = [first, second].map(|number| Decimal::of(Number::Float(number)).unwrap());
            prop_assert_eq!(Some(one.cmp(&two)), first.partial_cmp(&second));
        }
    }
}
