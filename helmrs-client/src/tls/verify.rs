//! Whether a server's certificate is believed, with Go's rules where rustls is stricter and in Go's words.
// Parity: Go, crypto/x509/verify.go, Certificate.Verify and HostnameError.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer;

/// From so many names on a certificate's are counted, not listed.
const MOST_NAMES: usize = 100;

/// What is wrong with a certificate, as Go says it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("x509: {0}")]
struct CertificateProblem(String);

/// Checks servers' certificates.
#[derive(Debug)]
pub(crate) struct Verifier {
    authorities: Arc<dyn ServerCertVerifier>,
    /// The authorities' certificates; none if the system knows them.
    given: Option<Vec<CertificateDer<'static>>>,
}

impl Verifier {
    /// Believes whom these authorities vouch for, and each of them for itself.
    pub(crate) fn given(authorities: Vec<CertificateDer<'static>>) -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        for authority in &authorities {
            let added = roots.add(authority.clone());
            added.map_err(|error| format!("x509: malformed certificate: {error}"))?;
        }
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider());
        Ok(Self {
            authorities: verifier.build().map_err(|error| error.to_string())?,
            given: Some(authorities),
        })
    }

    /// Believes whom the system believes.
    pub(crate) fn system() -> Result<Self, String> {
        let verifier = rustls_platform_verifier::Verifier::new(provider());
        Ok(Self {
            authorities: Arc::new(verifier.map_err(|error| error.to_string())?),
            given: None,
        })
    }

    /// Whether the certificate itself is among those of the authorities.
    ///
    /// The library refuses such a one where it may sign others; in Go it stands for itself.
    fn trusts(&self, certificate: &CertificateDer<'_>) -> bool {
        match &self.given {
            Some(given) => given.iter().any(|known| known == certificate),
            None => rustls_native_certs::load_native_certs()
                .certs
                .iter()
                .any(|known| known == certificate),
        }
    }

    /// What the library found wrong, in Go's order and words; none if Go finds nothing.
    fn judge(
        &self,
        found: &CertificateError,
        server: &CertificateDer<'_>,
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Option<CertificateProblem> {
        let Ok((_, certificate)) = X509Certificate::from_der(server) else {
            let problem = format!("malformed certificate: {found:?}");
            return Some(CertificateProblem(problem));
        };
        let problem = expired(&certificate, now).or_else(|| misnamed(&certificate, server, name));
        if let Some(problem) = problem {
            return Some(CertificateProblem(problem));
        }
        if self.trusts(server) {
            return for_other_uses(&certificate).map(CertificateProblem);
        }
        let problem = match found {
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
                "certificate specifies an incompatible key usage".to_string()
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "certificate has expired or is not yet valid".to_string()
            }
            CertificateError::Revoked => "certificate is revoked".to_string(),
            _ => {
                let hint = self.hint(&certificate).unwrap_or_default();
                format!("certificate signed by unknown authority{hint}")
            }
        };
        Some(CertificateProblem(problem))
    }

    /// Names the authority that has the issuer's name and still did not sign.
    // Parity: Go, crypto/x509/verify.go, UnknownAuthorityError.
    fn hint(&self, certificate: &X509Certificate<'_>) -> Option<String> {
        let given = self.given.as_deref()?;
        let mut authorities = given
            .iter()
            .filter_map(|der| Some(X509Certificate::from_der(der).ok()?.1));
        let issuer = certificate.issuer().as_raw();
        let candidate = authorities.find(|authority| authority.subject().as_raw() == issuer)?;
        let subject = candidate.subject();
        let name = subject
            .iter_common_name()
            .chain(subject.iter_organization())
            .find_map(|name| name.as_str().ok())?;
        let reason = match certificate.signature_algorithm.algorithm.to_id_string() {
            id if id.starts_with("1.2.840.113549.1.1.") => "crypto/rsa: verification error",
            id if id.starts_with("1.2.840.10045.4.") => "x509: ECDSA verification failure",
            _ => "x509: Ed25519 verification failure",
        };
        Some(format!(
            " (possibly because of \"{reason}\" while trying to verify candidate authority certificate \"{name}\")"
        ))
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.authorities.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        let Err(Error::InvalidCertificate(found)) = verified else {
            return verified;
        };
        match self.judge(&found, end_entity, server_name, now) {
            None => Ok(ServerCertVerified::assertion()),
            Some(problem) => Err(Error::InvalidCertificate(CertificateError::Other(
                OtherError(Arc::new(problem)),
            ))),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.authorities
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.authorities
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.authorities.supported_verify_schemes()
    }
}

/// The process's cryptography.
fn provider() -> Arc<CryptoProvider> {
    super::install_cryptography();
    CryptoProvider::get_default()
        .cloned()
        .unwrap_or_else(|| Arc::new(rustls::crypto::ring::default_provider()))
}

fn expired(certificate: &X509Certificate<'_>, now: UnixTime) -> Option<String> {
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    let validity = certificate.validity();
    let (order, limit) = match () {
        () if now < validity.not_before.timestamp() => ("before", validity.not_before.timestamp()),
        () if now > validity.not_after.timestamp() => ("after", validity.not_after.timestamp()),
        () => return None,
    };
    let text = |second| {
        jiff::Timestamp::from_second(second).map_or_else(|_| String::new(), |time| time.to_string())
    };
    Some(format!(
        "certificate has expired or is not yet valid: current time {} is {order} {}",
        text(now),
        text(limit)
    ))
}

