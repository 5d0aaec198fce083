//! Installs plugins from wherever they are, brings them up to date, packs and removes them.
//!
//! ```text
//! words ─► Source ─┬─► folder ──────────────────────────────► link ─────────────┐
//!                  ├─► archive, URL, registry ─► Package ─► verify ─► extract ──┤
//!                  └─► repository ─► checkout ──────────────────────────────────┴─► placed ─► loaded ─► hook
//! ```
//!
//! A plugin is put together in a folder of its own and moved to where plugins are looked for when it is whole; an update
//! is made on a copy, and what it replaces comes back if the new plugin does not work.

mod extract;
mod fetch;
mod folder;
mod git;
mod hook;
mod install;
mod lock;
mod pack;
mod place;
mod provenance;
mod remove;
mod source;
mod update;

use std::ffi::OsString;
use std::path::PathBuf;

pub use extract::ExtractError;
pub use fetch::FetchError;
pub use folder::{CopyError, make as make_folder};
pub use git::GitError;
pub use hook::HookError;
pub use install::{InstallError, InstallRequest, install};
pub use pack::{PackError, pack};
pub use provenance::{Standing, VerifyError, standing, verify};
pub use remove::{RemoveError, remove};
pub use source::{OriginError, Source, SourceError};
pub use update::{UpdateError, update};

/// Where plugins lie, and what belongs to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Where plugins are looked for, and where those from repositories and registries are put.
    pub plugins: PathBuf,
    /// Where plugins from this machine and from URLs are put, and the archives of all.
    // Parity: Helm, internal/plugin/installer: only some installers look at HELM_PLUGINS.
    pub data: PathBuf,
    /// Where what was fetched is kept.
    pub cache: PathBuf,
    /// The folders of programs, as `PATH` has them.
    pub programs: OsString,
}
