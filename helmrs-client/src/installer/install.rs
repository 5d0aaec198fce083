//! Installing a plugin.
// Parity: Helm, pkg/cmd/plugin_install.go; internal/plugin/installer/{installer,local_installer,http_installer,
// oci_installer,vcs_installer}.go.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use helmrs_core::path_error::PathError;
use helmrs_core::plugin::source::archived_name;
use helmrs_core::plugin::{INSTALLED, PLUGIN_FILE, Plugin};
use helmrs_core::provenance::Verification;

use super::Places;
use super::extract::{self, ExtractError, extract};
use super::fetch::{self, DescriptorError, FetchError, Package};
use super::folder::{self, CopyError};
use super::git::{Checkout, GitError};
use super::hook::{self, HookError};
use super::lock::FolderLock;
use super::place;
use super::provenance::{VerifyError, check};
use super::source::{Source, SourceError, base};
use crate::download::http::FetchOptions;
use crate::download::lock::LockError;
use crate::download::{Connection, Directories, Trust};
use crate::event::{Event, PluginEvent, Watch};
use crate::plugin::{LoadError, Surroundings, load_directory};
use crate::tls::TlsOptions;

/// What is to be installed, and how.
#[derive(Debug)]
pub struct InstallRequest<'a> {
    /// What the user calls it: a path, a URL, a reference in a registry, a repository.
    pub source: &'a str,
    /// The version of a repository: a reference or a constraint; empty for what is checked out.
    pub version: &'a str,
    /// Whose signature it must have; none if any will do.
    pub trust: Option<Trust>,
    /// How servers are talked to.
    pub connection: Connection,
    /// Where the files of registries are.
    pub directories: &'a Directories,
    /// Where plugins are.
    pub places: &'a Places,
    /// The variables its hook has.
    pub surroundings: &'a Surroundings,
    /// A number that nobody foresees, for names of temporary folders.
    pub number: u32,
}

