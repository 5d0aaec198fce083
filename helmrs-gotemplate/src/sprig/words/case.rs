//! Letter case, one character at a time as Go's `unicode` package has it.

use std::sync::LazyLock;

use super::first_character;

/// A text with each character mapped; a byte that is no UTF-8 becomes U+FFFD where anything changes.
pub(super) fn map(text: &[u8], mut change: impl FnMut(char) -> char) -> Vec<u8> {
    let mut output = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((character, length)) = first_character(rest) {
        let changed = change(character);
        let mut buffer = [0; 4];
        output.extend_from_slice(changed.encode_utf8(&mut buffer).as_bytes());
        rest = &rest[length..];
    }
    output
}

/// The upper case of a character where that is one character, else the character itself.
pub(super) fn to_upper(character: char) -> char {
    single(character, character.to_uppercase())
}

/// The lower case of a character where that is one character, else the character itself.
pub(super) fn to_lower(character: char) -> char {
    // Parity: Go maps İ to i alone.
    if character == 'İ' {
        'i'
    } else {
        single(character, character.to_lowercase())
    }
}

/// The title case: the upper case but for the letters that are two in one.
pub(super) fn to_title(character: char) -> char {
    match character {
        'Ǆ' | 'ǅ' | 'ǆ' => 'ǅ',
        'Ǉ' | 'ǈ' | 'ǉ' => 'ǈ',
        'Ǌ' | 'ǋ' | 'ǌ' => 'ǋ',
        'Ǳ' | 'ǲ' | 'ǳ' => 'ǲ',
        // Georgian has no title case: its letters stay.
        'ა'..='ჺ' | 'ჽ'..='ჿ' => character,
        _ => to_upper(character),
    }
}

/// Whether a character is one of the letters that are two in one, the first of them upper case.
pub(super) fn is_title(character: char) -> bool {
    matches!(character, 'ǅ' | 'ǈ' | 'ǋ' | 'ǲ' | 'ᾈ'..='ᾏ' | 'ᾘ'..='ᾟ' | 'ᾨ'..='ᾯ' | 'ᾼ' | 'ῌ' | 'ῼ')
}

/// Whether a word can begin after a character. Parity: Go, strings, `isSeparator`.
pub(super) fn is_separator(character: char) -> bool {
    if character.is_ascii() {
        return !(character.is_ascii_alphanumeric() || character == '_');
    }
    if character.is_alphabetic() || character.is_numeric() {
        return false;
    }
    character.is_whitespace()
}

fn single(character: char, mut mapped: impl Iterator<Item = char>) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        _ => character,
    }
}

fn is_connector(character: char) -> bool {
    character == '-' || character == '_' || character.is_whitespace()
}

/// `http_server` as `HttpServer`. Parity: xstrings, `ToPascalCase`: connectors at the start stay.
pub(super) fn pascal(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    let mut characters = text.chars();
    let Some(first) = characters.by_ref().find(|character| {
        let connector = is_connector(*character);
        if connector {
            output.push(*character);
        }
        !connector
    }) else {
        // Parity: the last of nothing but connectors is written twice.
        output.extend(text.chars().next_back());
        return output;
    };
    let mut in_capitals = first.is_uppercase();
    let mut current = to_upper(first);
    for next in characters {
        let previous = std::mem::replace(&mut current, next);
        if is_connector(current) && is_connector(previous) {
            output.push(previous);
        } else if is_connector(previous) {
            in_capitals = current.is_uppercase();
            current = to_upper(current);
        } else {
            in_capitals = in_capitals && current.is_uppercase();
            if in_capitals {
                current = to_lower(current);
            }
            output.push(previous);
        }
    }
    output.push(current);
    output
}

/// What a word is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    None,
    Number,
    Upper,
    Alphabet,
    Connector,
    Punctuation,
    Other,
}

fn is_punctuation(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_punctuation() && !"$+<=>^`|~".contains(character);
    }
    PUNCTUATION
        .as_ref()
        .is_some_and(|class| class.is_match(character.encode_utf8(&mut [0; 4])))
}

/// The Unicode category P.
static PUNCTUATION: LazyLock<Option<regex::Regex>> =
    LazyLock::new(|| regex::Regex::new(r"\pP").ok());

fn is_alphabet(character: char) -> bool {
    if !character.is_alphabetic() {
        return false;
    }
    // Scripts whose letters stand for words are not an alphabet.
    !matches!(u32::from(character), 0x1100..=0x11FF | 0x2E80..=0x9FFF | 0xA960..=0xA97F | 0xAC00..=0xD7FF | 0xF900..=0xFAFF | 0x1F000..)
}

