//! Plugins: what `plugin.yaml` says of one, and how its commands are put together.
//!
//! - [`Metadata`]: a plugin's description, read from either form of `plugin.yaml`
//! - [`Plugin`]: a plugin and the folder it lies in
//! - [`Query`]: which plugins are wanted
//! - [`prepare`]: the program and arguments for a platform
//! - [`archive`], [`mod@package`]: a plugin's archive, taken apart and put together
//! - [`source`], [`repository`]: what plugins are installed from, by name alone
//!
//! Nothing here runs anything or looks for files.

pub mod archive;
mod command;
mod completion;
mod config;
mod current;
mod dump;
mod legacy;
mod metadata;
pub mod package;
pub mod repository;
mod runtime;
mod signed;
pub mod source;

use std::path::PathBuf;

pub use command::{Platform, PrepareError, Prepared, expand, prepare};
pub use completion::{CompletionCommand, FakeFlag};
pub use config::{CliConfig, Config, GetterConfig, UnknownType};
pub use metadata::{Metadata, MetadataError, TextError};
pub use runtime::{
    Extism, ExtismFileSystem, ExtismMemory, PlatformCommand, ProtocolCommand, Runtime,
    RuntimeError, Subprocess,
};

/// The file that makes a folder a plugin.
pub const PLUGIN_FILE: &str = "plugin.yaml";
/// The program of a plugin that is WebAssembly.
pub const WASM_FILE: &str = "plugin.wasm";
/// The file that says which words and flags a plugin takes.
pub const COMPLETION_FILE: &str = "completion.yaml";
/// The program of a plugin that completes its command lines.
pub const COMPLETION_PROGRAM: &str = "plugin.complete";

/// The type of plugins that are commands.
pub const CLI: &str = "cli/v1";
/// The type of plugins that fetch URLs of their own schemes.
pub const GETTER: &str = "getter/v1";
/// The type of plugins that change what was rendered.
pub const POST_RENDERER: &str = "postrenderer/v1";

/// The moment after a plugin was installed.
pub const INSTALLED: &str = "install";
/// The moment after a plugin was updated.
pub const UPDATED: &str = "update";
/// The moment after a plugin was removed.
pub const REMOVED: &str = "delete";

/// A plugin and the folder it lies in.
#[derive(Debug, Clone, PartialEq)]
pub struct Plugin {
    /// What it says of itself.
    pub metadata: Metadata,
    /// Where it lies, as it was looked for.
    pub directory: PathBuf,
}

impl Plugin {
    /// All there is to a plugin that runs as a process, as Go's `%q` prints it.
    pub fn dump(&self) -> String {
        dump::plugin(self)
    }
}

/// Which plugins are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, thiserror::Error)]
#[error("{{Name:{name} Type:{kind}}}")]
pub struct Query {
    /// Its name; empty for any.
    pub name: String,
    /// Its type; empty for any.
    pub kind: String,
}

impl Query {
    /// Plugins of one type.
    pub fn of_type(kind: &str) -> Self {
        Self {
            name: String::new(),
            kind: kind.to_owned(),
        }
    }

    /// Whether a plugin is one of those wanted.
    pub fn matches(&self, metadata: &Metadata) -> bool {
        (self.name.is_empty() || self.name == metadata.name)
            && (self.kind.is_empty() || self.kind == metadata.kind)
    }
}

/// Two plugins have one name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "two plugins claim the name {} at {} and {}",
    quoted(name),
    quoted(&first.to_string_lossy()),
    quoted(&second.to_string_lossy())
)]
#[expect(missing_docs, reason = "fields are named for what they hold")]
pub struct DuplicateName {
    pub name: String,
    pub first: PathBuf,
    pub second: PathBuf,
}

/// Refuses plugins of one folder that have the same name.
// Parity: Helm, internal/plugin/loader.go, detectDuplicates.
pub fn check_names(plugins: &[Plugin]) -> Result<(), DuplicateName> {
    let mut known = std::collections::BTreeMap::new();
    for plugin in plugins {
        let name = &plugin.metadata.name;
        if let Some(first) = known.insert(name, &plugin.directory) {
            return Err(DuplicateName {
                name: name.clone(),
                first: first.clone(),
                second: plugin.directory.clone(),
            });
        }
    }
    Ok(())
}

/// A text in quotes, as Go's `%q` has it.
fn quoted(text: &str) -> String {
    helmrs_gotemplate::number::quote(text.as_bytes())
}