/// Why a plugin is not installed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum InstallError {
    /// Nobody knows what is meant.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Nobody signs what is meant.
    #[error("plugin source does not support verification. Use --verify=false to skip verification")]
    Unverifiable,
    /// There is one already.
    #[error("plugin already exists")]
    Exists,
    /// The file system says no.
    #[error(transparent)]
    Path(#[from] PathError),
    /// Another process is at work.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The archive is not to be had.
    #[error(transparent)]
    Fetch(FetchError),
    /// The archive is not to be had, and its signature was to be checked.
    #[error("failed to get verification data")]
    NoData(#[source] FetchError),
    /// Nobody signed it.
    #[error("plugin verification failed: no provenance file (.prov) found")]
    NoProvenance,
    /// It is not what somebody known signed.
    #[error("plugin verification failed")]
    Verification(#[from] VerifyError),
    /// It is no plugin's archive.
    #[error("failed to extract plugin metadata from tarball")]
    Descriptor(#[from] DescriptorError),
    /// The archive cannot be kept.
    #[error("failed to {what}")]
    Keep {
        what: &'static str,
        source: PathError,
    },
    /// The archive cannot be unpacked.
    #[error("{what}")]
    Extract {
        what: &'static str,
        source: ExtractError,
    },
    /// The archive has no folder of the plugin's name.
    #[error("{PLUGIN_FILE} not found in expected directory {folder}")]
    NotInFolder { folder: String, source: PathError },
    /// The archive has no plugin on top.
    #[error("{PLUGIN_FILE} not found in {folder} or its immediate subdirectories")]
    NotOnTop { folder: String },
    /// What was unpacked is no plugin.
    #[error("failed to load plugin from {folder}")]
    Unpacked { folder: String, source: LoadError },
    /// The folder is none.
    #[error("expected plugin to be a directory (containing a file '{PLUGIN_FILE}')")]
    NotAFolder,
    /// There is no `plugin.yaml`.
    #[error("plugin metadata ({PLUGIN_FILE}) missing")]
    NoDescriptor,
    /// The repository is not to be had.
    #[error(transparent)]
    Git(#[from] GitError),
    /// It cannot be put where plugins are.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// It was put there, and is none.
    #[error("plugin is installed but unusable")]
    Unusable(#[source] LoadError),
    /// It is there, and did not do what it does then.
    #[error(transparent)]
    Hook(#[from] HookError),
}

/// Installs a plugin.
pub async fn install(
    request: &InstallRequest<'_>,
    watch: &dyn Watch,
) -> Result<Plugin, InstallError> {
    let tell = |event| watch.event(Event::Plugin(event));
    let options = request.fetch_options();
    let source = Source::find(request.source, request.places, &options).await?;
    let trust = request.trust.as_ref();
    let trust = match (&source, trust) {
        (Source::Folder(_), _) => {
            tell(PluginEvent::Development);
            None
        }
        (Source::Repository { .. }, Some(_)) => return Err(InstallError::Unverifiable),
        (_, None) => {
            tell(PluginEvent::Unverified);
            None
        }
        (_, Some(trust)) => {
            tell(PluginEvent::Verifying);
            Some(trust)
        }
    };
    let destination = source.destination(request.places);
    folder::make(destination.parent().unwrap_or(Path::new(".")))?;
    check_free(&destination, &tell)?;
    let verification = put(request, &source, trust, &destination, watch).await?;
    if let Some(verification) = verification {
        tell(PluginEvent::Verified(verification));
    }
    let plugin = load_directory(&destination).map_err(InstallError::Unusable)?;
    hook::run(&plugin, INSTALLED, request.surroundings)?;
    Ok(plugin)
}

/// Refuses to install over something.
fn check_free(destination: &Path, tell: &dyn Fn(PluginEvent)) -> Result<(), InstallError> {
    let error = match destination.metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Ok(_) => None,
        Err(error) => Some(PathError::new("stat", destination, error).to_string()),
    };
    tell(PluginEvent::Exists {
        path: destination.display().to_string(),
        error,
    });
    Err(InstallError::Exists)
}

/// Puts a plugin in its place; gives who signed it.
async fn put(
    request: &InstallRequest<'_>,
    source: &Source,
    trust: Option<&Trust>,
    destination: &Path,
    watch: &dyn Watch,
) -> Result<Option<Verification>, InstallError> {
    let is_verified = trust.is_some();
    let package = match source {
        Source::Folder(folder) => {
            link(folder, destination)?;
            return Ok(None);
        }
        Source::Repository { checkout, .. } => {
            put_checkout(request, checkout, destination)?;
            return Ok(None);
        }
        Source::Archive(path) => fetch::read(path, is_verified),
        Source::Url { url, .. } => {
            fetch::download(url, is_verified, &request.fetch_options()).await
        }
        Source::Registry { address, .. } => {
            fetch::pull(address, &request.connection, request.directories, watch).await
        }
    };
    let mut package = package.map_err(|error| {
        if is_verified {
            InstallError::NoData(error)
        } else {
            InstallError::Fetch(error)
        }
    })?;
    let verification = trust.map(|trust| verified(&package, trust)).transpose()?;
    keep(&mut package, &request.places.data)?;
    put_package(request, source, &package, destination)?;
    Ok(verification)
}

fn verified(package: &Package, trust: &Trust) -> Result<Verification, InstallError> {
    let provenance = package.provenance.as_deref();
    let provenance = provenance.filter(|provenance| !provenance.is_empty());
    let provenance = provenance.ok_or(InstallError::NoProvenance)?;
    Ok(check(
        &package.archive,
        provenance,
        &package.signed_name,
        trust,
    )?)
}

/// Links to a folder, which stays where it is.
fn link(plugin: &Path, destination: &Path) -> Result<(), InstallError> {
    let found = plugin.metadata();
    let found = found.map_err(|error| PathError::new("stat", plugin, error))?;
    if !found.is_dir() {
        return Err(InstallError::NotAFolder);
    }
    if plugin.join(PLUGIN_FILE).metadata().is_err() {
        return Err(InstallError::NoDescriptor);
    }
    let linked = symlink(plugin, destination);
    let shown = PathBuf::from(format!("{} {}", plugin.display(), destination.display()));
    Ok(linked.map_err(|error| PathError::new("symlink", &shown, error))?)
}

/// Fetches a repository, and copies what is checked out.
fn put_checkout(
    request: &InstallRequest<'_>,
    checkout: &Checkout,
    destination: &Path,
) -> Result<(), InstallError> {
    let _lock = FolderLock::acquire(&request.places.cache)?;
    checkout.fetch(request.version)?;
    if checkout.folder().join(PLUGIN_FILE).metadata().is_err() {
        return Err(InstallError::NoDescriptor);
    }
    Ok(place::put(checkout.folder(), destination)?)
}

/// Keeps an archive and its provenance beside the plugins, so that the signature can be looked at later.
fn keep(package: &mut Package, folder: &Path) -> Result<(), InstallError> {
    let name = fetch::file_name(package.metadata()?);
    let path = folder.join(name);
    folder::make(folder).map_err(|source| InstallError::Keep {
        what: "create plugins directory",
        source,
    })?;
    write(&path, &package.archive).map_err(|source| InstallError::Keep {
        what: "save tarball",
        source,
    })?;
    if let Some(provenance) = &package.provenance {
        // Parity: a plugin without its provenance is one all the same.
        let _ = write(&fetch::provenance_path(&path), provenance);
    }
    Ok(())
}

/// Puts a file in place whole.
fn write(path: &Path, bytes: &[u8]) -> Result<(), PathError> {
    let failed = |error| PathError::new("open", path, error);
    let mut file = tempfile::Builder::new()
        .permissions(fs::Permissions::from_mode(0o644))
        .tempfile_in(path.parent().unwrap_or(Path::new(".")))
        .map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Unpacks an archive, and copies the plugin in it.
fn put_package(
    request: &InstallRequest<'_>,
    source: &Source,
    package: &Package,
    destination: &Path,
) -> Result<(), InstallError> {
    let unpack = |what, into: &Path| {
        extract(&package.archive, into).map_err(|source| InstallError::Extract { what, source })
    };
    let cached = |key: &str| {
        Ok::<_, InstallError>((
            FolderLock::acquire(&request.places.cache)?,
            request.places.cache.join(key),
        ))
    };
    match source {
        Source::Url { url, key } => {
            let (_lock, folder) = cached(key)?;
            unpack("extracting files from archive", &folder)?;
            let shown = || folder.display().to_string();
            let root = extract::root(&folder);
            let root = root.ok_or_else(|| InstallError::NotOnTop { folder: shown() })?;
            check_name(&root, archived_name(base(url)))?;
            place::put(&root, destination)?;
        }
        Source::Registry { key, .. } => {
            let (_lock, folder) = cached(key)?;
            unpack("failed to extract plugin", &folder)?;
            let root = extract::root(&folder).ok_or(InstallError::NoDescriptor)?;
            place::put(&root, destination)?;
        }
        Source::Archive(path) => {
            let folder = scratch(request.number)?;
            unpack("failed to extract archive", folder.path())?;
            let name = archived_name(base(&path.to_string_lossy())).to_owned();
            let plugin = helmrs_core::path::clean(&folder.path().join(name));
            let file = plugin.join(PLUGIN_FILE);
            file.metadata().map_err(|error| InstallError::NotInFolder {
                folder: plugin.display().to_string(),
                source: PathError::new("stat", &file, error),
            })?;
            place::put(&plugin, destination)?;
        }
        // These two are no archives.
        Source::Folder(_) | Source::Repository { .. } => {}
    }
    Ok(())
}

/// A folder for a moment.
fn scratch(number: u32) -> Result<tempfile::TempDir, InstallError> {
    let name = format!("helm-plugin-extract-{number}");
    let made = tempfile::Builder::new()
        .prefix(&name)
        .rand_bytes(0)
        .tempdir();
    made.map_err(|error| InstallError::Keep {
        what: "create temp directory",
        source: PathError::new("mkdir", Path::new(&name), error),
    })
}

/// Refuses what is no plugin, if its folder is not called like the archive.
// Parity: Helm, internal/plugin/installer/plugin_structure.go, validatePluginName, which says nothing of other names.
fn check_name(root: &Path, wanted: &str) -> Result<(), InstallError> {
    if root.file_name().is_some_and(|name| name == wanted) {
        return Ok(());
    }
    let loaded = load_directory(root);
    loaded.map(drop).map_err(|source| InstallError::Unpacked {
        folder: root.display().to_string(),
        source,
    })
}

impl InstallRequest<'_> {
    /// How web servers are asked: what is said of certificates is for servers that have one.
    fn fetch_options(&self) -> FetchOptions {
        let tls = if self.source.starts_with("https://") {
            fetch::paired(&self.connection.tls)
        } else {
            TlsOptions::default()
        };
        FetchOptions {
            owner: self.source.to_owned(),
            credentials: self.connection.credentials.clone(),
            tls,
            ..FetchOptions::default()
        }
    }
}
