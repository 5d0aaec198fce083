//! Certificates: authorities, self-signed ones, and ones signed by an authority.

use std::any::Any;
use std::net::IpAddr;
use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, DnValue,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, SanType, SerialNumber,
    string::PrintableString,
};

use super::super::arguments::{integer, list, string, text};
use super::super::cast::formatted;
use super::super::{ambient, row};
use super::keys::PrivateKey;
use super::pem;
use crate::error::CallError;
use crate::exec::Executor;
use crate::functions::Function;
use crate::types::Type;
use crate::value::{Object, Value};

const CERTIFICATE: Type = Type::Object("sprig.certificate");

pub(crate) const FUNCTIONS: &[Function] = &[
    ambient("genCA", &[Type::String, Type::INT], authority, &[]),
    ambient(
        "genCAWithKey",
        &[Type::String, Type::INT, Type::String],
        authority_with_key,
        &[],
    ),
    ambient(
        "genSelfSignedCert",
        &[Type::String, Type::LIST, Type::LIST, Type::INT],
        self_signed,
        &[],
    ),
    ambient(
        "genSelfSignedCertWithKey",
        &[
            Type::String,
            Type::LIST,
            Type::LIST,
            Type::INT,
            Type::String,
        ],
        self_signed_with_key,
        &[],
    ),
    ambient(
        "genSignedCert",
        &[Type::String, Type::LIST, Type::LIST, Type::INT, CERTIFICATE],
        signed,
        &[],
    ),
    ambient(
        "genSignedCertWithKey",
        &[
            Type::String,
            Type::LIST,
            Type::LIST,
            Type::INT,
            CERTIFICATE,
            Type::String,
        ],
        signed_with_key,
        &[],
    ),
    row("buildCustomCert", &[Type::String, Type::String], build, &[]),
];

/// A certificate and its key, both in PEM, as a template's fields `.Cert` and `.Key`.
struct Certificate {
    certificate: String,
    key: String,
}

impl Object for Certificate {
    fn type_of(&self) -> Type {
        CERTIFICATE
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("Cert", self.certificate.as_str().into()),
            ("Key", self.key.as_str().into()),
        ]
    }
}

/// An error of the certificate library in the place Sprig reports one.
fn creating(error: rcgen::Error) -> CallError {
    CallError::new(format!("error creating certificate: {error}"))
}

fn key_argument(arguments: &[Value], index: usize) -> Result<PrivateKey, CallError> {
    PrivateKey::parse(&string(arguments, index))
        .map_err(|error| CallError::new(format!("parsing private key: {error}")))
}

/// What a certificate says, for the first four arguments: name, addresses, DNS names, days.
fn parameters(
    executor: &Executor<'_>,
    name: &str,
    names: Vec<SanType>,
    days: i64,
) -> CertificateParams {
    let mut serial = [0; 16];
    executor.ambient().fill_random(&mut serial);
    serial[0] &= 0x7F;
    let now = executor.ambient().now().unix();
    let at = |seconds: i64| {
        let epoch = rcgen::date_time_ymd(1970, 1, 1);
        // Two hundred thousand years are more than a certificate can say.
        epoch + Duration::from_secs(seconds.clamp(0, 253_402_300_799) as u64)
    };
    let mut parameters = CertificateParams::default();
    parameters.serial_number = Some(SerialNumber::from_slice(&serial));
    parameters.distinguished_name = DistinguishedName::new();
    if !name.is_empty() {
        // Go writes a name in the plainest form of string that holds it.
        let printable = PrintableString::try_from(name).map(DnValue::PrintableString);
        let value = printable.unwrap_or_else(|_| DnValue::Utf8String(name.to_string()));
        parameters
            .distinguished_name
            .push(DnType::CommonName, value);
    }
    parameters.subject_alt_names = names;
    parameters.not_before = at(now);
    parameters.not_after = at(now.saturating_add(days.saturating_mul(86_400)));
    parameters.key_usages = vec![
        KeyUsagePurpose::DigitalSignature,
        KeyUsagePurpose::KeyEncipherment,
    ];
    parameters.extended_key_usages = vec![
        ExtendedKeyUsagePurpose::ServerAuth,
        ExtendedKeyUsagePurpose::ClientAuth,
    ];
    parameters.is_ca = IsCa::ExplicitNoCa;
    parameters
}

/// Addresses and DNS names of the arguments two and three.
fn alternative_names(arguments: &[Value]) -> Result<Vec<SanType>, CallError> {
    let mut names = Vec::new();
    for name in list(arguments, 2).iter() {
        let Value::String(text) = name else {
            let printed = formatted(name);
            return Err(CallError::new(format!(
                "error processing alternate dns name: {printed} is not a string"
            )));
        };
        names.push(SanType::DnsName(
            text.to_string().try_into().map_err(creating)?,
        ));
    }
    let addresses = list(arguments, 1);
    for (index, address) in addresses.iter().enumerate() {
        let Value::String(text) = address else {
            return Err(CallError::new(format!(
                "error parsing ip: {} is not a string",
                formatted(address)
            )));
        };
        let parsed: IpAddr = text
            .to_string()
            .parse()
            .map_err(|_| CallError::new(format!("error parsing ip: {text}")))?;
        names.insert(index, SanType::IpAddress(parsed));
    }
    Ok(names)
}

