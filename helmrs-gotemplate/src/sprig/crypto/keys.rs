//! Private keys: made, read from PEM, and written.

use ring::signature::{Ed25519KeyPair, KeyPair as _};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::asn1::{Asn1Error, Fields};
use super::der::{self, tag};
use super::dsa::DsaKey;
use super::ec::{Curve, EcKey};
use super::pem;
use super::random::Generator;
use super::rsa::{RsaError, RsaKey};
use crate::Ambient;

const RSA: &str = "1.2.840.113549.1.1.1";
const EC: &str = "1.2.840.10045.2.1";
const ED25519: &str = "1.3.101.112";
const X25519: &str = "1.3.101.110";

/// A private key of any kind that Sprig reads or makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PrivateKey {
    Rsa(Box<RsaKey>),
    Ec(EcKey),
    Ed25519([u8; 32]),
    /// Made, read and written, but of no use for certificates.
    Dsa(Box<DsaKey>),
    /// Read and written, but of no use for certificates.
    X25519([u8; 32]),
}

/// A new private key of a type in PEM, or what is wrong, as Sprig returns it.
pub(super) fn generate(kind: &str, ambient: &dyn Ambient) -> String {
    let mut generator = Generator::new(ambient);
    let key = match kind {
        "" | "rsa" => PrivateKey::Rsa(Box::new(RsaKey::generate_4096(&mut generator))),
        "dsa" => PrivateKey::Dsa(Box::new(DsaKey::generate(&mut generator))),
        "ecdsa" => PrivateKey::Ec(EcKey::generate(&mut generator)),
        "ed25519" => {
            let mut seed = [0; 32];
            generator.fill(&mut seed);
            PrivateKey::Ed25519(seed)
        }
        other => return format!("Unknown type {other}"),
    };
    key.to_pem()
}

/// Why a text holds no private key that can be read. Parity: Sprig, crypto.go, parsePrivateKeyPEM.
#[derive(Debug, thiserror::Error)]
pub(super) enum KeyError {
    #[error("no PEM data in input")]
    NoPem,
    #[error("no private key data in PEM block of type {0}")]
    NotPrivate(String),
    #[error("invalid private key type {0}")]
    Kind(String),
    #[error("decoding PEM as PKCS#8: {0}")]
    Pkcs8(String),
    #[error("parsing RSA private key from PEM: {0}")]
    Rsa(String),
    #[error("parsing EC private key from PEM: {0}")]
    Ec(String),
    #[error("parsing DSA private key from PEM: {0}")]
    Dsa(#[from] Asn1Error),
}

impl PrivateKey {
    /// A new RSA key of 2048 bits, as Sprig makes for certificates.
    pub(super) fn generate(ambient: &dyn Ambient) -> Self {
        Self::Rsa(Box::new(RsaKey::generate_2048(&mut Generator::new(
            ambient,
        ))))
    }

    /// Reads a key in PEM.
    pub(super) fn parse(text: &[u8]) -> Result<Self, KeyError> {
        let block = pem::decode(text).ok_or(KeyError::NoPem)?;
        let label = String::from_utf8_lossy(&block.label).into_owned();
        let bytes = &block.der;
        match label.as_str() {
            "PRIVATE KEY" => pkcs8(bytes).map_err(KeyError::Pkcs8),
            "RSA PRIVATE KEY" => pkcs1(bytes).map_err(KeyError::Rsa),
            "EC PRIVATE KEY" => sec1(None, bytes).map(Self::Ec).map_err(KeyError::Ec),
            "DSA PRIVATE KEY" => Ok(Self::Dsa(Box::new(DsaKey::parse(bytes)?))),
            other if other.ends_with(" PRIVATE KEY") => Err(KeyError::Kind(label)),
            _ => Err(KeyError::NotPrivate(label)),
        }
    }

