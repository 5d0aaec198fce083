//! Pushing a chart's archive to a registry.
// Parity: Helm, pkg/action/push.go, pkg/uploader/chart_uploader.go and pkg/pusher/ocipusher.go.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use helmrs_core::chart::{self, LoadError};
use helmrs_core::path;
use helmrs_core::path_error::PathError;
use helmrs_core::registry::reference::SCHEME;
use helmrs_core::time::Time;
use helmrs_gotemplate::time::Moment;
use helmrs_gotemplate::url::Url;

use crate::Context;
use crate::download::Connection;
use crate::event::{Event, Silent, Watch};
use crate::registry::{Archive, RegistryError};

/// Why a chart is not pushed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum PushError {
    /// The destination is no URL.
    #[error("invalid chart URL format: {remote}")]
    Url { remote: String },
    /// The destination does not say how to talk to it.
    #[error("scheme prefix missing from remote (e.g. \"oci://\")")]
    NoScheme,
    /// Nobody speaks the protocol.
    #[error("scheme \"{scheme}\" not supported")]
    Scheme { scheme: String },
    /// There is no archive.
    #[error("{path}: no such file")]
    NoFile { path: String },
    /// There is a directory in its place.
    #[error("cannot push directory, must provide chart archive (.tgz)")]
    Directory,
    /// A file cannot be read.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The archive holds no chart.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The registry does not take it.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

/// Pushes an archive, and the provenance beside it.
pub async fn push(
    context: &Context,
    archive: &Path,
    remote: &str,
    connection: &Connection,
) -> Result<(), PushError> {
    let parsed = Url::parse(remote.as_bytes()).map_err(|_| PushError::Url {
        remote: remote.to_string(),
    })?;
    match parsed.scheme.as_str() {
        "oci" => {}
        "" => return Err(PushError::NoScheme),
        scheme => {
            return Err(PushError::Scheme {
                scheme: scheme.to_string(),
            });
        }
    }
    let modified = modified(archive)?;
    let mut findings = Vec::new();
    let chart = chart::load(archive, &mut findings);
    for finding in findings {
        context.tell(Event::Finding(finding));
    }
    let metadata = chart?.metadata;
    let content = read(archive)?.into();
    let provenance = provenance(archive)?.map(Into::into);
    let remote_path = String::from_utf8_lossy(&parsed.to_bytes()).into_owned();
    let folder = remote_path.strip_prefix(SCHEME).unwrap_or(&remote_path);
    let repository = path::clean(&Path::new(folder).join(&metadata.name));
    let address = format!("{}:{}", repository.display(), metadata.version);
    let archive = Archive {
        content,
        provenance,
        created: local(context, modified),
    };
    // Parity: the reference pushes to such URLs with another client, which is silent.
    let watch: &dyn Watch = if remote.starts_with(SCHEME) {
        context.watch()
    } else {
        &Silent
    };
    let registry = connection.registry(context.directories())?;
    Ok(registry.push(&address, archive, watch).await?)
}

/// When an archive was written, in seconds since 1970.
fn modified(archive: &Path) -> Result<i64, PushError> {
    let found = fs::metadata(archive).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => PushError::NoFile {
            path: archive.display().to_string(),
        },
        _ => PathError::new("stat", archive, error).into(),
    })?;
    if found.is_dir() {
        return Err(PushError::Directory);
    }
    let modified = found.modified().unwrap_or(UNIX_EPOCH);
    Ok(match modified.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).unwrap_or_default(),
        Err(before) => -i64::try_from(before.duration().as_secs()).unwrap_or_default(),
    })
}

/// A time as the clocks of this place show it.
fn local(context: &Context, seconds: i64) -> Time {
    let moment = Moment::new(seconds, 0, context.ambient().local_zone());
    Time::from_unix(seconds, 0).with_offset(moment.offset().0)
}

fn read(path: &Path) -> Result<Vec<u8>, PathError> {
    fs::read(path).map_err(|error| PathError::of_read(path, error))
}

/// The provenance beside an archive.
fn provenance(archive: &Path) -> Result<Option<Vec<u8>>, PathError> {
    let mut path = archive.as_os_str().to_owned();
    path.push(".prov");
    let path = PathBuf::from(path);
    if fs::metadata(&path).is_err() {
        return Ok(None);
    }
    read(&path).map(Some)
}
