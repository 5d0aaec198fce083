//! Signing archives with a key of GnuPG's.

pub(crate) mod passphrase;

use std::path::Path;

use helmrs_core::path_error::PathError;
use helmrs_core::provenance::{Certificate, Keyring, SALT, SignError, Signer};

use self::passphrase::Passphrase;
use crate::error::CommandError;
use crate::invocation::Invocation;

/// Reads a file of keys.
pub(crate) fn keyring(path: &Path) -> Result<Keyring, CommandError> {
    let keyring = std::fs::read(path).map_err(|error| PathError::of_read(path, error))?;
    Ok(Keyring::read(&path.to_string_lossy(), &keyring)?)
}

/// Unlocks a key, with a passphrase that was given or one that is asked for.
// Parity: Helm, pkg/provenance/sign.go, DecryptKey.
pub(crate) fn unlock<'k>(
    certificate: Option<&'k Certificate>,
    given: Option<&Passphrase>,
    invocation: &Invocation,
) -> Result<Signer<'k>, CommandError> {
    let certificate = certificate.ok_or_else(|| CommandError::message("private key not found"))?;
    Ok(match given {
        _ if !certificate.is_locked()? => certificate.unlock(&[])?,
        Some(passphrase) => certificate.unlock(passphrase.bytes())?,
        None => certificate.unlock(ask(certificate, invocation)?.bytes())?,
    })
}

/// Asks whoever sits at the terminal.
fn ask(certificate: &Certificate, invocation: &Invocation) -> Result<Passphrase, CommandError> {
    let user_ids = certificate.user_ids();
    let name = user_ids.iter().find(|id| !id.is_empty());
    passphrase::ask(name.map_or("Unknown", String::as_str), &invocation.printer)
}

/// Signs an archive and what it says of itself: the contents of its `.prov`.
pub(crate) fn sign(
    signer: &Signer<'_>,
    archive: &[u8],
    file_name: &str,
    metadata: &[u8],
    invocation: &Invocation,
) -> Result<Vec<u8>, SignError> {
    let mut salt = [0; SALT];
    let context = invocation.context();
    context.ambient().fill_random(&mut salt);
    signer.sign(archive, file_name, metadata, context.now(), &salt)
}
