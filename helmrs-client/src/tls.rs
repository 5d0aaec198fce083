//! How a server's certificate is checked, and which one is shown.
// Parity: Helm, internal/tlsutil/tls.go.

mod cryptography;
mod unchecked;
mod verify;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use reqwest::ClientBuilder;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, Error};
use unchecked::Unchecked;

pub(crate) use cryptography::install_cryptography;
pub(crate) use verify::Verifier;

/// How a server's certificate is checked, and which one is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsOptions {
    /// The certificate to show.
    pub cert_file: Option<PathBuf>,
    /// Its key.
    pub key_file: Option<PathBuf>,
    /// The authorities to trust instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// Whether any certificate will do.
    pub insecure_skip_verify: bool,
}

/// Makes a client follow the options; the error says which file cannot be used.
pub(crate) fn configure(builder: ClientBuilder, tls: &TlsOptions) -> Result<ClientBuilder, String> {
    install_cryptography();
    let identity = match (&tls.cert_file, &tls.key_file) {
        (None, None) => None,
        (certificate, key) => Some(key_pair(
            &read("cert", certificate.as_deref())?,
            &read("key", key.as_deref())?,
        )?),
    };
    let authorities = match &tls.ca_file {
        Some(path) => authorities(path)?,
        None => None,
    };
    let verifier: Arc<dyn ServerCertVerifier> = match authorities {
        _ if tls.insecure_skip_verify => Arc::new(Unchecked),
        Some(authorities) => Arc::new(Verifier::given(authorities)?),
        None => Arc::new(Verifier::system()?),
    };
    let config = ClientConfig::builder()
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let config = match identity {
        Some((chain, key)) => config
            .with_client_auth_cert(chain, key)
            .map_err(|error| unusable(&error))?,
        None => config.with_no_client_auth(),
    };
    Ok(builder.tls_backend_preconfigured(config))
}

/// The authorities of a file; none if it is empty, which counts as no file.
fn authorities(path: &Path) -> Result<Option<Vec<CertificateDer<'static>>>, String> {
    let pem = fs::read(path).map_err(|error| {
        let words = crate::error::operating_system(&error);
        let path = path.display();
        format!("can't read CA file: \"{path}\": open {path}: {words}")
    })?;
    if pem.is_empty() {
        return Ok(None);
    }
    let authorities: Vec<_> = CertificateDer::pem_slice_iter(&pem)
        .map_while(Result::ok)
        .collect();
    if authorities.is_empty() {
        return Err("failed to append certificates from pem block".to_string());
    }
    Ok(Some(authorities))
}

fn read(what: &str, path: Option<&Path>) -> Result<Vec<u8>, String> {
    let path = path.unwrap_or(Path::new(""));
    fs::read(path).map_err(|error| {
        let words = crate::error::operating_system(&error);
        let path = path.display();
        format!("unable to read {what} file: \"{path}\": open {path}: {words}")
    })
}

/// A chain of certificates and the key of its first.
// Parity: Go, crypto/tls, X509KeyPair.
fn key_pair(
    certificates: &[u8],
    key: &[u8],
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), String> {
    let missing = |what: &str| {
        format!(
            "unable to load cert from key pair: tls: failed to find any PEM data in {what} input"
        )
    };
    let chain: Vec<_> = CertificateDer::pem_slice_iter(certificates)
        .map_while(Result::ok)
        .collect();
    if chain.is_empty() {
        return Err(missing("certificate"));
    }
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| missing("key"))?;
    Ok((chain, key))
}

/// Why a certificate and a key cannot be shown together.
fn unusable(error: &Error) -> String {
    let problem = match error {
        Error::InconsistentKeys(_) => "tls: private key does not match public key".to_string(),
        other => other.to_string(),
    };
    format!("unable to load cert from key pair: {problem}")
}
