//! Base32 as Go's `encoding/base32` writes and reads it.

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The text is not base32 at this byte.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("illegal base32 data at input byte {0}")]
pub(crate) struct DecodeError(usize);

/// Encodes with padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut output = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for group in bytes.chunks(5) {
        let mut block = [0_u8; 8];
        block[3..3 + group.len()].copy_from_slice(group);
        let bits = u64::from_be_bytes(block);
        let digits = (group.len() * 8).div_ceil(5);
        for index in 0..8 {
            let digit = (bits >> (35 - 5 * index)) as usize & 31;
            output.push(if index < digits {
                char::from(ALPHABET[digit])
            } else {
                '='
            });
        }
    }
    output
}

/// Decodes padded base32; newlines are passed over.
///
/// Parity: Go, encoding/base32, `decode`, which counts positions in the text without its newlines.
pub(crate) fn decode(text: &[u8]) -> Result<Vec<u8>, DecodeError> {
    let text: Vec<u8> = text
        .iter()
        .copied()
        .filter(|byte| !matches!(byte, b'\n' | b'\r'))
        .collect();
    let mut output = Vec::with_capacity(text.len() / 8 * 5);
    let mut ended = false;
    for (number, group) in text.chunks(8).enumerate() {
        let start = number * 8;
        if ended {
            return Err(DecodeError(start));
        }
        let digits = group_digits(group, start)?;
        ended = digits.len() < 8;
        let bits = digits
            .iter()
            .enumerate()
            .fold(0_u64, |bits, (index, digit)| {
                bits | digit << (35 - 5 * index)
            });
        output.extend_from_slice(&bits.to_be_bytes()[3..3 + digits.len() * 5 / 8]);
    }
    Ok(output)
}

/// The digits of a group of eight characters, without its padding.
fn group_digits(group: &[u8], start: usize) -> Result<Vec<u64>, DecodeError> {
    let mut digits = Vec::with_capacity(8);
    for (index, byte) in group.iter().enumerate() {
        if *byte == b'=' && index >= 2 {
            return padded(group, start, digits);
        }
        let digit = ALPHABET
            .iter()
            .position(|known| known == byte)
            .ok_or(DecodeError(start + index))?;
        digits.push(digit as u64);
    }
    if group.len() < 8 {
        Err(DecodeError(start))
    } else {
        Ok(digits)
    }
}

fn padded(group: &[u8], start: usize, digits: Vec<u64>) -> Result<Vec<u64>, DecodeError> {
    let index = digits.len();
    if group.len() < 8 {
        return Err(DecodeError(start + group.len()));
    }
    if let Some(other) = group[index..].iter().position(|byte| *byte != b'=') {
        return Err(DecodeError(start + index + other - 1));
    }
    // Only these counts of digits end at a whole byte.
    if matches!(index, 2 | 4 | 5 | 7) {
        Ok(digits)
    } else {
        Err(DecodeError(start + index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_survives_the_way_there_and_back() {
        for length in 0..12 {
            let bytes: Vec<u8> = (0..length).map(|byte| byte * 23).collect();
            assert_eq!(decode(encode(&bytes).as_bytes()), Ok(bytes));
        }
    }
}
