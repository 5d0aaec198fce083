//! Flags, width and precision: how a directive's text is laid out.

use super::Printer;
use crate::number::{format_float, quote_with};
use crate::token::decode;

/// What stands between the percent sign and the verb.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one of the flags of a directive"
)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Flags {
    pub(crate) sharp: bool,
    pub(crate) zero: bool,
    pub(crate) plus: bool,
    pub(crate) minus: bool,
    pub(crate) space: bool,
    /// `%#v`.
    pub(crate) go_syntax: bool,
    /// `%+v`.
    pub(crate) field_names: bool,
    pub(crate) width: Option<usize>,
    pub(crate) precision: Option<usize>,
}

impl Printer<'_> {
    fn padding(&mut self, count: usize) {
        // Zeros stand to the left only.
        let byte = if self.flags.zero && !self.flags.minus {
            b'0'
        } else {
            b' '
        };
        self.out.resize(self.out.len() + count, byte);
    }

    fn pad(&mut self, text: &[u8]) {
        let missing = self
            .flags
            .width
            .map_or(0, |width| width.saturating_sub(count_characters(text)));
        if self.flags.minus {
            self.out.extend_from_slice(text);
            self.padding(missing);
        } else {
            self.padding(missing);
            self.out.extend_from_slice(text);
        }
    }

    pub(super) fn pad_text(&mut self, text: &str) {
        self.pad(text.as_bytes());
    }

    pub(super) fn pad_without_zeros(&mut self, text: &[u8]) {
        let zero = std::mem::replace(&mut self.flags.zero, false);
        self.pad(text);
        self.flags.zero = zero;
    }

    /// Writes `%s`: the precision is how many characters to keep.
    pub(super) fn text(&mut self, text: &[u8]) {
        let kept = self.truncate(text);
        self.pad(kept);
    }

    fn truncate<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        let Some(precision) = self.flags.precision else {
            return text;
        };
        let mut end = 0;
        for _ in 0..precision {
            let Some((_, width)) = decode(&text[end..]) else {
                return text;
            };
            end += width;
        }
        &text[..end]
    }

    pub(super) fn quoted(&mut self, text: &[u8]) {
        let text = self.truncate(text);
        let quoted = if self.flags.sharp && can_backquote(text) {
            format!("`{}`", String::from_utf8_lossy(text))
        } else {
            quote_with(text, '"', self.flags.plus)
        };
        self.pad_text(&quoted);
    }

    /// Writes `%x` of a string: two digits a byte.
    pub(super) fn hexadecimal(&mut self, text: &[u8], upper: bool) {
        let text = &text[..self.flags.precision.unwrap_or(usize::MAX).min(text.len())];
        let prefix = match (self.flags.sharp, upper) {
            (false, _) => "",
            (true, false) => "0x",
            (true, true) => "0X",
        };
        let mut digits = String::from(if text.is_empty() { "" } else { prefix });
        for (index, byte) in text.iter().enumerate() {
            if self.flags.space && index > 0 {
                digits.push(' ');
                digits.push_str(prefix);
            }
            let [high, low] = [byte >> 4, byte & 15].map(|digit| hexadecimal_digit(digit, upper));
            digits.extend([high, low]);
        }
        self.pad_text(&digits);
    }

    /// Writes an integer in a base. `%.3d` and `%03d` both ask for leading zeros; the precision wins.
    pub(super) fn digits(&mut self, magnitude: u64, negative: bool, base: u32, verb: char) {
        let flags = self.flags;
        if base == 10 && flags == Flags::default() {
            self.decimal(magnitude, negative);
            return;
        }
        let signed = negative || flags.plus || flags.space;
        let precision = match flags.precision {
            Some(0) if magnitude == 0 => {
                self.pad_without_zeros(b"");
                return;
            }
            Some(precision) => precision,
            None if flags.zero && !flags.minus => {
                flags.width.unwrap_or(0).saturating_sub(usize::from(signed))
            }
            None => 0,
        };
        let digits = match (base, verb) {
            (2, _) => format!("{magnitude:b}"),
            (8, _) => format!("{magnitude:o}"),
            (16, 'X') => format!("{magnitude:X}"),
            (16, _) => format!("{magnitude:x}"),
            _ => magnitude.to_string(),
        };
        let digits = with_leading_zeros(&digits, precision);
        let sign = match (negative, flags.plus, flags.space) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (.., true) => " ",
            _ => "",
        };
        let prefix = match (base, verb) {
            (8, 'O') if flags.sharp && !digits.starts_with('0') => "0o0",
            (8, 'O') => "0o",
            _ if !flags.sharp => "",
            (2, _) => "0b",
            (8, _) if digits.starts_with('0') => "",
            (8, _) => "0",
            (16, 'X') => "0X",
            (16, _) => "0x",
            _ => "",
        };
        self.pad_without_zeros(format!("{sign}{prefix}{digits}").as_bytes());
    }

    /// Writes an integer without any flag: files print as lists of their bytes, which are many.
    pub(super) fn decimal(&mut self, magnitude: u64, negative: bool) {
        const LONGEST: usize = "18446744073709551615".len();
        let mut digits = [0; LONGEST];
        let mut start = LONGEST;
        let mut rest = magnitude;
        loop {
            start -= 1;
            digits[start] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if negative {
            self.out.push(b'-');
        }
        self.out.extend_from_slice(&digits[start..]);
    }

    /// Writes a float under a verb; tells whether the verb fits.
    pub(super) fn float(&mut self, number: f64, verb: char) -> bool {
        let (form, default) = match verb {
            'v' => ('g', None),
            'b' | 'g' | 'G' | 'x' | 'X' => (verb, None),
            'f' | 'F' => ('f', Some(6)),
            'e' | 'E' => (verb, Some(6)),
            _ => return false,
        };
        let precision = self.flags.precision.or(default);
        let text = format_float(number, form, precision);
        let (sign, mut digits) = match text.strip_prefix(['-', '+']) {
            Some(digits) if text.starts_with('-') => ('-', digits.to_owned()),
            Some(digits) => ('+', digits.to_owned()),
            None => ('+', text),
        };
        let sign = if self.flags.space && sign == '+' && !self.flags.plus {
            ' '
        } else {
            sign
        };
        let shows_sign = self.flags.plus || sign != '+';
        if !number.is_finite() {
            let hidden = number.is_nan() && !self.flags.space && !self.flags.plus;
            let text = if hidden {
                digits
            } else {
                format!("{sign}{digits}")
            };
            self.pad_without_zeros(text.as_bytes());
            return true;
        }
        if self.flags.sharp && form != 'b' {
            digits = with_point(&digits, form, precision);
        }
        if !shows_sign {
            self.pad_text(&digits);
            return true;
        }
        match self.flags.width {
            Some(width) if self.flags.zero && !self.flags.minus && width > digits.len() + 1 => {
                self.out.push(sign as u8);
                self.padding(width - digits.len() - 1);
                self.out.extend_from_slice(digits.as_bytes());
            }
            _ => self.pad_text(&format!("{sign}{digits}")),
        }
        true
    }
}

