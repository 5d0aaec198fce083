//! Certificates written as Go's `x509.CreateCertificate` writes those that Sprig asks for.

use std::net::IpAddr;

use sha2::{Digest as _, Sha256};

use super::der::{self, tag};
use super::keys::PrivateKey;
use super::rsa::RsaError;
use super::x509::Issuer;
use crate::number::quote;
use crate::time::{Duration, Moment, Zone};

/// Why a certificate could not be made.
#[derive(Debug, thiserror::Error)]
pub(super) enum IssueError {
    #[error("x509: certificate private key does not implement crypto.Signer")]
    NoSigner,
    #[error("x509: unsupported public key type: {0}")]
    PublicKey(&'static str),
    #[error("x509: provided PrivateKey doesn't match parent's PublicKey")]
    OtherKey,
    #[error("x509: {0} cannot be encoded as an IA5String")]
    NotAscii(String),
    #[error("asn1: string not valid UTF-8")]
    NotUtf8,
    #[error("asn1: structure error: cannot represent time as GeneralizedTime")]
    Time,
    #[error(transparent)]
    Signature(#[from] RsaError),
}

/// What a certificate says.
#[derive(Debug, Clone)]
pub(super) struct Request<'a> {
    /// The common name, any bytes.
    pub(super) name: &'a [u8],
    pub(super) addresses: Vec<IpAddr>,
    pub(super) hosts: Vec<&'a [u8]>,
    /// How many days it holds from now on.
    pub(super) days: i64,
    pub(super) authority: bool,
    pub(super) serial: [u8; 16],
    pub(super) now: Moment,
}

/// Who signs.
pub(super) enum Signer<'a> {
    /// The holder of the certificate.
    Itself,
    /// An authority by its certificate and key.
    Authority(&'a Issuer, &'a PrivateKey),
}

/// The certificate of a key, in DER.
///
/// Parity: Go, crypto/x509/x509.go, CreateCertificate: what is checked, and in which order.
pub(super) fn issue(
    request: &Request<'_>,
    key: &PrivateKey,
    signer: &Signer<'_>,
) -> Result<Vec<u8>, IssueError> {
    let signing = match signer {
        Signer::Itself => key,
        Signer::Authority(_, key) => key,
    };
    let algorithm = signing.algorithm().ok_or(IssueError::NoSigner)?;
    let unsupported = || IssueError::PublicKey(key.public_type());
    let (kind, public) = key.public().ok_or_else(unsupported)?;
    let subject = subject(request.name)?;
    let (issuer, known_as) = match signer {
        Signer::Itself => (&subject, &[][..]),
        Signer::Authority(issuer, _) => (&issuer.subject, &issuer.key_identifier[..]),
    };
    if let Signer::Authority(Issuer { public, .. }, key) = signer
        && public.is_some()
        && *public != key.public()
    {
        return Err(IssueError::OtherKey);
    }
    // An authority that signs for its own name is not said to be another.
    let known_as = if *issuer == subject { &[] } else { known_as };
    let extensions = extensions(request, &public, known_as)?;
    let body = der::sequence(&[
        &der::element(tag::constructed(0), &[&der::integer(&[2])]),
        &der::integer(&request.serial),
        &algorithm,
        issuer,
        &validity(request)?,
        &subject,
        &der::sequence(&[&kind, &der::bit_string(&public)]),
        &extensions,
    ]);
    let signature = signing.sign(&body)?;
    Ok(der::sequence(&[
        &body,
        &algorithm,
        &der::bit_string(&signature),
    ]))
}

/// The name of the holder, empty where it has none.
fn subject(name: &[u8]) -> Result<Vec<u8>, IssueError> {
    if name.is_empty() {
        return Ok(der::sequence(&[]));
    }
    let text = std::str::from_utf8(name).map_err(|_| IssueError::NotUtf8)?;
    // The plainest kind of string that holds it.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&byte);
    let kind = if text.bytes().all(plain) {
        tag::PRINTABLE_STRING
    } else {
        tag::UTF8_STRING
    };
    let identifier = der::element(tag::OBJECT_IDENTIFIER, &[&[0x55, 4, 3]]);
    let attribute = der::sequence(&[&identifier, &der::element(kind, &[name])]);
    Ok(der::sequence(&[&der::element(tag::SET, &[&attribute])]))
}