/// `FirstName` as `first_name`. Parity: xstrings, `camelCaseToLowerCase`.
pub(super) fn connected(text: &str, connector: char) -> String {
    let mut output = String::with_capacity(text.len() + 8);
    let (mut kind, mut word, mut rest) = next_word(text);
    while !rest.is_empty() {
        if kind != Kind::Connector {
            push_lower(&mut output, kind, word, connector);
        }
        let (previous_kind, previous_word) = (kind, word);
        (kind, word, rest) = next_word(rest);
        match previous_kind {
            Kind::Number => {
                while matches!(kind, Kind::Alphabet | Kind::Number) {
                    push_lower(&mut output, kind, word, connector);
                    (kind, word, rest) = next_word(rest);
                }
                if !matches!(kind, Kind::None | Kind::Punctuation | Kind::Connector) {
                    output.push(connector);
                }
            }
            Kind::Connector => push_lower(&mut output, previous_kind, previous_word, connector),
            Kind::Punctuation => {}
            _ if kind != Kind::Number => {
                if !matches!(kind, Kind::Connector | Kind::Punctuation) {
                    output.push(connector);
                }
            }
            _ if rest.is_empty() => {}
            _ => (kind, word, rest) = after_number(&mut output, word, rest, connector),
        }
    }
    push_lower(&mut output, kind, word, connector);
    output
}

/// A number inside a name belongs to the word before it, unless lower-case letters follow it.
fn after_number<'t>(
    output: &mut String,
    number: &str,
    rest: &'t str,
    connector: char,
) -> (Kind, &'t str, &'t str) {
    let (mut kind, mut word, mut rest) = next_word(rest);
    if kind != Kind::Alphabet {
        push_lower(output, Kind::Number, number, connector);
        if !matches!(kind, Kind::Connector | Kind::Punctuation) {
            output.push(connector);
        }
        return (kind, word, rest);
    }
    output.push(connector);
    push_lower(output, Kind::Number, number, connector);
    while matches!(kind, Kind::Alphabet | Kind::Number) {
        push_lower(output, kind, word, connector);
        (kind, word, rest) = next_word(rest);
    }
    if !matches!(kind, Kind::None | Kind::Connector | Kind::Punctuation) {
        output.push(connector);
    }
    (kind, word, rest)
}

fn push_lower(output: &mut String, kind: Kind, word: &str, connector: char) {
    if !matches!(kind, Kind::Upper | Kind::Connector) {
        output.push_str(word);
        return;
    }
    output.extend(word.chars().map(|character| {
        if is_connector(character) {
            connector
        } else if character.is_uppercase() {
            to_lower(character)
        } else {
            character
        }
    }));
}

/// The word a text starts with, what it is made of, and the rest.
fn next_word(text: &str) -> (Kind, &str, &str) {
    let Some(first) = text.chars().next() else {
        return (Kind::None, "", "");
    };
    let run = |belongs: &dyn Fn(char) -> bool| {
        let after_first = &text[first.len_utf8()..];
        let length = after_first
            .find(|character| !belongs(character))
            .unwrap_or(after_first.len());
        first.len_utf8() + length
    };
    let lower_run = |character: char| is_alphabet(character) && !character.is_uppercase();
    let (kind, length) = if is_connector(first) {
        (Kind::Connector, run(&is_connector))
    } else if is_punctuation(first) {
        (Kind::Punctuation, run(&is_punctuation))
    } else if first.is_uppercase() {
        (Kind::Upper, upper_length(text, first))
    } else if is_alphabet(first) {
        (Kind::Alphabet, run(&lower_run))
    } else if first.is_numeric() {
        (Kind::Number, run(&char::is_numeric))
    } else {
        let other = |character: char| {
            !(is_connector(character)
                || is_alphabet(character)
                || character.is_numeric()
                || is_punctuation(character))
        };
        (Kind::Other, run(&other))
    };
    (kind, &text[..length], &text[length..])
}

/// Capitals up to the last before a lower-case letter (`HTTP` of `HTTPStatus`), or one with what follows it (`Status`).
fn upper_length(text: &str, first: char) -> usize {
    let after_first = &text[first.len_utf8()..];
    let capitals = after_first
        .find(|character: char| !character.is_uppercase())
        .unwrap_or(after_first.len());
    if capitals == 0 {
        let lower = |character: char| is_alphabet(character) && !character.is_uppercase();
        return first.len_utf8()
            + after_first
                .find(|character| !lower(character))
                .unwrap_or(after_first.len());
    }
    let end = first.len_utf8() + capitals;
    let last = text[..end].chars().next_back().map_or(0, char::len_utf8);
    if text[end..].chars().next().is_some_and(is_alphabet) {
        end - last
    } else {
        end
    }
}