    /// The key in PEM, in the form of its kind.
    pub(super) fn to_pem(&self) -> String {
        match self {
            Self::Rsa(key) => pem::encode("RSA PRIVATE KEY", &key.to_pkcs1()),
            Self::Ec(key) => pem::encode("EC PRIVATE KEY", &key.to_sec1()),
            Self::Dsa(key) => pem::encode("DSA PRIVATE KEY", &key.to_der()),
            Self::Ed25519(seed) => pem::encode("PRIVATE KEY", &to_pkcs8(&[0x2B, 0x65, 0x70], seed)),
            Self::X25519(seed) => pem::encode("PRIVATE KEY", &to_pkcs8(&[0x2B, 0x65, 0x6E], seed)),
        }
    }

    /// The public key: what certificates say of its kind, and its bytes. None for kinds that
    /// certificates cannot have.
    pub(super) fn public(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let identifier = |bytes: &[u8]| der::element(tag::OBJECT_IDENTIFIER, &[bytes]);
        match self {
            Self::Rsa(key) => {
                let kind = identifier(&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1]);
                let nothing = der::element(tag::NULL, &[]);
                Some((der::sequence(&[&kind, &nothing]), key.public()))
            }
            Self::Ec(key) => {
                let kind = identifier(&[0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1]);
                let curve = identifier(key.curve.identifier());
                Some((der::sequence(&[&kind, &curve]), key.point.clone()))
            }
            Self::Ed25519(seed) => {
                let kind = der::sequence(&[&identifier(&[0x2B, 0x65, 0x70])]);
                Some((kind, ed25519(seed)?.public_key().as_ref().to_vec()))
            }
            Self::Dsa(_) | Self::X25519(_) => None,
        }
    }

    /// What Go calls the type of the public key.
    pub(super) fn public_type(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "*rsa.PublicKey",
            Self::Ec(_) => "*ecdsa.PublicKey",
            Self::Ed25519(_) => "ed25519.PublicKey",
            Self::Dsa(_) => "*dsa.PublicKey",
            Self::X25519(_) => "*ecdh.PublicKey",
        }
    }

    /// How signatures by this key are named in certificates; none if it cannot sign.
    pub(super) fn algorithm(&self) -> Option<Vec<u8>> {
        let named = |bytes: &[u8], parameters: &[u8]| {
            let identifier = der::element(tag::OBJECT_IDENTIFIER, &[bytes]);
            Some(der::sequence(&[&identifier, parameters]))
        };
        match self {
            Self::Rsa(_) => {
                let nothing = der::element(tag::NULL, &[]);
                named(&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 11], &nothing)
            }
            Self::Ec(key) => {
                let hash = match key.curve {
                    Curve::P224 | Curve::P256 => 2,
                    Curve::P384 => 3,
                    Curve::P521 => 4,
                };
                named(&[0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, hash], &[])
            }
            Self::Ed25519(_) => named(&[0x2B, 0x65, 0x70], &[]),
            Self::Dsa(_) | Self::X25519(_) => None,
        }
    }

    /// Signs a message, where [`algorithm`](Self::algorithm) says how.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, RsaError> {
        const NOT: RsaError = RsaError::Value("this key does not sign");
        match self {
            Self::Rsa(key) => key.sign(message),
            Self::Ec(key) => match key.curve {
                Curve::P224 | Curve::P256 => key.sign(&Sha256::digest(message)),
                Curve::P384 => key.sign(&Sha384::digest(message)),
                Curve::P521 => key.sign(&Sha512::digest(message)),
            }
            .ok_or(NOT),
            Self::Ed25519(seed) => {
                let pair = ed25519(seed).ok_or(NOT)?;
                Ok(pair.sign(message).as_ref().to_vec())
            }
            Self::Dsa(_) | Self::X25519(_) => Err(NOT),
        }
    }
}

fn ed25519(seed: &[u8; 32]) -> Option<Ed25519KeyPair> {
    Ed25519KeyPair::from_seed_unchecked(seed).ok()
}