/// From when to when it holds. As in Go, more than 292 years of nanoseconds wrap round.
fn validity(request: &Request<'_>) -> Result<Vec<u8>, IssueError> {
    let day = 24 * 60 * 60 * 1_000_000_000;
    let length = Duration(request.days.wrapping_mul(day));
    let end = request.now.plus(length);
    Ok(der::sequence(&[&time(&request.now)?, &time(&end)?]))
}

/// A time: with two digits of the year where these are enough.
fn time(moment: &Moment) -> Result<Vec<u8>, IssueError> {
    let civil = moment.in_zone(Zone::Utc).civil();
    let (tag, year) = match civil.year {
        1950..2050 => (tag::UTC_TIME, format!("{:02}", civil.year % 100)),
        0..=9999 => (tag::GENERALIZED_TIME, format!("{:04}", civil.year)),
        _ => return Err(IssueError::Time),
    };
    let text = format!(
        "{year}{:02}{:02}{:02}{:02}{:02}Z",
        civil.month, civil.day, civil.hour, civil.minute, civil.second
    );
    Ok(der::element(tag, &[text.as_bytes()]))
}

/// What the key may be used for, whose it is, and where its holder is found.
fn extensions(
    request: &Request<'_>,
    public: &[u8],
    known_as: &[u8],
) -> Result<Vec<u8>, IssueError> {
    let yes = der::element(tag::BOOLEAN, &[&[0xFF]]);
    let mut all = Vec::new();
    let mut push = |identifier: &[u8], critical: bool, value: Vec<u8>| {
        all.extend(der::sequence(&[
            &der::element(tag::OBJECT_IDENTIFIER, &[identifier]),
            if critical { &yes } else { &[] },
            &der::element(tag::OCTET_STRING, &[&value]),
        ]));
    };
    // Digital signature, key encipherment; an authority signs certificates besides.
    let usage: &[u8] = if request.authority {
        &[2, 0xA4]
    } else {
        &[5, 0xA0]
    };
    push(
        &[0x55, 0x1D, 15],
        true,
        der::element(tag::BIT_STRING, &[usage]),
    );
    // To authenticate servers and clients.
    let purpose = |number: u8| {
        let bytes = [0x2B, 6, 1, 5, 5, 7, 3, number];
        der::element(tag::OBJECT_IDENTIFIER, &[&bytes])
    };
    let purposes = der::sequence(&[&purpose(1), &purpose(2)]);
    push(&[0x55, 0x1D, 37], false, purposes);
    let constraints = der::sequence(&[if request.authority { &yes } else { &[] }]);
    push(&[0x55, 0x1D, 19], true, constraints);
    if request.authority {
        let identifier = Sha256::digest(public);
        let identifier = der::element(tag::OCTET_STRING, &[&identifier[..20]]);
        push(&[0x55, 0x1D, 14], false, identifier);
    }
    if !known_as.is_empty() {
        let identifier = der::element(tag::implicit(0), &[known_as]);
        push(&[0x55, 0x1D, 35], false, der::sequence(&[&identifier]));
    }
    let names = alternative_names(request)?;
    if !names.is_empty() {
        // All there is to know the holder by, if it has no name.
        push(
            &[0x55, 0x1D, 17],
            request.name.is_empty(),
            der::sequence(&[&names]),
        );
    }
    Ok(der::element(
        tag::constructed(3),
        &[&der::sequence(&[&all])],
    ))
}

