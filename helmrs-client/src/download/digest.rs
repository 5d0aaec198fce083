//! Digests of archives as indexes have them.

use super::cache::Fingerprint;

/// Why a text is no digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DigestError {
    /// It holds something else than digits.
    #[error("encoding/hex: invalid byte: U+{byte:04X} '{}'", char::from(*byte))]
    Digit {
        /// The byte.
        byte: u8,
    },
    /// Half a byte is missing.
    #[error("encoding/hex: odd length hex string")]
    Odd,
    /// It is too long or too short.
    #[error("invalid digest length: {0}")]
    Length(usize),
}

/// The bytes of a digest as indexes have it, with or without the name of its algorithm.
pub(super) fn parse(text: &str) -> Result<Option<Fingerprint>, DigestError> {
    let digits = text.split_once(':').map_or(text, |(_, digits)| digits);
    if digits.is_empty() {
        return Ok(None);
    }
    if let Some(byte) = digits.bytes().find(|byte| !byte.is_ascii_hexdigit()) {
        return Err(DigestError::Digit { byte });
    }
    let bytes = hex::decode(digits).map_err(|_| DigestError::Odd)?;
    match <Fingerprint>::try_from(bytes) {
        Ok(fingerprint) => Ok(Some(fingerprint)),
        Err(bytes) => Err(DigestError::Length(bytes.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_come_with_or_without_their_algorithm() {
        let digits = "ab".repeat(32);
        assert_eq!(parse(&digits).unwrap(), Some([0xab; 32]));
        assert_eq!(
            parse(&format!("sha256:{digits}")).unwrap(),
            Some([0xab; 32])
        );
        assert_eq!(parse("").unwrap(), None);
        assert_eq!(
            parse("abcd").unwrap_err().to_string(),
            "invalid digest length: 2"
        );
        assert_eq!(
            parse("xy").unwrap_err().to_string(),
            "encoding/hex: invalid byte: U+0078 'x'"
        );
    }
}
