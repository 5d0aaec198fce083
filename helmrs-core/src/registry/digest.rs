//! Content named by its hash: `sha256:…`.
// Parity: github.com/opencontainers/go-digest, digest.go and algorithm.go.

use std::fmt;

use sha2::{Digest as _, Sha256, Sha384, Sha512};

/// The name of content by its hash.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest {
    algorithm: Algorithm,
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Algorithm {
    Sha256,
    Sha384,
    Sha512,
}

/// Why a text names no content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DigestError {
    /// The text has not the shape of a digest.
    #[error("invalid checksum digest format")]
    Format,
    /// The hash is longer or shorter than its algorithm's.
    #[error("invalid checksum digest length")]
    Length,
    /// Nobody knows the algorithm.
    #[error("unsupported digest algorithm")]
    Unsupported,
}

impl Digest {
    /// Reads a digest.
    ///
    /// # Examples
    ///
    /// ```
    /// use helmrs_core::registry::{Digest, DigestError};
    ///
    /// let digest = Digest::of(b"");
    /// assert_eq!(Digest::parse(digest.as_str()), Ok(digest));
    /// assert_eq!(Digest::parse("sha256:abc"), Err(DigestError::Length));
    /// assert_eq!(Digest::parse("md5:abc"), Err(DigestError::Unsupported));
    /// ```
    pub fn parse(text: &str) -> Result<Self, DigestError> {
        let (name, hash) = match text.split_once(':') {
            Some((name, hash)) if !name.is_empty() && !hash.is_empty() => (name, hash),
            _ => return Err(DigestError::Format),
        };
        let (algorithm, length) = match name {
            "sha256" => (Algorithm::Sha256, 64),
            "sha384" => (Algorithm::Sha384, 96),
            "sha512" => (Algorithm::Sha512, 128),
            _ if has_shape(name, hash) => return Err(DigestError::Unsupported),
            _ => return Err(DigestError::Format),
        };
        if hash.len() != length {
            return Err(DigestError::Length);
        }
        let is_digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if !hash.bytes().all(is_digit) {
            return Err(DigestError::Format);
        }
        let text = text.to_owned();
        Ok(Self { algorithm, text })
    }

    /// The digest of content, by SHA-256.
    pub fn of(content: &[u8]) -> Self {
        let text = format!("sha256:{}", hex::encode(Sha256::digest(content)));
        let algorithm = Algorithm::Sha256;
        Self { algorithm, text }
    }

    /// The digest as it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What hashes content the way this digest was made.
    pub fn hasher(&self) -> Hasher {
        Hasher(match self.algorithm {
            Algorithm::Sha256 => State::Sha256(Sha256::new()),
            Algorithm::Sha384 => State::Sha384(Sha384::new()),
            Algorithm::Sha512 => State::Sha512(Sha512::new()),
        })
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// Whether a text could be a digest of an algorithm that is not known here.
fn has_shape(name: &str, hash: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let mut words = name.split(['.', '+', '_', '-']);
    words.all(|word| !word.is_empty() && word.bytes().all(is_plain))
        && hash
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"=_-".contains(&byte))
}

/// Hashes content that comes piece by piece.
#[derive(Clone, Debug)]
pub struct Hasher(State);

#[derive(Clone, Debug)]
enum State {
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
}

impl Hasher {
    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        match &mut self.0 {
            State::Sha256(hasher) => hasher.update(piece),
            State::Sha384(hasher) => hasher.update(piece),
            State::Sha512(hasher) => hasher.update(piece),
        }
    }

    /// Whether the pieces together are what a digest names.
    pub fn matches(self, digest: &Digest) -> bool {
        let hash = match self.0 {
            State::Sha256(hasher) => hex::encode(hasher.finalize()),
            State::Sha384(hasher) => hex::encode(hasher.finalize()),
            State::Sha512(hasher) => hex::encode(hasher.finalize()),
        };
        let named = digest.text.split_once(':').map(|(_, hash)| hash);
        named == Some(hash.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_recognized_by_each_algorithm() {
        for digest in [
            Digest::of(b"chart").to_string(),
            format!("sha384:{}", hex::encode(Sha384::digest(b"chart"))),
            format!("sha512:{}", hex::encode(Sha512::digest(b"chart"))),
        ] {
            let digest = Digest::parse(&digest).unwrap();
            let mut hasher = digest.hasher();
            hasher.update(b"cha");
            hasher.update(b"rt");
            assert!(hasher.matches(&digest));
            assert!(!digest.hasher().matches(&digest));
        }
    }

    #[test]
    fn what_is_no_digest_is_told_apart() {
        let capitals = format!("sha256:{}", "A".repeat(64));
        assert_eq!(Digest::parse(&capitals), Err(DigestError::Format));
        assert_eq!(Digest::parse("sha256"), Err(DigestError::Format));
        assert_eq!(Digest::parse("sha256:"), Err(DigestError::Format));
        assert_eq!(Digest::parse("MD5:00"), Err(DigestError::Format));
        assert_eq!(Digest::parse("x+y:00"), Err(DigestError::Unsupported));
    }
}