/// 32 bytes of a kind of key as PKCS#8 has them.
fn to_pkcs8(identifier: &[u8], seed: &[u8]) -> Vec<u8> {
    let identifier = der::element(tag::OBJECT_IDENTIFIER, &[identifier]);
    let seed = der::element(tag::OCTET_STRING, &[seed]);
    der::sequence(&[
        &der::integer(&[0]),
        &der::sequence(&[&identifier]),
        &der::element(tag::OCTET_STRING, &[&seed]),
    ])
}

/// The hint that Go gives where a key is in another form than its PEM block says.
fn use_instead(parser: &str) -> String {
    format!("x509: failed to parse private key (use {parser} instead for this key format)")
}

const USE_PKCS8: &str = "ParsePKCS8PrivateKey";
const USE_PKCS1: &str = "ParsePKCS1PrivateKey";
const USE_EC: &str = "ParseECPrivateKey";

fn pkcs1(bytes: &[u8]) -> Result<PrivateKey, String> {
    match RsaKey::parse(bytes) {
        Ok(key) => Ok(PrivateKey::Rsa(Box::new(key))),
        Err(RsaError::Asn1(Asn1Error::Syntax("trailing data"))) => {
            Err(Asn1Error::Syntax("trailing data").to_string())
        }
        Err(RsaError::Asn1(_)) if EcFields::read(bytes).is_ok() => Err(use_instead(USE_EC)),
        Err(RsaError::Asn1(_)) if Pkcs8::read(bytes).is_ok() => Err(use_instead(USE_PKCS8)),
        Err(error) => Err(error.to_string()),
    }
}

/// Whether bytes have the fields of a key of PKCS#1, whatever their values.
fn is_pkcs1(bytes: &[u8]) -> bool {
    !matches!(RsaKey::parse(bytes), Err(RsaError::Asn1(error)) if error != Asn1Error::Syntax("trailing data"))
}

/// The fields of PKCS#8.
struct Pkcs8<'a> {
    kind: String,
    parameters: &'a [u8],
    key: &'a [u8],
}

impl<'a> Pkcs8<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Asn1Error> {
        let (mut fields, _) = Fields::of(bytes, "pkcs8")?;
        fields.int()?;
        let mut algorithm = fields.nested("AlgorithmIdentifier")?;
        let kind = algorithm.identifier()?;
        let parameters = algorithm.optional_raw()?;
        let key = fields.octets()?;
        Ok(Self {
            kind,
            parameters,
            key,
        })
    }
}

/// Parity: Go, crypto/x509/pkcs8.go, ParsePKCS8PrivateKey.
fn pkcs8(bytes: &[u8]) -> Result<PrivateKey, String> {
    let fields = match Pkcs8::read(bytes) {
        Ok(fields) => fields,
        Err(_) if EcFields::read(bytes).is_ok() => return Err(use_instead(USE_EC)),
        Err(_) if is_pkcs1(bytes) => return Err(use_instead(USE_PKCS1)),
        Err(error) => return Err(error.to_string()),
    };
    let embedded = |kind: &str, error: String| {
        format!("x509: failed to parse {kind} private key embedded in PKCS#8: {error}")
    };
    match fields.kind.as_str() {
        RSA => pkcs1(fields.key).map_err(|error| embedded("RSA", error)),
        EC => {
            let curve = Fields::identifier_of(fields.parameters).ok();
            let key = sec1(curve.as_deref(), fields.key);
            key.map(PrivateKey::Ec)
                .map_err(|error| embedded("EC", error))
        }
        ED25519 => seed("Ed25519", &fields).map(PrivateKey::Ed25519),
        X25519 => seed("X25519", &fields).map(PrivateKey::X25519),
        other => Err(format!(
            "x509: PKCS#8 wrapping contained private key with unknown algorithm: {other}"
        )),
    }
}

