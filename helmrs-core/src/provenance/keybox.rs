//! GnuPG's keybox, `pubring.kbx`: keys in blobs, with notes of its own between them.
// Parity: Helm, pkg/provenance/keybox.go.

const HEADER: u8 = 1;
const OPENPGP: u8 = 2;
/// A blob that is not part of the keyring yet.
const EPHEMERAL: u16 = 2;

/// Why a keybox cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum KeyboxError {
    /// The file ends in the head of a blob.
    #[error("truncated blob header at offset {offset}")]
    Truncated { offset: usize },
    /// A blob is shorter than its own head.
    #[error("invalid blob length {length} at offset {offset}")]
    Length { length: u32, offset: usize },
    /// A blob goes on after the end of the file.
    #[error("blob at offset {offset} has length {length} exceeding the {left} remaining bytes")]
    TooLong {
        offset: usize,
        length: u32,
        left: usize,
    },
    /// A blob does not say where its key is.
    #[error("OpenPGP blob at offset {offset} is too short")]
    TooShort { offset: usize },
    /// A blob's key is not within it.
    #[error("OpenPGP blob at offset {offset} has an out-of-range keyblock")]
    OutOfRange { offset: usize },
    /// There are no keys.
    #[error("keybox contains no OpenPGP keys")]
    Empty,
}

/// Whether a file begins as keyboxes do.
pub(super) fn is_keybox(bytes: &[u8]) -> bool {
    bytes.get(4) == Some(&HEADER) && bytes.get(8..12) == Some(b"KBXf")
}

/// The keys of a keybox, one after the other, as other keyrings have them.
pub(super) fn keys(bytes: &[u8]) -> Result<Vec<u8>, KeyboxError> {
    let mut keys = Vec::new();
    let mut offset = 0;
    while offset < bytes.len() {
        let blob = blob(&bytes[offset..], offset)?;
        if blob[4] == OPENPGP {
            keys.extend_from_slice(key(blob, offset)?);
        }
        offset += blob.len();
    }
    if keys.is_empty() {
        return Err(KeyboxError::Empty);
    }
    Ok(keys)
}

/// The blob at the start of some bytes.
fn blob(bytes: &[u8], offset: usize) -> Result<&[u8], KeyboxError> {
    let Some(([head @ .., _], _)) = bytes.split_first_chunk::<5>() else {
        return Err(KeyboxError::Truncated { offset });
    };
    let length = u32::from_be_bytes(*head);
    if length < 5 {
        return Err(KeyboxError::Length { length, offset });
    }
    let left = bytes.len();
    bytes.get(..length as usize).ok_or(KeyboxError::TooLong {
        offset,
        length,
        left,
    })
}

/// The key in a blob; empty if GnuPG would pass over it.
fn key(blob: &[u8], offset: usize) -> Result<&[u8], KeyboxError> {
    let Some((head, _)) = blob.split_first_chunk::<16>() else {
        return Err(KeyboxError::TooShort { offset });
    };
    let [_, _, _, _, _, _, f0, f1, s0, s1, s2, s3, l0, l1, l2, l3] = *head;
    let start = u32::from_be_bytes([s0, s1, s2, s3]) as usize;
    let length = u32::from_be_bytes([l0, l1, l2, l3]) as usize;
    let key = start
        .checked_add(length)
        .and_then(|end| blob.get(start..end))
        .ok_or(KeyboxError::OutOfRange { offset })?;
    let is_ephemeral = u16::from_be_bytes([f0, f1]) & EPHEMERAL != 0;
    Ok(if is_ephemeral { &[] } else { key })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blob(kind: u8, flags: u16, rest: &[u8]) -> Vec<u8> {
        let length = u32::try_from(8 + rest.len()).unwrap();
        let mut blob = length.to_be_bytes().to_vec();
        blob.extend([kind, 1]);
        blob.extend(flags.to_be_bytes());
        blob.extend(rest);
        blob
    }

    fn key_blob(flags: u16, start: u8, length: u8, rest: &[u8]) -> Vec<u8> {
        let mut fields = vec![0, 0, 0, start, 0, 0, 0, length];
        fields.extend(rest);
        blob(OPENPGP, flags, &fields)
    }

    #[test]
    fn keys_are_taken_out_of_their_blobs() {
        let header = blob(HEADER, 2, b"KBXf");
        let ring = [
            header.clone(),
            key_blob(0, 17, 3, b"_key_"),
            key_blob(EPHEMERAL, 16, 3, b"not"),
            blob(3, 0, b"certificate"),
        ]
        .concat();
        assert!(is_keybox(&ring));
        assert_eq!(keys(&ring).unwrap(), b"key");
        assert_eq!(keys(&header), Err(KeyboxError::Empty));
        assert!(!is_keybox(b"KBXf"));
    }

    #[test]
    fn what_is_broken_is_named_with_its_place() {
        let error = |bytes: &[u8]| keys(bytes).unwrap_err().to_string();
        assert_eq!(error(&[0, 0]), "truncated blob header at offset 0");
        assert_eq!(error(&[0, 0, 0, 4, 1]), "invalid blob length 4 at offset 0");
        assert_eq!(
            error(&[0, 0, 0, 9, 1]),
            "blob at offset 0 has length 9 exceeding the 5 remaining bytes"
        );
        assert_eq!(
            error(&blob(OPENPGP, 0, b"1234567")),
            "OpenPGP blob at offset 0 is too short"
        );
        assert_eq!(
            error(&key_blob(0, 17, 3, b"key")),
            "OpenPGP blob at offset 0 has an out-of-range keyblock"
        );
    }
}
