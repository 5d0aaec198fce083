//! Certificates read, as far as an authority's matters and as Go refuses them.
//!
//! Parity: Go, crypto/x509/parser.go.

use std::collections::BTreeSet;

use super::der::{Reader, is_minimal, tag};
use super::ec::Curve;

/// What of a certificate those it signs depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Issuer {
    /// The subject as it is encoded.
    pub(super) subject: Vec<u8>,
    /// What others call its key, where it says so.
    pub(super) key_identifier: Vec<u8>,
    /// The kind and bytes of its public key, if it is of a kind that is known.
    pub(super) public: Option<(Vec<u8>, Vec<u8>)>,
}

/// Why bytes are no certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum CertificateError {
    #[error("x509: {0}")]
    Malformed(&'static str),
    #[error("x509: invalid RDNSequence: invalid attribute value: {0}")]
    Attribute(&'static str),
    #[error("x509: certificate contains duplicate extension with OID \"{0}\"")]
    Duplicate(String),
    #[error("x509: cannot parse IP address of length {0}")]
    Address(usize),
    #[error("ecdsa: invalid public key encoding")]
    Point,
}

use CertificateError::Malformed;

type Result<T> = std::result::Result<T, CertificateError>;

/// What was read, or the error that says what it was to be.
fn expect<T>(read: Option<T>, error: &'static str) -> Result<T> {
    read.ok_or(Malformed(error))
}

/// Reads a certificate and nothing after it.
pub(super) fn parse(bytes: &[u8]) -> Result<Issuer> {
    let mut outer = Reader(bytes);
    let whole = expect(outer.read(tag::SEQUENCE), "malformed certificate")?;
    let mut input = Reader(whole);
    let body = expect(input.read(tag::SEQUENCE), "malformed tbs certificate")?;
    let mut body = Reader(body);
    let version = version(&mut body)?;
    let serial = expect(body.integer(), "malformed serial number")?;
    if serial[0] >= 0x80 {
        return Err(Malformed("negative serial number"));
    }
    let algorithm = body.read(tag::SEQUENCE);
    let algorithm = expect(algorithm, "malformed signature algorithm identifier")?;
    let again = expect(input.read(tag::SEQUENCE), "malformed algorithm identifier")?;
    if algorithm != again {
        return Err(Malformed(
            "inner and outer signature algorithm identifiers don't match",
        ));
    }
    algorithm_identifier(algorithm)?;
    name(expect(body.whole(tag::SEQUENCE), "malformed issuer")?)?;
    let mut validity = Reader(expect(body.read(tag::SEQUENCE), "malformed validity")?);
    time(&mut validity)?;
    time(&mut validity)?;
    let subject = expect(body.whole(tag::SEQUENCE), "malformed issuer")?;
    name(subject)?;
    let public = public_key(expect(body.read(tag::SEQUENCE), "malformed spki")?)?;
    let mut key_identifier = Vec::new();
    if version > 1 {
        let issuer = body.optional(tag::implicit(1));
        expect(issuer, "malformed issuerUniqueID")?;
        let holder = body.optional(tag::implicit(2));
        expect(holder, "malformed subjectUniqueID")?;
    }
    if version == 3 {
        let extensions = body.optional(tag::constructed(3));
        if let Some(all) = expect(extensions, "malformed extensions")? {
            key_identifier = self::extensions(all)?;
        }
    }
    expect(input.bits(), "malformed signature")?;
    if !outer.is_empty() {
        return Err(Malformed("trailing data"));
    }
    Ok(Issuer {
        subject: subject.to_vec(),
        key_identifier,
        public,
    })
}

/// The version, 1 to 3.
fn version(body: &mut Reader<'_>) -> Result<u8> {
    let wrapped = expect(body.optional(tag::constructed(0)), "malformed version")?;
    let Some(wrapped) = wrapped else {
        return Ok(1);
    };
    let mut wrapped = Reader(wrapped);
    let number = expect(wrapped.integer(), "malformed version")?;
    match number {
        _ if !wrapped.is_empty() => Err(Malformed("malformed version")),
        [number @ 0..=2] => Ok(number + 1),
        [3] => Err(Malformed("invalid version")),
        _ => Err(Malformed("malformed version")),
    }
}

/// An algorithm's identifier in dots and its parameters with their header.
fn algorithm_identifier(bytes: &[u8]) -> Result<(String, &[u8])> {
    let mut fields = Reader(bytes);
    let identifier = expect(fields.identifier(), "malformed OID")?;
    if fields.is_empty() {
        return Ok((identifier, &[]));
    }
    let (_, parameters, _) = expect(fields.any(), "malformed parameters")?;
    Ok((identifier, parameters))
}

fn name(bytes: &[u8]) -> Result<()> {
    const SEQUENCE: &str = "invalid RDNSequence";
    let mut sets = Reader(expect(Reader(bytes).read(tag::SEQUENCE), SEQUENCE)?);
    while !sets.is_empty() {
        let mut set = Reader(expect(sets.read(tag::SET), SEQUENCE)?);
        while !set.is_empty() {
            let attribute = set.read(tag::SEQUENCE);
            let attribute = expect(attribute, "invalid RDNSequence: invalid attribute")?;
            let mut attribute = Reader(attribute);
            let kind = attribute.identifier();
            expect(kind, "invalid RDNSequence: invalid attribute type")?;
            let value = attribute.any();
            let (tag, _, value) =
                value.ok_or(CertificateError::Attribute("invalid ASN.1 element"))?;
            attribute_value(tag, value).map_err(CertificateError::Attribute)?;
        }
    }
    Ok(())
}

/// Checks the value of an attribute by its tag.
fn attribute_value(kind: u8, value: &[u8]) -> std::result::Result<(), &'static str> {
    let check = |holds: bool, error| if holds { Ok(()) } else { Err(error) };
    match kind {
        tag::PRINTABLE_STRING => check(
            value.iter().all(|byte| is_printable(*byte)),
            "invalid PrintableString",
        ),
        tag::UTF8_STRING => check(std::str::from_utf8(value).is_ok(), "invalid UTF-8 string"),
        tag::IA5_STRING => check(value.is_ascii(), "invalid IA5String"),
        tag::NUMERIC_STRING => {
            let digits = value
                .iter()
                .all(|byte| byte.is_ascii_digit() || *byte == b' ');
            check(digits, "invalid NumericString")
        }
        tag::BMP_STRING => check(is_bmp(value), "invalid BMPString"),
        tag::INTEGER => check(
            is_minimal(value) && value.len() <= 8,
            "invalid ASN.1 integer",
        ),
        tag::BOOLEAN => check(matches!(value, [0 | 0xFF]), "invalid ASN.1 BOOLEAN"),
        tag::OBJECT_IDENTIFIER => {
            let identifier = super::der::identifier(value).is_some();
            check(identifier, "invalid ASN.1 OBJECT IDENTIFIER")
        }
        _ => Ok(()),
    }
}

