//! Numbers and quoted strings, written as Go's `strconv` writes them.

use std::fmt::Write as _;

/// Writes a float as `strconv.FormatFloat(number, form, precision, 64)` does.
///
/// The form is one of `e E f F g G b x X`; no precision means as few digits as identify the number.
///
/// # Examples
///
/// ```
/// use helmrs_gotemplate::number::format_float;
///
/// assert_eq!(format_float(1e6, 'g', None), "1e+06");
/// assert_eq!(format_float(0.1, 'f', Some(3)), "0.100");
/// ```
pub fn format_float(number: f64, form: char, precision: Option<usize>) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let sign = if number.is_sign_negative() { "-" } else { "" };
    let magnitude = number.abs();
    let text = match form {
        'e' | 'E' => scientific(magnitude, precision),
        'f' | 'F' => fixed(magnitude, precision),
        'b' => return binary(number),
        'x' | 'X' => hexadecimal(magnitude, precision),
        _ => general(magnitude, precision),
    };
    let text = if form.is_ascii_uppercase() && form != 'F' {
        text.to_ascii_uppercase()
    } else {
        text
    };
    format!("{sign}{text}")
}

/// No float has more digits than this; further ones are zeros, which Rust's formatting has a limit for.
const MOST_DIGITS: usize = 1100;

/// Appends the zeros a precision asks for beyond all digits there are.
fn with_more_zeros(text: &str, precision: Option<usize>) -> String {
    format!(
        "{text}{}",
        "0".repeat(precision.unwrap_or(0).saturating_sub(MOST_DIGITS))
    )
}

/// The digits of a number and the place of its decimal point: 0.DIGITS × 10^point.
struct Decimal {
    digits: String,
    point: i32,
}

impl Decimal {
    /// Reads what Rust's `{:e}` wrote.
    fn parse(scientific: &str) -> Self {
        let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
        let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
        let exponent: i32 = exponent.parse().unwrap_or(0);
        if digits.bytes().all(|digit| digit == b'0') {
            return Self {
                digits: String::new(),
                point: 0,
            };
        }
        Self {
            digits,
            point: exponent + 1,
        }
    }

    fn trimmed(mut self) -> Self {
        self.digits
            .truncate(self.digits.trim_end_matches('0').len());
        self
    }
}

fn scientific(number: f64, precision: Option<usize>) -> String {
    let text = match precision {
        Some(precision) => format!("{number:.*e}", precision.min(MOST_DIGITS)),
        None => shortest(number),
    };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let mantissa = with_more_zeros(mantissa, precision);
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ('-', exponent),
        None => ('+', exponent),
    };
    format!("{mantissa}e{sign}{exponent:0>2}")
}

fn fixed(number: f64, precision: Option<usize>) -> String {
    match precision {
        Some(digits) => {
            with_more_zeros(&format!("{number:.*}", digits.min(MOST_DIGITS)), precision)
        }
        // Up to here every whole number has a float of its own.
        None if number < 1e15 && number.fract() == 0.0 => (number as u64).to_string(),
        None => write_fixed(&Decimal::parse(&shortest(number))),
    }
}

/// The fewest digits that identify a number, as `{:e}` writes them.
///
/// Rust and Go agree on how many digits that takes. Of two such texts at the same distance Go takes
/// the even one, Rust the larger one.
fn shortest(number: f64) -> String {
    let text = format!("{number:e}");
    let digits = text.bytes().take_while(|&byte| byte != b'e').count() - 1;
    // Only the last places of a long mantissa can leave two texts to choose from.
    if digits < 15 {
        return text;
    }
    let even = format!("{number:.*e}", digits - 1);
    if even.parse() == Ok(number) {
        even
    } else {
        text
    }
}

/// Writes `%g`: scientific for exponents below -4 or not below the precision.
// Parity: Go, strconv/ftoa.go, formatDigits: the shortest form decides with a precision of 6, and asking
// for more digits than there are does not make room for a longer fixed form.
fn general(number: f64, precision: Option<usize>) -> String {
    if precision.is_none() && number < 1e6 && number.fract() == 0.0 {
        return (number as u64).to_string();
    }
    let (decimal, bound) = match precision {
        None => (Decimal::parse(&shortest(number)), 6),
        Some(precision) => {
            let significant = precision.max(1);
            let digits = (significant - 1).min(MOST_DIGITS);
            let decimal = Decimal::parse(&format!("{number:.digits$e}")).trimmed();
            let count = decimal.digits.len() as i32;
            let room = significant as i32;
            let bound = if room > count && count >= decimal.point {
                count
            } else {
                room
            };
            (decimal, bound)
        }
    };
    let exponent = decimal.point - 1;
    if exponent < -4 || exponent >= bound {
        write_scientific(&decimal)
    } else {
        write_fixed(&decimal)
    }
}

