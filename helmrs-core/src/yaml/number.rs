//! Floats as Go writes them.

/// The shortest digits that read back as the same float: `0.d1d2d3… × 10^point`.
struct Shortest {
    negative: bool,
    digits: Vec<u8>,
    point: i32,
}

impl Shortest {
    /// Takes apart what Rust's `{:e}` prints, which is the same shortest form that Go computes.
    fn from_exponent_form(text: &str) -> Self {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let digits: Vec<u8> = mantissa.bytes().filter(|&b| b != b'.').collect();
        let exponent: i32 = exponent.parse().unwrap_or(0);
        let zero = digits.iter().all(|&b| b == b'0');
        Self {
            negative,
            digits,
            point: if zero { 1 } else { exponent + 1 },
        }
    }

    fn exponent_form(&self) -> String {
        let mut out = self.sign();
        out.push(char::from(self.digits[0]));
        if self.digits.len() > 1 {
            out.push('.');
            out.extend(self.digits[1..].iter().map(|&b| char::from(b)));
        }
        let exponent = self.point - 1;
        out.push('e');
        out.push(if exponent < 0 { '-' } else { '+' });
        out.push_str(&format!("{:02}", exponent.unsigned_abs()));
        out
    }

    fn decimal_form(&self) -> String {
        let mut out = self.sign();
        let whole = usize::try_from(self.point).unwrap_or(0);
        if whole == 0 {
            out.push('0');
        }
        for index in 0..whole {
            out.push(self.digits.get(index).map_or('0', |&b| char::from(b)));
        }
        if self.digits.len() > whole {
            out.push('.');
            for _ in self.point..0 {
                out.push('0');
            }
            out.extend(self.digits[whole..].iter().map(|&b| char::from(b)));
        }
        out
    }

    fn sign(&self) -> String {
        String::from(if self.negative { "-" } else { "" })
    }

    fn general_form(&self) -> String {
        let exponent = self.point - 1;
        if !(-4..6).contains(&exponent) {
            self.exponent_form()
        } else {
            self.decimal_form()
        }
    }
}

/// Go's `strconv.FormatFloat(f, 'g', -1, 64)`.
pub(crate) fn general(number: f64) -> String {
    special(number).map_or_else(
        || Shortest::from_exponent_form(&format!("{number:e}")).general_form(),
        String::from,
    )
}

/// Go's `strconv.FormatFloat(f, 'g', -1, 32)`.
pub(crate) fn general32(number: f64) -> String {
    let narrow = number as f32;
    special(f64::from(narrow)).map_or_else(
        || Shortest::from_exponent_form(&format!("{narrow:e}")).general_form(),
        String::from,
    )
}

/// The text that `encoding/json` gives a finite float.
// Parity: Go, encoding/json/encode.go, floatEncoder.
pub(crate) fn json(number: f64) -> String {
    let size = number.abs();
    let shortest = Shortest::from_exponent_form(&format!("{number:e}"));
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        return shortest.decimal_form();
    }
    let text = shortest.exponent_form();
    match text.split_once("e-0") {
        Some((mantissa, digit)) => format!("{mantissa}e-{digit}"),
        None => text,
    }
}

/// Names for the floats that have no digits.
fn special(number: f64) -> Option<&'static str> {
    if number.is_nan() {
        Some("NaN")
    } else if number == f64::INFINITY {
        Some("+Inf")
    } else if number == f64::NEG_INFINITY {
        Some("-Inf")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{general, general32, json};

    #[test]
    fn the_general_form_turns_to_an_exponent_at_a_million() {
        assert_eq!(general(999_999.0), "999999");
        assert_eq!(general(1e6), "1e+06");
        assert_eq!(general(1_234_567.5), "1.2345675e+06");
        assert_eq!(general(0.0001), "0.0001");
        assert_eq!(general(0.00001), "1e-05");
        assert_eq!(general(-0.0), "-0");
        assert_eq!(general(1e100), "1e+100");
        assert_eq!(general(f64::NEG_INFINITY), "-Inf");
        assert_eq!(general32(0.1), "0.1");
    }

    #[test]
    fn json_writes_plain_digits_up_to_twenty_one() {
        assert_eq!(json(1e20), "100000000000000000000");
        assert_eq!(json(1e21), "1e+21");
        assert_eq!(json(1e-7), "1e-7");
        assert_eq!(json(1e-10), "1e-10");
        assert_eq!(json(123_456_789_012_345_680.0), "123456789012345680");
        assert_eq!(json(0.000_001), "0.000001");
        assert_eq!(json(-0.0), "-0");
    }
}
