//! Values files from paths, URLs and standard input.
// Parity: Helm, pkg/cli/values/options.go, readFile.

use std::fs;
use std::io;
use std::path::Path;

use helmrs_core::path_error::PathError;

use super::Getters;
use super::http::{FetchError, FetchOptions};
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

/// Reads a file by its path or its URL.
pub async fn read(name: &str, getters: &Getters, watch: &dyn Watch) -> Result<Vec<u8>, ReadError> {
    if getters.is_remote(name) {
        let options = FetchOptions {
            owner: name.to_string(),
            ..FetchOptions::default()
        };
        return Ok(getters.get(name, &options, watch).await?);
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
