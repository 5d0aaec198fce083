//! Cryptography: passwords, hashes, keys, encryption.

mod aes_cbc;
mod asn1;
mod certificates;
mod der;
mod dsa;
mod ec;
mod issue;
mod keys;
mod master_password;
mod pem;
mod primes;
mod random;
mod rsa;
mod x509;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::arguments::{integer, string, text};
use super::{ambient, row};
use crate::error::CallError;
use crate::exec::Executor;
use crate::functions::Function;
use crate::types::Type;
use crate::value::{IntegerKind, Value};

pub(crate) use certificates::FUNCTIONS as CERTIFICATES;

const S: &[Type] = &[Type::String];
const SS: &[Type] = &[Type::String, Type::String];

pub(crate) const FUNCTIONS: &[Function] = &[
    ambient(
        "bcrypt",
        S,
        bcrypt_hash,
        &[(r#"{{ bcrypt "secret" | trunc 7 }}"#, "$2a$10$")],
    ),
    ambient(
        "htpasswd",
        SS,
        htpasswd,
        &[(r#"{{ htpasswd "me" "secret" | trunc 10 }}"#, "me:$2a$10$")],
    ),
    row(
        "derivePassword",
        &[
            Type::Integer(IntegerKind::Uint32),
            Type::String,
            Type::String,
            Type::String,
            Type::String,
        ],
        derive_password,
        &[(
            r#"{{ derivePassword 1 "long" "password" "user" "example.com" }}"#,
            "ZedaFaxcZaso9*",
        )],
    ),
    ambient(
        "genPrivateKey",
        S,
        generate_key,
        &[(
            r#"{{ genPrivateKey "ed25519" | trunc 27 }}"#,
            "-----BEGIN PRIVATE KEY-----",
        )],
    ),
    ambient(
        "randBytes",
        &[Type::INT],
        random_bytes,
        &[("{{ randBytes 3 | b64dec | len }}", "3")],
    ),
    ambient(
        "encryptAES",
        SS,
        encrypt,
        &[(
            r#"{{ encryptAES "key" "text" | decryptAES "key" }}"#,
            "text",
        )],
    ),
    row(
        "decryptAES",
        SS,
        decrypt,
        &[(r#"{{ decryptAES "key" "" }}"#, "")],
    ),
];

/// bcrypt's default cost in Go.
const COST: u32 = 10;

fn hashed(executor: &Executor<'_>, password: &[u8]) -> String {
    if password.len() > 72 {
        return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes"
            .to_string();
    }
    let mut salt = [0; 16];
    executor.ambient().fill_random(&mut salt);
    match bcrypt::hash_with_salt(password, COST, salt) {
        Ok(parts) => parts.format_for_version(bcrypt::Version::TwoA),
        Err(error) => format!("failed to encrypt string with bcrypt: {error}"),
    }
}

fn bcrypt_hash(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    Ok(hashed(executor, text(arguments, 0)).into())
}

fn htpasswd(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    let (user, password) = (string(arguments, 0), text(arguments, 1));
    if user.contains(':') {
        return Ok(format!("invalid username: {user}").into());
    }
    Ok(format!("{user}:{}", hashed(executor, password)).into())
}

fn derive_password(arguments: &[Value]) -> Result<Value, CallError> {
    let derived = master_password::derive(&master_password::Request {
        counter: integer(arguments, 0) as u32,
        kind: &string(arguments, 1),
        password: text(arguments, 2),
        user: text(arguments, 3),
        site: text(arguments, 4),
    });
    Ok(derived.into())
}

fn generate_key(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    Ok(keys::generate(&string(arguments, 0), executor.ambient()).into())
}

/// The most bytes that `randBytes` gives.
const MOST_RANDOM: i64 = 1 << 24;

fn random_bytes(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    let count = integer(arguments, 0);
    let Some(count) = usize::try_from(count).ok().filter(|_| count <= MOST_RANDOM) else {
        return Err(CallError::new("runtime error: makeslice: len out of range"));
    };
    let mut bytes = vec![0; count];
    executor.ambient().fill_random(&mut bytes);
    Ok(STANDARD.encode(bytes).into())
}

fn encrypt(executor: &mut Executor<'_>, arguments: &[Value]) -> Result<Value, CallError> {
    let plain = text(arguments, 1);
    if plain.is_empty() {
        return Ok(Value::from(""));
    }
    let mut vector = [0; 16];
    executor.ambient().fill_random(&mut vector);
    Ok(STANDARD
        .encode(aes_cbc::encrypt(text(arguments, 0), vector, plain))
        .into())
}

fn decrypt(arguments: &[Value]) -> Result<Value, CallError> {
    let encoded = text(arguments, 1);
    if encoded.is_empty() {
        return Ok(Value::from(""));
    }
    let encrypted = super::encoding::base64_go::decode(encoded)
        .map_err(|error| CallError::new(error.to_string()))?;
    // What Go makes room for before it decodes, which one of its errors tells.
    let capacity = encoded.len() / 4 * 3;
    aes_cbc::decrypt(text(arguments, 0), &encrypted, capacity).map(Value::from)
}
