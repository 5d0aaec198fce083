//! Values files from paths, URLs and standard input.
// Parity: Helm, pkg/cli/values/options.go, readFile.

use std::fs;
use std::io;
use std::path::Path;

use helmrs_core::path_error::PathError;
use url::Url;

use super::http::{FetchError, FetchOptions, fetch};
use crate::event::Watch;

/// Why a file of values was not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The disk does not give it.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The network does not give it.
    #[error(transparent)]
    Fetch(#[from] FetchError),
}

/// Whether a name is the address of a file somewhere else rather than a path.
pub fn is_remote(name: &str) -> bool {
    Url::parse(name.trim()).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// Reads a file by its path or its URL.
pub async fn read(name: &str, watch: &dyn Watch) -> Result<Vec<u8>, ReadError> {
    if is_remote(name) {
        let options = FetchOptions {
            owner: name.to_string(),
            ..FetchOptions::default()
        };
        return Ok(fetch(name, &options, watch).await?);
    }
    Ok(read_local(name)?)
}

/// Reads a file by its path.
pub fn read_local(name: &str) -> Result<Vec<u8>, PathError> {
    fs::read(name).map_err(|error| {
        let operation = if error.kind() == io::ErrorKind::IsADirectory {
            "read"
        } else {
            "open"
        };
        PathError::new(operation, Path::new(name), error)
    })
}
