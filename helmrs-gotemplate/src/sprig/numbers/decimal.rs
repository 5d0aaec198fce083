//! Exact decimals: what Sprig's `addf` and its like calculate with.

use num_bigint::BigInt;
use num_bigint::Sign;

/// Digits after the point that a quotient is rounded to.
const QUOTIENT_DIGITS: i64 = 16;

/// A whole number times a power of ten.
#[derive(Clone, Debug)]
pub(super) struct Decimal {
    coefficient: BigInt,
    exponent: i64,
}

impl Decimal {
    /// The shortest decimal that stands for a float; none for NaN and the infinities.
    pub(super) fn from_float(number: f64) -> Option<Self> {
        if !number.is_finite() {
            return None;
        }
        let printed = format!("{number:e}");
        let (mantissa, exponent) = printed.split_once('e')?;
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let coefficient = format!("{whole}{fraction}").parse().ok()?;
        Some(Self {
            coefficient,
            exponent: exponent.parse::<i64>().ok()? - fraction.len() as i64,
        })
    }

    /// The float nearest to the decimal.
    pub(super) fn to_float(&self) -> f64 {
        format!("{}e{}", self.coefficient, self.exponent)
            .parse()
            .unwrap_or(0.0)
    }

    pub(super) fn plus(self, other: Self) -> Self {
        let (left, right, exponent) = aligned(self, other);
        Self {
            coefficient: left + right,
            exponent,
        }
    }

    pub(super) fn minus(self, other: Self) -> Self {
        let (left, right, exponent) = aligned(self, other);
        Self {
            coefficient: left - right,
            exponent,
        }
    }

    pub(super) fn times(self, other: Self) -> Self {
        Self {
            coefficient: self.coefficient * other.coefficient,
            exponent: self.exponent + other.exponent,
        }
    }

    /// The quotient rounded to sixteen digits, halves away from zero; none for a division by zero.
    pub(super) fn divided_by(self, other: Self) -> Option<Self> {
        if other.coefficient.sign() == Sign::NoSign {
            return None;
        }
        let shift = self.exponent - other.exponent + QUOTIENT_DIGITS;
        let (mut numerator, mut denominator) = (self.coefficient, other.coefficient);
        if shift >= 0 {
            numerator *= power_of_ten(shift);
        } else {
            denominator *= power_of_ten(-shift);
        }
        let quotient = &numerator / &denominator;
        let remainder = &numerator % &denominator;
        let doubled = BigInt::from(remainder.magnitude() * 2_u8);
        let away = doubled >= BigInt::from(denominator.magnitude().clone());
        let negative = numerator.sign() != denominator.sign();
        let step = BigInt::from(if negative { -1 } else { 1 });
        let coefficient = if away { quotient + step } else { quotient };
        Some(Self {
            coefficient,
            exponent: -QUOTIENT_DIGITS,
        })
    }
}

fn power_of_ten(exponent: i64) -> BigInt {
    BigInt::from(10).pow(u32::try_from(exponent).unwrap_or(0))
}

/// Both coefficients at the smaller exponent.
fn aligned(left: Decimal, right: Decimal) -> (BigInt, BigInt, i64) {
    let exponent = left.exponent.min(right.exponent);
    let scaled = |decimal: Decimal| decimal.coefficient * power_of_ten(decimal.exponent - exponent);
    (scaled(left), scaled(right), exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(number: f64) -> Decimal {
        Decimal::from_float(number).expect("a finite number")
    }

    #[test]
    fn sums_of_decimals_are_exact() {
        assert_eq!(decimal(1.1).plus(decimal(2.2)).to_float(), 3.3);
        assert_eq!(decimal(0.1).times(decimal(3.0)).to_float(), 0.3);
    }

    #[test]
    fn quotients_are_rounded_to_sixteen_digits() {
        assert_eq!(
            decimal(10.0).divided_by(decimal(3.0)).unwrap().to_float(),
            3.333_333_333_333_333_3
        );
        assert_eq!(
            decimal(-2.0).divided_by(decimal(3.0)).unwrap().to_float(),
            -0.666_666_666_666_666_7
        );
        assert!(decimal(1.0).divided_by(decimal(0.0)).is_none());
    }
}
