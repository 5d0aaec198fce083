//! How a session with a database is encrypted, and who the server must be.
// Parity: lib/pq, ssl.go.

use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WantsClientCert, WebPkiServerVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, ConfigBuilder, DigitallySignedStruct, Error, RootCertStore,
    SignatureScheme,
};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::SqlError;
use super::settings::{SqlSettings, SslMode};

/// The encryption that settings ask for.
pub(super) fn encryption(
    settings: &SqlSettings,
    mode: SslMode,
) -> Result<MakeRustlsConnect, SqlError> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(unusable)?;
    let is_checked = match mode {
        SslMode::Disable | SslMode::Prefer => false,
        SslMode::Require => settings.root_certificate.is_some(),
        SslMode::VerifyCa | SslMode::VerifyFull => true,
    };
    let builder =
        if is_checked && mode == SslMode::VerifyFull && settings.root_certificate.is_none() {
            builder.with_platform_verifier().map_err(unusable)?
        } else {
            let authority = if is_checked {
                Some(authority(settings, &provider)?)
            } else {
                None
            };
            let check = Check {
                authority,
                any_name: mode != SslMode::VerifyFull,
                provider,
            };
            builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(check))
        };
    Ok(MakeRustlsConnect::new(identified(builder, settings)?))
}

/// Shows the certificate the settings name, if they do.
fn identified(
    builder: ConfigBuilder<ClientConfig, WantsClientCert>,
    settings: &SqlSettings,
) -> Result<ClientConfig, SqlError> {
    let (Some(certificate), Some(key)) = (&settings.certificate, &settings.key) else {
        return Ok(builder.with_no_client_auth());
    };
    let key = PrivateKeyDer::from_pem_file(key).map_err(|error| named(key, error))?;
    builder
        .with_client_auth_cert(certificates(certificate)?, key)
        .map_err(unusable)
}

/// Checks certificates against the authorities the settings name.
fn authority(
    settings: &SqlSettings,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, SqlError> {
    let Some(path) = &settings.root_certificate else {
        let problem = "pq: sslmode verify-ca needs sslrootcert".to_string();
        return Err(SqlError::settings(problem));
    };
    let mut roots = RootCertStore::empty();
    for certificate in certificates(path)? {
        roots.add(certificate).map_err(unusable)?;
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .build()
        .map_err(unusable)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, SqlError> {
    CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|error| named(path, error))
}

fn named(path: &Path, error: impl std::fmt::Display) -> SqlError {
    SqlError::settings(format!("open {}: {error}", path.display()))
}

fn unusable(error: impl std::fmt::Display) -> SqlError {
    SqlError::settings(format!("tls: {error}"))
}

/// Believes a server as far as a mode of encryption does.
#[derive(Debug)]
struct Check {
    /// Who must vouch for it; none if nobody needs to.
    authority: Option<Arc<WebPkiServerVerifier>>,
    /// Whether it may bear any name.
    any_name: bool,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Check {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(authority) = &self.authority else {
            return Ok(ServerCertVerified::assertion());
        };
        match authority.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        ) {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if self.any_name => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