fn write_scientific(decimal: &Decimal) -> String {
    let (first, rest) = decimal.digits.split_at_checked(1).unwrap_or(("0", ""));
    let exponent = if decimal.digits.is_empty() {
        0
    } else {
        decimal.point - 1
    };
    let point = if rest.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{first}{point}{rest}e{sign}{:02}", exponent.abs())
}

fn write_fixed(decimal: &Decimal) -> String {
    let digits = &decimal.digits;
    if digits.is_empty() {
        return "0".to_owned();
    }
    let Ok(point) = usize::try_from(decimal.point) else {
        return format!(
            "0.{}{digits}",
            "0".repeat(decimal.point.unsigned_abs() as usize)
        );
    };
    match digits.split_at_checked(point) {
        Some((whole, "")) => whole.to_owned(),
        Some(("", fraction)) => format!("0.{fraction}"),
        Some((whole, fraction)) => format!("{whole}.{fraction}"),
        None => format!("{digits}{}", "0".repeat(point - digits.len())),
    }
}

/// Splits a float into its 53-bit mantissa and binary exponent: mantissa × 2^exponent.
fn mantissa_and_exponent(number: f64) -> (u64, i32) {
    let bits = number.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32;
    let fraction = bits & ((1 << 52) - 1);
    if exponent == 0 {
        (fraction, -1074)
    } else {
        (fraction | (1 << 52), exponent - 1075)
    }
}

fn binary(number: f64) -> String {
    let sign = if number.is_sign_negative() { "-" } else { "" };
    let (mantissa, exponent) = mantissa_and_exponent(number);
    format!("{sign}{mantissa}p{exponent:+}")
}

/// Writes `%x`: 0x1.yyyyp±dd.
// Parity: Go, strconv/ftoa.go, fmtX: the mantissa is rounded half to even.
fn hexadecimal(number: f64, precision: Option<usize>) -> String {
    let (mut mantissa, mut exponent) = mantissa_and_exponent(number);
    if mantissa == 0 {
        exponent = 0;
    } else {
        let shift = mantissa.leading_zeros() - 3;
        mantissa <<= shift;
        exponent += 60 - shift as i32;
    }
    if let Some(precision) = precision.filter(|precision| *precision < 15) {
        let shift = (precision * 4) as u32;
        let extra = (mantissa << shift) & ((1 << 60) - 1);
        mantissa >>= 60 - shift;
        if (extra | (mantissa & 1)) > 1 << 59 {
            mantissa += 1;
        }
        mantissa <<= 60 - shift;
        if mantissa & (1 << 61) != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let mut text = format!("0x{}", mantissa >> 60);
    let fraction = format!("{:015x}", mantissa & ((1 << 60) - 1));
    let fraction = match precision {
        None => fraction.trim_end_matches('0').to_owned(),
        Some(precision) => {
            let zeros = "0".repeat(precision.saturating_sub(fraction.len()));
            format!("{}{zeros}", &fraction[..precision.min(fraction.len())])
        }
    };
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(&fraction);
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    let _ = write!(text, "p{sign}{:02}", exponent.abs());
    text
}

/// Quotes text as `strconv.Quote` and `%q` do.
///
/// # Examples
///
/// ```
/// use helmrs_gotemplate::number::quote;
///
/// assert_eq!(quote(b"tab\there \xff"), r#""tab\there \xff""#);
/// ```
pub fn quote(text: &[u8]) -> String {
    quote_with(text, '"', false)
}

/// Quotes text with the given quote; `ascii` escapes everything else, as `%+q` does.
pub fn quote_with(text: &[u8], quote: char, ascii: bool) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push(quote);
    for chunk in text.utf8_chunks() {
        for character in chunk.valid().chars() {
            escape(&mut quoted, character, quote, ascii);
        }
        for byte in chunk.invalid() {
            let _ = write!(quoted, "\\x{byte:02x}");
        }
    }
    quoted.push(quote);
    quoted
}

