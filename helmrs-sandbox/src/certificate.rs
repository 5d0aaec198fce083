//! The certificates of one sandbox: an authority that lasts as long as its objects, and the server's.

use std::net::IpAddr;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;

/// Why the certificates could not be made.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// The certificate could not be signed.
    #[error("cannot make the sandbox's certificates")]
    Sign(#[from] rcgen::Error),
    /// The TLS library refuses the certificate.
    #[error("cannot use the sandbox's certificates")]
    Tls(#[from] rustls::Error),
}

/// Who signs for the server; both in PEM.
#[derive(Clone)]
pub(crate) struct Authority {
    /// What clients trust.
    pub(crate) certificate: String,
    /// What signs.
    pub(crate) key: String,
}

impl Authority {
    /// Makes a new one.
    pub(crate) fn new() -> Result<Self, CertificateError> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(Vec::new())?;
        params
            .distinguished_name
            .push(DnType::CommonName, "helmrs sandbox");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![
            KeyUsagePurpose::KeyCertSign,
            KeyUsagePurpose::DigitalSignature,
        ];
        let certificate = params.self_signed(&key)?.pem();
        let key = key.serialize_pem();
        Ok(Self { certificate, key })
    }

    /// The server's side of TLS, with a certificate for this machine and for the address it listens on.
    pub(crate) fn server(&self, address: IpAddr) -> Result<Arc<ServerConfig>, CertificateError> {
        let issuer = Issuer::from_ca_cert_pem(&self.certificate, KeyPair::from_pem(&self.key)?)?;
        let key = KeyPair::generate()?;
        let mut names = vec![
            "localhost".to_owned(),
            "127.0.0.1".to_owned(),
            "::1".to_owned(),
        ];
        names.push(address.to_string());
        names.dedup();
        let mut params = CertificateParams::new(names)?;
        params
            .distinguished_name
            .push(DnType::CommonName, "localhost");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = params.signed_by(&key, &issuer)?;

        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut server = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            )?;
        server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(server))
    }
}
