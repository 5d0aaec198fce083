//! How a server's certificate is checked, and which one is shown.
// Parity: Helm, internal/tlsutil/tls.go.

use std::fs;
use std::path::{Path, PathBuf};

use reqwest::{Certificate, ClientBuilder, Identity};

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
pub(crate) fn configure(
    mut builder: ClientBuilder,
    tls: &TlsOptions,
) -> Result<ClientBuilder, String> {
    builder = builder.tls_danger_accept_invalid_certs(tls.insecure_skip_verify);
    if tls.cert_file.is_some() || tls.key_file.is_some() {
        let mut pem = read("cert", tls.cert_file.as_deref())?;
        pem.push(b'\n');
        pem.extend(read("key", tls.key_file.as_deref())?);
        let identity = Identity::from_pem(&pem).map_err(|error| key_pair(&error))?;
        builder = builder.identity(identity);
    }
    if let Some(path) = &tls.ca_file {
        let pem = fs::read(path).map_err(|error| {
            let words = crate::error::operating_system(&error);
            let path = path.display();
            format!("can't read CA file: \"{path}\": open {path}: {words}")
        })?;
        // Parity: an empty file counts as none.
        if pem.is_empty() {
            return Ok(builder);
        }
        let authorities = Certificate::from_pem_bundle(&pem).unwrap_or_default();
        if authorities.is_empty() {
            return Err("failed to append certificates from pem block".to_string());
        }
        builder = builder.tls_certs_only(authorities);
    }
    Ok(builder)
}

fn read(what: &str, path: Option<&Path>) -> Result<Vec<u8>, String> {
    let path = path.unwrap_or(Path::new(""));
    fs::read(path).map_err(|error| {
        let words = crate::error::operating_system(&error);
        let path = path.display();
        format!("unable to read {what} file: \"{path}\": open {path}: {words}")
    })
}

/// Why a certificate and a key cannot be shown together.
// Parity: Go, crypto/tls, X509KeyPair.
pub(crate) fn key_pair(error: &reqwest::Error) -> String {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(current) = cause {
        if let Some(rustls::Error::InconsistentKeys(_)) = current.downcast_ref() {
            return "unable to load cert from key pair: tls: private key does not match public key"
                .to_string();
        }
        cause = current.source();
    }
    format!(
        "unable to load cert from key pair: {}",
        crate::error::chain(error)
    )
}