fn escape(out: &mut String, character: char, quote: char, ascii: bool) {
    match character {
        '\\' => out.push_str("\\\\"),
        _ if character == quote => {
            out.push('\\');
            out.push(character);
        }
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{b}' => out.push_str("\\v"),
        ' '..='~' => out.push(character),
        _ if !ascii && is_printable(character) => out.push(character),
        '\0'..' ' | '\u{7f}' => {
            let _ = write!(out, "\\x{:02x}", u32::from(character));
        }
        '\u{80}'..='\u{ffff}' => {
            let _ = write!(out, "\\u{:04x}", u32::from(character));
        }
        _ => {
            let _ = write!(out, "\\U{:08x}", u32::from(character));
        }
    }
}

/// Tells whether Go's `strconv.IsPrint` holds: letters, marks, numbers, punctuation, symbols and the space.
pub fn is_printable(character: char) -> bool {
    if character.is_ascii() {
        return (' '..='~').contains(&character);
    }
    // After another character, `escape_debug` escapes exactly what is not printable.
    let mut text = String::with_capacity(5);
    text.push('a');
    text.push(character);
    text.escape_debug().nth(1) == Some(character)
}

/// Reads an integer as `strconv.ParseInt(text, base, 64)` does.
///
/// Base zero goes by the prefix (`0x`, `0o`, `0b`, `0`) and allows underscores.
pub fn parse_int(text: &str, base: u32) -> Option<i64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let magnitude = parse_uint(digits, base)?;
    if negative {
        0i64.checked_sub_unsigned(magnitude)
    } else {
        i64::try_from(magnitude).ok()
    }
}

/// Reads an unsigned integer as `strconv.ParseUint(text, base, 64)` does.
pub fn parse_uint(text: &str, base: u32) -> Option<u64> {
    if base != 0 {
        return parse_digits(text, base);
    }
    if text.contains('_') && !underscores_are_right(text) {
        return None;
    }
    let plain = text.replace('_', "");
    let lower = plain.to_ascii_lowercase();
    match lower.as_bytes() {
        [b'0', b'x', ..] => parse_digits(&lower[2..], 16),
        [b'0', b'o', ..] => parse_digits(&lower[2..], 8),
        [b'0', b'b', ..] => parse_digits(&lower[2..], 2),
        [b'0', _, ..] => parse_digits(&lower[1..], 8),
        _ => parse_digits(&lower, 10),
    }
}

fn parse_digits(text: &str, base: u32) -> Option<u64> {
    // Rust takes a sign here, Go does not.
    if text.starts_with(['+', '-']) {
        None
    } else {
        u64::from_str_radix(text, base).ok()
    }
}

/// Reads a float as `strconv.ParseFloat(text, 64)` does; what is too large is none.
pub fn parse_float(text: &str) -> Option<f64> {
    let (sign, magnitude) = match text.as_bytes().first()? {
        b'-' => (-1.0, &text[1..]),
        b'+' => (1.0, &text[1..]),
        _ => (1.0, text),
    };
    let lower = magnitude.to_ascii_lowercase();
    match &*lower {
        "inf" | "infinity" => return Some(sign * f64::INFINITY),
        "nan" => return Some(f64::NAN),
        _ => {}
    }
    if lower.contains('_') && !underscores_are_right(&lower) {
        return None;
    }
    let plain = lower.replace('_', "");
    let number = match plain.strip_prefix("0x") {
        Some(digits) => parse_hexadecimal(digits)?,
        None if plain.starts_with(|first: char| first.is_ascii_digit() || first == '.') => {
            plain.parse().ok()?
        }
        None => return None,
    };
    number.is_finite().then_some(sign * number)
}

/// Reads `1.8p3`, the part of a hexadecimal float after `0x`.
fn parse_hexadecimal(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once('p')?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let mut exponent: i32 = exponent.parse::<i32>().ok()?.clamp(-1_000_000, 1_000_000);
    exponent = exponent.saturating_sub(i32::try_from(fraction.len()).ok()?.saturating_mul(4));
    // Thirty digits decide the rounding; a digit lost after them counts as a last bit set.
    let digits = digits.trim_start_matches('0');
    let kept = &digits[..digits.len().min(30)];
    let lost = &digits[kept.len()..];
    exponent = exponent.saturating_add(i32::try_from(lost.len()).ok()?.saturating_mul(4));
    let mut number = u128::from_str_radix(if kept.is_empty() { "0" } else { kept }, 16).ok()?;
    if lost.bytes().any(|digit| digit != b'0') {
        number |= 1;
    }
    let half = exponent / 2;
    Some(number as f64 * 2f64.powi(half) * 2f64.powi(exponent - half))
}

