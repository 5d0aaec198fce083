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
//! | [`tls`] | how certificates are checked, and which one is shown |
//! | [`event`] | what happens while an action runs, told as data |
//! | [`folder`] | folders, made with those above them |
//! | [`cancellation`] | a request to stop |

pub mod action;
pub mod cancellation;
pub mod cluster;
pub mod context;
pub mod download;
mod error;
pub mod event;
pub mod folder;
pub mod registry;
pub mod storage;
pub mod tls;

pub use cancellation::Cancellation;
pub use cluster::{ClusterSettings, KubeconfigFiles};
pub use context::{Context, DriverKind, Settings, UnknownDriver};
pub use download::Directories;
pub use error::chain;
pub use event::{DependencyEvent, Event, Watch};
