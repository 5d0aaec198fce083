//! Signing what was packaged.
// Parity: Helm, pkg/action/package.go, Clearsign.

use std::cell::OnceCell;
use std::path::Path;

use helmrs_core::chart;
use helmrs_core::yaml;

use super::PackageArgs;
use crate::error::{CommandError, chain};
use crate::invocation::Invocation;
use crate::progress;
use crate::signing;
use crate::signing::passphrase::{self, Passphrase};

/// How archives are signed.
pub(super) struct Signing<'a> {
    key: &'a str,
    keyring: std::path::PathBuf,
    passphrase_file: Option<&'a str>,
    /// What the file said; standard input can be read only once.
    passphrase: OnceCell<Passphrase>,
}

impl<'a> Signing<'a> {
    /// What the flags ask for; none if nothing is to be signed.
    pub(super) fn of(
        args: &'a PackageArgs,
        invocation: &Invocation,
    ) -> Result<Option<Self>, CommandError> {
        if !args.sign {
            return Ok(None);
        }
        let key = args.key.as_deref().unwrap_or_default();
        if key.is_empty() {
            let text = "--key is required for signing a package";
            return Err(CommandError::message(text));
        }
        let keyring = invocation.keyring(args.keyring.as_deref());
        if keyring.as_os_str().is_empty() {
            let text = "--keyring is required for signing a package";
            return Err(CommandError::message(text));
        }
        Ok(Some(Self {
            key,
            keyring,
            passphrase_file: args
                .passphrase_file
                .as_deref()
                .filter(|path| !path.is_empty()),
            passphrase: OnceCell::new(),
        }))
    }

    /// The provenance of an archive that lies, or is about to lie, at a path.
    pub(super) fn sign(
        &self,
        archive: &[u8],
        path: &Path,
        invocation: &Invocation,
    ) -> Result<Vec<u8>, CommandError> {
        let keyring = signing::keyring(&self.keyring)?;
        let certificate = keyring.find(self.key)?;
        // The file is read whether the key is locked or not.
        let given = self.given_passphrase()?;
        let signer = signing::unlock(certificate, given, invocation)?;
        let metadata = metadata(archive, invocation)?;
        let file_name = path.file_name().unwrap_or_default().to_string_lossy();
        let provenance = signing::sign(&signer, archive, &file_name, &metadata, invocation);
        Ok(provenance?)
    }

    /// What the file says, if one was named.
    fn given_passphrase(&self) -> Result<Option<&Passphrase>, CommandError> {
        let Some(path) = self.passphrase_file else {
            return Ok(None);
        };
        if self.passphrase.get().is_none() {
            let passphrase = passphrase::read(path)?;
            return Ok(Some(self.passphrase.get_or_init(|| passphrase)));
        }
        Ok(self.passphrase.get())
    }
}

/// The metadata of an archive, as it is signed.
fn metadata(archive: &[u8], invocation: &Invocation) -> Result<Vec<u8>, CommandError> {
    let chart = progress::telling(&invocation.printer, |findings| {
        chart::load_archive(archive, findings)
    });
    let chart = chart.map_err(|error| {
        let error = chain(&error);
        CommandError::message(format!("failed to load chart for signing: {error}"))
    })?;
    let metadata = yaml::to_value(&chart.metadata)?;
    Ok(yaml::to_yaml(&metadata)?.into_bytes())
}