/// Names of hosts, then addresses.
fn alternative_names(request: &Request<'_>) -> Result<Vec<u8>, IssueError> {
    let mut names = Vec::new();
    for host in &request.hosts {
        if !host.is_ascii() {
            return Err(IssueError::NotAscii(quote(host)));
        }
        names.extend(der::element(tag::implicit(2), &[host]));
    }
    for address in &request.addresses {
        let element = match address.to_canonical() {
            IpAddr::V4(address) => der::element(tag::implicit(7), &[&address.octets()]),
            IpAddr::V6(address) => der::element(tag::implicit(7), &[&address.octets()]),
        };
        names.extend(element);
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::*;
    use crate::sprig::crypto::x509;

    fn request(name: &str) -> Request<'_> {
        Request {
            name: name.as_bytes(),
            addresses: Vec::new(),
            hosts: Vec::new(),
            days: 10,
            authority: false,
            serial: [0xFF; 16],
            now: Moment::new(1_700_000_000, 0, Zone::Utc),
        }
    }

    fn key(seed: u8) -> PrivateKey {
        PrivateKey::Ed25519([seed; 32])
    }

    /// What the reference made of this key, at this time and with this serial number.
    #[test]
    fn a_certificate_has_the_bytes_of_the_reference() {
        const EXPECTED: &str = "\
            MIIBOjCB7aADAgECAhBdLYM1/xn+r3XPLMnz8aHdMAUGAytlcDAMMQowCAYDVQQDEwFuMB4XDTI2MTEyMTA5MjQ1OV\
            oXDTI2MTIwMTA5MjQ1OVowDDEKMAgGA1UEAxMBbjAqMAUGAytlcAMhADmWeMzswM78tlf26QOUGPG759QRqVayvDLH\
            Vhiv+jqYo2UwYzAOBgNVHQ8BAf8EBAMCBaAwHQYDVR0lBBYwFAYIKwYBBQUHAwEGCCsGAQUFBwMCMAwGA1UdEwEB/w\
            QCMAAwJAYDVR0RBB0wG4IBZIcQIAENuAAAAAAAAAAAAAAAAYcECgAAATAFBgMrZXADQQAhc0xw743k2XTuDhU9MR4V\
            0LfVgHW6EC3yJGVUdmZokcNDV81MsKtMmjH+/TlBhVT6CP06o8IbUONlRqw6T/sN";
        let decoded = |text: &str| -> Vec<u8> { hex::decode(text).expect("hexadecimal") };
        let mut request = request("n");
        request.hosts = vec![b"d"];
        request.addresses = ["2001:db8::1", "10.0.0.1"]
            .map(|text| text.parse().expect("one"))
            .into();
        request.serial = decoded("5d2d8335ff19feaf75cf2cc9f3f1a1dd")
            .try_into()
            .expect("16 bytes");
        request.now = Moment::new(1_795_253_099, 0, Zone::Utc);
        let seed = decoded("1651ad8c5a458676e1c2fd5de1491cdd3d6c76d72f04b347cafa93b1cef94bce");
        let key = PrivateKey::Ed25519(seed.try_into().expect("32 bytes"));
        let bytes = issue(&request, &key, &Signer::Itself).expect("a certificate");
        assert_eq!(
            base64::engine::general_purpose::STANDARD.encode(bytes),
            EXPECTED
        );
    }

    #[test]
    fn a_certificate_is_read_back() {
        let mut request = request("authority");
        request.authority = true;
        let bytes = issue(&request, &key(1), &Signer::Itself).expect("a certificate");
        let issuer = x509::parse(&bytes).expect("one that can be read");
        assert_eq!(issuer.key_identifier.len(), 20);
        assert_eq!(issuer.public, key(1).public());
    }

    #[test]
    fn only_the_key_of_an_authority_signs_for_it() {
        let bytes = issue(&request("a"), &key(1), &Signer::Itself).expect("a certificate");
        let issuer = x509::parse(&bytes).expect("one that can be read");
        let signed = |seed| {
            issue(
                &request("b"),
                &key(3),
                &Signer::Authority(&issuer, &key(seed)),
            )
        };
        assert!(signed(1).is_ok());
        let error = signed(2).expect_err("another key");
        assert_eq!(
            error.to_string(),
            "x509: provided PrivateKey doesn't match parent's PublicKey"
        );
    }

    #[test]
    fn years_that_two_digits_can_say_take_two() {
        let written = |seconds| time(&Moment::new(seconds, 0, Zone::Utc)).expect("a time");
        assert_eq!(written(0)[2..], *b"700101000000Z");
        assert_eq!(written(2_524_607_999)[2..], *b"491231235959Z");
        assert_eq!(written(2_524_608_000)[2..], *b"20500101000000Z");
        assert!(time(&Moment::new(i64::MAX / 4, 0, Zone::Utc)).is_err());
    }

    #[test]
    fn names_take_the_plainest_string() {
        let kind = |name: &[u8]| subject(name).expect("a name")[11];
        assert_eq!(kind(b"a (b) +"), tag::PRINTABLE_STRING);
        assert_eq!(kind(b"*.a"), tag::UTF8_STRING);
        assert_eq!(kind("ü".as_bytes()), tag::UTF8_STRING);
        assert!(subject(&[0xFF]).is_err());
    }

    #[test]
    fn keys_that_cannot_sign_make_no_certificate() {
        let error = issue(&request("a"), &PrivateKey::X25519([1; 32]), &Signer::Itself);
        let expected = "x509: certificate private key does not implement crypto.Signer";
        assert_eq!(error.expect_err("no signature").to_string(), expected);
    }
}
