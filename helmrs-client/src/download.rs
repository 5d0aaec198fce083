//! Charts, values and indexes from wherever they are: folders, URLs, repositories, registries.

pub mod cache;
mod digest;
mod getters;
pub mod http;
mod indexes;
mod link_local;
pub mod locate;
pub mod lock;
pub(crate) mod meter;
pub mod oci;
pub mod provenance;
mod reference;
pub mod repositories;
mod schema;
mod source;
pub mod values;

pub use digest::DigestError;
pub use getters::Getters;
pub use http::{Credentials, FetchError, FetchOptions, TlsOptions};
pub use indexes::Indexes;
pub use locate::{LocateError, locate, locate_local};
pub use oci::Connection;
pub use provenance::{Strategy, Trust, verify_chart};
pub use reference::ChartReference;
pub use schema::{SchemaLoader, SchemaReach};

use std::ffi::OsString;
use std::path::PathBuf;

/// Where the files of repositories and registries are.
#[derive(Clone, Debug, Default)]
pub struct Directories {
    /// The file that lists the repositories.
    pub repository_config: PathBuf,
    /// The folder of the repositories' cached indexes.
    pub repository_cache: PathBuf,
    /// The folder of downloaded charts, by digest.
    pub content_cache: PathBuf,
    /// The file of registry credentials.
    pub registry_config: PathBuf,
    /// Docker's file of registry credentials, which is looked into after that.
    pub docker_config: Option<PathBuf>,
    /// The folders of programs, as `PATH` has them; some keep registry credentials.
    pub programs: OsString,
    /// What fetches URLs that are not the network's.
    pub getters: Getters,
    /// What was read of the indexes before.
    pub indexes: Indexes,
}