fn sign_itself(parameters: &CertificateParams, key: &PrivateKey) -> Result<Value, CallError> {
    let pair = KeyPair::try_from(key.pkcs8.as_slice()).map_err(creating)?;
    let certificate = parameters.self_signed(&pair).map_err(creating)?;
    Ok(Value::object(Certificate {
        certificate: pem::encode("CERTIFICATE", certificate.der()),
        key: key.pem.clone(),
    }))
}

fn make_authority(
    executor: &Executor<'_>,
    arguments: &[Value],
    key: &PrivateKey,
) -> Result<Value, CallError> {
    let mut parameters = parameters(
        executor,
        &string(arguments, 0),
        Vec::new(),
        integer(arguments, 1),
    );
    parameters.key_usages.push(KeyUsagePurpose::KeyCertSign);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    sign_itself(&parameters, key)
}

fn authority(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    let key = PrivateKey::generate(executor.ambient())?;
    make_authority(executor, arguments, &key)
}

fn authority_with_key(
    executor: &mut Executor<'_>,
    arguments: &[Value],
) -> Result<Value, CallError> {
    make_authority(executor, arguments, &key_argument(arguments, 2)?)
}

fn make_self_signed(
    executor: &Executor<'_>,
    arguments: &[Value],
    key: &PrivateKey,
) -> Result<Value, CallError> {
    let names = alternative_names(arguments)?;
    sign_itself(
        &parameters(
            executor,
            &string(arguments, 0),
            names,
            integer(arguments, 3),
        ),
        key,
    )
}

fn self_signed(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    let key = PrivateKey::generate(executor.ambient())?;
    make_self_signed(executor, arguments, &key)
}

fn self_signed_with_key(
    executor: &mut Executor<'_>,
    arguments: &[Value],
) -> Result<Value, CallError> {
    make_self_signed(executor, arguments, &key_argument(arguments, 4)?)
}

fn make_signed(
    executor: &Executor<'_>,
    arguments: &[Value],
    key: &PrivateKey,
) -> Result<Value, CallError> {
    let Some(authority) = arguments.get(4).and_then(Value::downcast::<Certificate>) else {
        return Err(CallError::new("unable to decode certificate"));
    };
    let block = pem::decode(&authority.certificate)
        .ok_or_else(|| CallError::new("unable to decode certificate"))?;
    let signer_key = PrivateKey::parse(&authority.key)
        .map_err(|error| CallError::new(format!("error parsing private key: {error}")))?;
    let signer = KeyPair::try_from(signer_key.pkcs8.as_slice()).map_err(creating)?;
    let issuer = Issuer::from_ca_cert_der(&block.der.into(), signer).map_err(|error| {
        CallError::new(format!(
            "error parsing certificate: decodedSignerCert.Bytes: {error}"
        ))
    })?;
    let names = alternative_names(arguments)?;
    let mut parameters = parameters(
        executor,
        &string(arguments, 0),
        names,
        integer(arguments, 3),
    );
    parameters.use_authority_key_identifier_extension = true;
    let pair = KeyPair::try_from(key.pkcs8.as_slice()).map_err(creating)?;
    let certificate = parameters.signed_by(&pair, &issuer).map_err(creating)?;
    Ok(Value::object(Certificate {
        certificate: pem::encode("CERTIFICATE", certificate.der()),
        key: key.pem.clone(),
    }))
}

fn signed(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    let key = PrivateKey::generate(executor.ambient())?;
    make_signed(executor, arguments, &key)
}

fn signed_with_key(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    make_signed(executor, arguments, &key_argument(arguments, 5)?)
}

/// A certificate and key that the user has already, both base64 of PEM.
fn build(arguments: &[Value]) -> Result<Value, CallError> {
    let decode = |index: usize, what: &str| {
        super::super::encoding::base64_go::decode(text(arguments, index))
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .map_err(|_| CallError::new(format!("unable to decode base64 {what}")))
    };
    let certificate = decode(0, "certificate")?;
    let key = decode(1, "private key")?;
    let block =
        pem::decode(&certificate).ok_or_else(|| CallError::new("unable to decode certificate"))?;
    x509_parser::parse_x509_certificate(&block.der).map_err(|error| {
        CallError::new(format!(
            "error parsing certificate: decodedCert.Bytes: {error}"
        ))
    })?;
    PrivateKey::parse(&key)
        .map_err(|error| CallError::new(format!("error parsing private key: {error}")))?;
    Ok(Value::object(Certificate { certificate, key }))
}
