//! Base64 read as Go's `encoding/base64` reads it: newlines are passed over, and errors say where.

/// The text is not base64 at this byte.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("illegal base64 data at input byte {0}")]
pub(crate) struct DecodeError(usize);

fn digit(byte: u8) -> Option<u32> {
    Some(match byte {
        b'A'..=b'Z' => u32::from(byte - b'A'),
        b'a'..=b'z' => u32::from(byte - b'a') + 26,
        b'0'..=b'9' => u32::from(byte - b'0') + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

/// Decodes padded standard base64.
///
/// Parity: Go, encoding/base64, `decodeQuantum`: where the error is placed depends on how far a group of four was read.
pub(crate) fn decode(text: &[u8]) -> Result<Vec<u8>, DecodeError> {
    let mut output = Vec::with_capacity(text.len() / 4 * 3);
    let mut position = 0;
    let mut group: Vec<u32> = Vec::with_capacity(4);
    while let Some(byte) = text.get(position) {
        position += 1;
        match byte {
            b'\n' | b'\r' => {}
            b'=' => {
                end_padding(text, position, group.len())?;
                push_group(&mut output, &group);
                return Ok(output);
            }
            _ => {
                group.push(digit(*byte).ok_or(DecodeError(position - 1))?);
                if group.len() == 4 {
                    push_group(&mut output, &group);
                    group.clear();
                }
            }
        }
    }
    if group.is_empty() {
        Ok(output)
    } else {
        Err(DecodeError(position - group.len()))
    }
}

/// Checks what follows the first `=`, which stands before `position`.
fn end_padding(text: &[u8], mut position: usize, digits: usize) -> Result<(), DecodeError> {
    let skip_newlines = |mut at: usize| {
        while matches!(text.get(at), Some(b'\n' | b'\r')) {
            at += 1;
        }
        at
    };
    if digits < 2 {
        return Err(DecodeError(position - 1));
    }
    if digits == 2 {
        position = skip_newlines(position);
        match text.get(position) {
            None => return Err(DecodeError(text.len())),
            Some(b'=') => position += 1,
            Some(_) => return Err(DecodeError(position - 1)),
        }
    }
    position = skip_newlines(position);
    if position < text.len() {
        Err(DecodeError(position))
    } else {
        Ok(())
    }
}

/// Two digits make one byte, three make two, four make three.
fn push_group(output: &mut Vec<u8>, group: &[u32]) {
    let bits = group
        .iter()
        .enumerate()
        .fold(0, |bits, (index, digit)| bits | digit << (18 - 6 * index));
    let bytes = [(bits >> 16) as u8, (bits >> 8) as u8, bits as u8];
    output.extend_from_slice(&bytes[..group.len().saturating_sub(1)]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newlines_are_passed_over() {
        assert_eq!(decode(b"aGVs\nbG8=\n"), Ok(b"hello".to_vec()));
    }

    #[test]
    fn errors_say_where() {
        assert_eq!(decode(b"a"), Err(DecodeError(0)));
        assert_eq!(decode(b"aGVsbG8"), Err(DecodeError(4)));
        assert_eq!(decode(b"aGVs!G8="), Err(DecodeError(4)));
        assert_eq!(decode(b"aGVsbG8=x"), Err(DecodeError(8)));
        assert_eq!(decode(b"===="), Err(DecodeError(0)));
    }
}
