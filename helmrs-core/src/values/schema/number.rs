//! Numbers as the English report writes them.

use helmrs_gotemplate::number::format_float;

/// A float with groups of three digits, or as a product with a power of ten.
// Parity: golang.org/x/text/message, which the validator prints with: `70,000`, `1×10⁻⁰⁵`.
pub(super) fn float(number: f64) -> String {
    if number.is_infinite() {
        return if number > 0.0 { "∞" } else { "-∞" }.to_owned();
    }
    let text = format_float(number, 'g', None);
    let Some((mantissa, exponent)) = text.split_once('e') else {
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let dot = if fraction.is_empty() { "" } else { "." };
        return format!("{}{dot}{fraction}", grouped(whole));
    };
    let exponent: String = exponent
        .trim_start_matches('+')
        .chars()
        .map(superscript)
        .collect();
    format!("{mantissa}×10{exponent}")
}

/// A whole number with groups of three digits.
pub(super) fn count(number: usize) -> String {
    grouped(&number.to_string())
}

fn grouped(digits: &str) -> String {
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", digits),
    };
    let mut out = String::from(sign);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn superscript(character: char) -> char {
    match character {
        '-' => '⁻',
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{count, float};

    #[test]
    fn numbers_are_written_for_english_readers() {
        for (number, text) in [
            (70_000.0, "70,000"),
            (-5.0, "-5"),
            (123_456.789, "123,456.789"),
            (1_234_567.0, "1.234567×10⁰⁶"),
            (1e-5, "1×10⁻⁰⁵"),
            (-1e21, "-1×10²¹"),
            (0.25, "0.25"),
            (f64::INFINITY, "∞"),
        ] {
            assert_eq!(float(number), text);
        }
        assert_eq!(count(1000), "1,000");
    }
}
