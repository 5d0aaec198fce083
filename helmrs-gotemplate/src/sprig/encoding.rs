//! Base64, base32 and checksums of text.

use base64::Engine as _;
use sha2::Digest as _;

use super::arguments::text;
use super::row;
use crate::error::CallError;
use crate::functions::Function;
use crate::types::Type;
use crate::value::Value;

mod base32;
pub(super) mod base64_go;

const S: &[Type] = &[Type::String];

pub(crate) const FUNCTIONS: &[Function] = &[
    row(
        "b64enc",
        S,
        b64enc,
        &[(r#"{{ b64enc "hello" }}"#, "aGVsbG8=")],
    ),
    row(
        "b64dec",
        S,
        b64dec,
        &[(r#"{{ b64dec "aGVsbG8=" }}"#, "hello")],
    ),
    row(
        "b32enc",
        S,
        b32enc,
        &[(r#"{{ b32enc "hello" }}"#, "NBSWY3DP")],
    ),
    row(
        "b32dec",
        S,
        b32dec,
        &[(r#"{{ b32dec "NBSWY3DP" }}"#, "hello")],
    ),
    row(
        "sha1sum",
        S,
        sha1sum,
        &[(
            r#"{{ sha1sum "a" }}"#,
            "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8",
        )],
    ),
    row(
        "sha256sum",
        S,
        sha256sum,
        &[(
            r#"{{ sha256sum "a" }}"#,
            "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
        )],
    ),
    row(
        "sha512sum",
        S,
        sha512sum,
        &[(r#"{{ sha512sum "a" | trunc 8 }}"#, "1f40fc92")],
    ),
    row(
        "adler32sum",
        S,
        adler32sum,
        &[(r#"{{ adler32sum "a" }}"#, "6422626")],
    ),
];

fn b64enc(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(base64::engine::general_purpose::STANDARD
        .encode(text(arguments, 0))
        .into())
}

/// Parity: Sprig, strings.go, `base64decode`: what is wrong with the text is the result.
fn b64dec(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(match base64_go::decode(text(arguments, 0)) {
        Ok(decoded) => decoded.into(),
        Err(error) => error.to_string().into(),
    })
}

fn b32enc(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(base32::encode(text(arguments, 0)).into())
}

fn b32dec(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(match base32::decode(text(arguments, 0)) {
        Ok(decoded) => decoded.into(),
        Err(error) => error.to_string().into(),
    })
}

fn sha1sum(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(hex::encode(sha1::Sha1::digest(text(arguments, 0))).into())
}

fn sha256sum(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(hex::encode(sha2::Sha256::digest(text(arguments, 0))).into())
}

fn sha512sum(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(hex::encode(sha2::Sha512::digest(text(arguments, 0))).into())
}

fn adler32sum(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(adler2::adler32_slice(text(arguments, 0)).to_string().into())
}