/// The characters of a printable string, and the two more that Go lets pass when it reads one.
fn is_printable(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" '()+,-./:=?*&".contains(&byte)
}

fn is_bmp(value: &[u8]) -> bool {
    let unfit = |pair: &[u8]| {
        let point = u16::from_be_bytes([pair[0], pair[1]]);
        matches!(point, 0xFFFE | 0xFFFF | 0xFDD0..=0xFDEF | 0xD800..=0xDFFF)
    };
    value.len().is_multiple_of(2) && !value.chunks_exact(2).any(unfit)
}

fn time(fields: &mut Reader<'_>) -> Result<()> {
    let (year, error, kind) = match fields.peek() {
        Some(tag::UTC_TIME) => (2, "malformed UTCTime", tag::UTC_TIME),
        Some(tag::GENERALIZED_TIME) => (4, "malformed GeneralizedTime", tag::GENERALIZED_TIME),
        _ => return Err(Malformed("unsupported time format")),
    };
    let text = fields.read(kind).filter(|text| is_time(text, year));
    expect(text, error).map(|_| ())
}

/// Whether a text is a time with so many digits of the year, in UTC or with an offset.
fn is_time(text: &[u8], year: usize) -> bool {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (time, zone) = text.split_at(digits);
    let number = |digits: &[u8]| {
        digits
            .iter()
            .fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0'))
    };
    // The seconds may be missing where the year has two digits.
    if digits != year + 10 && (digits != 10 || year != 2) {
        return false;
    }
    let full_year = match (year, number(&time[..year])) {
        (2, year @ 0..50) => 2000 + year,
        (2, year) => 1900 + year,
        (_, year) => year,
    };
    let mut parts = time[year..].chunks_exact(2).map(number);
    let mut part = || parts.next().unwrap_or(0);
    let [month, day, hour, minute, second] = [part(), part(), part(), part(), part()];
    let leap = full_year % 4 == 0 && (full_year % 100 != 0 || full_year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    let offset = match zone {
        b"Z" => true,
        [b'+' | b'-', offset @ ..]
            if offset.len() == 4 && offset.iter().all(u8::is_ascii_digit) =>
        {
            number(offset) > 0 && number(&offset[..2]) < 24 && number(&offset[2..]) < 60
        }
        _ => false,
    };
    (1..=days).contains(&day) && hour < 24 && minute < 60 && second < 60 && offset
}

/// The kind and bytes of a public key, if it is of a kind that is known.
fn public_key(bytes: &[u8]) -> Result<Option<(Vec<u8>, Vec<u8>)>> {
    let mut fields = Reader(bytes);
    let kind = fields.whole(tag::SEQUENCE);
    let kind = expect(kind, "malformed public key algorithm identifier")?;
    let content = Reader(kind).read(tag::SEQUENCE).unwrap_or_default();
    let (identifier, parameters) = algorithm_identifier(content)?;
    let key = expect(fields.bits(), "malformed subjectPublicKey")?;
    match identifier.as_str() {
        "1.2.840.113549.1.1.1" => rsa_public_key(parameters, &key)?,
        "1.2.840.10045.2.1" => {
            let curve = expect(Reader(parameters).identifier(), "invalid ECDSA parameters")?;
            let curve = expect(Curve::named(&curve), "unsupported elliptic curve")?;
            if !curve.has(&key) {
                return Err(CertificateError::Point);
            }
        }
        "1.3.101.112" if !parameters.is_empty() => {
            return Err(Malformed("Ed25519 key encoded with illegal parameters"));
        }
        "1.3.101.112" if key.len() != 32 => {
            return Err(Malformed("wrong Ed25519 public key size"));
        }
        "1.3.101.112" | "1.3.101.110" | "1.2.840.10040.4.1" => {}
        _ => return Ok(None),
    }
    Ok(Some((kind.to_vec(), key)))
}

fn rsa_public_key(parameters: &[u8], key: &[u8]) -> Result<()> {
    if parameters != [tag::NULL, 0] {
        return Err(Malformed("RSA key missing NULL parameters"));
    }
    let fields = Reader(key).read(tag::SEQUENCE);
    let mut fields = Reader(expect(fields, "invalid RSA public key")?);
    let positive = |bytes: &[u8]| bytes[0] < 0x80 && bytes != [0];
    let modulus = expect(fields.integer(), "invalid RSA modulus")?;
    let exponent = fields.integer().filter(|bytes| bytes.len() <= 8);
    let exponent = expect(exponent, "invalid RSA public exponent")?;
    if !positive(modulus) {
        return Err(Malformed("RSA modulus is not a positive number"));
    }
    if !positive(exponent) {
        return Err(Malformed("RSA public exponent is not a positive number"));
    }
    Ok(())
}

/// Checks the extensions; what the certificate calls its key.
fn extensions(bytes: &[u8]) -> Result<Vec<u8>> {
    let all = Reader(bytes).read(tag::SEQUENCE);
    let mut all = Reader(expect(all, "malformed extensions")?);
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    while !all.is_empty() {
        let mut fields = Reader(expect(all.read(tag::SEQUENCE), "malformed extension")?);
        let kind = expect(fields.identifier(), "malformed extension OID field")?;
        let critical = match fields.optional(tag::BOOLEAN) {
            Some(None | Some([0])) => false,
            Some(Some([0xFF])) => true,
            _ => return Err(Malformed("malformed extension critical field")),
        };
        let value = fields.read(tag::OCTET_STRING);
        let value = expect(value, "malformed extension value field")?;
        if !seen.insert(kind.clone()) {
            return Err(CertificateError::Duplicate(kind));
        }
        found.push((kind, critical, value));
    }
    let mut key_identifier = Vec::new();
    for (kind, critical, value) in found {
        if let Some(identifier) = extension(&kind, critical, value)? {
            key_identifier = identifier.to_vec();
        }
    }
    Ok(key_identifier)
}

/// Checks one extension; what it calls the certificate's key, if that is what it says.
fn extension<'a>(kind: &str, critical: bool, value: &'a [u8]) -> Result<Option<&'a [u8]>> {
    let mut value = Reader(value);
    match kind {
        "2.5.29.15" => {
            expect(value.bits(), "invalid key usage")?;
        }
        "2.5.29.19" => basic_constraints(value)?,
        "2.5.29.17" => alternative_names(value)?,
        "2.5.29.37" => {
            const ERROR: &str = "invalid extended key usages";
            let mut usages = Reader(expect(value.read(tag::SEQUENCE), ERROR)?);
            while !usages.is_empty() {
                expect(usages.identifier(), ERROR)?;
            }
        }
        "2.5.29.14" if critical => {
            return Err(Malformed(
                "subject key identifier incorrectly marked critical",
            ));
        }
        "2.5.29.14" => {
            let identifier = value.read(tag::OCTET_STRING);
            return expect(identifier, "invalid subject key identifier").map(Some);
        }
        "2.5.29.35" if critical => {
            return Err(Malformed(
                "authority key identifier incorrectly marked critical",
            ));
        }
        "2.5.29.35" => {
            const ERROR: &str = "invalid authority key identifier";
            let mut fields = Reader(expect(value.read(tag::SEQUENCE), ERROR)?);
            expect(fields.optional(tag::implicit(0)), ERROR)?;
        }
        "1.3.6.1.5.5.7.1.1" if critical => {
            return Err(Malformed(
                "authority info access incorrectly marked critical",
            ));
        }
        _ => {}
    }
    Ok(None)
}

