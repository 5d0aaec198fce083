//! The Master Password algorithm: passwords derived from one secret, a user and a site.

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

const SEED: &[u8] = b"com.lyndir.masterpassword";

/// What a password is derived from.
pub(super) struct Request<'a> {
    pub(super) counter: u32,
    pub(super) kind: &'a str,
    pub(super) password: &'a [u8],
    pub(super) user: &'a [u8],
    pub(super) site: &'a [u8],
}

/// The patterns of a kind of password: each letter is a class of characters.
fn patterns(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "maximum" => &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        "long" => &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
        "medium" => &["CvcnoCvc", "CvcCvcno"],
        "short" => &["Cvcn"],
        "basic" => &["aaanaaan", "aannaaan", "aaannaaa"],
        "pin" => &["nnnn"],
        _ => return None,
    })
}

/// The characters of a class.
fn characters(class: u8) -> &'static [u8] {
    match class {
        b'V' => b"AEIOU",
        b'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
        b'v' => b"aeiou",
        b'c' => b"bcdfghjklmnpqrstvwxyz",
        b'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        b'n' => b"0123456789",
        b'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
        _ => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}

/// A salt: the seed, then each text after its length.
fn salt(text: &[u8]) -> Vec<u8> {
    [SEED, &(text.len() as u32).to_be_bytes(), text].concat()
}

/// Derives a password; for an unknown kind, says so instead, as Sprig does.
pub(super) fn derive(request: &Request<'_>) -> String {
    let Some(patterns) = patterns(request.kind) else {
        return format!("cannot find password template {}", request.kind);
    };
    let mut key = [0; 64];
    let derived = scrypt::Params::new(15, 8, 2, 64)
        .map_err(|error| error.to_string())
        .and_then(|parameters| {
            scrypt::scrypt(request.password, &salt(request.user), &parameters, &mut key)
                .map_err(|error| error.to_string())
        });
    if let Err(error) = derived {
        return format!("failed to derive password: {error}");
    }
    let Ok(mut code) = Hmac::<Sha256>::new_from_slice(&key) else {
        return "failed to derive password".to_string();
    };
    code.update(&salt(request.site));
    code.update(&request.counter.to_be_bytes());
    let seed = code.finalize().into_bytes();
    let pattern = patterns[usize::from(seed[0]) % patterns.len()];
    pattern
        .bytes()
        .zip(&seed[1..])
        .map(|(class, byte)| {
            let choices = characters(class);
            char::from(choices[usize::from(*byte) % choices.len()])
        })
        .collect()
}
