//! Amounts such as `500m` and `1Gi`, in the form the API server writes them.

use serde_json::Value as Json;

/// How powers of ten are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    /// `k`, `M`, `m`, …: powers of 1000.
    Decimal,
    /// `e3`: powers of ten.
    Exponent,
}

const BINARY: &[(&str, u32)] = &[
    ("Ki", 10),
    ("Mi", 20),
    ("Gi", 30),
    ("Ti", 40),
    ("Pi", 50),
    ("Ei", 60),
];

const DECIMAL: &[(&str, i32)] = &[
    ("n", -9),
    ("u", -6),
    ("m", -3),
    ("", 0),
    ("k", 3),
    ("M", 6),
    ("G", 9),
    ("T", 12),
    ("P", 15),
    ("E", 18),
];

/// Writes a quantity canonically; what is none stays as it is.
pub(super) fn make_canonical(value: &mut Json) {
    let text = match &*value {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        _ => return,
    };
    if let Some(canonical) = canonical(&text) {
        *value = Json::String(canonical);
    }
}

/// The canonical text of a quantity: no fraction, the largest suffix without one.
// Parity: Kubernetes, apimachinery/pkg/api/resource/quantity.go, CanonicalizeBytes.
fn canonical(text: &str) -> Option<String> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = unsigned
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(unsigned.len());
    let (number, suffix) = unsigned.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || fraction.contains('.') {
        return None;
    }
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    let scale = i32::try_from(fraction.len()).ok()?;
    let amount = if let Some((_, bits)) = BINARY.iter().find(|(name, _)| *name == suffix) {
        binary(digits.checked_mul(1_i128.checked_shl(*bits)?)?, scale)?
    } else {
        let (family, exponent) = decimal_suffix(suffix)?;
        decimal(digits, exponent.checked_sub(scale)?, family)?
    };
    Some(if negative && amount != "0" {
        format!("-{amount}")
    } else {
        amount
    })
}

fn decimal_suffix(suffix: &str) -> Option<(Family, i32)> {
    if let Some((_, exponent)) = DECIMAL.iter().find(|(name, _)| *name == suffix) {
        return Some((Family::Decimal, *exponent));
    }
    let exponent: i32 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
    (-18..=18)
        .contains(&exponent)
        .then_some((Family::Exponent, exponent))
}

/// An amount of `value / 10^scale`, in powers of 1024 if it is whole.
fn binary(value: i128, scale: i32) -> Option<String> {
    let divisor = 10_i128.checked_pow(u32::try_from(scale).ok()?)?;
    if value % divisor != 0 || value / divisor < 1024 {
        return decimal(value, scale.checked_neg()?, Family::Decimal);
    }
    let mut amount = value / divisor;
    let mut suffix = "";
    for (name, _) in BINARY {
        if amount % 1024 != 0 {
            break;
        }
        amount /= 1024;
        suffix = name;
    }
    Some(format!("{amount}{suffix}"))
}

/// An amount of `value * 10^exponent`, rounded up to a billionth.
fn decimal(mut value: i128, mut exponent: i32, family: Family) -> Option<String> {
    if value == 0 {
        return Some("0".to_owned());
    }
    while exponent < -9 {
        value = value / 10 + i128::from(value % 10 != 0);
        exponent += 1;
    }
    while exponent.rem_euclid(3) != 0 {
        value = value.checked_mul(10)?;
        exponent -= 1;
    }
    while value % 1000 == 0 && exponent < 18 {
        value /= 1000;
        exponent += 3;
    }
    while exponent > 18 {
        value = value.checked_mul(1000)?;
        exponent -= 3;
    }
    match family {
        Family::Exponent if exponent != 0 => Some(format!("{value}e{exponent}")),
        _ => {
            let (suffix, _) = DECIMAL.iter().find(|(_, power)| *power == exponent)?;
            Some(format!("{value}{suffix}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn amounts_take_their_largest_suffix() {
        for (given, expected) in [
            ("1000m", "1"),
            ("0.5", "500m"),
            ("1.5Gi", "1536Mi"),
            ("1024Mi", "1Gi"),
            ("100M", "100M"),
            ("1000k", "1M"),
            ("2", "2"),
            ("1e3", "1e3"),
            ("0", "0"),
            ("512", "512"),
            ("-1000m", "-1"),
            ("1Ki", "1Ki"),
        ] {
            assert_eq!(canonical(given).as_deref(), Some(expected), "{given}");
        }
    }

    #[test]
    fn what_is_no_amount_stays() {
        assert_eq!(canonical("1x"), None);
        assert_eq!(canonical(""), None);
    }
}
