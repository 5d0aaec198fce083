//! Private keys as PEM.

use p256::SecretKey;
use rsa::RsaPrivateKey;
use rsa::pkcs1::{DecodeRsaPrivateKey as _, EncodeRsaPrivateKey as _};
use rsa::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, LineEnding};
use rsa::rand_core::{CryptoRng, Error, RngCore};

use super::pem;
use crate::Ambient;
use crate::error::CallError;

/// Bits of an RSA key that `genPrivateKey` makes.
const RSA_BITS: usize = 4096;

/// The ambient entropy as the generator that key generation wants.
pub(super) struct Entropy<'a>(pub(super) &'a dyn Ambient);

impl RngCore for Entropy<'_> {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.0.fill_random(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill_random(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn fill_bytes(&mut self, destination: &mut [u8]) {
        self.0.fill_random(destination);
    }

    fn try_fill_bytes(&mut self, destination: &mut [u8]) -> Result<(), Error> {
        self.0.fill_random(destination);
        Ok(())
    }
}

impl CryptoRng for Entropy<'_> {}

/// A new private key of a type, or what is wrong, as Sprig returns it.
pub(super) fn generate(kind: &str, ambient: &dyn Ambient) -> String {
    let generated = match kind {
        "" | "rsa" => rsa(ambient),
        "ecdsa" => ecdsa(ambient),
        "ed25519" => Ok(ed25519(ambient)),
        other => return format!("Unknown type {other}"),
    };
    generated.unwrap_or_else(|error| format!("failed to generate private key: {error}"))
}

fn rsa(ambient: &dyn Ambient) -> Result<String, String> {
    let key =
        RsaPrivateKey::new(&mut Entropy(ambient), RSA_BITS).map_err(|error| error.to_string())?;
    key.to_pkcs1_pem(LineEnding::LF)
        .map(|pem| pem.to_string())
        .map_err(|error| error.to_string())
}

fn ecdsa(ambient: &dyn Ambient) -> Result<String, String> {
    let key = SecretKey::random(&mut Entropy(ambient));
    key.to_sec1_pem(LineEnding::LF)
        .map(|pem| pem.to_string())
        .map_err(|error| error.to_string())
}

/// An Ed25519 key is any 32 bytes, in PKCS#8 after a fixed header.
fn ed25519(ambient: &dyn Ambient) -> String {
    const HEADER: [u8; 16] = [
        0x30, 0x2E, 2, 1, 0, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 4, 0x22, 4, 0x20,
    ];
    let mut der = HEADER.to_vec();
    der.resize(HEADER.len() + 32, 0);
    ambient.fill_random(&mut der[HEADER.len()..]);
    pem::encode("PRIVATE KEY", &der)
}

/// A private key that certificates are made with: in PKCS#8 to sign with, in PEM to hand out.
pub(super) struct PrivateKey {
    pub(super) pkcs8: Vec<u8>,
    pub(super) pem: String,
}

impl PrivateKey {
    /// A new RSA key of 2048 bits, as Sprig makes for certificates.
    pub(super) fn generate(ambient: &dyn Ambient) -> Result<Self, CallError> {
        let key = RsaPrivateKey::new(&mut Entropy(ambient), 2048)
            .map_err(|error| CallError::new(format!("error generating rsa key: {error}")))?;
        Self::from_rsa(&key)
            .map_err(|error| CallError::new(format!("error pem-encoding key: {error}")))
    }

    fn from_rsa(key: &RsaPrivateKey) -> Result<Self, String> {
        let pkcs8 = key.to_pkcs8_der().map_err(|error| error.to_string())?;
        let pem = key
            .to_pkcs1_pem(LineEnding::LF)
            .map_err(|error| error.to_string())?;
        Ok(Self {
            pkcs8: pkcs8.as_bytes().to_vec(),
            pem: pem.to_string(),
        })
    }

    /// Reads a key in PEM. Parity: Sprig, crypto.go, `parsePrivateKeyPEM`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let block = pem::decode(text).ok_or("no PEM data in input")?;
        let Some(kind) = block.label.strip_suffix("PRIVATE KEY") else {
            return Err(format!(
                "no private key data in PEM block of type {}",
                block.label
            ));
        };
        match kind.trim_end() {
            "" => Self::from_pkcs8(&block.der),
            "RSA" => RsaPrivateKey::from_pkcs1_der(&block.der)
                .map_err(|error| format!("parsing RSA private key from PEM: {error}"))
                .and_then(|key| Self::from_rsa(&key)),
            "EC" => SecretKey::from_sec1_der(&block.der)
                .map_err(|error| format!("parsing EC private key from PEM: {error}"))
                .and_then(|key| Self::from_ec(&key)),
            other => Err(format!("invalid private key type {other}")),
        }
    }

    fn from_ec(key: &SecretKey) -> Result<Self, String> {
        let pkcs8 = key.to_pkcs8_der().map_err(|error| error.to_string())?;
        let pem = key
            .to_sec1_pem(LineEnding::LF)
            .map_err(|error| error.to_string())?;
        Ok(Self {
            pkcs8: pkcs8.as_bytes().to_vec(),
            pem: pem.to_string(),
        })
    }

    /// A key in PKCS#8 is handed out in the form of its own kind.
    fn from_pkcs8(der: &[u8]) -> Result<Self, String> {
        if let Ok(key) = RsaPrivateKey::from_pkcs8_der(der) {
            return Self::from_rsa(&key);
        }
        if let Ok(key) = SecretKey::from_pkcs8_der(der) {
            return Self::from_ec(&key);
        }
        rcgen::KeyPair::try_from(der)
            .map_err(|error| format!("decoding PEM as PKCS#8: {error}"))?;
        Ok(Self {
            pkcs8: der.to_vec(),
            pem: pem::encode("PRIVATE KEY", der),
        })
    }
}
