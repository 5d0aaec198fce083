//! AES-256 in CBC mode under a password used as the key itself, as Sprig has it.

use aes::Aes256;
use cbc::cipher::block_padding::{NoPadding, Pkcs7};
use cbc::cipher::{BlockDecryptMut as _, BlockEncryptMut as _, KeyIvInit as _};

use crate::error::CallError;

const BLOCK: usize = 16;

/// The first 32 bytes of the password, with zeros after a shorter one.
fn key(password: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    let length = password.len().min(32);
    key[..length].copy_from_slice(&password[..length]);
    key
}

/// Encrypts; the result starts with the initialization vector.
pub(super) fn encrypt(password: &[u8], vector: [u8; BLOCK], plain: &[u8]) -> Vec<u8> {
    let cipher = cbc::Encryptor::<Aes256>::new(&key(password).into(), &vector.into());
    let mut output = vector.to_vec();
    output.extend(cipher.encrypt_padded_vec_mut::<Pkcs7>(plain));
    output
}

/// Decrypts what [`encrypt`] made, read into a buffer of some capacity. Padding is taken as it
/// comes, as Sprig takes it.
pub(super) fn decrypt(
    password: &[u8],
    encrypted: &[u8],
    capacity: usize,
) -> Result<Vec<u8>, CallError> {
    let Some((vector, blocks)) = encrypted.split_at_checked(BLOCK) else {
        return Err(CallError::new(format!(
            "runtime error: slice bounds out of range [:{BLOCK}] with capacity {capacity}"
        )));
    };
    let not_full = || CallError::new("crypto/cipher: input not full blocks");
    let cipher = cbc::Decryptor::<Aes256>::new_from_slices(&key(password), vector)
        .map_err(|_| not_full())?;
    let mut plain = cipher
        .decrypt_padded_vec_mut::<NoPadding>(blocks)
        .map_err(|_| not_full())?;
    let Some(padding) = plain.last().map(|last| usize::from(*last)) else {
        return Err(CallError::new("runtime error: index out of range [-1]"));
    };
    let Some(length) = plain.len().checked_sub(padding) else {
        let bound = plain.len() as i64 - padding as i64;
        return Err(CallError::new(format!(
            "runtime error: slice bounds out of range [:{bound}]"
        )));
    };
    plain.truncate(length);
    Ok(plain)
}
