//! Why a key, a keyring or a signature is not taken.

/// Why a key, a keyring or a signature is not taken, in the words of the reference's OpenPGP library.
// Parity: ProtonMail/go-crypto, openpgp/errors/errors.go.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenPgpError {
    /// The data is not what the format asks for.
    #[error("openpgp: invalid data: {0}")]
    Structure(String),
    /// The data is well-formed, but nobody here knows how to handle it.
    #[error("openpgp: unsupported feature: {0}")]
    Unsupported(String),
    /// A key and a signature do not go together.
    #[error("openpgp: invalid argument: {0}")]
    Argument(String),
    /// A signature is wrong.
    #[error("openpgp: invalid signature: {0}")]
    Signature(String),
    /// A secret key does not belong to its public key.
    #[error("openpgp: invalid key: {0}")]
    Key(&'static str),
    /// A public key is no point of its curve.
    #[error("{0}: failed to parse EC point")]
    Point(&'static str),
    /// A packet must not be passed over, but nobody here knows it.
    #[error("openpgp: unknown critical packet type: {0}")]
    CriticalPacket(u8),
    /// The secret part of a key was left out when it was exported.
    #[error("openpgp: s2k GNU dummy key: dummy key found")]
    Dummy,
    /// No key of the ring made the signature, or none that may sign.
    #[error("openpgp: signature made by unknown entity")]
    UnknownIssuer,
    /// The key that made the signature was revoked.
    #[error("openpgp: signature made by revoked key")]
    Revoked,
    /// The key that made the signature has expired.
    #[error("openpgp: key expired")]
    KeyExpired,
    /// The signature has expired, or that of the key which made it.
    #[error("openpgp: signature expired")]
    SignatureExpired,
    /// The data ends where it must not.
    #[error("unexpected EOF")]
    Truncated,
    /// Compressed data is none.
    #[error("zlib: invalid header")]
    Compressed,
    /// A character does not belong to the alphabet of base64.
    #[error("illegal base64 data at input byte {0}")]
    Base64(usize),
    /// A passphrase does not open a secret key that is sealed.
    #[error("{0}")]
    Sealed(&'static str),
}

impl OpenPgpError {
    pub(super) fn structure(text: impl Into<String>) -> Self {
        Self::Structure(text.into())
    }

    pub(super) fn unsupported(text: impl Into<String>) -> Self {
        Self::Unsupported(text.into())
    }
}
