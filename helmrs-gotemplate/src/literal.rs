//! Literals: quoted strings, characters and numbers, read as Go's `strconv` reads them.

use crate::ast::Number;
use crate::number::{parse_float, parse_int, parse_uint, quote};
use crate::token::TokenKind;
use crate::value::{Text, Value};

const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
const INVALID_SYNTAX: &str = "invalid syntax";

/// Reads a quoted or raw string with its quotes, as `strconv.Unquote` does.
pub(crate) fn unquote(literal: &[u8]) -> Result<Text, String> {
    let [quote, inner @ .., last] = literal else {
        return Err(INVALID_SYNTAX.to_owned());
    };
    if quote != last {
        return Err(INVALID_SYNTAX.to_owned());
    }
    if *quote == b'`' {
        if memchr::memchr(b'\r', inner).is_none() {
            return Ok(Text::from(inner));
        }
        let kept = inner.iter().copied().filter(|byte| *byte != b'\r');
        return Ok(kept.collect::<Vec<u8>>().into());
    }
    let is_escaped = memchr::memchr3(b'\\', b'"', b'\n', inner).is_some();
    if !is_escaped && std::str::from_utf8(inner).is_ok() {
        return Ok(Text::from(inner));
    }
    let inner = String::from_utf8_lossy(inner);
    let mut text = Vec::with_capacity(inner.len());
    let mut rest = &*inner;
    while !rest.is_empty() {
        let (unit, after) = unquote_unit(rest, '"').ok_or(INVALID_SYNTAX)?;
        match unit {
            Unit::Byte(byte) => text.push(byte),
            Unit::Character(character) => {
                text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        rest = after;
    }
    Ok(text.into())
}

/// What one character or escape of a literal stands for.
enum Unit {
    Byte(u8),
    Character(char),
}

impl Unit {
    fn number(&self) -> i64 {
        match *self {
            Self::Byte(byte) => i64::from(byte),
            Self::Character(character) => i64::from(u32::from(character)),
        }
    }
}

/// Reads one character or escape, as `strconv.UnquoteChar` does.
fn unquote_unit(text: &str, quote: char) -> Option<(Unit, &str)> {
    let mut characters = text.chars();
    let first = characters.next()?;
    if first == quote || first == '\n' {
        return None;
    }
    if first != '\\' {
        return Some((Unit::Character(first), characters.as_str()));
    }
    let escape = characters.next()?;
    let rest = characters.as_str();
    let character = match escape {
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        '\\' => '\\',
        '\'' | '"' if escape == quote => escape,
        'x' => return digits(rest, 2, 16).map(|(number, rest)| (Unit::Byte(number as u8), rest)),
        'u' | 'U' => {
            let (number, rest) = digits(rest, if escape == 'u' { 4 } else { 8 }, 16)?;
            return Some((Unit::Character(char::from_u32(number)?), rest));
        }
        '0'..='7' => {
            let (number, rest) = digits(&text[1..], 3, 8)?;
            return Some((Unit::Byte(u8::try_from(number).ok()?), rest));
        }
        _ => return None,
    };
    Some((Unit::Character(character), rest))
}

fn digits(text: &str, count: usize, base: u32) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at_checked(count)?;
    if !digits.bytes().all(|digit| char::from(digit).is_digit(base)) {
        return None;
    }
    Some((u32::from_str_radix(digits, base).ok()?, rest))
}

/// Reads a number, character or complex constant.
pub(crate) fn number(literal: &[u8], kind: TokenKind) -> Result<Number, String> {
    if let Some(number) = small(literal) {
        return Ok(number);
    }
    let text = &*String::from_utf8_lossy(literal);
    let mut number = match kind {
        TokenKind::CharConstant => character(text),
        TokenKind::Complex => complex(text),
        _ => real(text),
    }?;
    number.ideal = ideal(&number, text);
    Ok(number)
}

/// Reads a number as most are: a few decimal digits, which every type can hold.
fn small(literal: &[u8]) -> Option<Number> {
    const DIGITS: usize = 15;
    let is_decimal = literal.len() <= DIGITS
        && literal.iter().all(u8::is_ascii_digit)
        && matches!(literal, [b'0'] | [b'1'..=b'9', ..]);
    if !is_decimal {
        return None;
    }
    let int = literal
        .iter()
        .fold(0, |number, digit| number * 10 + i64::from(digit - b'0'));
    Some(Number {
        int: Some(int),
        uint: Some(int as u64),
        float: Some(int as f64),
        complex: None,
        ideal: Some(Value::int(int)),
    })
}

/// Returns the value a number has where no type is expected, for which its looks decide.
// Parity: Go, text/template/exec.go, idealConstant.
fn ideal(number: &Number, text: &str) -> Option<Value> {
    if let Some((real, imaginary)) = number.complex {
        return Some(Value::Complex(real, imaginary));
    }
    let hexadecimal =
        (text.starts_with("0x") || text.starts_with("0X")) && !text.contains(['p', 'P']);
    let float = !hexadecimal && !text.starts_with('\'') && text.contains(['.', 'e', 'E', 'p', 'P']);
    match number.float {
        Some(number) if float => Some(Value::Float(number)),
        _ => number.int.map(Value::int),
    }
}

fn character(text: &str) -> Result<Number, String> {
    let (unit, rest) = unquote_unit(&text[1..], '\'').ok_or(INVALID_SYNTAX)?;
    if rest != "'" {
        return Err(format!("malformed character constant: {text}"));
    }
    let number = unit.number();
    Ok(Number {
        int: Some(number),
        uint: Some(number as u64),
        float: Some(number as f64),
        complex: None,
        ideal: None,
    })
}

fn complex(text: &str) -> Result<Number, String> {
    let inner = text.strip_suffix('i').unwrap_or(text);
    let sign = inner
        .char_indices()
        .skip(1)
        .filter(|(index, character)| {
            let before = inner.as_bytes()[index - 1].to_ascii_lowercase();
            let exponent = before == b'p'
                || before == b'e' && !inner[..*index].to_ascii_lowercase().contains("0x");
            matches!(character, '+' | '-') && !exponent
        })
        .last();
    let parsed = sign.and_then(|(index, _)| {
        Some((parse_float(&inner[..index])?, parse_float(&inner[index..])?))
    });
    match parsed {
        Some((real, imaginary)) => Ok(from_complex(real, imaginary)),
        None => Err("syntax error scanning complex number".to_owned()),
    }
}

/// A complex number, and the simpler ones it equals if its imaginary part is zero.
fn from_complex(real: f64, imaginary: f64) -> Number {
    let float = (imaginary == 0.0).then_some(real);
    Number {
        int: float.and_then(whole_int),
        uint: float.and_then(whole_uint),
        float,
        complex: Some((real, imaginary)),
        ideal: None,
    }
}

fn real(text: &str) -> Result<Number, String> {
    if let Some(imaginary) = text.strip_suffix('i').and_then(parse_float) {
        return Ok(from_complex(0.0, imaginary));
    }
    let int = parse_int(text, 0);
    let uint = parse_uint(text, 0).or((int == Some(0)).then_some(0));
    if int.is_some() || uint.is_some() {
        let float = int.map_or(uint.unwrap_or(0) as f64, |int| int as f64);
        return Ok(Number {
            int,
            uint,
            float: Some(float),
            complex: None,
            ideal: None,
        });
    }
    let Some(float) = parse_float(text) else {
        return Err(format!("illegal number syntax: {}", quote(text.as_bytes())));
    };
    // What was read as a float but looks like an integer is too large for one.
    if !text.contains(['.', 'e', 'E', 'p', 'P']) {
        return Err(format!("integer overflow: {}", quote(text.as_bytes())));
    }
    Ok(Number {
        int: whole_int(float),
        uint: whole_uint(float),
        float: Some(float),
        complex: None,
        ideal: None,
    })
}

fn whole_int(float: f64) -> Option<i64> {
    let whole = float.fract() == 0.0 && (-TWO_TO_63..TWO_TO_63).contains(&float);
    whole.then_some(float as i64)
}

fn whole_uint(float: f64) -> Option<u64> {
    let whole = float.fract() == 0.0 && (0.0..2.0 * TWO_TO_63).contains(&float);
    whole.then_some(float as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read_as_go_reads_them() {
        assert_eq!(
            unquote(br#""a\t\x41\101\u00e9\"""#).unwrap(),
            "a\tAA\u{e9}\""
        );
        assert_eq!(unquote(b"`a\\n\r`").unwrap(), "a\\n");
        assert!(unquote(br#""\'""#).is_err());
        assert!(unquote(br#""\ud800""#).is_err());
    }

    #[test]
    fn a_number_has_every_type_that_can_hold_it() {
        let number = number(b"1e3", TokenKind::Number).unwrap();
        assert_eq!(
            (number.int, number.uint, number.float),
            (Some(1000), Some(1000), Some(1000.0))
        );
        let number = super::number(b"'a'", TokenKind::CharConstant).unwrap();
        assert_eq!(number.int, Some(97));
        let number = super::number(b"1+2i", TokenKind::Complex).unwrap();
        assert_eq!((number.complex, number.float), (Some((1.0, 2.0)), None));
    }

    #[test]
    fn a_number_that_is_none_is_refused() {
        assert_eq!(
            number(b"089", TokenKind::Number).unwrap_err(),
            "integer overflow: \"089\""
        );
        assert_eq!(
            number(b"+", TokenKind::Number).unwrap_err(),
            "illegal number syntax: \"+\""
        );
        assert_eq!(
            number(b"'ab'", TokenKind::CharConstant).unwrap_err(),
            "malformed character constant: 'ab'"
        );
    }
}
