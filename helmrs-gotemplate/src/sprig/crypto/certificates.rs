//! Certificates: authorities, self-signed ones, and ones signed by an authority.

use std::any::Any;
use std::net::IpAddr;

use super::super::arguments::{integer, list, text};
use super::super::cast::formatted;
use super::super::{ambient, row};
use super::issue::{Request, Signer, issue};
use super::keys::{KeyError, PrivateKey};
use super::{pem, x509};
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
    certificate: Vec<u8>,
    key: Vec<u8>,
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
            ("Cert", self.certificate.clone().into()),
            ("Key", self.key.clone().into()),
        ]
    }
}

/// A new key or, for the function `...WithKey`, the one of the argument at `index`.
fn key(
    executor: &Executor<'_>,
    arguments: &[Value],
    index: Option<usize>,
) -> Result<PrivateKey, CallError> {
    let Some(index) = index else {
        return Ok(PrivateKey::generate(executor.ambient()));
    };
    PrivateKey::parse(text(arguments, index))
        .map_err(|error| CallError::new(format!("parsing private key: {error}")))
}

/// A certificate that an argument has, read; and its key.
fn signer(arguments: &[Value], index: usize) -> Result<(x509::Issuer, PrivateKey), CallError> {
    let undecodable = || CallError::new("unable to decode certificate");
    let authority = arguments
        .get(index)
        .and_then(Value::downcast::<Certificate>);
    let authority = authority.ok_or_else(undecodable)?;
    let block = pem::decode(&authority.certificate).ok_or_else(undecodable)?;
    let issuer = x509::parse(&block.der).map_err(|error| {
        let place = "error parsing certificate: decodedSignerCert.Bytes";
        CallError::new(format!("{place}: {error}"))
    })?;
    let key = PrivateKey::parse(&authority.key).map_err(unparsable)?;
    Ok((issuer, key))
}

fn unparsable(error: KeyError) -> CallError {
    CallError::new(format!("error parsing private key: {error}"))
}

/// What a certificate says besides its names: nothing yet of who or what it is for.
fn request<'a>(executor: &Executor<'_>, name: &'a [u8], days: i64) -> Request<'a> {
    let mut serial = [0; 16];
    executor.ambient().fill_random(&mut serial);
    Request {
        name,
        addresses: Vec::new(),
        hosts: Vec::new(),
        days,
        authority: false,
        serial,
        now: executor.ambient().now(),
    }
}

/// The addresses of a list.
fn addresses(items: &[Value]) -> Result<Vec<IpAddr>, CallError> {
    let address = |item: &Value| {
        let Value::String(text) = item else {
            let printed = formatted(item);
            return Err(CallError::new(format!(
                "error parsing ip: {printed} is not a string"
            )));
        };
        let parsed = text.to_string().parse();
        parsed.map_err(|_| CallError::new(format!("error parsing ip: {text}")))
    };
    items.iter().map(address).collect()
}

/// The names of hosts in a list.
fn hosts<'a>(items: &'a [Value]) -> Result<Vec<&'a [u8]>, CallError> {
    let host = |item: &'a Value| match item {
        Value::String(text) => Ok(&text[..]),
        item => {
            let printed = formatted(item);
            Err(CallError::new(format!(
                "error processing alternate dns name: {printed} is not a string"
            )))
        }
    };
    items.iter().map(host).collect()
}

fn certificate(
    request: &Request<'_>,
    key: &PrivateKey,
    signer: &Signer<'_>,
) -> Result<Value, CallError> {
    let bytes = issue(request, key, signer)
        .map_err(|error| CallError::new(format!("error creating certificate: {error}")))?;
    Ok(Value::object(Certificate {
        certificate: pem::encode("CERTIFICATE", &bytes).into(),
        key: key.to_pem().into(),
    }))
}

fn make_authority(
    executor: &Executor<'_>,
    arguments: &[Value],
    index: Option<usize>,
) -> Result<Value, CallError> {
    let key = key(executor, arguments, index)?;
    let mut request = request(executor, text(arguments, 0), integer(arguments, 1));
    request.authority = true;
    certificate(&request, &key, &Signer::Itself)
}

fn authority(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    make_authority(executor, arguments, None)
}

fn authority_with_key(
    executor: &mut Executor<'_>,
    arguments: &[Value],
) -> Result<Value, CallError> {
    make_authority(executor, arguments, Some(2))
}

/// A certificate that is no authority's; it is signed by what the argument at `authority` says,
/// or by its own key.
fn make_leaf(
    executor: &Executor<'_>,
    arguments: &[Value],
    authority: Option<usize>,
    index: Option<usize>,
) -> Result<Value, CallError> {
    let key = key(executor, arguments, index)?;
    let authority = authority
        .map(|index| signer(arguments, index))
        .transpose()?;
    let mut request = request(executor, text(arguments, 0), integer(arguments, 3));
    let items = [list(arguments, 1), list(arguments, 2)]
        .map(|list| list.iter().cloned().collect::<Vec<_>>());
    request.addresses = addresses(&items[0])?;
    request.hosts = hosts(&items[1])?;
    match &authority {
        Some((issuer, signing)) => certificate(&request, &key, &Signer::Authority(issuer, signing)),
        None => certificate(&request, &key, &Signer::Itself),
    }
}

fn self_signed(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    make_leaf(executor, arguments, None, None)
}

fn self_signed_with_key(
    executor: &mut Executor<'_>,
    arguments: &[Value],
) -> Result<Value, CallError> {
    make_leaf(executor, arguments, None, Some(4))
}

fn signed(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    make_leaf(executor, arguments, Some(4), None)
}

fn signed_with_key(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    make_leaf(executor, arguments, Some(4), Some(5))
}

/// A certificate and key that the user has already, both base64 of PEM.
fn build(arguments: &[Value]) -> Result<Value, CallError> {
    let decode = |index: usize, what: &str| {
        super::super::encoding::base64_go::decode(text(arguments, index))
            .map_err(|_| CallError::new(format!("unable to decode base64 {what}")))
    };
    let certificate = decode(0, "certificate")?;
    let key = decode(1, "private key")?;
    let block = pem::decode(&certificate);
    let block = block.ok_or_else(|| CallError::new("unable to decode certificate"))?;
    x509::parse(&block.der).map_err(|error| {
        let place = "error parsing certificate: decodedCert.Bytes";
        CallError::new(format!("{place}: {error}"))
    })?;
    PrivateKey::parse(&key).map_err(unparsable)?;
    Ok(Value::object(Certificate { certificate, key }))
}
