//! The algorithms and curves of public keys.
// Parity: ProtonMail/go-crypto, openpgp/packet/packet.go and openpgp/internal/ecc/curve_info.go.

/// An algorithm of public keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    Rsa,
    /// RSA that may not sign.
    RsaForEncryption,
    ElGamal,
    Dsa,
    Ecdh,
    Ecdsa,
    EdDsa,
    X25519,
    X448,
    Ed25519,
    Ed448,
}

/// The algorithm of a number.
pub(super) fn of(number: u8) -> Option<Algorithm> {
    Some(match number {
        1 | 3 => Algorithm::Rsa,
        2 => Algorithm::RsaForEncryption,
        16 => Algorithm::ElGamal,
        17 => Algorithm::Dsa,
        18 => Algorithm::Ecdh,
        19 => Algorithm::Ecdsa,
        22 => Algorithm::EdDsa,
        25 => Algorithm::X25519,
        26 => Algorithm::X448,
        27 => Algorithm::Ed25519,
        28 => Algorithm::Ed448,
        _ => return None,
    })
}

impl Algorithm {
    /// Whether its keys can sign.
    pub(super) fn can_sign(self) -> bool {
        matches!(
            self,
            Self::Rsa | Self::Dsa | Self::Ecdsa | Self::EdDsa | Self::Ed25519 | Self::Ed448
        )
    }

    /// What is said of a signature that is wrong.
    pub(super) fn failure(self) -> &'static str {
        match self {
            Self::Rsa => "RSA verification failure",
            Self::Dsa => "DSA verification failure",
            Self::Ecdsa => "ECDSA verification failure",
            Self::EdDsa => "EdDSA verification failure",
            Self::Ed25519 => "Ed25519 verification failure",
            Self::Ed448 => "ed448 verification failure",
            _ => "Unsupported public key algorithm used in signature",
        }
    }
}

/// What a curve is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Curve {
    /// Agreeing on a key, and ECDSA.
    Short,
    /// Agreeing on a key.
    Montgomery,
    /// EdDSA.
    Edwards,
}

/// The curve of an object identifier.
pub(super) fn curve(oid: &[u8]) -> Option<Curve> {
    Some(match oid {
        // NIST P-256, P-384 and P-521, secp256k1, Brainpool P256r1, P384r1 and P512r1.
        [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]
        | [0x2b, 0x81, 0x04, 0x00, 0x22 | 0x23 | 0x0a]
        | [
            0x2b,
            0x24,
            0x03,
            0x03,
            0x02,
            0x08,
            0x01,
            0x01,
            0x07 | 0x0b | 0x0d,
        ] => Curve::Short,
        [0x2b, 0x06, 0x01, 0x04, 0x01, 0x97, 0x55, 0x01, 0x05, 0x01] | [0x2b, 0x65, 0x6f] => {
            Curve::Montgomery
        }
        [0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x0f, 0x01] | [0x2b, 0x65, 0x71] => {
            Curve::Edwards
        }
        _ => return None,
    })
}