/// The 32 bytes that are a key of Curve25519.
fn seed(kind: &str, fields: &Pkcs8<'_>) -> Result<[u8; 32], String> {
    if !fields.parameters.is_empty() {
        return Err(format!("x509: invalid {kind} private key parameters"));
    }
    let seed = Fields::octets_of(fields.key)
        .map_err(|error| format!("x509: invalid {kind} private key: {error}"))?;
    seed.try_into().map_err(|_| match kind {
        "X25519" => "crypto/ecdh: invalid private key size".to_string(),
        _ => format!("x509: invalid {kind} private key length: {}", seed.len()),
    })
}

/// The fields of SEC 1.
struct EcFields<'a> {
    version: i64,
    secret: &'a [u8],
    curve: Option<String>,
}

impl<'a> EcFields<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Asn1Error> {
        let (mut fields, _) = Fields::of(bytes, "ecPrivateKey")?;
        let version = fields.int()?;
        let secret = fields.octets()?;
        let curve = match fields.optional_explicit(0)? {
            // A curve that is spelled out instead of named.
            Some(wrapped) if wrapped.rest().first() != Some(&tag::OBJECT_IDENTIFIER) => None,
            Some(mut wrapped) => Some(wrapped.identifier()?),
            None => None,
        };
        if let Some(mut wrapped) = fields.optional_explicit(1)?
            && wrapped.rest().first() == Some(&tag::BIT_STRING)
        {
            wrapped.bits()?;
        }
        Ok(Self {
            version,
            secret,
            curve,
        })
    }
}

/// Parity: Go, crypto/x509/sec1.go, parseECPrivateKey.
fn sec1(curve: Option<&str>, bytes: &[u8]) -> Result<EcKey, String> {
    let fields = match EcFields::read(bytes) {
        Ok(fields) => fields,
        Err(_) if Pkcs8::read(bytes).is_ok() => return Err(use_instead(USE_PKCS8)),
        Err(_) if is_pkcs1(bytes) => return Err(use_instead(USE_PKCS1)),
        Err(error) => return Err(format!("x509: failed to parse EC private key: {error}")),
    };
    if fields.version != 1 {
        let version = fields.version;
        return Err(format!("x509: unknown EC private key version {version}"));
    }
    let curve = curve.or(fields.curve.as_deref()).and_then(Curve::named);
    let curve = curve.ok_or("x509: unknown elliptic curve")?;
    // Some write fewer or more zeros in front than the curve has.
    let zeros = fields.secret.len().saturating_sub(curve.size());
    let (padding, secret) = fields.secret.split_at(zeros);
    if padding.iter().any(|byte| *byte != 0) {
        return Err("x509: invalid private key length".to_string());
    }
    let mut whole = vec![0; curve.size() - secret.len()];
    whole.extend_from_slice(secret);
    EcKey::new(curve, whole).ok_or_else(|| "ecdsa: invalid public key encoding".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ambient::Fixed;

    #[test]
    fn keys_of_every_kind_are_read_as_they_were_written() {
        for kind in ["ecdsa", "ed25519"] {
            let text = generate(kind, &Fixed::default());
            let key = PrivateKey::parse(text.as_bytes()).expect("a key");
            assert_eq!(key.to_pem(), text, "{kind}");
        }
    }

    #[test]
    fn an_unknown_kind_is_said_in_place_of_the_key() {
        assert_eq!(generate("RSA", &Fixed::default()), "Unknown type RSA");
    }

    #[test]
    fn what_is_no_private_key_says_why() {
        let error = |text: &str| {
            PrivateKey::parse(text.as_bytes())
                .expect_err("none")
                .to_string()
        };
        assert_eq!(error("x"), "no PEM data in input");
        assert_eq!(
            error(&pem::encode("PUBLIC KEY", &[])),
            "no private key data in PEM block of type PUBLIC KEY"
        );
        assert_eq!(
            error(&pem::encode("FOO PRIVATE KEY", &[])),
            "invalid private key type FOO PRIVATE KEY"
        );
        assert_eq!(
            error(&pem::encode("PRIVATE KEY", &[0x30, 3, 2, 1, 0])),
            "decoding PEM as PKCS#8: asn1: syntax error: sequence truncated"
        );
    }
}