fn hexadecimal_digit(digit: u8, upper: bool) -> char {
    let digit = char::from_digit(u32::from(digit), 16).unwrap_or('0');
    if upper {
        digit.to_ascii_uppercase()
    } else {
        digit
    }
}

/// Fills digits up to a length, which may be more than Rust's own formatting takes.
pub(super) fn with_leading_zeros(digits: &str, length: usize) -> String {
    format!(
        "{}{digits}",
        "0".repeat(length.saturating_sub(digits.len()))
    )
}

/// Puts the decimal point and the trailing zeros back that the sharp flag asks for.
fn with_point(number: &str, form: char, precision: Option<usize>) -> String {
    let mut wanted = match form {
        'g' | 'G' | 'x' => precision.map_or(6, |precision| precision as i64),
        _ => 0,
    };
    let exponents: &[char] = if matches!(form, 'x' | 'X') {
        &['p', 'P']
    } else {
        &['e', 'E', 'p', 'P']
    };
    let (digits, tail) = number.split_at(number.find(exponents).unwrap_or(number.len()));
    let mut significant = false;
    for digit in digits.chars().filter(|digit| *digit != '.') {
        significant |= digit != '0';
        wanted -= i64::from(significant);
    }
    let mut text = digits.to_owned();
    if !digits.contains('.') {
        wanted -= i64::from(digits == "0");
        text.push('.');
    }
    text.extend(std::iter::repeat_n(
        '0',
        usize::try_from(wanted).unwrap_or(0),
    ));
    text + tail
}

/// Counts characters as Go does: an invalid byte is one.
fn count_characters(text: &[u8]) -> usize {
    text.utf8_chunks()
        .map(|chunk| chunk.valid().chars().count() + chunk.invalid().len())
        .sum()
}

fn can_backquote(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| {
        text.chars().all(|character| match character {
            '\t' => true,
            '`' | '\u{7f}' | '\u{feff}' => false,
            _ => character >= ' ',
        })
    })
}
