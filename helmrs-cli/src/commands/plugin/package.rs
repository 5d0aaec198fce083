//! `plugin package`.

use std::fs;
use std::path::Path;

use clap::Args;
use helmrs_client::installer;
use helmrs_client::plugin::load_directory;
use helmrs_core::path_error::PathError;
use helmrs_core::provenance::Keyring;

use crate::error::CommandError;
use crate::file;
use crate::flags::number::Boolean;
use crate::invocation::Invocation;
use crate::paths;
use crate::signing::{self, passphrase};

/// Pack a plugin into an archive
///
/// Writes NAME-VERSION.tgz for the plugin in a folder and signs it, so that those who install it can see that it is yours.
/// The signature is in a file of the same name that ends in .prov.
#[derive(Args, Debug)]
#[command(
    verbatim_doc_comment,
    override_usage = "[PATH]",
    after_help = "\
# Pack and sign a plugin
{program} plugin package ./echo --key 'Ann <ann@example.com>' --keyring secret.gpg

# Pack one that nobody has to trust
{program} plugin package ./echo --sign=false"
)]
pub(crate) struct PackageArgs {
    /// folder of a plugin
    #[arg(required = true)]
    path: Option<String>,
    /// directory to write the archive into
    #[arg(long, short = 'd', value_name = "string", default_value = ".")]
    destination: String,
    /// name of the key to sign with
    #[arg(long, value_name = "string")]
    key: Option<String>,
    /// file of the secret keys
    #[arg(long, value_name = "string")]
    keyring: Option<String>,
    /// file that holds the key's passphrase; "-" for standard input
    #[arg(long, value_name = "string")]
    passphrase_file: Option<String>,
    /// sign the archive with a PGP key
    #[arg(
        long,
        value_name = "bool",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        default_value = "true"
    )]
    sign: Boolean,
}

/// What is said of an archive that nobody signed.
const UNSIGNED: &str = "WARNING: Skipping plugin signing. This is not recommended for plugins intended for distribution.\n";

// Parity: Helm, pkg/cmd/plugin_package.go.
pub(crate) fn run(args: &PackageArgs, invocation: &Invocation) -> Result<(), CommandError> {
    let folder = Path::new(args.path.as_deref().unwrap_or_default());
    let found = fs::metadata(folder).map_err(|error| PathError::new("stat", folder, error))?;
    if !found.is_dir() {
        return Err(CommandError::message(
            "plugin package only supports directories, not tarballs",
        ));
    }
    let plugin = load_directory(folder);
    let plugin =
        plugin.map_err(|error| CommandError::from(error).prefixed("invalid plugin directory"))?;
    installer::make_folder(Path::new(&args.destination))?;
    let keyring = match args.sign {
        Boolean(true) => Some(keyring(args, invocation)?),
        Boolean(false) => None,
    };
    let signer = keyring
        .as_ref()
        .map(|keyring| signer(args, keyring, invocation));
    let signer = signer.transpose()?;
    if signer.is_none() {
        invocation.printer.data(UNSIGNED)?;
    }
    let metadata = &plugin.metadata;
    let name = format!("{}-{}.tgz", metadata.name, metadata.version);
    let path = paths::clean(&Path::new(&args.destination).join(&name));
    let archive = installer::pack(folder, &metadata.name, &path)
        .map_err(|error| CommandError::from(error).prefixed("failed to create plugin tarball"))?;
    file::write(&path, &archive)
        .map_err(|error| CommandError::from(error).prefixed("failed to create tarball"))?;
    if let Some(signer) = signer {
        let text = metadata.signed_text()?;
        let provenance = signing::sign(&signer, &archive, &name, text.as_bytes(), invocation);
        let provenance = provenance
            .map_err(|error| CommandError::from(error).prefixed("failed to sign plugin"))?;
        write_provenance(&path, &provenance, invocation)?;
    }
    let shown = path.display();
    Ok(invocation.printer.data(format!(
        "Successfully packaged plugin and saved it to: {shown}\n"
    ))?)
}

/// Puts a provenance beside its archive, and says so.
fn write_provenance(
    archive: &Path,
    provenance: &[u8],
    invocation: &Invocation,
) -> Result<(), CommandError> {
    let mut path = archive.as_os_str().to_owned();
    path.push(".prov");
    file::write(Path::new(&path), provenance)?;
    let shown = path.to_string_lossy();
    Ok(invocation.printer.data(format!(
        "Successfully signed. Signature written to: {shown}\n"
    ))?)
}

fn keyring(args: &PackageArgs, invocation: &Invocation) -> Result<Keyring, CommandError> {
    let path = invocation.keyring(args.keyring.as_deref());
    signing::keyring(&path).map_err(|error| error.prefixed("error reading from keyring"))
}

/// The key that signs, unlocked.
fn signer<'k>(
    args: &PackageArgs,
    keyring: &'k Keyring,
    invocation: &Invocation,
) -> Result<helmrs_core::provenance::Signer<'k>, CommandError> {
    let key = args.key.as_deref().unwrap_or_default();
    let certificate = match key {
        // Parity: no name is nobody's, although every name has it in it.
        "" => None,
        key => keyring
            .find(key)
            .map_err(|error| CommandError::from(error).prefixed("error reading from keyring"))?,
    };
    let file = args.passphrase_file.as_deref();
    let given = file
        .filter(|file| !file.is_empty())
        .map(passphrase::read_whole)
        .transpose()?;
    signing::unlock(certificate, given.as_ref(), invocation)
}
