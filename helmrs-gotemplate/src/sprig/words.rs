//! Words: letter case, abbreviation, wrapping, random text.

mod case;
mod wrap;

use super::arguments::{integer, string, text};
use super::{ambient, row};
use crate::Ambient;
use crate::error::CallError;
use crate::exec::Executor;
use crate::functions::Function;
use crate::types::Type;
use crate::value::Value;

const S: &[Type] = &[Type::String];
const I: &[Type] = &[Type::INT];
const IS: &[Type] = &[Type::INT, Type::String];

pub(crate) const FUNCTIONS: &[Function] = &[
    row("upper", S, upper, &[(r#"{{ upper "hello" }}"#, "HELLO")]),
    row("lower", S, lower, &[(r#"{{ lower "HELLO" }}"#, "hello")]),
    row(
        "title",
        S,
        title,
        &[(r#"{{ title "hello world" }}"#, "Hello World")],
    ),
    row(
        "untitle",
        S,
        untitle,
        &[(r#"{{ untitle "Hello World" }}"#, "hello world")],
    ),
    row(
        "swapcase",
        S,
        swapcase,
        &[(r#"{{ swapcase "This Is A.Test" }}"#, "tHIS iS a.tEST")],
    ),
    row(
        "camelcase",
        S,
        camelcase,
        &[(r#"{{ camelcase "http_server" }}"#, "HttpServer")],
    ),
    row(
        "snakecase",
        S,
        snakecase,
        &[(r#"{{ snakecase "FirstName" }}"#, "first_name")],
    ),
    row(
        "kebabcase",
        S,
        kebabcase,
        &[(r#"{{ kebabcase "FirstName" }}"#, "first-name")],
    ),
    row(
        "nospace",
        S,
        nospace,
        &[(r#"{{ nospace "a b c" }}"#, "abc")],
    ),
    row(
        "initials",
        S,
        initials,
        &[(r#"{{ initials "First Try" }}"#, "FT")],
    ),
    row(
        "abbrev",
        IS,
        abbrev,
        &[(r#"{{ abbrev 5 "hello world" }}"#, "he...")],
    ),
    row(
        "abbrevboth",
        &[Type::INT, Type::INT, Type::String],
        abbrevboth,
        &[(r#"{{ abbrevboth 5 10 "1234 5678 9123" }}"#, "...5678...")],
    ),
    row(
        "wrap",
        IS,
        wrap,
        &[("{{ wrap 5 \"one two three\" }}", "one\ntwo\nthree")],
    ),
    row(
        "wrapWith",
        &[Type::INT, Type::String, Type::String],
        wrap_with,
        &[(r#"{{ wrapWith 5 "|" "Hello World" }}"#, "Hello|World")],
    ),
    ambient("shuffle", S, shuffle, &[(r#"{{ shuffle "aaa" }}"#, "aaa")]),
    ambient(
        "randAlphaNum",
        I,
        random_alphanumeric,
        &[("{{ randAlphaNum 3 | len }}", "3")],
    ),
    ambient(
        "randAlpha",
        I,
        random_alphabetic,
        &[("{{ randAlpha 3 | len }}", "3")],
    ),
    ambient(
        "randNumeric",
        I,
        random_numeric,
        &[("{{ randNumeric 3 | len }}", "3")],
    ),
    ambient(
        "randAscii",
        I,
        random_ascii,
        &[("{{ randAscii 3 | len }}", "3")],
    ),
];

/// The character a text starts with and its length; a byte that is no UTF-8 is U+FFFD and one byte long.
pub(super) fn first_character(text: &[u8]) -> Option<(char, usize)> {
    let window = &text[..text.len().min(4)];
    if window.is_empty() {
        return None;
    }
    let valid = match std::str::from_utf8(window) {
        Ok(valid) => valid,
        Err(error) => std::str::from_utf8(&window[..error.valid_up_to()]).unwrap_or_default(),
    };
    Some(
        valid
            .chars()
            .next()
            .map_or((char::REPLACEMENT_CHARACTER, 1), |first| {
                (first, first.len_utf8())
            }),
    )
}

/// The character a text ends with and its length, as [`first_character`] takes them.
pub(super) fn last_character(text: &[u8]) -> Option<(char, usize)> {
    for length in 1..=text.len().min(4) {
        let end = &text[text.len() - length..];
        let whole = first_character(end).filter(|(character, size)| {
            *size == length && (length > 1 || *character != char::REPLACEMENT_CHARACTER)
        });
        if whole.is_some() {
            return whole;
        }
    }
    (!text.is_empty()).then_some((char::REPLACEMENT_CHARACTER, 1))
}

fn upper(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(case::map(text(arguments, 0), case::to_upper).into())
}

fn lower(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(case::map(text(arguments, 0), case::to_lower).into())
}

/// Parity: Go, strings.Title: a letter after anything but a letter, digit, underscore or mark begins a word.
fn title(arguments: &[Value]) -> Result<Value, CallError> {
    let mut previous = ' ';
    Ok(case::map(text(arguments, 0), |character| {
        let starts = case::is_separator(previous);
        previous = character;
        if starts {
            case::to_title(character)
        } else {
            character
        }
    })
    .into())
}

fn untitle(arguments: &[Value]) -> Result<Value, CallError> {
    let mut begins = true;
    let whole = string(arguments, 0);
    let changed: String = whole
        .chars()
        .map(|character| {
            if character.is_whitespace() {
                begins = true;
                return character;
            }
            let first = std::mem::take(&mut begins);
            if first {
                case::to_lower(character)
            } else {
                character
            }
        })
        .collect();
    Ok(changed.into())
}

fn swapcase(arguments: &[Value]) -> Result<Value, CallError> {
    let mut after_space = true;
    let whole = string(arguments, 0);
    let swapped: String = whole
        .chars()
        .map(|character| {
            if character.is_uppercase() || case::is_title(character) {
                after_space = false;
                return case::to_lower(character);
            }
            if character.is_lowercase() {
                let first = std::mem::take(&mut after_space);
                return if first {
                    case::to_title(character)
                } else {
                    case::to_upper(character)
                };
            }
            after_space = character.is_whitespace();
            character
        })
        .collect();
    Ok(swapped.into())
}

fn camelcase(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(case::pascal(&string(arguments, 0)).into())
}

fn snakecase(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(case::connected(&string(arguments, 0), '_').into())
}

fn kebabcase(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(case::connected(&string(arguments, 0), '-').into())
}

/// Whether a byte, taken as a character of its own, is white space to Go.
fn is_space_byte(byte: u8) -> bool {
    matches!(
        byte,
        b'\t' | b'\n' | 0x0B | 0x0C | b'\r' | b' ' | 0x85 | 0xA0
    )
}

/// Parity: goutils, `DeleteWhiteSpace`: bytes are taken for characters unless there is nothing to delete.
fn nospace(arguments: &[Value]) -> Result<Value, CallError> {
    let whole = text(arguments, 0);
    if !whole.iter().any(|byte| is_space_byte(*byte)) {
        return Ok(whole.to_vec().into());
    }
    let kept: String = whole
        .iter()
        .filter(|byte| !is_space_byte(**byte))
        .map(|byte| char::from(*byte))
        .collect();
    Ok(kept.into())
}

/// Parity: goutils, `Initials`: bytes are taken for characters.
fn initials(arguments: &[Value]) -> Result<Value, CallError> {
    let mut after_gap = true;
    let mut letters = String::new();
    for byte in text(arguments, 0) {
        if is_space_byte(*byte) {
            after_gap = true;
        } else if std::mem::take(&mut after_gap) {
            letters.push(char::from(*byte));
        }
    }
    Ok(letters.into())
}

fn abbrev(arguments: &[Value]) -> Result<Value, CallError> {
    let (width, whole) = (integer(arguments, 0), text(arguments, 1));
    if width < 4 {
        return Ok(whole.to_vec().into());
    }
    Ok(abbreviated(whole, 0, width).into())
}

fn abbrevboth(arguments: &[Value]) -> Result<Value, CallError> {
    let (left, right, whole) = (
        integer(arguments, 0),
        integer(arguments, 1),
        text(arguments, 2),
    );
    if right < 4 || (left > 0 && right < 7) {
        return Ok(whole.to_vec().into());
    }
    Ok(abbreviated(whole, left, right).into())
}

/// Parity: goutils, `AbbreviateFull`, which counts bytes.
fn abbreviated(whole: &[u8], offset: i64, width: i64) -> Vec<u8> {
    let length = whole.len() as i64;
    if length <= width {
        return whole.to_vec();
    }
    let kept = width - 3;
    let offset = offset.min(length);
    let offset = if length - offset < kept {
        length - kept
    } else {
        offset
    };
    if offset <= 4 {
        return [&whole[..kept as usize], b"..."].concat();
    }
    if offset + kept < length {
        let inner = abbreviated(&whole[offset as usize..], 0, kept);
        return [&b"..."[..], &inner].concat();
    }
    [b"...", &whole[(length - kept) as usize..]].concat()
}

fn wrap(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(wrap::wrapped(text(arguments, 1), integer(arguments, 0), b"", false).into())
}

fn wrap_with(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(wrap::wrapped(
        text(arguments, 2),
        integer(arguments, 0),
        text(arguments, 1),
        true,
    )
    .into())
}

fn shuffle(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    let mut characters: Vec<char> = string(arguments, 0).chars().collect();
    for index in (1..characters.len()).rev() {
        let other = random_below(executor.ambient(), index as u64 + 1) as usize;
        characters.swap(index, other);
    }
    Ok(characters.into_iter().collect::<String>().into())
}

/// A number below `bound`, every one as likely as the others.
pub(super) fn random_below(ambient: &dyn Ambient, bound: u64) -> u64 {
    let bound = bound.max(1);
    let limit = u64::MAX - u64::MAX % bound;
    for _ in 0..128 {
        let mut bytes = [0; 8];
        ambient.fill_random(&mut bytes);
        let number = u64::from_le_bytes(bytes);
        if number < limit {
            return number % bound;
        }
    }
    // Reached only where the entropy never changes.
    0
}

const DIGITS: &[u8] = b"0123456789";
const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ALPHANUMERIC: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The most characters of random text: enough for any secret, and memory stays bounded.
const MOST_RANDOM: i64 = 1 << 24;

/// Random characters of an alphabet; none for a negative count, as Sprig drops the error.
fn random_of(
    executor: &Executor<'_>,
    arguments: &[Value],
    alphabet: &[u8],
) -> Result<Value, CallError> {
    let count = integer(arguments, 0);
    if count > MOST_RANDOM {
        return Err(CallError::new(format!(
            "random text of {count} characters is longer than {MOST_RANDOM}"
        )));
    }
    let ambient = executor.ambient();
    let characters: Vec<u8> = (0..count)
        .map(|_| alphabet[random_below(ambient, alphabet.len() as u64) as usize])
        .collect();
    Ok(characters.into())
}

fn random_alphanumeric(
    executor: &mut Executor<'_>,
    arguments: &[Value],
) -> Result<Value, CallError> {
    random_of(executor, arguments, ALPHANUMERIC)
}

fn random_alphabetic(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    random_of(executor, arguments, LETTERS)
}

fn random_numeric(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    random_of(executor, arguments, DIGITS)
}

fn random_ascii(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    let printable: Vec<u8> = (32..127).collect();
    random_of(executor, arguments, &printable)
}