/// Tells whether underscores stand only between digits, or between a prefix and a digit.
// Parity: Go, strconv/atoi.go, underscoreOK.
fn underscores_are_right(text: &str) -> bool {
    let unsigned = text.trim_start_matches(['+', '-']).to_ascii_lowercase();
    let (prefixed, digits) = match unsigned.as_bytes() {
        [b'0', b'b' | b'o' | b'x', ..] => (true, &unsigned[2..]),
        _ => (false, &*unsigned),
    };
    let hexadecimal = unsigned.starts_with("0x");
    let mut previous = if prefixed { '0' } else { '^' };
    for character in digits.chars() {
        let current = match character {
            '_' if previous != '0' => return false,
            '_' => '_',
            _ if character.is_ascii_digit() || hexadecimal && character.is_ascii_hexdigit() => '0',
            _ if previous == '_' => return false,
            _ => '!',
        };
        previous = current;
    }
    previous != '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_digits_take_an_exponent_as_go_does() {
        for (number, want) in [
            (1e6, "1e+06"),
            (123_456.0, "123456"),
            (100_000.0, "100000"),
            (1_234_567.0, "1.234567e+06"),
            (0.0001, "0.0001"),
            (0.000_01, "1e-05"),
            (0.0, "0"),
            (-0.0, "-0"),
            (100.0, "100"),
            (123_456_789.0, "1.23456789e+08"),
            (1e21, "1e+21"),
            (1.5, "1.5"),
        ] {
            assert_eq!(format_float(number, 'g', None), want);
        }
    }

    #[test]
    #[expect(
        clippy::excessive_precision,
        reason = "the digits between two floats are the point"
    )]
    fn between_two_shortest_texts_the_even_one_is_taken() {
        assert_eq!(
            format_float(85_389_403_170_723.625, 'f', None),
            "85389403170723.62"
        );
        assert_eq!(
            format_float(958_679_369_715_304.25, 'g', None),
            "9.586793697153042e+14"
        );
    }

    #[test]
    fn a_precision_counts_significant_digits_for_g() {
        assert_eq!(format_float(1234.5678, 'g', Some(3)), "1.23e+03");
        assert_eq!(format_float(100.0, 'g', Some(3)), "100");
        assert_eq!(format_float(1e5, 'g', Some(10)), "100000");
        assert_eq!(format_float(0.0, 'g', Some(3)), "0");
    }

    #[test]
    fn the_other_forms_follow_strconv() {
        assert_eq!(format_float(1.0, 'x', None), "0x1p+00");
        assert_eq!(format_float(3.5, 'X', Some(2)), "0X1.C0P+01");
        assert_eq!(format_float(1.0, 'b', None), "4503599627370496p-52");
        assert_eq!(format_float(1234.5, 'e', Some(2)), "1.23e+03");
        assert_eq!(format_float(1e-7, 'f', None), "0.0000001");
    }

    #[test]
    fn what_cannot_be_printed_is_escaped() {
        assert_eq!(
            quote("é\u{200b}\u{1f600}\u{301}".as_bytes()),
            "\"é\\u200b\u{1f600}\u{301}\""
        );
        assert_eq!(quote_with("é'".as_bytes(), '\'', true), r"'\u00e9\''");
        assert_eq!(quote(b"\x00\x7f\x80"), r#""\x00\x7f\x80""#);
    }

    #[test]
    fn numbers_are_read_with_prefixes_and_underscores() {
        assert_eq!(parse_int("-0x1F", 0), Some(-31));
        assert_eq!(parse_int("1_000", 0), Some(1000));
        assert_eq!(parse_int("1__0", 0), None);
        assert_eq!(parse_int("0755", 0), Some(493));
        assert_eq!(parse_int("-9223372036854775808", 10), Some(i64::MIN));
        assert_eq!(parse_uint("18446744073709551615", 0), Some(u64::MAX));
        assert_eq!(parse_float("0x1p-2"), Some(0.25));
        assert_eq!(parse_float("0x1.8p1"), Some(3.0));
        assert_eq!(parse_float("1e400"), None);
        assert_eq!(parse_float(".5"), Some(0.5));
        assert_eq!(parse_float("."), None);
    }
}
