//! One folder into a plugin.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use helmrs_core::path_error::PathError;
use helmrs_core::plugin::{Metadata, MetadataError, PLUGIN_FILE, Plugin, Runtime, WASM_FILE};
use helmrs_gotemplate::number::quote;

/// The most that is read of a `plugin.yaml`.
const MOST: u64 = 1 << 20;

/// Why a folder is no plugin.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub enum LoadError {
    /// There is no `plugin.yaml`, or it cannot be read.
    #[error("failed to read plugin at {}", quote(file.as_bytes()))]
    Read {
        file: String,
        #[source]
        source: PathError,
    },
    /// It is refused.
    #[error("failed to load plugin {}", quote(directory.as_bytes()))]
    Metadata {
        directory: String,
        #[source]
        source: MetadataError,
    },
    /// It is WebAssembly, and that is not there.
    #[error("wasm binary missing for extism/v1 plugin: {}", quote(file.as_bytes()))]
    NoWasm { file: String },
    /// It is WebAssembly, and nobody can say whether that is there.
    #[error("failed to stat extism/v1 plugin wasm binary {}", quote(file.as_bytes()))]
    Wasm {
        file: String,
        #[source]
        source: PathError,
    },
}

/// Loads the plugin in a folder.
///
/// # Errors
///
/// If there is no `plugin.yaml` or it is refused, or the plugin is WebAssembly and that is missing.
// Parity: Helm, internal/plugin/loader.go, LoadDir.
pub fn load_directory(directory: &Path) -> Result<Plugin, LoadError> {
    let file = directory.join(PLUGIN_FILE);
    let text = read(&file).map_err(|error| LoadError::Read {
        file: file.to_string_lossy().into_owned(),
        source: PathError::of_read(&file, error),
    })?;
    let metadata = Metadata::read(&text).map_err(|source| LoadError::Metadata {
        directory: directory.to_string_lossy().into_owned(),
        source,
    })?;
    if let Runtime::Extism(_) = metadata.runtime_config {
        look_for_wasm(&directory.join(WASM_FILE))?;
    }
    Ok(Plugin {
        metadata,
        directory: directory.to_owned(),
    })
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    File::open(path)?.take(MOST + 1).read_to_end(&mut text)?;
    if text.len() as u64 > MOST {
        let problem = format!("larger than {MOST} bytes");
        return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
    }
    Ok(text)
}

fn look_for_wasm(path: &Path) -> Result<(), LoadError> {
    let file = path.to_string_lossy().into_owned();
    match path.metadata() {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(LoadError::NoWasm { file }),
        Err(error) => Err(LoadError::Wasm {
            file,
            source: PathError::new("stat", path, error),
        }),
    }
}
