//! Floats as Go's encoders write them.

use helmrs_gotemplate::number::format_float;

/// Go's `strconv.FormatFloat(number, 'g', -1, 64)`.
pub(crate) fn general(number: f64) -> String {
    format_float(number, 'g', None)
}

/// Go's `strconv.FormatFloat(number, 'g', -1, 32)`.
pub(crate) fn general32(number: f64) -> String {
    // The digits that identify a narrow float are too few to be shortened further.
    let digits = (number as f32).to_string();
    general(digits.parse().unwrap_or(number))
}

/// The text that `encoding/json` gives a finite float.
// Parity: Go, encoding/json/encode.go, floatEncoder.
pub(crate) fn json(number: f64) -> String {
    let size = number.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        return format_float(number, 'f', None);
    }
    let text = format_float(number, 'e', None);
    match text.split_once("e-0") {
        Some((mantissa, digit)) => format!("{mantissa}e-{digit}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::{general32, json};

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

    #[test]
    fn narrow_floats_have_fewer_digits() {
        assert_eq!(general32(0.1), "0.1");
        assert_eq!(general32(16_777_217.0), "1.6777216e+07");
        assert_eq!(general32(f64::NEG_INFINITY), "-Inf");
    }
}
