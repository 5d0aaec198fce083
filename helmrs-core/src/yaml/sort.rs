//! The order in which go-yaml writes a mapping's keys.

use std::sync::LazyLock;

use regex::Regex;

use super::resolve::Dialect;

/// Sorts keys the natural way: letters after the rest, runs of digits by their number.
///
/// This is a merge sort of our own, since Go's order is not always transitive and the standard
/// library may panic on such an order.
pub(super) fn natural<T: Copy + AsRef<str>>(keys: &[T], dialect: Dialect) -> Vec<T> {
    if keys.is_sorted_by(|a, b| !less(b.as_ref(), a.as_ref(), dialect)) {
        return keys.to_vec();
    }
    let (left, right) = keys.split_at(keys.len() / 2);
    let left = natural(left, dialect);
    let right = natural(right, dialect);
    let mut merged = Vec::with_capacity(keys.len());
    let (mut left, mut right) = (left.as_slice(), right.as_slice());
    while let ([a, rest_a @ ..], [b, rest_b @ ..]) = (left, right) {
        if less(b.as_ref(), a.as_ref(), dialect) {
            merged.push(*b);
            right = rest_b;
        } else {
            merged.push(*a);
            left = rest_a;
        }
    }
    merged.extend_from_slice(left);
    merged.extend_from_slice(right);
    merged
}

/// Whether one key goes before another.
// Parity: go-yaml v2 and v3, sorter.go, keyList.Less.
fn less(a: &str, b: &str, dialect: Dialect) -> bool {
    let bytes = a.bytes().zip(b.bytes()).find(|(in_a, in_b)| in_a != in_b);
    if let Some((in_a, in_b)) = bytes
        && in_a.is_ascii_alphabetic()
        && in_b.is_ascii_alphabetic()
    {
        return in_a < in_b;
    }
    let same = a
        .char_indices()
        .zip(b.chars())
        .find(|((_, in_a), in_b)| in_a != in_b)
        .map(|((at, in_a), in_b)| (at, in_a, in_b));
    let Some((at, in_a, in_b)) = same else {
        return a.len() < b.len();
    };
    let (prefix, rest_a, rest_b) = (&a[..at], &a[at..], &b[at..]);
    match (is_letter(in_a), is_letter(in_b)) {
        (true, true) => return in_a < in_b,
        (false, false) => {}
        (letter_a, letter_b) => {
            let after_digit = dialect == Dialect::V3 && prefix.ends_with(is_digit);
            return if after_digit { letter_a } else { letter_b };
        }
    }
    // A zero counts as a digit of a longer number if that number has begun before it.
    let begun = (in_a == '0' || in_b == '0')
        && prefix
            .chars()
            .rev()
            .take_while(|&c| is_digit(c))
            .any(|c| c != '0');
    let (number_a, length_a) = leading_number(rest_a, begun);
    let (number_b, length_b) = leading_number(rest_b, begun);
    (number_a, length_a, in_a) < (number_b, length_b, in_b)
}

/// The number at the start of a text and how many digits it has, with Go's overflow.
fn leading_number(text: &str, begun: bool) -> (i64, usize) {
    let mut number = i64::from(begun);
    let mut length = 0;
    for digit in text.chars().take_while(|&c| is_digit(c)) {
        let digit = i64::from(u32::from(digit)) - i64::from(b'0');
        number = number.wrapping_mul(10).wrapping_add(digit);
        length += 1;
    }
    (number, length)
}

/// Go's `unicode.IsLetter`.
fn is_letter(character: char) -> bool {
    static LETTER: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\A\p{L}").expect("a constant pattern"));
    if character.is_ascii() {
        return character.is_ascii_alphabetic();
    }
    character.is_alphabetic() && LETTER.is_match(character.encode_utf8(&mut [0; 4]))
}

/// Go's `unicode.IsDigit`.
fn is_digit(character: char) -> bool {
    static DIGIT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\A\p{Nd}").expect("a constant pattern"));
    if character.is_ascii() {
        return character.is_ascii_digit();
    }
    character.is_numeric() && DIGIT.is_match(character.encode_utf8(&mut [0; 4]))
}

#[cfg(test)]
mod tests {
    use super::{Dialect, natural};

    #[test]
    fn numbers_sort_by_size_and_letters_last() {
        let keys = [
            "a10", "a2", "b", "a", "_", "A", "1", "é", "a02", "a1b", "a1_",
        ];
        assert_eq!(
            natural(&keys, Dialect::V2),
            [
                "_", "1", "A", "a", "a1_", "a1b", "a2", "a02", "a10", "b", "é"
            ]
        );
    }
}