fn basic_constraints(mut value: Reader<'_>) -> Result<()> {
    const ERROR: &str = "invalid basic constraints";
    let mut fields = Reader(expect(value.read(tag::SEQUENCE), ERROR)?);
    if let Some(authority) = expect(fields.optional(tag::BOOLEAN), ERROR)?
        && !matches!(authority, [0 | 0xFF])
    {
        return Err(Malformed(ERROR));
    }
    if fields.peek() == Some(tag::INTEGER) {
        let length = fields
            .integer()
            .filter(|bytes| bytes.len() <= 8 && bytes[0] < 0x80);
        expect(length, ERROR)?;
    }
    Ok(())
}

fn alternative_names(mut value: Reader<'_>) -> Result<()> {
    let names = value.read(tag::SEQUENCE);
    let mut names = Reader(expect(names, "invalid subject alternative names")?);
    while !names.is_empty() {
        let (kind, _, name) = expect(names.any(), "invalid subject alternative name")?;
        match kind ^ 0x80 {
            1 if !name.is_ascii() => return Err(Malformed("SAN rfc822Name is malformed")),
            2 if !name.is_ascii() => return Err(Malformed("SAN dNSName is malformed")),
            6 if !name.is_ascii() => {
                return Err(Malformed("SAN uniformResourceIdentifier is malformed"));
            }
            7 if !matches!(name.len(), 4 | 16) => {
                return Err(CertificateError::Address(name.len()));
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_checked_like_a_calendar() {
        assert!(is_time(b"240229235959Z", 2));
        assert!(is_time(b"2402292359Z", 2));
        assert!(is_time(b"20240229235959+0100", 4));
        assert!(!is_time(b"230229235959Z", 2));
        assert!(!is_time(b"240101240000Z", 2));
        assert!(!is_time(b"240101000000", 2));
        assert!(!is_time(b"202401010000Z", 4));
    }

    #[test]
    fn what_is_no_certificate_says_where_it_stops_being_one() {
        let error = |bytes: &[u8]| parse(bytes).expect_err("broken").to_string();
        assert_eq!(error(&[]), "x509: malformed certificate");
        assert_eq!(error(&[0x30, 0]), "x509: malformed tbs certificate");
        assert_eq!(error(&[0x30, 2, 0x30, 0]), "x509: malformed serial number");
    }
}
