//! Installs, upgrades and observes charts on a Kubernetes cluster; fetches them from repositories and registries.
//!
//! | module | what it is |
//! |---|---|
//! | [`action`] | what a user can ask for: install, upgrade, rollback, uninstall, list, … |
//! | [`context`] | what every action needs of the world |
//! | [`cluster`] | one API server: connecting, discovering, applying, waiting |
//! | [`storage`] | where releases are recorded |
//! | [`download`] | charts and values from folders, URLs, repositories and registries |
//! | [`registry`] | one OCI registry: charts pulled and pushed, tags listed, logins |
//! | [`plugin`] | installed plugins, found and run |
//! | [`installer`] | plugins installed, updated, packed and removed |
//! | [`tls`] | how certificates are checked, and which one is shown |
//! | [`event`] | what happens while an action runs, told as data |
//! | [`folder`] | folders made where something is to be put |
//! | [`cancellation`] | a request to stop |
//! | [`world`] | this machine's clock, entropy and DNS |
//!
//! Nothing here is global or reads the environment: whoever calls brings a [`Context`].
//!
//! ```no_run
//! use helmrs_client::action::{self, InstallRequest};
//! use helmrs_client::{Context, Settings};
//! use helmrs_core::chart;
//!
//! # async fn example(client: kube::Client) -> Result<(), Box<dyn std::error::Error>> {
//! let context = Context::new(Settings::new("shop", client));
//! let request = InstallRequest {
//!     name: "web".into(),
//!     chart: chart::load("./web".as_ref(), &mut Vec::new())?,
//!     ..InstallRequest::default()
//! };
//! let release = action::install(&context, request).await?;
//! assert_eq!(release.revision, 1);
//! # Ok(())
//! # }
//! ```
//!
//! `docs/library.md` has more: charts rendered without a cluster, events, and every record of every release.

pub mod action;
pub mod cancellation;
pub mod cluster;
pub mod context;
pub mod download;
mod error;
pub mod event;
pub mod folder;
pub mod installer;
pub mod plugin;
mod proxy;
pub mod registry;
pub mod storage;
pub mod tls;
pub mod world;

pub use cancellation::Cancellation;
pub use cluster::{ClusterAccess, ClusterSettings, KubeconfigFiles};
pub use context::{Context, DriverKind, Settings, UnknownDriver};
pub use download::Directories;
pub use error::chain;
pub use event::{DependencyEvent, Event, Watch};
pub use world::World;

/// The examples of `docs/library.md`, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../../docs/library.md")]
struct Library;