fn misnamed(
    certificate: &X509Certificate<'_>,
    der: &CertificateDer<'_>,
    name: &ServerName<'_>,
) -> Option<String> {
    let parsed = ParsedCertificate::try_from(der).ok()?;
    if rustls::client::verify_server_name(&parsed, name).is_ok() {
        return None;
    }
    let host = name.to_str();
    let alternatives = certificate.subject_alternative_name().ok().flatten();
    let mut names = Vec::new();
    for general in alternatives
        .iter()
        .flat_map(|list| &list.value.general_names)
    {
        match (general, name) {
            (GeneralName::DNSName(text), ServerName::DnsName(_)) => names.push((*text).to_string()),
            (GeneralName::IPAddress(bytes), ServerName::IpAddress(_)) => {
                names.extend(address(bytes));
            }
            _ => {}
        }
    }
    let mut common = certificate.subject().iter_common_name();
    let is_common = common.any(|common| common.as_str().is_ok_and(|common| common == host));
    Some(match (name, names.as_slice()) {
        _ if alternatives.is_none() && is_common => {
            "certificate relies on legacy Common Name field, use SANs instead".to_string()
        }
        (ServerName::IpAddress(_), []) => {
            format!("cannot validate certificate for {host} because it doesn't contain any IP SANs")
        }
        (ServerName::IpAddress(_), many) if many.len() >= MOST_NAMES => format!(
            "certificate is valid for {} IP SANs, but none matched {host}",
            many.len()
        ),
        (_, []) => format!("certificate is not valid for any names, but wanted to match {host}"),
        (_, many) if many.len() >= MOST_NAMES => format!(
            "certificate is valid for {} names, but none matched {host}",
            many.len()
        ),
        (_, names) => format!("certificate is valid for {}, not {host}", names.join(", ")),
    })
}

fn address(bytes: &[u8]) -> Option<String> {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Some(std::net::Ipv4Addr::from(four).to_string());
    }
    let sixteen = <[u8; 16]>::try_from(bytes).ok()?;
    Some(std::net::Ipv6Addr::from(sixteen).to_string())
}

/// Whether a certificate says what it is for, and servers are not among it.
fn for_other_uses(certificate: &X509Certificate<'_>) -> Option<String> {
    let usage = certificate.extended_key_usage().ok().flatten()?.value;
    let fits = usage.any || usage.server_auth;
    (!fits).then(|| "certificate specifies an incompatible key usage".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(
        names: &[&str],
        change: impl FnOnce(&mut rcgen::CertificateParams),
    ) -> CertificateDer<'static> {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let mut parameters = rcgen::CertificateParams::new(names).unwrap();
        change(&mut parameters);
        let key = rcgen::KeyPair::generate().unwrap();
        parameters.self_signed(&key).unwrap().der().clone()
    }

    fn authority(parameters: &mut rcgen::CertificateParams) {
        parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    }

    /// What is said of a server that shows a certificate.
    fn verdict(
        trusted: &CertificateDer<'static>,
        shown: &CertificateDer<'static>,
        host: &'static str,
    ) -> String {
        let verifier = Verifier::given(vec![trusted.clone()]).unwrap();
        let name = ServerName::try_from(host).unwrap();
        match verifier.verify_server_cert(shown, &[], &name, &[], UnixTime::now()) {
            Ok(_) => "believed".to_string(),
            Err(Error::InvalidCertificate(CertificateError::Other(OtherError(problem)))) => {
                problem.to_string()
            }
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn an_authority_stands_for_itself() {
        let own = certificate(&["localhost"], authority);
        assert_eq!(verdict(&own, &own, "localhost"), "believed");
        assert_eq!(
            verdict(&own, &own, "vm"),
            "x509: certificate is valid for localhost, not vm"
        );
        assert_eq!(
            verdict(&own, &own, "127.0.0.1"),
            "x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs"
        );
    }

    #[test]
    fn a_certificate_is_for_its_time_and_use() {
        let old = certificate(&["a"], |parameters| {
            parameters.not_after = rcgen::date_time_ymd(2001, 2, 3);
        });
        let said = verdict(&old, &old, "a");
        assert!(
            said.starts_with("x509: certificate has expired or is not yet valid: current time "),
            "{said}"
        );
        assert!(said.ends_with(" is after 2001-02-03T00:00:00Z"), "{said}");
        let client = certificate(&["a"], |parameters| {
            authority(parameters);
            parameters.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
        });
        assert_eq!(
            verdict(&client, &client, "a"),
            "x509: certificate specifies an incompatible key usage"
        );
    }

    #[test]
    fn a_strange_authority_of_the_same_name_is_named() {
        let own = certificate(&["a"], authority);
        let other = certificate(&["a"], authority);
        assert_eq!(
            verdict(&own, &other, "a"),
            "x509: certificate signed by unknown authority (possibly because of \"x509: ECDSA verification failure\" \
             while trying to verify candidate authority certificate \"rcgen self signed cert\")"
        );
    }
}
